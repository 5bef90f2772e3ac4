using System.Collections.Immutable;
using System.Net;
using Masumi.Cardano;
using Masumi.Contracts.Catalog;
using Masumi.Registry;

namespace Masumi.Node.Settings;

/// <summary>
/// A registry service: <c>{ adminKey or adminKeyFile, listen?, database?, policies? }</c>, either below <c>registry</c> in a node's settings or, with
/// <c>network</c> and <c>chain</c> beside them, in those of <c>masumi registry</c>.
/// </summary>
internal sealed record RegistrySettings
{
    /// <summary>Where it listens without being told.</summary>
    public const int DefaultPort = 3000;

    /// <summary>Which network.</summary>
    public required NodeNetwork Network { get; init; }

    /// <summary>The chain provider.</summary>
    public required ChainSettings Chain { get; init; }

    /// <summary>Its tables.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>The operator's API key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>Where it listens.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    /// <summary>The policies whose agents it lists.</summary>
    public required ImmutableArray<PolicyId> Policies { get; init; }

    /// <summary>Reads the settings of a registry alone. Throws <see cref="SettingsException"/> with everything that is wrong.</summary>
    public static RegistrySettings Read(SettingsText text)
    {
        var reader = new SettingsReader(text);
        var network = reader.Choice<NodeNetwork>("network");
        var chain = ChainSettings.Read(reader.Section("chain"));
        var settings = Read(reader, network, chain, null, []);
        reader.RefuseUnknown();
        SettingsException.ThrowIfAny(reader.Problems);
        return settings!;
    }

    /// <summary>Reads the section in a node's settings; null when something is wrong, which is noted.</summary>
    /// <param name="reader">The section.</param>
    /// <param name="network">Which network, as far as that is known.</param>
    /// <param name="chain">The chain provider, as far as that is known.</param>
    /// <param name="database">The node's tables, as far as they are known.</param>
    /// <param name="sources">The payment sources beside it, as far as they are known.</param>
    public static RegistrySettings? ReadBeside(
        SettingsReader reader,
        NodeNetwork? network,
        ChainSettings? chain,
        DatabaseSettings? database,
        IReadOnlyCollection<SourceSettings?> sources
    )
    {
        // What is wrong with the node's own is said there, once.
        var known = sources.OfType<SourceSettings>().Select(s => s.Contract.PolicyId).ToList();
        return Read(
            reader,
            network,
            chain,
            database?.For("registry") ?? DatabaseSettings.InFile("registry.db"),
            known.Count == 0 && sources.Count > 0 ? [default] : known
        );
    }

    private static RegistrySettings? Read(
        SettingsReader reader,
        NodeNetwork? network,
        ChainSettings? chain,
        DatabaseSettings? database,
        IEnumerable<PolicyId> sources
    )
    {
        var key = ReadKey(reader, "adminKey", RegistryApi.ShortestSeededKey);
        var listen = ListenSettings.Read(reader, DefaultPort);
        var tables = DatabaseSettings.Read(reader, "database", database);
        const string Policy = "a policy id of 56 hexadecimal digits";
        var named = (reader.OptionalTexts("policies", Policy) ?? []).Select(
            (p, i) => reader.Parsed<PolicyId?>($"policies[{i}]", p, t => PolicyId.Parse(t), Policy)
        );
        var policies = sources.Concat(named.OfType<PolicyId>()).Distinct().ToImmutableArray();
        if (policies.IsEmpty && network is { } known && known != NodeNetwork.Devnet)
        {
            policies = [.. KnownDeployments.All.Where(d => d.NetworkId == known.ToNetworkId()).Select(d => d.RegistryPolicy)];
        }
        else if (policies.IsEmpty && network == NodeNetwork.Devnet)
        {
            reader.Refuse("policies", "missing; on a network of one's own the policies whose agents are listed are needed");
        }

        return key is null || tables is null || network is null || chain is null
            ? null
            : new RegistrySettings
            {
                Network = network.Value,
                Chain = chain,
                Database = tables,
                AdminKey = key,
                Listen = listen,
                Policies = policies,
            };
    }

    /// <summary>An API key as settings hold it; null when something is wrong, which is noted.</summary>
    public static string? ReadKey(SettingsReader reader, string name, int shortest)
    {
        const int Longest = 550;
        var key = reader.Secret(name, $"a text of at least {shortest} characters");
        if (key is not null && (key.Length < shortest || key.Length > Longest || !ChainSettings.IsHeader(key)))
        {
            reader.Refuse(
                name,
                $"{shortest} to {Longest} letters, digits and signs of ASCII without spaces are needed, {(ChainSettings.IsHeader(key) ? $"it has {key.Length}" : "it has others")}"
            );
        }

        return key;
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"registry on {Network} with {Database}";
}
