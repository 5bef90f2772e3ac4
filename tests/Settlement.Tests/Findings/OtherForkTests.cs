using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>What was told of a fork that is not the one that is followed.</summary>
public sealed class OtherForkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // While a round asks, the chain is for a moment another one that has the transfer in a block of the same height; then it is what it was, and goes on without it.
    [Fact]
    public async Task A_transfer_that_was_seen_in_a_block_of_another_fork_is_not_taken_for_made()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var somebody = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('9', 56))));
        var now = world.Time.GetUtcNow();
        await world.Buyer.Store.Transfers.InsertAsync(
            new Transfer
            {
                Id = "t",
                SourceId = world.Buyer.Source.Id,
                WalletId = world.Buyer.Wallet.Id,
                To = somebody,
                Amount = Value.Of(Lovelace.FromAda(20)),
                CreatedAt = now,
                GiveUpAt = now + TransferMachine.UsualPatience,
            },
            now,
            Stop
        );
        await SeenOnAnotherForkAsync(world);
        var paid = world.Devnet.State.Utxos.Where(u => u.Value.Address == somebody).Select(u => u.Value.Value.Coin).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{(await world.Buyer.Store.Transfers.GetAsync("t", Stop))!.State}");
        Assert.Equal([Lovelace.FromAda(20)], paid);
    }

    [Fact]
    public async Task A_registration_that_was_seen_in_a_block_of_another_fork_is_not_taken_for_made()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await EchoAgent.RegisterAsync(world, "agent");
        await SeenOnAnotherForkAsync(world);
        Assert.Equal(1, EchoAgent.MintsOf(world));
        var agent = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop));
        var minted = Assert.Single(world.Devnet.Blocks.SelectMany(b => b.Transactions), m => !m.Body.Mint.IsAdaOnly);
        Assert.Equal((RegistrationState.RegistrationConfirmed, AgentMint.In(minted)?.Agent), (agent.State, agent.AgentIdentifier));
    }

    // What the buyer's node sends is in a block for one question, and in none for all others.
    private static async Task SeenOnAnotherForkAsync(SettlementWorld world)
    {
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        await world.Buyer.RoundAsync();
        var sent = Assert.Single(world.Buyer.Chain.Handed);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        world.Devnet.Mine();
        var here = world.Devnet.TakeSnapshot();
        var forked = 0;
        world.Buyer.Chain.Before = question =>
        {
            if (question == "transaction" && forked++ == 0)
            {
                Assert.True(world.Devnet.TryFork(1, 2, first: [sent]));
            }

            return Task.CompletedTask;
        };
        await world.Buyer.RoundAsync();
        Assert.True(forked > 0);
        world.Buyer.Chain.Before = _ => Task.CompletedTask;
        Assert.True(world.Devnet.TryRevert(here!));
        world.Devnet.Mine();
        await world.SettleAsync();
        for (var i = 0; i < 4; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(31));
        }
    }
}
