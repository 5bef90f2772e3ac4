using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>Certificates, and a world in which some things are registered already. Everyone signs everything.</summary>
internal static class CertificateWorld
{
    public static readonly Credential AlicesStake = Credential.Key(Alice.Stake.KeyHash);
    public static readonly Credential BobsStake = Credential.Key(Bob.Stake.KeyHash);
    public static readonly Credential Contract = Credential.Script(Accepts.Hash);
    public static readonly Address AlicesAccount = Address.Reward(NetworkId.Testnet, AlicesStake);
    public static readonly Hash28 Pool = Alice.Payment.KeyHash.Hash;
    public static readonly Hash28 UnknownPool = Bob.Payment.KeyHash.Hash;
    public static readonly Hash32 Vrf = new([.. Enumerable.Repeat((byte)7, 32)]);
    public static readonly SigningKey[] Everyone = [Alice.Payment, Alice.Stake, Bob.Payment, Bob.Stake];
    public static readonly Lovelace KeyDeposit = Lovelace.FromAda(2);
    public static readonly Lovelace PoolDeposit = Lovelace.FromAda(500);
    public static readonly Lovelace DRepDeposit = Lovelace.FromAda(500);

    private static readonly Utxo Rich = World.At(50, new TxOutput(AliceAddress, Ada(2_000)));

    /// <summary>What Alice spends in these tests, at a protocol version.</summary>
    public static World At(int protocolMajor, CertState? certs = null)
    {
        var world = new World();
        return world with
        {
            State = LedgerState.Of([Rich, World.Collateral]) with { Certs = certs ?? CertState.Empty, Epoch = 10 },
            Environment = world.Environment with { Parameters = world.Parameters with { ProtocolMajor = protocolMajor } },
        };
    }

    /// <summary>A body with these certificates whose change makes up for what they cost (or give back).</summary>
    public static TransactionBody Body(long cost, params Certificate[] certificates) =>
        new()
        {
            Inputs = [Rich.Input],
            Outputs = [new TxOutput(AliceAddress, Value.Of(new Lovelace(2_000_000_000 - 500_000 - cost)))],
            Fee = new Lovelace(500_000),
            Certificates = [.. certificates],
        };

    public static ApplyResult Apply(this World world, long cost, params Certificate[] certificates) => world.Apply(Body(cost, certificates), signers: Everyone);

    public static CertState Registered(this CertState certs, Credential account, long rewards = 0, DRep? drep = null, long deposit = 2_000_000) =>
        certs with
        {
            Accounts = certs.Accounts.SetItem(account, new StakeAccount(new Lovelace(deposit), new Lovelace(rewards), null, drep)),
        };

    public static CertState WithPool(this CertState certs, Hash28 pool) =>
        certs with
        {
            Pools = certs.Pools.SetItem(pool, new StakePool(PoolDeposit, new StakePoolParameters(Vrf, AlicesStake))),
        };

    public static CertState WithDRep(this CertState certs, Credential drep) => certs with { DReps = certs.DReps.SetItem(drep, DRepDeposit) };

    public static CertState WithMember(this CertState certs, Credential cold, CommitteeMember? member = null) =>
        certs with
        {
            Committee = certs.Committee.SetItem(cold, member ?? new CommitteeMember(true)),
        };

    public static Certificate Register(Credential account) => Certificate(0, Of(account));

    public static Certificate Register(Credential account, Lovelace deposit) => Certificate(7, Of(account), Of(deposit));

    public static Certificate Unregister(Credential account) => Certificate(1, Of(account));

    public static Certificate Unregister(Credential account, Lovelace refund) => Certificate(8, Of(account), Of(refund));

    public static Certificate Delegate(Credential account, Hash28 pool) => Certificate(2, Of(account), Of(pool));

    public static Certificate Delegate(Credential account, DRep drep) => Certificate(9, Of(account), Of(drep));

    public static Certificate Delegate(Credential account, Hash28 pool, DRep drep) => Certificate(10, Of(account), Of(pool), Of(drep));

    public static Certificate RegisterDelegating(Credential account, Hash28 pool) => Certificate(11, Of(account), Of(pool), Of(KeyDeposit));

    public static Certificate RegisterDelegating(Credential account, DRep drep) => Certificate(12, Of(account), Of(drep), Of(KeyDeposit));

    public static Certificate RegisterDelegating(Credential account, Hash28 pool, DRep drep) =>
        Certificate(13, Of(account), Of(pool), Of(drep), Of(KeyDeposit));

    public static Certificate RegisterPool(
        Hash28 pool,
        Hash32? vrf = null,
        long cost = 170_000_000,
        NetworkId network = NetworkId.Testnet,
        int metadataHashSize = 32,
        KeyHash? owner = null
    ) =>
        Certificate(
            3,
            Of(pool),
            w => w.WriteByteString((vrf ?? Vrf).ToArray()),
            Of(Lovelace.Zero),
            Of(new Lovelace(cost)),
            w =>
            {
                w.WriteTag((CborTag)30);
                w.WriteStartArray(2);
                w.WriteInt32(1);
                w.WriteInt32(20);
                w.WriteEndArray();
            },
            w => w.WriteByteString(Address.Reward(network, AlicesStake).Bytes.Span),
            w =>
            {
                w.WriteStartArray(1);
                w.WriteByteString((owner ?? Alice.Stake.KeyHash).ToArray());
                w.WriteEndArray();
            },
            w =>
            {
                w.WriteStartArray(0);
                w.WriteEndArray();
            },
            w =>
            {
                w.WriteStartArray(2);
                w.WriteTextString("https://pool.example");
                w.WriteByteString(new byte[metadataHashSize]);
                w.WriteEndArray();
            }
        );

    public static Certificate RetirePool(Hash28 pool, int epoch) => Certificate(4, Of(pool), w => w.WriteInt32(epoch));

    public static Certificate RegisterDRep(Credential drep, Lovelace deposit) => Certificate(16, Of(drep), Of(deposit), w => w.WriteNull());

    public static Certificate UnregisterDRep(Credential drep, Lovelace refund) => Certificate(17, Of(drep), Of(refund));

    public static Certificate UpdateDRep(Credential drep) => Certificate(18, Of(drep), w => w.WriteNull());

    public static Certificate AuthorizeHot(Credential cold, Credential hot) => Certificate(14, Of(cold), Of(hot));

    public static Certificate ResignCold(Credential cold) => Certificate(15, Of(cold), w => w.WriteNull());

    private static Certificate Certificate(int kind, params ImmutableArray<Action<CborWriter>> fields)
    {
        var writer = new CborWriter();
        writer.WriteStartArray(fields.Length + 1);
        writer.WriteInt32(kind);
        foreach (var write in fields)
        {
            write(writer);
        }

        writer.WriteEndArray();
        return new Certificate(kind, writer.Encode());
    }

    private static Action<CborWriter> Of(Credential credential) =>
        w =>
        {
            w.WriteStartArray(2);
            w.WriteInt32(credential.IsScript ? 1 : 0);
            w.WriteByteString(credential.Hash.ToArray());
            w.WriteEndArray();
        };

    private static Action<CborWriter> Of(Hash28 hash) => w => w.WriteByteString(hash.ToArray());

    private static Action<CborWriter> Of(Lovelace coin) => w => w.WriteInt64(coin.Amount);

    private static Action<CborWriter> Of(DRep drep) =>
        w =>
        {
            switch (drep)
            {
                case DRep.ByCredential { Credential: var credential }:
                    Of(credential)(w);
                    break;
                default:
                    w.WriteStartArray(1);
                    w.WriteInt32(drep is DRep.AlwaysAbstain ? 2 : 3);
                    w.WriteEndArray();
                    break;
            }
        };
}
