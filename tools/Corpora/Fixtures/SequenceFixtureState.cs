using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Corpora.Fixtures;

/// <summary>What a sequence fixture starts from: the ledger's globals and its <c>NewEpochState</c>, as far as the rules look at it.</summary>
/// <param name="State">At the start.</param>
/// <param name="Environment">Parameters, and the slot of the start.</param>
/// <param name="Epoch">The epoch of that slot.</param>
/// <param name="EpochLength">In slots.</param>
internal sealed record SequenceFixtureState(LedgerState State, LedgerEnvironment Environment, long Epoch, long EpochLength)
{
    private const long PicosecondsPerTick = 100_000;

    public long EpochOf(Slot slot) => Epoch + ((slot.Number - Environment.Slot.Number) / EpochLength);

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
            ForecastSlots = stabilityWindow,
        };
        return new SequenceFixtureState(state, environment, epoch, epochLength);
    }

    /// <summary>Reads the third part: the state after the last transaction.</summary>
    public static LedgerState ReadFinal(CborReader reader) => ReadNewEpochState(reader).State;

    // [epoch, blocks, blocks, [[treasury, reserves], [certs, utxo], ...], ...]
    private static (LedgerState State, byte[] Parameters) ReadNewEpochState(CborReader reader)
    {
        reader.ReadStartArray();
        var epoch = reader.ReadInt64();
        Skip(reader, 2);
        reader.ReadStartArray();
        reader.ReadStartArray();
        var treasury = Coin(reader);
        Skip(reader, 1);
        reader.ReadEndArray();
        reader.ReadStartArray();
        var certs = ReadCerts(reader);

        // [utxo, deposits, fees, governance, stake, donations]
        reader.ReadStartArray();
        var utxos = ReadUtxos(reader);
        Skip(reader, 1);
        var fees = Coin(reader);
        var (members, parameters) = ReadGovernance(reader);
        Skip(reader, 1);
        var donations = Coin(reader);
        reader.ReadEndArray();
        reader.ReadEndArray();
        SkipRest(reader);
        SkipRest(reader);
        var committee = certs.Committee.SetItems(
            members.Select(m => KeyValuePair.Create(m, (certs.Committee.GetValueOrDefault(m) ?? new CommitteeMember(false)) with { IsMember = true }))
        );
        return (
            LedgerState.Of(utxos) with
            {
                Epoch = epoch,
                Treasury = treasury,
                FeePot = fees,
                Donations = donations,
                Certs = certs with { Committee = committee },
            },
            parameters
        );
    }

    // [[dreps, hot keys, dormant epochs], [pools, future pools, retiring, deposits], [[accounts, pointers], ...]]
    private static CertState ReadCerts(CborReader reader)
    {
        reader.ReadStartArray();
        reader.ReadStartArray();
        var dreps = ReadMap(reader, LedgerCertificate.ReadCredential, ReadDRepDeposit);
        var committee = ReadMap(reader, LedgerCertificate.ReadCredential, ReadCommitteeMember);
        SkipRest(reader);
        reader.ReadStartArray();
        var current = ReadMap(reader, Key, ReadPool);
        var future = ReadMap(reader, Key, ReadPool);
        var retiring = ReadMap(reader, Key, r => r.ReadInt64());
        var deposits = ReadMap(reader, Key, Coin);
        SkipRest(reader);
        reader.ReadStartArray();
        reader.ReadStartArray();
        var accounts = ReadMap(reader, LedgerCertificate.ReadCredential, ReadAccount);
        SkipRest(reader);
        SkipRest(reader);
        reader.ReadEndArray();
        return new CertState
        {
            Accounts = accounts,
            Pools = current.ToImmutableDictionary(
                p => p.Key,
                p => new StakePool(deposits[p.Key], p.Value, future.GetValueOrDefault(p.Key), retiring.TryGetValue(p.Key, out var epoch) ? epoch : null)
            ),
            DReps = dreps,
            Committee = committee,
        };
    }

    // [expiry, anchor, deposit, delegators]
    private static Lovelace ReadDRepDeposit(CborReader reader)
    {
        reader.ReadStartArray();
        Skip(reader, 2);
        var deposit = Coin(reader);
        SkipRest(reader);
        return deposit;
    }

    // [0, hot credential] or [1, anchor] after a resignation
    private static CommitteeMember ReadCommitteeMember(CborReader reader)
    {
        reader.ReadStartArray();
        var resigned = reader.ReadInt32() == 1;
        var member = resigned ? new CommitteeMember(false, HasResigned: true) : new CommitteeMember(false, LedgerCertificate.ReadCredential(reader));
        SkipRest(reader);
        return member;
    }

    // [operator, vrf key, pledge, cost, margin, reward account, ...]
    private static StakePoolParameters ReadPool(CborReader reader)
    {
        reader.ReadStartArray();
        Skip(reader, 1);
        var vrf = new Hash32(reader.ReadByteString());
        Skip(reader, 3);
        var account = Address.FromBytes(reader.ReadByteString());
        SkipRest(reader);
        return new StakePoolParameters(vrf, account.Stake!.Value);
    }

    // [[[rewards, deposit]], pointers, [pool] or [], [drep] or []]
    private static StakeAccount ReadAccount(CborReader reader)
    {
        reader.ReadStartArray();
        reader.ReadStartArray();
        reader.ReadStartArray();
        var rewards = Coin(reader);
        var deposit = Coin(reader);
        reader.ReadEndArray();
        reader.ReadEndArray();
        Skip(reader, 1);
        reader.ReadStartArray();
        Hash28? pool = reader.PeekState() == CborReaderState.EndArray ? null : Key(reader);
        reader.ReadEndArray();
        reader.ReadStartArray();
        var drep = reader.PeekState() == CborReaderState.EndArray ? null : LedgerCertificate.ReadDRep(reader);
        reader.ReadEndArray();
        reader.ReadEndArray();
        return new StakeAccount(deposit, rewards, pool, drep);
    }

    private static ImmutableDictionary<TKey, TValue> ReadMap<TKey, TValue>(CborReader reader, Func<CborReader, TKey> key, Func<CborReader, TValue> value)
        where TKey : notnull
    {
        var map = ImmutableDictionary.CreateBuilder<TKey, TValue>();
        for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap; )
        {
            map.Add(key(reader), value(reader));
        }

        reader.ReadEndMap();
        return map.ToImmutable();
    }

    private static IEnumerable<Utxo> ReadUtxos(CborReader reader) =>
        ReadMap(reader, ReadInput, r => TxOutput.FromCbor(r.ReadEncodedValue().ToArray())).Select(u => new Utxo(u.Key, u.Value));

    private static TxInput ReadInput(CborReader reader)
    {
        reader.ReadStartArray();
        var input = new TxInput(new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32());
        reader.ReadEndArray();
        return input;
    }

    // [proposals, [[members, quorum]] or [], constitution, hash of the parameters, ...]
    private static (IEnumerable<Credential> Members, byte[] Parameters) ReadGovernance(CborReader reader)
    {
        reader.ReadStartArray();
        Skip(reader, 1);
        IEnumerable<Credential> members = [];
        reader.ReadStartArray();
        if (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.ReadStartArray();
            members = ReadMap(reader, LedgerCertificate.ReadCredential, r => r.ReadInt64()).Keys;
            SkipRest(reader);
        }

        reader.ReadEndArray();
        Skip(reader, 1);
        var parameters = reader.ReadByteString();
        SkipRest(reader);
        return (members, parameters);
    }

    private static Hash28 Key(CborReader reader) => new(reader.ReadByteString());

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
