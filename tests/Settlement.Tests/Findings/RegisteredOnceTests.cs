using Masumi.Protocol;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>An agent is registered once, and what the chain says of it is what stands.</summary>
public sealed class RegisteredOnceTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // Called failed in phase 2 once, and never again: no list of the contract names a mint, and nobody asks for one that failed.
    [Fact]
    public async Task A_registration_that_was_once_called_failed_is_seen_at_the_next_look()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await EchoAgent.RegisterAsync(world, "agent");
        var lies = 0;
        world.Buyer.Chain.Retell = told => !told.Transaction.Witnesses.Redeemers.IsEmpty && lies++ == 0 ? told with { IsValid = false } : told;
        await world.SettleAsync();
        Assert.True(lies > 0);
        Assert.Equal(1, EchoAgent.MintsOf(world));
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        world.Time.Move(TimeSpan.FromMinutes(31));
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        world.Buyer.Restart();
        await world.SettleAsync();
        Assert.Equal(RegistrationState.RegistrationConfirmed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
    }

    // O1: the backup is from before the registration was made; the other half made it, and it is in a block, in the wallet's own history.
    [Fact]
    public async Task A_copy_of_the_database_from_before_the_registration_registers_no_second_time()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        await EchoAgent.RegisterAsync(world, "agent");
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.SettleAsync();
        Assert.Equal(1, EchoAgent.MintsOf(world));

        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        var database = _file.OpenCopy();
        world.Buyer = world.Buyer.On(database);
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        for (var i = 0; i < 15; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await world.SettleAsync();
        Assert.Null(world.Buyer.HoldsUntil);
        Assert.Equal(1, EchoAgent.MintsOf(world));
        Assert.Equal(RegistrationState.RegistrationConfirmed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
    }
}
