using System.CommandLine;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Node.Verbs;

/// <summary>The parameters of a contract instance, as the verbs take them; those of the deployed instances by default.</summary>
internal sealed class ContractOptions
{
    private readonly Option<string> _network = new("--network")
    {
        Description = "Mainnet, Preprod or Devnet (whose addresses are Preprod's).",
        DefaultValueFactory = _ => "Preprod",
    };

    private readonly Option<int?> _required = new("--required-admins") { Description = "How many places of the admin list settle a dispute (2)." };

    private readonly Option<string[]> _admins = new("--admin")
    {
        Description = "Key hash of an admin, as often as there are admins, in order (the three deployed ones).",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<long?> _cooldown = new("--cooldown") { Description = "Milliseconds between two actions of one party (420000)." };

    private readonly Option<string?> _feeAddress = new("--fee-address") { Description = "V1: who receives the fee." };

    private readonly Option<int?> _feePermille = new("--fee-permille") { Description = "V1: the fee in thousandths (50)." };

    public ContractOptions() => _network.AcceptOnlyFromAmong("Mainnet", "Preprod", "Devnet");

    public void AddTo(Command command)
    {
        command.Add(_network);
        command.Add(_required);
        command.Add(_admins);
        command.Add(_cooldown);
        command.Add(_feeAddress);
        command.Add(_feePermille);
    }

    public NetworkId Network(ParseResult parsed) => parsed.GetValue(_network) == "Mainnet" ? NetworkId.Mainnet : NetworkId.Testnet;

    /// <summary>The network that is named; null when none is.</summary>
    public NetworkId? NamedNetwork(ParseResult parsed) => parsed.GetResult(_network) is { Implicit: false } ? Network(parsed) : null;

    /// <summary>The instance of our own script with these parameters. Throws <see cref="FormatException"/> or <see cref="ArgumentException"/>.</summary>
    public EscrowContract OwnInstance(ParseResult parsed, EscrowFamily family) => ContractCatalog.OwnInstance(Parameters(parsed, family), Network(parsed));

    /// <summary>The parameters at the address of the deployed instance, in the manner of <see cref="Parameters"/>.</summary>
    public EscrowContract DeployedInstance(ParseResult parsed, EscrowFamily family) => new(Parameters(parsed, family), Deployed(parsed, family).EscrowAddress);

    /// <summary>The parameters. Throws <see cref="FormatException"/> with everything that is wrong with them.</summary>
    public EscrowParameters Parameters(ParseResult parsed, EscrowFamily family)
    {
        var network = Network(parsed);
        var deployed = Deployed(parsed, family).Parameters;
        var given = parsed.GetValue(_admins)!;
        var problems = new List<string>();
        var parameters = deployed with
        {
            Admins = given.Length == 0 ? deployed.Admins : [.. given.Select(a => Parsed("--admin", a, KeyHash.Parse, problems))],
            RequiredAdmins = parsed.GetValue(_required) ?? deployed.RequiredAdmins,
            Cooldown = Cooldown(parsed.GetValue(_cooldown), problems) ?? deployed.Cooldown,
        };

        // Said of the other family too: what is no fee is none anywhere.
        var withFee = parameters with
        {
            Family = EscrowFamily.V1,
            FeeAddress = parsed.GetValue(_feeAddress) is { } fee ? Parsed(_feeAddress.Name, fee, Address.Parse, problems) : Default(network).FeeAddress,
            FeePermille = parsed.GetValue(_feePermille) ?? Default(network).FeePermille,
        };
        if (problems.Count == 0)
        {
            problems.AddRange(EscrowParameters.Refusals(withFee, network).Select(r => $"{Name(r.Parameter)}: {r.Reason}"));
        }

        return problems.Count > 0 ? throw new FormatException(string.Join("; ", problems))
            : family == EscrowFamily.V1 ? withFee
            : parameters;
    }

    private KnownDeployment Deployed(ParseResult parsed, EscrowFamily family) =>
        KnownDeployments.All.Single(d => d.Family == family && d.NetworkId == Network(parsed));

    private static EscrowParameters Default(NetworkId network) =>
        (network == NetworkId.Mainnet ? KnownDeployments.MainnetV1 : KnownDeployments.PreprodV1).Parameters;

    private static T? Parsed<T>(string option, string text, Func<string, T> parse, List<string> problems)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            problems.Add($"{option}: {e.Message.TrimEnd('.')}");
            return default;
        }
    }

    private TimeSpan? Cooldown(long? milliseconds, List<string> problems)
    {
        var most = (long)EscrowParameters.MostCooldown.TotalMilliseconds;
        if (milliseconds is < 0 || milliseconds > most)
        {
            problems.Add($"{_cooldown.Name}: 0 to {most} milliseconds, got {milliseconds}");
            return null;
        }

        return milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
    }

    private string Name(EscrowParameter parameter) =>
        parameter switch
        {
            EscrowParameter.RequiredAdmins => _required.Name,
            EscrowParameter.Admins => "--admin",
            EscrowParameter.Cooldown => _cooldown.Name,
            EscrowParameter.FeeAddress => _feeAddress.Name,
            _ => _feePermille.Name,
        };
}
