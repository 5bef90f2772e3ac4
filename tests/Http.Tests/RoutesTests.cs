using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Masumi.Http.Tests;

public sealed class RoutesTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/health")]
    [InlineData("/api/v1/health/")]
    [InlineData("/API/V1/Health")]
    [InlineData("/api/v1/health?x=1")]
    public async Task Paths_match_without_regard_to_case_or_a_trailing_slash(string path)
    {
        var answer = await server.SendAsync("GET", path, key: null);
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"status":"success","data":{"name":"ok","limit":null,"caller":null}}""", answer.Text);
        Assert.Equal("application/json; charset=utf-8", answer.Response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v1")]
    [InlineData("GET", "/api/v1/health/deeper")]
    [InlineData("OPTIONS", "/api/v1/nothing")]
    public async Task An_unknown_path_is_404_and_says_which(string verb, string path)
    {
        var answer = await server.SendAsync(verb, path);
        Assert.Equal(404, answer.Status);
        Assert.Equal($"Can not {verb} {path}", answer.Message);
    }

    [Fact]
    public async Task Paths_elsewhere_are_left_to_others()
    {
        var answer = await server.SendAsync("GET", "/other");
        Assert.Equal("somebody else's", answer.Text);
    }

    [Fact]
    public async Task A_wrong_verb_is_405_and_names_the_right_ones()
    {
        var answer = await server.SendAsync("PATCH", "/api/v1/thing", key: null);
        Assert.Equal((405, "PATCH is not allowed"), (answer.Status, answer.Message));
        Assert.Equal("DELETE, GET, POST", string.Join(", ", answer.Response.Content.Headers.Allow));
    }

    [Fact]
    public async Task A_service_of_the_older_kind_answers_a_wrong_verb_with_404()
    {
        var answer = await server.SendAsync("PATCH", "/api/v1/thing", lenient: true);
        Assert.Equal((404, "Can not PATCH /api/v1/thing"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Head_is_get_without_the_body()
    {
        var answer = await server.SendAsync("HEAD", "/api/v1/health", key: null);
        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Equal(68, answer.Response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Options_needs_no_key_and_has_the_services_headers()
    {
        var answer = await server.SendAsync("OPTIONS", "/api/v1/thing", key: null, lenient: true);
        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Equal("nosniff", Assert.Single(answer.Response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", "user", null)]
    [InlineData("GET", "/api/v1/thing", null, null)]
    [InlineData("POST", "/api/v1/thing", "user", "{")]
    [InlineData("POST", "/api/v1/boom", "user", "{}")]
    public async Task The_services_headers_are_on_refusals_too(string verb, string path, string? key, string? body)
    {
        var answer = await server.SendAsync(verb, path, body, key, lenient: true);
        Assert.NotEqual(200, answer.Status);
        Assert.Equal("nosniff", Assert.Single(answer.Response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("GET", "/api/v1/health", null, null)]
    [InlineData("GET", "/api/v1/nothing", "user", null)]
    [InlineData("GET", "/api/v1/thing", null, null)]
    [InlineData("POST", "/api/v1/thing", "user", "{")]
    [InlineData("POST", "/api/v1/boom", "user", "{}")]
    [InlineData("OPTIONS", "/api/v1/thing", null, null)]
    public async Task A_live_header_is_asked_for_with_every_answer(string verb, string path, string? key, string? body)
    {
        var first = await NumberAsync();
        Assert.Equal(first + 1, await NumberAsync());

        async Task<int> NumberAsync()
        {
            var answer = await server.SendAsync(verb, path, body, key, lenient: true);
            return int.Parse(Assert.Single(answer.Response.Headers.GetValues("X-Number")).Split(' ')[0], CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task A_live_header_is_asked_for_when_the_handler_is_done()
    {
        var before = server.Handled;
        var answer = await server.SendAsync("GET", "/api/v1/thing", lenient: true);
        Assert.EndsWith($" after {before + 1}", Assert.Single(answer.Response.Headers.GetValues("X-Number")), StringComparison.Ordinal);
        Assert.False((await server.SendAsync("GET", "/other", lenient: true)).Response.Headers.Contains("X-Number"));
    }

    [Theory]
    [InlineData(null, "No token provided")]
    [InlineData("", "No token provided")]
    [InlineData("wrong", "Invalid token")]
    [InlineData("USER", "Invalid token")]
    [InlineData("revoked", "API key is revoked")]
    [InlineData("user", "Unauthorized, admin access required")]
    public async Task Who_may_not_is_refused_before_the_input_is_judged(string? key, string message)
    {
        var before = server.Handled;
        var answer = await server.SendAsync("DELETE", "/api/v1/thing", "[]", key);
        Assert.Equal(401, answer.Status);
        Assert.True(
            JsonNode.DeepEquals(
                new JsonObject
                {
                    ["status"] = "error",
                    ["error"] = new JsonObject { ["message"] = message, ["code"] = "unauthorized" },
                },
                answer.Body
            )
        );
        Assert.Equal(before, server.Handled);
    }

    [Fact]
    public async Task Two_keys_in_one_request_are_no_key()
    {
        Assert.Equal((401, "Invalid token"), Short(await server.SendAsync("GET", "/api/v1/thing", key: "user, admin")));
    }

    [Fact]
    public async Task The_handler_learns_who_calls()
    {
        Assert.Equal("admin", (string?)(await server.SendAsync("DELETE", "/api/v1/thing", "{}", "admin")).Body!["data"]!["caller"]);
    }

    [Fact]
    public async Task A_refusal_can_show_what_was_made_before()
    {
        var answer = await server.SendAsync("POST", "/api/v1/deep/path", "{}");
        Assert.Equal(409, answer.Status);
        Assert.Equal(
            """{"status":"error","error":{"message":"exists","code":"exists"},"id":"1","object":{"name":"first","limit":null,"caller":null}}""",
            answer.Text
        );
    }

    [Theory]
    [InlineData("/api/v1/boom", "user", "hunter2", "password=hunter2")]
    [InlineData("/api/v1/late", "user", "upstream", "an upstream call took too long")]
    [InlineData("/api/v1/thing", "broken", "10.1.2.3", "key store at 10.1.2.3 is down")]
    public async Task A_failure_is_500_that_says_nothing_and_is_logged(string path, string key, string secret, string logged)
    {
        var answer = await server.SendAsync("POST", path, "{}", key);
        Assert.Equal((500, "Internal Server Error"), Short(answer));
        Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        Assert.Contains(server.Logged.Lines, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains(logged, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_query_is_the_input_of_a_get()
    {
        var answer = await server.SendAsync("GET", "/api/v1/thing?limit=7&kind=a%20b&more=1");
        Assert.Equal("""{"status":"success","data":{"name":"a b","limit":7,"caller":"user"}}""", answer.Text);
    }

    [Theory]
    [InlineData("limit=0", "limit: Too small: expected number to be >=1")]
    [InlineData("limit=51", "limit: Too big: expected number to be <=50")]
    [InlineData("limit=1.5", "limit: Invalid input: expected int, received number")]
    [InlineData("limit=", "limit: Invalid input: expected number, received string")]
    [InlineData("limit=10%00", "limit: Invalid input: expected number, received string")]
    [InlineData("limit=ten", "limit: Invalid input: expected number, received string")]
    [InlineData("limit=1&limit=2", "limit: Invalid input: expected number, received array")]
    [InlineData("kind=a&kind=b", "kind: Invalid input: expected string, received array")]
    public async Task A_wrong_query_is_400_with_the_path(string query, string message)
    {
        Assert.Equal((400, message), Short(await server.SendAsync("GET", "/api/v1/thing?" + query)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"name\":}")]
    [InlineData("{\"name\":\"x\"} trailing")]
    [InlineData("{'name':'x'}")]
    [InlineData("{\"name\":\"x\",}")]
    [InlineData("{\"name\":\"x\" /* c */}")]
    [InlineData("{\"name\":NaN}")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("   ")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"a\":{\"name\":\"a\",\"name\":\"b\"}}")]
    [InlineData("{\"a\":[{\"name\":\"a\",\"n\\u0061me\":\"b\"}]}")]
    public async Task A_body_that_is_no_json_object_is_400_whoever_sends_it(string body)
    {
        foreach (var key in (string?[])["user", null])
        {
            var answer = await server.SendAsync("POST", "/api/v1/thing", body, key);
            Assert.Equal(400, answer.Status);
            Assert.StartsWith("Malformed JSON", answer.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_400()
    {
        Assert.Equal(
            400,
            (await server.SendAsync("POST", "/api/v1/thing", [.. "{\"name\":\""u8, 0xff, 0xfe, .. "\"}"u8], "user", false, "application/json")).Status
        );
        Assert.Equal(400, (await server.SendAsync("POST", "/api/v1/thing", Encoding.Unicode.GetBytes("{}"), "user", false, "application/json")).Status);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_reason_to_refuse()
    {
        byte[] body = [0xef, 0xbb, 0xbf, .. "{\"name\":\"x\"}"u8];
        Assert.Equal("x", (string?)(await server.SendAsync("POST", "/api/v1/thing", body, "user", false, "application/json")).Body!["data"]!["name"]);
    }

    [Fact]
    public async Task A_list_where_an_object_belongs_is_400_for_who_may_ask()
    {
        Assert.Equal((400, "Invalid input: expected object, received array"), Short(await server.SendAsync("POST", "/api/v1/thing", "[]")));
        Assert.Equal((400, "Expected object, received array"), Short(await server.SendAsync("POST", "/api/v1/thing", "[]", lenient: true)));
    }

    [Theory]
    [InlineData(32, 200)]
    [InlineData(33, 400)]
    [InlineData(40_000, 400)]
    public async Task Nesting_ends_at_32(int depth, int status)
    {
        var body = "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        Assert.Equal(status, (await server.SendAsync("POST", "/api/v1/thing", body)).Status);
    }

    [Fact]
    public async Task No_body_is_an_empty_object()
    {
        Assert.Equal("""{"status":"success","data":{"name":null,"limit":null,"caller":"user"}}""", (await server.SendAsync("POST", "/api/v1/thing")).Text);
    }

    [Theory]
    [InlineData(1000, true, false, 200)]
    [InlineData(1001, true, false, 413)]
    [InlineData(1001, true, true, 413)]
    [InlineData(100 * 1024, false, true, 200)]
    [InlineData((100 * 1024) + 1, false, true, 413)]
    [InlineData(TestServer.ServerLimit + 1, false, false, 413)]
    public async Task A_body_beyond_the_limit_is_413(int size, bool lenient, bool chunked, int status)
    {
        var body = Encoding.UTF8.GetBytes("{\"name\":\"" + new string('x', size - 11) + "\"}");
        Assert.Equal(size, body.Length);
        var answer = await server.SendAsync("POST", "/api/v1/thing", body, "user", lenient, "application/json", chunked);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 413 ? "request entity too large" : null, answer.Message);
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=UTF-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/vnd.api+json", 200)]
    [InlineData(null, 200)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("nonsense", 415)]
    public async Task A_body_must_be_declared_as_json_or_not_at_all(string? type, int status)
    {
        Assert.Equal(status, (await server.SendAsync("POST", "/api/v1/thing", "{}", type: type)).Status);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_failure_of_the_service()
    {
        var before = server.Logged.Lines.Count;
        var url = server.AddressOf(lenient: false);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(url.Host, url.Port, Stop);
            await socket
                .GetStream()
                .WriteAsync("POST /api/v1/thing HTTP/1.1\r\nHost: x\r\ntoken: user\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"u8.ToArray(), Stop);
            using var reader = new StreamReader(socket.GetStream());
            Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync(Stop));
        }

        Assert.DoesNotContain(
            server.Logged.Lines.Skip(before),
            l => l.Contains("/api/v1/thing", StringComparison.Ordinal) && l.Contains("chunk", StringComparison.OrdinalIgnoreCase)
        );
    }

    private static (int, string?) Short(Answer answer) => (answer.Status, answer.Message);
}
