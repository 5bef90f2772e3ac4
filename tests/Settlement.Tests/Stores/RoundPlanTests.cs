using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Masumi.Storage;
using Masumi.Storage.Sqlite;
using SQLitePCL;

namespace Masumi.Settlement.Tests.Stores;

/// <summary>A round costs what is open, not what there ever was.</summary>
public sealed partial class RoundPlanTests
{
    // What stays small: sources, wallets, the points of one rollback, scripts, processes, money without a deal, rules of balances, and what a question within a question found.
    private static readonly string[] Small =
    [
        "payment_source",
        "hot_wallet",
        "chain_point",
        "p",
        "n",
        "q",
        "contract_script",
        "engine_life",
        "o",
        "found",
        "b",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_question_of_a_round_goes_through_everything_that_is_finished()
    {
        await using var world = await SettlementWorld.CreateAsync(StoreKind.Sqlite, buyerCoins: 4);
        await using var traced = new TracedDatabase(world.Buyer.Database);
        world.Buyer = world.Buyer.On(traced);
        var identifier = await world.LockAsync();
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Rails.Intent.RequestRefund);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(12));
        await world.SettleAsync();
        Assert.NotEmpty(traced.Statements);
        var statements = traced.Statements.Where(s => Question().IsMatch(s)).Distinct().ToList();

        var scans = await traced.ReadAsync(
            async connection =>
            {
                var partial = (await connection.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")).ToHashSet();
                var found = new SortedSet<string>(StringComparer.Ordinal);
                foreach (var sql in statements)
                {
                    foreach (var plan in await connection.QueryAsync<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN {sql}"))
                    {
                        var scan = Scan().Match(plan.Detail);
                        if (scan.Success && !Small.Contains(scan.Groups["table"].Value) && !partial.Contains(scan.Groups["index"].Value))
                        {
                            found.Add($"{plan.Detail}: {Literal().Replace(sql, "?")}");
                        }
                    }
                }

                return found;
            },
            Stop
        );
        Assert.True(scans.Count == 0, string.Join("\n", scans));
    }

    [GeneratedRegex("^(SELECT|UPDATE|DELETE|INSERT)")]
    private static partial Regex Question();

    [GeneratedRegex("^SCAN (?!CONSTANT)(?<table>\\w+)( USING (COVERING )?INDEX (?<index>\\w+))?")]
    private static partial Regex Scan();

    [GeneratedRegex("x?'[^']*'")]
    private static partial Regex Literal();

    private sealed class TracedDatabase(IDatabase database) : IDatabase
    {
        private readonly ConcurrentQueue<string> _statements = [];

        public IReadOnlyCollection<string> Statements => _statements;

        public SqlDialect Dialect => database.Dialect;

        public Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) => database.MigrateAsync(modules, cancellation);

        public Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) =>
            database.IsCurrentAsync(modules, cancellation);

        public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
            database.ReadAsync(c => TraceAsync(c, () => read(c)), cancellation);

        public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation) =>
            database.WriteAsync((c, t) => TraceAsync(c, () => write(c, t)), cancellation);

        public bool IsUniqueViolation(Exception exception) => database.IsUniqueViolation(exception);

        // The one beneath belongs to the world.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task<T> TraceAsync<T>(DbConnection connection, Func<Task<T>> run)
        {
            var handle = ((KeptConnection)connection).Inner.Handle;
            raw.sqlite3_trace(handle, (_, sql) => _statements.Enqueue(sql), null);
            try
            {
                return await run();
            }
            finally
            {
                raw.sqlite3_trace(handle, (strdelegate_trace?)null, null);
            }
        }
    }
}
