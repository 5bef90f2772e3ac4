using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>What the other half minted and burned for agents is known for what it is (O1b).</summary>
public sealed class RegisteredElsewhereTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // An agent that once failed to be registered is asked for again in the same words; the mint of the other half passes for that of the one that failed.
    [Fact]
    public async Task A_mint_of_the_other_half_is_not_taken_for_that_of_an_older_registration_in_the_same_words()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await EchoAgent.RegisterAsync(world, "older");
        world.Devnet.FailNextInBlock();
        await world.SettleAsync();
        Assert.Equal(RegistrationState.RegistrationFailed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
        world.Time.Move(TimeSpan.FromMinutes(1));
        world.Devnet.Mine();
        await EchoAgent.RegisterAsync(world, "newer");
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.SettleAsync();
        Assert.Equal(1, EchoAgent.MintsOf(world));
        await OnCopyAfterHoldAsync(world);
        Assert.Equal(1, EchoAgent.MintsOf(world));
        var newer = (await world.Buyer.Store.Registrations.ListAsync(Stop)).Single(r => r.Id == "newer");
        Assert.Equal(RegistrationState.RegistrationConfirmed, newer.State);
    }

    // The burn was asked for when the copy was made, and the other half made it.
    [Fact]
    public async Task A_burn_that_the_other_half_made_ends_the_deregistration()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await EchoAgent.RegisterAsync(world, "agent");
        await world.SettleAsync();
        Assert.NotNull(
            await world.Buyer.Store.Registrations.ChangeAsync(
                "agent",
                r => RegistrationMachine.Apply(r, new RegistrationEvent.DeregistrationAsked(), world.Now),
                world.Time.GetUtcNow(),
                Stop
            )
        );
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.SettleAsync();
        Assert.Equal(RegistrationState.DeregistrationConfirmed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
        await OnCopyAfterHoldAsync(world);
        await world.PassAsync(TimeSpan.FromHours(3));
        await world.PassAsync(TimeSpan.FromHours(3));
        var after = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));
        Assert.Equal((RegistrationState.DeregistrationConfirmed, null), (after.State, after.Error));
    }

    // The copy is from before the mint; the other half made it, and burned it since.
    [Fact]
    public async Task A_mint_that_the_other_half_made_and_burned_since_registers_nothing()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        await EchoAgent.RegisterAsync(world, "agent");
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.SettleAsync();
        await world.Buyer.Store.Registrations.ChangeAsync(
            "agent",
            r => RegistrationMachine.Apply(r, new RegistrationEvent.DeregistrationAsked(), world.Now),
            world.Time.GetUtcNow(),
            Stop
        );
        await world.SettleAsync();
        Assert.Equal(RegistrationState.DeregistrationConfirmed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
        await OnCopyAfterHoldAsync(world);
        await world.PassAsync(TimeSpan.FromMinutes(31));
        Assert.NotEqual(RegistrationState.RegistrationConfirmed, Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State);
    }

    private async Task OnCopyAfterHoldAsync(SettlementWorld world)
    {
        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
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
    }
}
