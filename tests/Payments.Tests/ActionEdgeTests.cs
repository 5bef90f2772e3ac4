using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>Actions in the wrong state, by the wrong key or too late change nothing (spec payment-service-api.md 2.5, 6.1, 6.2).</summary>
[Collection(EdgesCollection.Name)]
public sealed class ActionEdgeTests(PaymentWorld world)
{
    private const string PaymentNotFound = "Payment not found or in invalid state";
    private const string RefundNotFound = "Purchase not found or not in valid state";
    private const string CancelNotFound = "Purchase not found or in invalid state";
    private const string Submit = "payment/submit-result";
    private const string Authorize = "payment/authorize-refund";
    private const string Refund = "purchase/request-refund";
    private const string Cancel = "purchase/cancel-refund-request";

    [Theory]
    [InlineData(Submit, PaymentNotFound)]
    [InlineData(Authorize, PaymentNotFound)]
    [InlineData(Refund, RefundNotFound)]
    [InlineData(Cancel, CancelNotFound)]
    public async Task An_unknown_identifier_and_one_of_the_other_network_are_not_found(string path, string message)
    {
        await world.RefusedAsync("POST", path, Body("00ff"), 404, message);
        var offer = await world.OfferAsync();
        var body = Body((string)offer["blockchainIdentifier"]!);
        body["network"] = "Mainnet";
        await world.RefusedAsync("POST", path, body, 404, message);
    }

    [Theory]
    [InlineData(Submit, PaymentNotFound)]
    [InlineData(Authorize, PaymentNotFound)]
    public async Task Nothing_can_be_done_about_a_payment_before_its_lock(string path, string message) =>
        await world.RefusedAsync("POST", path, Body((string)(await world.OfferAsync())["blockchainIdentifier"]!), 404, message);

    [Theory]
    [InlineData("network", null, "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("network", "preprod", "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("blockchainIdentifier", null, "blockchainIdentifier: Invalid input: expected string, received undefined")]
    [InlineData("blockchainIdentifier", "", "blockchainIdentifier: Too small: expected string to have >=1 characters")]
    [InlineData("submitResultHash", null, "submitResultHash: Invalid input: expected string, received undefined")]
    [InlineData(
        "submitResultHash",
        "",
        "submitResultHash: Too small: expected string to have >=64 characters; submitResultHash: submitResultHash must be a 64-char hex sha256 digest"
    )]
    [InlineData(
        "submitResultHash",
        "bb",
        "submitResultHash: Too small: expected string to have >=64 characters; submitResultHash: submitResultHash must be a 64-char hex sha256 digest"
    )]
    [InlineData(
        "submitResultHash",
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "submitResultHash: Too big: expected string to have <=64 characters; submitResultHash: submitResultHash must be a 64-char hex sha256 digest"
    )]
    public async Task A_malformed_action_is_refused(string field, string? value, string message)
    {
        var body = Body("00ff");
        body.Remove(field);
        if (value is not null)
        {
            body[field] = value;
        }

        await world.RefusedAsync("POST", Submit, body, 400, message);
    }

    [Fact]
    public async Task Only_who_made_a_deal_or_an_admin_acts_on_it_in_every_state()
    {
        var (_, seller) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        var (_, buyer) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        var asked = world.PaymentBody();
        var payment = (await world.CallAsync("POST", "payment", asked, seller)).Data;
        var identifier = (string)payment["blockchainIdentifier"]!;
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", world.PurchaseBody(payment, asked), buyer)).Status);
        await world.BothAsync(identifier, "FundsLocked");
        var body = Body(identifier);

        // Locked: the two owners have their own key's rights, not each other's.
        await world.RefusedAsync("POST", Submit, body, 403, "You are not authorized to submit results for this payment", buyer);
        await world.RefusedAsync("POST", Refund, body, 403, "You are not authorized to request a refund for this purchase", seller);
        await world.RefusedAsync("PATCH", "purchase", body, 403, "You are not authorized to request a refund for this purchase", seller);

        // What is not possible in this state is not found, for everybody.
        await world.RefusedAsync("POST", Authorize, body, 404, PaymentNotFound, seller);
        await world.RefusedAsync("POST", Authorize, body, 404, PaymentNotFound, buyer);
        await world.RefusedAsync("POST", Cancel, body, 404, CancelNotFound, buyer);

        Assert.Equal(200, (await world.CallAsync("POST", Refund, body, buyer)).Status);
        await world.BothAsync(identifier, "RefundRequested");
        await world.RefusedAsync("POST", Refund, body, 404, RefundNotFound, buyer);
        await world.RefusedAsync("POST", Authorize, body, 403, "You are not authorized to authorize a refund for this payment", buyer);

        // A stranger learns of the state no more than of the deal.
        await world.RefusedAsync("POST", Cancel, body, 403, "You are not authorized to cancel a refund request for this purchase", seller);
        await world.RefusedAsync("POST", Cancel, body, 400, "Authorize withdrawal is only available for disputed V2 purchases", buyer);

        Assert.Equal(200, (await world.CallAsync("POST", Submit, body, seller)).Status);
        await world.BothAsync(identifier, "Disputed");
        await world.RefusedAsync("POST", Cancel, body, 403, "You are not authorized to cancel a refund request for this purchase", seller);
        await world.RefusedAsync("POST", Authorize, body, 403, "You are not authorized to authorize a refund for this payment", buyer);
        Assert.Equal(200, (await world.CallAsync("POST", Authorize, body, seller)).Status);
        await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "RefundWithdrawn");
        foreach (
            var (path, key, message) in new[]
            {
                (Submit, seller, PaymentNotFound),
                (Authorize, seller, PaymentNotFound),
                (Refund, buyer, RefundNotFound),
                (Cancel, buyer, CancelNotFound),
            }
        )
        {
            await world.RefusedAsync("POST", path, body, 404, message, key);
        }
    }

    [Fact]
    public async Task What_the_contract_can_no_longer_grant_is_refused_and_does_not_stand_in_the_way_of_collecting()
    {
        var late = await world.LockAsync();
        // Blocks tell whole seconds, terms do not.
        await world.AdvanceAsync(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        await world.RefusedAsync("POST", Submit, Body(late), 400, "Submit result time has passed");
        await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        await world.BothAsync(late, "RefundWithdrawn");

        var unlocked = await world.LockAsync();
        Assert.Equal(200, (await world.CallAsync("POST", Submit, Body(unlocked))).Status);
        await world.BothAsync(unlocked, "ResultSubmitted");
        await world.AdvanceAsync(TimeSpan.FromHours(3));
        await world.RefusedAsync("POST", Refund, Body(unlocked), 400, "Unlock time has passed");
        await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        await world.BothAsync(unlocked, "Withdrawn");
    }

    private static JsonObject Body(string identifier) =>
        new()
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = identifier,
            ["submitResultHash"] = new string('b', 64),
        };
}
