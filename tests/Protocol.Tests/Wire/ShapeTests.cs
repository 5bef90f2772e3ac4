using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.Tests.Wire;

public sealed class ShapeTests
{
    [Theory]
    [InlineData("""{"amount":"5"}""", null)]
    [InlineData("""{"amount":""}""", null)]
    [InlineData("{}", "amount: Invalid input: expected string, received undefined")]
    [InlineData("""{"Amount":"5"}""", "amount: Invalid input: expected string, received undefined")]
    [InlineData("""{"amount":5}""", "amount: Invalid input: expected string, received number")]
    [InlineData("""{"amount":5.0e400}""", "amount: Invalid input: expected string, received number")]
    [InlineData("""{"amount":null}""", "amount: Invalid input: expected string, received null")]
    [InlineData("""{"amount":true}""", "amount: Invalid input: expected string, received boolean")]
    [InlineData("""{"amount":["5"]}""", "amount: Invalid input: expected string, received array")]
    [InlineData("""{"amount":{"value":"5"}}""", "amount: Invalid input: expected string, received object")]
    public void An_amount_is_a_text_and_nothing_else(string json, string? issue) => Judge(json, Required("amount", Shapes.AnyText), issue);

    [Theory]
    [InlineData("""{"n":"ab"}""", null)]
    [InlineData("""{"n":"abc"}""", null)]
    [InlineData("""{"n":"a"}""", "n: Too small: expected string to have >=2 characters")]
    [InlineData("""{"n":"abcd"}""", "n: Too big: expected string to have <=3 characters")]
    [InlineData("""{"n":"😀"}""", null)]
    [InlineData("""{"n":"😀😀"}""", "n: Too big: expected string to have <=3 characters")]
    public void A_text_keeps_its_length_in_utf_16_units(string json, string? issue) => Judge(json, Required("n", Shapes.Text(2, 3)), issue);

    [Theory]
    [InlineData("""{"n":"abcd"}""", "n: String must contain at most 3 character(s)")]
    [InlineData("""{"n":""}""", "n: String must contain at least 1 character(s)")]
    [InlineData("""{"n":1}""", "n: Expected string, received number")]
    [InlineData("{}", "n: Required")]
    public void The_older_wording_of_texts(string json, string? issue) => Judge(json, Required("n", Shapes.Text(1, 3)), issue, IssueWords.Registry);

    [Theory]
    [InlineData("{}", false, null, null)]
    [InlineData("""{"n":"x"}""", false, "x", null)]
    [InlineData("""{"n":null}""", true, null, null)]
    [InlineData("""{"n":null}""", false, null, "n: Invalid input: expected string, received null")]
    [InlineData("""{"n":0}""", true, null, "n: Invalid input: expected string, received number")]
    public void An_optional_text_may_be_absent_but_null_only_where_it_says_so(string json, bool nullable, string? value, string? issue) =>
        Assert.Equal(
            value,
            Judge(
                json,
                Shapes.Record<Box<string?>>(s =>
                    new(nullable ? s.OptionalOrNull("n", Shapes.AnyText, r => r.Value) : s.Optional("n", Shapes.AnyText, r => r.Value))
                ),
                issue
            )
        );

    [Theory]
    [InlineData("""{"n":"Preprod"}""", null)]
    [InlineData("""{"n":"preprod"}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("""{"n":1}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("""{"n":null}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("{}", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    public void A_word_is_one_of_its_options(string json, string? issue) => Judge(json, Required("n", Shapes.Word<Network>()), issue);

    [Theory]
    [InlineData("""{"n":"preprod"}""", "n: Invalid enum value. Expected 'Preprod' | 'Mainnet', received 'preprod'")]
    [InlineData("{}", "n: Required")]
    [InlineData("""{"n":null}""", "n: Expected 'Preprod' | 'Mainnet', received null")]
    [InlineData("""{"n":{"secret":"x"}}""", "n: Expected 'Preprod' | 'Mainnet', received object")]
    public void The_older_wording_of_words(string json, string? issue) => Judge(json, Required("n", Shapes.Word<Network>()), issue, IssueWords.Registry);

    [Fact]
    public void A_long_wrong_word_is_not_sent_back_whole()
    {
        var reading = new Reading(IssueWords.Registry);
        Assert.False(Shapes.Word<Network>().TryRead(JsonElement.Parse($"\"{new string('x', 50_000)}\""), reading, out _));
        Assert.InRange(reading.Issues[0].Length, 100, 300);
    }

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("""{"n":"Paid"}""", "Paid", null)]
    [InlineData("""{"n":null}""", null, "n: Invalid option: expected one of \"Paid\"|\"Open\"")]
    public void An_optional_word_may_be_absent_but_not_null(string json, string? value, string? issue) =>
        Assert.Equal(value, Judge(json, Shapes.Record<Box<string?>>(s => new(s.Optional("n", Shapes.OneOf("Paid", "Open"), r => r.Value))), issue));

    [Theory]
    [InlineData("{}", false, 10, null)]
    [InlineData("""{"n":1}""", false, 1, null)]
    [InlineData("""{"n":50}""", false, 50, null)]
    [InlineData("""{"n":5.0}""", false, 5, null)]
    [InlineData("""{"n":5e0}""", false, 5, null)]
    [InlineData("""{"n":"5"}""", true, 5, null)]
    [InlineData("""{"n":"5"}""", false, 10, "n: Invalid input: expected number, received string")]
    [InlineData("""{"n":"0x5"}""", true, 10, "n: Invalid input: expected number, received string")]
    [InlineData("""{"n":"5,0"}""", true, 10, "n: Invalid input: expected number, received string")]
    [InlineData("""{"n":"NaN"}""", true, 10, "n: Invalid input: expected number, received string")]
    [InlineData("""{"n":null}""", true, 10, "n: Invalid input: expected number, received null")]
    [InlineData("""{"n":true}""", true, 10, "n: Invalid input: expected number, received boolean")]
    [InlineData("""{"n":1.5}""", false, 10, "n: Invalid input: expected int, received number")]
    [InlineData("""{"n":0}""", false, 10, "n: Too small: expected number to be >=1")]
    [InlineData("""{"n":-3}""", false, 10, "n: Too small: expected number to be >=1")]
    [InlineData("""{"n":51}""", false, 10, "n: Too big: expected number to be <=50")]
    [InlineData("""{"n":4294967297}""", false, 10, "n: Too big: expected number to be <=50")]
    [InlineData("""{"n":1e400}""", false, 10, "n: Too big: expected number to be <=50")]
    [InlineData("""{"n":-1e400}""", false, 10, "n: Too small: expected number to be >=1")]
    public void A_number_is_whole_and_within_its_limits(string json, bool coerce, int value, string? issue) =>
        Assert.Equal(value, Judge(json, Shapes.Record<Box<long>>(s => new(s.Default("n", Shapes.Whole(1, 50), 10, r => r.Value))), issue, isQuery: coerce));

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("""{"n":true}""", true, null)]
    [InlineData("""{"n":false}""", false, null)]
    [InlineData("""{"n":"true"}""", null, "n: Invalid input: expected boolean, received string")]
    [InlineData("""{"n":1}""", null, "n: Invalid input: expected boolean, received number")]
    [InlineData("""{"n":null}""", null, "n: Invalid input: expected boolean, received null")]
    public void A_boolean_is_no_word_and_no_number(string json, bool? value, string? issue) =>
        Assert.Equal(value, Judge(json, Shapes.Record<Box<bool?>>(s => new(s.Optional("n", Shapes.Boolean, r => r.Value))), issue));

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"n":"true"}""", true)]
    [InlineData("""{"n":"TRUE"}""", true)]
    [InlineData("""{"n":"yes"}""", false)]
    [InlineData("""{"n":""}""", false)]
    public void A_flag_in_text_is_true_only_by_that_word(string json, bool value) =>
        Assert.Equal(value, Judge(json, Shapes.Record<Box<bool>>(s => new(s.Default("n", Shapes.Flag, false, r => r.Value))), null));

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01T10:00:00.123Z", "2026-03-01T10:00:00.123Z")]
    [InlineData("2026-03-01T10:00:00.1234567Z", "2026-03-01T10:00:00.1234567Z")]
    [InlineData("2026-03-01T10:00:00", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z")]
    [InlineData("2026-03-01T10:00Z", "2026-03-01T10:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    public void A_date_is_iso_8601_and_utc_unless_it_says_otherwise(string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
            Judge(new JsonObject { ["n"] = text }.ToJsonString(), Required("n", Shapes.DateOrMoment), null)
        );

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("03/01/2026 10:00")]
    [InlineData("01.03.2026 10:00")]
    [InlineData("2026-3-1")]
    [InlineData("2026-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("2026-03-01T24:30:00Z")]
    [InlineData("2026-03-01 10:00:00")]
    [InlineData("2026-03-01T10:00:00 PM")]
    [InlineData(" 2026-03-01")]
    [InlineData("20260301T100000Z")]
    [InlineData("1772359200000")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void Whatever_could_be_read_as_another_day_is_no_date(string text) =>
        Judge(new JsonObject { ["n"] = text }.ToJsonString(), Required("n", Shapes.DateOrMoment), "n: Invalid date");

    [Fact]
    public void A_date_is_no_number() =>
        Judge("""{"n":1772359200000}""", Required("n", Shapes.DateOrMoment), "n: Invalid input: expected string, received number");

    [Theory]
    [InlineData("{}", "o: Invalid input: expected object, received undefined")]
    [InlineData("""{"o":null}""", "o: Invalid input: expected object, received null")]
    [InlineData("""{"o":[]}""", "o: Invalid input: expected object, received array")]
    [InlineData("""{"o":"{}"}""", "o: Invalid input: expected object, received string")]
    public void A_missing_object_is_one_issue_not_one_for_each_of_its_members(string json, string issue) =>
        Judge(json, Required("o", Required("inner", Shapes.AnyText)), issue);

    [Fact]
    public void All_issues_are_told_at_once_with_their_paths()
    {
        const string json = """{"a":1,"o":{"b":[{"c":"x"},{"c":2},3]},"t":["ok",4]}""";
        var shape = Shapes.Record<Several>(s =>
            new(
                s.Required("a", Shapes.AnyText, r => r.A),
                s.Required("o", Required("b", Shapes.List(Required("c", Shapes.AnyText), 0, 5)), r => r.O),
                s.Required("t", Shapes.List(Shapes.AnyText, 0, 5), r => r.T)
            )
        );
        Judge(
            json,
            shape,
            "a: Invalid input: expected string, received number; o.b[1].c: Invalid input: expected string, received number; "
                + "o.b[2]: Invalid input: expected object, received number; t[1]: Invalid input: expected string, received number"
        );
        Judge(
            json,
            shape,
            "a: Expected string, received number; o/b/1/c: Expected string, received number; "
                + "o/b/2: Expected object, received number; t/1: Expected string, received number",
            IssueWords.Registry
        );
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"l":["ab"]}""", null)]
    [InlineData("""{"l":[]}""", "l: Too small: expected array to have >=1 items")]
    [InlineData("""{"l":["ab","ab","ab"]}""", "l: Too big: expected array to have <=2 items")]
    [InlineData("""{"l":"ab"}""", "l: Invalid input: expected array, received string")]
    [InlineData("""{"l":{"0":"ab"}}""", "l: Invalid input: expected array, received object")]
    [InlineData("""{"l":[null]}""", "l[0]: Invalid input: expected string, received null")]
    [InlineData("""{"l":["a"]}""", "l[0]: Too small: expected string to have >=2 characters")]
    [InlineData("""{"l":["ab","abcd"]}""", "l[1]: Too big: expected string to have <=3 characters")]
    public void A_list_has_limits_and_so_have_its_items(string json, string? issue) =>
        Judge(json, Shapes.Record<Box<ImmutableArray<string>?>>(s => new(s.Optional("l", Shapes.List(Shapes.Text(2, 3), 1, 2), r => r.Value))), issue);

    [Fact]
    public void A_wrong_word_in_a_list_is_named_by_its_place()
    {
        Judge(
            """{"s":["Online","online"]}""",
            Required("s", Shapes.List(Shapes.OneOf("Online", "Offline"))),
            "s/1: Invalid enum value. Expected 'Online' | 'Offline', received 'online'",
            IssueWords.Registry
        );
        Judge(
            """{"s":["online"]}""",
            Required("s", Shapes.List(Shapes.OneOf("Online", "Offline"))),
            "s[0]: Invalid option: expected one of \"Online\"|\"Offline\""
        );
    }

    [Fact]
    public void What_is_not_asked_for_is_ignored() => Judge("""{"n":"x","more":{"deep":[1]},"":0}""", Required("n", Shapes.AnyText), null);

    [Theory]
    [InlineData("{}", false, null)]
    [InlineData("""{"n":null}""", true, null)]
    [InlineData("""{"n":"x"}""", true, "x")]
    public void What_is_left_out_and_what_is_null_are_told_apart_where_both_mean_something(string json, bool isGiven, string? value)
    {
        var shape = Shapes.Record<Box<Given<string>>>(s => new(s.Given("n", Shapes.AnyText, r => r.Value)));
        var given = Judge(json, shape, null);
        Assert.Equal((isGiven, value), (given.IsGiven, given.Value));
        Assert.Equal(json, Encoding.UTF8.GetString(shape.ToJson(new(given))));
    }

    [Fact]
    public void A_rule_over_several_members_is_asked_when_each_alone_is_fine()
    {
        var shape = Shapes
            .Record<Pair>(s => new(s.Required("a", Shapes.Whole(0, 9), r => r.A), s.Required("b", Shapes.Whole(0, 9), r => r.B)))
            .Checked(
                (pair, reading) =>
                {
                    if (pair.A < pair.B)
                    {
                        return true;
                    }

                    reading.Refuse("b", "must be more than a");
                    return false;
                }
            );
        Judge("""{"a":1,"b":2}""", shape, null);
        Judge("""{"a":2,"b":2}""", shape, "b: must be more than a");
        Judge("""{"a":10,"b":2}""", shape, "a: Too big: expected number to be <=9");
    }

    [Fact]
    public void A_kind_of_object_is_told_by_its_word_and_comes_back_as_it_was()
    {
        var shape = Shapes.Union<Figure>(
            "kind",
            Shapes.Case<Figure, Round>(
                "round",
                Shapes.Record<Round>(s =>
                    Kind(s.Required("kind", Shapes.OneOf("round"), _ => "round"), new Round(s.Required("radius", Shapes.Whole(), r => r.Radius)))
                )
            ),
            Shapes.Case<Figure, Square>(
                "square",
                Shapes.Record<Square>(s =>
                    Kind(s.Required("kind", Shapes.OneOf("square"), _ => "square"), new Square(s.Required("side", Shapes.Whole(), r => r.Side)))
                )
            )
        );
        foreach (var json in (string[])["""{"kind":"round","radius":3}""", """{"kind":"square","side":4}"""])
        {
            Assert.Equal(json, Encoding.UTF8.GetString(shape.ToJson(Judge(json, shape, null))));
        }

        Judge("""{"kind":"flat"}""", shape, "kind: Invalid option: expected one of \"round\"|\"square\"");
        Judge("""{"kind":"round"}""", shape, "radius: Invalid input: expected number, received undefined");

        static T Kind<T>(string word, T value) => word is null ? value : value;
    }

    [Fact]
    public void Each_seed_of_values_is_read_as_it_was_written()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var shape = Shapes.Record<Several>(s =>
            new(
                s.Required("a", Shapes.AnyText, r => r.A),
                s.Required("o", Required("b", Shapes.List(Required("c", Shapes.AnyText), 0, 5)), r => r.O),
                s.Required("t", Shapes.List(Shapes.AnyText, 0, 5), r => r.T)
            )
        );
        for (var i = 0; i < 200; i++)
        {
            var value = new Several(
                Text(),
                new([.. Enumerable.Range(0, random.Next(5)).Select(_ => new Box<string>(Text()))]),
                [.. Enumerable.Range(0, random.Next(5)).Select(_ => Text())]
            );
            var read = Judge(Encoding.UTF8.GetString(shape.ToJson(value)), shape, null);
            Assert.True(value.A == read.A && value.O.Value.SequenceEqual(read.O.Value) && value.T.SequenceEqual(read.T), $"seed {seed}");
        }

        string Text() =>
            string.Concat(
                Enumerable.Range(0, random.Next(6)).Select(_ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(0x80) : random.Next(0x10000, 0x20000)))
            );
    }

    private static RecordShape<Box<T>> Required<T>(string name, Shape<T> shape) => Shapes.Record<Box<T>>(s => new(s.Required(name, shape, r => r.Value)));

    private static T Judge<T>(string json, RecordShape<Box<T>> shape, string? issue, IssueWords? words = null, bool isQuery = false)
    {
        var box = Judge(json, (Shape<Box<T>>)shape, issue, words, isQuery);
        return box is null ? default! : box.Value;
    }

    private static T Judge<T>(string json, Shape<T> shape, string? issue, IssueWords? words = null, bool isQuery = false)
    {
        var reading = new Reading(words ?? IssueWords.Payment, isQuery);
        var isFine = shape.TryRead(JsonElement.Parse(json), reading, out var value);
        Assert.Equal(issue, reading.IsFine ? null : string.Join("; ", reading.Issues));
        Assert.Equal(issue is null, isFine);
        return value!;
    }

    private sealed record Box<T>(T Value);

    private sealed record Pair(long A, long B);

    private sealed record Several(string A, Box<ImmutableArray<Box<string>>> O, ImmutableArray<string> T);

    private abstract record Figure;

    private sealed record Round(long Radius) : Figure;

    private sealed record Square(long Side) : Figure;
}
