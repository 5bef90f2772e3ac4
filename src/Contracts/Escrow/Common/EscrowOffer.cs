using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.PaymentService.Deals;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// What the selling wallet signs together with its nonce (spec escrow.md 6.3).
/// </summary>
public sealed record EscrowOffer
{
    /// <summary>V2 signs three more members than V1.</summary>
    public required EscrowFamily Family { get; init; }

    /// <summary>The agent.</summary>
    public required AgentIdentifier AgentIdentifier { get; init; }

    /// <summary>The purchaser's nonce.</summary>
    public required BuyerNonce BuyerNonce { get; init; }

    /// <summary>
    /// The hash of the job's input, as it was written: the letter case is signed, and only the signature shows whether both sides wrote the same. Of upper
    /// case none is accepted in the end, for the chain gives back lower case.
    /// </summary>
    public required string InputHash { get; init; }

    /// <summary>The deadlines.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>The selling wallet: the holder of the agent's token.</summary>
    public required Address Seller { get; init; }

    /// <summary>The amounts asked for under dynamic pricing, in the request's order; null under fixed pricing.</summary>
    public ImmutableArray<WrittenAmount>? RequestedFunds { get; init; }

    /// <summary>V2: where the seller wants the payout.</summary>
    public Address? SellerReturn { get; init; }

    /// <summary>V2: the escrow contract.</summary>
    public Address? Escrow { get; init; }

    /// <summary>V2: which of the agent's payment sources was chosen; null for identifiers made without one.</summary>
    public int? SupportedPaymentSourceIndex { get; init; }

    /// <summary>V2: where the seller insists on; null, for anywhere, is not signed.</summary>
    public SettlementLayer? PaymentForceLayer { get; init; }

    /// <summary>The canonical JSON: members sorted by code unit, no white space.</summary>
    public string ToJson(SellerNonce nonce) => ToJson(SellerIdentifier(nonce), BuyerNonce.ToString(), AgentIdentifier.ToString());

    /// <summary>sha256 of <see cref="ToJson(SellerNonce)"/>: the 32 bytes that are signed (the bytes, not their hex).</summary>
    public byte[] Hash(SellerNonce nonce) => Sha256(ToJson(nonce));

    /// <summary>Signs with the selling wallet's payment key and packs the identifier.</summary>
    /// <param name="key">The key of <see cref="Seller"/>.</param>
    /// <param name="nonce">The seller's nonce, fresh for every offer.</param>
    public IdentifierParts Sign(SigningKey key, SellerNonce nonce)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = CoseSign1.Sign(key, Seller, Hash(nonce));
        return new IdentifierParts(
            SellerIdentifier(nonce),
            BuyerNonce.ToString(),
            Convert.ToHexStringLower(signature.ToCbor()),
            Convert.ToHexStringLower(CoseSign1.CoseKey(key.PublicKey.Span)),
            Family == EscrowFamily.V2 ? Escrow?.ToString() : null
        );
    }

    /// <summary>The hash of the offer with nonces and agent as an identifier has them: in its letter case, for that is what was signed.</summary>
    internal byte[] Hash(IdentifierParts identifier) =>
        Sha256(ToJson(identifier.SellerIdentifier, identifier.PurchaserIdentifier, identifier.AgentIdentifier ?? AgentIdentifier.ToString()));

    private static byte[] Sha256(string json) => SHA256.HashData(Encoding.UTF8.GetBytes(json));

    private string SellerIdentifier(SellerNonce nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        return $"{nonce}{AgentIdentifier}";
    }

    private string ToJson(string sellerIdentifier, string purchaserIdentifier, string agentIdentifier)
    {
        var json = new StringBuilder(1024);
        json.Append("{\"RequestedFunds\":");
        if (RequestedFunds is { } funds)
        {
            json.Append('[');
            for (var i = 0; i < funds.Length; i++)
            {
                json.Append(i == 0 ? "" : ",").Append("{\"amount\":\"").Append(funds[i].Amount.ToString(CultureInfo.InvariantCulture)).Append("\",\"unit\":");
                Quote(json, funds[i].Unit);
                json.Append('}');
            }

            json.Append(']');
        }
        else
        {
            json.Append("null");
        }

        Text("agentIdentifier", agentIdentifier);
        Time("externalDisputeUnlockTime", Deadlines.ExternalDisputeUnlock);
        Text("inputHash", InputHash);
        Time("payByTime", Deadlines.PayBy);
        if (Family == EscrowFamily.V2 && PaymentForceLayer is { } layer)
        {
            Text("paymentForceLayer", Word.Text(layer));
        }

        Text("purchaserIdentifier", purchaserIdentifier);
        Text("sellerAddress", Seller.ToString());
        Text("sellerIdentifier", sellerIdentifier);
        if (Family == EscrowFamily.V2)
        {
            Text("sellerReturnAddress", SellerReturn?.ToString());
            Text("smartContractAddress", Escrow?.ToString());
        }

        Time("submitResultTime", Deadlines.SubmitResult);
        if (Family == EscrowFamily.V2 && SupportedPaymentSourceIndex is { } index)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"supportedPaymentSourceIndex\":{index}");
        }

        Time("unlockTime", Deadlines.Unlock);
        return json.Append('}').ToString();

        void Text(string name, string? value)
        {
            json.Append(",\"").Append(name).Append("\":");
            if (value is null)
            {
                json.Append("null");
            }
            else
            {
                Quote(json, value);
            }
        }

        void Time(string name, DateTimeOffset value) => json.Append(CultureInfo.InvariantCulture, $",\"{name}\":\"{value.ToUnixTimeMilliseconds()}\"");
    }

    // What is signed is hex or bech32, but for units of unchecked amounts.
    private static void Quote(StringBuilder json, string text) => json.Append('"').Append(CanonicalJson.Escape(text)).Append('"');
}
