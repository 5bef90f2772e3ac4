using System.Globalization;
using System.Text.Json;

namespace Masumi.Client;

/// <summary>Reads of members that may be absent, null or of another type: all of these are null.</summary>
internal static class JsonReading
{
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
                || !long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
            {
                return null;
            }

            var milliseconds = number < SmallestMilliseconds ? number * 1000 : number;
            return milliseconds <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        public IReadOnlyList<JsonElement> Items(string name) =>
            element.Inner(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

        public IReadOnlyList<TokenAmount> Amounts(string name) =>
            [.. element.Items(name).Select(item => new TokenAmount(item.Inner("amount")?.ToString() ?? "", TokenAmount.Normal(item.Text("unit"))))];
    }
}
