using System.Collections.Immutable;
using System.Net;
using Masumi.Http;
using Masumi.Node.Settings;
using Masumi.Payments;
using Masumi.Settlement.Engine;

namespace Masumi.Node.Hosting;

/// <summary>How a payment node is set up.</summary>
internal sealed record PaymentNodeOptions
{
    /// <summary>Its tables.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>The operator's secret: wallets are sealed under it.</summary>
    public required string Secret { get; init; }

    /// <summary>The operator's first API key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>The chain provider.</summary>
    public required ChainSettings Chain { get; init; }

    /// <summary>Which network the provider must be of; a devnet has any magic but those of the public ones.</summary>
    public NodeNetwork Network { get; init; } = NodeNetwork.Devnet;

    /// <summary>Where it listens.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = ListenSettings.Loopback(0);

    /// <summary>The contracts it serves, with their wallets; what is missing is set up at start.</summary>
    public ImmutableArray<SourceSettings> Sources { get; init; } = [];

    /// <summary>The engine.</summary>
    public SettlementOptions Settlement { get; init; } = SettlementOptions.Devnet;

    /// <summary>How many requests a key has that is no admin's.</summary>
    public RequestRates Requests { get; init; } = new();

    /// <summary>Whether operations are served by the names of earlier generations too.</summary>
    public OlderNames OlderNames { get; init; } = new();

    /// <summary>Where a key that is no admin's may have money sent.</summary>
    public Payees Payees { get; init; } = Payees.None;

    /// <summary>As <c>masumi node</c> is told.</summary>
    public static PaymentNodeOptions Of(NodeSettings settings) =>
        new()
        {
            Database = settings.Database,
            Secret = settings.Secret,
            AdminKey = settings.AdminKey,
            Chain = settings.Chain,
            Network = settings.Network,
            Listen = settings.Listen,
            Sources = settings.Sources,
            Requests = settings.Requests,
            OlderNames = settings.OlderNames,
            Payees = settings.Payees,
            Settlement = settings.Deals.ApplyTo(settings.Network == NodeNetwork.Devnet ? SettlementOptions.Devnet : new SettlementOptions()) with
            {
                PollInterval = ChainProvider.PollInterval(settings.Chain, settings.Network),
            },
        };

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"payment node with {Database}";
}
