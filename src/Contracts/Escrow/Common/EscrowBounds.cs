using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A bound on what an escrow is made of.</summary>
public enum BoundRule
{
    /// <summary>The hash of the input.</summary>
    InputHash,

    /// <summary>Signature and key of the identifier together.</summary>
    IdentifierSize,

    /// <summary>The key of the identifier, byte for byte as wallets write it.</summary>
    KeyForm,

    /// <summary>The signature of the identifier, byte for byte as wallets write it.</summary>
    SignatureForm,

    /// <summary>The whole datum, as large as it can become.</summary>
    DatumSize,
}

/// <summary>A bound that is not kept.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Supplied">What was found.</param>
/// <param name="Required">What was needed.</param>
public sealed record BoundRefusal(BoundRule Rule, string Supplied, string Required)
{
    /// <summary>The member of a request that it is about.</summary>
    public string Field =>
        Rule switch
        {
            BoundRule.InputHash => "inputHash",
            BoundRule.DatumSize => "agentIdentifier",
            _ => "blockchainIdentifier",
        };

    /// <summary>What the APIs answer with, the member in front as in all their issues.</summary>
    public string Message => $"{Field}: {Sentence}";

    /// <summary>The sentence alone.</summary>
    public string Sentence =>
        Rule switch
        {
            BoundRule.InputHash => $"Input hash has {Supplied}; {Required} are taken",
            BoundRule.DatumSize => $"The terms make a datum of {Supplied}; {Required} are taken",
            BoundRule.IdentifierSize => $"Invalid blockchain identifier, signature and key have {Supplied}; {Required} are taken",
            BoundRule.KeyForm => $"Invalid blockchain identifier, the key is {Supplied}; needed: {Required}",
            _ => $"Invalid blockchain identifier, the signature is {Supplied}; needed: {Required}",
        };

    /// <summary>In words.</summary>
    public override string ToString() => $"{Rule}: {Supplied}; required: {Required}";
}

/// <summary>
/// How large an escrow may be made, whatever contract it is locked under: the other party must be able to send its next transaction, which carries the datum
/// again (docs/contracts.md, "When a result is too large"). The counterparty chose most of these bytes. The contracts ask nothing of them but the result.
/// </summary>
public static class EscrowBounds
{
    /// <summary>Bytes of the datum in its largest later form. Real ones have up to about 945.</summary>
    public const int MostDatumBytes = 1024;

    /// <summary>Bytes of an input hash; MIP-004 makes 32.</summary>
    public const int MostInputHashBytes = 64;

    /// <summary>Bytes of signature and key together. Real ones have 217 and 42.</summary>
    public const int MostIdentifierBytes = 400;

    // {1: -8, 4: h'...' and {1: -8, before "address": ... (spec escrow.md 6.4); some wallets leave out the key.
    private static readonly byte[] WithKey = [0xa3, 0x01, 0x27, 0x04, 0x58, 0x20];
    private static readonly byte[] WithoutKey = [0xa2, 0x01, 0x27];
    private static readonly byte[] AddressLabel = [0x67, .. "address"u8];
    private static readonly byte[] NotHashed = [0xa1, 0x66, .. "hashed"u8, 0xf4];

    /// <summary>What the hash of an input breaks, in hex as it was written; null for one within the bounds, and for what is no hex at all.</summary>
    public static BoundRefusal? OfInputHash(string hex) =>
        HexText.IsHexField(hex) && hex.Length / 2 > MostInputHashBytes ? TooLarge(BoundRule.InputHash, hex.Length / 2, MostInputHashBytes) : null;

    /// <summary>Bytes of the datum when it has a result and both parties have acted.</summary>
    public static int LargestForm(EscrowDatum datum)
    {
        ArgumentNullException.ThrowIfNull(datum);
        var cooldown = datum.Deadlines.ExternalDisputeUnlock.ToUnixTimeMilliseconds();
        var later = datum with { ResultHash = new ByteString(new byte[SpendWords.ResultBytes]), SellerCooldown = cooldown, BuyerCooldown = cooldown };
        return later.ToData().ToCbor().Length;
    }

    /// <summary>What a datum breaks, as it stands in a lock; empty when it is within all bounds. An empty buyer nonce or agent identifier breaks none.</summary>
    public static ImmutableArray<BoundRefusal> Check(EscrowDatum datum)
    {
        ArgumentNullException.ThrowIfNull(datum);
        var refusals = ImmutableArray.CreateBuilder<BoundRefusal>();
        AtMost(refusals, BoundRule.InputHash, datum.InputHash.Length, MostInputHashBytes);
        refusals.AddRange(Identifier(datum.ReferenceSignature, datum.ReferenceKey));
        AtMost(refusals, BoundRule.DatumSize, LargestForm(datum), MostDatumBytes);
        return refusals.ToImmutable();
    }

    /// <summary>
    /// What an offer breaks, before it is known who will lock it: the buyer's addresses and the collateral are taken as the largest there are.
    /// </summary>
    /// <param name="identifier">What the seller signed, all its segments hex.</param>
    /// <param name="offer">The rest.</param>
    public static ImmutableArray<BoundRefusal> Check(IdentifierParts identifier, EscrowOffer offer)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(offer);
        if (OfInputHash(offer.InputHash) is { } tooLarge)
        {
            return [tooLarge];
        }

        var terms = new EscrowTerms
        {
            Identifier = identifier,
            Deadlines = offer.Deadlines,
            InputHash = InputHash.Parse(offer.InputHash),
            Price = Value.Zero,
            Seller = offer.Seller,
            SellerReturn = offer.SellerReturn,
        };
        var anybody = Address.Create(offer.Seller.Network, Credential.Key(default), Credential.Key(default));
        return Check(terms.LockDatum(anybody, anybody, Lovelace.MaxSupply));
    }

    /// <summary>What signature and key of an identifier break.</summary>
    public static ImmutableArray<BoundRefusal> Identifier(ByteString signature, ByteString key)
    {
        var refusals = ImmutableArray.CreateBuilder<BoundRefusal>();
        AtMost(refusals, BoundRule.IdentifierSize, signature.Length + key.Length, MostIdentifierBytes);
        if (PublicKey(key) is not { } publicKey)
        {
            refusals.Add(new BoundRefusal(BoundRule.KeyForm, $"{key.Length} bytes of another form", "a COSE_Key {1: 1, 3: -8, -1: 6, -2: 32 bytes}"));
        }
        else if (!IsOfWallets(signature, publicKey))
        {
            refusals.Add(
                new BoundRefusal(
                    BoundRule.SignatureForm,
                    $"{signature.Length} bytes of another form",
                    "an untagged COSE_Sign1 [{1: -8, 4: key, \"address\": address}, {\"hashed\": false}, payload, 64 bytes], with or without 4"
                )
            );
        }

        return refusals.ToImmutable();
    }

    private static void AtMost(ImmutableArray<BoundRefusal>.Builder refusals, BoundRule rule, int bytes, int most)
    {
        if (bytes > most)
        {
            refusals.Add(TooLarge(rule, bytes, most));
        }
    }

    private static BoundRefusal TooLarge(BoundRule rule, int bytes, int most) => new(rule, $"{bytes} bytes", $"at most {most} bytes");

    private static byte[]? PublicKey(ByteString key)
    {
        var head = CoseSign1.CoseKey([]);
        return key.Length == head.Length + 32 && key.Span.StartsWith(head) ? key.Span[head.Length..].ToArray() : null;
    }

    // Any other spelling of the same would be another identifier of the same offer, made by anybody, and each could be locked.
    private static bool IsOfWallets(ByteString bytes, byte[] publicKey)
    {
        try
        {
            var signature = CoseSign1.FromCbor(bytes.Memory);
            var canonical = signature with { Unprotected = NotHashed };
            return signature.Payload is not null
                && signature.Signature.Length == 64
                && IsHeaderOfWallets(signature.Protected.Span, publicKey)
                && canonical.ToCbor().AsSpan().SequenceEqual(bytes.Span);
        }
        catch (CborFormatException)
        {
            return false;
        }
    }

    private static bool IsHeaderOfWallets(ReadOnlySpan<byte> headers, byte[] publicKey)
    {
        ReadOnlySpan<byte> withKey = [.. WithKey, .. publicKey, .. AddressLabel];
        ReadOnlySpan<byte> withoutKey = [.. WithoutKey, .. AddressLabel];
        var address =
            headers.StartsWith(withKey) ? headers[withKey.Length..]
            : headers.StartsWith(withoutKey) ? headers[withoutKey.Length..]
            : [];

        // An enterprise or a base address.
        return address is [0x58, 29, ..] or [0x58, 57, ..] && address.Length == 2 + address[1];
    }
}
