using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain.Tests;

/// <summary>One scripted answer.</summary>
/// <param name="Status">HTTP status; 0 cuts the connection.</param>
/// <param name="Body">JSON or anything else.</param>
internal sealed record Answer(int Status, string Body)
{
    /// <summary>The header <c>Retry-After</c>.</summary>
    public string? RetryAfter { get; init; }

    public static Answer Lost { get; } = new(0, "");

    public static Answer Never { get; } = new(-1, "");

    public static Answer Ok(string body) => new(200, body);

    public static Answer Error(int status, string message) =>
        new(
            status,
            new JsonObject
            {
                ["status_code"] = status,
                ["error"] = "Error",
                ["message"] = message,
            }.ToJsonString()
        );
}

internal sealed record TestBlock(long Height, Hash32 Hash, Hash32? Previous, List<Transaction> Transactions);

/// <summary>
/// A real HTTP server on loopback that answers in Blockfrost's shapes from a small chain of blocks, and from scripted answers where a test wants trouble.
/// </summary>
internal sealed class ScriptedBlockfrost : IAsyncDisposable
{
    public const long GenesisUnix = 1_700_000_000;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Queue<Answer>> _scripted = new();
    private readonly CancellationTokenSource _stop = new();
    private int _fork;

    private ScriptedBlockfrost(WebApplication app)
    {
        _app = app;
        Mine();
    }

    public Uri BaseUrl => new(_app.Urls.Single() + "/api/v0");

    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<string?> ProjectIds { get; } = new();

    public List<TestBlock> Blocks { get; } = [];

    /// <summary>Which transactions a list names; by default all of them.</summary>
    public Func<string, Transaction, bool> Concerns { get; set; } = (_, _) => true;

    /// <summary>The answer to everything, while it is not null.</summary>
    public Answer? Always { get; set; }

    /// <summary>The answer to a path with query, before all others; null where there is none.</summary>
    public Func<string, Answer?> Instead { get; set; } = _ => null;

    /// <summary>Blocks below this height cannot be asked for, as where the index was set up from a snapshot.</summary>
    public long HidesBelow { get; set; }

    /// <summary>Of those, heights are known all the same.</summary>
    public bool HidesHashesOnly { get; set; }

    public TestBlock Tip => Blocks[^1];

    public static async Task<ScriptedBlockfrost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        ScriptedBlockfrost? server = null;
        app.Run(context => server!.HandleAsync(context));
        await app.StartAsync();
        return server = new ScriptedBlockfrost(app);
    }

    /// <summary>The chain of this one endpoint, by default with time limits that eager time leaves alone.</summary>
    public ProvidedChain Connect(BlockfrostOptions? endpoint = null, TimeProvider? time = null, ProvidedChainOptions? options = null) =>
        BlockfrostChain.Open(
            endpoint ?? new BlockfrostOptions { BaseUrl = BaseUrl, CallTimeout = TimeSpan.FromSeconds(20) },
            time ?? new EagerTime(),
            options ?? Local,
            new Random(1)
        );

    /// <summary>As for a devnet.</summary>
    public static ProvidedChainOptions Local { get; } =
        BlockfrostChain.Defaults(new Uri("http://127.0.0.1:1/")) with
        {
            CallBudget = TimeSpan.FromSeconds(60),
            ProbeLimit = TimeSpan.FromSeconds(20),
        };

    /// <summary>As for a public network, whose clock is not compared.</summary>
    public static ProvidedChainOptions Hosted { get; } = Local with { MayGoBack = false };

    /// <summary>Answers a path (with or without query) in this order; afterwards from the blocks again.</summary>
    public void Script(string path, params Answer[] answers) => _scripted[path] = new Queue<Answer>(answers);

    public TestBlock Mine(params Transaction[] transactions)
    {
        var height = Blocks.Count;
        var hash = new Hash32(SHA256.HashData(Encoding.ASCII.GetBytes($"block {height} of fork {_fork}")));
        var block = new TestBlock(height, hash, Blocks.Count == 0 ? null : Tip.Hash, [.. transactions]);
        Blocks.Add(block);
        return block;
    }

    /// <summary>Removes blocks; the ones mined next have other hashes.</summary>
    public void RollBack(int blocks)
    {
        Blocks.RemoveRange(Blocks.Count - blocks, blocks);
        _fork++;
    }

    /// <summary>The calls made while doing something, without the base path.</summary>
    public async Task<List<string>> CallsDuringAsync(Func<Task> act)
    {
        Calls.Clear();
        await act();
        return [.. Calls];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private static JsonObject Block(TestBlock block) =>
        new()
        {
            ["time"] = GenesisUnix + (block.Height * 20),
            ["height"] = block.Height,
            ["hash"] = block.Hash.ToString(),
            ["slot"] = block.Height * 20,
            ["epoch"] = 7,
            ["previous_block"] = block.Previous?.ToString(),
        };

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!["/api/v0".Length..];
        Calls.Enqueue(path + context.Request.QueryString);
        ProjectIds.Enqueue(context.Request.Headers["project_id"]);
        var answer =
            Always
            ?? Instead(path + context.Request.QueryString)
            ?? Scripted(path + context.Request.QueryString)
            ?? Scripted(path)
            ?? Compute(path, context.Request.Query);
        switch (answer.Status)
        {
            case 0:
                context.Abort();
                return;
            case -1:
                await Task.Delay(Timeout.Infinite, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            default:
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = "application/json";
                if (answer.RetryAfter is { } wait)
                {
                    context.Response.Headers.RetryAfter = wait;
                }

                await context.Response.WriteAsync(answer.Body);
                return;
        }
    }

    private Answer? Scripted(string path)
    {
        if (_scripted.TryGetValue(path, out var queue))
        {
            lock (queue)
            {
                return queue.TryDequeue(out var answer) ? answer : null;
            }
        }

        return null;
    }

    private Answer Compute(string path, IQueryCollection query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? answer = parts switch
        {
            ["blocks", "latest"] => Block(Tip),
            ["blocks", var which] => Blocks.Find(b => b.Hash.ToString() == which || $"{b.Height}" == which) is { } block
            && (block.Height >= HidesBelow || (HidesHashesOnly && which.Length < 64))
                ? Block(block)
                : null,
            ["txs", var id] => Find(id) is var (block, index) ? Inclusion(block, index) : null,
            ["txs", var id, "cbor"] => Find(id) is var (block, index)
                ? new JsonObject { ["cbor"] = Convert.ToHexStringLower(block.Transactions[index].Bytes.Span) }
                : null,
            ["addresses", var subject, "transactions"] => List(subject, query),
            ["assets", "policy", _] => null,
            ["assets", var subject, "transactions"] => List(subject, query),
            _ => null,
        };
        return answer is null ? Answer.Error(404, "The requested component has not been found.") : Answer.Ok(answer.ToJsonString());
    }

    private (TestBlock Block, int Index)? Find(string id)
    {
        foreach (var block in Blocks)
        {
            var index = block.Transactions.FindIndex(t => t.Id.ToString() == id);
            if (index >= 0)
            {
                return (block, index);
            }
        }

        return null;
    }

    private static JsonObject Inclusion(TestBlock block, int index) =>
        new()
        {
            ["hash"] = block.Transactions[index].Id.ToString(),
            ["block"] = block.Hash.ToString(),
            ["block_height"] = block.Height,
            ["block_time"] = GenesisUnix + (block.Height * 20),
            ["slot"] = block.Height * 20,
            ["index"] = index,
            ["valid_contract"] = block.Transactions[index].IsValid,
        };

    private JsonArray List(string subject, IQueryCollection query)
    {
        var count = Number(query, "count", 100);
        var page = Number(query, "page", 1);
        var rows = Blocks
            .Where(b => b.Height >= Number(query, "from", 0) && b.Height <= Number(query, "to", int.MaxValue))
            .SelectMany(b => b.Transactions.Select((tx, index) => (b, tx, index)))
            .Where(r => Concerns(subject, r.tx));
        rows = query["order"] == "desc" ? rows.Reverse() : rows;
        return new JsonArray([
            .. rows.Skip((page - 1) * count)
                .Take(count)
                .Select(r =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["tx_hash"] = r.tx.Id.ToString(),
                            ["tx_index"] = r.index,
                            ["block_height"] = r.b.Height,
                            ["block_time"] = GenesisUnix + (r.b.Height * 20),
                        }
                ),
        ]);
    }

    private static int Number(IQueryCollection query, string name, int otherwise) =>
        query.TryGetValue(name, out var value) ? int.Parse(value!, CultureInfo.InvariantCulture) : otherwise;
}

/// <summary>Real time, except that delays end at once and are written down; timeouts (more than 9 s here) stay real.</summary>
/// <param name="standsStill">Only delays and skips move it.</param>
internal sealed class EagerTime(bool standsStill = false) : TimeProvider
{
    private TimeSpan _skipped;

    public List<TimeSpan> Delays { get; } = [];

    public override DateTimeOffset GetUtcNow() => (standsStill ? DateTimeOffset.UnixEpoch : base.GetUtcNow()) + _skipped;

    public override long GetTimestamp() => (standsStill ? 0 : base.GetTimestamp()) + (long)(_skipped.TotalSeconds * TimestampFrequency);

    public void Skip(TimeSpan time) => _skipped += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || dueTime >= TimeSpan.FromSeconds(9))
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        lock (Delays)
        {
            Delays.Add(dueTime);
            _skipped += dueTime;
        }

        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

/// <summary>Transactions that differ in what a test needs to differ.</summary>
internal static class Sample
{
    public static Address Alice { get; } = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('a', 56))));

    // What no script runs in cannot fail.
    private static WitnessSet OfScript { get; } =
        WitnessSet.Empty with
        {
            Redeemers = [new Redeemer(new RedeemerPointer(RedeemerTag.Spend, 0), Datum.Of(new PlutusData.Integer(0)), new ExUnits(1, 1))],
        };

    public static Address Bob { get; } = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('b', 56))));

    public static Transaction Pay(int number, bool isValid = true, Lovelace? collateralReturn = null, bool runsScripts = false) =>
        Transaction.Create(
            new TransactionBody
            {
                Inputs = [new TxInput(new TransactionId(new Hash32(SHA256.HashData(BitConverter.GetBytes(number)))), 0)],
                Outputs = [new TxOutput(Alice, Value.Of(Lovelace.FromAda(number + 2))), new TxOutput(Bob, Value.Of(Lovelace.FromAda(5)))],
                Fee = new Lovelace(200_000),
                CollateralReturn = collateralReturn is { } coin ? new TxOutput(Bob, Value.Of(coin)) : null,
            },
            runsScripts || !isValid ? OfScript : WitnessSet.Empty,
            null,
            isValid
        );
}
