using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What is asked of deadlines besides their order (decisions 3 and 8).</summary>
[Collection(EdgesCollection.Name)]
public sealed class DeadlineBoundsTests(PaymentWorld world)
{
    private static readonly string[] Fields = ["payByTime", "submitResultTime", "unlockTime", "externalDisputeUnlockTime"];

    public static TheoryData<double[], string> Ransoms =>
        new()
        {
            { [73, 80, 90, 100], "Pay by time must be within 3 days" },
            { [1, 337, 340, 350], "Submit result time must be within 14 days" },
            { [1, 69_800_000, 69_800_001, 69_800_002], "Submit result time must be within 14 days" },
            { [1, 2, 171, 172], "Unlock time must be within 7 days after submit result time" },
            { [1, 2, 3, 721], "External dispute unlock time must be within 30 days" },
        };

    // H5
    [Theory, MemberData(nameof(Ransoms))]
    public async Task Terms_that_would_hold_the_money_to_ransom_are_not_offered(double[] hours, string message)
    {
        var body = world.PaymentBody();
        for (var i = 0; i < Fields.Length; i++)
        {
            body[Fields[i]] = At(hours[i]).ToString("o");
        }

        await world.RefusedAsync("POST", "payment", body, 400, message);
    }

    // H5
    [Theory, MemberData(nameof(Ransoms))]
    public async Task Terms_that_would_hold_the_money_to_ransom_are_not_bought(double[] hours, string message)
    {
        var body = await world.OfferAsync();
        for (var i = 0; i < Fields.Length; i++)
        {
            body[Fields[i]] = At(hours[i]).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        }

        await world.RefusedAsync("POST", "purchase", body, 400, message);
    }

    // Decision 3: 5 ADA take one confirmation of 20 s, 1,000 ADA ten.
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

    private DateTimeOffset At(double hours) => world.Devnet.Clock.GetUtcNow().AddHours(hours);

    private JsonObject Tight(JsonObject body, TimeSpan between)
    {
        var submit = At(2);
        body["submitResultTime"] = submit.ToString("o");
        body["payByTime"] = (submit - between).ToString("o");
        return body;
    }
}
