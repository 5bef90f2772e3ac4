using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Node.Verbs;

namespace Masumi.Node.Hosting;

/// <summary>
/// The contract of a payment source as a setup names it: <c>family?</c>, the parameters <c>requiredAdmins?</c>, <c>admins?</c>,
/// <c>cooldownMilliseconds?</c>, <c>feeAddress?</c> and <c>feePermille?</c> (those of the deployed instances by default), and whose script: our own unless
/// <c>contractAddress?</c> names another, or <c>scriptFile?</c> and <c>policyFile?</c> contain one; <c>policyId?</c> names another registry.
/// </summary>
/// <param name="Contract">The escrow.</param>
/// <param name="PolicyId">Its registry.</param>
/// <param name="Scripts">What the files hold.</param>
internal sealed record ContractSetup(EscrowContract Contract, Hash28 PolicyId, IReadOnlyList<Script> Scripts)
{
    /// <summary>Reads it; throws <see cref="FormatException"/>, <see cref="ArgumentException"/> or what reading files throws.</summary>
    public static ContractSetup Read(JsonObject json, NetworkId network)
    {
        var family = (string?)json["family"] is { } name ? Enum.Parse<EscrowFamily>(name) : EscrowFamily.V2;
        var deployed = KnownDeployments.All.Single(d => d.Family == family && d.Network == network).Contract;
        var parameters = deployed with
        {
            RequiredAdmins = (int?)json["requiredAdmins"] ?? deployed.RequiredAdmins,
            Admins = json["admins"] is JsonArray admins ? [.. admins.Select(a => Hash28.Parse((string)a!))] : deployed.Admins,
            Cooldown = (long?)json["cooldownMilliseconds"] is { } ms ? TimeSpan.FromMilliseconds(ms) : deployed.Cooldown,
            FeeAddress = (string?)json["feeAddress"] is { } fee ? Address.Parse(fee) : deployed.FeeAddress,
            FeePermille = (int?)json["feePermille"] ?? deployed.FeePermille,
        };
        var address = (string?)json["contractAddress"] is { } text ? Address.Parse(text) : null;
        if (address is not null && (address.Network != network || address.Payment is not { IsScript: true }))
        {
            throw new FormatException($"{address} is no script's address on this network");
        }

        var scripts = new List<Script>();
        if ((string?)json["scriptFile"] is { } scriptFile)
        {
            var script = Load(scriptFile, ContractKind.Escrow, parameters, address?.Payment?.Hash);
            address ??= EscrowScript.AddressOf(script, network);
            scripts.Add(script);
        }

        var contract = address is null ? ContractCatalog.OwnInstance(parameters, network) : parameters with { Address = address };
        Hash28? policy = (string?)json["policyId"] is { } id ? Hash28.Parse(id) : null;
        if ((string?)json["policyFile"] is { } policyFile)
        {
            var script = Load(policyFile, ContractKind.Registry, contract, policy);
            policy = script.Hash;
            scripts.Add(script);
        }

        // A deployed escrow has the registry that was deployed with it.
        policy ??=
            KnownDeployments.All.FirstOrDefault(d => d.EscrowAddress == contract.Address)?.RegistryPolicy ?? RegistryScript.Of(family, contract.Address).Hash;
        return new ContractSetup(contract, policy.Value, scripts);
    }

    private static Script Load(string path, ContractKind kind, EscrowContract instance, Hash28? expected) =>
        ScriptFile.Read(HexFile.ReadAll(path), kind).Resolve(instance.Family, [.. ContractCatalog.Parameters(kind, instance).Select(p => p.Value)], expected);
}
