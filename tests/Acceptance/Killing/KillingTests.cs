using System.Globalization;
using Masumi.Tests;

namespace Masumi.Acceptance.Killing;

/// <summary>
/// The nodes as processes under load, killed again and again. <c>MASUMI_KILLING</c> says for how many seconds (<c>./masumi test --long</c>: 300), <c>MASUMI_KILLING_SEED</c>
/// repeats the choices of a run, and <c>MASUMI_KILLING_JUMPS=1</c> moves the clock under load too; what of a job they meet is the scheduler's choice, so a repeated run is a similar one.
/// </summary>
[Collection("alone")]
public sealed class KillingTests
{
    private static readonly TimeSpan BetweenPurchases = TimeSpan.FromSeconds(1.2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private Trade _trade = null!;
    private readonly List<Job> _jobs = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 1_800_000)]
    public async Task Each_deal_ends_once_and_right_while_nodes_are_killed_and_blocks_taken_back_under_load()
    {
        var seconds = Number("MASUMI_KILLING");
        Assert.SkipWhen(seconds is null, "It takes minutes: ./masumi test --long (MASUMI_KILLING says for how many seconds).");
        var lasts = TimeSpan.FromSeconds(seconds!.Value);
        var seed = Number("MASUMI_KILLING_SEED") ?? Environment.TickCount & 0xffff;
        Say($"seed {seed}, {lasts.TotalSeconds} s");
        await using var trade = new Trade();
        _trade = trade;
        try
        {
            await RunAsync(seed, lasts);
        }
        catch (Exception)
        {
            trade.IsKept = true;
            Say($"databases and logs are left in {trade.Folder}");
            throw;
        }
    }

    private async Task RunAsync(int seed, TimeSpan lasts)
    {
        await _trade.InitializeAsync();
        _trade.Pay(coins: 40, ada: 50 + ((long)lasts.TotalSeconds * 2));

        // No rollback reaches so far.
        await _trade.BlocksAsync(10);
        var (since, buyer, seller) = (
            _trade.Devnet.Chain.Tip.Height,
            ChainBook.Balance(_trade, Trade.BuyersWallet),
            ChainBook.Balance(_trade, Trade.SellersWallet)
        );
        var clients = new JobClients(_trade, Stop);
        var chaos = new Chaos(_trade, seed, lasts, Number("MASUMI_KILLING_JUMPS") is > 0);
        var load = LoadAsync(clients, new Random(seed + 3), lasts);
        try
        {
            await chaos.RunAsync(Stop);
            await EndAsync(clients, Task.WhenAll(await load));
            var book = ChainBook.Read(_trade, since);
            Say(
                $"{_jobs.Count} deals ({string.Join(", ", _jobs.CountBy(j => j.Fate).OrderBy(f => f.Key).Select(f => $"{f.Value} {f.Key}"))}), {chaos.Kills} kills, "
                    + $"{chaos.Rollbacks} rollbacks of {chaos.BlocksTakenBack} blocks with {chaos.TransactionsTakenBack} transactions, {chaos.Jumps} jumps of the clock, "
                    + $"{_trade.Devnet.Chain.Tip.Height - since} blocks with {book.Transactions} transactions"
            );
            var wrong = await new Verdict(_trade, clients, _jobs).ReachAsync(book, buyer, seller);
            Assert.True(wrong.Count == 0, $"{wrong.Count} are wrong:\n{string.Join("\n", wrong)}");
        }
        finally
        {
            Say($"what happened:\n{string.Join("\n", chaos.Happened)}\nanswers:\n{string.Join("\n", clients.Answers)}");
        }
    }

    // A purchase now and then, whether or not the ones before are done.
    private async Task<List<Task>> LoadAsync(JobClients clients, Random random, TimeSpan lasts)
    {
        var began = TimeProvider.System.GetTimestamp();
        var playing = new List<Task>();
        while (TimeProvider.System.GetElapsedTime(began) < lasts)
        {
            // Half of all jobs are simply delivered.
            var fates = Enum.GetValues<Fate>();
            var job = new Job(_jobs.Count + 1, random.Next(2) == 0 ? Fate.Delivered : fates[random.Next(fates.Length)]);
            _jobs.Add(job);
            playing.Add(clients.PlayAsync(job));
            await Task.Delay(BetweenPurchases, Stop);
        }

        return playing;
    }

    // What is bought is locked before time is moved. Then deadlines pass: slowly while somebody still decides something, and faster after that.
    private async Task EndAsync(JobClients clients, Task playing)
    {
        var began = TimeProvider.System.GetTimestamp();
        var open = new List<Job>(_jobs);
        foreach (var job in _jobs)
        {
            await Trade.UntilAsync(
                $"{job} locked",
                async () => job.IsBought ? await clients.RowAsync("purchase", job.Identifier!) : null,
                row => row is not null && JobClients.State(row) is not null
            );
        }

        while (open.Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(playing.IsCompleted ? 3 : 7), Stop);
            Chaos.Advance(_trade, playing.IsCompleted ? 3 * Chaos.Jump : Chaos.Jump);
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                await ExplainAsync(open);
                return;
            }

            if (!playing.IsCompleted)
            {
                continue;
            }

            // What a client could not do ends the test.
            await playing;
            var ended = new List<Job>();
            foreach (var job in open)
            {
                var rows = new[] { await clients.RowAsync("purchase", job.Identifier!), await clients.RowAsync("payment", job.Identifier!) };
                if (rows.All(r => (string?)r?["NextAction"]?["requestedAction"] == "None"))
                {
                    ended.Add(job);
                }
            }

            open.RemoveAll(ended.Contains);
        }
    }

    private async Task ExplainAsync(List<Job> open)
    {
        Say($"{open.Count} deals have not ended");
        foreach (var job in open.Where(j => j.Identifier is not null).Take(5))
        {
            foreach (var node in new[] { _trade.Buyer, _trade.Seller })
            {
                var (_, output, error) = await ProcessRun.RunAsync("masumi.dll", "", "deals", "why", job.Identifier!, "--database", node.Database);
                Say($"{job}:\n{output}{error}");
            }
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Say(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);
}

/// <summary>What needs both processors for itself.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
