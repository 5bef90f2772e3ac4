using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Bench.Settlement;

/// <summary>One node's engine on a store, against a devnet over HTTP; rounds are run by hand.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private static readonly SecretBox Box = new("the secret of a measured operator", RandomNumberGenerator.Create());

    private readonly TimeProvider _time;
    private readonly SettlementOptions _options;

    private BenchNode(IDatabase database, ProvidedChain chain, TimeProvider time, SettlementOptions options)
    {
        _time = time;
        _options = options;
        Database = database;
        Chain = chain;
        Store = new SettlementStore(database);
        Clock = new ChainClock(time);
        Engine = new SettlementEngine(
            new EnginePorts(
                Store,
                chain,
                new ScriptCatalog(chain, Store),
                new Keyring(Box),
                new PlutusEvaluator(),
                Clock,
                new IdSource(time, RandomNumberGenerator.Create()),
                time,
                new EngineWait(time),
                NullLogger.Instance
            ),
            options
        );
    }

    public static EscrowContract Contract { get; } =
        new()
        {
            Family = EscrowFamily.V2,
            Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet),
            RequiredAdmins = KnownDeployments.DefaultRequiredAdmins,
            Admins = KnownDeployments.DefaultAdmins,
            Cooldown = KnownDeployments.DefaultCooldown,
        };

    public IDatabase Database { get; }

    public ProvidedChain Chain { get; }

    public SettlementStore Store { get; }

    public SettlementEngine Engine { get; }

    public ChainClock Clock { get; }

    public PaymentSource Source { get; private set; } = null!;

    public Dictionary<WalletRole, HotWallet> Wallets { get; } = [];

    /// <summary>A node on a database; one that has no tables yet gets them, the source and wallets of these roles.</summary>
    public static async Task<BenchNode> OpenAsync(
        IDatabase database,
        Uri devnet,
        TimeProvider chainTime,
        TimeProvider time,
        SettlementOptions options,
        params WalletRole[] roles
    )
    {
        await database.MigrateAsync([SettlementStore.Migrations], default);
        var chain = BlockfrostChain.Open(new BlockfrostOptions { BaseUrl = new Uri(devnet, "api/v0"), ProjectId = "bench" }, chainTime);
        var node = new BenchNode(database, chain, time, options);
        if ((await node.Store.Sources.ListAsync(default)).IsEmpty)
        {
            var source = PaymentSource.Of(
                "csource00000000000000000v2",
                Network.Preprod,
                Contract,
                RegistryScript.Of(Contract.Family, Contract.Address).Hash.ToPolicyId(),
                time.GetUtcNow()
            );
            await node.Store.Sources.AddAsync(source, default);
            foreach (var role in roles)
            {
                await node.Store.Wallets.AddAsync(
                    new Keyring(Box).Seal($"cwallet0000000000{role}", source, role, Words(role), null, null, time.GetUtcNow()),
                    default
                );
            }
        }

        node.Source = (await node.Store.Sources.ListAsync(default)).Single();
        foreach (var wallet in await node.Store.Wallets.ListAsync(default))
        {
            node.Wallets[wallet.Role] = wallet;
        }

        return node;
    }

    public static string Words(WalletRole role) => Mnemonic.FromEntropy(SHA256.HashData([(byte)role]));

    /// <summary>Stores one side of a job as the service does.</summary>
    public async Task MakeAsync(Job job, DealSide side)
    {
        var now = Clock.GetUtcNow();
        var deal = new Deal
        {
            Id = $"c{(side == DealSide.Payment ? 'p' : 'q')}{job.Number:d23}",
            Side = side,
            SourceId = Source.Id,
            Terms = job.Terms,
            AgentName = "A measured agent",
            WalletId = side == DealSide.Payment ? Wallets[WalletRole.Selling].Id : null,
            RequestedBy = "ckey000000000000000000000",
            CreatedAt = now,
            Family = Contract.Family,
        };
        await Store.Deals.InsertAsync(DealMachine.Begin(deal, now, _options.Rules), null, _time.GetUtcNow(), default);
    }

    public async Task<Deal> DealAsync(Job job, DealSide side) =>
        await Store.Deals.FindAsync(side, [Source.Id], job.Terms.Identifier.ToString(), default) ?? throw new InvalidOperationException("No such deal.");

    /// <summary>The seller has a result.</summary>
    public async Task ResultAsync(Job job)
    {
        var happened = new DealEvent.ResultGiven(ResultHash.Parse(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(job.Number)))));
        var deal = await DealAsync(job, DealSide.Payment);
        await Store.Deals.ChangeAsync(deal.Id, d => DealMachine.Apply(d, happened, Clock.GetUtcNow(), _options.Rules), _time.GetUtcNow(), default);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Chain.Dispose();
    }
}

/// <summary>What both sides of a job agreed on.</summary>
internal sealed record Job(int Number, DealTerms Terms)
{
    // As long as those of the field: a policy, and a name of 32 bytes.
    private static readonly AgentIdentifier Agent = AgentIdentifier.Parse(new string('0', 56) + new string('a', 64));
    private static readonly WalletKeys Seller = WalletKeys.FromMnemonic(BenchNode.Words(WalletRole.Selling));

    /// <summary>A job that the bench's selling wallet signed.</summary>
    public static Job Of(int number, DateTimeOffset now, long ada = 5)
    {
        var address = Seller.BaseAddress(NetworkId.Testnet);
        var hash = InputHash.Parse(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(-number))));
        var deadlines = new Deadlines(now.AddHours(2), now.AddHours(4), now.AddHours(6), now.AddHours(8));
        var offer = new EscrowOffer
        {
            Family = BenchNode.Contract.Family,
            AgentIdentifier = Agent,
            BuyerNonce = BuyerNonce.Parse($"{number:x16}"),
            InputHash = hash.ToString(),
            Deadlines = deadlines,
            Seller = address,
            Escrow = BenchNode.Contract.Address,
        };
        var identifier = offer.Sign(Seller.Payment, SellerNonce.From(SHA256.HashData(BitConverter.GetBytes(number)))).Encode();
        return new Job(
            number,
            new DealTerms(
                BlockchainIdentifier.Parse(identifier),
                Agent,
                PricingType.Fixed,
                Value.Of(Lovelace.FromAda(ada)),
                hash,
                deadlines,
                address,
                null,
                null
            )
        );
    }
}
