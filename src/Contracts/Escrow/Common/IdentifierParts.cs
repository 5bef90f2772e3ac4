using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// What is in a <see cref="BlockchainIdentifier"/> (spec escrow.md 6), as text: whoever made it chose the letter case and what the signature covers, so
/// nothing here is more than text until <see cref="OfferVerification"/> has judged it.
/// </summary>
/// <param name="SellerIdentifier">Hex: the seller's nonce (64 digits) followed by the agent identifier.</param>
/// <param name="PurchaserIdentifier">Hex: the purchaser's nonce.</param>
/// <param name="Signature">Hex: COSE_Sign1.</param>
/// <param name="Key">Hex: COSE_Key.</param>
/// <param name="EscrowAddress">V2 only: the escrow's bech32 address.</param>
public sealed record IdentifierParts(string SellerIdentifier, string PurchaserIdentifier, string Signature, string Key, string? EscrowAddress)
{
    /// <summary>Far more than any real one (about 800), far less than what hostile compression could blow up to.</summary>
    private const int MaxJoinedLength = 16_384;

    private const int NonceDigits = 64;

    private const int MaxAddressLength = 250;

    /// <summary>V2 identifiers name their escrow.</summary>
    public EscrowFamily Family => EscrowAddress is null ? EscrowFamily.V1 : EscrowFamily.V2;

    /// <summary>The agent identifier within <see cref="SellerIdentifier"/>, or null when there is none.</summary>
    public string? AgentIdentifier => SellerIdentifier.Length > NonceDigits ? SellerIdentifier[NonceDigits..] : null;

    /// <summary>The seller's nonce: the first 64 digits.</summary>
    public string SellerNonce => SellerIdentifier.Length > NonceDigits ? SellerIdentifier[..NonceDigits] : SellerIdentifier;

    /// <summary>
    /// The identifier's text: lowercase hex. What a stranger put on chain may give a longer text than <see cref="BlockchainIdentifier.MaxLength"/>; it names
    /// no deal.
    /// </summary>
    public string Encode()
    {
        // Signature before key here, key before signature in the datum.
        var joined = string.Join('.', SellerIdentifier, PurchaserIdentifier, Signature, Key);
        return Convert.ToHexStringLower(LzString.Compress(EscrowAddress is null ? joined : $"{joined}.{EscrowAddress}"));
    }

    /// <summary>Rebuilds the identifier of an escrow from its datum, as watchers find the payment it belongs to.</summary>
    /// <param name="datum">The datum.</param>
    /// <param name="escrow">The address it was found at.</param>
    public static IdentifierParts Of(EscrowDatum datum, Address escrow)
    {
        ArgumentNullException.ThrowIfNull(datum);
        ArgumentNullException.ThrowIfNull(escrow);
        return new IdentifierParts(
            datum.SellerIdentifier.ToString(),
            datum.BuyerNonce.ToString(),
            datum.ReferenceSignature.ToString(),
            datum.ReferenceKey.ToString(),
            datum.Family == EscrowFamily.V2 ? escrow.ToString() : null
        );
    }

    /// <summary>Reads an identifier; never throws.</summary>
    public static bool TryDecode(string? text, [NotNullWhen(true)] out IdentifierParts? identifier, [NotNullWhen(false)] out IdentifierRefusal? refusal)
    {
        identifier = null;
        refusal = Decode(text, ref identifier);
        return refusal is null;
    }

    private static IdentifierRefusal? Decode(string? text, ref IdentifierParts? identifier)
    {
        if (text is null || text.Length > BlockchainIdentifier.MaxLength)
        {
            return new IdentifierRefusal(
                IdentifierRule.Length,
                text is null ? "nothing" : $"{text.Length} characters",
                $"at most {BlockchainIdentifier.MaxLength}"
            );
        }

        if (!HexText.IsHexField(text))
        {
            return new IdentifierRefusal(IdentifierRule.Hex, $"{text.Length} characters", "hex of even length");
        }

        if (!LzString.TryDecompress(Convert.FromHexString(text), MaxJoinedLength, out var joined))
        {
            return new IdentifierRefusal(IdentifierRule.Compression, $"{text.Length / 2} bytes", $"LZ-String of at most {MaxJoinedLength} characters");
        }

        var segments = joined.Split('.');
        if (segments.Length is not (4 or 5))
        {
            return new IdentifierRefusal(IdentifierRule.Segments, $"{segments.Length} segments", "4 or 5");
        }

        if (!HexText.IsHexField(segments[0]) || !HexText.IsHexField(segments[1]))
        {
            return new IdentifierRefusal(IdentifierRule.Nonces, $"segments of {segments[0].Length} and {segments[1].Length} characters", "hex of even length");
        }

        var escrow = segments.Length == 5 ? segments[4] : null;
        if (escrow is not null && (escrow.Length > MaxAddressLength || !escrow.StartsWith("addr", StringComparison.Ordinal)))
        {
            return new IdentifierRefusal(IdentifierRule.EscrowAddress, $"{escrow.Length} characters", $"addr..., at most {MaxAddressLength}");
        }

        var decoded = new IdentifierParts(segments[0], segments[1], segments[2], segments[3], escrow);
        if (decoded.Encode() != text)
        {
            return new IdentifierRefusal(IdentifierRule.Canonical, "another encoding of its content", "the encoding the chain gives back");
        }

        identifier = decoded;
        return null;
    }
}
