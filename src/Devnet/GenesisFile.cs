using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet;

/// <summary>
/// Reads a Shelley genesis file as Cardano's own tools write it, as far as it means something here: <c>networkMagic</c>, <c>epochLength</c>,
/// <c>systemStart</c>, <c>slotLength</c> (a second), <c>maxLovelaceSupply</c> (Cardano's) and <c>initialFunds</c>. Funds are lovelace by address in
/// hexadecimal, as there, or bech32; instead of a number there may be an object of quantities by unit.
/// </summary>
public static class GenesisFile
{
    private const int MaxFunds = 1_000_000;

    /// <summary>The options with what the file says. Throws <see cref="FormatException"/> that names the field.</summary>
    public static DevnetOptions Apply(DevnetOptions options, ReadOnlyMemory<byte> json)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("A genesis file is a JSON object.");
            }

            Demand(root, "slotLength", DevnetChain.SlotLength.TotalSeconds);
            Demand(root, "maxLovelaceSupply", Lovelace.MaxSupply.Amount);
            return options with
            {
                NetworkMagic = (int)Whole(root, "networkMagic", int.MaxValue, options.NetworkMagic),
                EpochLength = (int)Whole(root, "epochLength", int.MaxValue, options.EpochLength) is > 0 and var length
                    ? length
                    : throw new FormatException("epochLength: at least 1."),
                GenesisTime = Start(root) ?? options.GenesisTime,
                Accounts = [.. options.Accounts, .. Funds(root)],
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"The genesis file is no JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // How the parser calls an escaped half of a surrogate pair.
            throw new FormatException("The genesis file has a text that is none.", e);
        }
    }

    private static DateTimeOffset? Start(JsonElement root)
    {
        if (!root.TryGetProperty("systemStart", out var field))
        {
            return null;
        }

        return field.ValueKind == JsonValueKind.String && Digits.TryReadTime(field.GetString(), out var time) && time.Year is >= 1970 and < 9000
            ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
            : throw new FormatException("systemStart: ISO 8601, such as 2026-01-01T00:00:00Z.");
    }

    private static List<GenesisAccount> Funds(JsonElement root)
    {
        var accounts = new List<GenesisAccount>();
        if (!root.TryGetProperty("initialFunds", out var funds))
        {
            return accounts;
        }

        if (funds.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("initialFunds: an object of lovelace by address.");
        }

        foreach (var fund in funds.EnumerateObject())
        {
            if (accounts.Count >= MaxFunds)
            {
                throw new FormatException($"initialFunds: more than {MaxFunds}.");
            }

            if (ReadAddress(fund.Name) is not { } address || address.Network != DevnetChain.Network || address.IsReward)
            {
                throw new FormatException($"initialFunds: '{fund.Name}' is no payment address of a test network.");
            }

            accounts.Add(new GenesisAccount(address, Amount(fund)));
        }

        return accounts;
    }

    private static Address? ReadAddress(string text)
    {
        // Genesis files hold many, in hexadecimal.
        if (text.Length > 256 || !text.All(char.IsAsciiHexDigit))
        {
            return Address.TryParse(text, out var address) ? address : null;
        }

        try
        {
            return Address.FromBytes(Convert.FromHexString(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static Value Amount(JsonProperty fund)
    {
        if (fund.Value.ValueKind == JsonValueKind.Number)
        {
            return Value.Of(new Lovelace(Quantity(fund.Value, fund.Name, Lovelace.MaxSupply.Amount)));
        }

        if (fund.Value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"initialFunds: {fund.Name}: a whole number, or an object of quantities by unit.");
        }

        var coin = Lovelace.Zero;
        var assets = ImmutableArray.CreateBuilder<KeyValuePair<AssetId, Int128>>();
        foreach (var part in fund.Value.EnumerateObject())
        {
            var isAda = part.Name == "lovelace";
            var quantity = Quantity(part.Value, $"{fund.Name}: {part.Name}", isAda ? Lovelace.MaxSupply.Amount : long.MaxValue);
            if (isAda)
            {
                coin = new Lovelace(quantity);
            }
            else
            {
                assets.Add(
                    AssetId.TryParse(part.Name, out var asset)
                        ? KeyValuePair.Create(asset, (Int128)quantity)
                        : throw new FormatException($"initialFunds: {fund.Name}: '{part.Name}' is no unit.")
                );
            }
        }

        return Value.Of(coin, assets);
    }

    private static long Quantity(JsonElement element, string name, long most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0 && number <= most
            ? number
            : throw new FormatException($"initialFunds: {name}: a whole number from 0 to {most}.");

    private static void Demand(JsonElement root, string name, double only)
    {
        if (root.TryGetProperty(name, out var field) && !(field.ValueKind == JsonValueKind.Number && field.GetDouble() == only))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}: only {only} is possible here."));
        }
    }

    private static long Whole(JsonElement root, string name, long max, long otherwise) =>
        !root.TryGetProperty(name, out var field) ? otherwise
        : field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out var number) && number >= 0 && number <= max ? number
        : throw new FormatException($"{name}: a whole number from 0 to {max}.");
}
