using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;
using Masumi.Storage;

namespace Masumi.Settlement.Tests.Stores;

/// <summary>A database with one source and one wallet, and what can be put into it; no engine and no chain.</summary>
internal sealed class StoreWorld : IAsyncDisposable
{
    private static readonly Address Somebody = Address.Create(NetworkId.Testnet, Credential.Key(new KeyHash(new Hash28(new byte[28]))));

    private StoreWorld(IDatabase database)
    {
        Database = database;
        Store = new SettlementStore(database);
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public IDatabase Database { get; }

    public SettlementStore Store { get; }

    public PaymentSource Source { get; } =
        new(
            "source",
            Network.Preprod,
            EscrowFamily.V2,
            SettlementWorld.Contract.Address,
            PolicyId.Parse(new string('0', 56)),
            2,
            [],
            TimeSpan.FromMinutes(10),
            Start
        );

    /// <summary>What becomes of deals, registrations and transfers by the product's own machines, at a time.</summary>
    public static Decisions Decide(DateTimeOffset now) =>
        new(
            now,
            (deal, happened) => DealMachine.Apply(deal, happened, now, new DealRules()),
            (registration, happened) => RegistrationMachine.Apply(registration, happened, now),
            (transfer, happened) => TransferMachine.Apply(transfer, happened, now)
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<StoreWorld> CreateAsync(StoreKind kind)
    {
        var world = new StoreWorld(await TestStores.OpenEmptyAsync(kind));
        await world.Database.MigrateAsync([SettlementStore.Migrations], Stop);
        await world.Store.Sources.AddAsync(world.Source, Stop);
        var wallet = new HotWallet(
            "wallet",
            "source",
            WalletRole.Purchasing,
            new KeyHash(new Hash28(new byte[28])),
            Somebody,
            null,
            null,
            "sealed",
            Start,
            null
        );
        await world.Store.Wallets.AddAsync(wallet, Stop);
        return world;
    }

    /// <summary>A purchase that wants to lock.</summary>
    public static Deal Purchase(int number) =>
        DealMachine.Begin(
            new Deal
            {
                Id = $"deal-{number:d4}",
                Side = DealSide.Purchase,
                SourceId = "source",
                Terms = new DealTerms(
                    BlockchainIdentifier.Parse(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))),
                    AgentIdentifier.Parse(new string('0', 56) + "ab"),
                    PricingType.Fixed,
                    Value.Of(Lovelace.FromAda(5)),
                    InputHash.Parse(new string('a', 64)),
                    new Deadlines(Start.AddHours(1), Start.AddHours(2), Start.AddHours(3), Start.AddHours(4)),
                    Somebody,
                    null,
                    null
                ),
                CreatedAt = Start,
            },
            Start,
            new DealRules()
        );

    public async Task<Deal> MakeAsync(int number) =>
        Assert.IsType<InsertOutcome.Stored>(await Store.Deals.InsertAsync(Purchase(number), null, Start, Stop)).Deal;

    /// <summary>An agent that is to be registered.</summary>
    public Task<Registration> EnterAsync(string id) =>
        Store.Registrations.InsertAsync(
            new Registration
            {
                Id = id,
                SourceId = "source",
                WalletId = "wallet",
                State = RegistrationState.RegistrationRequested,
                Name = "An agent",
                Entry = "a0",
            },
            Start,
            Stop
        );

    /// <summary>How a registration stands.</summary>
    public async Task<RegistrationState> RegistrationAsync(string id) => (await Store.Registrations.ListAsync(Stop)).Single(r => r.Id == id).State;

    /// <summary>Money that is to be sent.</summary>
    public Task<Transfer> AskAsync(string id) =>
        Store.Transfers.InsertAsync(
            new Transfer
            {
                Id = id,
                SourceId = "source",
                WalletId = "wallet",
                To = Somebody,
                Amount = Value.Of(Lovelace.FromAda(5)),
                GiveUpAt = Start.AddDays(1),
                CreatedAt = Start,
            },
            Start,
            Stop
        );

    /// <summary>How a transfer stands, by which transaction, and whether it waits for its next one.</summary>
    public async Task<(TransferState State, TransactionId? TxId, bool IsDue)> TransferAsync(string id)
    {
        var transfer = (await Store.Transfers.GetAsync(id, Stop))!;
        return (transfer.State, transfer.TxId, transfer.NextAt is not null);
    }

    /// <summary>The deal is hindered: its next action gets an error, in words that differ each time.</summary>
    public Task<Deal?> HinderAsync(Deal deal, TroubleKind kind, DateTimeOffset at) =>
        Store.Deals.ChangeAsync(deal.Id, d => DealMachine.Apply(d, new DealEvent.Hindered(kind, "for a test"), at, new DealRules()), at, Stop);

    /// <summary>A transaction of the wallet that spends coins and acts for deals.</summary>
    public static Attempt Spending(string id, IReadOnlyList<Deal> deals, params int[] coins)
    {
        var transaction = Transaction.Create(
            new TransactionBody
            {
                Inputs = [.. coins.Select(Coin)],
                Outputs = [new TxOutput(Somebody, Value.Of(new Lovelace(9_000_000 + id.Sum(c => c))))],
                Fee = Lovelace.FromAda(1),
            },
            new WitnessSet()
        );
        return new Attempt
        {
            Id = id,
            Kind = nameof(Intent.Lock),
            SourceId = "source",
            WalletId = "wallet",
            TxId = transaction.Id,
            Fee = transaction.Body.Fee,
            Transaction = transaction,
            InvalidHereafter = new Slot(100),
            Subjects = [.. deals.Select(d => new AttemptSubject(d.Id, nameof(Intent.Lock)))],
            CreatedAt = Start,
        };
    }

    /// <summary>A transaction of the wallet that spends coins and does something for somebody.</summary>
    public static Attempt Serving(string id, string subject, string action, params int[] coins) =>
        Spending(id, [], coins) with
        {
            Kind = action,
            Subjects = [new AttemptSubject(subject, action)],
        };

    public static TxInput Coin(int number) => new(new TransactionId(new Hash32(SHA256.HashData(BitConverter.GetBytes(number)))), number);

    /// <summary>Stores it; earlier attempts for the same deals must be excluded, whenever they end.</summary>
    public Task<AttemptOutcome> InsertAsync(Attempt attempt) =>
        Store.Attempts.InsertAsync(
            attempt,
            new Slot(0),
            deal =>
                deal.UnderWay is null
                    ? DealMachine.Apply(deal, new DealEvent.Taken(new StandingAttempt(attempt.Id, attempt.TxId, Intent.Lock), "wallet"), Start, new DealRules())
                    : null,
            Decide(Start),
            Stop
        );

    /// <summary>It is found in a block.</summary>
    public Task FindAsync(Attempt attempt, long height) =>
        Store.Attempts.MarkFoundAsync(attempt, new ChainTransaction(attempt.Transaction!, Point(height), 0, true), Decide(Start), Stop);

    /// <summary>Where it stands.</summary>
    public async Task<AttemptState> StateAsync(Attempt attempt) => (await Store.Attempts.FindAsync(attempt.Id, Stop))!.State;

    public Task EndAsync(Attempt attempt) => Store.Attempts.EndAsync(attempt, AttemptState.Expired, "for a test", null, Decide(Start), Stop);

    public static BlockPoint Point(long height, byte branch = 0)
    {
        var hash = SHA256.HashData([branch, .. BitConverter.GetBytes(height)]);
        return new BlockPoint(height, new Hash32(hash), new Slot(height * 20), Start.AddSeconds(20 * height));
    }

    /// <summary>Records that the chain was read up to a point, without anything in it.</summary>
    public Task<bool> ReachAsync(BlockPoint? expected, BlockPoint point) => AppendAsync(expected, point);

    /// <summary>Records transactions at the contract, and the point that was reached.</summary>
    public Task<bool> AppendAsync(BlockPoint? expected, BlockPoint? point, params IReadOnlyList<FollowedTransaction> transactions) =>
        Store.Chain.AppendAsync(Source, expected, transactions, point, Changes, Stop);

    public Task<bool> RollBackAsync(BlockPoint? expected, BlockPoint? to) => Store.Chain.RollBackAsync(Source, expected, to, Changes, Stop);

    public Task ForgetAsync(TransactionId transaction) => Store.Chain.ForgetAsync(Source, [transaction], Changes, Stop);

    /// <summary>
    /// Everything in the outbox after a number. On PostgreSQL a reader waits for whatever is being written anywhere on the server, so this asks until it has all.
    /// </summary>
    public async Task<ImmutableArray<OutboxEvent>> EventsAsync(long after = 0)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 3000, "something on the server has been writing for a minute");
            var newest = await Store.Events.NewestAsync(Stop);
            var events = await Store.Events.ListAsync(after, 1000, Stop);
            if (newest <= after || (!events.IsEmpty && events[^1].Seq >= newest))
            {
                return events;
            }

            await Task.Delay(20, Stop);
        }
    }

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    private static ChainChanges Changes { get; } =
        new(
            (deal, _) => new DealChange(deal, ImmutableArray<DealEffect>.Empty),
            (_, _) => null,
            Decide(Start),
            2,
            (expected, newest) => expected?.Hash == newest?.Hash
        );
}
