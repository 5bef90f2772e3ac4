using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>Escrows of the V1 rules from lock to end, on the devnet, by the same engine.</summary>
public class FirstGenerationTests
{
    private const string Result = "2222222222222222222222222222222222222222222222222222222222222222";

    private static Task<SettlementWorld> WorldAsync() => SettlementWorld.CreateAsync(escrow: SettlementWorld.ContractV1);

    private static async Task<(Deal Buyer, Deal Seller)> BothAsync(SettlementWorld world, string identifier) =>
        (await world.Buyer.DealAsync(identifier), await world.Seller.DealAsync(identifier));

    private static async Task ExpectAsync(SettlementWorld world, string identifier, OnChainState state)
    {
        var (buyer, seller) = await BothAsync(world, identifier);
        Assert.True(buyer.Projection.State == state, $"buyer: {buyer.Projection.State} {buyer.Problem}");
        Assert.True(seller.Projection.State == state, $"seller: {seller.Projection.State} {seller.Problem}");
    }

    [Fact]
    public async Task A_result_is_paid_for_and_the_fee_wallet_gets_its_twentieth()
    {
        await using var world = await WorldAsync();
        var identifier = await world.LockAsync(100);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await ExpectAsync(world, identifier, OnChainState.ResultSubmitted);
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        await ExpectAsync(world, identifier, OnChainState.Withdrawn);

        var collected = world.Devnet.Blocks.SelectMany(b => b.Transactions).Single(t => t.Body.Outputs.Any(o => o.Address == world.Escrow.FeeAddress));
        Assert.Equal(Lovelace.FromAda(5), collected.Body.Outputs.Single(o => o.Address == world.Escrow.FeeAddress).Value.Coin);
    }

    [Fact]
    public async Task Several_escrows_are_served_one_transaction_each()
    {
        await using var world = await WorldAsync();
        var identifiers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            identifiers.Add(await world.AgreeAsync(10));
        }

        await world.SettleAsync();
        foreach (var identifier in identifiers)
        {
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        }

        await world.SettleAsync(8);
        foreach (var identifier in identifiers)
        {
            await ExpectAsync(world, identifier, OnChainState.ResultSubmitted);
        }

        Assert.All(world.Devnet.Blocks.SelectMany(b => b.Transactions).Where(t => t.Witnesses.Redeemers.Any()), t => Assert.Single(t.Witnesses.Redeemers));
    }

    [Fact]
    public async Task Without_a_result_the_buyer_is_refunded()
    {
        await using var world = await WorldAsync();
        var identifier = await world.LockAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await ExpectAsync(world, identifier, OnChainState.RefundRequested);
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await ExpectAsync(world, identifier, OnChainState.RefundWithdrawn);
    }

    [Fact]
    public async Task A_request_for_a_refund_can_be_taken_back()
    {
        await using var world = await WorldAsync();
        var identifier = await world.LockAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await ExpectAsync(world, identifier, OnChainState.RefundRequested);
        await world.Buyer.WantAsync(identifier, Intent.CancelRefundRequest);
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        await ExpectAsync(world, identifier, OnChainState.FundsLocked);
        Assert.Equal(Intent.Nothing, (await world.Buyer.DealAsync(identifier)).Intent);

        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await ExpectAsync(world, identifier, OnChainState.ResultSubmitted);
    }

    [Fact]
    public async Task A_dispute_taken_back_is_a_submitted_result_again()
    {
        await using var world = await WorldAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await ExpectAsync(world, identifier, OnChainState.Disputed);
        await world.Buyer.WantAsync(identifier, Intent.CancelRefundRequest);
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        await ExpectAsync(world, identifier, OnChainState.ResultSubmitted);
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        await ExpectAsync(world, identifier, OnChainState.Withdrawn);
    }

    [Fact]
    public async Task A_seller_who_agrees_to_a_refund_takes_the_result_back_for_good()
    {
        await using var world = await WorldAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.AuthorizeRefund);
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        await ExpectAsync(world, identifier, OnChainState.RefundRequested);
        var seller = await world.Seller.DealAsync(identifier);
        Assert.Equal(Intent.Nothing, seller.Intent);
        Assert.Null(seller.Problem);
        Assert.Equal(Result, seller.Projection.ResultHash);

        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await ExpectAsync(world, identifier, OnChainState.RefundWithdrawn);
    }
}
