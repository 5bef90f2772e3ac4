using System.CommandLine;
using Masumi.Cardano;
using Masumi.Contracts;
using Masumi.Contracts.Blueprints;
using Masumi.Contracts.Escrow;

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

    /// <summary>The instance of our own script with these parameters. Throws <see cref="FormatException"/> or <see cref="ArgumentException"/>.</summary>
    public EscrowContract OwnInstance(ParseResult parsed, EscrowFamily family) => ContractCatalog.OwnInstance(Parameters(parsed, family), Network(parsed));

    /// <summary>The parameters, at the address of the deployed instance. Throws <see cref="FormatException"/>.</summary>
    public EscrowContract Parameters(ParseResult parsed, EscrowFamily family)
    {
        var network = Network(parsed);
        var deployed = EscrowContract.Of(KnownDeployments.All.Single(d => d.Family == family && d.Network == network));
        var admins = parsed.GetValue(_admins)!;
        return deployed with
        {
            Admins = admins.Length == 0 ? deployed.Admins : [.. admins.Select(Hash28.Parse)],
            RequiredAdmins = parsed.GetValue(_required) ?? deployed.RequiredAdmins,
            Cooldown = parsed.GetValue(_cooldown) is { } ms ? TimeSpan.FromMilliseconds(ms) : deployed.Cooldown,
            FeeAddress = parsed.GetValue(_feeAddress) is { } fee ? Address.Parse(fee) : deployed.FeeAddress,
            FeePermille = parsed.GetValue(_feePermille) ?? deployed.FeePermille,
        };
    }
}
