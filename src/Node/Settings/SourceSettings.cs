using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Sources;

namespace Masumi.Node.Settings;

/// <summary>A hot wallet: <c>{ role, mnemonic or mnemonicFile, note?, collectionAddress? }</c>.</summary>
/// <param name="Role">What it signs.</param>
/// <param name="Mnemonic">Its words.</param>
/// <param name="Note">The operator's words.</param>
/// <param name="CollectionAddress">Where what it collects goes instead of its own address; used when it is set up first, then changed over the API.</param>
internal sealed record WalletSettings(WalletRole Role, string Mnemonic, string? Note = null, Address? CollectionAddress = null)
{
    /// <summary>Its key's hash.</summary>
    public Cardano.KeyHash KeyHash => WalletKeys.FromMnemonic(Mnemonic).Payment.KeyHash;

    /// <summary>Without the words.</summary>
    public override string ToString() => $"{Role} wallet ({Note})";
}

/// <summary>One payment source: its contract, its wallets, and outputs that carry its scripts for reference.</summary>
/// <param name="Contract">The contract; null as long as something is wrong with it.</param>
/// <param name="Wallets">Its wallets.</param>
/// <param name="ReferenceScripts">Outputs with scripts in them.</param>
internal sealed record SourceSettings(ContractSetup Contract, ImmutableArray<WalletSettings> Wallets, ImmutableArray<TxInput> ReferenceScripts)
{
    /// <summary>Reads one item of <c>sources</c>; null when something is wrong, which is noted.</summary>
    public static SourceSettings? Read(SettingsReader reader, NodeNetwork? network)
    {
        var contract = ContractSettings.Read(reader);
        var references = (reader.OptionalTexts("referenceScripts", "an output as TXID#INDEX") ?? [])
            .Select((r, i) => reader.Parsed($"referenceScripts[{i}]", r, TxInput.Parse, "an output as TXID#INDEX"))
            .Distinct()
            .ToImmutableArray();
        var wallets = reader.Items("wallets", "an object with role and mnemonic").Select(w => (Reader: w, Wallet: ReadWallet(w, network))).ToList();
        RefuseTwice(wallets);

        // Which addresses are right depends on the network.
        var setup = network is { } known ? contract.Resolve(known, reader) : null;
        return setup is null ? null : new SourceSettings(setup, [.. wallets.Select(w => w.Wallet).OfType<WalletSettings>()], references);
    }

    private static WalletSettings? ReadWallet(SettingsReader reader, NodeNetwork? network)
    {
        var role = reader.Choice<WalletRole>("role");
        var mnemonic = reader.Secret("mnemonic", "a text of 12, 15, 18, 21 or 24 words")?.Trim();
        var note = reader.OptionalText("note", "a text");
        var collection = reader.Parsed(
            "collectionAddress",
            reader.OptionalText("collectionAddress", "an address in bech32"),
            Address.Parse,
            "an address in bech32"
        );
        if (collection is not null && network is { } known && collection.Network != known.ToNetworkId())
        {
            reader.Refuse("collectionAddress", $"an address on {known} is needed, got {collection}");
        }

        if (mnemonic is null || !IsMnemonic(reader, mnemonic) || role is null)
        {
            return null;
        }

        return new WalletSettings(role.Value, mnemonic, note, collection);
    }

    private static bool IsMnemonic(SettingsReader reader, string mnemonic)
    {
        try
        {
            Mnemonic.ToEntropy(mnemonic);
            return true;
        }
        catch (FormatException e)
        {
            // It holds no word.
            reader.Refuse("mnemonic", e.Message.TrimEnd('.'));
            return false;
        }
    }

    private static void RefuseTwice(List<(SettingsReader Reader, WalletSettings? Wallet)> wallets)
    {
        var seen = new Dictionary<(WalletRole, Cardano.KeyHash), int>();
        for (var i = 0; i < wallets.Count; i++)
        {
            if (wallets[i].Wallet is { } wallet && !seen.TryAdd((wallet.Role, wallet.KeyHash), i))
            {
                wallets[i].Reader.Refuse("mnemonic", $"the same {wallet.Role} wallet as wallets[{seen[(wallet.Role, wallet.KeyHash)]}]");
            }
        }
    }
}
