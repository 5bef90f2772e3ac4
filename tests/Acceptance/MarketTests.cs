using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Acceptance;

/// <summary>
/// Everybody who comes to a market by one command gets a job paid, delivered and, once the clock is moved, collected: our own buyer at both sample agents, and
/// the requests that the Python SDK and the n8n node are known to send (spec clients.md 2.1, 2.2), as they send them. Those two are of the first generation: they
/// name no source, which an offer of the second needs.
/// </summary>
public sealed class MarketTests(RunningMarket market) : IClassFixture<RunningMarket>
{
    private const string V1 = "Web3CardanoV1";
    private const string V2 = "Web3CardanoV2";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_each_is_paid_delivered_and_collected()
    {
        var identifiers = await Task.WhenAll(BuyAsync(V2), BuyAsync(V1), PythonAsync(), N8nAsync());

        // The Python SDK's deadlines are the longest: 24 hours to the result, six more to the unlock time.
        await market.AdvanceAsync("31h");
        foreach (var identifier in identifiers)
        {
            await UntilAsync("seller", "payment", identifier, "Withdrawn");
            await UntilAsync("buyer", "purchase", identifier, "Withdrawn");
        }

        // Everything follows the clock: an agent's next offer is of the new time, and is paid.
        await BuyAsync(V2);
        await BuyAsync(V1);
    }

    [Fact]
    public async Task A_client_that_names_no_source_is_told_what_the_second_generation_needs()
    {
        // Its clock may have been moved by then.
        var health = await market.CallAsync("seller", HttpMethod.Get, "/health");
        var now = DateTimeOffset.Parse((string)health["chainTime"]!, CultureInfo.InvariantCulture);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            market.CallAsync(
                "seller",
                HttpMethod.Post,
                "/payment/",
                new JsonObject
                {
                    ["agentIdentifier"] = (string)market.Agent(V2)["agentIdentifier"]!,
                    ["network"] = "Preprod",
                    ["paymentType"] = V1,
                    ["payByTime"] = Iso(now.AddHours(12)),
                    ["submitResultTime"] = Iso(now.AddHours(24)),
                    ["identifierFromPurchaser"] = "3f1c9a0b7d2e4f61",
                    ["inputHash"] = Hash("python input"),
                }
            )
        );
        Assert.Contains("V2 Cardano payments require supportedPaymentSourceIndex", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> BuyAsync(string type)
    {
        var agent = market.Agent(type);
        var payments = new PaymentServiceClient(market.Http, market.Api("buyer"), market.Key("buyer"), Network.Preprod, TimeProvider.System);
        var registry = new RegistryServiceClient(market.Http, market.Api("registry"), market.Key("registry"), TimeProvider.System);
        var options = new BuyerOptions { PollInterval = TimeSpan.FromMilliseconds(250), MaxPrice = [Price.Usdm(5)] };
        var buyer = new Buyer(market.Http, payments, registry, TimeProvider.System, options);
        var input = JsonSerializer.SerializeToElement(new { text = "To be, or not to be" });
        var outcome = await buyer.BuyAsync(AgentIdentifier.Parse((string)agent["agentIdentifier"]!), input, Stop);
        var delivered = Assert.IsType<BuyOutcome.Delivered>(outcome);
        Assert.StartsWith(type == V2 ? "6 words" : "13 letters", delivered.Result, StringComparison.Ordinal);
        return delivered.Job.BlockchainIdentifier.ToString();
    }

    // An agent on the Python SDK, and a buyer on it.
    private async Task<string> PythonAsync()
    {
        const string Nonce = "3f1c9a0b7d2e4f60";
        var agent = market.Agent(V1);
        var now = DateTimeOffset.UtcNow;
        var payment = await market.CallAsync(
            "seller",
            HttpMethod.Post,
            "/payment/",
            new JsonObject
            {
                ["agentIdentifier"] = (string)agent["agentIdentifier"]!,
                ["network"] = "Preprod",
                ["paymentType"] = V1,
                ["payByTime"] = Iso(now.AddHours(12)),
                ["submitResultTime"] = Iso(now.AddHours(24)),
                ["identifierFromPurchaser"] = Nonce,
                ["inputHash"] = Hash("python input"),
                ["metadata"] = "a job",
            }
        );
        var identifier = (string)payment["blockchainIdentifier"]!;
        await PurchaseAsync(payment, agent, Nonce, Hash("python input"));
        await UntilAsync("seller", "payment", identifier, "FundsLocked");
        await SubmitAsync(identifier, "python result");
        await UntilAsync("seller", "payment", identifier, "ResultSubmitted");
        await UntilAsync("buyer", "purchase", identifier, "ResultSubmitted");
        return identifier;
    }

    // A workflow in n8n, which looks for its row in the list, and tests itself as its own buyer.
    private async Task<string> N8nAsync()
    {
        const string Nonce = "a1b2c3d4e5f607";
        var agent = market.Agent(V1);
        var now = DateTimeOffset.UtcNow;
        var payment = await market.CallAsync(
            "seller",
            HttpMethod.Post,
            "/payment/",
            new JsonObject
            {
                ["agentIdentifier"] = (string)agent["agentIdentifier"]!,
                ["network"] = "Preprod",
                ["inputHash"] = Hash("n8n input"),
                ["payByTime"] = Iso(now.AddMinutes(5)),
                ["metadata"] = "n8n",
                ["paymentType"] = V1,
                ["submitResultTime"] = Iso(now.AddMinutes(20)),
                ["identifierFromPurchaser"] = Nonce,
            }
        );
        var identifier = (string)payment["blockchainIdentifier"]!;
        Assert.NotEmpty(payment["RequestedFunds"]!.AsArray());
        await PurchaseAsync(payment, agent, Nonce, Hash("n8n input"));
        await RunningMarket.UntilAsync(
            "the row in the list",
            async () =>
                (await market.CallAsync("seller", HttpMethod.Get, "/payment/?network=Preprod"))["Payments"]!
                    .AsArray()
                    .FirstOrDefault(p => (string)p!["blockchainIdentifier"]! == identifier),
            row => (string?)row["onChainState"] == "FundsLocked"
        );
        await SubmitAsync(identifier, "n8n result");
        await UntilAsync("seller", "payment", identifier, "ResultSubmitted");
        return identifier;
    }

    // Both send the same, with the four times as they got them.
    private Task<JsonNode> PurchaseAsync(JsonNode payment, JsonNode agent, string nonce, string inputHash) =>
        market.CallAsync(
            "buyer",
            HttpMethod.Post,
            "/purchase/",
            new JsonObject
            {
                ["identifierFromPurchaser"] = nonce,
                ["network"] = "Preprod",
                ["sellerVkey"] = (string)agent["sellerVkey"]!,
                ["paymentType"] = V1,
                ["blockchainIdentifier"] = (string)payment["blockchainIdentifier"]!,
                ["payByTime"] = (string)payment["payByTime"]!,
                ["submitResultTime"] = (string)payment["submitResultTime"]!,
                ["unlockTime"] = (string)payment["unlockTime"]!,
                ["externalDisputeUnlockTime"] = (string)payment["externalDisputeUnlockTime"]!,
                ["agentIdentifier"] = (string)agent["agentIdentifier"]!,
                ["inputHash"] = inputHash,
            }
        );

    private Task<JsonNode> SubmitAsync(string identifier, string result) =>
        market.CallAsync(
            "seller",
            HttpMethod.Post,
            "/payment/submit-result",
            new JsonObject
            {
                ["network"] = "Preprod",
                ["blockchainIdentifier"] = identifier,
                ["submitResultHash"] = Hash(result),
            }
        );

    private Task<JsonNode> UntilAsync(string service, string side, string identifier, string state) =>
        RunningMarket.UntilAsync(
            $"{side} {state}",
            async () =>
                await market.CallAsync(
                    service,
                    HttpMethod.Post,
                    $"/{side}/resolve-blockchain-identifier",
                    new JsonObject
                    {
                        ["network"] = "Preprod",
                        ["blockchainIdentifier"] = identifier,
                        ["includeHistory"] = "false",
                    }
                ),
            row => (string?)row["onChainState"] == state
        );

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
