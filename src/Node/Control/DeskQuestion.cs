using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Node.Control;

/// <summary>A question with its words. What makes no sense is refused with what would.</summary>
internal sealed class DeskQuestion(JsonObject json)
{
    /// <summary>What is asked.</summary>
    public string Name => Needed("ask");

    /// <summary>A text that must be there.</summary>
    public string Needed(string name) => Text(name) ?? throw new DeskRefusal($"{name} is needed") { Code = 2 };

    /// <summary>A text.</summary>
    public string? Text(string name) =>
        json[name] is not { } node ? null
        : node.GetValueKind() == JsonValueKind.String && (string?)node is { Length: > 0 } text ? text
        : throw Senseless(name, node.ToJsonString(), ["a text"]);

    /// <summary>Yes or no; no when it is left out.</summary>
    public bool Flag(string name) =>
        json[name] is { } node
        && node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Senseless(name, node.ToJsonString(), ["true", "false"]),
        };

    /// <summary>A whole number from 0.</summary>
    public long? Number(string name) =>
        json[name] is not { } node ? null
        // Asked in this process a number is still of the type that it was given.
        : node.GetValueKind() == JsonValueKind.Number && Digits.TryRead<long>(node.ToJsonString(), out var number) ? number
        : throw Senseless(name, node.ToJsonString(), ["a whole number"]);

    /// <summary>How many rows.</summary>
    public int Limit(int otherwise, int most) =>
        Number("limit") is not { } limit ? otherwise
        : limit >= 1 && limit <= most ? (int)limit
        : throw Senseless("limit", limit.ToString(CultureInfo.InvariantCulture), [string.Create(CultureInfo.InvariantCulture, $"1 to {most}")]);

    /// <summary>One of some words, in any case.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum =>
        Text(name) is not { } text ? null
        : text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var choice) ? choice
        : throw Senseless(name, text, Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));

    /// <summary>Says what would have made sense.</summary>
    public static DeskRefusal Senseless(string name, string got, IEnumerable<string> allowed) =>
        new($"{name}: {string.Join(", ", allowed)} is needed, got {(got.Length <= 80 ? got : got[..80] + "…")}") { Code = 2 };
}
