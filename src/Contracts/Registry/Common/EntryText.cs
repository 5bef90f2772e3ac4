using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano.Metadata;

namespace Masumi.Contracts.Registry.Common;

/// <summary>Texts in metadata: the ledger takes 64 bytes at most, so longer ones are lists of pieces (spec registry.md 6.1).</summary>
internal static class EntryText
{
    /// <summary>Where the writer cuts.</summary>
    public const int PieceBytes = 60;

    /// <summary>Pieces of at most 60 bytes, never cut inside a character; none for the empty text.</summary>
    public static ImmutableArray<string> Pieces(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<string>();
        var piece = new StringBuilder(PieceBytes);
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > PieceBytes)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
                bytes = 0;
            }

            piece.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        if (bytes > 0)
        {
            pieces.Add(piece.ToString());
        }

        return pieces.ToImmutable();
    }

    /// <summary>Always a list, even of one piece or none: how almost every field is written.</summary>
    public static Metadatum ForcedList(string text) => new Metadatum.List([.. Pieces(text).Select(p => (Metadatum)new Metadatum.Text(p))]);

    /// <summary>The text itself when it fits: how V2 writes assets, so that ADA is the bare empty text.</summary>
    public static Metadatum BareIfShort(string text) => Encoding.UTF8.GetByteCount(text) <= PieceBytes ? new Metadatum.Text(text) : ForcedList(text);

    /// <summary>A text, or a list of texts joined; null for anything else.</summary>
    public static string? Read(Metadatum? metadatum) =>
        metadatum switch
        {
            Metadatum.Text text => text.Value,
            Metadatum.List list when list.Items.All(i => i is Metadatum.Text) => string.Concat(list.Items.Select(i => ((Metadatum.Text)i).Value)),
            _ => null,
        };

    /// <summary>A text of one character or more, or a list (perhaps empty) of such; null for anything else.</summary>
    public static string? ReadNonEmpty(Metadatum? metadatum) =>
        metadatum switch
        {
            Metadatum.Text { Value: "" } => null,
            Metadatum.List list when list.Items.Any(i => i is Metadatum.Text { Value: "" }) => null,
            _ => Read(metadatum),
        };

    /// <summary>A text, or a list of one or more texts; null for anything else. The shape of version 2's leaves.</summary>
    public static string? ReadLeaf(Metadatum? metadatum) => metadatum is Metadatum.List { Items.Length: 0 } ? null : Read(metadatum);

    /// <summary>A text of limited length, alone or as the only item of a list; null for anything else.</summary>
    public static string? ReadSingle(Metadatum? metadatum, int least, int most) =>
        metadatum switch
        {
            Metadatum.Text text when text.Value.Length >= least && text.Value.Length <= most => text.Value,
            Metadatum.List { Items: [Metadatum.Text only] } when only.Value.Length >= least && only.Value.Length <= most => only.Value,
            _ => null,
        };

    /// <summary>An integer, or its digits as text; null for anything else or beyond 64 bits.</summary>
    public static long? ReadInteger(Metadatum? metadatum) =>
        metadatum switch
        {
            Metadatum.Int number when number.Value >= long.MinValue && number.Value <= long.MaxValue => (long)number.Value,
            _ => Digits(Read(metadatum)),
        };

    /// <summary>The number that plain decimal digits name; null for anything else or beyond 64 bits.</summary>
    public static long? Digits(string? text) => text is { Length: <= 19 } && Masumi.Digits.TryRead<long>(text, out var number) ? number : null;

    /// <summary>The value under a text key; null when absent or when this is no map.</summary>
    public static Metadatum? Get(this Metadatum? metadatum, string key)
    {
        if (metadatum is not Metadatum.Map map)
        {
            return null;
        }

        foreach (var (name, value) in map.Entries)
        {
            if (name is Metadatum.Text text && text.Value == key)
            {
                return value;
            }
        }

        return null;
    }
}
