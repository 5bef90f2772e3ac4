using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>Prices of all three kinds and the amounts people send for them (spec payment-service-api.md 1.5, 1.6, 6.1, 6.2).</summary>
[Collection(EdgesCollection.Name)]
public sealed class PricingEdgeTests(PaymentWorld world)
{
    private const string NotTheFixedPrice = "Provided Amounts do not match the fixed pricing of the agent";
    private static readonly string Token = new string('5', 56) + "aa";

    public static TheoryData<string, string> AmountsNoPurchaseTakes =>
        new()
        {
            { """[{"unit":"","amount":"-5000000"}]""", NotTheFixedPrice },
            { """[{"unit":"","amount":"0"}]""", NotTheFixedPrice },
            { """[{"unit":"","amount":"5000001"}]""", NotTheFixedPrice },
            { """[{"unit":"","amount":"5000000"},{"unit":"lovelace","amount":"1"}]""", NotTheFixedPrice },
            { """[{"unit":"","amount":"9223372036854775807"},{"unit":"","amount":"9223372036854775807"}]""", NotTheFixedPrice },
            { """[]""", NotTheFixedPrice },
            { $$"""[{"unit":"","amount":"5000000"},{"unit":"{{Token}}","amount":"1"}]""", NotTheFixedPrice },
            { """[{"unit":"","amount":""}]""", "Amounts[0].amount: Invalid amount: a whole number in text is needed" },
            { """[{"unit":""}]""", "Amounts[0].amount: Invalid input: expected string, received undefined" },
            { """[{"amount":"5000000"}]""", "Amounts[0].unit: Invalid input: expected string, received undefined" },
            { """[{"unit":"","amount":"5e6"}]""", "Amounts[0].amount: Invalid amount: a whole number in text is needed" },
            { """[{"unit":"","amount":"5000000.0"}]""", "Amounts[0].amount: Invalid amount: a whole number in text is needed" },
            { """[{"unit":"","amount":" 5000000"}]""", "Amounts[0].amount: Invalid amount: a whole number in text is needed" },
            { """[{"unit":"","amount":"9223372036854775808"}]""", "Amounts[0].amount: Invalid amount: too large, at most 9223372036854775807 is taken" },
            { """[{"unit":"","amount":"-9223372036854775809"}]""", "Amounts[0].amount: Invalid amount: too large, at most 9223372036854775807 is taken" },
            { """[{"unit":"","amount":"00000000000000000005000000"}]""", "Amounts[0].amount: Too big: expected string to have <=25 characters" },
            { """[{"unit":"ada","amount":"5"}]""", "Amounts[0].unit: Invalid unit: lovelace, or policy id and asset name in hex, is needed" },
            { """{"unit":"","amount":"5000000"}""", "Amounts: Invalid input: expected array, received object" },
            { """["5000000"]""", "Amounts[0]: Invalid input: expected object, received string" },
            { "[" + string.Join(',', Enumerable.Repeat("""{"unit":"","amount":"625000"}""", 8)) + "]", "Amounts: Too big: expected array to have <=7 items" },
        };

    [Theory]
    [MemberData(nameof(AmountsNoPurchaseTakes))]
    public async Task Amounts_other_than_the_fixed_price_are_refused(string amounts, string message)
    {
        var body = await world.OfferAsync();
        body["Amounts"] = JsonNode.Parse(amounts);
        await world.RefusedAsync("POST", "purchase", body, 400, message);
    }

    [Fact]
    public async Task The_fixed_price_in_pieces_and_in_any_spelling_of_lovelace_is_taken()
    {
        var body = await world.OfferAsync();
        body["Amounts"] = JsonNode.Parse("""[{"unit":"Lovelace","amount":"2000000"},{"unit":"","amount":"3000000"}]""");
        var row = (await world.CallAsync("POST", "purchase", body)).Data;
        Assert.Equal("""[{"amount":"5000000","unit":"","symbol":"ADA","decimals":6}]""", row["PaidFunds"]!.ToJsonString());
        await world.BothAsync((string)body["blockchainIdentifier"]!, "FundsLocked");
    }

    [Fact]
    public async Task A_payment_of_fixed_price_takes_no_amounts()
    {
        var body = world.PaymentBody();
        foreach (var funds in new[] { "[]", """[{"unit":"","amount":"5000000"}]""" })
        {
            body["RequestedFunds"] = JsonNode.Parse(funds);
            await world.RefusedAsync("POST", "payment", body, 400, "For fixed pricing, RequestedFunds must be null");
        }
    }

    [Fact]
    public async Task An_agent_of_dynamic_price_is_sold_only_for_amounts_that_are_given_and_bought_only_for_those_that_were_signed()
    {
        var agent = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Dynamic" });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        await world.RefusedAsync("POST", "payment", asked, 400, "For dynamic pricing, RequestedFunds must be provided");
        foreach (
            var (funds, message) in new[]
            {
                ("[]", "For dynamic pricing, RequestedFunds must be provided"),
                ("""[{"unit":"","amount":"0"}]""", "RequestedFunds amounts must be positive"),
                ("""[{"unit":"","amount":"-1"}]""", "RequestedFunds amounts must be positive"),
                ("""[{"unit":"","amount":7}]""", "RequestedFunds[0].amount: Invalid input: expected string, received number"),
                ("""[{"unit":"","amount":"1.5"}]""", "RequestedFunds[0].amount: Invalid amount: a whole number in text is needed"),
            }
        )
        {
            asked["RequestedFunds"] = JsonNode.Parse(funds);
            await world.RefusedAsync("POST", "payment", asked, 400, message);
        }

        asked["RequestedFunds"] = JsonNode.Parse("""[{"unit":"lovelace","amount":"2000000"},{"unit":"","amount":"1500000"}]""");
        var payment = (await world.CallAsync("POST", "payment", asked)).Data;
        Assert.Equal("""[{"amount":"3500000","unit":"","symbol":"ADA","decimals":6}]""", payment["RequestedFunds"]!.ToJsonString());
        var body = world.PurchaseBody(payment, asked);
        body["agentIdentifier"] = agent;
        await world.RefusedAsync("POST", "purchase", body, 400, "For dynamic pricing, Amounts must be provided");
        foreach (
            var (amounts, message) in new[]
            {
                ("[]", "For dynamic pricing, Amounts must be provided"),
                ("""[{"unit":"","amount":"0"}]""", "Amounts must be positive"),
                ("""[{"unit":"","amount":"2000000"},{"unit":"","amount":"1500001"}]""", "Invalid blockchain identifier, signature invalid"),
                // The same sum, but the seller signed two amounts.
                ("""[{"unit":"","amount":"3500000"}]""", "Invalid blockchain identifier, signature invalid"),
                ("""[{"unit":"","amount":"1500000"},{"unit":"","amount":"2000000"}]""", "Invalid blockchain identifier, signature invalid"),
            }
        )
        {
            body["Amounts"] = JsonNode.Parse(amounts);
            await world.RefusedAsync("POST", "purchase", body, 400, message);
        }

        body["Amounts"] = JsonNode.Parse("""[{"unit":"","amount":"2000000"},{"unit":"","amount":"1500000"}]""");
        var purchase = (await world.CallAsync("POST", "purchase", body)).Data;
        Assert.Equal("Dynamic", (string?)purchase["pricingType"]);
        Assert.Equal("""[{"amount":"3500000","unit":"","symbol":"ADA","decimals":6}]""", purchase["PaidFunds"]!.ToJsonString());
        await world.BothAsync((string)body["blockchainIdentifier"]!, "FundsLocked");
    }

    [Fact]
    public async Task A_free_agent_is_neither_sold_nor_bought_through_the_escrow()
    {
        var agent = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Free" });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        await world.RefusedAsync("POST", "payment", asked, 400, "Pricing type not supported for payments");
        var body = await world.OfferAsync();
        body["agentIdentifier"] = agent;
        await world.RefusedAsync("POST", "purchase", body, 400, "Agent identifier pricing type not supported");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("25")]
    [InlineData("1.5")]
    [InlineData("\"0\"")]
    public async Task A_source_index_out_of_range_is_refused(string index)
    {
        var payment = world.PaymentBody();
        var purchase = await world.OfferAsync();
        foreach (var (path, body) in new[] { ("payment", payment), ("purchase", purchase) })
        {
            body["supportedPaymentSourceIndex"] = JsonNode.Parse(index);
            var before = await world.StateAsync();
            var answer = await world.CallAsync("POST", path, body);
            Assert.Equal(400, answer.Status);
            Assert.StartsWith("supportedPaymentSourceIndex: ", answer.Message, StringComparison.Ordinal);
            Assert.Equal(before, await world.StateAsync());
        }
    }

    [Fact]
    public async Task A_source_that_is_not_advertised_is_refused_and_a_payment_must_name_one()
    {
        var payment = world.PaymentBody();
        payment["supportedPaymentSourceIndex"] = 1;
        await world.RefusedAsync("POST", "payment", payment, 400, "supportedPaymentSourceIndex 1 is not advertised by this agent");
        payment.Remove("supportedPaymentSourceIndex");
        await world.RefusedAsync("POST", "payment", payment, 400, "V2 Cardano payments require supportedPaymentSourceIndex to select a priced Cardano source");
        var purchase = await world.OfferAsync();
        purchase["supportedPaymentSourceIndex"] = 1;
        await world.RefusedAsync("POST", "purchase", purchase, 400, "supportedPaymentSourceIndex 1 is not advertised by this agent");
    }

    [Theory]
    [InlineData("identifierFromPurchaser", "abcdefabcdefabc", "Purchaser identifier is not a valid hex string")]
    [InlineData("identifierFromPurchaser", "xyxyxyxyxyxyxyxy", "Purchaser identifier is not a valid hex string")]
    [InlineData("identifierFromPurchaser", "ABCDEFABCDEFABCD", "identifierFromPurchaser: Invalid hex: lower case is needed")]
    [InlineData("identifierFromPurchaser", "abcdef", "identifierFromPurchaser: Too small: expected string to have >=14 characters")]
    [InlineData("inputHash", "", "Input hash is not a valid hex string")]
    [InlineData("inputHash", "ABCD", "inputHash: Invalid hex: lower case is needed")]
    [InlineData("paymentSourceType", "Web3CardanoV1", "paymentSourceType does not match the agent registry source")]
    [InlineData("paymentSourceType", "Web3CardanoV3", "paymentSourceType: Invalid option: expected one of \"Web3CardanoV1\"|\"Web3CardanoV2\"")]
    [InlineData("network", "Preview", "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("payByTime", "01/02/2030", "payByTime: Invalid date")]
    [InlineData("payByTime", "soon", "payByTime: Invalid date")]
    [InlineData("sellerReturnAddress", "addr1", "sellerReturnAddress: sellerReturnAddress is not a valid Cardano address for the configured network")]
    public async Task A_payment_with_a_bad_field_is_refused(string field, string value, string message)
    {
        var body = world.PaymentBody();
        body[field] = value;
        await world.RefusedAsync("POST", "payment", body, 400, message);
    }

    [Fact]
    public async Task Money_can_be_sent_back_neither_to_the_escrow_itself_nor_to_another_network()
    {
        var payment = world.PaymentBody();
        payment["sellerReturnAddress"] = world.Escrow.ToString();
        await world.RefusedAsync(
            "POST",
            "payment",
            payment,
            400,
            "sellerReturnAddress must be a Cardano base or enterprise address with a payment key credential"
        );
        var body = await world.OfferAsync();
        body["buyerReturnAddress"] = world.Escrow.ToString();
        await world.RefusedAsync(
            "POST",
            "purchase",
            body,
            400,
            "buyerReturnAddress must be a Cardano base or enterprise address with a payment key credential"
        );
        body["buyerReturnAddress"] = world.SellerKeys.BaseAddress(Cardano.Addresses.NetworkId.Mainnet).ToString();
        await world.RefusedAsync(
            "POST",
            "purchase",
            body,
            400,
            "buyerReturnAddress: buyerReturnAddress is not a valid Cardano address for the configured network"
        );
    }

    [Theory]
    [InlineData("", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("soon", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("-1", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("1.5", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("99999999999999999999", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("253402300800000", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("0", "Pay by time must be in the future (max. 5 minutes)")]
    public async Task A_deadline_that_is_no_time_is_refused(string time, string message)
    {
        var body = await world.OfferAsync();
        body["payByTime"] = time;
        await world.RefusedAsync("POST", "purchase", body, 400, message);
    }

    [Fact]
    public async Task A_deadline_as_a_number_and_one_at_the_end_of_time_are_answered_without_failing()
    {
        var body = await world.OfferAsync();
        body["unlockTime"] = 1_900_000_000_000;
        await world.RefusedAsync("POST", "purchase", body, 400, "unlockTime: Invalid input: expected string, received number");
        var last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        body["unlockTime"] = last;
        body["externalDisputeUnlockTime"] = last;
        await world.RefusedAsync("POST", "purchase", body, 400, "External dispute unlock time must be after unlock time (min. 15 minutes difference)");

        // What would hold the money for ever is not offered (decision 8).
        var asked = world.PaymentBody();
        asked["externalDisputeUnlockTime"] = "9999-12-31T23:59:59.999Z";
        await world.RefusedAsync("POST", "payment", asked, 400, "External dispute unlock time must be within 30 days");
    }
}
