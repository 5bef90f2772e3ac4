using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.Common;
using Masumi.Devnet;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;

namespace Masumi.Node.Market;

/// <summary>
/// What a market must have again to go on: its keys, the seed of its wallets and its ports (agents are registered with theirs). Kept in one file of its
/// owner's, written before anything else happens.
/// </summary>
internal sealed record MarketPlan
{
    private const string FileName = "market.json";
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
    /// The plan of a folder, or a new one, written there. Throws <see cref="FormatException"/> when the folder holds something else, or when it is told other
    /// ports than its agents are registered with.
    /// </summary>
    /// <param name="folder">The folder; it is made when it is not there.</param>
    /// <param name="told">The ports that are asked for; null: any.</param>
    public static MarketPlan In(string folder, MarketPorts? told)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(f => !f.EndsWith(".new", StringComparison.Ordinal)))
            {
                throw new FormatException($"{folder} holds something else than a market; an empty or a new folder is needed");
            }

            var plan = New(told ?? MarketPorts.Free());
            SettingsException.ThrowIfAny(plan.Ports.Refusals());
            plan.Write(file);
            return plan;
        }

        var kept = Read(file);
        return told is null || told.SameAs(kept.Ports)
            ? kept
            : throw new FormatException($"the market in {folder} is on other ports, with which its agents are registered; leave --ports out");
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
            var json = JsonNode.Parse(File.ReadAllBytes(file));
            return new MarketPlan
            {
                Seed = Text("seed"),
                SellerKey = Text("sellerKey"),
                SellerSecret = Text("sellerSecret"),
                BuyerKey = Text("buyerKey"),
                BuyerSecret = Text("buyerSecret"),
                RegistryKey = Text("registryKey"),
                Ports = MarketPorts.FromJson(json?["ports"]) ?? throw new FormatException($"{file}: ports are missing"),
            };

            string Text(string name) => (string?)json?[name] ?? throw new FormatException($"{file}: {name} is missing");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{file} is not what 'masumi up' wrote there", e);
        }
    }

    // Whole or not at all: a market that is stopped here begins anew.
    private void Write(string file)
    {
        PrivateFile.CreateFolderOf(file);
        using (var stream = PrivateFile.Open(file + ".new", FileMode.Create, FileShare.None))
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
                    }
                )
            );
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
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
