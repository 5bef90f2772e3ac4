using System.Text.Json;

namespace Masumi.Agents.Tests;

/// <summary>What a schema lets through (spec agentic-service-api.md 5).</summary>
public sealed class InputFormTests
{
    private const string Values = "\"data\":{\"values\":[\"red\",\"green\",\"blue\"]}";

    public static TheoryData<string, string, string?> Cases =>
        new()
        {
            // Rest of the field, value, error.
            { "\"type\":\"text\"", "\"a\"", null },
            { "\"type\":\"text\"", "\"  \"", "required" },
            { "\"type\":\"text\"", "null", "required" },
            { "\"type\":\"text\"", "7", "must be text" },
            { "\"type\":\"text\"," + Rule("optional", "true"), "\"\"", null },
            { "\"type\":\"text\"," + Rule("optional", "false"), "\"\"", "required" },
            { "\"type\":\"text\",\"data\":{\"default\":\"x\"}", "null", null },
            { "\"type\":\"string\"," + Rule("min", "3"), "\"ab\"", "must have a length of at least 3" },
            { "\"type\":\"string\"," + Rule("min", "3"), "\"abc\"", null },
            { "\"type\":\"textarea\"," + Rule("max", "3"), "\"abcd\"", "must have a length of at most 3" },
            { "\"type\":\"text\"," + Rule("format", "email"), "\"a@b\"", "must be an e-mail address" },
            { "\"type\":\"email\"", "\"ada at example.org\"", "must be an e-mail address" },
            { "\"type\":\"email\"", "\"ada@example.org\"", null },
            { "\"type\":\"url\"", "\"ftp://example.org\"", "must be a URL" },
            { "\"type\":\"url\"", "\"https://a.b/x-y?z=1#f\"", null },
            { "\"type\":\"tel\"," + Rule("format", "tel-pattern"), "\"call me\"", "must be a telephone number" },
            { "\"type\":\"tel\"," + Rule("format", "tel_pattern"), "\"+49 (30) 123-456\"", null },
            { "\"type\":\"text\"," + Rule("format", "haiku"), "\"anything\"", null },
            { "\"type\":\"number\"", "true", "must be a number" },
            { "\"type\":\"number\"", "\"seven\"", "must be a number" },
            { "\"type\":\"number\"", "\"7.5\"", null },
            { "\"type\":\"number\"", "0", null },
            { "\"type\":\"number\"," + Rule("min", "0.5"), "0.4", "must be at least 0.5" },
            { "\"type\":\"number\"," + Rule("max", "10"), "10", null },
            { "\"type\":\"number\"," + Rule("max", "10"), "10.01", "must be at most 10" },
            { "\"type\":\"number\"," + Rule("format", "integer"), "2.5", "must be a whole number" },
            { "\"type\":\"number\"," + Rule("format", "integer"), "2.0", null },
            { "\"type\":\"range\",\"data\":{\"min\":1,\"max\":5}", "6", "must be at most 5" },
            { "\"type\":\"range\"", "\"3\"", "must be a number" },
            { "\"type\":\"boolean\"", "false", null },
            { "\"type\":\"checkbox\"", "\"true\"", "must be true or false" },
            { "\"type\":\"date\"", "\"2026-02-29\"", "must be a date such as 2026-01-31" },
            { "\"type\":\"date\"," + Rule("min", "2026-01-10"), "\"2026-01-09\"", "must not be before 2026-01-10" },
            { "\"type\":\"date\"," + Rule("max", "2026-01-10"), "\"2026-01-10\"", null },
            { "\"type\":\"time\"", "\"24:00\"", "must be a time such as 23:59" },
            { "\"type\":\"time\"", "\"23:59:59.999\"", null },
            { "\"type\":\"datetime-local\"", "\"2026-01-31T10:00Z\"", "must be a date and time such as 2026-01-31T23:59" },
            { "\"type\":\"datetime-local\"", "\"2026-01-31T10:00\"", null },
            { "\"type\":\"month\"", "\"2026-13\"", "must be a month such as 2026-01" },
            { "\"type\":\"week\"", "\"2026-W54\"", "must be a week such as 2026-W05" },
            { "\"type\":\"week\"", "\"2026-W53\"", null },
            { "\"type\":\"color\"", "\"red\"", "must be a colour such as #00aaff" },
            { "\"type\":\"color\"", "\"#00AAff\"", null },
            { "\"type\":\"file\"", "\"file:///etc/passwd\"", "must be the URL of a file" },
            { "\"type\":\"file\"," + Rule("max", "1"), "[\"https://a.b/1\",\"https://a.b/2\"]", "must count at most 1" },
            { "\"type\":\"hidden\",\"data\":{\"value\":\"v1\"}", "null", null },
            { "\"type\":\"hidden\",\"data\":{\"value\":\"v1\"}", "\"v2\"", "must be the form's own value" },
            { "\"type\":\"radio\"," + Values, "0", null },
            { "\"type\":\"radio\"," + Values, "\"black\"", "must be one of its values" },
            { "\"type\":\"radio\"," + Values, "3", "must be one of its values" },
            { "\"type\":\"option\"," + Values, "\"red\"", null },
            { "\"type\":\"option\"," + Values, "[0,2]", null },
            { "\"type\":\"option\"," + Values, "[0,\"red\"]", "must be of its values, each at most once" },
            { "\"type\":\"option\"," + Values, "[]", "required" },
            { "\"type\":\"option\"," + Values + "," + Rule("max", "1"), "[0,1]", "must count at most 1" },
            { "\"type\":\"multiselect\"," + Values + "," + Rule("min", "2"), "[\"red\"]", "must count at least 2" },
            { "\"type\":\"multiselect\"," + Values, "\"red\"", "must be of its values, each at most once" },
            { "\"type\":\"none\"", "null", null },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_is_judged_by_type_and_rules(string field, string value, string? error)
    {
        var form = Form("{\"input_data\":[{\"id\":\"f\",\"name\":\"F\"," + field + "}]}");
        var errors = form.Check(Json("{\"f\":" + value + "}"));
        Assert.Equal(error, errors?.Fields["f"].Single());
    }

    [Fact]
    public void All_errors_are_told_by_field_over_all_groups_and_unknown_keys_are_kept()
    {
        var form = Form(
            """
            {"input_data":null,"input_groups":[
                {"id":"g1","title":"One","input_data":[{"id":"b","type":"text","name":"B","validations":[
                    {"validation":"min","value":"3"},{"validation":"format","value":"url"},{"validation":"sparkle","value":"yes"}]}]},
                {"id":"g2","title":"Two","input_data":[{"id":"a","type":"number","name":"A"}]}]}
            """
        );
        var errors = form.Check(Json("""{"b":"x","unknown":{}}"""))!;
        Assert.Equal(["a", "b"], errors.Fields.Keys);
        Assert.Equal(["must have a length of at least 3", "must be a URL"], errors.Fields["b"]);
        Assert.Equal("Field 'a' is required", errors.Message);
        Assert.Null(form.Check(Json("""{"b":"https://a.b","a":1,"unknown":{}}""")));
    }

    [Fact]
    public void The_function_gets_labels_numbers_and_defaults()
    {
        var form = Form(
            """
            {"input_data":[{"id":"c","type":"option","name":"C","data":{"values":["red","green"]}},{"id":"n","type":"number","name":"N"},
                {"id":"d","type":"text","name":"D","data":{"default":"x"}},{"id":"h","type":"hidden","name":"H","data":{"value":"v1"}}]}
            """
        );
        var input = Json("""{"c":[1],"n":"7","more":true}""");
        Assert.Null(form.Check(input));
        Assert.Equal("""{"c":["green"],"n":7,"more":true,"d":"x","h":"v1"}""", form.Convert(input).GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"input_data":[],"input_groups":[]}""")]
    [InlineData("""{"input_data":{}}""")]
    [InlineData("""{"input_data":[{"type":"text","name":"F"}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"text"}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"select","name":"F"}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"text","name":"F"},{"id":"f","type":"text","name":"F"}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"option","name":"F"}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"option","name":"F","data":{"values":["a","a"]}}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"textarea","name":"F","validations":[{"validation":"format","value":"email"}]}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"boolean","name":"F","validations":[{"validation":"min","value":"1"}]}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"number","name":"F","validations":[{"validation":"min","value":"few"}]}]}""")]
    [InlineData("""{"input_data":[{"id":"f","type":"number","name":"F","validations":[{"validation":"min","value":"2"},{"validation":"max","value":"1"}]}]}""")]
    public void A_schema_nobody_could_answer_is_refused_at_the_start(string schema) => Assert.Throws<ArgumentException>(() => Form(schema));

    private static string Rule(string rule, string value) => $"\"validations\":[{{\"validation\":\"{rule}\",\"value\":\"{value}\"}}]";

    private static InputForm Form(string schema) => new(Json(schema));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
