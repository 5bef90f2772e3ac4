using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

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
    public static ImmutableDictionary<EscrowParameter, string> Names { get; } =
        new Dictionary<EscrowParameter, string>
        {
            [EscrowParameter.RequiredAdmins] = "requiredAdmins",
            [EscrowParameter.Admins] = "admins",
            [EscrowParameter.Cooldown] = "cooldownMilliseconds",
            [EscrowParameter.FeeAddress] = "feeAddress",
            [EscrowParameter.FeePermille] = "feePermille",
        }.ToImmutableDictionary();

    public EscrowFamily? Family { get; init; }

    public int? RequiredAdmins { get; init; }

    public ImmutableArray<KeyHash>? Admins { get; init; }

    public TimeSpan? Cooldown { get; init; }

    public Address? FeeAddress { get; init; }

    public int? FeePermille { get; init; }

    public Address? ContractAddress { get; init; }

    public PolicyId? PolicyId { get; init; }

    public string? ScriptFile { get; init; }

    public string? PolicyFile { get; init; }

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
    public ContractSetup? Resolve(NetworkId network, Func<string, byte[]> readFile, Action<string, string> refuse) =>
        IsBroken ? null : new ContractResolution(this, network, readFile, refuse).Setup();
}
