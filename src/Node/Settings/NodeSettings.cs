using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement;
using Masumi.Storage.Secrets;

namespace Masumi.Node.Settings;

/// <summary>The networks a node can be set up for. The APIs call a devnet <c>Preprod</c>.</summary>
internal enum NodeNetwork
{
    /// <summary>Cardano's mainnet.</summary>
    Mainnet,

    /// <summary>The public test network.</summary>
    Preprod,

    /// <summary>Any network of one's own, whatever its magic.</summary>
    Devnet,
}

/// <summary>The settings of <c>masumi node</c>, each checked as far as it can be without asking the database or the chain.</summary>
internal sealed record NodeSettings
{
    /// <summary>The shortest <c>adminKey</c>, as in the reference service.</summary>
    public const int ShortestAdminKey = 15;

    private const int LongestKey = 550;
    private const long LongestPoll = 3_600_000;
    private const long DefaultPoll = 10_000;

    /// <summary>The SQLite file; its folder exists.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>What wallets are sealed under.</summary>
    public required string Secret { get; init; }

    /// <summary>The operator's API key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>The chain provider.</summary>
    public required Uri ChainUrl { get; init; }

    /// <summary>The provider's key.</summary>
    public string? ChainKey { get; init; }

    /// <summary>Names to which keys may go over http.</summary>
    public ImmutableArray<string> ClearTextHosts { get; init; } = [];

    /// <summary>Port on loopback; 0: any.</summary>
    public required int Port { get; init; }

    /// <summary>Which network.</summary>
    public required NodeNetwork Network { get; init; }

    /// <summary>What the wallet does.</summary>
    public required WalletRole Role { get; init; }

    /// <summary>The wallet's words.</summary>
    public required string Mnemonic { get; init; }

    /// <summary>How often the chain is asked.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>The contract, from its files if it names any.</summary>
    public required ContractSetup Contract { get; init; }

    /// <summary>Outputs that carry scripts for reference.</summary>
    public ImmutableArray<TxInput> ReferenceScripts { get; init; } = [];

    /// <summary>What the network is called on the wire.</summary>
    public Network WireNetwork => Network == NodeNetwork.Mainnet ? Protocol.Network.Mainnet : Protocol.Network.Preprod;

    /// <summary>
    /// Reads a JSON object. Files that it names are looked at, nothing is changed. Throws <see cref="SettingsException"/> with everything that is wrong.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <param name="source">How to name what is no JSON object.</param>
    /// <param name="readFile">Reads the files of contracts; throws what reading throws, or <see cref="FormatException"/>.</param>
    public static NodeSettings Read(ReadOnlyMemory<byte> json, string source, Func<string, byte[]> readFile)
    {
        var reader = SettingsReader.Parse(json, source);
        var database = reader.Text("databaseFile", "the path of a file");
        if (database is not null && RefuseDatabase(database) is { } refusal)
        {
            reader.Refuse("databaseFile", refusal);
        }

        var secret = reader.Text("secret", $"a text of at least {SecretBox.MinSecretLength} characters", secret: true);
        if (secret?.Length < SecretBox.MinSecretLength)
        {
            reader.Refuse("secret", $"at least {SecretBox.MinSecretLength} characters are needed, it has {secret.Length}");
        }

        var adminKey = reader.Text("adminKey", $"a text of at least {ShortestAdminKey} characters", secret: true);
        if (adminKey is not null && (adminKey.Length is < ShortestAdminKey or > LongestKey || !IsHeader(adminKey)))
        {
            reader.Refuse(
                "adminKey",
                $"{ShortestAdminKey} to {LongestKey} letters, digits and signs of ASCII without spaces are needed, {(IsHeader(adminKey) ? $"it has {adminKey.Length}" : "it has others")}"
            );
        }

        var (chainUrl, chainKey, hosts) = ReadChain(reader);
        var port = reader.Whole("port", 0, ushort.MaxValue);
        var network = reader.Choice<NodeNetwork>("network");
        var role = reader.Choice<WalletRole>("role");
        var mnemonic = reader.Text("mnemonic", "a text of 12, 15, 18, 21 or 24 words", secret: true);
        if (mnemonic is not null)
        {
            RefuseMnemonic(reader, mnemonic);
        }

        var poll = reader.OptionalWhole("pollMilliseconds", 1, LongestPoll) ?? DefaultPoll;
        var contract = ContractSettings.Read(reader);
        var references = reader.OptionalTexts("referenceScripts", "an output as TXID#INDEX") ?? [];
        var outputs = references
            .Select((r, i) => reader.Parsed($"referenceScripts[{i}]", r, TxInput.Parse, "an output as TXID#INDEX"))
            .Distinct()
            .ToImmutableArray();
        reader.RefuseUnknown();

        // Which addresses are right depends on the network.
        var setup = network is { } known
            ? contract.Resolve(known == NodeNetwork.Mainnet ? NetworkId.Mainnet : NetworkId.Testnet, readFile, reader.Refuse)
            : null;
        SettingsException.ThrowIfAny(reader.Problems);
        return new NodeSettings
        {
            DatabaseFile = Path.GetFullPath(database!),
            Secret = secret!,
            AdminKey = adminKey!,
            ChainUrl = chainUrl!,
            ChainKey = chainKey,
            ClearTextHosts = hosts,
            Port = (int)port!,
            Network = network!.Value,
            Role = role!.Value,
            Mnemonic = mnemonic!,
            PollInterval = TimeSpan.FromMilliseconds(poll),
            Contract = setup!,
            ReferenceScripts = outputs,
        };
    }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"node on {Network} with {DatabaseFile}";

    private static (Uri? Url, string? Key, ImmutableArray<string> Hosts) ReadChain(SettingsReader reader)
    {
        const string Allowed = "the chain provider's http or https address with its path";
        var text = reader.Text("chainUrl", Allowed, secret: true);
        var key = reader.OptionalText("chainKey", "the provider's key", secret: true);
        if (key is not null && !IsHeader(key))
        {
            reader.Refuse("chainKey", "letters, digits and signs of ASCII without spaces are needed, it has others");
        }

        var hosts = reader.OptionalTexts("clearTextHosts", "the name of a host") ?? [];
        if (text is null)
        {
            return (null, key, hosts);
        }

        // Somebody may have put a key into the address: only what surely is none is shown.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            reader.Refuse("chainUrl", $"{Allowed} is needed, got something else");
        }
        else if (url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
        {
            reader.Refuse("chainUrl", $"{Allowed} is needed, got one with a user, a query or a fragment at {url.Host}; the key belongs into chainKey");
        }
        else if (!string.IsNullOrEmpty(key) && KeyTransport.Refusal(url, hosts) is { } refusal)
        {
            reader.Refuse("chainUrl", $"{refusal} (clearTextHosts)");
        }

        return (url, key, hosts);
    }

    private static string? RefuseDatabase(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl))
        {
            return $"the path of a file is needed, got {SettingsReader.Quoted(path)}";
        }

        var full = Path.GetFullPath(path);
        var shown = SettingsReader.Quoted(full);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(full))
        {
            return $"{shown} is a directory; a file is needed";
        }

        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) ? PrivateFile.Refusal(full)
            : File.Exists(folder) ? $"{SettingsReader.Quoted(folder)} is a file; a directory is needed"
            : $"the directory {SettingsReader.Quoted(folder)} does not exist (mkdir -m 700)";
    }

    private static void RefuseMnemonic(SettingsReader reader, string mnemonic)
    {
        try
        {
            Cardano.Keys.Mnemonic.ToEntropy(mnemonic);
        }
        catch (FormatException e)
        {
            // It holds no word.
            reader.Refuse("mnemonic", e.Message.TrimEnd('.'));
        }
    }

    // Keys travel in headers.
    private static bool IsHeader(string key) => key.All(c => c is > ' ' and < '\x7f');
}
