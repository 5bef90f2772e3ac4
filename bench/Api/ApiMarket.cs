using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Bench.Settlement;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Settlement.Engine;

namespace Masumi.Bench.Api;

/// <summary>A payment node as a process, on a devnet of this one, with both sides' wallets and a registered agent.</summary>
internal sealed class ApiMarket : IAsyncDisposable
{
    public const string AdminKey = "masumi-payment-admin-of-the-measurement";

    private static readonly string[] Roles = ["Selling", "Purchasing"];

    private readonly string _masumi;
    private readonly string _folder;
    private readonly DevnetServer _devnet;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly WalletKeys _seller;
    private Process? _node;
    private string _agent = "";
    private int _jobs;

    private ApiMarket(string masumi, string folder, DevnetServer devnet, WalletKeys seller)
    {
        _masumi = masumi;
        _folder = folder;
        _devnet = devnet;
        _seller = seller;
    }

    /// <summary>Where the node is.</summary>
    public Uri Url { get; private set; } = null!;

    private string Database => Path.Combine(_folder, "node.db");

    /// <summary>A market whose agent is registered.</summary>
    public static async Task<ApiMarket> StartAsync(string masumi, string folder)
    {
        var devnet = await DevnetServer.StartAsync(new DevnetOptions());
        var wallets = Roles.ToDictionary(r => r, _ => Mnemonic.FromEntropy(RandomNumberGenerator.GetBytes(32)));
        foreach (var mnemonic in wallets.Values)
        {
            for (var i = 0; i < 4; i++)
            {
                devnet.Chain.Fund(WalletKeys.FromMnemonic(mnemonic).BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(10_000)));
            }
        }

        var settings = new JsonObject
        {
            ["network"] = "Devnet",
            ["chain"] = new JsonObject { ["url"] = new Uri(devnet.BaseUrl, "api/v0").ToString() },
            ["database"] = Path.Combine(folder, "node.db"),
            ["secret"] = "a secret of the measurement",
            ["adminKey"] = AdminKey,
            ["listen"] = "127.0.0.1:0",
            ["requests"] = new JsonObject { ["readsPerSecond"] = 1_000_000, ["readsBurst"] = 1_000_000 },
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["contract"] = "own",
                    ["requiredAdmins"] = 1,
                    ["admins"] = new JsonArray(new string('1', 56)),
                    ["wallets"] = new JsonArray([.. wallets.Select(w => (JsonNode)new JsonObject { ["role"] = w.Key, ["mnemonic"] = w.Value.ToString() })]),
                }
            ),
        };
        var file = Path.Combine(folder, "node.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var market = new ApiMarket(masumi, folder, devnet, WalletKeys.FromMnemonic(wallets["Selling"]));
        await market.OpenAsync();
        await market.RegisterAsync();
        return market;
    }

    /// <summary>Lives through one job, and makes so many of its two deals.</summary>
    public async Task FillAsync(int deals)
    {
        var offer = await OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        await CallAsync("POST", "purchase", offer);
        await BothAsync(identifier, "FundsLocked");
        await CallAsync("POST", "payment/submit-result", Named(identifier, ("submitResultHash", new string('a', 64))));
        await BothAsync(identifier, "ResultSubmitted");
        _devnet.Chain.Advance(TimeSpan.FromHours(4));
        await BothAsync(identifier, "Withdrawn");
        _devnet.Chain.Mine(2400);
        await Task.Delay(TimeSpan.FromSeconds(5));
        await CloseAsync();
        FinishedDeals.Make(Database, deals, _devnet.Chain.Clock.GetUtcNow(), new SettlementOptions().EventsKept);
        await OpenAsync();
    }

    /// <summary>A key that may read, and has no limits.</summary>
    public async Task<string> ReaderAsync() =>
        (string)
            (
                await CallAsync(
                    "POST",
                    "api-key",
                    new JsonObject
                    {
                        ["permission"] = "Read",
                        ["usageLimited"] = "false",
                        ["UsageCredits"] = new JsonArray(),
                    }
                )
            )["token"]!;

    /// <summary>The body of a purchase that a seller has offered.</summary>
    public async Task<JsonObject> OfferAsync()
    {
        var now = _devnet.Chain.Clock.GetUtcNow();
        var asked = new JsonObject
        {
            ["network"] = "Preprod",
            ["inputHash"] = new string('a', 64),
            ["agentIdentifier"] = _agent,
            ["identifierFromPurchaser"] = Interlocked.Increment(ref _jobs).ToString("x16", CultureInfo.InvariantCulture),
            ["payByTime"] = now.AddHours(1).ToString("o"),
            ["submitResultTime"] = now.AddHours(2).ToString("o"),
            ["unlockTime"] = now.AddHours(3).ToString("o"),
            ["externalDisputeUnlockTime"] = now.AddHours(4).ToString("o"),
            ["supportedPaymentSourceIndex"] = 0,
        };
        var offered = await CallAsync("POST", "payment", asked);
        foreach (var name in new[] { "blockchainIdentifier", "payByTime", "submitResultTime", "unlockTime", "externalDisputeUnlockTime" })
        {
            asked[name] = offered[name]!.DeepClone();
        }

        asked["sellerVkey"] = _seller.Payment.KeyHash.ToString();
        return asked;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _devnet.DisposeAsync();
        _http.Dispose();
    }

    private async Task RegisterAsync()
    {
        var source = (await CallAsync("GET", "payment-source"))["PaymentSources"]![0]!;
        var registered = await CallAsync(
            "POST",
            "registry",
            new JsonObject
            {
                ["network"] = "Preprod",
                ["sellingWalletVkey"] = _seller.Payment.KeyHash.ToString(),
                ["name"] = "Word counter",
                ["description"] = "Counts words.",
                ["apiBaseUrl"] = "http://127.0.0.1:1/",
                ["Tags"] = new JsonArray("text"),
                ["ExampleOutputs"] = new JsonArray(),
                ["Capability"] = new JsonObject { ["name"] = "word-count", ["version"] = "1" },
                ["Author"] = new JsonObject { ["name"] = "Ada" },
                ["supportedPaymentSources"] = new JsonArray(
                    new JsonObject
                    {
                        ["chain"] = "Cardano",
                        ["network"] = "Preprod",
                        ["paymentSourceType"] = "Web3CardanoV2",
                        ["address"] = (string)source["smartContractAddress"]!,
                        ["pricing"] = new JsonObject
                        {
                            ["pricingType"] = "Fixed",
                            ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "5000000" }),
                        },
                    }
                ),
            }
        );
        var id = (string)registered["id"]!;
        var confirmed = await UntilAsync(
            async () =>
                (await CallAsync("GET", "registry?network=Preprod&filterPaymentSourceType=Web3CardanoV2&limit=100"))["Assets"]!
                    .AsArray()
                    .Single(r => (string)r!["id"]! == id)!,
            row => (string?)row["state"] == "RegistrationConfirmed"
        );
        _agent = (string)confirmed["agentIdentifier"]!;
    }

    private async Task BothAsync(string identifier, string state)
    {
        foreach (var side in new[] { "purchase", "payment" })
        {
            await UntilAsync(
                () => CallAsync("POST", $"{side}/resolve-blockchain-identifier", Named(identifier)),
                row => (string?)row["onChainState"] == state && (string?)row["NextAction"]!["requestedAction"] is "WaitingForExternalAction" or "None"
            );
        }
    }

    private static JsonObject Named(string identifier, params (string Name, string Value)[] more)
    {
        var body = new JsonObject { ["network"] = "Preprod", ["blockchainIdentifier"] = identifier };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    private static async Task<JsonNode> UntilAsync(Func<Task<JsonNode>> ask, Func<JsonNode, bool> done)
    {
        for (var i = 0; ; i++)
        {
            var row = await ask();
            if (done(row))
            {
                return row;
            }

            if (i == 600)
            {
                throw new TimeoutException(row.ToJsonString());
            }

            await Task.Delay(50);
        }
    }

    private async Task<JsonNode> CallAsync(string verb, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(Url, "/api/v1/" + path));
        request.Headers.Add("token", AdminKey);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!["data"]! : throw new InvalidOperationException($"{verb} {path}: {text}");
    }

    private async Task OpenAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in new[] { _masumi, "node", "--config", Path.Combine(_folder, "node.json") })
        {
            start.ArgumentList.Add(word);
        }

        _node = Process.Start(start)!;
        var said = new StringBuilder();
        _node.ErrorDataReceived += (_, e) => said.AppendLine(e.Data);
        _node.BeginErrorReadLine();
        string line;
        do
        {
            line = await _node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The node did not start: {said}");
        } while (!line.StartsWith("ready ", StringComparison.Ordinal));

        Url = new Uri(line["ready ".Length..]);
        _ = _node.StandardOutput.ReadToEndAsync();
    }

    private async Task CloseAsync()
    {
        if (_node is { } node)
        {
            _node = null;
            using var kill = Process.Start("kill", node.Id.ToString(CultureInfo.InvariantCulture));
            await node.WaitForExitAsync();
            node.Dispose();
        }
    }
}
