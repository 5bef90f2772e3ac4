using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Judges;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Parties;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>What came of a world.</summary>
/// <param name="Violations">What must never be and was, the gravest first.</param>
/// <param name="Trace">Of everything that happened.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Lived">Simulated time.</param>
/// <param name="Ends">How the jobs ended, counted.</param>
/// <param name="Cells">Deals by 'state x fault'.</param>
/// <param name="Calls">How many calls each node made.</param>
/// <param name="Story">The story when it was asked for.</param>
internal sealed record WorldResult(
    ImmutableArray<Violation> Violations,
    ulong Trace,
    long Steps,
    TimeSpan Lived,
    ImmutableSortedDictionary<string, int> Ends,
    ImmutableSortedDictionary<string, int> Cells,
    ImmutableArray<int> Calls,
    IReadOnlyList<string> Story
)
{
    /// <summary>A world that broke off.</summary>
    public static WorldResult Broken(string why)
    {
        var none = ImmutableSortedDictionary<string, int>.Empty;
        return new([new Violation("Broken", why, Materials.Start, [])], 0, 0, TimeSpan.Zero, none, none, [], []);
    }
}

/// <summary>How a world is run.</summary>
/// <param name="Disks">Where databases come from.</param>
/// <param name="Plant">The protection that is taken out; null for none.</param>
/// <param name="TellStory">Whether the story is kept.</param>
/// <param name="StopAt">The kind of violation that ends the run; null: the first grave one does.</param>
internal sealed record WorldOptions(IDiskMaker Disks, string? Plant = null, bool TellStory = false, string? StopAt = null);

/// <summary>One small world: a chain, nodes and parties, on one thread, until nothing more can happen.</summary>
internal sealed class World : ISubmissions, IDisposable
{
    private const long MostSteps = 3_000_000;
    private const int StrangersCoins = 40;

    private static readonly EscrowFamily[] Families = [EscrowFamily.V1, EscrowFamily.V2];
    private static readonly bool[] Sides = [false, true];
    private static readonly long[] SellersCoins = [60, 40, 20, 10];

    private static readonly TimeSpan AfterLast = TimeSpan.FromMinutes(12);
    private static readonly ImmutableHashSet<string> MisleadingFaults = [.. Faults.Groups["views"], Faults.Forged];
    private static readonly TimeSpan CalmBlock = TimeSpan.FromSeconds(150);

    private readonly Scenario _scenario;
    private readonly WorldOptions _options;
    private readonly Dice _dice;
    private readonly Scheduler _scheduler;
    private readonly Process _nature;
    private readonly Truth _truth;
    private readonly Weather _weather;
    private readonly Story _story;
    private readonly Verdicts _verdicts;
    private readonly EscrowBook _book;
    private readonly Watchers _watchers;
    private readonly MoneyJudge _money;
    private readonly Coverage _coverage;
    private readonly ReplacementJudge _replacements;
    private readonly TurnJudge _turns;
    private readonly ImmutableArray<Node> _nodes;
    private readonly ImmutableArray<Agreement> _agreements;
    private readonly Dictionary<string, Agreement> _byIdentifier = new(StringComparer.Ordinal);
    private readonly List<JobParty> _parties = [];
    private readonly DateTimeOffset _calmFrom;
    private readonly Calm _calm;
    private readonly DateTimeOffset _end;
    private readonly bool _isMisled;
    private readonly HashSet<string> _everLocked = new(StringComparer.Ordinal);
    private bool _isOver;

    private World(Scenario scenario, WorldOptions options)
    {
        _scenario = scenario;
        _options = options;
        _isMisled = scenario.Faults.Any(f => MisleadingFaults.Contains(f.Kind));
        _dice = new Dice(scenario.Seed);
        _scheduler = new Scheduler(Materials.Start);
        _nature = new Process(_scheduler, new Actor(_dice, "nature"));
        _story = new Story(options.TellStory, () => _scheduler.Now);
        _verdicts = new Verdicts(() => _scheduler.Now, _story.Tell);
        _weather = new Weather(_dice, scenario.Shape.Providers);
        var ours = OurAddresses().ToList();
        _truth = new Truth(_scheduler, _nature, Genesis(scenario, ours));
        var ourSet = ours.Select(o => o.Address).ToHashSet();
        _book = new EscrowBook(ourSet);
        _watchers = new Watchers(_book);
        _coverage = new Coverage(scenario);
        _agreements = [.. scenario.Jobs.Select(Agreement.Of)];
        foreach (var agreement in _agreements)
        {
            _byIdentifier[agreement.Identifier] = agreement;
        }

        _money = new MoneyJudge(ourSet, _byIdentifier, _truth, _verdicts);
        _replacements = new ReplacementJudge(_verdicts);
        _turns = new TurnJudge(scenario, _verdicts);
        _truth.OnChanged = OnChain;
        var world = new NodeWorld(_scheduler, _dice, _truth, _weather, this, Stretch, OnFailed, n => _story.LoggerOf(NodeName(n)), _story.Tell, options.Plant);
        _nodes = [.. Enumerable.Range(0, scenario.Shape.Nodes).Select(n => new Node(world, n, NewDisk(n), scenario.Shape))];
        var lastJob = scenario.Jobs.Select(j => j.At).DefaultIfEmpty(0).Max();
        var lastFault = scenario.Faults.Select(f => f.At + f.For).DefaultIfEmpty(0).Max();
        _calmFrom = Materials.Start.AddSeconds(Math.Max(lastJob, lastFault)) + AfterLast;
        _end = Materials.Start.AddSeconds(Math.Max(lastJob + (2 * 3600), lastFault)) + TimeSpan.FromHours(2);
        _calm = new Calm(scenario);
    }

    /// <summary>Runs a scenario.</summary>
    public static WorldResult Run(Scenario scenario, WorldOptions options)
    {
        using var world = new World(scenario, options);
        return world.Run();
    }

    public void Offered(int node, Process process, Transaction transaction)
    {
        _money.Offered(node, transaction, _scheduler.Now);
        var jobs = _money.JobsOf(transaction);
        _replacements.Offered(node, transaction, jobs, _scheduler.Now);
        _turns.Offered(jobs, _scheduler.Now);

        if (_story.IsTold)
        {
            _story.Tell(process.Actor.Name, $"submits {Describe(transaction)}");
        }
    }

    public void Answered(int node, Process process, Transaction transaction, SubmitResult answer) =>
        _story.Tell(process.Actor.Name, $"is told of {Short(transaction.Id)}: {answer}");

    public void SawTip(int node, Process process, BlockPoint tip) =>
        _story.Knows(process.Actor.Name, string.Create(CultureInfo.InvariantCulture, $"sees tip {tip.Height} {Short(tip.Hash)}"));

    public void Later(TimeSpan after, Action run) => _scheduler.At(_nature, after, "arrives late", run);

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _truth.Dispose();
    }

    private WorldResult Run()
    {
        // One block before anything happens: rollbacks never reach the money that there is.
        _truth.Mine();
        foreach (var node in _nodes)
        {
            node.Start();
        }

        var parties = new PartyWorld(_scheduler, _dice, _truth, _book, _watchers, _nodes, DealsOf, _story.Tell);
        foreach (var agreement in _agreements)
        {
            var party = new JobParty(parties, agreement);
            _parties.Add(party);
            party.Begin();
        }

        foreach (var fault in _scenario.Faults)
        {
            new FaultPlan(fault, _scheduler, _truth, _weather, _nodes, _agreements, _dice, _replacements.Restored, OnFaultEnds, _story.Tell).Schedule();
        }

        NextBlock();
        _scheduler.Run(() => _isOver || _scheduler.Steps >= MostSteps);
        if (_scheduler.Steps >= MostSteps)
        {
            _verdicts.Add("Always", "steps", $"the world takes more than {MostSteps} steps");
        }

        if (!HasGrave())
        {
            JudgeEnd();
        }

        return new WorldResult(
            _verdicts.Found,
            _scheduler.Trace,
            _scheduler.Steps,
            _scheduler.Now - Materials.Start,
            Ends(),
            _coverage.Cells(),
            [.. _nodes.Select(n => n.Calls)],
            _story.Lines
        );
    }

    private void NextBlock()
    {
        // In the calm never so far apart that what waits for one is over before it comes.
        var mean = _scenario.Shape.BlockSeconds;
        var chance = _nature.Actor.Fraction("block");
        var seconds = IsCalm ? CalmBlock.TotalSeconds * (0.7 + (0.6 * chance)) : Math.Clamp(-mean * Math.Log(1 - chance), 1, mean * 6);
        _scheduler.At(
            _nature,
            TimeSpan.FromSeconds(seconds),
            "block",
            () =>
            {
                _truth.Mine();
                _isOver = _scheduler.Now >= _end || HasGrave() || IsDone();
                if (!_isOver)
                {
                    NextBlock();
                }
            }
        );
    }

    private bool IsCalm => _calm.IsAt(_scheduler.Now);

    // Nothing is locked, nothing can be any more, and nobody needs to wait for it.
    private bool IsDone() =>
        _scheduler.Now >= _calmFrom
        && _truth.Mempool.Count == 0
        && _scheduler.Now >= _calmFrom + Rest
        && _agreements.All(a => _scheduler.Now > a.Deadlines.PayBy.AddMinutes(8) && _book.Find(a.Identifier).Live.Values.All(l => !l.IsOurs))
        && (_scheduler.Now - (_lastChange ?? _scheduler.Now)) > TimeSpan.FromMinutes(8);

    // What was read wrongly is found out by looking again, twice where something is to be forgotten, and that is every half hour.
    private TimeSpan Rest => _isMisled ? TimeSpan.FromMinutes(75) : TimeSpan.FromMinutes(25);

    private DateTimeOffset? _lastChange;

    private bool HasGrave()
    {
        var found = _verdicts.Found;
        return _options.StopAt is { } kind ? found.Any(v => v.Kind == kind) : found.Any(v => v.Kind is "I1" or "I3" or "I4" or "I8");
    }

    private TimeSpan Stretch(TimeSpan atMost) => IsCalm && atMost < CalmBlock ? CalmBlock : atMost;

    private DealsUnderTest DealsOf(Node node, Process process) => new(new DiskPort(process, node.Disk, -2, new Weather(_dice), (_, _) => { }), process.Time);

    private void OnChain(ChainChange change)
    {
        Tell(change);
        var changed = _book.Apply(change);
        _money.Apply(change);
        _replacements.Apply(change);
        if (changed.Count > 0)
        {
            _lastChange = _scheduler.Now;
        }

        if (changed.Count > 0)
        {
            JudgeStores(change.After);
        }

        foreach (var identifier in changed)
        {
            var entry = _book.Find(identifier);
            var isJob = _byIdentifier.TryGetValue(identifier, out var agreement);
            if (isJob)
            {
                _coverage.Note(
                    agreement!.Job.Id,
                    _scheduler.Now - Materials.Start,
                    entry.Own?.Datum.State.ToString() ?? (entry.OwnLocks == 0 ? Coverage.Agreed : Coverage.Over)
                );
            }

            if (isJob && entry.OwnLocks > 1)
            {
                _verdicts.Add(
                    "I1",
                    $"{agreement!.Job.Id}",
                    $"job {agreement.Job.Id} is paid {entry.OwnLocks} times: {string.Join(", ", entry.Locks.Where(l => l.IsOurs).Select(l => $"{l.At} in block {l.Height}"))}",
                    agreement.Job.Id
                );
            }

            if (!entry.Locks.IsEmpty)
            {
                _everLocked.Add(identifier);
            }

            _watchers.Look(identifier);
        }
    }

    private void Tell(ChainChange change)
    {
        if (!_story.IsTold)
        {
            return;
        }

        var gone = change.Before.Blocks.Count - change.Shared;
        foreach (var block in change.After.Blocks.Skip(change.Shared))
        {
            var content = block.Transactions.IsEmpty ? "" : ": " + string.Join("; ", block.Transactions.Select(Describe));
            if (content.Length > 0 || gone > 0)
            {
                _story.Tell(
                    "chain",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"block {block.Height} {Short(block.Hash)}{content}{(gone > 0 ? $" (another branch; {gone} blocks gone)" : "")}"
                    )
                );
            }
        }
    }

    // What no node's store may ever hold.
    private void JudgeStores(DevnetView view)
    {
        var blocks = view.Blocks;
        foreach (var node in _nodes)
        {
            foreach (var claimed in StoreUnderTest.ClaimedTwice(node.Disk))
            {
                _verdicts.Add("I2", $"{node.Name} {claimed}", $"{node.Name} has two living attempts for {claimed}");
            }

            // Where a provider shows what is not so, a store may hold it for a while.
            foreach (var height in _isMisled ? [] : StoreUnderTest.Phantoms(node.Disk, h => h >= 0 && h < blocks.Count ? blocks[(int)h].Hash.ToString() : null))
            {
                _verdicts.Add(
                    "I6",
                    $"{node.Name} phantom {height}",
                    $"{node.Name} stands on the chain and keeps what a block of another branch did at height {height}"
                );
            }
        }
    }

    // While a provider still lists what never was: a seller that believes it works for nothing.
    private void OnFaultEnds(Fault fault)
    {
        foreach (var agreement in fault.Kind == Faults.Forged ? _agreements.Where(a => a.Job.Seller == fault.Who) : [])
        {
            if (
                !_everLocked.Contains(agreement.Identifier)
                && Glance(fault.Who, agreement.PaymentId) is { State: OnChainState.FundsLocked or OnChainState.ResultSubmitted } seller
            )
            {
                _verdicts.Add(
                    "I6",
                    $"{agreement.Job.Id} forged",
                    $"job {agreement.Job.Id} was never paid, and the seller believes: {seller.Summary}",
                    agreement.Job.Id
                );
            }
        }
    }

    private void OnFailed(int node, Exception failure)
    {
        // The same fault of the same kind is one, whatever ids it names.
        var where = failure.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Masumi.Settlement", StringComparison.Ordinal))?.Trim() ?? "";
        _verdicts.Add("Always", $"{failure.GetType().Name} {where}", $"{failure.GetType().Name} out of a round of node {node}: {failure.Message} {where}");
    }

    private void JudgeEnd()
    {
        foreach (var (agreement, party) in _agreements.Zip(_parties))
        {
            var buyer = Glance(agreement.Job.Buyer, agreement.PurchaseId);
            EndJudge.Judge(
                agreement,
                _book.Find(agreement.Identifier),
                buyer,
                Glance(agreement.Job.Seller, agreement.PaymentId),
                _truth.Slots.TimeOf(_truth.Best.Tip.Slot) - TimeSpan.FromMinutes(25),
                _verdicts
            );
            if (party.Bought is { } bought)
            {
                _turns.Judge(agreement, bought, isKnown: buyer is { HasRival: false });
            }
        }

        var replay = new ReplayUnderTest(_truth, new Process(_scheduler, new Actor(_dice, "judge")).Time);
        foreach (var node in _nodes)
        {
            JudgeEvents(node);
            using var empty = NewDisk(node.Number);
            foreach (var difference in replay.Compare(node.Disk, empty))
            {
                _verdicts.Add("I6", $"{node.Name} {difference}", $"{node.Name}: {difference}");
            }

            JudgeEvents(node);
        }
    }

    private void JudgeEvents(Node node)
    {
        foreach (var wrong in StoreUnderTest.WrongEvents(node.Disk))
        {
            _verdicts.Add("I7", $"{node.Name} {wrong}", $"{node.Name}: {wrong}");
        }
    }

    private IDisk NewDisk(int node) =>
        _options.Disks.Make($"node {node} {_scenario.Shape.Wallets}", EngineUnderTest.Modules, d => EngineUnderTest.Fill(d, node, _scenario.Shape));

    private DealGlance? Glance(int node, string id) =>
        new DealsUnderTest(new DirectDatabase(_nodes[node].Disk), _nature.Time).LookAsync(id).GetAwaiter().GetResult();

    private ImmutableSortedDictionary<string, int> Ends() =>
        _agreements
            .Select(a => $"{a.Job.Behaviour}: {EndOf(_book.Find(a.Identifier))}")
            .GroupBy(e => e, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    private static string EndOf(EscrowEntry entry) =>
        entry.Own is { } own ? own.Datum.State.ToString()
        : entry.OwnLocks == 0 ? "not paid"
        : entry.Actions.LastOrDefault(a => a.IsTerminal()).ToString();

    private IEnumerable<(Address Address, bool Sells)> OurAddresses() =>
        from node in Enumerable.Range(0, _scenario.Shape.Nodes)
        from family in Families
        from sells in Sides
        from index in Enumerable.Range(0, _scenario.Shape.Wallets)
        select (Materials.AddressOf(Materials.WalletName(node, family, sells, index)), sells);

    private static DevnetOptions Genesis(Scenario scenario, List<(Address Address, bool Sells)> ours)
    {
        // Enough for all jobs at once.
        var need = Math.Max(200, scenario.Jobs.Where(j => j.Behaviour != Behaviour.Unaffordable).Sum(j => j.Ada + 5) + 50);
        var coins = ours.SelectMany(o =>
            o.Sells
                ? SellersCoins.Select(c => new GenesisAccount(o.Address, Value.Of(Lovelace.FromAda(c))))
                : new[] { need / 2L, need / 3, need / 3, 10 }.Select(c => new GenesisAccount(o.Address, Value.Of(Lovelace.FromAda(c))))
        );
        var strangers = Enumerable
            .Range(0, StrangersCoins)
            .Select(_ => new GenesisAccount(Materials.AddressOf(Stranger.Name), Value.Of(Lovelace.FromAda(1_500))));
        return new DevnetOptions
        {
            GenesisTime = Materials.Start.AddMinutes(-10),
            Accounts = [.. coins, .. strangers],
            Evaluator = Materials.Evaluator,
        };
    }

    private string Describe(Transaction transaction)
    {
        var locks = transaction
            .Body.Outputs.Where(o => o.Address == Materials.V1.Address || o.Address == Materials.V2.Address)
            .Select(o =>
                EscrowDatum.TryRead(o, o.Address == Materials.V1.Address ? EscrowFamily.V1 : EscrowFamily.V2, out var datum, out _)
                && _byIdentifier.TryGetValue(IdentifierParts.Of(datum, o.Address).Encode(), out var agreement)
                    ? string.Create(CultureInfo.InvariantCulture, $"job {agreement.Job.Id} {datum.State}")
                    : "something else"
            );
        return $"{Short(transaction.Id)} [{string.Join(", ", locks)}] from {string.Join(" ", transaction.Body.Inputs.Select(i => $"{Short(i.TxId)}#{i.Index}"))}";
    }

    private static string Short(object id) => id.ToString()![..8];

    private static string NodeName(int node) => string.Create(CultureInfo.InvariantCulture, $"node {node}");
}
