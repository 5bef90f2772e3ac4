using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What clients of older generations call things on today's paths (spec payment-service-api.md 9.4).</summary>
[Collection(EdgesCollection.Name)]
public sealed class OlderMembersTests(PaymentWorld world)
{
    [Fact]
    public async Task An_older_name_is_read_as_todays_and_the_answer_says_so()
    {
        var asked = world.PaymentBody();
        asked["network"] = "PREPROD";
        asked["refundTime"] = (string)asked["externalDisputeUnlockTime"]!;
        asked.Remove("externalDisputeUnlockTime");
        asked["paymentType"] = "WEB3_CARDANO_V1";
        var made = await world.CallAsync("POST", "payment", asked);
        var payment = made.Data;
        Assert.Equal("true", Assert.Single(made.Response.Headers.GetValues("Deprecation")));

        var resolved = await world.CallAsync(
            "POST",
            "payment/resolve-blockchain-identifier",
            new JsonObject { ["network"] = "PREPROD", ["identifier"] = (string)payment["blockchainIdentifier"]! }
        );
        Assert.Equal((string?)payment["id"], (string?)resolved.Data["id"]);

        var offer = world.PurchaseBody(payment, asked);
        offer["identifier"] = (string)offer["blockchainIdentifier"]!;
        offer["amounts"] = new JsonArray(new JsonObject { ["unit"] = "lovelace", ["amount"] = 5_000_000 });
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", offer)).Status);

        // Others share this world, and hold refusals to changing nothing.
        await world.BothAsync((string)offer["blockchainIdentifier"]!, "FundsLocked");

        var listed = await world.CallAsync("GET", $"payment?network=PREPROD&contractAddress={world.Escrow}&limit=1");
        Assert.Equal((string?)payment["id"], (string?)listed.Data["Payments"]![0]!["id"]);
        Assert.Empty((await world.CallAsync("GET", "payment?network=PREPROD&paymentContractAddress=addr_test1nothing")).Data["Payments"]!.AsArray());
        Assert.Single((await world.CallAsync("GET", "api-key?limit=1")).Data["ApiKeys"]!.AsArray());
        var key = await world.CallAsync(
            "POST",
            "api-key",
            new JsonObject
            {
                ["permission"] = "READ_PAY",
                ["networkLimit"] = new JsonArray("PREPROD"),
                ["usageLimited"] = "false",
                ["UsageCredits"] = new JsonArray(),
            }
        );
        Assert.Equal(("ReadAndPay", """["Preprod"]"""), ((string?)key.Data["permission"], key.Data["NetworkLimit"]!.ToJsonString()));
        Assert.False((await world.CallAsync("GET", "api-key?take=1")).Response.Headers.Contains("Deprecation"));
    }

    [Fact]
    public async Task Two_names_of_one_thing_that_differ_are_refused()
    {
        var offer = await world.OfferAsync();
        offer["identifier"] = "00";
        await world.RefusedAsync("POST", "purchase", offer, 400, "identifier: Is another than blockchainIdentifier, of which it is an older name");
        await world.RefusedAsync("GET", "payment?network=Preview", null, 400, "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"");
    }
}
