using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Acceptance;

/// <summary>A devnet with a block a second, a buyer's and a seller's node as processes, each with a key of its own for the chain's API, and a registered agent.</summary>
public sealed class Trade : IAsyncLifetime
{
    public const string BuyersKey = "the-buyers-key";
    public const string SellersKey = "the-sellers-key";
    public const byte SellersWallet = 1;
    public const byte BuyersWallet = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-trade-").FullName;
    private readonly WalletKeys _stranger = Keys(9);
    private DevnetServer? _devnet;
    private int _jobs;

    public TradingNode Buyer { get; private set; } = null!;

    public TradingNode Seller { get; private set; } = null!;

    public string Agent { get; private set; } = "";

    public DevnetServer Devnet => _devnet!;

    /// <summary>Where the databases lie, and what the nodes logged.</summary>
    public string Folder => _folder;

    /// <summary>Whether they are left there when it ends.</summary>
    public bool IsKept { get; set; }

    public static Address Escrow { get; } = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet);

    private static EscrowContract Contract { get; } =
        new()
        {
            Family = EscrowFamily.V2,
            Address = Escrow,
            RequiredAdmins = KnownDeployments.DefaultRequiredAdmins,
            Admins = KnownDeployments.DefaultAdmins,
            Cooldown = KnownDeployments.DefaultCooldown,
        };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _devnet = await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.Interval }, cancellation: Stop);
        for (var coin = 0; coin < 4; coin++)
        {
            Fund(1, 50);
            Fund(9, 60);
        }

        Seller = await TradingNode.StartAsync(Settings("seller", "Selling", 1, SellersKey));
        Buyer = await TradingNode.StartAsync(Settings("buyer", "Purchasing", 2, BuyersKey));
        Agent = await RegisterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Buyer.DisposeAsync();
        await Seller.DisposeAsync();
        await Devnet.DisposeAsync();
        if (!IsKept)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>The settings of a node of this trade.</summary>
    public JsonObject Settings(string name, string role, byte wallet, string key) =>
        new()
        {
            ["network"] = "Devnet",
            ["chain"] = new JsonObject
            {
                ["url"] = new Uri(Devnet.BaseUrl, "api/v0").ToString(),
                ["key"] = key,
                ["pollMilliseconds"] = 200,
            },
            ["database"] = Path.Combine(_folder, name + ".db"),
            ["secret"] = "a secret of this test's own",
            ["adminKey"] = "an-admin-key-of-this-test",
            ["listen"] = "127.0.0.1:0",
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["contract"] = "own",
                    ["family"] = "V2",
                    ["requiredAdmins"] = KnownDeployments.DefaultRequiredAdmins,
                    ["admins"] = new JsonArray([.. KnownDeployments.DefaultAdmins.Select(a => (JsonNode)a.ToString())]),
                    ["wallets"] = new JsonArray(new JsonObject { ["role"] = role, ["mnemonic"] = Words(wallet) }),
                }
            ),
        };

    /// <summary>Money for the buyer, in coins of this size.</summary>
    public void Pay(int coins, long ada)
    {
        for (var coin = 0; coin < coins; coin++)
        {
            Fund(2, ada);
        }
    }

    /// <summary>An agent at 25 ADA.</summary>
    public async Task<string> RegisterAsync()
    {
        var price = new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "25000000" }) };
        var body = new JsonObject
        {
            ["network"] = "Preprod",
            ["sellingWalletVkey"] = Keys(1).Payment.KeyHash.ToString(),
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
                    ["address"] = Escrow.ToString(),
                    ["pricing"] = price,
                }
            ),
        };
        var id = (string)(await Seller.CallAsync(HttpMethod.Post, "registry", body)).Data["id"]!;
        var list = "registry?network=Preprod&filterPaymentSourceType=Web3CardanoV2&limit=100";
        var row = await UntilAsync(
            "registration",
            async () => (await Seller.CallAsync(HttpMethod.Get, list)).Data["Assets"]!.AsArray().Single(r => (string)r!["id"]! == id)!,
            r => (string?)r["state"] == "RegistrationConfirmed"
        );
        return (string)row["agentIdentifier"]!;
    }

    /// <summary>What buys a job of an agent, whose offer the seller has; with times of its own where they are given.</summary>
    public async Task<JsonObject> OfferAsync(string? agent = null, Deadlines? deadlines = null)
    {
        var asked = new JsonObject
        {
            ["network"] = "Preprod",
            ["inputHash"] = new string('a', 64),
            ["agentIdentifier"] = agent ?? Agent,
            ["identifierFromPurchaser"] = $"{Interlocked.Increment(ref _jobs):x16}",
            ["supportedPaymentSourceIndex"] = 0,
        };
        if (deadlines is not null)
        {
            asked["payByTime"] = Iso(deadlines.PayBy);
            asked["submitResultTime"] = Iso(deadlines.SubmitResult);
            asked["unlockTime"] = Iso(deadlines.Unlock);
            asked["externalDisputeUnlockTime"] = Iso(deadlines.ExternalDisputeUnlock);
        }

        var offer = (await Seller.CallAsync(HttpMethod.Post, "payment", asked)).Data;
        var bought = (JsonObject)asked.DeepClone();
        bought["sellerVkey"] = Keys(1).Payment.KeyHash.ToString();
        foreach (var field in new[] { "blockchainIdentifier", "payByTime", "submitResultTime", "unlockTime", "externalDisputeUnlockTime" })
        {
            bought[field] = (string)offer[field]!;
        }

        return bought;
    }

    /// <summary>Buys a job; its identifier.</summary>
    public async Task<string> BuyAsync()
    {
        var offer = await OfferAsync();
        _ = (await Buyer.CallAsync(HttpMethod.Post, "purchase", offer)).Data;
        return (string)offer["blockchainIdentifier"]!;
    }

    /// <summary>A deal as a side shows it.</summary>
    public async Task<JsonNode> RowAsync(string side, string identifier) =>
        (await ActAsync(side == "purchase" ? Buyer : Seller, $"{side}/resolve-blockchain-identifier", identifier)).Data;

    /// <summary>Waits until both sides show a state.</summary>
    public async Task BothAsync(string identifier, string state)
    {
        foreach (var side in new[] { "purchase", "payment" })
        {
            await UntilAsync($"{side} {state}", () => RowAsync(side, identifier), row => (string?)row["onChainState"] == state);
        }
    }

    /// <summary>The seller delivers, time passes, the seller collects; and there was one lock.</summary>
    public async Task GoesOnAsync(string identifier)
    {
        await BothAsync(identifier, "FundsLocked");
        _ = (await ActAsync(Seller, "payment/submit-result", identifier, new string('b', 64))).Data;
        await BothAsync(identifier, "ResultSubmitted");
        Devnet.Chain.Advance(TimeSpan.FromHours(31));
        await BothAsync(identifier, "Withdrawn");
        Assert.Single(Locks(identifier));
    }

    /// <summary>The transactions of the buyer that lock funds under an identifier.</summary>
    public List<TransactionId> Locks(string identifier) =>
        [
            .. Devnet
                .Chain.Blocks.SelectMany(b => b.Transactions)
                .Where(t =>
                    t.Witnesses.Redeemers.IsEmpty
                    && t.Witnesses.VKeys.Any(w => w.PublicKey.Span.SequenceEqual(Keys(2).Payment.PublicKey.Span))
                    && t.Body.Outputs.Any(o =>
                        o.Address == Escrow
                        && EscrowDatum.TryRead(o, EscrowFamily.V2, out var datum, out _)
                        && IdentifierParts.Of(datum, Escrow).Encode() == identifier
                    )
                )
                .Select(t => t.Id),
        ];

    /// <summary>A stranger locks too little under the identifier of an offer, in the buyer's name.</summary>
    public void LockInTheBuyersName(JsonObject offer, long ada)
    {
        var chain = Devnet.Chain;
        Assert.True(IdentifierParts.TryDecode((string)offer["blockchainIdentifier"]!, out var identifier, out _));
        Assert.True(
            Deadlines.TryParse(
                (string?)offer["payByTime"],
                (string?)offer["submitResultTime"],
                (string?)offer["unlockTime"],
                (string?)offer["externalDisputeUnlockTime"],
                out var deadlines
            )
        );
        var terms = new EscrowTerms
        {
            Identifier = identifier,
            Deadlines = deadlines,
            InputHash = InputHash.Parse((string)offer["inputHash"]!),
            Price = Value.Of(Lovelace.FromAda(25)),
            Seller = Home(1),
        };
        var size = new LockSize(terms.LockDatum(Home(2), null, Lovelace.Zero), Value.Of(Lovelace.FromAda(ada)));
        var pieces = new EscrowTransactions(Contract, null, chain.Parameters, chain.Slots).Lock([size], chain.Clock.GetUtcNow(), out _)!;
        var plan = new TransactionPlan
        {
            Available = [.. chain.State.Utxos.Where(u => u.Value.Address == Home(9)).Select(u => new Utxo(u.Key, u.Value)).Take(1)],
            ChangeAddress = Home(9),
            Signers = [_stranger.Payment],
        };
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(pieces.AddTo(plan), chain.Parameters, chain.Slots, new PlutusEvaluator()));
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(built.Transaction));
    }

    /// <summary>Waits for blocks.</summary>
    public async Task BlocksAsync(int blocks)
    {
        var until = Devnet.Chain.Tip.Height + blocks;
        while (Devnet.Chain.Tip.Height < until)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }
    }

    /// <summary>Waits until something is as wanted.</summary>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T>> look, Func<T, bool> isThere)
    {
        var started = Stopwatch.GetTimestamp();
        T? last = default;
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            last = await look();
            if (isThere(last))
            {
                return last;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }

        throw new TimeoutException($"{what} did not come: {last}");
    }

    private static Task<NodeAnswer> ActAsync(TradingNode node, string path, string identifier, string? result = null)
    {
        var body = new JsonObject { ["network"] = "Preprod", ["blockchainIdentifier"] = identifier };
        if (result is not null)
        {
            body["submitResultHash"] = result;
        }

        return node.CallAsync(HttpMethod.Post, path, body);
    }

    private void Fund(byte wallet, long ada) => Assert.IsType<DevnetFunding.Paid>(Devnet.Chain.Fund(Home(wallet), Value.Of(Lovelace.FromAda(ada))));

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Words(byte wallet) => Mnemonic.FromEntropy([.. Enumerable.Repeat(wallet, 32)]);

    /// <summary>The keys of a wallet by its number.</summary>
    public static WalletKeys Keys(byte wallet) => WalletKeys.FromMnemonic(Words(wallet));

    /// <summary>Where a wallet's money lies.</summary>
    public static Address Home(byte wallet) => Keys(wallet).BaseAddress(NetworkId.Testnet);
}
