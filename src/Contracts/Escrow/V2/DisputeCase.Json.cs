using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Escrow.V2;

public sealed partial record DisputeCase
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The case as a file.</summary>
    public string ToJson() =>
        new JsonObject
        {
            ["contract"] = new JsonObject
            {
                ["address"] = Contract.Address.ToString(),
                ["requiredAdmins"] = Contract.RequiredAdmins,
                ["admins"] = new JsonArray([.. Contract.Admins.Select(a => (JsonNode)a.ToString())]),
                ["cooldownMilliseconds"] = Contract.CooldownMilliseconds,
            },
            ["escrow"] = Settlement.Escrow.ToString(),
            ["buyer"] = Amounts(Settlement.BuyerValue),
            ["seller"] = Amounts(Settlement.SellerValue),
            ["intent"] = Settlement.Intent().ToString(),
            ["hashedIntent"] = HashedIntent.ToString(),
            ["signatures"] = new JsonArray([.. Signatures.Select(s => (JsonNode)Json(s))]),
        }.ToJsonString(Layout) + "\n";

    /// <summary>
    /// Reads a case. Throws <see cref="FormatException"/> for anything else, such as an intent that is not that of the settlement beside it, or a signature
    /// that does not count.
    /// </summary>
    public static DisputeCase FromJson(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            throw new FormatException($"A dispute of {json.Length} bytes; at most {MaxBytes} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var contract = root.GetProperty("contract");
            ImmutableArray<KeyHash> admins = [.. contract.GetProperty("admins").EnumerateArray().Select(a => KeyHash.Parse(a.GetString()!))];
            var read = new DisputeCase(
                new EscrowContract
                {
                    Family = EscrowFamily.V2,
                    Address = Address.Parse(contract.GetProperty("address").GetString()!),
                    RequiredAdmins = (int)Whole(contract, "requiredAdmins", 1, admins.Length),
                    Admins = admins,
                    Cooldown = TimeSpan.FromMilliseconds(Whole(contract, "cooldownMilliseconds", 0, (long)EscrowParameters.MostCooldown.TotalMilliseconds)),
                },
                new DisputeSettlement(
                    TxInput.Parse(root.GetProperty("escrow").GetString()!),
                    ParseAmounts(Units(root.GetProperty("buyer"))),
                    ParseAmounts(Units(root.GetProperty("seller")))
                ),
                []
            );
            if (EscrowParameters.Refusals(read.Contract) is [var refused, ..])
            {
                throw new FormatException($"A dispute whose contract has {refused.Parameter}: {refused.Reason}.");
            }

            var intent = root.GetProperty("intent").GetString();
            if (intent != read.Settlement.Intent().ToString())
            {
                throw new FormatException($"A dispute with the intent {intent}; that of its settlement is {read.Settlement.Intent()}.");
            }

            foreach (var signature in root.TryGetProperty("signatures", out var signatures) ? signatures.EnumerateArray() : default)
            {
                read = read.With(ParseSignature(signature), out var refusal) ?? throw new FormatException(refusal!.ToString());
            }

            return read;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new FormatException("No dispute: " + e.Message, e);
        }
    }

    /// <summary>
    /// The signatures in a file: those of a case, or the one of a CIP-30 wallet's <c>{"signature", "key"}</c> (COSE_Sign1 and COSE_Key). They are not checked
    /// here. Throws <see cref="FormatException"/>.
    /// </summary>
    public static ImmutableArray<AdminSignature> ReadSignatures(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.TryGetProperty("signatures", out var signatures)
                ? [.. signatures.EnumerateArray().Select(ParseSignature)]
                :
                [
                    AdminSignature.From(
                        CoseSign1.FromCbor(Convert.FromHexString(root.GetProperty("signature").GetString()!)),
                        CoseSign1.PublicKeyOf(Convert.FromHexString(root.GetProperty("key").GetString()!))
                    ),
                ];
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new FormatException("No signatures: " + e.Message, e);
        }
    }

    /// <summary>Reads amounts by unit: <c>lovelace</c>, or policy and name in hexadecimal. Throws <see cref="FormatException"/>.</summary>
    public static Value ParseAmounts(IEnumerable<KeyValuePair<string, string>> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var coin = Lovelace.Zero;
        var assets = new Dictionary<AssetId, Int128>();
        var units = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (unit, text) in amounts)
        {
            if (!Digits.TryRead<ulong>(text, out var quantity) || (unit == "lovelace" && quantity > long.MaxValue))
            {
                throw new FormatException($"'{text}' is no amount of {unit}; a whole number that is not negative is.");
            }

            if (!units.Add(unit))
            {
                throw new FormatException($"{unit} stands twice.");
            }

            if (unit == "lovelace")
            {
                coin = new Lovelace((long)quantity);
            }
            else if (quantity > 0)
            {
                assets.Add(AssetId.Parse(unit), quantity);
            }
        }

        return Value.Of(coin, assets);
    }

    /// <summary>Amounts by unit, as <see cref="ParseAmounts"/> reads them.</summary>
    public static JsonObject Amounts(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var amounts = new JsonObject();
        if (value.Coin != Lovelace.Zero)
        {
            amounts["lovelace"] = value.Coin.Amount.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (asset, quantity) in value.Assets)
        {
            amounts[asset.ToString()] = quantity.ToString(CultureInfo.InvariantCulture);
        }

        return amounts;
    }

    private static long Whole(JsonElement json, string name, long least, long most)
    {
        var number = json.GetProperty(name);
        return number.TryGetInt64(out var whole) && whole >= least && whole <= most
            ? whole
            : throw new FormatException($"A dispute whose {name} is {number}; {least} to {most} is possible.");
    }

    private static IEnumerable<KeyValuePair<string, string>> Units(JsonElement amounts) =>
        amounts.EnumerateObject().Select(a => KeyValuePair.Create(a.Name, a.Value.GetString() ?? ""));

    private static JsonObject Json(AdminSignature signature) =>
        new()
        {
            ["key"] = signature.VerificationKey.ToString(),
            ["headers"] = signature.ProtectedHeaders.ToString(),
            ["signature"] = signature.Signature.ToString(),
        };

    private static AdminSignature ParseSignature(JsonElement json) =>
        new(
            ByteString.FromHex(json.GetProperty("key").GetString()!),
            ByteString.FromHex(json.GetProperty("headers").GetString()!),
            ByteString.FromHex(json.GetProperty("signature").GetString()!)
        );

    private static bool IsMalformed(Exception e) =>
        e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException or NullReferenceException;
}
