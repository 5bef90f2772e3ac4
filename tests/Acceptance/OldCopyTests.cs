using Microsoft.Data.Sqlite;

namespace Masumi.Acceptance;

/// <summary>O1 on running nodes: the database is put back to what it was before the lock.</summary>
public sealed class OldCopyTests
{
    // O1: the lock is in a block, or still in a mempool, when the copy starts.
    [Theory(Timeout = 300_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_on_a_copy_from_before_the_lock_adopts_it_and_pays_nothing(bool isInBlock)
    {
        await using var owned = new Owned();
        var trade = owned.Trade;
        await trade.InitializeAsync();

        // A purchase without the money for it, and the backup of that.
        var identifier = await trade.BuyAsync();
        var copy = trade.Buyer.Database + ".copy";
        await trade.Buyer.StopAsync();
        File.Copy(trade.Buyer.Database, copy);
        await trade.Buyer.StartAsync();
        if (!isInBlock)
        {
            // Coins, but no block from then on.
            trade.Pay(coins: 2, ada: 60);
            await trade.BlocksAsync(1);
            trade.Devnet.Chain.Pause();
        }
        else
        {
            trade.Pay(coins: 2, ada: 60);
        }

        await Trade.UntilAsync(
            "lock",
            () =>
                Task.FromResult(
                    isInBlock ? trade.Locks(identifier).Count : trade.Devnet.Chain.Mempool.Count(t => t.Body.Outputs.Any(o => o.Address == Trade.Escrow))
                ),
            count => count > 0
        );
        await trade.Buyer.KillAsync();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(copy)!, "buyer.db*").Where(f => f != copy))
        {
            File.Delete(file);
        }

        File.Move(copy, trade.Buyer.Database);
        Age(trade.Buyer.Database);
        if (isInBlock)
        {
            // A larger coin, that a new lock would be made from.
            trade.Pay(coins: 1, ada: 900);
            await trade.BlocksAsync(2);
        }

        await trade.Buyer.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.InRange(trade.Devnet.Chain.Mempool.Count(t => t.Body.Outputs.Any(o => o.Address == Trade.Escrow)), isInBlock ? 0 : 1, isInBlock ? 0 : 1);

        // Beyond the hold.
        trade.Devnet.Chain.Resume();
        await trade.BlocksAsync(2);
        trade.Devnet.Chain.Advance(TimeSpan.FromMinutes(12));
        await trade.BlocksAsync(5);
        Assert.Single(trade.Locks(identifier));
        await trade.GoesOnAsync(identifier);
    }

    // As if the backup were ten minutes old.
    private static void Age(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE engine_life SET beat_ms = beat_ms - 600000";
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private sealed class Owned : IAsyncDisposable
    {
        public Trade Trade { get; } = new();

        public ValueTask DisposeAsync() => Trade.DisposeAsync();
    }
}
