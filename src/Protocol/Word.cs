using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// Reads and writes the closed lists of words (<see cref="Network"/>, <see cref="OnChainState"/>, ...). Words are compared exactly: another letter case
/// is another word, as it is for the APIs.
/// </summary>
public static class Word
{
    /// <summary>All words of a list, in the order of the APIs' own lists.</summary>
    public static ImmutableArray<string> All<T>()
        where T : struct, Enum => WordTable<T>.Texts;

    /// <summary>The word on the wire. Throws <see cref="ArgumentOutOfRangeException"/> for a number that is no member.</summary>
    public static string Text<T>(T word)
        where T : struct, Enum =>
        WordTable<T>.ByWord.TryGetValue(word, out var text) ? text : throw new ArgumentOutOfRangeException(nameof(word), word, $"No {WordTable<T>.Noun}.");

    /// <summary>Reads a word; false for an unknown one.</summary>
    public static bool TryParse<T>(string? text, out T word)
        where T : struct, Enum
    {
        word = default;
        return text is not null && WordTable<T>.ByText.TryGetValue(text, out word);
    }

    /// <summary>Reads a word; throws <see cref="FormatException"/> with a sentence that lists the known ones.</summary>
    public static T Parse<T>(string? text)
        where T : struct, Enum =>
        TryParse<T>(text, out var word) ? word : throw WireText.Refusal($"a word for {WordTable<T>.Noun}", text, string.Join(", ", WordTable<T>.Texts));

    /// <summary>Reads a word of somebody else's answer, where a word that is not known here must not be an error; null stays null.</summary>
    public static Word<T>? Read<T>(string? text)
        where T : struct, Enum => text is null ? null : new Word<T>(text);
}

/// <summary>A word as somebody else sent it: the text in any case, and what is known by it.</summary>
/// <typeparam name="T">The list of known words.</typeparam>
public readonly record struct Word<T>
    where T : struct, Enum
{
    private readonly string? _text;

    /// <summary>A word as received.</summary>
    public Word(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    /// <summary>A known word.</summary>
    public Word(T word)
    {
        _text = Word.Text(word);
    }

    /// <summary>The text as received.</summary>
    public string Text => _text ?? "";

    /// <summary>The word, or null when it is none of those known here.</summary>
    public T? Known => Word.TryParse<T>(_text, out var word) ? word : null;

    /// <summary>The text as received.</summary>
    public override string ToString() => Text;
}

/// <summary>Writes a word as its text and reads known ones only; an unknown one is a <see cref="JsonException"/>. Free of reflection.</summary>
/// <typeparam name="T">The list of words.</typeparam>
public sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return Word.TryParse<T>(text, out var word)
            ? word
            : throw new JsonException($"Not a word for {WordTable<T>.Noun}: {WireText.Shown(text)}. Allowed: {string.Join(", ", WordTable<T>.Texts)}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Word.Text(value));
    }
}

internal static class WordTable<T>
    where T : struct, Enum
{
    public static ImmutableArray<string> Texts { get; } = [.. Enum.GetNames<T>().Select(WireForm)];

    public static FrozenDictionary<T, string> ByWord { get; } = Enum.GetValues<T>().Zip(Texts).ToFrozenDictionary(p => p.First, p => p.Second);

    public static FrozenDictionary<string, T> ByText { get; } = ByWord.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    /// <summary>The list's name in words: <c>payment source type</c>.</summary>
    public static string Noun { get; } = Split(typeof(T).Name, ' ');

    // MIP-003 writes its words another way than the services do theirs.
    private static string WireForm(string name) => typeof(T) == typeof(JobStatus) ? Split(name, '_') : name;

    private static string Split(string name, char separator)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append(separator);
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
