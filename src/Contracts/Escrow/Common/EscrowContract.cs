using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>One instance of the escrow contract: its address and the parameters its script was made with (spec escrow.md 1.2).</summary>
public sealed record EscrowContract
{
    /// <summary>Which generation.</summary>
    public required EscrowFamily Family { get; init; }

    /// <summary>The enterprise address of the script.</summary>
    public required Address Address { get; init; }

    /// <summary>How many admin votes settle a dispute.</summary>
    public required int RequiredAdmins { get; init; }

    /// <summary>Admin key hashes in contract order; duplicates are weight.</summary>
    public required ImmutableArray<KeyHash> Admins { get; init; }

    /// <summary>How long a party waits between two of its own actions.</summary>
    public required TimeSpan Cooldown { get; init; }

    /// <summary>V1: who receives the protocol fee.</summary>
    public Address? FeeAddress { get; init; }

    /// <summary>V1: the protocol fee in thousandths of every asset.</summary>
    public int FeePermille { get; init; }

    /// <summary>Whose validator it is. What is not known to be ours obeys the deployed one's rules.</summary>
    public EscrowRuleSet Rules { get; init; }

    /// <summary>The script's hash.</summary>
    public ScriptHash ScriptHash => Address.Payment?.AsScript ?? throw new InvalidOperationException($"Not a script address: {Address}.");

    /// <summary>The cooldown as the contract counts it.</summary>
    public long CooldownMilliseconds => Cooldown.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// The parameters the script is applied to, in order. Throws <see cref="ArgumentException"/> for those that no money may be put under
    /// (<see cref="EscrowParameters"/>), whatever script they are for.
    /// </summary>
    public ImmutableArray<PlutusData> Parameters()
    {
        if (EscrowParameters.Refusals(this) is [var refusal, ..])
        {
            throw new ArgumentException($"{refusal.Parameter}: {refusal.Reason}.");
        }

        var required = PlutusData.I(RequiredAdmins);
        var admins = PlutusData.L([.. Admins.Select(a => PlutusData.B(a.ToArray()))]);
        var cooldown = PlutusData.I(CooldownMilliseconds);
        return Family == EscrowFamily.V2
            ? [required, admins, cooldown]
            : [required, admins, AddressData.Encode(FeeAddress!), PlutusData.I(FeePermille), cooldown];
    }
}
