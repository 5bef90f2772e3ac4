using System.Collections.Immutable;
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
    // A year.
    private const long MostCooldown = 31_536_000_000;

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

    private static TimeSpan Milliseconds(long milliseconds) =>
        milliseconds is >= 0 and <= MostCooldown
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new FormatException($"--cooldown: 0 to {MostCooldown} milliseconds, got {milliseconds}");

    private static int Required(int required, int admins) =>
        required >= 1 && required <= admins ? required : throw new FormatException($"--required-admins: 1 to the {admins} admins there are, got {required}");

    private static Address FeeReceiver(string text)
    {
        var address = Address.Parse(text);
        return address.Payment is not null ? address : throw new FormatException($"--fee-address: nobody can be paid at {text}");
    }

    private static int Permille(int permille) =>
        permille is >= 0 and <= 1000 ? permille : throw new FormatException($"--fee-permille: 0 to 1000 thousandths, got {permille}");

    /// <summary>The parameters, at the address of the deployed instance. Throws <see cref="FormatException"/>.</summary>
    public EscrowContract Parameters(ParseResult parsed, EscrowFamily family)
    {
        var network = Network(parsed);
        var deployed = KnownDeployments.All.Single(d => d.Family == family && d.Network == network).Contract;
        var given = parsed.GetValue(_admins)!;
        ImmutableArray<Hash28> admins = given.Length == 0 ? deployed.Admins : [.. given.Select(Hash28.Parse)];
        return deployed with
        {
            Admins = admins,
            RequiredAdmins = Required(parsed.GetValue(_required) ?? deployed.RequiredAdmins, admins.Length),
            Cooldown = parsed.GetValue(_cooldown) is { } ms ? Milliseconds(ms) : deployed.Cooldown,
            FeeAddress = parsed.GetValue(_feeAddress) is { } fee ? FeeReceiver(fee) : deployed.FeeAddress,
            FeePermille = parsed.GetValue(_feePermille) is { } fees ? Permille(fees) : deployed.FeePermille,
        };
    }
}
