using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;

namespace Masumi.Ledger.Fixtures;

/// <summary>What a sequence fixture starts from: the ledger's globals and its <c>NewEpochState</c>, as far as there is anything in it.</summary>
/// <param name="State">UTxO, pots and committee.</param>
/// <param name="Environment">Parameters, and the slot and epoch of the start.</param>
/// <param name="EpochLength">In slots.</param>
internal sealed record SequenceFixtureState(LedgerState State, LedgerEnvironment Environment, long EpochLength)
{
    private const long PicosecondsPerTick = 100_000;

    public long EpochOf(Slot slot) => Environment.Epoch + ((slot.Number - Environment.Slot.Number) / EpochLength);

    /// <summary>Reads the first two of the fixture's five parts.</summary>
    public static SequenceFixtureState Read(CborReader reader, string root)
    {
        // [slot, epoch, epoch length, stability window, randomness stabilisation, k, ..., network at 11, system start at 12]
        reader.ReadStartArray();
        var slot = new Slot(reader.ReadInt64());
        var epoch = reader.ReadInt64();
        var epochLength = reader.ReadInt64();
        var stabilityWindow = reader.ReadInt64();
        Skip(reader, 7);
        var network = (NetworkId)reader.ReadInt32();
        reader.ReadStartArray();
        var start = new DateTimeOffset(reader.ReadInt32(), 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(reader.ReadInt32() - 1);
        start = start.AddTicks(reader.ReadInt64() / PicosecondsPerTick);
        reader.ReadEndArray();
        reader.ReadEndArray();

        var (state, parameters) = ReadNewEpochState(reader);
        var environment = new LedgerEnvironment(
            SequenceFixtureParameters.Read(Path.Combine(root, "pparams"), parameters),
            SlotConfig.Preprod with
            {
                ZeroSlot = new Slot(0),
                ZeroTime = start,
            },
            network,
            slot
        )
        {
            Epoch = epoch,
            ForecastSlots = stabilityWindow,
        };
        return new SequenceFixtureState(state, environment, epochLength);
    }

    // [epoch, blocks, blocks, [[treasury, reserves], [certs, utxo], ...], ...]
    private static (LedgerState State, byte[] Parameters) ReadNewEpochState(CborReader reader)
    {
        reader.ReadStartArray();
        Skip(reader, 3);
        reader.ReadStartArray();
        reader.ReadStartArray();
        var treasury = Coin(reader);
        Skip(reader, 1);
        reader.ReadEndArray();
        reader.ReadStartArray();
        ExpectNothingRegistered(reader);

        // [utxo, deposits, fees, governance, stake, donations]
        reader.ReadStartArray();
        var utxos = ReadUtxos(reader);
        Skip(reader, 1);
        var fees = Coin(reader);
        var (committee, parameters) = ReadGovernance(reader);
        Skip(reader, 1);
        var donations = Coin(reader);
        reader.ReadEndArray();
        reader.ReadEndArray();
        SkipRest(reader);
        SkipRest(reader);
        return (
            LedgerState.Of(utxos) with
            {
                Treasury = treasury,
                FeePot = fees,
                Donations = donations,
                Certs = new CertState { Committee = committee },
            },
            parameters
        );
    }

    // [[dreps, hot keys, dormant epochs], [pools, ...], [accounts, ...]]: every fixture starts without any.
    private static void ExpectNothingRegistered(CborReader reader)
    {
        reader.ReadStartArray();
        reader.ReadStartArray();
        ExpectEmpty(reader, "representatives");
        ExpectEmpty(reader, "committee keys");
        SkipRest(reader);
        reader.ReadStartArray();
        ExpectEmpty(reader, "pools");
        SkipRest(reader);
        reader.ReadStartArray();
        reader.ReadStartArray();
        ExpectEmpty(reader, "accounts");
        SkipRest(reader);
        SkipRest(reader);
        reader.ReadEndArray();
    }

    private static void ExpectEmpty(CborReader reader, string what)
    {
        reader.ReadStartMap();
        if (reader.PeekState() != CborReaderState.EndMap)
        {
            throw new FormatException($"The sequence starts with registered {what}, which this reader does not read.");
        }

        reader.ReadEndMap();
    }

    private static List<Utxo> ReadUtxos(CborReader reader)
    {
        var utxos = new List<Utxo>();
        for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap; )
        {
            reader.ReadStartArray();
            var input = new TxInput(new Hash32(reader.ReadByteString()), reader.ReadInt32());
            reader.ReadEndArray();
            utxos.Add(new Utxo(input, TxOutput.FromCbor(reader.ReadEncodedValue().ToArray())));
        }

        reader.ReadEndMap();
        return utxos;
    }

    // [proposals, [[members, quorum]] or [], constitution, hash of the parameters, ...]
    private static (ImmutableDictionary<Credential, CommitteeMember> Committee, byte[] Parameters) ReadGovernance(CborReader reader)
    {
        reader.ReadStartArray();
        Skip(reader, 1);
        var members = ImmutableDictionary.CreateBuilder<Credential, CommitteeMember>();
        reader.ReadStartArray();
        if (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.ReadStartArray();
            for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap; reader.SkipValue())
            {
                members[LedgerCertificate.ReadCredential(reader)] = new CommitteeMember(true);
            }

            reader.ReadEndMap();
            SkipRest(reader);
        }

        reader.ReadEndArray();
        Skip(reader, 1);
        var parameters = reader.ReadByteString();
        SkipRest(reader);
        return (members.ToImmutable(), parameters);
    }

    private static Lovelace Coin(CborReader reader) => Lovelace.FromCoin(reader.ReadUInt64());

    private static void Skip(CborReader reader, int count)
    {
        for (; count > 0; count--)
        {
            reader.SkipValue();
        }
    }

    private static void SkipRest(CborReader reader)
    {
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.SkipValue();
        }

        reader.ReadEndArray();
    }
}
