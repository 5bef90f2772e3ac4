using System.Net.Http.Headers;
using System.Text;

namespace Masumi.Payments.Tests;

/// <summary>Bodies that are no request (spec payment-service-api.md 1.3, 1.9).</summary>
[Collection(EdgesCollection.Name)]
public sealed class TransportEdgeTests(PaymentWorld world)
{
    public static TheoryData<string> NoJsonObjects =>
        ["", "{", "null", "7", "\"text\"", "{} {}", "{\"network\":\"Preprod\",}", "network=Preprod", "{\"a\":\"\\ud800\"}", "[{}]"];

    [Theory]
    [MemberData(nameof(NoJsonObjects))]
    public async Task A_body_that_is_no_JSON_object_buys_and_sells_nothing(string body)
    {
        foreach (var path in new[] { "purchase", "payment", "payment/submit-result", "api-key" })
        {
            Assert.Equal(400, await SendAsync(path, Encoding.UTF8.GetBytes(body), "application/json"));
        }
    }

    [Fact]
    public async Task A_form_text_that_is_no_UTF8_and_a_nest_without_end_are_refused()
    {
        Assert.Equal(415, await SendAsync("purchase", "network=Preprod"u8.ToArray(), "application/x-www-form-urlencoded"));
        Assert.Equal(400, await SendAsync("purchase", [.. "{\"network\":\""u8, 0xff, 0xfe, .. "\"}"u8], "application/json"));
        Assert.Equal(400, await SendAsync("purchase", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 20_000))), "application/json"));
        Assert.Equal(400, await SendAsync("purchase", Encoding.UTF8.GetBytes("{\"network\":\"Preprod\",\"network\":\"Mainnet\"}"), "application/json"));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whoever_asks_and_whether_or_not_it_names_its_length()
    {
        var large = Encoding.UTF8.GetBytes("{\"metadata\":\"" + new string('x', 200_000) + "\"}");
        Assert.Equal(413, await SendAsync("purchase", large, "application/json"));
        Assert.Equal(413, await SendAsync("purchase", large, "application/json", chunked: true));
        Assert.Equal(413, await SendAsync("purchase", large, "application/json", key: null));
    }

    [Fact]
    public async Task The_header_is_token_or_a_bearer_and_nothing_else()
    {
        Assert.Equal(401, await StatusAsync("api-key", PaymentWorld.AdminKey));
        Assert.Equal(401, await StatusAsync("Authorization", "Basic " + PaymentWorld.AdminKey));
        Assert.Equal(200, await StatusAsync("Authorization", "Bearer " + PaymentWorld.AdminKey));
        Assert.Equal(200, await StatusAsync("token", PaymentWorld.AdminKey));
        await world.RefusedAsync("GET", "api-key-status", null, 401, "Unauthorized, invalid authentication token provided", "masumi-payment-admin-");
    }

    private async Task<int> StatusAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(world.BaseUrl, $"/api/v1/purchase?network={PaymentWorld.Network}"));
        request.Headers.TryAddWithoutValidation(header, value);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private async Task<int> SendAsync(string path, byte[] body, string type, bool chunked = false, string? key = PaymentWorld.AdminKey)
    {
        var before = await world.StateAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.BaseUrl, "/api/v1/" + path));
        if (key is not null)
        {
            request.Headers.Add("token", key);
        }

        request.Headers.TransferEncodingChunked = chunked ? true : null;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(before, await world.StateAsync());
        return (int)answer.StatusCode;
    }
}
