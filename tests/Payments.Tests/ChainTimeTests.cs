using System.Globalization;

namespace Masumi.Payments.Tests;

/// <summary>The chain's time, told with every answer.</summary>
public sealed class ChainTimeTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string Header = "X-Masumi-Chain-Time";

    [Fact]
    public async Task Health_tells_the_chains_time_and_follows_a_moved_clock()
    {
        var before = Time((string?)(await world.CallAsync("GET", "health", key: null)).Data["chainTime"]);
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        var answer = await world.CallAsync("GET", "health", key: null);
        Assert.Equal("ok", (string?)answer.Data["status"]);
        var after = Time((string?)answer.Data["chainTime"]);
        Assert.True(after - before >= TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1), $"{before:o} {after:o}");
        Assert.True(after - world.Devnet.Clock.GetUtcNow() < TimeSpan.FromMinutes(1), $"{after:o}");
        Assert.True(Told(answer) - after < TimeSpan.FromMinutes(1), $"{after:o}");
    }

    [Theory]
    [InlineData("GET", "health", false, 200)]
    [InlineData("GET", "payment-source", true, 200)]
    [InlineData("GET", "payment-source", false, 401)]
    [InlineData("GET", "payment", true, 400)]
    [InlineData("GET", "nothing", true, 404)]
    [InlineData("PUT", "payment", true, 405)]
    [InlineData("OPTIONS", "payment", false, 200)]
    public async Task Every_answer_tells_it_and_browsers_may_read_it(string verb, string path, bool withKey, int status)
    {
        var answer = await world.CallAsync(verb, path, key: withKey ? PaymentWorld.AdminKey : null);
        Assert.Equal(status, answer.Status);
        Assert.True((Told(answer) - world.Devnet.Clock.GetUtcNow()).Duration() < TimeSpan.FromMinutes(1));
        Assert.Equal(Header, Assert.Single(answer.Response.Headers.GetValues("Access-Control-Expose-Headers")));
    }

    private static DateTimeOffset Told(Answer answer) => Time(Assert.Single(answer.Response.Headers.GetValues(Header)));

    private static DateTimeOffset Time(string? text) =>
        DateTimeOffset.ParseExact(text!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
