using System.Globalization;

namespace Masumi.Http.Tests;

public sealed class OperationsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("/api/v1/thing/a7/more", "a7", 10)]
    [InlineData("/api/v1/thing/a%20b/more/?limit=3", "a b", 3)]
    [InlineData("/api/v1/thing/a7/more?id=other", "a7", 10)]
    public async Task What_stands_in_the_path_is_a_member_like_any_other(string path, string id, int limit)
    {
        var data = (await server.SendAsync("GET", path)).Body!["data"]!;
        Assert.Equal((id, limit), ((string?)data["name"], (int)data["limit"]!));
    }

    [Fact]
    public async Task A_member_in_the_path_has_limits_too()
    {
        var answer = await server.SendAsync("GET", "/api/v1/thing/123456789/more");
        Assert.Equal((400, "id: Too big: expected string to have <=8 characters"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_refusal_has_a_code_beside_its_sentence()
    {
        var answer = await server.SendAsync("POST", "/api/v1/missing", """{"name":"x"}""");
        Assert.Equal((404, """{"status":"error","error":{"message":"There is no x","code":"no_thing"}}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("application/problem+json")]
    [InlineData("application/json;q=0.5, Application/Problem+JSON")]
    public async Task Who_asks_for_problem_details_gets_them(string accept)
    {
        var answer = await server.AskAsync("/api/v1/missing", accept);
        Assert.Equal((404, "application/problem+json"), (answer.Status, answer.Response.Content.Headers.ContentType!.ToString()));
        Assert.Equal(
            """{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no x","instance":"/api/v1/missing","code":"no_thing","advice":"Make one.","values":{"name":"x"}}""",
            answer.Text
        );
    }

    [Fact]
    public async Task Who_asks_for_problem_details_gets_answers_as_ever()
    {
        Assert.Equal(
            """{"status":"success","data":{"name":"x","limit":null,"caller":"user"}}""",
            (await server.AskAsync("/api/v1/thing", "application/problem+json")).Text
        );
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_ask_again_and_reads_are_counted_apart()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await server.SendAsync("POST", "/api/v1/thing", "{}", "busy")).Status);
        }

        var answer = await server.SendAsync("POST", "/api/v1/thing", "{}", "busy");
        Assert.Equal((429, "Too many requests"), (answer.Status, answer.Message));
        Assert.InRange(int.Parse(Assert.Single(answer.Response.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture), 1, 2);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/thing", key: "busy")).Status);
        Assert.Equal(200, (await server.SendAsync("POST", "/api/v1/thing", "{}", "user")).Status);
    }
}
