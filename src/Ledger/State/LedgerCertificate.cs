using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Ledger.State;

/// <summary>Whom an account delegates to: a pool, a representative, or both.</summary>
internal readonly record struct Delegatee(Hash28? Pool, DRep? DRep);

/// <summary>A certificate (spec cardano.md 3.3), by what it does.</summary>
internal abstract record LedgerCertificate
{
    private LedgerCertificate() { }

    /// <summary>Registers an account, and perhaps delegates it at once. The oldest kind says no deposit.</summary>
    public sealed record Register(Credential Account, Lovelace? Deposit, Delegatee? To = null) : LedgerCertificate;

    public sealed record Unregister(Credential Account, Lovelace? Refund) : LedgerCertificate;

    public sealed record Delegate(Credential Account, Delegatee To) : LedgerCertificate;

    /// <summary>Registers a pool, or changes one that is registered.</summary>
    public sealed record RegisterPool(
        Hash28 Pool,
        StakePoolParameters Parameters,
        Lovelace Cost,
        NetworkId Network,
        ImmutableArray<KeyHash> Owners,
        int MetadataHashSize
    ) : LedgerCertificate;

    public sealed record RetirePool(Hash28 Pool, ulong Epoch) : LedgerCertificate;

    public sealed record RegisterDRep(Credential DRep, Lovelace Deposit) : LedgerCertificate;

    public sealed record UnregisterDRep(Credential DRep, Lovelace Refund) : LedgerCertificate;

    public sealed record UpdateDRep(Credential DRep) : LedgerCertificate;

    public sealed record AuthorizeHot(Credential Cold, Credential Hot) : LedgerCertificate;

    public sealed record ResignCold(Credential Cold) : LedgerCertificate;

    /// <summary>Who must agree to it; null where nobody must, and for pools, whose keys are <see cref="Signers"/>.</summary>
    public Credential? Author =>
        this switch
        {
            Register { Deposit: null } => null,
            Register c => c.Account,
            Unregister c => c.Account,
            Delegate c => c.Account,
            RegisterDRep c => c.DRep,
            UnregisterDRep c => c.DRep,
            UpdateDRep c => c.DRep,
            AuthorizeHot c => c.Cold,
            ResignCold c => c.Cold,
            _ => null,
        };

    /// <summary>The keys that must sign.</summary>
    public ImmutableArray<KeyHash> Signers =>
        this switch
        {
            RegisterPool c => [new KeyHash(c.Pool), .. c.Owners],
            RetirePool c => [new KeyHash(c.Pool)],
            _ => Author?.AsKey is { } key ? [key] : [],
        };

    public static ImmutableArray<LedgerCertificate> ReadAll(TransactionBody body) => [.. body.Certificates.Select(Read)];

    // The bytes were checked to the last field when the transaction was decoded.
    private static LedgerCertificate Read(Certificate certificate)
    {
        var reader = new CborReader(certificate.Cbor, CborConformanceMode.Lax);
        reader.ReadStartArray();
        return reader.ReadInt32() switch
        {
            0 => new Register(ReadCredential(reader), null),
            1 => new Unregister(ReadCredential(reader), null),
            2 => new Delegate(ReadCredential(reader), new Delegatee(ReadHash28(reader), null)),
            3 => ReadPool(reader),
            4 => new RetirePool(ReadHash28(reader), reader.ReadUInt64()),
            7 => new Register(ReadCredential(reader), ReadCoin(reader)),
            8 => new Unregister(ReadCredential(reader), ReadCoin(reader)),
            9 => new Delegate(ReadCredential(reader), new Delegatee(null, ReadDRep(reader))),
            10 => new Delegate(ReadCredential(reader), new Delegatee(ReadHash28(reader), ReadDRep(reader))),
            11 => ReadRegistration(reader, stake: true, vote: false),
            12 => ReadRegistration(reader, stake: false, vote: true),
            13 => ReadRegistration(reader, stake: true, vote: true),
            14 => new AuthorizeHot(ReadCredential(reader), ReadCredential(reader)),
            15 => new ResignCold(ReadCredential(reader)),
            16 => new RegisterDRep(ReadCredential(reader), ReadCoin(reader)),
            17 => new UnregisterDRep(ReadCredential(reader), ReadCoin(reader)),
            18 => new UpdateDRep(ReadCredential(reader)),
            var other => throw new ArgumentException($"No certificate has the kind {other}."),
        };
    }

    private static Register ReadRegistration(CborReader reader, bool stake, bool vote)
    {
        var account = ReadCredential(reader);
        Hash28? pool = stake ? ReadHash28(reader) : null;
        var drep = vote ? ReadDRep(reader) : null;
        return new Register(account, ReadCoin(reader), new Delegatee(pool, drep));
    }

    // [3, operator, vrf key, pledge, cost, margin, reward account, owners, relays, metadata]
    private static RegisterPool ReadPool(CborReader reader)
    {
        var pool = ReadHash28(reader);
        var vrf = new Hash32(reader.ReadByteString());
        reader.SkipValue();
        var cost = ReadCoin(reader);
        reader.SkipValue();
        var account = Address.FromBytes(reader.ReadByteString());
        if (reader.PeekState() == CborReaderState.Tag)
        {
            reader.ReadTag();
        }

        var owners = ImmutableArray.CreateBuilder<KeyHash>();
        for (reader.ReadStartArray(); reader.PeekState() != CborReaderState.EndArray; )
        {
            owners.Add(ReadKeyHash(reader));
        }

        reader.ReadEndArray();
        reader.SkipValue();
        var metadataHashSize = 0;
        if (reader.PeekState() == CborReaderState.StartArray)
        {
            reader.ReadStartArray();
            reader.SkipValue();
            metadataHashSize = reader.ReadByteString().Length;
        }

        var parameters = new StakePoolParameters(vrf, account.Stake!.Value);
        return new RegisterPool(pool, parameters, cost, account.Network, owners.ToImmutable(), metadataHashSize);
    }

    internal static Credential ReadCredential(CborReader reader)
    {
        reader.ReadStartArray();
        var isScript = reader.ReadInt32() == 1;
        var hash = ReadHash28(reader);
        reader.ReadEndArray();
        return isScript ? Credential.Script(new ScriptHash(hash)) : Credential.Key(new KeyHash(hash));
    }

    internal static DRep ReadDRep(CborReader reader)
    {
        reader.ReadStartArray();
        DRep drep = reader.ReadInt32() switch
        {
            0 => new DRep.ByCredential(Credential.Key(ReadKeyHash(reader))),
            1 => new DRep.ByCredential(Credential.Script(new ScriptHash(ReadHash28(reader)))),
            2 => new DRep.AlwaysAbstain(),
            _ => new DRep.AlwaysNoConfidence(),
        };
        reader.ReadEndArray();
        return drep;
    }

    private static KeyHash ReadKeyHash(CborReader reader) => new(ReadHash28(reader));

    private static Hash28 ReadHash28(CborReader reader) => new(reader.ReadByteString());

    private static Lovelace ReadCoin(CborReader reader) => Lovelace.FromCoin(reader.ReadUInt64());
}
