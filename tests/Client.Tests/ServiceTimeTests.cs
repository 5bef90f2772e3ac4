using System.Net;
using Masumi.Protocol;
using Masumi.Tests;

namespace Masumi.Client.Tests;

/// <summary>The time by which a payment service judges deadlines, as its client knows it.</summary>
public sealed class ServiceTimeTests : IDisposable
{
    private static readonly DateTimeOffset Ahead = new(2026, 1, 1, 11, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _local = new();
    private readonly Answers _answers = new("""{"status":"success","data":{"status":"ok"}}""");
    private readonly HttpClient _http;
    private readonly PaymentServiceClient _payments;

    public ServiceTimeTests()
    {
        _http = new HttpClient(_answers);
        _payments = new PaymentServiceClient(_http, new Uri("http://127.0.0.1:1/api/v1"), "key", Network.Preprod, _local);
    }

    public void Dispose()
    {
        _http.Dispose();
        _answers.Dispose();
    }

    [Fact]
    public async Task As_long_as_nothing_is_told_it_is_the_local_clocks()
    {
        Assert.Equal(_local.GetUtcNow(), _payments.ServiceTime.GetUtcNow());
        await _payments.ListWalletsAsync(default);
        _local.Move(TimeSpan.FromHours(1));
        Assert.Equal(_local.GetUtcNow(), _payments.ServiceTime.GetUtcNow());
        Assert.Equal(_local.GetUtcNow(), await _payments.GetTimeAsync(default));
    }

    [Fact]
    public async Task Any_answer_tells_it_and_from_then_on_it_passes_as_here()
    {
        _answers.ChainTime = "2026-01-01T11:00:00.000Z";
        await _payments.ListWalletsAsync(default);
        Assert.Equal(Ahead, _payments.ServiceTime.GetUtcNow());
        _local.Move(TimeSpan.FromMinutes(5));
        Assert.Equal(Ahead.AddMinutes(5), _payments.ServiceTime.GetUtcNow());

        // An answer without it takes nothing back.
        _answers.ChainTime = null;
        await _payments.ListWalletsAsync(default);
        Assert.Equal(Ahead.AddMinutes(5), _payments.ServiceTime.GetUtcNow());
    }

    [Fact]
    public async Task A_refusal_tells_it_too()
    {
        (_answers.Status, _answers.ChainTime) = (HttpStatusCode.Unauthorized, "2026-01-01T11:00:00.000Z");
        await Assert.ThrowsAsync<MasumiApiException>(() => _payments.ListWalletsAsync(default));
        Assert.Equal(Ahead, _payments.ServiceTime.GetUtcNow());
    }

    [Fact]
    public async Task It_goes_back_when_the_service_says_so()
    {
        _answers.ChainTime = "2026-01-01T11:00:00.000Z";
        await _payments.ListWalletsAsync(default);
        _answers.ChainTime = "2026-01-01T09:00:00.000Z";
        await _payments.ListWalletsAsync(default);
        Assert.Equal(Ahead.AddHours(-2), _payments.ServiceTime.GetUtcNow());
    }

    [Fact]
    public void Of_two_answers_the_one_that_came_later_counts_in_whatever_order_they_are_noted()
    {
        var clock = new ServiceClock(_local);
        clock.Observe("2026-01-01T11:00:00.000Z", _local.GetTimestamp());
        clock.Observe("2026-01-01T09:00:00.000Z", _local.GetTimestamp() - 1);
        Assert.Equal(Ahead, clock.GetUtcNow());
    }

    [Theory]
    [InlineData("2026-01-01T11:00:00.000Z", "{}", HttpStatusCode.OK)]
    [InlineData("2026-01-01T11:00:00.000Z", "{}", HttpStatusCode.NotFound)]
    [InlineData(null, """{"status":"ok","chainTime":"2026-01-01T11:00:00.000Z"}""", HttpStatusCode.OK)]
    public async Task Asked_for_it_comes_from_header_or_body(string? header, string data, HttpStatusCode status)
    {
        using var answers = new Answers($$"""{"status":"success","data":{{data}}}""") { Status = status, ChainTime = header };
        using var http = new HttpClient(answers);
        var payments = new PaymentServiceClient(http, new Uri("http://127.0.0.1:1/api/v1"), "key", Network.Preprod, _local);
        Assert.Equal(Ahead, await payments.GetTimeAsync(default));
        Assert.Equal(Ahead, payments.ServiceTime.GetUtcNow());
        Assert.Equal(["/api/v1/health"], answers.Paths);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("1767265200000")]
    [InlineData("2026-13-01T11:00:00.000Z")]
    public async Task What_is_no_time_tells_nothing(string header)
    {
        _answers.ChainTime = header;
        Assert.Equal(_local.GetUtcNow(), await _payments.GetTimeAsync(default));
    }

    [Fact]
    public async Task The_end_of_the_calendar_is_the_end_of_it()
    {
        _answers.ChainTime = "9999-12-31T23:59:59.999Z";
        await _payments.GetTimeAsync(default);
        _local.Move(TimeSpan.FromDays(1));
        Assert.Equal(DateTimeOffset.MaxValue, _payments.ServiceTime.GetUtcNow());
    }

    [Fact]
    public async Task Delays_are_those_of_the_local_clock()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _payments.ServiceTime, TestContext.Current.CancellationToken);
        _answers.ChainTime = "2026-01-01T11:00:00.000Z";
        await _payments.GetTimeAsync(default);
        Assert.False(delay.IsCompleted);
        _local.Move(TimeSpan.FromHours(1));
        await delay;
    }
}
