using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Simulation.Nodes;

/// <summary>
/// What a node believes of the chain, beside what an empty database with the same terms makes of the same blocks. It knows how the product follows and stores,
/// as <see cref="EngineUnderTest"/> does.
/// </summary>
internal sealed class ReplayUnderTest(Truth truth, TimeProvider time)
{
    /// <summary>Columns of a deal that are not compared, and why. All others are, and all of a chain step's.</summary>
    private static readonly ImmutableDictionary<string, string> Own = ImmutableDictionary.CreateRange<string, string>([
        new(nameof(DealRow.WalletId), "a purchase's wallet is this node's choice before there is a lock; what the chain says of it is the paying wallet"),
        new(nameof(DealRow.AttemptId), "what this node sent and is not decided"),
        new(nameof(DealRow.AttemptAction), "likewise"),
        new(nameof(DealRow.AttemptTx), "likewise"),
        new(nameof(DealRow.TroubleKind), "what hindered this node's own attempts"),
        new(nameof(DealRow.TroubleNote), "likewise"),
        new(nameof(DealRow.TroubleTries), "likewise"),
        new(nameof(DealRow.TroubleSinceMs), "likewise"),
        new(nameof(DealRow.TroubleRetryMs), "likewise"),
        new(nameof(DealRow.Revision), "counts in how many steps this node came to know"),
        new(nameof(DealRow.UpdatedAt), "when this node came to know"),
        new(nameof(DealRow.NextActionChangedAt), "likewise"),
        new(nameof(DealRow.StateChangedAt), "likewise"),
    ]);

    private static readonly ImmutableArray<PropertyInfo> DealColumns = [.. ColumnsOf(typeof(DealRow)).Where(p => !Own.ContainsKey(p.Name))];

    // Whether a second provider was asked is this node's own affair.
    private static readonly ImmutableArray<PropertyInfo> StepColumns = [.. ColumnsOf(typeof(StepRow)).Where(p => p.Name is not nameof(StepRow.Agreed))];

    /// <summary>Every difference, in words; and what reading it all a second time into the node's own database tells others that had not changed.</summary>
    public IReadOnlyList<string> Compare(IDisk disk, IDisk empty)
    {
        var node = new SettlementStore(new DirectDatabase(disk));
        var fresh = new SettlementStore(new DirectDatabase(empty));
        var differences = new List<string>();
        var deals = Done(DealsAsync(node));
        foreach (var deal in deals)
        {
            Done(fresh.Deals.InsertAsync(DealMachine.Begin(TermsOf(deal), deal.CreatedAt, Rules), null, deal.CreatedAt, default));
        }

        foreach (var source in Done(node.Sources.ListAsync(default)))
        {
            var points = Done(node.Chain.ListPointsAsync(source.Id, default));
            if (points.IsEmpty || truth.Best.Blocks is var blocks && (points[0].Height >= blocks.Count || blocks[(int)points[0].Height].Hash != points[0].Hash))
            {
                differences.Add(
                    $"{source.Id}: its newest block {(points.IsEmpty ? "is none" : $"{points[0].Height} {points[0].Hash}")}, which the chain does not have"
                );
                continue;
            }

            using var chain = new ProvidedChain(
                [new ProviderSetup(new PlainProvider(truth.Best, points[0].Height, truth.Slots))],
                new ProvidedChainOptions(),
                time,
                new Random(1)
            );
            var clock = new ChainClock(time);
            clock.Observe(points[0]);
            FollowAll(source, fresh, chain, clock, time);
            foreach (var deal in deals.Where(d => d.SourceId == source.Id))
            {
                Compare(deal, node, fresh, points[0].Time, differences);
            }

            ReadAgain(source, node, chain, clock, time, differences);
        }

        return differences;
    }

    private static DealRules Rules { get; } = new SettlementOptions().Rules;

    // What was agreed and wished, and that it was concluded that nothing comes: none of it is the chain's.
    private static Deal TermsOf(Deal deal) =>
        new()
        {
            Id = deal.Id,
            Side = deal.Side,
            SourceId = deal.SourceId,
            Family = deal.Family,
            Terms = deal.Terms,
            AgentName = deal.AgentName,
            WalletId = deal.Side == DealSide.Payment ? deal.WalletId : null,
            AllowedWallets = deal.AllowedWallets,
            Metadata = deal.Metadata,
            RequestedBy = deal.RequestedBy,
            CreatedAt = deal.CreatedAt,
            Wishes = deal.Wishes,
            GaveUpAt = deal.GaveUpAt,
        };

    private static void FollowAll(PaymentSource source, SettlementStore store, ProvidedChain chain, ChainClock clock, TimeProvider time)
    {
        var log = NullLogger.Instance;
        var options = new SettlementOptions();
        var follower = new ChainFollower(store, new EscrowReader(store.Chain, Safety.Right, null, log), Safety.Right, options, clock, time, log);
        if (!Done(follower.CatchUpAsync(source, Done(store.Rounds.OpenAsync(default)), chain, default)).IsCurrent)
        {
            throw new SimulationBrokenException("A judge could not follow the truth.");
        }
    }

    // Everything at once, as if nothing had been followed before: for a database that knows it all nothing changes.
    private static void ReadAgain(
        PaymentSource source,
        SettlementStore store,
        ProvidedChain chain,
        ChainClock clock,
        TimeProvider time,
        List<string> differences
    )
    {
        var log = NullLogger.Instance;
        var reader = new EscrowReader(store.Chain, Safety.Right, null, log);
        var follower = new ChainFollower(store, reader, Safety.Right, new SettlementOptions(), clock, time, log);
        var before = Done(store.Events.NewestAsync(default));
        Done(ReadAgainAsync());
        foreach (var e in Done(store.Events.ListAsync(before, 1_000, default)).Where(e => e.Kind is "StateChanged"))
        {
            differences.Add($"{e.EntityId}: reading everything again tells of a change that was none: {e.Kind} {e.Payload}");
        }

        async Task<bool> ReadAgainAsync()
        {
            var wallets = await store.Wallets.ListAsync(default);
            var keys = wallets.Select(w => w.KeyHash).ToHashSet();
            var points = await store.Chain.ListPointsAsync(source.Id, default);
            var all = new List<ChainTransaction>();
            await foreach (var e in chain.FollowAddressAsync(source.ContractAddress, [], default))
            {
                if (e is ChainEvent.Included included)
                {
                    all.Add(included.Transaction);
                }
            }

            var read = await reader.ReadAsync(source, all, keys, default);
            return await store.Chain.AppendAsync(source, points[0], read, null, follower.Changes(source, wallets, points[0].Height), default);
        }
    }

    private static void Compare(Deal deal, SettlementStore node, SettlementStore fresh, DateTimeOffset now, List<string> differences)
    {
        var replayed = Done(fresh.Deals.GetAsync(deal.Id, default))!;
        var identifier = deal.Terms.Identifier.ToString();
        var (ours, theirs) = (
            Done(node.Chain.ListStepsAsync(deal.SourceId, identifier, default)),
            Done(fresh.Chain.ListStepsAsync(deal.SourceId, identifier, default))
        );

        // Anyone can write anything under an identifier that nobody here has agreed to yet: whether such an output was kept depends on when it was read.
        bool IsEarly(EscrowStep s) => s.Action is null && s.Block.Time <= deal.CreatedAt;
        var hasEarly = ours.Concat(theirs).Any(IsEarly);
        var (own, other) = (ours.Where(s => !IsEarly(s)).ToList(), theirs.Where(s => !IsEarly(s)).ToList());
        if (own.Count != other.Count)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{deal.Id} has {own.Count} chain steps; replayed {other.Count}"));
        }

        foreach (var (a, b) in own.Zip(other))
        {
            Compare($"{deal.Id} step {a.TxId}", StepColumns, StepRow.From(a), StepRow.From(b), differences);
        }

        // What is derived also follows from the moment and from what is under way: both are judged for the newest block, as if nothing were.
        Compare(deal.Id, DealColumns, DealRow.Of(Derived(deal, now, hasEarly)), DealRow.Of(Derived(replayed, now, hasEarly)), differences);
    }

    // What follows from terms, wishes, chain and one moment, without what is this node's own.
    private static Deal Derived(Deal deal, DateTimeOffset now, bool withoutStrange) =>
        DealMachine
            .Apply(
                deal with
                {
                    UnderWay = null,
                    Trouble = null,
                    Projection = withoutStrange ? deal.Projection with { Strange = null } : deal.Projection,
                },
                new DealEvent.TimePassed(),
                now,
                Rules
            )
            .Deal;

    private static void Compare(string what, ImmutableArray<PropertyInfo> columns, object a, object b, List<string> differences)
    {
        foreach (var column in columns)
        {
            var (one, two) = (Text(column.GetValue(a)), Text(column.GetValue(b)));
            if (one != two)
            {
                differences.Add($"{what}: {column.Name} is {one ?? "none"}; replayed {two ?? "none"}");
            }
        }
    }

    private static string? Text(object? value) =>
        value is byte[] bytes ? Convert.ToHexStringLower(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static IEnumerable<PropertyInfo> ColumnsOf(Type row) =>
        row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).OrderBy(p => p.Name, StringComparer.Ordinal);

    private static async Task<ImmutableArray<Deal>> DealsAsync(SettlementStore store)
    {
        var deals = new SortedDictionary<string, Deal>(StringComparer.Ordinal);
        ImmutableArray<string> sources = [.. (await store.Sources.ListAsync(default)).Select(s => s.Id)];
        foreach (var side in Enum.GetValues<DealSide>())
        {
            foreach (var deal in await store.Deals.ListAsync(new DealQuery(side) { Sources = sources, Limit = 10_000 }, default))
            {
                deals[deal.Id] = deal;
            }
        }

        return [.. deals.Values];
    }

    private static T Done<T>(Task<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new SimulationBrokenException("What a judge asked for took time.");
}
