using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>So much of a unit: on the wire <c>{"amount": "2000000", "unit": ""}</c>. Always positive and below 2^63.</summary>
[JsonConverter(typeof(UnitAmountConverter))]
public sealed record UnitAmount
{
    private const int MostDigits = 25;

    /// <summary>An amount; throws <see cref="ArgumentOutOfRangeException"/> when it is not positive.</summary>
    /// <param name="amount">In the smallest part: lovelace, or what the token's decimals say.</param>
    /// <param name="unit">Of what.</param>
    public UnitAmount(long amount, Unit unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        ArgumentNullException.ThrowIfNull(unit);
        Amount = amount;
        Unit = unit;
    }

    /// <summary>How much, in the smallest part; 1 to 2^63-1.</summary>
    public long Amount { get; }

    /// <summary>Of what.</summary>
    public Unit Unit { get; }

    /// <summary>The amount as on the wire: decimal digits.</summary>
    public string AmountText => Amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the two texts of the wire; false when the amount is no positive whole number below 2^63 or the unit is none.</summary>
    public static bool TryParse(string? amount, string? unit, [NotNullWhen(true)] out UnitAmount? value)
    {
        value = TryAmount(amount, out var number) && Unit.TryParse(unit, out var known) ? new UnitAmount(number, known) : null;
        return value is not null;
    }

    /// <summary>Reads the two texts of the wire; throws <see cref="FormatException"/> with a sentence.</summary>
    public static UnitAmount Parse(string? amount, string? unit) =>
        TryAmount(amount, out var number)
            ? new UnitAmount(number, Unit.Parse(unit))
            : throw WireText.Refusal("an amount", amount, "a positive whole number in decimal digits, at most 9223372036854775807");

    /// <summary>One amount per unit, in the order of first mention; false when a sum reaches 2^63.</summary>
    public static bool TrySum(IEnumerable<UnitAmount> amounts, out ImmutableArray<UnitAmount> sums)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        sums = [];
        var totals = new Dictionary<Unit, Int128>();
        var order = new List<Unit>();
        foreach (var amount in amounts)
        {
            if (!totals.TryGetValue(amount.Unit, out var total))
            {
                order.Add(amount.Unit);
            }

            totals[amount.Unit] = total + amount.Amount;
        }

        if (totals.Values.Any(total => total > long.MaxValue))
        {
            return false;
        }

        sums = [.. order.Select(unit => new UnitAmount((long)totals[unit], unit))];
        return true;
    }

    /// <summary>For logs: the amount and its unit, <c>lovelace</c> spelled out.</summary>
    public override string ToString() => $"{AmountText} {(Unit.IsAda ? "lovelace" : Unit)}";

    private static bool TryAmount(string? text, out long amount)
    {
        amount = 0;
        return text is { Length: <= MostDigits } && Digits.TryReadCanonical(text, out amount) && amount > 0;
    }
}

/// <summary>The JSON object of an amount; members in any letter case are read, each once, others passed over. Free of reflection.</summary>
public sealed class UnitAmountConverter : JsonConverter<UnitAmount>
{
    /// <inheritdoc/>
    public override UnitAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An amount is an object of amount and unit.");
        }

        string? amount = null;
        string? unit = null;
        var (hasAmount, hasUnit) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name.Equals("amount", StringComparison.OrdinalIgnoreCase))
            {
                amount = Text(ref reader, ref hasAmount, name);
            }
            else if (name.Equals("unit", StringComparison.OrdinalIgnoreCase))
            {
                unit = Text(ref reader, ref hasUnit, name);
            }
            else
            {
                reader.Skip();
            }
        }

        try
        {
            return UnitAmount.Parse(amount, unit);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    // Of two amounts one would be shown and the other one paid.
    private static string? Text(ref Utf8JsonReader reader, ref bool isKnown, string name)
    {
        if (isKnown)
        {
            throw new JsonException($"An amount has one {name.ToLowerInvariant()}.");
        }

        isKnown = true;
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UnitAmount value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString("amount", value.AmountText);
        writer.WriteString("unit", value.Unit.ToString());
        writer.WriteEndObject();
    }
}
