using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;

namespace Masumi.Contracts.Explaining;

/// <summary>
/// Which scripts are contracts: the deployed ones, ours with the usual parameters, those a caller names, and every script at hand that shows the parameters of an
/// escrow, or is our registry of one.
/// </summary>
internal sealed class ContractBook
{
    private readonly NetworkId _network;
    private static readonly ConcurrentDictionary<NetworkId, ImmutableArray<KnownContract>> UsualOf = new();

    private readonly Dictionary<ScriptHash, KnownContract> _known = [];

    /// <summary>What is known around a transaction.</summary>
    /// <param name="network">Whose addresses.</param>
    /// <param name="more">Escrows the caller knows.</param>
    /// <param name="scripts">Scripts that are at hand.</param>
    public ContractBook(NetworkId network, IEnumerable<EscrowContract> more, IEnumerable<Script> scripts)
    {
        _network = network;
        foreach (var usual in UsualOf.GetOrAdd(network, Usual))
        {
            Add(usual);
        }

        foreach (var contract in more.Where(c => !_known.ContainsKey(c.ScriptHash)))
        {
            AddEscrow(ContractCatalog.Recognise(contract), ", named by you");
        }

        foreach (var script in scripts.Where(s => s.Language == ScriptLanguage.PlutusV3 && !_known.ContainsKey(s.Hash)))
        {
            if (Escrow(script) is { } escrow)
            {
                AddEscrow(escrow, ", by its parameters");
            }
            else if (RegistryV1(script) is { } registry)
            {
                Add(registry);
            }
        }
    }

    private ContractBook(NetworkId network)
    {
        _network = network;
        foreach (var deployed in KnownDeployments.All.Where(d => d.NetworkId == network))
        {
            var family = deployed.Family.ToString().ToLowerInvariant();
            Add(new(deployed.EscrowScriptHash, $"deployed-escrow-{family}", ContractKind.Escrow, deployed.Contract, null));
            Add(new(deployed.RegistryPolicy.ToScriptHash(), $"deployed-registry-{family}", ContractKind.Registry, deployed.Contract, null));
        }

        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            AddEscrow(ContractCatalog.DefaultInstance(family, network), "");
        }
    }

    private static ImmutableArray<KnownContract> Usual(NetworkId network) => [.. new ContractBook(network)._known.Values];

    /// <summary>The contract of a hash; null when it is none that is known.</summary>
    public KnownContract? Find(ScriptHash? script) => script is { } hash && _known.TryGetValue(hash, out var known) ? known : null;

    /// <summary>The escrow contract at an address, whatever its stake part.</summary>
    public KnownContract? EscrowAt(Address address) => Find(address.Payment?.AsScript) is { Kind: ContractKind.Escrow } known ? known : null;

    private void Add(KnownContract contract) => _known.TryAdd(contract.Script, contract);

    private void AddEscrow(EscrowContract contract, string how)
    {
        var isOurs = contract.Rules == EscrowRuleSet.Ours;
        Add(
            new(
                contract.ScriptHash,
                isOurs ? Own(contract.Family, ContractKind.Escrow).Name + OtherParameters(contract) : $"an escrow of {contract.Family}{how}",
                ContractKind.Escrow,
                contract,
                isOurs ? Own(contract.Family, ContractKind.Escrow) : null
            )
        );
        // Ours may go with anybody's escrow: a market of one may have the other.
        var registry = Own(contract.Family, ContractKind.Registry);
        Add(new(registry.Script(contract).Hash, registry.Name, ContractKind.Registry, contract, registry));
    }

    private string OtherParameters(EscrowContract contract) =>
        contract.ScriptHash == ContractCatalog.DefaultInstance(contract.Family, _network).ScriptHash ? "" : " with parameters of its own";

    // What only shows parameters of an escrow may still be anything; only ours is sure, and is said to be.
    private EscrowContract? Escrow(Script script)
    {
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            try
            {
                if (AppliedParameters.Escrow(script, family, _network) is { } contract && EscrowParameters.Refusals(contract).IsEmpty)
                {
                    return contract;
                }
            }
            catch (FormatException)
            {
                // No program, or none of this family.
            }
        }

        return null;
    }

    private static KnownContract? RegistryV1(Script script)
    {
        try
        {
            return
                AppliedParameters.Of(script, 1) is [PlutusData.Bytes { Value.Length: < 200 } text]
                && Address.TryParse(Encoding.UTF8.GetString(text.Value.Span), out var escrow)
                && escrow.Payment is { IsScript: true }
                && RegistryScript.V1(escrow).Hash == script.Hash
                ? new(
                    script.Hash,
                    Own(EscrowFamily.V1, ContractKind.Registry).Name,
                    ContractKind.Registry,
                    KnownDeployments.PreprodV1.Contract with
                    {
                        Address = escrow,
                    },
                    Own(EscrowFamily.V1, ContractKind.Registry)
                )
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static OwnContract Own(EscrowFamily family, ContractKind kind) => ContractCatalog.Own.Single(c => c.Family == family && c.Kind == kind);
}
