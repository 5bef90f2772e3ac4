using System.Text.Encodings.Web;
using System.Text.Json;

namespace Masumi.Protocol.Wire;

/// <summary>How JSON is written and what is read: no two members of one name, no depth that a stack would feel.</summary>
public static class JsonText
{
    /// <summary>What is read.</summary>
    public static JsonDocumentOptions Reading { get; } = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>What is written: answers go to programs, not into pages, so that letters stay letters.</summary>
    public static JsonWriterOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
