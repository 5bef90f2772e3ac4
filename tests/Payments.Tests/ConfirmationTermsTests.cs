using System.Text.Json.Nodes;
using Masumi.Settlement.Engine;

namespace Masumi.Payments.Tests;

/// <summary>A world in which locks take confirmations, as on the public networks.</summary>
public sealed class ConfirmingWorld : PaymentWorld
{
    /// <inheritdoc/>
    private protected override SettlementOptions Settlement => new();
}

/// <summary>Terms leave time for the confirmations that their price takes (decision 3).</summary>
public sealed class ConfirmationTermsTests(ConfirmingWorld world) : IClassFixture<ConfirmingWorld>
{
    // 5 ADA take one confirmation of 20 s, 1,000 ADA ten.
    [Fact]
    public async Task Terms_whose_confirmations_leave_the_seller_no_ten_minutes_are_not_offered()
    {
        var cheap = Tight(world.PaymentBody(), TimeSpan.FromSeconds(619));
        await world.RefusedAsync(
            "POST",
            "payment",
            cheap,
            400,
            "Pay by time must be before submit result time (min. 10.3 minutes: 1 confirmation at this price, and 10 minutes)"
        );
        Assert.Equal(200, (await world.CallAsync("POST", "payment", Tight(cheap, TimeSpan.FromSeconds(620)))).Status);

        var price = new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "1000000000" }) };
        var dear = Tight(world.PaymentBody(), TimeSpan.FromSeconds(799));
        dear["agentIdentifier"] = await world.RegisterAsync(price);
        await world.RefusedAsync(
            "POST",
            "payment",
            dear,
            400,
            "Pay by time must be before submit result time (min. 13.3 minutes: 10 confirmations at this price, and 10 minutes)"
        );

        // The tightest terms in the field: n8n gives 5 minutes to pay and 20 to deliver.
        Assert.Equal(200, (await world.CallAsync("POST", "payment", Tight(dear, TimeSpan.FromMinutes(15)))).Status);
    }

    private JsonObject Tight(JsonObject body, TimeSpan between)
    {
        var submit = world.Devnet.Clock.GetUtcNow().AddHours(2);
        body["submitResultTime"] = submit.ToString("o");
        body["payByTime"] = (submit - between).ToString("o");
        return body;
    }
}
