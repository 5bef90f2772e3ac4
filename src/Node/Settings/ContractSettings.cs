using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Node.Settings;

/// <summary>Whose contract a source is, and with that who settles its disputes.</summary>
internal enum ContractChoice
{
    /// <summary>The one deployed for everybody: open to every agent of the network, its disputes settled by the network's admins.</summary>
    Market,

    /// <summary>One of the operator's own: only who uses the same one can trade there, and the operator says who its admins are.</summary>
    Own,
}

/// <summary>
/// The contract of a payment source as settings name it: <c>contract</c> (market or own) and <c>family?</c>; for a contract of one's own its parameters
/// <c>requiredAdmins</c>, <c>admins</c>, <c>cooldownMilliseconds?</c>, and for V1 <c>feeAddress</c> and <c>feePermille?</c>, and whose script: ours unless
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

    /// <summary>What the two words mean, in half a sentence.</summary>
    public const string Meaning = "market: the network's deployed contract, whose disputes the network's admins settle; own: one whose admins you name";

    public ContractChoice? Choice { get; init; }

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
            Choice = reader.Choice<ContractChoice>("contract", Meaning),
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
        RefuseChoice(settings, reader);
        return settings with { IsBroken = reader.Problems.Count > before };
    }

    // Nobody gets admins, or somebody to pay fees to, without having named them.
    private static void RefuseChoice(ContractSettings settings, SettingsReader reader)
    {
        string[] ofOwn = [.. Names.Values, "contractAddress", "policyId", "scriptFile", "policyFile"];
        switch (settings.Choice)
        {
            case ContractChoice.Market:
                foreach (var name in ofOwn.Where(reader.Has).Order(StringComparer.Ordinal))
                {
                    reader.Refuse(name, "the market's contract is what it is; this goes with contract own");
                }

                break;
            case ContractChoice.Own when settings.ScriptFile is null:
                RefuseUnnamed(settings.Family ?? EscrowFamily.V2, reader.Has, reader.Refuse);
                break;
        }
    }

    /// <summary>Notes what nobody but the operator can say of a contract of his own: who settles disputes, and who gets fees.</summary>
    public static void RefuseUnnamed(EscrowFamily family, Func<string, bool> has, Action<string, string> refuse)
    {
        if (!has(Names[EscrowParameter.RequiredAdmins]))
        {
            refuse(Names[EscrowParameter.RequiredAdmins], "missing; how many of your admins settle a dispute is needed");
        }

        if (!has(Names[EscrowParameter.Admins]))
        {
            refuse(Names[EscrowParameter.Admins], "missing; the key hashes of who settles disputes are needed, a list of texts of 56 hexadecimal digits");
        }

        if (family == EscrowFamily.V1 && !has(Names[EscrowParameter.FeeAddress]))
        {
            refuse(Names[EscrowParameter.FeeAddress], "missing; V1 takes a fee, and the address that receives it is needed");
        }
    }

    /// <summary>The contract on a network, from its files; null when something is wrong, which is noted.</summary>
    /// <param name="network">The network.</param>
    /// <param name="reader">Where these settings stand.</param>
    public ContractSetup? Resolve(NodeNetwork network, SettingsReader reader)
    {
        if (Choice == ContractChoice.Market && network == NodeNetwork.Devnet)
        {
            reader.Refuse("contract", "the market's contracts are on Preprod and Mainnet; on a network of one's own contract own is needed");
            return null;
        }

        return IsBroken ? null : new ContractResolution(this, network.ToNetworkId(), reader.ReadFile, reader.Refuse).Setup();
    }
}
