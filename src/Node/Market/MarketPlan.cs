using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.Common;
using Masumi.Devnet;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Registry;
using Masumi.Storage.Secrets;

namespace Masumi.Node.Market;

/// <summary>
/// What a market must have again to go on: its keys, the seed of its wallets and its ports (agents are registered with theirs). Kept in one file of its
/// owner's, written before anything else happens.
/// </summary>
internal sealed record MarketPlan
{
    private const int AccountCount = 12;

    /// <summary>What the wallets are made from.</summary>
    public required string Seed { get; init; }

    /// <summary>The seller's admin key.</summary>
    public required string SellerKey { get; init; }

    /// <summary>What the seller's wallets are sealed under.</summary>
    public required string SellerSecret { get; init; }

    /// <summary>The buyer's admin key.</summary>
    public required string BuyerKey { get; init; }

    /// <summary>What the buyer's wallets are sealed under.</summary>
    public required string BuyerSecret { get; init; }

    /// <summary>The registry's admin key.</summary>
    public required string RegistryKey { get; init; }

    /// <summary>Where everything listens.</summary>
    public required MarketPorts Ports { get; init; }

    /// <summary>Which files of the folder belong to it: what has been written once is missing when it is not there.</summary>
    public ImmutableArray<string> Parts { get; private init; } = [];

    /// <summary>A fresh one.</summary>
    public static MarketPlan New(MarketPorts ports) =>
        new()
        {
            Seed = Fresh("market-"),
            SellerKey = Fresh("masumi-payment-admin-"),
            SellerSecret = Fresh("seller-secret-"),
            BuyerKey = Fresh("masumi-payment-admin-"),
            BuyerSecret = Fresh("buyer-secret-"),
            RegistryKey = Fresh("masumi-registry-admin-"),
            Ports = ports,
        };

    /// <summary>
    /// The plan of a folder, or a new one, written there. Throws <see cref="FormatException"/> when what is there cannot be gone on from, or when it is told
    /// other ports than its agents are registered with.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="told">The ports that are asked for; null: any.</param>
    public static MarketPlan In(MarketFolder folder, MarketPorts? told)
    {
        if (!folder.HasPlan)
        {
            var plan = New(told ?? MarketPorts.Free());
            SettingsException.ThrowIfAny(plan.Ports.Refusals());
            plan.Write(folder);
            return plan;
        }

        var kept = Read(folder.PathOf(MarketFolder.PlanName));
        folder.RefuseHoles(kept.Parts);
        return told is null || told.SameAs(kept.Ports)
            ? kept
            : throw new FormatException($"the market in {folder.Root} is on other ports, with which its agents are registered; leave --ports out");
    }

    /// <summary>With these parts, noted in its folder.</summary>
    public MarketPlan Holding(IEnumerable<string> parts, MarketFolder folder)
    {
        var all = Parts.Union(parts, StringComparer.Ordinal).ToImmutableArray();
        if (all.Length == Parts.Length || folder.IsTemporary)
        {
            return this;
        }

        var plan = this with { Parts = all };
        plan.Write(folder);
        return plan;
    }

    /// <summary>The wallets: four hot ones, three dispute admins, one that receives V1's fees, and some for whoever tries things.</summary>
    public MarketWallets Wallets() => new(DevnetAccounts.Derive(Seed, AccountCount, DevnetAccounts.DefaultAmount));

    private static MarketPlan Read(string file)
    {
        if (PrivateFile.Refusal(file) is { } refusal)
        {
            throw new FormatException(refusal);
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(file), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            return new MarketPlan
            {
                Seed = Text("seed", 1),
                SellerKey = Key("sellerKey", NodeSettings.ShortestAdminKey),
                SellerSecret = Text("sellerSecret", SecretBox.MinSecretLength),
                BuyerKey = Key("buyerKey", NodeSettings.ShortestAdminKey),
                BuyerSecret = Text("buyerSecret", SecretBox.MinSecretLength),
                RegistryKey = Key("registryKey", RegistryApi.ShortestSeededKey),
                Ports = MarketPorts.FromJson(json?["ports"]) ?? throw new FormatException($"{file}: ports: {MarketPorts.Count} are needed"),
                Parts = json?["parts"] switch
                {
                    null => [],
                    JsonArray parts when parts.All(p => IsText(p)) => [.. parts.Select(p => (string)p!)],
                    _ => throw new FormatException($"{file}: parts: names of files are needed"),
                },
            };

            string Text(string name, int shortest) =>
                IsText(json?[name]) && (string)json![name]! is var text && text.Length >= shortest
                    ? text
                    : throw new FormatException($"{file}: {name}: a text of at least {shortest} characters is needed");

            string Key(string name, int shortest) =>
                Text(name, shortest) is var key && ChainSettings.IsHeader(key)
                    ? key
                    : throw new FormatException($"{file}: {name}: letters, digits and signs of ASCII without spaces are needed");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{file} is not what 'masumi up' wrote there", e);
        }

        static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
    }

    // Whole or not at all: a market that is stopped here goes on with what was there before.
    private void Write(MarketFolder folder)
    {
        var unfinished = folder.PathOf(MarketFolder.UnfinishedPlanName);
        using (var stream = PrivateFile.Open(unfinished, FileMode.Create, FileShare.None))
        {
            stream.Write(
                JsonSerializer.SerializeToUtf8Bytes(
                    new JsonObject
                    {
                        ["seed"] = Seed,
                        ["sellerKey"] = SellerKey,
                        ["sellerSecret"] = SellerSecret,
                        ["buyerKey"] = BuyerKey,
                        ["buyerSecret"] = BuyerSecret,
                        ["registryKey"] = RegistryKey,
                        ["ports"] = Ports.ToJson(),
                        ["parts"] = new JsonArray([.. Parts.Select(p => (JsonNode)p)]),
                    }
                )
            );
            stream.Flush(flushToDisk: true);
        }

        // The folder's lock is held: what is overwritten is this market's own.
        File.Move(unfinished, folder.PathOf(MarketFolder.PlanName), overwrite: true);
    }

    private static string Fresh(string prefix) => prefix + Convert.ToHexStringLower(Chance.Bytes(16));
}

/// <summary>Who has which of a market's wallets, each funded from the first block on.</summary>
internal sealed class MarketWallets(ImmutableArray<DevnetAccount> accounts)
{
    private const int Admins = 4;
    private const int FeeReceiver = 7;
    private const int Spare = 8;

    /// <summary>All of them.</summary>
    public ImmutableArray<DevnetAccount> Accounts { get; } = accounts;

    /// <summary>The seller's wallet at a source.</summary>
    public DevnetAccount Seller(EscrowFamily family) => Accounts[family == EscrowFamily.V2 ? 0 : 1];

    /// <summary>The buyer's wallet at a source.</summary>
    public DevnetAccount Buyer(EscrowFamily family) => Accounts[family == EscrowFamily.V2 ? 2 : 3];

    /// <summary>What each is for, in the order of <see cref="Accounts"/>.</summary>
    public static string PurposeOf(int index) =>
        index switch
        {
            0 => "seller's hot wallet, V2",
            1 => "seller's hot wallet, V1",
            2 => "buyer's hot wallet, V2",
            3 => "buyer's hot wallet, V1",
            < FeeReceiver => $"dispute admin {index - Admins + 1} of 3",
            FeeReceiver => "receives V1's fees",
            _ => $"yours ({index - Spare + 1})",
        };

    /// <summary>The contract of a family, with this market's admins.</summary>
    public ContractSetup Contract(EscrowFamily family) =>
        OwnContract.Of(
            family,
            [.. Accounts.Skip(Admins).Take(FeeReceiver - Admins).Select(a => KeyOf(a))],
            requiredAdmins: 2,
            family == EscrowFamily.V1 ? Accounts[FeeReceiver].Address : null
        );

    /// <summary>The hash of an account's payment key.</summary>
    public static KeyHash KeyOf(DevnetAccount account) => account.Address.Payment!.Value.AsKey!.Value;
}
