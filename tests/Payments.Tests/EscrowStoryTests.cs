namespace Masumi.Payments.Tests;

/// <summary>The whole of a deal over HTTP, against a real devnet (spec payment-service-api.md 4, 6.1, 6.2).</summary>
public sealed class EscrowStoryTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private static readonly string ResultHash = new('b', 64);

    [Fact]
    public async Task A_delivered_result_is_collected_by_the_seller_after_the_unlock_time()
    {
        var identifier = await world.LockAsync();
        Assert.Equal(200, (await world.ActAsync("POST", "payment/submit-result", identifier, ResultHash)).Status);
        await world.BothAsync(identifier, "ResultSubmitted");
        world.Devnet.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "Withdrawn");
        var purchase = (await world.ActAsync("POST", "purchase/resolve-blockchain-identifier", identifier)).Data;
        Assert.Equal(ResultHash, (string?)purchase["resultHash"]);
    }

    [Theory]
    [InlineData("POST", "purchase/request-refund")]
    [InlineData("PATCH", "purchase")]
    public async Task A_refund_asked_for_is_collected_by_the_buyer_after_the_result_deadline(string verb, string path)
    {
        var identifier = await world.LockAsync();
        Assert.Equal(200, (await world.ActAsync(verb, path, identifier)).Status);
        await world.BothAsync(identifier, "RefundRequested");
        world.Devnet.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "RefundWithdrawn");
    }

    [Fact]
    public async Task A_refund_the_seller_agrees_to_is_collected_without_waiting_for_a_deadline()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "RefundRequested");
        Assert.Equal(200, (await world.ActAsync("POST", "payment/authorize-refund", identifier)).Status);
        await world.BothAsync(identifier, "RefundWithdrawn");
    }

    [Fact]
    public async Task A_disputed_result_is_released_to_the_seller_by_cancelling_the_refund_request()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "payment/submit-result", identifier, ResultHash);
        await world.BothAsync(identifier, "ResultSubmitted");
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "Disputed");
        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await world.ActAsync("POST", "purchase/cancel-refund-request", identifier)).Status);
        await world.BothAsync(identifier, "Withdrawn");
    }

    [Fact]
    public async Task An_identical_second_purchase_is_answered_with_the_first_and_locks_nothing()
    {
        var offer = await world.OfferAsync();
        var first = await world.CallAsync("POST", "purchase", offer);
        var second = await world.CallAsync("POST", "purchase", offer.DeepClone());
        Assert.Equal(409, second.Status);
        Assert.Equal("Purchase exists", second.Message);
        Assert.Equal((string?)first.Data["id"], (string?)second.Body!["id"]);
        Assert.Equal((string?)offer["blockchainIdentifier"], (string?)second.Body["object"]!["blockchainIdentifier"]);
        await world.BothAsync((string)offer["blockchainIdentifier"]!, "FundsLocked");
    }
}
