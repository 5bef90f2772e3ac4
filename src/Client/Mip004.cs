using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Masumi.Client;

/// <summary>How a result becomes the text that is hashed; both are in use, equal unless the text holds quotes, backslashes or control characters.</summary>
public enum ResultHashRule
{
    /// <summary>The text as it is: MIP-004's words.</summary>
    Raw,

    /// <summary>The text with JSON escapes, without quotes: the Python SDK since October 2025 and the marketplace's verification.</summary>
    Escaped,
}

/// <summary>
/// The hashes that bind a job's input and output to its escrow (MIP-004): sha256 in lowercase hex over the purchaser's identifier, a semicolon, and
/// the content.
/// </summary>
public static class Mip004
{
    /// <summary>The hash of a job's input. Throws <see cref="FormatException"/> for input without canonical form.</summary>
    /// <param name="identifierFromPurchaser">As received: hex text, not decoded.</param>
    /// <param name="input">The input data; an empty object when there is none.</param>
    public static string InputHash(string identifierFromPurchaser, JsonElement input) => Hash($"{identifierFromPurchaser};{CanonicalJson.Of(input)}");

    /// <summary>The hash of a job's input given as JSON text; null when it has no canonical form.</summary>
    public static string? InputHash(string identifierFromPurchaser, string inputJson) =>
        CanonicalJson.TryOf(inputJson, out var canonical) ? Hash($"{identifierFromPurchaser};{canonical}") : null;

    /// <summary>True when a hash is of this input, with or (as before 2025) without the semicolon.</summary>
    public static bool IsInputHash(string hash, string identifierFromPurchaser, JsonElement input)
    {
        var canonical = CanonicalJson.Of(input);
        return Same(hash, Hash($"{identifierFromPurchaser};{canonical}")) || Same(hash, Hash($"{identifierFromPurchaser}{canonical}"));
    }

    /// <summary>The hash of a job's result: exactly the string that <c>/status</c> returns.</summary>
    public static string ResultHash(string identifierFromPurchaser, string result, ResultHashRule rule) =>
        Hash($"{identifierFromPurchaser};{(rule == ResultHashRule.Escaped ? CanonicalJson.Escape(result) : result)}");

    /// <summary>The rule under which a hash is of this result, or null when it is not. Verifiers accept both.</summary>
    public static ResultHashRule? MatchResult(string hash, string identifierFromPurchaser, string result)
    {
        foreach (var rule in (ResultHashRule[])[ResultHashRule.Raw, ResultHashRule.Escaped])
        {
            if (Same(hash, ResultHash(identifierFromPurchaser, result, rule)))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The hash of an input schema, as <c>/provide_input</c> names it: of the canonical form alone.</summary>
    public static string SchemaHash(JsonElement schema) => Hash(CanonicalJson.Of(schema));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool Same(string supplied, string computed) => string.Equals(supplied, computed, StringComparison.OrdinalIgnoreCase);
}
