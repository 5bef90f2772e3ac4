using System.Collections.Immutable;
using System.Net;
using Masumi.Cardano.Addresses;
using Masumi.Http;
using Masumi.Payments;
using Masumi.Protocol;
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

/// <summary>What the other layers call a network.</summary>
internal static class NodeNetworks
{
    /// <summary>On the wire.</summary>
    public static Network ToWire(this NodeNetwork network) => network == NodeNetwork.Mainnet ? Network.Mainnet : Network.Preprod;

    /// <summary>In addresses.</summary>
    public static NetworkId ToNetworkId(this NodeNetwork network) => network == NodeNetwork.Mainnet ? NetworkId.Mainnet : NetworkId.Testnet;
}

/// <summary>The settings of <c>masumi node</c>, each checked as far as it can be without asking the database or the chain.</summary>
internal sealed record NodeSettings
{
    /// <summary>The shortest <c>adminKey</c>, as in the reference service.</summary>
    public const int ShortestAdminKey = 15;

    /// <summary>Where it listens without being told.</summary>
    public const int DefaultPort = 3001;

    /// <summary>Which network.</summary>
    public required NodeNetwork Network { get; init; }

    /// <summary>The chain provider.</summary>
    public required ChainSettings Chain { get; init; }

    /// <summary>How many requests a key has that is no admin's.</summary>
    public RequestRates Requests { get; init; } = new();

    /// <summary>Whether operations are served by the names of earlier generations too.</summary>
    public OlderNames OlderNames { get; init; } = new();

    /// <summary>Where a key that is no admin's may have money sent.</summary>
    public Payees Payees { get; init; } = Payees.None;

    /// <summary>How deals are judged.</summary>
    public DealSettings Deals { get; init; } = DealSettings.None;

    /// <summary>Its tables.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>What wallets are sealed under.</summary>
    public required string Secret { get; init; }

    /// <summary>The operator's API key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>Where it listens.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    /// <summary>The contracts it serves, with their wallets.</summary>
    public ImmutableArray<SourceSettings> Sources { get; init; } = [];

    /// <summary>A registry in the same process.</summary>
    public RegistrySettings? Registry { get; init; }

    /// <summary>
    /// Reads them. Files that they name are looked at, nothing is changed. Throws <see cref="SettingsException"/> with everything that is wrong.
    /// </summary>
    public static NodeSettings Read(SettingsText text)
    {
        var reader = new SettingsReader(text);
        var network = reader.Choice<NodeNetwork>("network");
        var chain = ChainSettings.Read(reader.Section("chain"));
        var database = DatabaseSettings.Read(reader, "database");
        var secret = reader.Secret("secret", $"a text of at least {SecretBox.MinSecretLength} characters");
        if (secret?.Length < SecretBox.MinSecretLength)
        {
            reader.Refuse("secret", $"at least {SecretBox.MinSecretLength} characters are needed, it has {secret.Length}");
        }

        var deals = DealSettings.Read(reader.Section("deals"));
        var asked = reader.Section("requests");
        var requests = RequestSettings.Read(asked);
        var olderNames = RequestSettings.ReadOlderNames(asked);
        var payees = PayeeSettings.Read(reader, network);
        var adminKey = RegistrySettings.ReadKey(reader, "adminKey", ShortestAdminKey);
        var listen = ListenSettings.Read(reader, DefaultPort);
        var before = reader.Problems.Count;
        var items = reader.Items("sources", "an object with contract and wallets");
        if (items.Count == 0 && text.IsReadable && !reader.Has("sources"))
        {
            reader.Refuse("sources", "missing; a list of contracts to serve is needed, each an object with contract and wallets");
        }

        var sources = items.Select(s => SourceSettings.Read(s, network)).ToList();
        RefuseTwice(items, sources);

        // What the registry takes from them is then not known yet, rather than missing.
        var known = items.Count == 0 && reader.Problems.Count > before ? [null] : sources;
        var section = reader.Section("registry");
        var registry = reader.Has("registry") ? RegistrySettings.ReadBeside(section, network, chain, database, known) : null;
        if (registry is not null && registry.Database.File is { } file && file == database?.File)
        {
            section.Refuse("database", "it is the payment service's own; a file of the registry's own is needed");
        }

        reader.RefuseUnknown();
        SettingsException.ThrowIfAny(reader.Problems);
        return new NodeSettings
        {
            Network = network!.Value,
            Chain = chain!,
            Deals = deals,
            Requests = requests,
            OlderNames = olderNames,
            Payees = payees,
            Database = database!,
            Secret = secret!,
            AdminKey = adminKey!,
            Listen = listen,
            Sources = [.. sources.OfType<SourceSettings>()],
            Registry = registry,
        };
    }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"node on {Network} with {Database}";

    private static void RefuseTwice(IReadOnlyList<SettingsReader> items, List<SourceSettings?> sources)
    {
        for (var i = 1; i < sources.Count; i++)
        {
            var earlier = sources.FindIndex(0, i, s => s is not null && s.Contract.Contract.Address == sources[i]?.Contract.Contract.Address);
            if (earlier >= 0)
            {
                items[i].Refuse("contract", $"the same contract as sources[{earlier}], at {sources[i]!.Contract.Contract.Address}");
            }
        }
    }
}
