using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>What failed in a block and was called valid for a while.</summary>
public sealed class FalselyValidTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Twice in one round a provider calls a collection valid whose scripts failed; from then on it tells the truth.
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public async Task A_collection_that_was_called_valid_for_a_while_and_failed_is_made_again(EscrowFamily family)
    {
        await using var world = await SettlementWorld.CreateAsync(escrow: family == EscrowFamily.V1 ? SettlementWorld.ContractV1 : SettlementWorld.Contract);
        world.Fund(world.Seller.Wallet.Address, 50);
        var identifier = await world.LockAsync(20);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        world.Devnet.Advance(TimeSpan.FromHours(8));
        world.Devnet.FailNextInBlock();
        var lies = 0;
        world.Seller.Chain.Retell = told => told.IsValid || lies++ >= 2 ? told : told with { IsValid = true };
        await world.Seller.RoundAsync();
        for (var block = 0; block < 4; block++)
        {
            world.Devnet.Mine();
            await world.Seller.RoundAsync();
        }

        world.Seller.Chain.Retell = told => told;
        Assert.Contains(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.IsValid);
        for (var i = 0; i < 4; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(31));
        }

        world.Seller.Restart();
        await world.SettleAsync();
        await world.PassAsync(TimeSpan.FromMinutes(31));
        var looking = world.Seller.Engine.LookAgainAsync([world.Seller.Source.Id], Stop, world.Now.AddHours(-10));
        await world.Seller.RoundAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{(await world.Seller.DealAsync(identifier)).OnChainState}; look: {await looking}");
        Assert.DoesNotContain(world.Devnet.State.Utxos, u => u.Value.Address == world.Escrow.Address);
    }

    // P26 the other way: once called valid, and never asked about again.
    [Fact]
    public async Task A_registration_that_was_once_called_valid_and_failed_is_seen_at_the_next_look()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await EchoAgent.RegisterAsync(world, "agent");
        world.Devnet.FailNextInBlock();
        var lies = 0;
        world.Buyer.Chain.Retell = told => !told.IsValid && lies++ == 0 ? told with { IsValid = true } : told;
        await world.SettleAsync();
        Assert.True(lies > 0);
        Assert.Equal(0, EchoAgent.MintsOf(world));
        for (var i = 0; i < 4; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(31));
        }

        world.Buyer.Restart();
        await world.SettleAsync();
        var state = Assert.Single(await world.Buyer.Store.Registrations.ListAsync(Stop)).State;
        Assert.Equal((RegistrationState.RegistrationFailed, 0), (state, EchoAgent.MintsOf(world)));
    }
}
