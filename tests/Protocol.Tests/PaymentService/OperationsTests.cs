using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Masumi.Protocol.PaymentService;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.Tests.PaymentService;

public sealed partial class OperationsTests
{
    public static TheoryData<string> Names => [.. PaymentOperations.All.Select(o => o.Name)];

    [Fact]
    public void Names_paths_and_codes_are_told_apart_and_of_one_form()
    {
        Assert.Equal(PaymentOperations.All.Length, PaymentOperations.All.DistinctBy(o => o.Name).Count());
        Assert.Equal(PaymentOperations.All.Length, PaymentOperations.All.DistinctBy(o => (o.Verb, o.Path)).Count());
        Assert.All(PaymentOperations.All, o => Assert.Matches("^[a-z][A-Za-z0-9]*$", o.Name));
        Assert.All(PaymentOperations.All, o => Assert.Matches("^(/[A-Za-z0-9{}-]+)+$", o.Path));
        Assert.All(PaymentOperations.All.SelectMany(o => o.Refusals), r => Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*$", r.Code));
        Assert.All(PaymentOperations.All.SelectMany(o => o.Refusals), r => Assert.InRange(r.Status, 400, 599));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_operation_has_examples_that_are_read_as_they_are_written(string name)
    {
        var operation = PaymentOperations.All.Single(o => o.Name == name);
        Assert.NotNull(operation.AnswerJson);
        Assert.True(
            operation.IsQuery || operation.RequestJson is not null || ((IRecordShape)operation.RequestShape).Members.All(m => m.IsOptional),
            "no example of a request"
        );
        if (operation.RequestJson is { } request)
        {
            Assert.Equal(request.ToJsonString(), Again(operation.RequestShape, operation.IsQuery ? AsQuery(request) : request, operation.IsQuery));
        }

        Assert.Equal(operation.AnswerJson.ToJsonString(), Again(operation.AnswerShape, operation.AnswerJson, isQuery: false));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_refusals_sentence_leaves_no_value_open(string name)
    {
        foreach (var kind in PaymentOperations.All.Single(o => o.Name == name).Refusals)
        {
            var values = Placeholders().Matches(kind.Message).Select(m => (m.Groups[1].Value, (string?)"7")).Distinct().ToArray();
            Assert.DoesNotContain('{', kind.With(values).Message);
        }
    }

    // A query string has texts alone.
    private static JsonObject AsQuery(JsonNode request) =>
        new(
            request
                .AsObject()
                .Where(m => m.Value is not null)
                .Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value is JsonValue value ? value.ToString() : m.Value!.DeepClone()))
        );

    private static string Again(Shape shape, JsonNode json, bool isQuery)
    {
        var reading = new Reading(IssueWords.Payment, isQuery);
        var again = shape.Again(JsonElement.Parse(json.ToJsonString()), reading);
        Assert.Empty(reading.Issues);
        return JsonNode.Parse(again!)!.ToJsonString();
    }

    [GeneratedRegex("\\{(\\w+)\\}")]
    private static partial Regex Placeholders();
}
