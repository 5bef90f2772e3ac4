using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Catalog;

/// <summary>A script that is expected somewhere: ours or a deployed one, with its parameters.</summary>
/// <param name="Name">How tools name it.</param>
/// <param name="Kind">What it guards.</param>
/// <param name="Instance">The parameters.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Check">What else is known of its bytes.</param>
/// <param name="Networks">Where it is deployed; empty for ours.</param>
public sealed record ExpectedScript(
    string Name,
    ContractKind Kind,
    EscrowContract Instance,
    ScriptHash Hash,
    ScriptCheck? Check,
    ImmutableArray<Network> Networks
)
{
    /// <summary>The deployed default instances, each script once, then ours with the same parameters.</summary>
    public static ImmutableArray<ExpectedScript> All { get; } =
    [
        .. KnownDeployments
            .All.SelectMany(d => new[] { Deployed(d, ContractKind.Escrow), Deployed(d, ContractKind.Registry) })
            .GroupBy(e => e.Hash)
            .Select(g =>
                g.First() with
                {
                    Name = g.Count() == 1 ? $"{g.First().Name}-{Word.Text(g.First().Networks[0]).ToLowerInvariant()}" : g.First().Name,
                    Networks = [.. g.SelectMany(e => e.Networks)],
                }
            ),
        .. ContractCatalog.Own.Select(c => Own(c, ContractCatalog.DefaultInstance(c.Family, NetworkId.Testnet))),
    ];

    /// <summary>The parameters that are applied to the script.</summary>
    public ImmutableArray<PlutusData> Parameters => [.. ContractCatalog.Parameters(Kind, Instance).Select(p => p.Value)];

    /// <summary>One of ours as an instance has it.</summary>
    public static ExpectedScript Own(OwnContract contract, EscrowContract instance)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new(contract.Name, contract.Kind, instance, contract.Script(instance).Hash, null, []);
    }

    private static ExpectedScript Deployed(KnownDeployment d, ContractKind kind) =>
        new(
            $"deployed-{kind.ToString().ToLowerInvariant()}-{d.Family.ToString().ToLowerInvariant()}",
            kind,
            d.Contract,
            kind == ContractKind.Escrow ? d.EscrowScriptHash : d.RegistryPolicy.ToScriptHash(),
            kind == ContractKind.Escrow ? d.EscrowCheck : null,
            [d.Network]
        );
}
