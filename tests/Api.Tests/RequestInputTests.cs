using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Api.Tests;

public sealed class RequestInputTests
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
    public void An_amount_is_a_text_and_nothing_else(string json, string? issue) => Judge(json, i => i.Text("amount"), issue);

    [Theory]
    [InlineData("""{"n":"ab"}""", null)]
    [InlineData("""{"n":"abc"}""", null)]
    [InlineData("""{"n":"a"}""", "n: Too small: expected string to have >=2 characters")]
    [InlineData("""{"n":"abcd"}""", "n: Too big: expected string to have <=3 characters")]
    [InlineData("""{"n":"😀"}""", null)]
    [InlineData("""{"n":"😀😀"}""", "n: Too big: expected string to have <=3 characters")]
    public void A_text_keeps_its_length_in_utf_16_units(string json, string? issue) => Judge(json, i => i.Text("n", 2, 3), issue);

    [Theory]
    [InlineData("""{"n":"abcd"}""", "n: String must contain at most 3 character(s)")]
    [InlineData("""{"n":""}""", "n: String must contain at least 1 character(s)")]
    [InlineData("""{"n":1}""", "n: Expected string, received number")]
    [InlineData("{}", "n: Required")]
    public void The_older_wording_of_texts(string json, string? issue) => Judge(json, i => i.Text("n", 1, 3), issue, IssueStyle.Slashes);

    [Theory]
    [InlineData("{}", false, null, null)]
    [InlineData("""{"n":"x"}""", false, "x", null)]
    [InlineData("""{"n":null}""", true, null, null)]
    [InlineData("""{"n":null}""", false, null, "n: Invalid input: expected string, received null")]
    [InlineData("""{"n":0}""", true, null, "n: Invalid input: expected string, received number")]
    public void An_optional_text_may_be_absent_but_null_only_where_it_says_so(string json, bool nullable, string? value, string? issue) =>
        Assert.Equal(value, Judge(json, i => i.OptionalText("n", nullable: nullable), issue));

    [Theory]
    [InlineData("""{"n":"Preprod"}""", null)]
    [InlineData("""{"n":"preprod"}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("""{"n":1}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("""{"n":null}""", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("{}", "n: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    public void A_word_is_one_of_its_options(string json, string? issue) => Judge(json, i => i.Choice("n", "Preprod", "Mainnet"), issue);

    [Theory]
    [InlineData("""{"n":"preprod"}""", "n: Invalid enum value. Expected 'Preprod' | 'Mainnet', received 'preprod'")]
    [InlineData("{}", "n: Required")]
    [InlineData("""{"n":null}""", "n: Expected 'Preprod' | 'Mainnet', received null")]
    [InlineData("""{"n":{"secret":"x"}}""", "n: Expected 'Preprod' | 'Mainnet', received object")]
    public void The_older_wording_of_words(string json, string? issue) => Judge(json, i => i.Choice("n", "Preprod", "Mainnet"), issue, IssueStyle.Slashes);

    [Fact]
    public void A_long_wrong_word_is_not_sent_back_whole()
    {
        var input = new RequestInput(new JsonObject { ["n"] = new string('x', 50_000) }, IssueStyle.Slashes);
        input.Choice("n", "Preprod", "Mainnet");
        Assert.InRange(input.Refusal!.Message!.Length, 100, 300);
    }

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("""{"n":"Paid"}""", "Paid", null)]
    [InlineData("""{"n":null}""", null, "n: Invalid option: expected one of \"Paid\"|\"Open\"")]
    public void An_optional_word_may_be_absent_but_not_null(string json, string? value, string? issue) =>
        Assert.Equal(value, Judge(json, i => i.OptionalChoice("n", "Paid", "Open"), issue));

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
        Assert.Equal(value, Judge(json, i => i.Integer("n", 10, 1, 50, coerce), issue));

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("""{"n":true}""", true, null)]
    [InlineData("""{"n":false}""", false, null)]
    [InlineData("""{"n":"true"}""", null, "n: Invalid input: expected boolean, received string")]
    [InlineData("""{"n":1}""", null, "n: Invalid input: expected boolean, received number")]
    [InlineData("""{"n":null}""", null, "n: Invalid input: expected boolean, received null")]
    public void A_boolean_is_no_word_and_no_number(string json, bool? value, string? issue) =>
        Assert.Equal(value, Judge(json, i => i.OptionalBoolean("n"), issue));

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"n":"true"}""", true)]
    [InlineData("""{"n":"TRUE"}""", true)]
    [InlineData("""{"n":"yes"}""", false)]
    [InlineData("""{"n":""}""", false)]
    public void A_flag_in_text_is_true_only_by_that_word(string json, bool value) => Assert.Equal(value, Judge(json, i => i.TextFlag("n"), null));

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
            Judge(new JsonObject { ["n"] = text }.ToJsonString(), i => i.OptionalDate("n"), null)
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
        Judge(new JsonObject { ["n"] = text }.ToJsonString(), i => i.OptionalDate("n"), "n: Invalid date");

    [Fact]
    public void A_date_is_no_number() => Judge("""{"n":1772359200000}""", i => i.OptionalDate("n"), "n: Invalid input: expected string, received number");

    [Theory]
    [InlineData("{}", "o: Invalid input: expected object, received undefined")]
    [InlineData("""{"o":null}""", "o: Invalid input: expected object, received null")]
    [InlineData("""{"o":[]}""", "o: Invalid input: expected object, received array")]
    [InlineData("""{"o":"{}"}""", "o: Invalid input: expected object, received string")]
    public void A_missing_object_is_one_issue_not_one_for_each_of_its_members(string json, string issue) =>
        Judge(json, i => i.Object("o").Text("inner"), issue);

    [Fact]
    public void All_issues_are_told_at_once_with_their_paths()
    {
        const string json = """{"a":1,"o":{"b":[{"c":"x"},{"c":2},3]},"t":["ok",4]}""";
        Judge(
            json,
            Read,
            "a: Invalid input: expected string, received number; o.b[2]: Invalid input: expected object, received number; "
                + "o.b[1].c: Invalid input: expected string, received number; t[1]: Invalid input: expected string, received number"
        );
        Judge(
            json,
            Read,
            "a: Expected string, received number; o/b/2: Expected object, received number; "
                + "o/b/1/c: Expected string, received number; t/1: Expected string, received number",
            IssueStyle.Slashes
        );

        static object? Read(RequestInput input)
        {
            input.Text("a");
            foreach (var item in input.Object("o").OptionalObjects("b", 0, 5)!)
            {
                item.Text("c");
            }

            return input.OptionalTexts("t", 0, 5);
        }
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
    public void A_list_has_limits_and_so_have_its_items(string json, string? issue) => Judge(json, i => i.OptionalTexts("l", 1, 2, 2, 3), issue);

    [Fact]
    public void A_wrong_word_in_a_list_is_named_by_its_place()
    {
        Judge(
            """{"s":["Online","online"]}""",
            i => i.OptionalChoices("s", 5, "Online", "Offline"),
            "s/1: Invalid enum value. Expected 'Online' | 'Offline', received 'online'",
            IssueStyle.Slashes
        );
        Judge("""{"s":["online"]}""", i => i.OptionalChoices("s", 5, "Online", "Offline"), "s[0]: Invalid option: expected one of \"Online\"|\"Offline\"");
        Judge("""{"s":[7]}""", i => i.OptionalChoices("s", 5, "Online"), "s[0]: Invalid input: expected string, received number");
    }

    [Fact]
    public void What_is_not_asked_for_is_ignored() => Judge("""{"n":"x","more":{"deep":[1]},"":0}""", i => i.Text("n"), null);

    [Theory]
    [InlineData("{}", false, false)]
    [InlineData("""{"n":null}""", true, false)]
    [InlineData("""{"n":0}""", true, true)]
    public void Present_and_null_are_told_apart(string json, bool present, bool has)
    {
        var input = new RequestInput(JsonNode.Parse(json)!.AsObject());
        Assert.Equal((present, has), (input.IsPresent("n"), input.Has("n")));
    }

    private static T Judge<T>(string json, Func<RequestInput, T> read, string? issue, IssueStyle style = IssueStyle.Dots)
    {
        var input = new RequestInput(JsonNode.Parse(json)!.AsObject(), style);
        var value = read(input);
        Assert.Equal(issue, input.Refusal?.Message);
        Assert.Equal(issue is null ? null : 400, input.Refusal?.Status);
        return value;
    }
}
