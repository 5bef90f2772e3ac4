using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;

namespace Masumi.Client.Tests;

/// <summary>The buyer's flow (spec clients.md 4) against a registry, an agent and a node that a test plays, all at one address.</summary>
public sealed class BuyerTests : IDisposable
{
    private static readonly Uri At = new("http://127.0.0.1:1/");
    private static readonly BuyerNonce Nonce = BuyerNonce.Parse("3f1c9a0b7d2e4f60");
    private static readonly JsonElement Input = JsonDocument.Parse("{}").RootElement;
    private static readonly string Agent = new('a', 120);
    private static readonly string Seller = new('b', 56);

    // Years before the clock of whoever runs this.
    private DateTimeOffset _time = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private string _paymentType = "Web3CardanoV2";
    private string? _purchase;
    private int _looks;
    private readonly JsonObject _offer;
    private readonly Answers _answers;
    private readonly HttpClient _http;

    public BuyerTests()
    {
        string In(int minutes) => WireTime.Text(_time.AddMinutes(minutes));
        _offer = new JsonObject
        {
            ["id"] = "j1",
            ["blockchainIdentifier"] = "3187",
            ["payByTime"] = In(30),
            ["submitResultTime"] = In(90),
            ["unlockTime"] = In(450),
            ["externalDisputeUnlockTime"] = In(810),
            ["agentIdentifier"] = Agent,
            ["sellerVKey"] = Seller,
            ["identifierFromPurchaser"] = Nonce.ToString(),
            ["input_hash"] = Mip004.InputHash(Nonce, Input).ToString(),
            ["supportedPaymentSourceIndex"] = 0,
        };
        _answers = new Answers(Answer);
        _http = new HttpClient(_answers);
        Tell();
    }

    public void Dispose()
    {
        _http.Dispose();
        _answers.Dispose();
    }

    [Fact]
    public async Task Deadlines_are_judged_by_the_time_of_the_own_node_wherever_the_clock_here_stands()
    {
        // Twenty minutes pass there with every look: one before payByTime, one in the time of grace, and the next is too late.
        var outcome = Assert.IsType<BuyOutcome.NotLocked>(await BuyAsync());
        Assert.Equal("The chain shows no lock.", outcome.Reason);
        Assert.NotNull(_purchase);
        Assert.Equal(3, _looks);
    }

    [Fact]
    public async Task An_offer_whose_time_is_over_by_the_own_node_is_not_paid()
    {
        _time = _time.AddMinutes(31);
        Tell();
        var outcome = Assert.IsType<BuyOutcome.NotPaid>(await BuyAsync());
        Assert.StartsWith("The deadlines are not in order from 2021-01-01 00:31:00Z", outcome.Reason, StringComparison.Ordinal);
        Assert.Null(_purchase);
    }

    [Theory]
    [InlineData("Web3CardanoV1", null, "Web3CardanoV1", null)]
    [InlineData("Web3CardanoV1", "Web3CardanoV1", "Web3CardanoV1", null)]
    [InlineData("Web3CardanoV2", null, "Web3CardanoV2", 0)]
    [InlineData("None", null, null, 0)]
    public async Task A_purchase_names_the_generation_and_a_source_only_where_there_is_a_choice(string registered, string? offered, string? bought, int? index)
    {
        _paymentType = registered;
        _offer["paymentSourceType"] = offered;
        await BuyAsync();
        var sent = JsonNode.Parse(_purchase!)!.AsObject();
        Assert.Equal(bought, (string?)sent["paymentSourceType"]);
        Assert.Equal(index, (int?)sent["supportedPaymentSourceIndex"]);
        Assert.Equal(index is not null, sent.ContainsKey("supportedPaymentSourceIndex"));
    }

    private Task<BuyOutcome> BuyAsync()
    {
        var buyer = new Buyer(
            _http,
            new PaymentServiceClient(_http, At, "key", Network.Preprod, TimeProvider.System),
            new RegistryServiceClient(_http, At, "key", TimeProvider.System),
            TimeProvider.System,
            new BuyerOptions { PollInterval = TimeSpan.FromMilliseconds(1), NewNonce = () => Nonce }
        );
        return buyer.BuyAsync(AgentIdentifier.Parse(Agent), Input, TestContext.Current.CancellationToken);
    }

    private void Tell() => _answers.ChainTime = _time.UtcDateTime.ToString("o", CultureInfo.InvariantCulture);

    private string Answer(string path)
    {
        switch (path)
        {
            case "/start_job":
                return _offer.ToJsonString();
            case "/purchase":
                _purchase = _answers.Sent;
                break;
            case "/purchase/resolve-blockchain-identifier":
                _looks++;
                _time = _time.AddMinutes(20);
                Tell();
                break;
            case var _ when path.StartsWith("/payment-information", StringComparison.Ordinal):
                return new JsonObject
                {
                    ["data"] = new JsonObject
                    {
                        ["apiBaseUrl"] = At.ToString(),
                        ["sellerWallet"] = new JsonObject { ["vkey"] = Seller },
                        ["paymentType"] = _paymentType,
                        ["AgentPricing"] = new JsonObject { ["pricingType"] = "Dynamic" },
                    },
                }.ToJsonString();
        }

        return """{"data":{"id":"r1"}}""";
    }
}
