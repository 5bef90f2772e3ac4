using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Masumi.Agents;

/// <summary>One field of an input schema: its type, and the validations of spec agentic-service-api.md 5.2 and 5.3.</summary>
internal sealed partial class InputField
{
    private const string FormatsOfText = "nonempty url email";

    // Type: what an author may combine it with (5.2); formats after the colon.
    private static readonly ImmutableDictionary<string, (string Rules, string Formats)> Types = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["text"] = ("optional min max format", FormatsOfText),
        ["string"] = ("optional min max format", FormatsOfText),
        ["textarea"] = ("optional min max format", "nonempty"),
        ["search"] = ("optional min max format", "nonempty"),
        ["password"] = ("optional min max format", "nonempty"),
        ["email"] = ("optional min max format", "email"),
        ["url"] = ("optional min max format", "url"),
        ["tel"] = ("optional min max format", "tel-pattern tel_pattern"),
        ["number"] = ("optional min max format", "integer"),
        ["range"] = ("optional min max step", ""),
        ["boolean"] = ("optional", ""),
        ["checkbox"] = ("optional", ""),
        ["date"] = ("optional min max", ""),
        ["datetime-local"] = ("optional min max", ""),
        ["time"] = ("optional min max", ""),
        ["month"] = ("optional min max", ""),
        ["week"] = ("optional min max", ""),
        ["color"] = ("optional", ""),
        ["file"] = ("optional accept min max", ""),
        ["hidden"] = ("optional", ""),
        ["radio"] = ("optional min max", ""),
        ["option"] = ("optional min max", ""),
        ["multiselect"] = ("optional min max", ""),
        ["none"] = ("", ""),
    }.ToImmutableDictionary();

    private static readonly string[] KnownRules = ["optional", "min", "max", "format", "accept", "step"];
    private static readonly string[] KnownFormats = ["email", "url", "nonempty", "integer", "tel-pattern", "tel_pattern"];

    private readonly string _type;
    private readonly ImmutableArray<(string Rule, string Value)> _rules;
    private readonly ImmutableArray<string> _labels;
    private readonly JsonElement? _default;
    private readonly bool _optional;

    public InputField(JsonElement field)
    {
        Id = InputForm.Text(field, "id") ?? "";
        InputForm.Demand(Id.Length > 0, "a field's id must be there");
        InputForm.Demand(InputForm.Text(field, "name") is { Length: > 0 }, $"field '{Id}' needs a name");
        _type = InputForm.Text(field, "type") ?? "";
        InputForm.Demand(Types.ContainsKey(_type), $"field '{Id}' is of unknown type '{_type}'");
        var data = InputForm.Member(field, "data") ?? default;
        _labels = InputForm.Member(data, "values") is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(v => v.ToString())] : [];
        InputForm.Demand(
            !IsChoice || (_labels.Length > 0 && _labels.Distinct(StringComparer.Ordinal).Count() == _labels.Length),
            $"field '{Id}' needs values, each once"
        );
        var rules = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var rule in InputForm.Member(field, "validations") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            rules.Add((InputForm.Text(rule, "validation") ?? "", InputForm.Member(rule, "value")?.ToString() ?? ""));
        }

        foreach (var bound in _type == "range" ? (string[])["min", "max"] : [])
        {
            if (InputForm.Member(data, bound) is { } value)
            {
                rules.Add((bound, value.ToString()));
            }
        }

        _rules = rules.ToImmutable();
        _optional = _rules.Any(r => r.Rule == "optional" && r.Value != "false");
        _default = InputForm.Member(data, _type == "hidden" ? "value" : "default");
        Lint();
    }

    public string Id { get; }

    private bool IsChoice => _type is "radio" or "option" or "multiselect";

    private bool IsMoment => _type is "date" or "datetime-local" or "time" or "month" or "week";

    /// <summary>All that is wrong with a value.</summary>
    public ImmutableArray<string> Check(JsonElement? value)
    {
        if (_type == "none")
        {
            return [];
        }

        if (value is not { } given || IsEmpty(given))
        {
            return _optional || _type == "hidden" || _default is not null ? [] : [InputForm.Required];
        }

        if (WrongType(given) is { } wrong)
        {
            return [wrong];
        }

        var errors = ImmutableArray.CreateBuilder<string>();
        foreach (var (rule, bound) in _rules.Concat(Implied()))
        {
            if (Broken(given, rule, bound) is { } error && !errors.Contains(error))
            {
                errors.Add(error);
            }
        }

        return errors.ToImmutable();
    }

    /// <summary>The value as the function gets it; null leaves it as it is.</summary>
    public JsonNode? Convert(JsonElement? value)
    {
        if (value is not { } given || IsEmpty(given))
        {
            return _type != "none" && _default is { } fallback ? JsonNode.Parse(fallback.GetRawText()) : null;
        }

        return _type switch
        {
            "number" when given.ValueKind == JsonValueKind.String && Number(given) is { } number => JsonValue.Create(number),
            "radio" => JsonValue.Create(Label(given)),
            "option" or "multiselect" when given.ValueKind == JsonValueKind.Array => new JsonArray([
                .. given.EnumerateArray().Select(i => (JsonNode?)Label(i)),
            ]),
            "option" => JsonValue.Create(Label(given)),
            _ => null,
        };
    }

    private void Lint()
    {
        var (allowed, formats) = Types[_type];
        foreach (var (rule, value) in _rules)
        {
            InputForm.Demand(
                !KnownRules.Contains(rule) || allowed.Split(' ').Contains(rule),
                $"validation '{rule}' does not go with type '{_type}' of field '{Id}'"
            );
            InputForm.Demand(
                rule != "format" || !KnownFormats.Contains(value) || formats.Split(' ').Contains(value),
                $"format '{value}' does not go with type '{_type}' of field '{Id}'"
            );
            InputForm.Demand(rule is not ("min" or "max") || IsMoment || Bound(value) is not null, $"'{value}' is no bound of field '{Id}'");
        }

        InputForm.Demand(
            !_rules.Any(low => low.Rule == "min" && _rules.Any(high => high.Rule == "max" && Above(low.Value, high.Value))),
            $"the least of field '{Id}' is above its most"
        );
    }

    private bool Above(string low, string high) => IsMoment ? string.CompareOrdinal(low, high) > 0 : Bound(low) > Bound(high);

    private IEnumerable<(string Rule, string Value)> Implied() => _type is "email" or "url" ? [("format", _type)] : [];

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString())
        || value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private string? WrongType(JsonElement value)
    {
        switch (_type)
        {
            case "number":
                return Number(value) is null ? "must be a number" : null;
            case "range":
                return value.ValueKind == JsonValueKind.Number ? null : "must be a number";
            case "boolean" or "checkbox":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false";
            case "radio":
                return Label(value) is null ? "must be one of its values" : null;
            case "option" or "multiselect":
                var chosen =
                    value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
                    : _type == "option" ? [value]
                    : Array.Empty<JsonElement>();
                return
                    chosen.Length > 0 && chosen.All(c => Label(c) is not null) && chosen.Select(Label).Distinct(StringComparer.Ordinal).Count() == chosen.Length
                    ? null
                    : "must be of its values, each at most once";
            case "file":
                var links = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
                return links.All(l => l.ValueKind == JsonValueKind.String && IsUrl(l.GetString()!)) ? null : "must be the URL of a file";
        }

        return value.ValueKind == JsonValueKind.String ? WrongText(value.GetString()!) : "must be text";
    }

    private string? WrongText(string text) =>
        _type switch
        {
            "date" => IsDate(text, "yyyy-MM-dd") ? null : "must be a date such as 2026-01-31",
            "month" => IsDate(text, "yyyy-MM") ? null : "must be a month such as 2026-01",
            "time" => IsDate(text, "HH:mm", "HH:mm:ss", "HH:mm:ss.fff") ? null : "must be a time such as 23:59",
            "datetime-local" => IsDate(text, "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fff")
                ? null
                : "must be a date and time such as 2026-01-31T23:59",
            "week" => Week().IsMatch(text) ? null : "must be a week such as 2026-W05",
            "color" => Color().IsMatch(text) ? null : "must be a colour such as #00aaff",
            "hidden" => _default is null || _default.Value.ToString() == text ? null : "must be the form's own value",
            _ => null,
        };

    private string? Broken(JsonElement value, string rule, string bound)
    {
        switch (rule)
        {
            case "min" or "max" when IsMoment:
                var order = string.CompareOrdinal(value.GetString(), bound);
                return rule == "min" && order < 0 ? $"must not be before {bound}"
                    : rule == "max" && order > 0 ? $"must not be after {bound}"
                    : null;
            case "min" or "max":
                var size = Size(value);
                var limit = Bound(bound)!.Value;
                return rule == "min" && size < limit ? $"must {What} at least {bound}"
                    : rule == "max" && size > limit ? $"must {What} at most {bound}"
                    : null;
            case "format":
                return bound switch
                {
                    "email" => Email().IsMatch(value.ToString()) ? null : "must be an e-mail address",
                    "url" => IsUrl(value.ToString()) ? null : "must be a URL",
                    "tel-pattern" or "tel_pattern" => Telephone().IsMatch(value.ToString()) ? null : "must be a telephone number",
                    "integer" => Number(value) is { } number && Math.Floor(number) == number ? null : "must be a whole number",
                    // Blank texts are found missing before; unknown formats are ignored.
                    _ => null,
                };
            default:
                return null;
        }
    }

    private string What =>
        _type switch
        {
            "number" or "range" => "be",
            "file" or "radio" or "option" or "multiselect" => "count",
            _ => "have a length of",
        };

    private double Size(JsonElement value) =>
        _type switch
        {
            "number" or "range" => Number(value)!.Value,
            "file" or "radio" or "option" or "multiselect" => value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 1,
            _ => value.GetString()!.Length,
        };

    private string? Label(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => _labels.Contains(value.GetString()!, StringComparer.Ordinal) ? value.GetString() : null,
            JsonValueKind.Number => value.TryGetInt32(out var index) && index >= 0 && index < _labels.Length ? _labels[index] : null,
            _ => null,
        };

    private static double? Number(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? Bound(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetString()!)
            : null;

    private static double? Bound(string text) =>
        Digits.TryReadFraction<double>(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, out var n)
        && double.IsFinite(n)
            ? n
            : null;

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    private static bool IsDate(string text, params string[] forms) =>
        DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"\A[0-9]{4}-W(?:0[1-9]|[1-4][0-9]|5[0-3])\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Week();

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Color();

    [GeneratedRegex(@"\A[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Email();

    [GeneratedRegex(@"\A\+?[0-9][0-9 ().-]{2,30}\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Telephone();
}
