using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;

namespace Masumi.Node.Settings;

/// <summary>
/// The contract of a payment source as settings name it: <c>family?</c>, the parameters <c>requiredAdmins?</c>, <c>admins?</c>,
/// <c>cooldownMilliseconds?</c>, <c>feeAddress?</c> and <c>feePermille?</c> (those of the deployed instances by default), and whose script: our own unless
/// <c>contractAddress?</c> names another, or <c>scriptFile?</c> and <c>policyFile?</c> contain one; <c>policyId?</c> names another registry. What a script
/// says of itself must not be contradicted.
/// </summary>
internal sealed record ContractSettings
{
    /// <summary>Names of the settings by parameter.</summary>
    private static readonly ImmutableDictionary<EscrowParameter, string> Names = new Dictionary<EscrowParameter, string>
    {
        [EscrowParameter.RequiredAdmins] = "requiredAdmins",
        [EscrowParameter.Admins] = "admins",
        [EscrowParameter.Cooldown] = "cooldownMilliseconds",
        [EscrowParameter.FeeAddress] = "feeAddress",
        [EscrowParameter.FeePermille] = "feePermille",
    }.ToImmutableDictionary();

    private EscrowFamily? Family { get; init; }

    private int? RequiredAdmins { get; init; }

    private ImmutableArray<KeyHash>? Admins { get; init; }

    private TimeSpan? Cooldown { get; init; }

    private Address? FeeAddress { get; init; }

    private int? FeePermille { get; init; }

    private Address? ContractAddress { get; init; }

    private PolicyId? PolicyId { get; init; }

    private string? ScriptFile { get; init; }

    private string? PolicyFile { get; init; }

    private bool IsBroken { get; init; }

    /// <summary>Reads them; what is wrong is noted.</summary>
    public static ContractSettings Read(SettingsReader reader)
    {
        const string Hash = "a key hash of 56 hexadecimal digits";
        const string Address = "an address in bech32";
        var before = reader.Problems.Count;
        var cooldown = reader.OptionalWhole(Names[EscrowParameter.Cooldown], 0, (long)EscrowParameters.MostCooldown.TotalMilliseconds);
        var admins = reader.OptionalTexts(Names[EscrowParameter.Admins], Hash);
        var settings = new ContractSettings
        {
            Family = reader.OptionalChoice<EscrowFamily>("family"),
            RequiredAdmins = (int?)reader.OptionalWhole(Names[EscrowParameter.RequiredAdmins], 1, EscrowParameters.MostAdmins),
            Admins = admins is { } hashes ? [.. hashes.Select((a, i) => reader.Parsed($"{Names[EscrowParameter.Admins]}[{i}]", a, KeyHash.Parse, Hash))] : null,
            Cooldown = cooldown is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            FeeAddress = reader.Parsed(
                Names[EscrowParameter.FeeAddress],
                reader.OptionalText(Names[EscrowParameter.FeeAddress], Address),
                Cardano.Addresses.Address.Parse,
                Address
            ),
            FeePermille = (int?)reader.OptionalWhole(Names[EscrowParameter.FeePermille], 0, EscrowParameters.MostFeePermille),
            ContractAddress = reader.Parsed("contractAddress", reader.OptionalText("contractAddress", Address), Cardano.Addresses.Address.Parse, Address),
            PolicyId = reader.Parsed<PolicyId?>(
                "policyId",
                reader.OptionalText("policyId", "a policy id"),
                t => Cardano.PolicyId.Parse(t),
                "a policy id of 56 hexadecimal digits"
            ),
            ScriptFile = reader.OptionalText("scriptFile", "the path of a file"),
            PolicyFile = reader.OptionalText("policyFile", "the path of a file"),
        };
        return settings with { IsBroken = reader.Problems.Count > before };
    }

    /// <summary>The contract on a network, from its files; null when something is wrong, which is noted.</summary>
    /// <param name="network">Of its addresses.</param>
    /// <param name="readFile">Reads a file; throws what reading throws, or <see cref="FormatException"/>.</param>
    /// <param name="refuse">Notes a setting and what is wrong with it.</param>
    public ContractSetup? Resolve(NetworkId network, Func<string, byte[]> readFile, Action<string, string> refuse)
    {
        if (IsBroken)
        {
            return null;
        }

        var known = KnownDeployments.All.SingleOrDefault(d => d.Network == network && d.EscrowAddress == ContractAddress);
        var family = Family ?? known?.Family ?? EscrowFamily.V2;
        var noted = 0;
        if (ContractAddress is not null && (ContractAddress.Network != network || ContractAddress.Payment is not { IsScript: true }))
        {
            Note("contractAddress", $"a script's address on {(network == NetworkId.Mainnet ? "mainnet" : "a test network")} is needed, got {ContractAddress}");
        }
        else if (known is not null && known.Family != family)
        {
            Note("family", $"the contract at {ContractAddress} is {known.Family}, got {family}");
        }

        var deployed = KnownDeployments.All.Single(d => d.Family == family && d.Network == network).Contract;
        var parameters = deployed with
        {
            RequiredAdmins = RequiredAdmins ?? deployed.RequiredAdmins,
            Admins = Admins ?? deployed.Admins,
            Cooldown = Cooldown ?? deployed.Cooldown,
            FeeAddress = FeeAddress ?? deployed.FeeAddress,
            FeePermille = FeePermille ?? deployed.FeePermille,
        };
        foreach (var refusal in EscrowParameters.Refusals(parameters, network))
        {
            Note(Names[refusal.Parameter], refusal.Reason);
        }

        if (noted > 0)
        {
            return null;
        }

        var scripts = new List<Script>();
        var contract = parameters;
        if (ScriptFile is not null)
        {
            if (Load("scriptFile", ScriptFile, readFile, ContractKind.Escrow, parameters, ContractAddress?.Payment?.AsScript, Note) is not { } script)
            {
                return null;
            }

            scripts.Add(script);
            contract = Served(script, ScriptFile, family, network, Note);
        }
        else if (known is not null)
        {
            contract = deployed;
        }
        else
        {
            contract = ContractAddress is null ? ContractCatalog.OwnInstance(parameters, network) : parameters with { Address = ContractAddress };
        }

        if (contract is null)
        {
            return null;
        }

        contract = ContractAddress is null ? contract : contract with { Address = ContractAddress };
        RefuseContradictions(contract, Note);
        var policy = PolicyId;
        if (PolicyFile is not null && noted == 0)
        {
            if (Load("policyFile", PolicyFile, readFile, ContractKind.Registry, contract, policy?.ToScriptHash(), Note) is { } script)
            {
                policy = script.Hash.ToPolicyId();
                scripts.Add(script);
            }
        }

        if (noted > 0)
        {
            return null;
        }

        // A deployed escrow has the registry that was deployed with it.
        policy ??=
            KnownDeployments.All.FirstOrDefault(d => d.EscrowAddress == contract.Address)?.RegistryPolicy
            ?? RegistryScript.Of(family, contract.Address).Hash.ToPolicyId();
        return new ContractSetup(contract, policy.Value, scripts);

        void Note(string setting, string problem)
        {
            noted++;
            refuse(setting, problem);
        }
    }

    // What the script says is what is taken; what the settings say beside it must be the same.
    private void RefuseContradictions(EscrowContract served, Action<string, string> refuse)
    {
        Compare(EscrowParameter.RequiredAdmins, RequiredAdmins, served.RequiredAdmins);
        if (Admins is { } admins && !admins.SequenceEqual(served.Admins))
        {
            refuse(Names[EscrowParameter.Admins], $"the script has {string.Join(", ", served.Admins)}, got {string.Join(", ", admins)}");
        }

        Compare(EscrowParameter.Cooldown, (long?)Cooldown?.TotalMilliseconds, served.CooldownMilliseconds);
        Compare(EscrowParameter.FeePermille, FeePermille, served.FeePermille);
        if (FeeAddress is not null && FeeAddress != served.FeeAddress)
        {
            refuse(Names[EscrowParameter.FeeAddress], $"the script has {served.FeeAddress}, got {FeeAddress}");
        }

        void Compare<T>(EscrowParameter parameter, T? set, T has)
            where T : struct
        {
            if (set is { } value && !value.Equals(has))
            {
                refuse(Names[parameter], $"the script has {has}, got {value}");
            }
        }
    }

    private static EscrowContract? Served(Script script, string file, EscrowFamily family, NetworkId network, Action<string, string> refuse)
    {
        try
        {
            if (AppliedParameters.Escrow(script, family, network) is not { } contract)
            {
                refuse(
                    "scriptFile",
                    $"{SettingsReader.Quoted(file)} holds the script {script.Hash}, which does not show its parameters: nobody could say what it does"
                );
                return null;
            }

            var refusals = EscrowParameters.Refusals(contract);
            foreach (var refusal in refusals)
            {
                refuse("scriptFile", $"{SettingsReader.Quoted(file)} has {Names[refusal.Parameter]}: {refusal.Reason}");
            }

            return refusals.IsEmpty ? contract : null;
        }
        catch (FormatException e)
        {
            refuse("scriptFile", $"{SettingsReader.Quoted(file)} has {e.Message}");
            return null;
        }
    }

    private static Script? Load(
        string setting,
        string path,
        Func<string, byte[]> readFile,
        ContractKind kind,
        EscrowContract instance,
        ScriptHash? expected,
        Action<string, string> refuse
    )
    {
        if (string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl))
        {
            refuse(setting, $"the path of a file is needed, got {SettingsReader.Quoted(path)}");
            return null;
        }

        try
        {
            ImmutableArray<PlutusData> parameters = [.. ContractCatalog.Parameters(kind, instance).Select(p => p.Value)];
            var file = Contracts.Catalog.ScriptFile.Read(readFile(Path.GetFullPath(path)), kind);
            var script = file.Resolve(instance.Family, parameters, expected);
            if (kind == ContractKind.Registry && AppliedParameters.Of(script, parameters.Length) is { } applied && !applied.SequenceEqual(parameters))
            {
                throw new FormatException($"{SettingsReader.Quoted(path)} holds the registry of another contract than {instance.Address}");
            }

            return script;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            refuse(setting, e.Message.Split('\n')[0].TrimEnd('.'));
            return null;
        }
    }
}
