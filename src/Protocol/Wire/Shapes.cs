using System.Collections.Immutable;
using System.Text.Json;

namespace Masumi.Protocol.Wire;

/// <summary>The shapes that all others are made of.</summary>
public static class Shapes
{
    /// <summary>Any text.</summary>
    public static Shape<string> AnyText { get; } = new TextShape(0, int.MaxValue, null, null);

    /// <summary>True or false. In a query: the words <c>true</c> and <c>false</c>.</summary>
    public static Shape<bool> Boolean { get; } = new BooleanShape(false);

    /// <summary>True or false; the texts <c>true</c> and <c>false</c> in any letter case are taken as well, and no other text.</summary>
    public static Shape<bool> BooleanOrText { get; } = new BooleanShape(true);

    /// <summary>A boolean as text: <c>"true"</c> in any letter case is true, every other text false; a JSON boolean is taken as well (spec payment-service-api.md 1.6).</summary>
    public static Shape<bool> Flag { get; } = new FlagShape();

    /// <summary>A moment in ISO 8601, UTC, to the millisecond.</summary>
    public static Shape<DateTimeOffset> Moment { get; } = new MomentShape(MomentForms.Moment);

    /// <summary>As <see cref="Moment"/>, where the document names a date alone as well; without a zone it is UTC.</summary>
    public static Shape<DateTimeOffset> DateOrMoment { get; } = new MomentShape(MomentForms.DateOrMoment);

    /// <summary>A moment in the forms that JavaScript prints and reads: for filters alone, since <c>03/01/2026</c> is March to it.</summary>
    public static Shape<DateTimeOffset> LooseMoment { get; } = new MomentShape(MomentForms.JavaScript);

    /// <summary>Unix milliseconds as decimal text.</summary>
    public static Shape<DateTimeOffset> Milliseconds { get; } = new MillisecondsShape();

    /// <summary>Any number, exact.</summary>
    public static Shape<decimal> Number { get; } = new NumberShape();

    /// <summary>Whatever JSON.</summary>
    public static Shape<JsonElement> Any { get; } = new AnyShape();

    /// <summary>An object with whatever members.</summary>
    public static Shape<JsonElement> AnyObject { get; } = new AnyObjectShape();

    /// <summary>The id of a row, in the reference's form: a <c>c</c> and at least eight more letters or digits.</summary>
    public static Shape<string> Cuid { get; } = new FormatShape(AnyText, "cuid", FormatShape.IsCuid, "Invalid cuid");

    /// <summary>An absolute URL of bounded length.</summary>
    public static Shape<string> Url(int most = int.MaxValue) => new FormatShape(Text(0, most), "uri", FormatShape.IsUrl, "Invalid URL");

    /// <summary>A text of bounded length, in UTF-16 units.</summary>
    public static Shape<string> Text(int least = 0, int most = int.MaxValue) => new TextShape(least, most, null, null);

    /// <summary>A text of a pattern.</summary>
    /// <param name="pattern">A regular expression, anchored.</param>
    /// <param name="issue">What is said of one that does not match.</param>
    /// <param name="least">Least length.</param>
    /// <param name="most">Greatest length.</param>
    public static Shape<string> Pattern(string pattern, string? issue = null, int least = 0, int most = int.MaxValue) =>
        new TextShape(least, most, pattern, issue);

    /// <summary>One word of a closed list.</summary>
    public static Shape<T> Word<T>()
        where T : struct, Enum => WordShape<T>.Whole;

    /// <summary>One word of a part of a closed list.</summary>
    public static Shape<T> WordOf<T>(params ReadOnlySpan<T> words)
        where T : struct, Enum => new WordShape<T>([.. words]);

    /// <summary>One of some texts.</summary>
    public static Shape<string> OneOf(params ReadOnlySpan<string> texts) => new ChoiceShape([.. texts]);

    /// <summary>A whole number which the document calls a number.</summary>
    public static Shape<long> Whole(long least = long.MinValue, long most = long.MaxValue) => new WholeShape(least, most, "number");

    /// <summary>A whole number which the document calls an integer.</summary>
    public static Shape<long> Integer(long least = long.MinValue, long most = long.MaxValue) => new WholeShape(least, most, "integer");

    /// <summary>A whole number below 2^63 as decimal text, with a sign where the pattern allows one.</summary>
    /// <param name="pattern">A regular expression, anchored; null for any whole number.</param>
    /// <param name="most">Greatest length of the text.</param>
    public static Shape<long> WholeText(string? pattern = null, int most = int.MaxValue) => new WholeTextShape(new TextShape(0, most, pattern, null));

    /// <summary>A list.</summary>
    public static Shape<ImmutableArray<T>> List<T>(Shape<T> item, int least = 0, int most = int.MaxValue) => new ListShape<T>(item, least, most);

    /// <summary>An object whose members' names are not known beforehand. No two of them are alike, and their order says nothing.</summary>
    public static Shape<ImmutableSortedDictionary<string, T>> Map<T>(Shape<T> item) => new MapShape<T>(item);

    /// <summary>A value or null.</summary>
    public static Shape<T?> OrNull<T>(Shape<T> shape)
        where T : class => new NullableShape<T>(shape);

    /// <summary>An object, declared and made by one expression; see <see cref="RecordShape{T}"/>.</summary>
    /// <param name="make">Names each member once and makes the object of them.</param>
    public static RecordShape<T> Record<T>(Func<Members<T>, T> make)
        where T : class => new(null, make);

    /// <summary>An object that the document describes once, under a name.</summary>
    public static RecordShape<T> Record<T>(string name, Func<Members<T>, T> make)
        where T : class => new(name, make);

    /// <summary>One of several kinds of object, told apart by the word in a member.</summary>
    public static Shape<T> Union<T>(string member, params ReadOnlySpan<UnionCase<T>> cases) => new UnionShape<T>(member, [.. cases]);

    /// <summary>A kind of object in a <see cref="Union{T}"/> that is a type of its own.</summary>
    /// <param name="word">The word that tells it.</param>
    /// <param name="shape">How it stands in JSON; names the word itself.</param>
    public static UnionCase<T> Case<T, TCase>(string word, Shape<TCase> shape)
        where TCase : T => new(word, value => value is TCase, new CaseShape<T, TCase>(shape));
}
