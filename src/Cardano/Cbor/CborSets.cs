using System.Collections.Immutable;
using System.Formats.Cbor;

namespace Masumi.Cardano.Cbor;

/// <summary>Lists and sets as Conway has them: an array, or tag 258 around one (CDDL <c>set</c>, <c>nonempty_set</c>, <c>nonempty_list</c>).</summary>
internal static class CborSets
{
    public const ulong SetTag = 258;

    // Up to here looking at each is cheaper than a hash set.
    private const int FewItems = 8;

    // What an input claims to hold is not reserved before it is read.
    private const int MostReserved = 256;

    /// <summary>A possibly tagged array without repeated elements.</summary>
    public static ImmutableArray<T> ReadSet<T>(this CborInput input, Func<CborInput, T> read)
    {
        SkipSetTag(input);
        var items = input.BeginArray();
        var builder = ImmutableArray.CreateBuilder<T>(Math.Min(items.Remaining ?? 0, MostReserved));
        HashSet<T>? seen = null;
        while (items.Next())
        {
            var item = read(input);
            if (builder.Count == FewItems)
            {
                seen = [.. builder];
            }

            if (seen is null ? builder.Contains(item) : !seen.Add(item))
            {
                throw input.Error($"{item} stands twice in a set");
            }

            builder.Add(item);
        }

        return builder.DrainToImmutable();
    }

    /// <summary>A possibly tagged array with at least one element and none repeated.</summary>
    public static ImmutableArray<T> ReadNonEmptySet<T>(this CborInput input, Func<CborInput, T> read) => NonEmpty(input, input.ReadSet(read));

    /// <summary>A possibly tagged array with at least one element; repetitions are allowed.</summary>
    public static ImmutableArray<T> ReadNonEmptyList<T>(this CborInput input, Func<CborInput, T> read)
    {
        SkipSetTag(input);
        return NonEmpty(input, input.ReadList(read));
    }

    /// <summary>A plain array.</summary>
    public static ImmutableArray<T> ReadList<T>(this CborInput input, Func<CborInput, T> read)
    {
        var items = input.BeginArray();
        var builder = ImmutableArray.CreateBuilder<T>(Math.Min(items.Remaining ?? 0, MostReserved));
        while (items.Next())
        {
            builder.Add(read(input));
        }

        return builder.DrainToImmutable();
    }

    /// <summary>Tag 258 around an array, as every set of our own transactions is written, but for those in the shortest form.</summary>
    public static void WriteSet<T>(this CborWriter writer, ImmutableArray<T> items, Action<CborWriter, T> write, bool tagged = true)
    {
        if (tagged)
        {
            writer.WriteTag((CborTag)SetTag);
        }

        writer.WriteStartArray(items.Length);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void SkipSetTag(CborInput input)
    {
        if (input.PeekMajor() == CborMajor.Tag)
        {
            input.ExpectTag(SetTag);
        }
    }

    private static ImmutableArray<T> NonEmpty<T>(CborInput input, ImmutableArray<T> items) =>
        items.IsEmpty ? throw input.Error("an empty collection; the field must be left out") : items;
}
