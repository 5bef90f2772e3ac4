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
/// What the parameters of an escrow contract may be. The scripts themselves do not all check them: one that needs no admin lets anybody settle a dispute.
/// </summary>
public static class EscrowParameters
{
    /// <summary>The longest admin list a payment source may have.</summary>
    public const int MostAdmins = 50;

    /// <summary>The largest V1 fee, everything there is.</summary>
    public const int MostFeePermille = 1000;

    /// <summary>The longest cooldown, a year: a longer one holds money for good.</summary>
    public static TimeSpan MostCooldown { get; } = TimeSpan.FromDays(365);

    /// <summary>Everything that is wrong with a contract's parameters; empty when it may be used.</summary>
    /// <param name="contract">The contract; its address does not matter.</param>
    /// <param name="network">Where the fee's receiver must be; null: anywhere, for the script does not know the network.</param>
    public static ImmutableArray<EscrowParameterRefusal> Refusals(EscrowContract contract, NetworkId? network = null)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var refusals = ImmutableArray.CreateBuilder<EscrowParameterRefusal>();
        var admins = contract.Admins.Length;
        if (admins is 0 or > MostAdmins)
        {
            Refuse(EscrowParameter.Admins, $"1 to {MostAdmins} admins, got {admins}");
        }
        else if (contract.RequiredAdmins < 1 || contract.RequiredAdmins > admins)
        {
            Refuse(EscrowParameter.RequiredAdmins, $"1 to the {admins} admins there are, got {contract.RequiredAdmins}");
        }

        if (contract.Cooldown < TimeSpan.Zero || contract.Cooldown > MostCooldown || contract.Cooldown.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            Refuse(
                EscrowParameter.Cooldown,
                $"0 to {(long)MostCooldown.TotalMilliseconds} whole milliseconds, got {contract.Cooldown.TotalMilliseconds:0.####}"
            );
        }

        if (contract.Family == EscrowFamily.V2)
        {
            if (contract.FeePermille != 0 || contract.FeeAddress is not null)
            {
                Refuse(contract.FeePermille != 0 ? EscrowParameter.FeePermille : EscrowParameter.FeeAddress, "a V2 contract takes no fee");
            }

            return refusals.DrainToImmutable();
        }

        if (contract.FeePermille is < 0 or > MostFeePermille)
        {
            Refuse(EscrowParameter.FeePermille, $"0 to {MostFeePermille} thousandths, got {contract.FeePermille}");
        }

        if (contract.FeeAddress is not { Payment: not null, Pointer: null } receiver)
        {
            Refuse(EscrowParameter.FeeAddress, contract.FeeAddress is { } nobody ? $"nobody can be paid at {nobody}" : "a V1 contract needs one");
        }
        else if (network is { } here && receiver.Network != here)
        {
            Refuse(EscrowParameter.FeeAddress, $"an address of the network {here}, got {receiver}");
        }

        return refusals.DrainToImmutable();

        void Refuse(EscrowParameter parameter, string reason) => refusals.Add(new(parameter, reason));
    }

    /// <summary>
    /// The contract that a script is by the parameters in it (<see cref="EscrowContract.Parameters"/> read back). Throws <see cref="FormatException"/> for
    /// parameters that no contract of the family has.
    /// </summary>
    /// <param name="applied">The parameters in order.</param>
    /// <param name="family">Which generation.</param>
    /// <param name="address">Where it is; its network is the fee receiver's.</param>
    public static EscrowContract Read(ImmutableArray<PlutusData> applied, EscrowFamily family, Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (family, applied.ToArray()) switch
        {
            (EscrowFamily.V2, [PlutusData.Integer required, PlutusData.List admins, PlutusData.Integer cooldown]) => Common(required, admins, cooldown),
            (EscrowFamily.V1, [PlutusData.Integer required, PlutusData.List admins, var fee, PlutusData.Integer permille, PlutusData.Integer cooldown]) =>
                Common(required, admins, cooldown) with
                {
                    FeeAddress = AddressData.Decode(fee, address.Network) ?? throw None(),
                    FeePermille = Whole(permille),
                },
            _ => throw None(),
        };

        EscrowContract Common(PlutusData.Integer required, PlutusData.List admins, PlutusData.Integer cooldown) =>
            new()
            {
                Family = family,
                Address = address,
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
