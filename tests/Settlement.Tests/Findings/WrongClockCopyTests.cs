using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>ADR 7 beside F19: the machine that a copy is put back on has a clock that stands where the copy was made , four minutes behind, within what a tip may be ahead; the chain says otherwise.</summary>
public sealed class WrongClockCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-findings-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Copy => Path.Combine(_folder, "copy.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    // A copy of a node that was stopped in order; the lists are blind for the other half's lock at first.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_is_as_old_as_the_chain_says_whatever_the_clock_on_the_wall_does(bool isClockRight)
    {
        await using var world = await SettlementWorld.CreateAsync(
            buyerCoins: 4,
            buyerDatabase: SqliteDatabase.Open(Path.Combine(_folder, "node.db"), TimeProvider.System)
        );
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.SignOffAsync();
        Back();
        var height = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Devnet.Mine();
        if (isClockRight)
        {
            world.Time.Move(TimeSpan.FromMinutes(4));
            world.Devnet.Mine();
        }
        else
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(4));
        }

        world.Buyer = world.Buyer.On(SqliteDatabase.Open(Copy, TimeProvider.System));
        world.Buyer.Chain.ListsStandAt = height;
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        world.Buyer.Chain.ListsStandAt = null;
        for (var i = 0; i < 15; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await world.SettleAsync();
        Assert.Equal([handed], world.LocksOf(identifier));
    }

    private void Back()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "node.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"VACUUM INTO '{Copy}'";
        command.ExecuteNonQuery();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
