using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What is written on the chain for good is looked at before: every part that is wrong is named, and nothing is minted.</summary>
[Collection(EdgesCollection.Name)]
public sealed class RegistrationInputTests(PaymentWorld world)
{
    private const string InvalidUnit = "Invalid unit: lovelace, or policy id and asset name in hex, is needed";
    private const string InvalidAddress = "Invalid address: an address of a key or a script on the network is needed";
    private const string Twice = "Invalid unit: it stands in the list already";
    private const string TUsdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";

    [Theory]
    [InlineData("ada")]
    [InlineData("tusdm")]
    [InlineData(" ")]
    [InlineData("lovelace ")]
    [InlineData(TUsdm + "0")]
    [InlineData(TUsdm + "\0")]
    [InlineData("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde" + "000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_unit_that_is_none_is_refused(string unit)
    {
        await RefusedAsync(Fixed((unit, "1")), $"supportedPaymentSources[0].pricing.fixed[0].asset: {InvalidUnit}");
        var first = world.RegistrationBody(Fixed(("", "1")));
        first["AgentPricing"] = JsonNode.Parse(
            Fixed((unit, "1")).ToJsonString().Replace("fixed", "Pricing", StringComparison.Ordinal).Replace("asset", "unit", StringComparison.Ordinal)
        );
        await world.RefusedAsync("POST", "registry", first, 400, $"AgentPricing.Pricing[0].unit: {InvalidUnit}");
    }

    [Theory]
    [InlineData("", "LOVELACE")]
    [InlineData(TUsdm, "16A55B2A349361FF88C03788F93E1E966E5D689605D044FEF722DDDE0014DF10745553444D")]
    public async Task A_unit_stands_once_however_it_is_spelled(string one, string other) =>
        await RefusedAsync(Fixed((one, "9223372036854775807"), (other, "9223372036854775807")), $"supportedPaymentSources[0].pricing.fixed[1].asset: {Twice}");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("5000000\0")]
    [InlineData("9223372036854775808")]
    public async Task An_amount_that_is_none_is_refused_with_one_sentence(string amount) =>
        await RefusedAsync(Fixed(("", amount)), "supportedPaymentSources[0].pricing.fixed[0].amount: Invalid amount");

    [Theory]
    [InlineData("""{"pricingType":"Fixed"}""", ".fixed: Invalid input: expected array, received undefined")]
    [InlineData("""{"pricingType":"Fixed","fixed":null}""", ".fixed: Invalid input: expected array, received null")]
    [InlineData("""{"pricingType":"Fixed","fixed":[]}""", ".fixed: Too small: expected array to have >=1 items")]
    [InlineData("""{"pricingType":"Fixed","fixed":[{"asset":""}]}""", ".fixed[0].amount: Invalid input: expected string, received undefined")]
    [InlineData("""{"pricingType":"Cheap"}""", ".pricingType: Invalid option: expected one of \"Fixed\"|\"Dynamic\"|\"Free\"")]
    [InlineData("""{}""", ".pricingType: Invalid option: expected one of \"Fixed\"|\"Dynamic\"|\"Free\"")]
    public async Task A_price_without_its_parts_is_refused_with_one_sentence(string pricing, string message) =>
        await RefusedAsync(JsonNode.Parse(pricing)!.AsObject(), "supportedPaymentSources[0].pricing" + message);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7")]
    [InlineData("stake_test1uqevw2xnsc0pvn9t9r9c7qryfqfeerchgrlm3ea2nefr9hqp8n5xl")]
    public async Task An_address_that_is_none_there_is_refused(string address)
    {
        var body = world.RegistrationBody(Fixed(("", "1")));
        body["supportedPaymentSources"]![0]!["address"] = address;
        await world.RefusedAsync("POST", "registry", body, 400, $"supportedPaymentSources[0].address: {InvalidAddress}");
    }

    private static JsonObject Fixed(params (string Asset, string Amount)[] prices) =>
        new()
        {
            ["pricingType"] = "Fixed",
            ["fixed"] = new JsonArray([.. prices.Select(p => (JsonNode)new JsonObject { ["asset"] = p.Asset, ["amount"] = p.Amount })]),
        };

    private async Task RefusedAsync(JsonObject pricing, string message) =>
        await world.RefusedAsync("POST", "registry", world.RegistrationBody(pricing), 400, message);
}
