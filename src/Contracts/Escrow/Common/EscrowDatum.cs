using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// An escrow's datum in either family (spec escrow.md 2.3, 2.4). Byte fields hold what is on chain; in V1 <see cref="SellerNonce"/> is the
/// whole seller identifier and the fields V1 lacks are empty.
/// </summary>
public sealed partial record EscrowDatum
{
    // The calendar of DateTimeOffset ends with the year 9999.
    internal const long LastMillisecond = 253_402_300_799_999;

    /// <summary>A datum that is put together member by member.</summary>
    public EscrowDatum() { }

    /// <summary>A datum whose fields are still to be read, with an address that stands in.</summary>
    [SetsRequiredMembers]
    internal EscrowDatum(EscrowFamily family, Address standIn) =>
        (Family, Buyer, Seller, Deadlines) = (family, standIn, standIn, new Deadlines(default, default, default, default));

    /// <summary>Which generation of the contract it belongs to.</summary>
    public required EscrowFamily Family { get; init; }

    /// <summary>Who locked the funds.</summary>
    public required Address Buyer { get; init; }

    /// <summary>V2: where refunds and the collateral go instead of to <see cref="Buyer"/>.</summary>
    public Address? BuyerReturn { get; init; }

    /// <summary>Who is paid: the holder of the agent's token.</summary>
    public required Address Seller { get; init; }

    /// <summary>V2: where the payout goes; when null the seller may send it anywhere.</summary>
    public Address? SellerReturn { get; init; }

    /// <summary>The COSE_Key of the identifier.</summary>
    public required ByteString ReferenceKey { get; init; }

    /// <summary>The COSE_Sign1 of the identifier; names the escrow on chain.</summary>
    public required ByteString ReferenceSignature { get; init; }

    /// <summary>V2: the seller's nonce; V1: nonce and agent identifier in one.</summary>
    public required ByteString SellerNonce { get; init; }

    /// <summary>The purchaser identifier.</summary>
    public required ByteString BuyerNonce { get; init; }

    /// <summary>V2: policy id and asset name; empty in V1.</summary>
    public ByteString AgentIdentifier { get; init; }

    /// <summary>ADA that goes back to the buyer in any case.</summary>
    public required Lovelace CollateralReturn { get; init; }

    /// <summary>MIP-004 hash of the job's input.</summary>
    public required ByteString InputHash { get; init; }

    /// <summary>MIP-004 hash of the result; empty while there is none.</summary>
    public ByteString ResultHash { get; init; }

    /// <summary>The deadlines; on chain in POSIX milliseconds.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>Until when the seller must wait, in POSIX milliseconds as the seller wrote it; no size is ruled out by the contract.</summary>
    public BigInteger SellerCooldown { get; init; }

    /// <summary>Until when the buyer must wait, in POSIX milliseconds as the buyer wrote it; no size is ruled out by the contract.</summary>
    public BigInteger BuyerCooldown { get; init; }

    /// <summary>Where the escrow stands.</summary>
    public EscrowState State { get; init; }

    /// <summary><see cref="SellerCooldown"/> as a time, cut to what a time can hold.</summary>
    public DateTimeOffset SellerCooldownTime => Saturated(SellerCooldown);

    /// <summary><see cref="BuyerCooldown"/> as a time, cut to what a time can hold.</summary>
    public DateTimeOffset BuyerCooldownTime => Saturated(BuyerCooldown);

    /// <summary>Nonce and agent identifier together, as the identifier's first segment carries them (spec escrow.md 6.2).</summary>
    public ByteString SellerIdentifier =>
        Family == EscrowFamily.V1 || SellerNonce.Length > 32 || AgentIdentifier.IsEmpty ? SellerNonce : SellerNonce.Concat(AgentIdentifier);

    /// <summary>Where refunds and the collateral go.</summary>
    public Address BuyerPayout => BuyerReturn ?? Buyer;

    /// <summary>Where dispute payouts to the seller go.</summary>
    public Address SellerPayout => SellerReturn ?? Seller;

    private static DateTimeOffset Saturated(BigInteger milliseconds) =>
        milliseconds >= LastMillisecond ? DateTimeOffset.MaxValue
        : milliseconds <= 0 ? DateTimeOffset.UnixEpoch
        : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
