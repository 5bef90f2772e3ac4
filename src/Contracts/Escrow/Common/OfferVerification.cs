using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A check of the purchaser on a signed identifier (spec escrow.md 6.5, items 7 to 10), in the order they are made.</summary>
public enum OfferRule
{
    /// <summary>The identifier carries the purchaser's own nonce.</summary>
    PurchaserIdentifier,

    /// <summary>The purchaser's nonce is hex.</summary>
    PurchaserHex,

    /// <summary>The seller identifier is hex.</summary>
    SellerHex,

    /// <summary>The identifier is for the agent asked for.</summary>
    AgentIdentifier,

    /// <summary>The COSE_Key is readable.</summary>
    KeyFound,

    /// <summary>The key is the agent holder's.</summary>
    KeyMatches,

    /// <summary>V2 names its escrow contract.</summary>
    EscrowPresent,

    /// <summary>The contract is the one asked for.</summary>
    EscrowMatches,

    /// <summary>The signature is the key's, over exactly these terms.</summary>
    Signature,

    /// <summary>Hex that goes on chain comes back in lower case, so it must be signed in lower case to be found again.</summary>
    LowerCase,

    /// <summary>The contract refuses signatures under 16 bytes.</summary>
    SignatureLength,

    /// <summary>Parties are key addresses of the escrow's network and not the escrow itself; otherwise the money could never leave.</summary>
    PartyAddress,

    /// <summary>Everything is small enough, and in the one form that has one identifier (<see cref="EscrowBounds"/>).</summary>
    Bounds,
}

/// <summary>A check that failed.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Message">The sentence the APIs answer with.</param>
/// <param name="Supplied">What was found.</param>
/// <param name="Required">What was needed.</param>
public sealed record OfferRefusal(OfferRule Rule, string Message, string Supplied, string Required);

/// <summary>The purchaser's verification of what a seller signed.</summary>
public static class OfferVerification
{
    /// <summary>The contract's least length of a reference signature.</summary>
    public const int MinSignatureBytes = 16;

    /// <summary>
    /// Checks an identifier against the offer as the purchaser understands it (its members from the purchase request, the agent's holder on chain and
    /// the configured escrow). Null when the identifier is good, otherwise the first check that failed.
    /// </summary>
    /// <param name="identifier">The decoded identifier.</param>
    /// <param name="offer">What the purchaser believes was signed.</param>
    /// <param name="sellerKeyHash">The payment key hash of the agent's holder.</param>
    /// <param name="buyerReturn">Where the purchaser wants refunds, when given.</param>
    public static OfferRefusal? Verify(IdentifierParts identifier, EscrowOffer offer, KeyHash sellerKeyHash, Address? buyerReturn = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(offer);
        return VerifyNames(identifier, offer.BuyerNonce.ToString(), offer.AgentIdentifier.ToString(), StringComparison.OrdinalIgnoreCase)
            ?? VerifySignature(identifier, offer, sellerKeyHash)
            ?? VerifyAddresses(offer, sellerKeyHash, buyerReturn)
            ?? VerifyBounds(identifier, offer);
    }

    /// <summary>
    /// The first of these checks on the words as a request has them, letter by letter: <see cref="Verify"/> knows words without a letter case of their own, and
    /// judges that of the identifier after its signature.
    /// </summary>
    /// <param name="identifier">The decoded identifier.</param>
    /// <param name="purchaserIdentifier">The purchaser's nonce, in text.</param>
    /// <param name="agentIdentifier">The agent asked for, in text.</param>
    public static OfferRefusal? VerifyNames(IdentifierParts identifier, string purchaserIdentifier, string agentIdentifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(purchaserIdentifier);
        ArgumentNullException.ThrowIfNull(agentIdentifier);
        return VerifyNames(identifier, purchaserIdentifier, agentIdentifier, StringComparison.Ordinal);
    }

    private static OfferRefusal? VerifyNames(IdentifierParts identifier, string purchaserIdentifier, string agentIdentifier, StringComparison comparison)
    {
        if (!identifier.PurchaserIdentifier.Equals(purchaserIdentifier, comparison))
        {
            return new OfferRefusal(
                OfferRule.PurchaserIdentifier,
                "Invalid blockchain identifier, purchaser id mismatch",
                identifier.PurchaserIdentifier,
                purchaserIdentifier
            );
        }

        if (!HexText.IsHexField(purchaserIdentifier))
        {
            return new OfferRefusal(OfferRule.PurchaserHex, "Purchaser identifier is not a valid hex string", purchaserIdentifier, "hex");
        }

        if (!HexText.IsHexField(identifier.SellerIdentifier))
        {
            return new OfferRefusal(OfferRule.SellerHex, "Seller identifier is not a valid hex string", identifier.SellerIdentifier, "hex");
        }

        return string.Equals(identifier.AgentIdentifier, agentIdentifier, comparison)
            ? null
            : new OfferRefusal(
                OfferRule.AgentIdentifier,
                "Invalid blockchain identifier, agent identifier mismatch",
                identifier.AgentIdentifier ?? "none",
                agentIdentifier
            );
    }

    private static OfferRefusal? VerifySignature(IdentifierParts identifier, EscrowOffer offer, KeyHash sellerKeyHash)
    {
        if (PublicKey(identifier.Key) is not { } publicKey)
        {
            return new OfferRefusal(OfferRule.KeyFound, "Invalid blockchain identifier, key not found", $"{identifier.Key.Length} characters", "a COSE_Key");
        }

        var keyHash = new KeyHash(Blake2b.Hash224(publicKey));
        if (keyHash != sellerKeyHash)
        {
            return new OfferRefusal(OfferRule.KeyMatches, "Invalid blockchain identifier, key does not match", keyHash.ToString(), sellerKeyHash.ToString());
        }

        if (offer.Family == EscrowFamily.V2)
        {
            if (identifier.EscrowAddress is null)
            {
                return new OfferRefusal(
                    OfferRule.EscrowPresent,
                    "Invalid blockchain identifier, V2 must carry smartContractAddress",
                    "none",
                    offer.Escrow?.ToString() ?? "an address"
                );
            }

            if (identifier.EscrowAddress != offer.Escrow?.ToString())
            {
                return new OfferRefusal(
                    OfferRule.EscrowMatches,
                    "Invalid blockchain identifier, smartContractAddress mismatch",
                    identifier.EscrowAddress,
                    offer.Escrow?.ToString() ?? "none"
                );
            }
        }

        // The seller's nonce and all letter case are what the identifier says; everything else is what the purchaser knows.
        var hash = offer.Hash(identifier);
        if (!Signed(identifier.Signature, publicKey, hash))
        {
            return new OfferRefusal(
                OfferRule.Signature,
                "Invalid blockchain identifier, signature invalid",
                "no valid signature",
                $"a signature of {Convert.ToHexStringLower(hash)} by {keyHash}"
            );
        }

        if (InLowerCase(identifier.SellerIdentifier, identifier.PurchaserIdentifier, identifier.Signature, identifier.Key, offer.InputHash) is { } refused)
        {
            return refused;
        }

        return identifier.Signature.Length / 2 >= MinSignatureBytes
            ? null
            : new OfferRefusal(
                OfferRule.SignatureLength,
                IdentifierRefusal.Message,
                $"{identifier.Signature.Length / 2} bytes",
                $"at least {MinSignatureBytes} bytes"
            );
    }

    private static OfferRefusal? InLowerCase(params ReadOnlySpan<string> texts)
    {
        foreach (var hex in texts)
        {
            if (!HexText.IsLower(hex))
            {
                return new OfferRefusal(OfferRule.LowerCase, IdentifierRefusal.Message, hex, "lower case");
            }
        }

        return null;
    }

    private static OfferRefusal? VerifyAddresses(EscrowOffer offer, KeyHash sellerKeyHash, Address? buyerReturn)
    {
        var network = offer.Escrow?.Network ?? offer.Seller.Network;
        if (!IsParty(offer.Seller, network, offer.Escrow) || offer.Seller.Payment?.AsKey != sellerKeyHash)
        {
            return new OfferRefusal(
                OfferRule.PartyAddress,
                "Seller principal address (resolved from agent NFT holder) must be a Cardano base or enterprise address with a verification-key payment credential.",
                offer.Seller.ToString(),
                $"a base or enterprise address of {sellerKeyHash}"
            );
        }

        return Return("buyerReturnAddress", buyerReturn) ?? Return("sellerReturnAddress", offer.SellerReturn);

        OfferRefusal? Return(string name, Address? address) =>
            address is null || offer.Family == EscrowFamily.V1 || IsParty(address, network, offer.Escrow)
                ? null
                : new OfferRefusal(
                    OfferRule.PartyAddress,
                    $"{name} must be a Cardano base or enterprise address with a payment key credential",
                    address.ToString(),
                    $"a base or enterprise key address of {network}"
                );
    }

    private static OfferRefusal? VerifyBounds(IdentifierParts identifier, EscrowOffer offer) =>
        EscrowBounds.Check(identifier, offer) is [var first, ..] ? new OfferRefusal(OfferRule.Bounds, first.Message, first.Supplied, first.Required) : null;

    /// <summary>True for a base (key and key) or enterprise (key) address of the network that is not the escrow's (spec escrow.md 2.2).</summary>
    public static bool IsParty(Address address, NetworkId network, Address? escrow)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.IsByron
            && !address.IsReward
            && address.Network == network
            && address != escrow
            && address.Payment is { IsKey: true }
            && address.Stake is null or { IsKey: true }
            && address.Pointer is null;
    }

    private static byte[]? PublicKey(string hex)
    {
        if (!ByteString.TryFromHex(hex, out var bytes))
        {
            return null;
        }

        try
        {
            return CoseSign1.PublicKeyOf(bytes.Memory);
        }
        catch (CborFormatException)
        {
            return null;
        }
    }

    private static bool Signed(string hex, byte[] publicKey, byte[] hash)
    {
        if (!ByteString.TryFromHex(hex, out var bytes))
        {
            return false;
        }

        try
        {
            var signature = CoseSign1.FromCbor(bytes.Memory);
            return signature.Payload is { } payload && payload.Span.SequenceEqual(hash) && signature.Verify(publicKey);
        }
        catch (CborFormatException)
        {
            return false;
        }
    }
}
