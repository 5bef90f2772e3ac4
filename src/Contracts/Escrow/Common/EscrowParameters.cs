using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A parameter of an escrow contract (spec escrow.md 1.2).</summary>
public enum EscrowParameter
{
    /// <summary>How many places of the admin list settle a dispute.</summary>
    RequiredAdmins,

    /// <summary>The admins' key hashes.</summary>
    Admins,

    /// <summary>The time between two actions of one party.</summary>
    Cooldown,

    /// <summary>V1: who receives the fee.</summary>
    FeeAddress,

    /// <summary>V1: the fee in thousandths.</summary>
    FeePermille,
}

/// <summary>Why no money may be put under a contract with such a parameter.</summary>
/// <param name="Parameter">Which.</param>
/// <param name="Reason">What is allowed and what it is, without the parameter's name: <c>1 to the 3 admins there are, got 0</c>.</param>
public readonly record struct EscrowParameterRefusal(EscrowParameter Parameter, string Reason);

/// <summary>
/// What an escrow's script is made with (spec escrow.md 1.2); the script follows from it alone. What the parameters may be is said here too, for the scripts
/// themselves do not all check it: one that needs no admin lets anybody settle a dispute.
/// </summary>
public record EscrowParameters
{
    /// <summary>The longest admin list a payment source may have.</summary>
    public const int MostAdmins = 50;

    /// <summary>The largest V1 fee, everything there is.</summary>
    public const int MostFeePermille = 1000;

    /// <summary>The longest cooldown, a year: a longer one holds money for good.</summary>
    public static TimeSpan MostCooldown { get; } = TimeSpan.FromDays(365);

    /// <summary>Which generation.</summary>
    public required EscrowFamily Family { get; init; }

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

    /// <summary>The cooldown as the contract counts it.</summary>
    public long CooldownMilliseconds => Cooldown.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// The parameters the script is applied to, in order. Throws <see cref="ArgumentException"/> for those that no money may be put under, whatever script they
    /// are for.
    /// </summary>
    public ImmutableArray<PlutusData> Parameters()
    {
        if (Refusals(this) is [var refusal, ..])
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

    /// <summary>Everything that is wrong with parameters; empty when they may be used.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="network">Where the fee's receiver must be; null: anywhere, for the script does not know the network.</param>
    public static ImmutableArray<EscrowParameterRefusal> Refusals(EscrowParameters parameters, NetworkId? network = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var refusals = ImmutableArray.CreateBuilder<EscrowParameterRefusal>();
        var admins = parameters.Admins.Length;
        if (admins is 0 or > MostAdmins)
        {
            Refuse(EscrowParameter.Admins, $"1 to {MostAdmins} admins, got {admins}");
        }
        else if (parameters.RequiredAdmins < 1 || parameters.RequiredAdmins > admins)
        {
            Refuse(EscrowParameter.RequiredAdmins, $"1 to the {admins} admins there are, got {parameters.RequiredAdmins}");
        }

        if (parameters.Cooldown < TimeSpan.Zero || parameters.Cooldown > MostCooldown || parameters.Cooldown.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            Refuse(
                EscrowParameter.Cooldown,
                $"0 to {(long)MostCooldown.TotalMilliseconds} whole milliseconds, got {parameters.Cooldown.TotalMilliseconds:0.####}"
            );
        }

        if (parameters.Family == EscrowFamily.V2)
        {
            if (parameters.FeePermille != 0 || parameters.FeeAddress is not null)
            {
                Refuse(parameters.FeePermille != 0 ? EscrowParameter.FeePermille : EscrowParameter.FeeAddress, "a V2 contract takes no fee");
            }

            return refusals.DrainToImmutable();
        }

        if (parameters.FeePermille is < 0 or > MostFeePermille)
        {
            Refuse(EscrowParameter.FeePermille, $"0 to {MostFeePermille} thousandths, got {parameters.FeePermille}");
        }

        if (parameters.FeeAddress is not { Payment: not null, Pointer: null } receiver)
        {
            Refuse(EscrowParameter.FeeAddress, parameters.FeeAddress is { } nobody ? $"nobody can be paid at {nobody}" : "a V1 contract needs one");
        }
        else if (network is { } here && receiver.Network != here)
        {
            Refuse(EscrowParameter.FeeAddress, $"an address of the network {here}, got {receiver}");
        }

        return refusals.DrainToImmutable();

        void Refuse(EscrowParameter parameter, string reason) => refusals.Add(new(parameter, reason));
    }

    /// <summary>
    /// The parameters that stand in a script (<see cref="Parameters"/> read back). Throws <see cref="FormatException"/> for those that no contract of the
    /// family has.
    /// </summary>
    /// <param name="applied">The parameters in order.</param>
    /// <param name="family">Which generation.</param>
    /// <param name="network">The fee receiver's network, which the script does not know.</param>
    public static EscrowParameters Read(ImmutableArray<PlutusData> applied, EscrowFamily family, NetworkId network)
    {
        return (family, applied.ToArray()) switch
        {
            (EscrowFamily.V2, [PlutusData.Integer required, PlutusData.List admins, PlutusData.Integer cooldown]) => Common(required, admins, cooldown),
            (EscrowFamily.V1, [PlutusData.Integer required, PlutusData.List admins, var fee, PlutusData.Integer permille, PlutusData.Integer cooldown]) =>
                Common(required, admins, cooldown) with
                {
                    FeeAddress = AddressData.Decode(fee, network) ?? throw None(),
                    FeePermille = Whole(permille),
                },
            _ => throw None(),
        };

        EscrowParameters Common(PlutusData.Integer required, PlutusData.List admins, PlutusData.Integer cooldown) =>
            new()
            {
                Family = family,
                RequiredAdmins = Whole(required),
                Admins =
                [
                    .. admins.Items.Select(a =>
                        a is PlutusData.Bytes { Value.Length: Hash28.Size } hash ? new KeyHash(new Hash28(hash.Value.Span)) : throw None()
                    ),
                ],
                Cooldown =
                    cooldown.Value >= 0 && cooldown.Value <= (long)MostCooldown.TotalMilliseconds
                        ? TimeSpan.FromMilliseconds((long)cooldown.Value)
                        : TimeSpan.MaxValue,
            };

        FormatException None() => new($"parameters that no {family} escrow has");
    }

    // What does not fit is refused as what does: its size does not matter.
    private static int Whole(PlutusData.Integer number) => (int)BigInteger.Clamp(number.Value, int.MinValue, int.MaxValue);
}
