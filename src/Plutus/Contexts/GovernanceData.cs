using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Contexts;

/// <summary>A voter: who, as data, and the script that must agree.</summary>
internal sealed record Voter(int Body, Credential Credential)
{
    /// <summary>Committee C0, DRep C1, pool C2 (spec cardano.md 7.3).</summary>
    public PlutusData Data => Body == 2 ? PlutusData.C(2, ContextData.Bytes(Credential.Hash)) : PlutusData.C((ulong)Body, ContextData.Of(Credential));

    public ScriptHash? Script => Credential.AsScript;
}

/// <summary>A proposal as data, and the script that guards it.</summary>
internal sealed record Proposal(PlutusData Data, ScriptHash? Script);

/// <summary>Votes and proposals (body keys 19 and 20) as Plutus V3 scripts see them (spec cardano.md 7.3).</summary>
internal static class GovernanceData
{
    private const CborTag Rational = (CborTag)30;
    private const int MaxDepth = 16;

    /// <summary>Voters with their votes, in ledger order: committee, DReps, pools; scripts before keys; then by hash.</summary>
    public static ImmutableArray<(Voter Voter, PlutusData Votes)> Votes(ReadOnlyMemory<byte>? procedures) =>
        procedures is not { } bytes ? [] : Read(bytes, "votes that cannot be read", ReadVotes);

    /// <summary>Proposals in the order of the body.</summary>
    public static ImmutableArray<Proposal> Proposals(ReadOnlyMemory<byte>? procedures) =>
        procedures is not { } bytes ? [] : Read(bytes, "a governance action that cannot be read", ReadProposals);

    private static T Read<T>(ReadOnlyMemory<byte> bytes, string failure, Func<CborReader, T> read)
    {
        try
        {
            return read(new CborReader(bytes, CborConformanceMode.Lax));
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or FormatException or ArgumentException)
        {
            throw new ContextRefused(failure);
        }
    }

    private static ImmutableArray<(Voter Voter, PlutusData Votes)> ReadVotes(CborReader reader)
    {
        var all = new List<(Voter Voter, PlutusData Votes)>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            reader.ReadStartArray();
            var kind = reader.ReadInt32();
            var hash = new Hash28(reader.ReadByteString());
            reader.ReadEndArray();
            var voter = new Voter(kind / 2, kind is 1 or 3 ? Credential.Script(new ScriptHash(hash)) : Credential.Key(new KeyHash(hash)));
            var votes = new List<(TransactionId TxId, int Index, PlutusData Vote)>();
            reader.ReadStartMap();
            while (reader.PeekState() != CborReaderState.EndMap)
            {
                var (txId, index) = ReadActionId(reader);
                reader.ReadStartArray();
                votes.Add((txId, index, PlutusData.C((ulong)reader.ReadInt32())));
                reader.SkipValue();
                reader.ReadEndArray();
            }

            reader.ReadEndMap();
            all.Add(
                (
                    voter,
                    ContextData.Map(
                        votes.OrderBy(v => v.TxId).ThenBy(v => v.Index).Select(v => new KeyValuePair<PlutusData, PlutusData>(ActionId(v.TxId, v.Index), v.Vote))
                    )
                )
            );
        }

        return [.. all.OrderBy(v => v.Voter.Body).ThenBy(v => v.Voter.Credential.IsScript ? 0 : 1).ThenBy(v => v.Voter.Credential.Hash)];
    }

    private static ImmutableArray<Proposal> ReadProposals(CborReader reader)
    {
        var all = ImmutableArray.CreateBuilder<Proposal>();
        StartSet(reader);
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.ReadStartArray();
            var deposit = PlutusData.I(reader.ReadUInt64());
            var account = ContextData.Of(Address.FromBytes(reader.ReadByteString()).Stake!.Value);
            var (action, script) = ReadAction(reader);
            reader.SkipValue();
            reader.ReadEndArray();
            all.Add(new Proposal(PlutusData.C(0, deposit, account, action), script));
        }

        return all.ToImmutable();
    }

    private static (PlutusData Action, ScriptHash? Script) ReadAction(CborReader reader)
    {
        reader.ReadStartArray();
        var kind = reader.ReadInt32();
        ScriptHash? guard = null;
        var previous = kind is 2 or 6 ? null : ContextData.Maybe(ReadPrevious(reader));
        PlutusData action;
        switch (kind)
        {
            case 0:
            {
                var changes = Generic(reader);
                guard = ReadHash(reader);
                action = PlutusData.C(0, previous!, changes, Guard(guard));
                break;
            }

            case 1:
            {
                reader.ReadStartArray();
                var version = PlutusData.C(0, PlutusData.I(reader.ReadUInt64()), PlutusData.I(reader.ReadUInt64()));
                reader.ReadEndArray();
                action = PlutusData.C(1, previous!, version);
                break;
            }

            case 2:
            {
                var payments = ReadMap(reader, r => Address.FromBytes(r.ReadByteString()).Stake!.Value);
                guard = ReadHash(reader);
                action = PlutusData.C(2, payments, Guard(guard));
                break;
            }

            case 3:
                action = PlutusData.C(3, previous!);
                break;

            case 4:
                action = ReadCommittee(reader, previous!);
                break;

            case 5:
                reader.ReadStartArray();
                reader.SkipValue();
                action = PlutusData.C(5, previous!, PlutusData.C(0, Guard(ReadHash(reader))));
                reader.ReadEndArray();
                break;

            default:
                action = PlutusData.C(6);
                break;
        }

        reader.ReadEndArray();
        return (action, guard);
    }

    private static PlutusData ReadCommittee(CborReader reader, PlutusData previous)
    {
        var removed = new List<Credential>();
        StartSet(reader);
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            removed.Add(CertificateData.ReadCredential(reader));
        }

        reader.ReadEndArray();
        var added = ReadMap(reader, CertificateData.ReadCredential);
        var (numerator, denominator) = ReadRational(reader);
        return PlutusData.C(
            4,
            previous,
            ContextData.List(InOrder(removed).Select(ContextData.Of)),
            added,
            PlutusData.C(0, PlutusData.I(numerator), PlutusData.I(denominator))
        );
    }

    // Parameter changes by their number: amounts as integers, ratios, prices and thresholds as lists, cost models as a map.
    private static PlutusData Generic(CborReader reader)
    {
        // The deepest there are: cost models, a map of lists in the map of changes.
        if (reader.CurrentDepth > MaxDepth)
        {
            throw new FormatException("No protocol parameter is nested so deeply.");
        }

        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
            {
                var entries = new List<(BigInteger Key, PlutusData Value)>();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    entries.Add((reader.ReadInt64(), Generic(reader)));
                }

                reader.ReadEndMap();
                return ContextData.Map(entries.OrderBy(e => e.Key).Select(e => new KeyValuePair<PlutusData, PlutusData>(PlutusData.I(e.Key), e.Value)));
            }

            case CborReaderState.StartArray:
            {
                var items = new List<PlutusData>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    items.Add(Generic(reader));
                }

                reader.ReadEndArray();
                return ContextData.List(items);
            }

            case CborReaderState.Tag:
            {
                var (numerator, denominator) = ReadRational(reader);
                return PlutusData.L(PlutusData.I(numerator), PlutusData.I(denominator));
            }

            case CborReaderState.NegativeInteger:
                return PlutusData.I(reader.ReadInt64());

            default:
                return PlutusData.I(reader.ReadUInt64());
        }
    }

    private static (BigInteger Numerator, BigInteger Denominator) ReadRational(CborReader reader)
    {
        if (reader.ReadTag() != Rational)
        {
            throw new FormatException("A ratio has tag 30.");
        }

        reader.ReadStartArray();
        BigInteger numerator = reader.ReadUInt64();
        BigInteger denominator = reader.ReadUInt64();
        reader.ReadEndArray();
        var common = denominator.IsZero ? throw new FormatException("A ratio with denominator 0.") : BigInteger.GreatestCommonDivisor(numerator, denominator);
        return (numerator / common, denominator / common);
    }

    private static PlutusData ReadMap(CborReader reader, Func<CborReader, Credential> readKey)
    {
        var entries = new List<KeyValuePair<Credential, PlutusData>>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var key = readKey(reader);
            entries.Add(new(key, PlutusData.I(reader.ReadUInt64())));
        }

        reader.ReadEndMap();
        var byKey = entries.ToDictionary();
        return ContextData.Map(InOrder(byKey.Keys).Select(k => new KeyValuePair<PlutusData, PlutusData>(ContextData.Of(k), byKey[k])));
    }

    private static IEnumerable<Credential> InOrder(IEnumerable<Credential> credentials) => credentials.OrderBy(c => c.IsScript ? 0 : 1).ThenBy(c => c.Hash);

    private static PlutusData? ReadPrevious(CborReader reader)
    {
        if (reader.PeekState() == CborReaderState.Null)
        {
            reader.ReadNull();
            return null;
        }

        var (txId, index) = ReadActionId(reader);
        return ActionId(txId, index);
    }

    private static (TransactionId TxId, int Index) ReadActionId(CborReader reader)
    {
        reader.ReadStartArray();
        var id = (new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32());
        reader.ReadEndArray();
        return id;
    }

    private static PlutusData ActionId(TransactionId txId, int index) => PlutusData.C(0, ContextData.Bytes(txId.Hash), PlutusData.I(index));

    private static ScriptHash? ReadHash(CborReader reader)
    {
        if (reader.PeekState() == CborReaderState.Null)
        {
            reader.ReadNull();
            return null;
        }

        return new ScriptHash(new Hash28(reader.ReadByteString()));
    }

    private static PlutusData Guard(ScriptHash? script) => ContextData.Maybe(script is { } hash ? ContextData.Bytes(hash.Hash) : null);

    private static void StartSet(CborReader reader)
    {
        if (reader.PeekState() == CborReaderState.Tag)
        {
            reader.ReadTag();
        }

        reader.ReadStartArray();
    }
}
