using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Masumi.Protocol.Hashing;

/// <summary>How a result becomes the text that is hashed; both are in use, equal unless the text holds quotes, backslashes or control characters.</summary>
public enum ResultHashRule
{
    /// <summary>The text as it is: MIP-004's words.</summary>
    Raw,

    /// <summary>The text with JSON escapes, without quotes: the Python SDK since October 2025 and the marketplace's verification.</summary>
    Escaped,
}

/// <summary>
/// The hashes that bind a job's input and output to its escrow (MIP-004): sha256 over the buyer's nonce as text, a semicolon, and the content.
/// </summary>
public static class Mip004
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The hash of a job's input. Throws <see cref="FormatException"/> for input without canonical form.</summary>
    /// <param name="nonce">The buyer's <c>identifierFromPurchaser</c>.</param>
    /// <param name="input">The input data; an empty object when there is none.</param>
    public static InputHash InputHash(BuyerNonce nonce, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        return OfInput($"{nonce};{CanonicalJson.Of(input)}");
    }

    /// <summary>The hash of a job's input given as JSON text; null when it has no canonical form.</summary>
    public static InputHash? InputHash(BuyerNonce nonce, string inputJson)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        ArgumentNullException.ThrowIfNull(inputJson);
        return CanonicalJson.TryOf(inputJson, out var canonical) ? OfInput($"{nonce};{canonical}") : null;
    }

    /// <summary>True when a hash is of this input, also under the rule before MIP-004 had its semicolon.</summary>
    public static bool IsInputHash(InputHash hash, BuyerNonce nonce, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(nonce);
        var canonical = CanonicalJson.Of(input);
        return hash == OfInput($"{nonce};{canonical}") || hash == OfInput($"{nonce}{canonical}");
    }

    /// <summary>
    /// The hash of a job's result: exactly the string that <c>/status</c> returns. Throws <see cref="FormatException"/> for half a surrogate pair, as for an
    /// input's: it has no UTF-8, and what would stand for it has a hash already.
    /// </summary>
    public static ResultHash ResultHash(BuyerNonce nonce, string result, ResultHashRule rule)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        ArgumentNullException.ThrowIfNull(result);
        return Protocol.ResultHash.From(Sha256($"{nonce};{(rule == ResultHashRule.Escaped ? CanonicalJson.Escape(result) : result)}"));
    }

    /// <summary>
    /// The rule under which a hash is of this result, or null when it is not, as nothing is of a text with half a surrogate pair. Verifiers accept both.
    /// </summary>
    public static ResultHashRule? MatchResult(ResultHash hash, BuyerNonce nonce, string result)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(result);
        if (!IsText(result))
        {
            return null;
        }

        foreach (var rule in (ResultHashRule[])[ResultHashRule.Raw, ResultHashRule.Escaped])
        {
            if (hash == ResultHash(nonce, result, rule))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The hash of an input schema, 64 hex digits, as <c>/provide_input</c> names it: of the canonical form alone.</summary>
    public static string SchemaHash(JsonElement schema) => Convert.ToHexStringLower(Sha256(CanonicalJson.Of(schema)));

    private static InputHash OfInput(string text) => Protocol.InputHash.From(Sha256(text));

    private static bool IsText(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }

    private static byte[] Sha256(string text)
    {
        try
        {
            return SHA256.HashData(Utf8.GetBytes(text));
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("The text holds half a surrogate pair.", e);
        }
    }
}
