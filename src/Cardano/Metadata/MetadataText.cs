using System.Collections.Immutable;
using System.Text;

namespace Masumi.Cardano.Metadata;

/// <summary>Texts longer than metadata allows in one piece, and the message convention CIP-20.</summary>
public static class MetadataText
{
    /// <summary>The label of CIP-20 messages.</summary>
    public const ulong MessageLabel = 674;

    /// <summary>Cuts a text into pieces of at most 64 UTF-8 bytes, never inside a code point. An empty text is one empty piece.</summary>
    public static ImmutableArray<string> Chunks(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var chunks = ImmutableArray.CreateBuilder<string>();
        var (start, at, bytes) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > Metadatum.MaxLength)
            {
                chunks.Add(text[start..at]);
                (start, bytes) = (at, 0);
            }

            at += rune.Utf16SequenceLength;
            bytes += rune.Utf8SequenceLength;
        }

        chunks.Add(text[start..]);
        return chunks.ToImmutable();
    }

    /// <summary>The text itself when it fits, otherwise the list of its <see cref="Chunks"/>, as CIP-25 and Masumi registries write long texts.</summary>
    public static Metadatum TextOrChunks(string text) =>
        Encoding.UTF8.GetByteCount(text) <= Metadatum.MaxLength
            ? new Metadatum.Text(text)
            : new Metadatum.List([.. Chunks(text).Select(c => new Metadatum.Text(c))]);

    /// <summary>The text of a text, or of a list of texts put together; null for anything else.</summary>
    public static string? Join(Metadatum? metadatum) =>
        metadatum switch
        {
            Metadatum.Text text => text.Value,
            Metadatum.List list when list.Items.All(i => i is Metadatum.Text) => string.Concat(list.Items.Select(i => ((Metadatum.Text)i).Value)),
            _ => null,
        };

    /// <summary>A CIP-20 message: <c>{674: {"msg": [lines]}}</c>; lines over 64 bytes continue on the next.</summary>
    public static AuxiliaryData Message(params ReadOnlySpan<string> lines)
    {
        var pieces = ImmutableArray.CreateBuilder<Metadatum>();
        foreach (var line in lines)
        {
            pieces.AddRange(Chunks(line).Select(c => new Metadatum.Text(c)));
        }

        return AuxiliaryData.FromMetadata(MessageLabel, Metadatum.MapOf(("msg", new Metadatum.List(pieces.ToImmutable()))));
    }
}
