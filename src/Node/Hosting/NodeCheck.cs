using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Node.Settings;
using Masumi.Payments.Keys;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;

namespace Masumi.Node.Hosting;

/// <summary>
/// Whether a payment node's options fit what there is already: the port, the database, the chain. Everything here only looks, so that a node that is refused
/// has changed nothing.
/// </summary>
internal sealed class NodeCheck(PaymentNodeOptions options, SecretBox box, TimeProvider time)
{
    private const long MainnetMagic = 764_824_073;
    private const long PreprodMagic = 1;

    /// <summary>The port, and the database where there is one; whether there is one. Throws <see cref="SettingsException"/>.</summary>
    public async Task<bool> ExistingAsync(CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        var there = false;
        foreach (var twice in options.Sources.GroupBy(s => s.Contract.Contract.Address).Where(g => g.Count() > 1))
        {
            problems.Add(new("sources", $"the contract at {twice.Key} is there {twice.Count()} times"));
        }

        problems.AddRange(WebServer.Refusals(options.Listen.Select(l => ("listen", l))));
        try
        {
            await using var database = options.Database.OpenExisting(time);
            there = database is not null;

            // Tables of an older version are looked into when they are up to date.
            if (database is not null && await database.IsCurrentAsync(PaymentNode.Migrations, cancellation))
            {
                problems.AddRange(await ContentsAsync(database, cancellation));
            }
        }
        catch (Exception e) when (e is StorageUnavailableException or MigrationException or IOException)
        {
            problems.Add(new("database", Sentence(e.Message)));
        }

        SettingsException.ThrowIfAny(problems);
        return there;
    }

    /// <summary>What is in the database, once its tables are up to date. Throws <see cref="SettingsException"/>.</summary>
    public async Task DatabaseAsync(IDatabase database, CancellationToken cancellation) =>
        SettingsException.ThrowIfAny(await ContentsAsync(database, cancellation));

    /// <summary>
    /// The provider's network, and the scripts at addresses that only it knows; the outputs named for reference. Throws <see cref="SettingsException"/> or
    /// <see cref="ChainUnavailableException"/>.
    /// </summary>
    public async Task<ImmutableArray<Utxo>> ChainAsync(ProvidedChain chain, CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        if (RefuseNetwork(await chain.FindNetworkMagicAsync(cancellation), options.Network) is { } wrong)
        {
            // On another network nothing else is to be found.
            throw new SettingsException([new("network", wrong)]);
        }

        var found = ImmutableArray.CreateBuilder<Utxo>();
        for (var i = 0; i < options.Sources.Length; i++)
        {
            var source = options.Sources[i];
            if (await RefuseContractAsync(source.Contract, chain, cancellation) is { } other)
            {
                problems.Add(new($"sources[{i}].contractAddress", other));
            }

            var references = await chain.ResolveAsync(source.ReferenceScripts, cancellation);
            found.AddRange(references);
            foreach (var missing in source.ReferenceScripts.Except(references.Select(r => r.Input)))
            {
                problems.Add(new($"sources[{i}].referenceScripts", $"the chain does not know the output {missing}"));
            }

            // What is spent by now is noticed when it is to be used.
            foreach (var plain in references.Where(r => r.Output.ReferenceScript is null))
            {
                problems.Add(new($"sources[{i}].referenceScripts", $"the output {plain.Input} carries no script"));
            }
        }

        SettingsException.ThrowIfAny(problems);
        return found.ToImmutable();
    }

    /// <summary>Why a network with this magic is not the one meant; null when it is. Only a devnet may not say.</summary>
    public static string? RefuseNetwork(long? magic, NodeNetwork network)
    {
        if (magic is null)
        {
            return network == NodeNetwork.Devnet ? null : $"the chain provider does not say which network it is (/genesis); {network} is needed";
        }

        var name = magic switch
        {
            MainnetMagic => nameof(NodeNetwork.Mainnet),
            PreprodMagic => nameof(NodeNetwork.Preprod),
            _ => nameof(NodeNetwork.Devnet),
        };
        return name == network.ToString() ? null : $"the chain provider's network has the magic {magic}, which goes with {name}, got {network}";
    }

    private static async Task<string?> RefuseContractAsync(ContractSetup setup, ProvidedChain chain, CancellationToken cancellation)
    {
        var contract = setup.Contract;
        var hash = contract.ScriptHash;
        if (
            setup.Scripts.Any(s => s.Hash == hash)
            || KnownDeployments.All.Any(d => d.EscrowAddress == contract.Address)
            || EscrowScript.Of(contract).Hash == hash
        )
        {
            return null;
        }

        if (await chain.FindScriptAsync(hash, cancellation) is not { } script)
        {
            return $"the chain does not know the script {hash}; its scriptFile is needed";
        }

        try
        {
            return AppliedParameters.Escrow(script, contract.Family, contract.Address.Network) is not { } served
                    ? $"the script {hash} does not show its parameters: nobody could say what it does"
                : EscrowParameters.Refusals(served) is [var refusal, ..] ? $"the script has {refusal.Parameter}: {refusal.Reason}"
                : served.Parameters().SequenceEqual(contract.Parameters()) ? null
                : "the script was made with "
                    + $"requiredAdmins {served.RequiredAdmins}, admins {string.Join(", ", served.Admins)}, cooldownMilliseconds {served.CooldownMilliseconds}"
                    + (served.FeeAddress is { } receiver ? $", feeAddress {receiver}, feePermille {served.FeePermille}" : "")
                    + "; the settings must say so";
        }
        catch (FormatException e)
        {
            return $"the script {hash} has {e.Message}";
        }
    }

    private async Task<List<SettingProblem>> ContentsAsync(IDatabase database, CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        var store = new SettlementStore(database);
        var wallets = await store.Wallets.ListAsync(cancellation);
        byte[]? key;
        try
        {
            key = await new SealedKeys(database, box, time, Chance.Source).FindAsync(PaymentNode.KeyHashName, ApiKeyHash.KeySize, cancellation);
            var keyring = new Keyring(box);
            foreach (var wallet in wallets.Where(w => w.DeletedAt is null))
            {
                keyring.Open(wallet);
            }
        }
        catch (CryptographicException)
        {
            problems.Add(new("secret", $"it does not open what {options.Database} holds, which was sealed under another; that one is needed"));
            key = null;
        }

        if (key is not null && await new KeyBook(database, new ApiKeyHash(key), time).RefuseAdminAsync(options.AdminKey, cancellation) is { } refusal)
        {
            problems.Add(new("adminKey", refusal));
        }

        foreach (var stored in (await store.Sources.ListAsync(cancellation)).Where(s => s.RemovedAt is null))
        {
            var index = options.Sources.ToList().FindIndex(s => s.Contract.Contract.Address == stored.ContractAddress);
            if (index < 0 || stored.Network != options.Network.ToWire())
            {
                problems.Add(new("database", Other(stored)));
                continue;
            }

            var (set, name) = (options.Sources[index], $"sources[{index}]");
            if (set.Contract.PolicyId != stored.PolicyId)
            {
                problems.Add(new($"{name}.policyId", $"the database was set up with {stored.PolicyId}, got {set.Contract.PolicyId}"));
            }

            if (!ScriptCatalog.ContractOf(stored).Parameters().SequenceEqual(set.Contract.Contract.Parameters()))
            {
                problems.Add(new("database", $"it was set up with other parameters of the contract at {stored.ContractAddress}; another one is needed"));
            }

            problems.AddRange(Wallets(name, set, [.. wallets.Where(w => w.SourceId == stored.Id && w.DeletedAt is null)], stored.NetworkId));
        }

        return problems;
    }

    private string Other(PaymentSource stored) =>
        $"{options.Database} was set up for the contract at {stored.ContractAddress} on {stored.Network}, the settings are for "
        + (
            options.Sources.IsEmpty
                ? "none"
                : $"{(options.Sources.Length == 1 ? "the one" : "those")} at {string.Join(", ", options.Sources.Select(s => s.Contract.Contract.Address))} on {options.Network.ToWire()}"
        )
        + "; its own settings are needed, or another database";

    // A wallet that is in the database must be in the settings: otherwise there would be two where the operator thinks there is one.
    private static IEnumerable<SettingProblem> Wallets(string source, SourceSettings set, IReadOnlyList<HotWallet> stored, NetworkId network)
    {
        var named = set.Wallets.Select(w => (w.Role, Key: WalletKeys.FromMnemonic(w.Mnemonic))).ToList();
        foreach (var wallet in stored)
        {
            if (named.Any(n => n.Role == wallet.Role && n.Key.Payment.KeyHash == wallet.KeyHash))
            {
                continue;
            }

            // An entry that is right for a wallet of its own is not what is wrong.
            bool IsStored((WalletRole Role, WalletKeys Key) entry) => stored.Any(s => s.Role == entry.Role && s.KeyHash == entry.Key.Payment.KeyHash);
            var same = named.FindIndex(n => n.Key.Payment.KeyHash == wallet.KeyHash && !IsStored(n));
            if (same >= 0)
            {
                yield return new(
                    $"{source}.wallets[{same}].role",
                    $"the database has this wallet for {wallet.Role}, got {named[same].Role}; {wallet.Role} is needed, or another database"
                );
                continue;
            }

            // The one that is meant, as far as that can be told.
            var meant = named.FindIndex(n => n.Role == wallet.Role && stored.All(s => s.KeyHash != n.Key.Payment.KeyHash));
            yield return new(
                meant < 0 ? $"{source}.wallets" : $"{source}.wallets[{meant}].mnemonic",
                $"the database has the {wallet.Role} wallet at {wallet.Address}, got {(meant < 0 ? "none" : named[meant].Key.BaseAddress(network))}; its words are needed, or another database"
            );
        }
    }

    private static string Sentence(string text) => text.TrimEnd('.');
}
