using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Tests;

namespace Masumi.Agents.Tests;

/// <summary>What an offer says of time and contract, and how time ends it.</summary>
public sealed partial class AgentTests
{
    [Fact]
    public async Task Each_offer_is_dated_by_the_time_of_the_node_at_that_moment()
    {
        using var agent = NewAgent(local: new ManualTime());
        await using var app = await ServeAsync(agent);
        var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
        foreach (
            var (time, payBy) in new[] { ("2031-05-01T10:00:00.999Z", "2031-05-01T10:30:00.000Z"), ("2031-05-01T08:00:00.000Z", "2031-05-01T08:30:00.000Z") }
        )
        {
            _time = time;
            await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default);
            Assert.Equal(payBy, _payBy);
        }
    }

    [Fact]
    public async Task A_job_nobody_paid_ends_when_the_nodes_time_has_passed_without_a_restart()
    {
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
        var job = await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default);
        await agent.StartAsync(default);
        await UntilAsync(() => _looks > 3);
        Assert.Equal(JobState.AwaitingPayment, agent.Jobs.Find(job.JobId)!.State);
        _time = job.Deadlines.PayBy.AddMinutes(11).UtcDateTime.ToString("o");
        await UntilAsync(() => agent.Jobs.Find(job.JobId)! is { State: JobState.Failed, Reason: "payment not received" });
        await agent.StopAsync(default);
    }

    [Fact]
    public async Task After_a_restart_the_nodes_time_is_asked_before_anything_is_given_up()
    {
        _state = "FundsLocked";
        string id;
        using (var first = NewAgent())
        {
            await using var app = await ServeAsync(first);
            var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
            id = (await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default)).JobId;

            // As if it was paid on a chain whose clock is far behind the one here.
            var past = DateTimeOffset.UtcNow.AddDays(-3);
            first.Jobs.Save(
                first.Jobs.Find(id)! with
                {
                    State = JobState.Running,
                    Times = new Deadlines(past, past.AddHours(1), past.AddHours(2), past.AddHours(3)),
                }
            );
            _time = past.UtcDateTime.ToString("o");
        }

        using var second = NewAgent();
        await second.StartAsync(default);
        await UntilAsync(() => second.Jobs.Find(id)!.State == JobState.Completed);
        await second.StopAsync(default);
    }

    [Theory]
    [InlineData("Web3CardanoV1", "Web3CardanoV1", null)]
    [InlineData("Web3CardanoV2", "Web3CardanoV2", 0)]
    [InlineData(null, "Web3CardanoV1", null)]
    public async Task An_offer_names_the_generation_of_its_source_and_an_index_only_where_there_is_a_choice(string? source, string type, int? index)
    {
        _sourceType = source;
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        for (var i = 0; i < 2; i++)
        {
            using var body = new StringContent($$"""{"identifier_from_purchaser":"{{Purchaser}}"}""");
            using var response = await _http.PostAsync(new Uri(app.Urls.First() + "/start_job"), body);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
            Assert.Equal(index?.ToString(System.Globalization.CultureInfo.InvariantCulture), _index);
            Assert.Equal(type, (string?)answer["paymentSourceType"]);
            Assert.Equal(index is not null, answer.ContainsKey("supportedPaymentSourceIndex"));
            Assert.Equal(index, (int?)answer["supportedPaymentSourceIndex"]);
        }

        Assert.Equal(1, _sourceLooks);
    }

    // H5
    [Fact]
    public async Task An_offer_whose_deadlines_hold_the_money_to_ransom_is_not_made()
    {
        Assert.StartsWith(
            "Submit result time must be within 14 days",
            Assert.Throws<ArgumentException>(() => NewAgent(change: o => o with { SubmitWithin = TimeSpan.FromDays(15) })).Message,
            StringComparison.Ordinal
        );

        // Nor is one passed on to which the node gave such deadlines.
        using var agent = NewAgent(change: o => o with { Deadlines = DeadlineLimits.Default with { PayBy = TimeSpan.FromMinutes(45) } });
        await using var app = await ServeAsync(agent);
        using var body = new StringContent($$"""{"identifier_from_purchaser":"{{Purchaser}}"}""");
        using var response = await _http.PostAsync(new Uri(app.Urls.First() + "/start_job"), body);
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, response.StatusCode);
    }
}
