using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A registration names the agent that there is.</summary>
public sealed class RegisteredAgentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // A mint, its replacement after a fork, and the fork back: the agent there is is the first one.
    [Fact]
    public async Task A_registration_names_the_agent_that_the_chain_has()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await EchoAgent.RegisterAsync(world, "agent");
        await world.Buyer.RoundAsync();
        var mint = Assert.Single(world.Buyer.Chain.Handed);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        var confirmed = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));
        Assert.Equal(RegistrationState.RegistrationConfirmed, confirmed.State);

        // The fork has another spending of what the mint spends.
        var wallet = world.Buyer.Wallet.Address;
        world.Devnet.Rollback(1, drop: true);
        var coins = world.Devnet.State.Utxos.Where(u => mint.Body.Inputs.Contains(u.Key)).Select(u => new Utxo(u.Key, u.Value)).ToArray();
        var plan = new TransactionPlan
        {
            Available = [],
            Inputs = [.. coins],
            Outputs = [new TxOutput(wallet, Value.Of(Lovelace.FromAda(7)))],
            ChangeAddress = wallet,
            Signers = [world.Buyer.Keys.Payment],
        };
        var other = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new PlutusEvaluator()));
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(other.Transaction));
        world.Devnet.Mine();
        for (var i = 0; i < 3 && world.Buyer.Chain.Handed.Count < 2; i++)
        {
            await world.Buyer.RoundAsync();
            world.Buyer.Engine.LookAgain();
        }

        await world.Buyer.RoundAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"handed: {world.Buyer.Chain.Handed.Count}");
        var replaced = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));
        Assert.NotEqual(confirmed.AgentIdentifier, replaced.AgentIdentifier);

        // And back.
        Assert.True(world.Devnet.TryFork(1, 2, drop: true, first: [mint]));
        await world.SettleAsync();
        world.Buyer.Engine.LookAgain();
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        var minted = Assert.Single(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.Body.Mint.IsAdaOnly);
        Assert.Equal(mint.Id, minted.Id);
        var after = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));
        Assert.Equal((RegistrationState.RegistrationConfirmed, confirmed.AgentIdentifier), (after.State, after.AgentIdentifier));
    }
}
