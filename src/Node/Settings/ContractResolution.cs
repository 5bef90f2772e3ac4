using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;

namespace Masumi.Node.Settings;

/// <summary>Which contract settings mean on a network: the one with the address they name, the one in their file, or our own.</summary>
internal sealed class ContractResolution(ContractSettings settings, NetworkId network, Func<string, byte[]> readFile, Action<string, string> refuse)
{
    private readonly KnownDeployment? _known = KnownDeployments.All.SingleOrDefault(d => d.NetworkId == network && d.EscrowAddress == settings.ContractAddress);

    private bool _isRefused;

    private EscrowFamily Family => settings.Family ?? EscrowFamily.V2;

    private KnownDeployment Deployed => KnownDeployments.All.Single(d => d.Family == Family && d.NetworkId == network);

    /// <summary>The contract; null when something is wrong, which is noted.</summary>
    public ContractSetup? Setup()
    {
        if (settings.Choice == ContractChoice.Market)
        {
            return new ContractSetup(Deployed.Contract, Deployed.RegistryPolicy, []);
        }

        var parameters = Parameters();
        var scripts = new List<Script>();
        if (_isRefused || Contract(parameters, scripts) is not { } contract)
        {
            return null;
        }

        RefuseContradictions(contract);
        return _isRefused || Policy(contract, scripts) is not { } policy ? null : new ContractSetup(contract, policy, scripts);
    }

    private EscrowParameters Parameters()
    {
        if (settings.ContractAddress is { } address && (address.Network != network || address.Payment is not { IsScript: true }))
        {
            Refuse("contractAddress", $"a script's address on {(network == NetworkId.Mainnet ? "mainnet" : "a test network")} is needed, got {address}");
        }
        else if (_known is not null)
        {
            Refuse("contractAddress", $"{_known.EscrowAddress} is the market's contract; contract market is needed, with family {_known.Family}");
        }

        var deployed = Deployed.Parameters;
        var parameters = deployed with
        {
            RequiredAdmins = settings.RequiredAdmins ?? deployed.RequiredAdmins,
            Admins = settings.Admins ?? deployed.Admins,
            Cooldown = settings.Cooldown ?? deployed.Cooldown,
            FeeAddress = settings.FeeAddress ?? deployed.FeeAddress,
            FeePermille = settings.FeePermille ?? deployed.FeePermille,
        };
        foreach (var refusal in EscrowParameters.Refusals(parameters, network))
        {
            Refuse(ContractSettings.Names[refusal.Parameter], refusal.Reason);
        }

        return parameters;
    }

    private EscrowContract? Contract(EscrowParameters parameters, List<Script> scripts)
    {
        var address = settings.ContractAddress;
        if (settings.ScriptFile is not { } file)
        {
            return address is null ? ContractCatalog.OwnInstance(parameters, network) : new EscrowContract(parameters, address);
        }

        if (Load("scriptFile", file, ContractKind.Escrow, parameters.Parameters(), address?.Payment?.AsScript) is not { } script)
        {
            return null;
        }

        scripts.Add(script);
        return Served(script, file) is { } served ? served with { Address = address ?? served.Address } : null;
    }

    // What the script says is what is taken.
    private EscrowContract? Served(Script script, string file)
    {
        var shown = SettingsReader.Quoted(file);
        try
        {
            if (AppliedParameters.Escrow(script, Family, network) is not { } contract)
            {
                Refuse("scriptFile", $"{shown} holds the script {script.Hash}, which does not show its parameters: nobody could say what it does");
                return null;
            }

            foreach (var refusal in EscrowParameters.Refusals(contract))
            {
                Refuse("scriptFile", $"{shown} has {ContractSettings.Names[refusal.Parameter]}: {refusal.Reason}");
            }

            return _isRefused ? null : contract;
        }
        catch (FormatException e)
        {
            Refuse("scriptFile", $"{shown} has {e.Message}");
            return null;
        }
    }

    private void RefuseContradictions(EscrowContract served)
    {
        Compare(EscrowParameter.RequiredAdmins, settings.RequiredAdmins, served.RequiredAdmins);
        Compare(EscrowParameter.Cooldown, (long?)settings.Cooldown?.TotalMilliseconds, served.CooldownMilliseconds);
        Compare(EscrowParameter.FeePermille, settings.FeePermille, served.FeePermille);
        if (settings.Admins is { } admins && !admins.SequenceEqual(served.Admins))
        {
            Refuse(ContractSettings.Names[EscrowParameter.Admins], $"the script has {string.Join(", ", served.Admins)}, got {string.Join(", ", admins)}");
        }

        if (settings.FeeAddress is { } receiver && receiver != served.FeeAddress)
        {
            Refuse(ContractSettings.Names[EscrowParameter.FeeAddress], $"the script has {served.FeeAddress}, got {receiver}");
        }

        void Compare<T>(EscrowParameter parameter, T? set, T has)
            where T : struct
        {
            if (set is { } value && !value.Equals(has))
            {
                Refuse(ContractSettings.Names[parameter], $"the script has {has}, got {value}");
            }
        }
    }

    private PolicyId? Policy(EscrowContract contract, List<Script> scripts)
    {
        if (settings.PolicyFile is not { } file)
        {
            return settings.PolicyId ?? RegistryScript.Of(Family, contract.Address).Hash.ToPolicyId();
        }

        if (
            Load(
                "policyFile",
                file,
                ContractKind.Registry,
                [.. ContractCatalog.Parameters(ContractKind.Registry, contract).Select(p => p.Value)],
                settings.PolicyId?.ToScriptHash(),
                contract.Address
            )
            is not { } script
        )
        {
            return null;
        }

        scripts.Add(script);
        return script.Hash.ToPolicyId();
    }

    private Script? Load(
        string setting,
        string path,
        ContractKind kind,
        ImmutableArray<PlutusData> parameters,
        ScriptHash? expected,
        Address? registryOf = null
    )
    {
        if (string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl))
        {
            Refuse(setting, $"the path of a file is needed, got {SettingsReader.Quoted(path)}");
            return null;
        }

        try
        {
            var file = ScriptFile.Read(readFile(Path.GetFullPath(path)), kind);
            if (kind == ContractKind.Escrow && AppliedParameters.Of(file.Script, parameters.Length) is null)
            {
                // They are not in the script yet, so these settings decide them.
                ContractSettings.RefuseUnnamed(Family, IsNamed, Refuse);
                if (_isRefused)
                {
                    return null;
                }
            }

            var script = file.Resolve(Family, parameters, expected);
            return registryOf is not null && AppliedParameters.Of(script, parameters.Length) is { } applied && !applied.SequenceEqual(parameters)
                ? throw new FormatException($"{SettingsReader.Quoted(path)} holds the registry of another contract than {registryOf}")
                : script;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            Refuse(setting, e.Message.Split('\n')[0].TrimEnd('.'));
            return null;
        }
    }

    private bool IsNamed(string setting) =>
        setting == ContractSettings.Names[EscrowParameter.RequiredAdmins] ? settings.RequiredAdmins is not null
        : setting == ContractSettings.Names[EscrowParameter.Admins] ? settings.Admins is not null
        : settings.FeeAddress is not null;

    private void Refuse(string setting, string problem)
    {
        _isRefused = true;
        refuse(setting, problem);
    }
}
