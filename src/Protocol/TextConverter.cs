using System.Text.Json;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// Writes a word of the network as the JSON text it is on the wire, and reads it back; a text that is no such word is a <see cref="JsonException"/>
/// with the word's own sentence. Free of reflection.
/// </summary>
/// <typeparam name="T">The word.</typeparam>
public sealed class TextConverter<T> : JsonConverter<T>
    where T : class, IParsable<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"Text is needed, not {reader.TokenType}.");
        }

        try
        {
            return T.Parse(reader.GetString()!, null);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
