using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Node.Settings;
using Masumi.Payments;
using Masumi.Settlement;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Masumi.Storage.Sqlite;

namespace Masumi.Node.Hosting;

/// <summary>
/// Whether a payment node's options fit what there is already: the port, the database, the chain. Everything here only looks, so that a node that is refused
/// has changed nothing.
/// </summary>
internal sealed class NodeCheck(PaymentNodeOptions options, SecretBox box, TimeProvider time)
{
    private const long MainnetMagic = 764_824_073;
    private const long PreprodMagic = 1;

    /// <summary>The port, and the database where there is one. Throws <see cref="SettingsException"/>.</summary>
    public async Task ExistingAsync(CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        foreach (var twice in options.Sources.GroupBy(s => (s.Network, s.Contract.Address)).Where(g => g.Count() > 1))
        {
            problems.Add(new("sources", $"the contract at {twice.Key.Address} is there {twice.Count()} times"));
        }

        if (RefusePort(options.Port) is { } taken)
        {
            problems.Add(new("port", taken));
        }

        if (File.Exists(options.DatabaseFile))
        {
            try
            {
                await using var database = SqliteDatabase.OpenExisting(options.DatabaseFile, time);

                // Tables of an older version are looked into when they are up to date.
                if (await database.IsCurrentAsync(PaymentNode.Migrations, cancellation))
                {
                    problems.AddRange(await ContentsAsync(database, cancellation));
                }
            }
            catch (Exception e) when (e is StorageUnavailableException or MigrationException)
            {
                problems.Add(new("databaseFile", Sentence(e.Message)));
            }
        }
        else if (Directory.Exists(options.DatabaseFile))
        {
            problems.Add(new("databaseFile", $"{options.DatabaseFile} is a directory; a file is needed"));
        }

        SettingsException.ThrowIfAny(problems);
    }

    /// <summary>What is in the database, once its tables are up to date. Throws <see cref="SettingsException"/>.</summary>
    public async Task DatabaseAsync(SqliteDatabase database, CancellationToken cancellation) =>
        SettingsException.ThrowIfAny(await ContentsAsync(database, cancellation));

    /// <summary>
    /// The provider's network, and the scripts at addresses that only it knows; the outputs named for reference. Throws <see cref="SettingsException"/> or
    /// <see cref="ChainUnavailableException"/>.
    /// </summary>
    public async Task<ImmutableArray<Utxo>> ChainAsync(BlockfrostChain chain, CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        if (await chain.FindNetworkMagicAsync(cancellation) is { } magic && RefuseNetwork(magic) is { } wrong)
        {
            // On another network nothing else is to be found.
            throw new SettingsException([new("network", wrong)]);
        }

        foreach (var source in options.Sources)
        {
            if (await RefuseContractAsync(source, chain, cancellation) is { } other)
            {
                problems.Add(new("contractAddress", other));
            }
        }

        var references = await chain.ResolveAsync(options.ReferenceScripts, cancellation);
        foreach (var missing in options.ReferenceScripts.Except(references.Select(r => r.Input)))
        {
            problems.Add(new("referenceScripts", $"the chain does not know the output {missing}"));
        }

        // What is spent by now is noticed when it is to be used.
        foreach (var plain in references.Where(r => r.Output.ReferenceScript is null))
        {
            problems.Add(new("referenceScripts", $"the output {plain.Input} carries no script"));
        }

        SettingsException.ThrowIfAny(problems);
        return references;
    }

    // Somebody may take it before the server does; then that is what starting says.
    private static string? RefusePort(int port)
    {
        if (port == 0)
        {
            return null;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return $"{port} on {IPAddress.Loopback} cannot be listened on: {Sentence(e.Message)}";
        }
    }

    private string? RefuseNetwork(long magic)
    {
        var name = magic switch
        {
            MainnetMagic => nameof(NodeNetwork.Mainnet),
            PreprodMagic => nameof(NodeNetwork.Preprod),
            _ => nameof(NodeNetwork.Devnet),
        };
        return name == options.Network.ToString() ? null : $"the chain provider's network has the magic {magic}, which goes with {name}, got {options.Network}";
    }

    private static async Task<string?> RefuseContractAsync(PaymentSourceSetup source, BlockfrostChain chain, CancellationToken cancellation)
    {
        var contract = source.Contract;
        var hash = contract.ScriptHash;
        if (
            (source.Scripts ?? []).Any(s => s.Hash == hash)
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

    private async Task<List<SettingProblem>> ContentsAsync(SqliteDatabase database, CancellationToken cancellation)
    {
        var problems = new List<SettingProblem>();
        var store = new SettlementStore(database, time);
        var wallets = await store.ListWalletsAsync(cancellation);
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
            problems.Add(new("secret", $"it does not open what {options.DatabaseFile} holds, which was sealed under another; that one is needed"));
            key = null;
        }

        if (key is not null && await PaymentsApi.RefuseAdminKeyAsync(database, new ApiKeyHash(key), options.AdminKey, time, cancellation) is { } refusal)
        {
            problems.Add(new("adminKey", refusal));
        }

        foreach (var stored in await store.ListSourcesAsync(cancellation))
        {
            var set = options.Sources.FirstOrDefault(s => s.Network == stored.Network && s.Contract.Address == stored.ContractAddress);
            if (set is null)
            {
                problems.Add(new("databaseFile", Other(stored)));
                continue;
            }

            if (set.PolicyId != stored.PolicyId)
            {
                problems.Add(new("policyId", $"the database was set up with {stored.PolicyId}, got {set.PolicyId}"));
            }

            if (!ScriptCatalog.ContractOf(stored).Parameters().SequenceEqual(set.Contract.Parameters()))
            {
                problems.Add(new("databaseFile", $"it was set up with other parameters of the contract at {stored.ContractAddress}; another file is needed"));
            }

            problems.AddRange(Wallets(set, [.. wallets.Where(w => w.SourceId == stored.Id && w.DeletedAt is null)], stored.NetworkId));
        }

        return problems;
    }

    private string Other(PaymentSource stored) =>
        options.Sources is [var set, ..]
            ? $"{options.DatabaseFile} was set up for the contract at {stored.ContractAddress} on {stored.Network}, the settings are for the one at {set.Contract.Address} on {set.Network}; its own settings are needed, or another file"
            : $"{options.DatabaseFile} was set up for the contract at {stored.ContractAddress} on {stored.Network}, the settings are for none";

    // A wallet that is in the database must be in the settings: otherwise there would be two where the operator thinks there is one.
    private static IEnumerable<SettingProblem> Wallets(PaymentSourceSetup set, IReadOnlyList<HotWallet> stored, NetworkId network)
    {
        var named = set.Wallets.Select(w => (w.Role, Key: WalletKeys.FromMnemonic(w.Mnemonic))).ToList();
        foreach (var wallet in stored)
        {
            if (named.Any(n => n.Role == wallet.Role && n.Key.Payment.KeyHash == wallet.KeyHash))
            {
                continue;
            }

            yield return named.FirstOrDefault(n => n.Key.Payment.KeyHash == wallet.KeyHash) is { Key: not null } same
                ? new("role", $"the database has this wallet for {wallet.Role}, got {same.Role}; another file is needed")
                : new(
                    "mnemonic",
                    $"the database has the {wallet.Role} wallet at {wallet.Address}, got {string.Join(", ", named.Select(n => n.Key.BaseAddress(network)))}; its words are needed, or another databaseFile"
                );
        }
    }

    private static string Sentence(string text) => text.TrimEnd('.');
}
