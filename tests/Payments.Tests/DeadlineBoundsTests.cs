using System.Globalization;

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

    private DateTimeOffset At(double hours) => world.Devnet.Clock.GetUtcNow().AddHours(hours);
}
