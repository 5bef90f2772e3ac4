using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Api;

/// <summary>How a service words its validation issues; the two services use different generations of the same library.</summary>
public enum IssueStyle
{
    /// <summary><c>a.b[0]: Invalid input: expected string, received undefined</c> (payment service).</summary>
    Dots,

    /// <summary><c>a/b/0: Required</c> (registry service).</summary>
    Slashes,
}

/// <summary>
/// Reads a JSON object (or a query string) and collects every issue on the way, so that the caller hears of all of them at once. Unknown
/// properties are ignored. After reading, <see cref="Refusal"/> is null when all is well.
/// </summary>
public sealed class RequestInput
{
    // The longest part of a refused value that is repeated to the caller.
    private const int MaxEcho = 100;

    // Nothing else: 03/01/2026 is March to some and January to others, and deadlines of payments are read here.
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private readonly JsonObject _object;
    private readonly string _path;
    private readonly List<string> _issues;
    private readonly IssueStyle _style;

    /// <summary>Over an object at the root.</summary>
    public RequestInput(JsonObject body, IssueStyle style = IssueStyle.Dots)
        : this(body, "", [], style) { }

    private RequestInput(JsonObject body, string path, List<string> issues, IssueStyle style)
    {
        _object = body;
        _path = path;
        _issues = issues;
        _style = style;
    }

    /// <summary>The 400 that lists all issues, or null.</summary>
    public ApiResult? Refusal => _issues.Count == 0 ? null : ApiResult.BadRequest(string.Join("; ", _issues));

    /// <summary>True when the property is present and not null.</summary>
    public bool Has(string name) => _object.TryGetPropertyValue(name, out var node) && node is not null;

    /// <summary>True when the property is present, even as null.</summary>
    public bool IsPresent(string name) => _object.ContainsKey(name);

    /// <summary>A required text.</summary>
    public string Text(string name, int min = 0, int max = int.MaxValue) => ReadText(name, min, max, required: true, nullable: false) ?? "";

    /// <summary>An optional text; null counts as a wrong type unless <paramref name="nullable"/>.</summary>
    public string? OptionalText(string name, int min = 0, int max = int.MaxValue, bool nullable = false) => ReadText(name, min, max, required: false, nullable);

    /// <summary>One of some words.</summary>
    public string Choice(string name, params string[] options) => ReadChoice(name, options, required: true) ?? options[0];

    /// <summary>One of some words, or absent.</summary>
    public string? OptionalChoice(string name, params string[] options) => ReadChoice(name, options, required: false);

    /// <summary>A whole number with a default; numbers in text are accepted when <paramref name="coerce"/> (query strings).</summary>
    public int Integer(string name, int fallback, int min, int max, bool coerce = false) => OptionalInteger(name, min, max, coerce) ?? fallback;

    /// <summary>A whole number, or absent.</summary>
    public int? OptionalInteger(string name, int min, int max, bool coerce = false)
    {
        if (!_object.TryGetPropertyValue(name, out var node))
        {
            return null;
        }

        decimal number;
        if (node is JsonValue value && value.TryGetValue<decimal>(out var parsed))
        {
            number = parsed;
        }
        else if (node?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            // Beyond 28 digits, so beyond every limit.
            number = node.ToJsonString().StartsWith('-') ? decimal.MinValue : decimal.MaxValue;
        }
        else if (coerce && node is JsonValue text && text.TryGetValue<string>(out var digits) && Digits.TryReadFraction(digits, NumberStyles.Float, out parsed))
        {
            number = parsed;
        }
        else
        {
            Issue(name, WrongType("number", node));
            return null;
        }

        if (number != decimal.Truncate(number))
        {
            Issue(name, "Invalid input: expected int, received number");
            return null;
        }

        if (number < min)
        {
            Issue(name, _style == IssueStyle.Dots ? $"Too small: expected number to be >={min}" : $"Number must be greater than or equal to {min}");
            return null;
        }

        if (number > max)
        {
            Issue(name, _style == IssueStyle.Dots ? $"Too big: expected number to be <={max}" : $"Number must be less than or equal to {max}");
            return null;
        }

        return (int)number;
    }

    /// <summary>A boolean, or absent.</summary>
    public bool? OptionalBoolean(string name)
    {
        if (!_object.TryGetPropertyValue(name, out var node))
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue<bool>(out var flag))
        {
            return flag;
        }

        Issue(name, WrongType("boolean", node));
        return null;
    }

    /// <summary>The services' boolean in text: <c>"true"</c> in any case is true, every other text false; a JSON boolean is taken as it is.</summary>
    public bool TextFlag(string name, bool fallback = false)
    {
        if (_object.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<bool>(out var flag))
        {
            return flag;
        }

        return OptionalText(name) is { } text ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : fallback;
    }

    /// <summary>A date: <c>YYYY-MM-DD</c> or ISO-8601 with optional offset (UTC when absent).</summary>
    public DateTimeOffset? OptionalDate(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        if (
            DateTimeOffset.TryParseExact(
                text,
                DateForms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date
            )
        )
        {
            return date;
        }

        Issue(name, "Invalid date");
        return null;
    }

    /// <summary>An object, or absent.</summary>
    public RequestInput? OptionalObject(string name)
    {
        if (!_object.TryGetPropertyValue(name, out var node) || node is null)
        {
            return null;
        }

        if (node is JsonObject inner)
        {
            return new RequestInput(inner, Join(name), _issues, _style);
        }

        Issue(name, WrongType("object", node));
        return null;
    }

    /// <summary>A required object; an empty one stands in (with an issue noted) when it is missing.</summary>
    public RequestInput Object(string name)
    {
        if (OptionalObject(name) is { } inner)
        {
            return inner;
        }

        if (!Has(name))
        {
            Issue(name, WrongType("object", null, missing: !IsPresent(name)));
        }

        return new RequestInput([], Join(name), [], _style);
    }

    /// <summary>A list of objects, or null when absent.</summary>
    public IReadOnlyList<RequestInput>? OptionalObjects(string name, int min, int max)
    {
        if (ReadArray(name, min, max) is not { } array)
        {
            return null;
        }

        var items = new List<RequestInput>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is JsonObject inner)
            {
                items.Add(new RequestInput(inner, JoinIndex(name, i), _issues, _style));
            }
            else
            {
                IssueAt(JoinIndex(name, i), WrongType("object", array[i]));
            }
        }

        return items;
    }

    /// <summary>A list of texts, or null when absent.</summary>
    public IReadOnlyList<string>? OptionalTexts(string name, int min, int max, int itemMin = 0, int itemMax = int.MaxValue)
    {
        if (ReadArray(name, min, max) is not { } array)
        {
            return null;
        }

        var items = new List<string>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is JsonValue value && value.TryGetValue<string>(out var text))
            {
                CheckLength(JoinIndex(name, i), text, itemMin, itemMax);
                items.Add(text);
            }
            else
            {
                IssueAt(JoinIndex(name, i), WrongType("string", array[i]));
            }
        }

        return items;
    }

    /// <summary>A list of words from a known set, or null when absent.</summary>
    public IReadOnlyList<string>? OptionalChoices(string name, int max, params string[] options)
    {
        var words = OptionalTexts(name, 0, max);
        for (var i = 0; i < words?.Count; i++)
        {
            if (!options.Contains(words[i]))
            {
                IssueAt(JoinIndex(name, i), _style == IssueStyle.Dots ? OneOf(options) : UnknownWord(words[i], options));
            }
        }

        return words;
    }

    /// <summary>Notes an issue of the endpoint's own about a property.</summary>
    public void Issue(string name, string message) => IssueAt(Join(name), message);

    private JsonArray? ReadArray(string name, int min, int max)
    {
        if (!_object.TryGetPropertyValue(name, out var node) || node is null)
        {
            return null;
        }

        if (node is not JsonArray array)
        {
            Issue(name, WrongType("array", node));
            return null;
        }

        if (array.Count < min)
        {
            Issue(name, _style == IssueStyle.Dots ? $"Too small: expected array to have >={min} items" : $"Array must contain at least {min} element(s)");
            return null;
        }

        if (array.Count > max)
        {
            Issue(name, _style == IssueStyle.Dots ? $"Too big: expected array to have <={max} items" : $"Array must contain at most {max} element(s)");
            return null;
        }

        return array;
    }

    private string? ReadText(string name, int min, int max, bool required, bool nullable)
    {
        if (!_object.TryGetPropertyValue(name, out var node))
        {
            if (required)
            {
                Issue(name, WrongType("string", null, missing: true));
            }

            return null;
        }

        if (node is null && nullable)
        {
            return null;
        }

        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            Issue(name, WrongType("string", node));
            return null;
        }

        return CheckLength(Join(name), text, min, max) ? text : null;
    }

    private string? ReadChoice(string name, string[] options, bool required)
    {
        if (!_object.TryGetPropertyValue(name, out var node) && !required)
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue<string>(out var text) && options.Contains(text))
        {
            return text;
        }

        if (_style == IssueStyle.Dots)
        {
            Issue(name, OneOf(options));
        }
        else if (!_object.ContainsKey(name))
        {
            Issue(name, "Required");
        }
        else if (node?.GetValueKind() == System.Text.Json.JsonValueKind.String)
        {
            Issue(name, UnknownWord(node.GetValue<string>(), options));
        }
        else
        {
            Issue(name, $"Expected {Quoted(options)}, received {TypeOf(node)}");
        }

        return null;
    }

    private static string OneOf(string[] options) => $"Invalid option: expected one of {string.Join('|', options.Select(o => $"\"{o}\""))}";

    private static string UnknownWord(string word, string[] options) =>
        $"Invalid enum value. Expected {Quoted(options)}, received '{(word.Length > MaxEcho ? word[..MaxEcho] + "…" : word)}'";

    private static string Quoted(string[] options) => string.Join(" | ", options.Select(o => $"'{o}'"));

    private bool CheckLength(string path, string text, int min, int max)
    {
        if (text.Length < min)
        {
            IssueAt(
                path,
                _style == IssueStyle.Dots ? $"Too small: expected string to have >={min} characters" : $"String must contain at least {min} character(s)"
            );
            return false;
        }

        if (text.Length > max)
        {
            IssueAt(
                path,
                _style == IssueStyle.Dots ? $"Too big: expected string to have <={max} characters" : $"String must contain at most {max} character(s)"
            );
            return false;
        }

        return true;
    }

    private string WrongType(string expected, JsonNode? node, bool missing = false)
    {
        if (_style == IssueStyle.Slashes)
        {
            return missing ? "Required" : $"Expected {expected}, received {TypeOf(node)}";
        }

        return $"Invalid input: expected {expected}, received {(missing ? "undefined" : TypeOf(node))}";
    }

    private static string TypeOf(JsonNode? node) =>
        node switch
        {
            null => "null",
            JsonArray => "array",
            JsonObject => "object",
            _ => node.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => "string",
                System.Text.Json.JsonValueKind.Number => "number",
                System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
                _ => "unknown",
            },
        };

    private void IssueAt(string path, string message) => _issues.Add(path.Length == 0 ? message : $"{path}: {message}");

    private string Join(string name) => _path.Length == 0 ? name : _path + (_style == IssueStyle.Dots ? "." : "/") + name;

    private string JoinIndex(string name, int index) => _style == IssueStyle.Dots ? $"{Join(name)}[{index}]" : $"{Join(name)}/{index}";
}
