using Masumi.Contracts.Registry.V2;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>An agent is updated once for each time it is asked for, whatever the chain does meanwhile.</summary>
public sealed class UpdatedAgentTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task An_update_burns_the_token_and_mints_the_next_one_which_can_be_updated_and_burned_too()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var agent = await RegisteredAsync(world);
        await AskAsync(world, "Echo, better");
        await world.SettleAsync();
        var second = await OnlyAsync(world);
        Assert.Equal((RegistrationState.UpdateConfirmed, AgentVersions.Next(agent), "Echo, better"), (second.State, second.AgentIdentifier, second.Name));
        await AskAsync(world, "Echo, best");
        await world.SettleAsync();
        var third = await OnlyAsync(world);
        Assert.Equal((RegistrationState.UpdateConfirmed, AgentVersions.Next(second.AgentIdentifier!)), (third.State, third.AgentIdentifier));

        // Looking again tells the same once more.
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        Assert.Equal(third with { UpdatedAt = default }, await OnlyAsync(world) with { UpdatedAt = default });
        await RetireAsync(world);
        await world.SettleAsync();
        Assert.Equal(RegistrationState.DeregistrationConfirmed, (await OnlyAsync(world)).State);
        Assert.Equal(3, EchoAgent.MintsOf(world));
    }

    [Fact]
    public async Task An_update_that_a_rollback_takes_comes_again()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var agent = await RegisteredAsync(world);
        await AskAsync(world, "Echo, better");
        await world.SettleAsync();
        world.Devnet.Rollback(1, drop: true);
        world.Devnet.Mine();
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        var after = await OnlyAsync(world);
        Assert.Equal((RegistrationState.UpdateConfirmed, AgentVersions.Next(agent)), (after.State, after.AgentIdentifier));
        Assert.Equal(2, EchoAgent.MintsOf(world));
    }

    [Fact]
    public async Task An_update_whose_script_fails_in_a_block_leaves_the_agent_as_it_was()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var agent = await RegisteredAsync(world);
        await AskAsync(world, "Echo, better");
        world.Devnet.FailNextInBlock();
        await world.SettleAsync();
        var failed = await OnlyAsync(world);
        Assert.Equal((RegistrationState.UpdateFailed, agent), (failed.State, failed.AgentIdentifier));
        Assert.NotNull(failed.Error);
        await AskAsync(world, "Echo, best");
        await world.SettleAsync();
        Assert.Equal(AgentVersions.Next(agent), (await OnlyAsync(world)).AgentIdentifier);
    }

    // The update was asked for when the copy was made, and the other half made it; and then it made one more.
    [Fact]
    public async Task What_the_other_half_updated_is_not_updated_again_nor_taken_for_an_end()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        var agent = await RegisteredAsync(world);
        await AskAsync(world, "Echo, better");
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.SettleAsync();
        await AskAsync(world, "Echo, best");
        await world.SettleAsync();
        var there = await OnlyAsync(world);
        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        for (var i = 0; i < 15; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        var here = await OnlyAsync(world);
        Assert.Equal((RegistrationState.UpdateConfirmed, AgentVersions.Next(AgentVersions.Next(agent)!)), (here.State, here.AgentIdentifier));
        Assert.Equal((there.AgentIdentifier, there.Entry, there.Name), (here.AgentIdentifier, here.Entry, here.Name));
        Assert.Equal(3, EchoAgent.MintsOf(world));
    }

    private static async Task<AgentIdentifier> RegisteredAsync(SettlementWorld world)
    {
        await EchoAgent.RegisterAsync(world, "agent");
        await world.SettleAsync();
        var registered = await OnlyAsync(world);
        Assert.Equal(RegistrationState.RegistrationConfirmed, registered.State);
        return registered.AgentIdentifier!;
    }

    private static async Task<Registration> OnlyAsync(SettlementWorld world) => Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));

    private static Task AskAsync(SettlementWorld world, string name) =>
        TellAsync(world, new RegistrationEvent.UpdateAsked(EchoAgent.Saying(name), world.Buyer.Wallet.Id, null, null));

    private static Task RetireAsync(SettlementWorld world) => TellAsync(world, new RegistrationEvent.DeregistrationAsked(world.Buyer.Wallet.Id));

    private static async Task TellAsync(SettlementWorld world, RegistrationEvent asked) =>
        Assert.NotNull(
            await world.Buyer.Store.Registrations.ChangeAsync(
                "agent",
                r => RegistrationMachine.Apply(r, asked, world.Now) is var after && after != r ? after : null,
                world.Time.GetUtcNow(),
                Stop
            )
        );
}
