using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Plutus;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Payments.Tests;

/// <summary>Tests that share one world and so run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class EdgesCollection : ICollectionFixture<PaymentWorld>
{
    public const string Name = "edges of the API";
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, JsonNode? Body, HttpResponseMessage Response)
{
    public JsonNode Data => Status == 200 ? Body!["data"]! : throw new InvalidOperationException($"{Status}: {Body}");

    public string? Message => (string?)Body?["error"]?["message"];
}

/// <summary>A devnet and a payment node over HTTP, with a funded selling and purchasing wallet and a registered agent.</summary>
public class PaymentWorld : IAsyncLifetime
{
    public const string Network = "Preprod";
    public const string AdminKey = "masumi-payment-admin-0123456789abcdef";

    private static readonly JsonObject FixedPrice = new()
    {
        ["pricingType"] = "Fixed",
        ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "5000000" }),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-payments-").FullName;
    private readonly HttpClient _http = new();
    private DevnetServer? _devnet;
    private PaymentNode? _node;
    private readonly EscrowFamily _family;
    private readonly Dictionary<EscrowFamily, WalletKeys> _sellers = [];
    private readonly Dictionary<EscrowFamily, WalletKeys> _buyers = [];
    private int _jobs;

    /// <summary>A world of the present generation of contracts.</summary>
    public PaymentWorld()
        : this(EscrowFamily.V2) { }

    private protected PaymentWorld(EscrowFamily family) => _family = family;

    internal DevnetChain Devnet => _devnet!.Chain;

    internal SettlementStore Store => _node!.Store;

    internal Uri BaseUrl => _node!.BaseUrl;

    /// <summary>The chain's API.</summary>
    internal Uri ChainUrl => new(_devnet!.BaseUrl, "api/v0");

    internal string Agent { get; private set; } = "";

    internal string SellerVkeyOf(EscrowFamily family) => _sellers[family].Payment.KeyHash.ToString();

    internal string SellerAddressOf(EscrowFamily family) => _sellers[family].BaseAddress(NetworkId.Testnet).ToString();

    internal string BuyerAddressOf(EscrowFamily family) => _buyers[family].BaseAddress(NetworkId.Testnet).ToString();

    internal string SellerVkey => SellerKeys.Payment.KeyHash.ToString();

    /// <summary>The selling wallet's keys, for tests that sign offers of their own.</summary>
    internal WalletKeys SellerKeys => _sellers[_family];

    /// <summary>The purchasing wallet's keys.</summary>
    internal WalletKeys BuyerKeys => _buyers[_family];

    internal Address Escrow => Contract.Address;

    /// <summary>The contract it runs on.</summary>
    internal EscrowContract Contract { get; private set; } = null!;

    /// <summary>The contract's script.</summary>
    internal Script Script { get; private set; } = null!;

    /// <summary>Where the fee of the first generation's contracts goes.</summary>
    internal static Address FeeWallet { get; } = Address.Create(NetworkId.Testnet, FeeKey(1), FeeKey(2));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Which contract it runs on, as a node's setup says it; files may be put into the folder.</summary>
    private protected virtual JsonObject SourceSetup(string folder) => OwnContract(_family);

    /// <summary>Generations of which the node has a source besides, with wallets of its own.</summary>
    private protected virtual ImmutableArray<EscrowFamily> Besides => [];

    /// <summary>How deals are judged.</summary>
    private protected virtual SettlementOptions Settlement => SettlementOptions.Devnet;

    private static JsonObject OwnContract(EscrowFamily family) =>
        new()
        {
            ["contract"] = "own",
            ["family"] = family.ToString(),
            ["requiredAdmins"] = KnownDeployments.DefaultRequiredAdmins,
            ["admins"] = new JsonArray([.. KnownDeployments.DefaultAdmins.Select(a => (JsonNode)a.ToString())]),
            ["feeAddress"] = family == EscrowFamily.V1 ? FeeWallet.ToString() : null,
        };

    public async ValueTask InitializeAsync()
    {
        _devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        var first = SetUp(_family, SourceSetup(_folder));
        Contract = first.Contract.Contract;
        Script = first.Contract.Scripts.FirstOrDefault(s => s.Hash == Contract.ScriptHash) ?? EscrowScript.Of(Contract);
        _node = await PaymentNode.StartAsync(
            new PaymentNodeOptions
            {
                Database = DatabaseSettings.InFile(Path.Combine(_folder, "node.db")),
                Secret = "a secret of this test's own",
                AdminKey = AdminKey,
                Chain = new ChainSettings { Url = ChainUrl },
                Sources = [first, .. Besides.Select(family => SetUp(family, OwnContract(family)))],
                Settlement = Settlement with { PollInterval = TimeSpan.FromMilliseconds(100), LockWindow = TimeSpan.Zero },
            },
            NullLoggerFactory.Instance,
            Stop
        );
        Agent = await RegisterAsync(FixedPrice);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_devnet is not null)
        {
            await _devnet.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Calls the API; <paramref name="body"/> is a node or raw text.</summary>
    internal async Task<Answer> CallAsync(string verb, string path, object? body = null, string? key = AdminKey)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(BaseUrl, "/api/v1/" + path));
        if (key is not null)
        {
            request.Headers.Add("token", key);
        }

        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create((JsonNode)body),
        };
        var response = await _http.SendAsync(request, Stop);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        return new Answer((int)response.StatusCode, answer.Length == 0 ? null : JsonNode.Parse(answer), response);
    }

    internal JsonObject PaymentBody(string? purchaser = null)
    {
        var now = Devnet.Clock.GetUtcNow();
        return WithIndex(
            new JsonObject
            {
                ["network"] = Network,
                ["inputHash"] = new string('a', 64),
                ["agentIdentifier"] = Agent,
                ["identifierFromPurchaser"] = purchaser ?? $"{Interlocked.Increment(ref _jobs):x16}",
                ["payByTime"] = now.AddHours(1).ToString("o"),
                ["submitResultTime"] = now.AddHours(2).ToString("o"),
                ["unlockTime"] = now.AddHours(3).ToString("o"),
                ["externalDisputeUnlockTime"] = now.AddHours(4).ToString("o"),
            }
        );
    }

    /// <summary>What a buyer sends for an offered payment.</summary>
    internal JsonObject PurchaseBody(JsonNode payment, JsonObject asked) =>
        WithIndex(
            new JsonObject
            {
                ["network"] = Network,
                ["blockchainIdentifier"] = (string)payment["blockchainIdentifier"]!,
                ["inputHash"] = (string)asked["inputHash"]!,
                ["sellerVkey"] = SellerVkey,
                ["agentIdentifier"] = Agent,
                ["identifierFromPurchaser"] = (string)asked["identifierFromPurchaser"]!,
                ["payByTime"] = (string)payment["payByTime"]!,
                ["submitResultTime"] = (string)payment["submitResultTime"]!,
                ["unlockTime"] = (string)payment["unlockTime"]!,
                ["externalDisputeUnlockTime"] = (string)payment["externalDisputeUnlockTime"]!,
            }
        );

    // The first generation's agents have one price.
    private JsonObject WithIndex(JsonObject body)
    {
        if (_family == EscrowFamily.V2)
        {
            body["supportedPaymentSourceIndex"] = 0;
        }

        return body;
    }

    /// <summary>A payment that has been offered, and the body that buys it.</summary>
    internal async Task<JsonObject> OfferAsync()
    {
        var asked = PaymentBody();
        return PurchaseBody((await CallAsync("POST", "payment", asked)).Data, asked);
    }

    /// <summary>An escrow both sides see as locked; its identifier.</summary>
    internal async Task<string> LockAsync()
    {
        var offer = await OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        Assert.Equal("FundsLockingRequested", (string?)(await CallAsync("POST", "purchase", offer)).Data["NextAction"]!["requestedAction"]);
        await BothAsync(identifier, "FundsLocked");
        return identifier;
    }

    /// <summary>Acts on an escrow.</summary>
    internal async Task<Answer> ActAsync(string verb, string path, string identifier, string? resultHash = null)
    {
        var body = new JsonObject { ["network"] = Network, ["blockchainIdentifier"] = identifier };
        if (resultHash is not null)
        {
            body["submitResultHash"] = resultHash;
        }

        return await CallAsync(verb, path, body);
    }

    /// <summary>Waits until both sides show the state and nothing is under way.</summary>
    internal async Task BothAsync(string identifier, string state)
    {
        foreach (var side in new[] { "purchase", "payment" })
        {
            await UntilAsync(
                async () => (await ActAsync("POST", $"{side}/resolve-blockchain-identifier", identifier)).Data,
                row => (string?)row["onChainState"] == state && (string?)row["NextAction"]!["requestedAction"] is "WaitingForExternalAction" or "None",
                $"{side} {state}"
            );
        }
    }

    /// <summary>An API key; its id and token.</summary>
    internal async Task<(string Id, string Token)> KeyAsync(JsonObject body)
    {
        body.TryAdd("UsageCredits", new JsonArray());
        body.TryAdd("usageLimited", "false");
        var made = (await CallAsync("POST", "api-key", body)).Data;
        return ((string)made["id"]!, (string)made["token"]!);
    }

    /// <summary>What the node keeps: its deals with what they want, what acts for them, the coins that reserves, its registrations, and the credits of its keys.</summary>
    internal async Task<string> StateAsync()
    {
        var sources = (await Store.Sources.ListAsync(Stop)).Select(s => s.Id).ToImmutableArray();
        var lines = new List<string>();
        foreach (var side in Enum.GetValues<DealSide>())
        {
            foreach (var deal in await Store.Deals.ListAsync(new DealQuery(side) { Sources = sources, Limit = 1000 }, Stop))
            {
                lines.Add($"{side} {deal.Id} {deal.OnChainState} {deal.NextAction} {deal.Wishes} {deal.Problem}");
            }
        }

        foreach (var wallet in await Store.Wallets.ListAsync(Stop))
        {
            foreach (var attempt in (await Store.Attempts.ListKeptAsync(Stop)).Where(a => a.WalletId == wallet.Id))
            {
                lines.Add($"{wallet.Note} {attempt.Id} {attempt.State}: {string.Join(' ', attempt.Transaction!.Body.Inputs)}");
            }
        }

        foreach (var registration in await Store.Registrations.ListAsync(Stop))
        {
            lines.Add($"{registration.Kind} {registration.Id} {registration.State} {registration.AgentIdentifier} {registration.Entry}");
        }

        foreach (var wallet in await Store.Wallets.ListAsync(Stop))
        {
            lines.Add($"{wallet} {wallet.CollectionAddress} {wallet.DeletedAt}");
            lines.AddRange((await Store.Transfers.ListAsync(wallet.Id, null, 100, Stop)).Select(t => $"transfer {t.Id} {t.State}"));
        }

        lines.AddRange((await Store.Sources.ListAsync(Stop)).Select(s => $"{s.ContractAddress} {s.DisabledAt} {s.RemovedAt} {s.SealedProviderKey}"));
        lines.AddRange((await Store.Balances.ListAsync(Stop)).Select(r => $"rule {r.Id} {r.Threshold} {r.IsEnabled} {r.TopUp}"));
        lines.AddRange((await Store.TopUps.ListSettingsAsync(Stop)).Values.Select(s => $"funding {s.WalletId} {s.IsEnabled} {s.Window}"));
        foreach (var key in (await CallAsync("GET", "api-key?take=100")).Data["ApiKeys"]!.AsArray())
        {
            lines.Add(key!.ToJsonString());
        }

        return string.Join('\n', lines);
    }

    /// <summary>Lets chain time pass, and waits until the node has drawn its conclusions.</summary>
    internal async Task AdvanceAsync(TimeSpan time)
    {
        Devnet.Advance(time);
        await SettleAsync();
    }

    /// <summary>Waits until the node has acted upon all that is on chain, and on what came of that.</summary>
    internal async Task SettleAsync()
    {
        Hash32 tip;
        do
        {
            tip = Devnet.Tip.Hash;
            // A round under way may have begun with an older tip; the one after it has not.
            for (var rounds = _node!.Engine.Rounds; _node.Engine.Rounds < rounds + 2; )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
            }
        } while (Devnet.Tip.Hash != tip || !Devnet.Mempool.IsEmpty);
    }

    /// <summary>Calls, and holds the API to status, message and to having changed nothing at all.</summary>
    internal async Task<Answer> RefusedAsync(string verb, string path, object? body, int status, string? message, string? key = AdminKey)
    {
        var before = await StateAsync();
        var answer = await CallAsync(verb, path, body, key);
        Assert.Equal((status, message), (answer.Status, answer.Message));
        Assert.Equal("error", (string?)answer.Body!["status"]);
        Assert.Equal(before, await StateAsync());
        return answer;
    }

    internal static async Task<JsonNode> UntilAsync(Func<Task<JsonNode>> ask, Func<JsonNode, bool> done, string what)
    {
        JsonNode row = new JsonObject();
        for (var i = 0; i < 600; i++)
        {
            row = await ask();
            if (done(row))
            {
                return row;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }

        throw new TimeoutException($"{what} did not come; now {row["onChainState"]} {row["state"]} {row["NextAction"]} {row["error"]}");
    }

    /// <summary>Registers another agent of the selling wallet; its identifier.</summary>
    internal Task<string> RegisterAsync(JsonObject pricing) => MintAsync(RegistrationBody(pricing), _family);

    /// <summary>Registers an agent as the body says; its identifier.</summary>
    internal async Task<string> MintAsync(JsonObject body, EscrowFamily family)
    {
        var registered = await CallAsync("POST", "registry", body);
        var id = (string)registered.Data["id"]!;
        var confirmed = await UntilAsync(
            async () =>
                (await CallAsync("GET", $"registry?network={Network}&filterPaymentSourceType=Web3Cardano{family}&limit=100")).Data["Assets"]!
                    .AsArray()
                    .Single(r => (string)r!["id"]! == id)!,
            row => (string?)row["state"] == "RegistrationConfirmed",
            "registration"
        );
        return (string)confirmed["agentIdentifier"]!;
    }

    /// <summary>Sends an agent's token to a wallet that is none of the node's, as its owner's other software might; whether the chain took it.</summary>
    internal async Task<bool> SendTokenAwayAsync(string agent)
    {
        var address = SellerKeys.BaseAddress(NetworkId.Testnet);
        var coins = Devnet.State.Utxos.Where(u => u.Value.Address == address).Select(u => new Utxo(u.Key, u.Value)).ToArray();
        var token = coins.Single(c => c.Output.Value[AssetId.Parse(agent)] == 1);
        var plan = new TransactionPlan
        {
            Available = [],
            Inputs = [token],
            Outputs = [new TxOutput(FeeWallet, Value.Of(Lovelace.FromAda(2), AssetId.Parse(agent), 1))],
            ChangeAddress = address,
            Signers = [SellerKeys.Payment],
        };
        var built = TransactionBuilder.Build(plan, Devnet.Parameters, Devnet.Slots, new PlutusEvaluator()) as BuildResult.Built;
        var taken = built is not null && Devnet.Submit(built.Transaction) is DevnetSubmission.Accepted;
        for (var i = 0; i < 100 && Devnet.State.Utxos.ContainsKey(token.Input); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }

        return taken;
    }

    /// <summary>What registers an agent at this price, given as sources give it.</summary>
    internal JsonObject RegistrationBody(JsonObject pricing, EscrowFamily? generation = null)
    {
        var family = generation ?? _family;
        var body = new JsonObject
        {
            ["network"] = Network,
            ["sellingWalletVkey"] = _sellers[family].Payment.KeyHash.ToString(),
            ["name"] = "Word counter",
            ["description"] = "Counts words.",
            ["apiBaseUrl"] = "http://127.0.0.1:1/",
            ["Tags"] = new JsonArray("text"),
            ["ExampleOutputs"] = new JsonArray(),
            ["Capability"] = new JsonObject { ["name"] = "word-count", ["version"] = "1" },
            ["Author"] = new JsonObject { ["name"] = "Ada" },
        };
        if (family == EscrowFamily.V1)
        {
            var prices = pricing["fixed"]!
                .AsArray()
                .Select(p => (JsonNode)new JsonObject { ["unit"] = (string)p!["asset"]!, ["amount"] = (string)p["amount"]! });
            body["AgentPricing"] = new JsonObject { ["pricingType"] = "Fixed", ["Pricing"] = new JsonArray([.. prices]) };
        }
        else
        {
            body["supportedPaymentSources"] = new JsonArray(
                new JsonObject
                {
                    ["chain"] = "Cardano",
                    ["network"] = Network,
                    ["paymentSourceType"] = "Web3CardanoV2",
                    ["address"] = Escrow.ToString(),
                    ["pricing"] = pricing.DeepClone(),
                }
            );
        }

        return body;
    }

    private SourceSettings SetUp(EscrowFamily family, JsonObject contract)
    {
        var seller = Mnemonic.FromEntropy(RandomNumberGenerator.GetBytes(32));
        var buyer = Mnemonic.FromEntropy(RandomNumberGenerator.GetBytes(32));
        foreach (var mnemonic in new[] { seller, buyer })
        {
            var address = WalletKeys.FromMnemonic(mnemonic).BaseAddress(NetworkId.Testnet);
            Assert.IsType<DevnetFunding.Paid>(Devnet.Fund(address, Value.Of(Lovelace.FromAda(500))));
        }

        _sellers[family] = WalletKeys.FromMnemonic(seller);
        _buyers[family] = WalletKeys.FromMnemonic(buyer);
        var reader = new SettingsReader(SettingsText.Read(Encoding.UTF8.GetBytes(contract.ToJsonString()), "test", File.ReadAllBytes));
        var setup = ContractSettings.Read(reader).Resolve(NodeNetwork.Devnet, reader);
        SettingsException.ThrowIfAny(reader.Problems);
        return new SourceSettings(
            setup!,
            [new WalletSettings(WalletRole.Selling, seller, "sells"), new WalletSettings(WalletRole.Purchasing, buyer, "buys")],
            []
        );
    }

    private static Credential FeeKey(byte number) => Credential.Key(new KeyHash(Blake2b.Hash224([number])));
}
