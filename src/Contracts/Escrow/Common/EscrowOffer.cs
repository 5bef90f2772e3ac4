using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// What the selling wallet signs (spec escrow.md 6.3). Texts are signed as they stand, so whoever rebuilds an offer must use the same letter case.
/// </summary>
public sealed record EscrowOffer
{
    /// <summary>V2 signs three more members than V1.</summary>
    public required EscrowFamily Family { get; init; }

    /// <summary>Policy id and asset name, hex.</summary>
    public required string AgentIdentifier { get; init; }

    /// <summary>The seller's nonce (64 hex digits) followed by <see cref="AgentIdentifier"/>.</summary>
    public required string SellerIdentifier { get; init; }

    /// <summary>The purchaser's nonce, hex.</summary>
    public required string PurchaserIdentifier { get; init; }

    /// <summary>MIP-004 input hash, hex.</summary>
    public required string InputHash { get; init; }

    /// <summary>The deadlines.</summary>
    public required EscrowTimes Times { get; init; }

    /// <summary>The selling wallet: the holder of the agent's token.</summary>
    public required Address Seller { get; init; }

    /// <summary>The amounts asked for under dynamic pricing, in the request's order; null under fixed pricing.</summary>
    public ImmutableArray<UnitAmount>? RequestedFunds { get; init; }

    /// <summary>V2: where the seller wants the payout.</summary>
    public Address? SellerReturn { get; init; }

    /// <summary>V2: the escrow contract.</summary>
    public Address? Escrow { get; init; }

    /// <summary>V2: which of the agent's payment sources was chosen; null for identifiers made without one.</summary>
    public int? SupportedPaymentSourceIndex { get; init; }

    /// <summary>A seller identifier from 32 unpredictable bytes.</summary>
    public static string MakeSellerIdentifier(ReadOnlySpan<byte> nonce, string agentIdentifier)
    {
        if (nonce.Length != 32)
        {
            throw new ArgumentException($"A seller nonce has 32 bytes, got {nonce.Length}.", nameof(nonce));
        }

        return Convert.ToHexStringLower(nonce) + agentIdentifier;
    }

    /// <summary>The canonical JSON: members sorted by code unit, no white space.</summary>
    public string ToJson()
    {
        var json = new StringBuilder(1024);
        json.Append("{\"RequestedFunds\":");
        if (RequestedFunds is { } funds)
        {
            json.Append('[');
            for (var i = 0; i < funds.Length; i++)
            {
                json.Append(i == 0 ? "" : ",").Append("{\"amount\":\"").Append(funds[i].Amount.ToString(CultureInfo.InvariantCulture)).Append("\",\"unit\":");
                Quote(json, funds[i].IsAda ? UnitAmount.Ada : funds[i].Unit);
                json.Append('}');
            }

            json.Append(']');
        }
        else
        {
            json.Append("null");
        }

        Text("agentIdentifier", AgentIdentifier);
        Time("externalDisputeUnlockTime", Times.ExternalDisputeUnlock);
        Text("inputHash", InputHash);
        Time("payByTime", Times.PayBy);
        Text("purchaserIdentifier", PurchaserIdentifier);
        Text("sellerAddress", Seller.ToString());
        Text("sellerIdentifier", SellerIdentifier);
        if (Family == EscrowFamily.V2)
        {
            Text("sellerReturnAddress", SellerReturn?.ToString());
            Text("smartContractAddress", Escrow?.ToString());
        }

        Time("submitResultTime", Times.SubmitResultBy);
        if (Family == EscrowFamily.V2 && SupportedPaymentSourceIndex is { } index)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"supportedPaymentSourceIndex\":{index}");
        }

        Time("unlockTime", Times.Unlock);
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

    /// <summary>sha256 of <see cref="ToJson"/>: the 32 bytes that are signed (the bytes, not their hex).</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(ToJson()));

    /// <summary>Signs with the selling wallet's payment key and packs the identifier.</summary>
    public BlockchainIdentifier Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = CoseSign1.Sign(key, Seller, Hash());
        return new BlockchainIdentifier(
            SellerIdentifier,
            PurchaserIdentifier,
            Convert.ToHexStringLower(signature.ToCbor()),
            Convert.ToHexStringLower(CoseSign1.CoseKey(key.PublicKey.Span)),
            Family == EscrowFamily.V2 ? Escrow?.ToString() : null
        );
    }

    // Everything signed is hex or bech32 once the APIs have checked it; the escapes are for what a caller passes unchecked (RFC 8785 3.2.2.2).
    private static void Quote(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }
}
