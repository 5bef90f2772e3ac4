using System.Globalization;
using System.Net;
using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>Reads of members that may be absent, null or of another type: all of these are null.</summary>
internal static class JsonReading
{
    /// <summary>A moment in ISO 8601, date and time; null for anything else.</summary>
    public static DateTimeOffset? Iso(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    extension(JsonElement element)
    {
        public JsonElement? Inner(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

        public string? Text(string name) => element.Inner(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        public bool Flag(string name) => element.Inner(name) is { ValueKind: JsonValueKind.True };

        public int? Integer(string name) =>
            element.Inner(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

        /// <summary>A moment in milliseconds, as number or decimal text; small values are seconds (agentic-service-api 3).</summary>
        public DateTimeOffset? Moment(string name)
        {
            const long SmallestMilliseconds = 100_000_000_000;
            const long Latest = 253_402_300_799_999;
            if (
                element.Inner(name) is not { ValueKind: JsonValueKind.Number or JsonValueKind.String } value
                || !Digits.TryRead<long>(value.ToString(), out var number)
            )
            {
                return null;
            }

            var milliseconds = number < SmallestMilliseconds ? number * 1000 : number;
            return milliseconds <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        /// <summary>A moment in ISO 8601.</summary>
        public DateTimeOffset? Time(string name) => Iso(element.Text(name));

        public IReadOnlyList<JsonElement> Items(string name) =>
            element.Inner(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

        /// <summary>The four deadlines; null when one is missing.</summary>
        public Deadlines? Deadlines() =>
            (element.Moment("payByTime"), element.Moment("submitResultTime"), element.Moment("unlockTime"), element.Moment("externalDisputeUnlockTime"))
                is ({ } payBy, { } submit, { } unlock, { } dispute)
                ? new Deadlines(payBy, submit, unlock, dispute)
                : null;

        /// <summary>Amounts, numbers or text; null when there is no list or one of them cannot be read, for a part of a price is no price.</summary>
        public IReadOnlyList<UnitAmount>? Amounts(string name)
        {
            if (element.Inner(name) is not { ValueKind: JsonValueKind.Array } list)
            {
                return null;
            }

            var amounts = new List<UnitAmount>();
            foreach (var item in list.EnumerateArray())
            {
                if (!UnitAmount.TryParse(item.Inner("amount")?.ToString(), item.Text("unit") ?? "", out var amount))
                {
                    return null;
                }

                amounts.Add(amount);
            }

            return amounts;
        }

        /// <summary>A member under one of its spellings, as a word of the network; without it the answer is none of its protocol.</summary>
        public T Required<T>(params ReadOnlySpan<string> names)
            where T : class, IParsable<T>
        {
            string? text = null;
            foreach (var name in names)
            {
                text ??= element.Text(name);
            }

            try
            {
                return T.Parse(text!, null);
            }
            catch (FormatException e)
            {
                throw new MasumiApiException(HttpStatusCode.OK, $"The answer's {names[0]}: {e.Message}", element.GetRawText());
            }
        }
    }
}
