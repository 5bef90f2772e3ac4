using System.Diagnostics.Metrics;
using Masumi.Chain.Blockfrost;

namespace Masumi.Chain.Tests;

public sealed class ChoosingTests : IAsyncLifetime
{
    private readonly EagerTime _time = new();
    private ScriptedBlockfrost _first = null!;
    private ScriptedBlockfrost _second = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await ScriptedBlockfrost.StartAsync();
        _second = await ScriptedBlockfrost.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_provider_that_asks_to_be_left_alone_for_30_seconds_is()
    {
        _first.Always = Answer.Error(429, "slow down") with { RetryAfter = "30" };
        using var chain = _first.Connect(time: _time);
        for (var second = 0; second < 27; second++)
        {
            await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
            _time.Skip(TimeSpan.FromSeconds(1));
        }

        Assert.Single(_first.Calls);
        Assert.Equal(ProviderState.Open, Assert.Single(chain.Health.Providers).State);
        _first.Always = null;
        _time.Skip(TimeSpan.FromSeconds(4));
        await chain.GetTipAsync(Stop);
        Assert.Equal(2, _first.Calls.Count(c => c == "/blocks/latest"));
        Assert.True(chain.Health.IsAvailable);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_provider_that_asks_to_be_left_alone_for_an_hour_is_probed_after_five_minutes(int status)
    {
        _first.Script("/blocks/latest", Answer.Error(status, "later") with { RetryAfter = "3600" });
        using var chain = _first.Connect(time: _time);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        _time.Skip(TimeSpan.FromSeconds(290));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Single(_first.Calls);
        _time.Skip(TimeSpan.FromSeconds(11));
        await chain.GetTipAsync(Stop);
    }

    [Fact]
    public async Task A_short_Retry_After_is_waited_for()
    {
        _first.Script("/blocks/latest", Answer.Error(429, "slow down") with { RetryAfter = "1" });
        using var chain = _first.Connect(time: _time);
        await chain.GetTipAsync(Stop);
        Assert.InRange(Assert.Single(_time.Delays), TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(1_100));
    }

    [Theory]
    [InlineData(402)]
    [InlineData(403)]
    public async Task A_provider_that_does_not_serve_us_is_probed_ever_more_seldom(int status)
    {
        _first.Always = Answer.Error(status, "no");
        using var chain = _first.Connect(time: _time);
        for (var second = 0; second < 3_600; second += 5)
        {
            await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
            _time.Skip(TimeSpan.FromSeconds(5));
        }

        // After 30 s, 1, 2, 4, then every 5 minutes.
        Assert.InRange(_first.Calls.Count, 14, 16);
        _first.Always = null;
        _time.Skip(TimeSpan.FromMinutes(5));
        await chain.GetTipAsync(Stop);
        Assert.Equal(ProviderState.Closed, chain.Health.Providers[0].State);
    }

    [Fact]
    public async Task After_failures_in_a_row_only_one_question_is_the_probe()
    {
        _first.Always = Answer.Error(500, "down");
        using var chain = _first.Connect(time: _time);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(5, _first.Calls.Count);
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(ProviderTrouble.NotAsked, failure.Trouble);
        Assert.Equal(5, _first.Calls.Count);
        _time.Skip(TimeSpan.FromSeconds(6));
        Assert.Equal(ProviderState.HalfOpen, chain.Health.Providers[0].State);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(6, _first.Calls.Count);
        Assert.Equal(ProviderState.Open, chain.Health.Providers[0].State);
    }

    [Fact]
    public async Task One_list_that_always_fails_opens_the_circuit_although_the_rest_answers()
    {
        _second.Mine(Sample.Pay(1));
        using var chain = Both(_time);
        for (var i = 0; i < 3; i++)
        {
            _first.Script($"/addresses/{Sample.Alice}/transactions", [.. Enumerable.Repeat(Answer.Error(500, "no index"), 9)]);
            Assert.Equal(_second.Tip.Hash, Assert.IsType<ChainEvent.CaughtUp>((await FollowAsync(chain))[^1]).Tip.Hash);
        }

        Assert.Equal(ProviderState.Open, chain.Health.Providers[0].State);
    }

    [Fact]
    public async Task A_provider_that_hangs_costs_a_part_of_a_calls_time_and_the_second_takes_over()
    {
        _first.Always = Answer.Never;
        using var chain = Both(TimeProvider.System, Options with { CallBudget = TimeSpan.FromSeconds(2) });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(_second.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        }

        // Silence counts three: two of them are enough.
        Assert.Equal(2, _first.Calls.Count);
        Assert.Equal([ProviderState.Open, ProviderState.Closed], chain.Health.Providers.Select(p => p.State));
    }

    [Fact]
    public async Task A_call_ends_within_its_time_when_nobody_answers()
    {
        _first.Always = _second.Always = Answer.Never;
        using var chain = Both(TimeProvider.System, Options with { CallBudget = TimeSpan.FromSeconds(1) });
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetUtxosAsync(Sample.Alice, Stop));
        Assert.Contains("no answer within", failure.Message, StringComparison.Ordinal);
        Assert.False(chain.Health.IsAvailable);
    }

    [Fact]
    public async Task When_the_first_comes_back_it_is_asked_again()
    {
        _first.Always = Answer.Error(403, "no");
        using var chain = Both(_time);
        await chain.GetTipAsync(Stop);
        await chain.GetTipAsync(Stop);
        // The first tip of all is looked at twice.
        Assert.Equal((1, 3), (_first.Calls.Count, _second.Calls.Count));
        _first.Always = null;
        _time.Skip(TimeSpan.FromSeconds(31));
        await chain.GetTipAsync(Stop);
        await chain.GetTipAsync(Stop);
        Assert.Equal((3, 3), (_first.Calls.Count, _second.Calls.Count));
    }

    [Fact]
    public async Task The_lag_of_one_provider_is_no_rollback_while_another_is_where_we_were()
    {
        _first.Mine();
        _second.Mine();
        using var chain = Both(_time);
        var older = Assert.IsType<ChainEvent.CaughtUp>(Assert.Single(await FollowAsync(chain))).Tip;
        var transaction = Sample.Pay(1);
        _second.Mine(transaction);
        _first.Always = Answer.Error(400, "no");
        var events = await FollowAsync(chain, older);
        _first.Always = null;
        var known = Assert.IsType<ChainEvent.CaughtUp>(events[^1]).Tip;
        Assert.Equal(older.Height + 1, known.Height);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            _time.Skip(TimeSpan.FromMinutes(11));
            Assert.Equal([new ChainEvent.CaughtUp(known)], await FollowAsync(chain, known, older));
        }

        // Where nobody is any further, both are behind.
        _second.RollBack(1);
        Assert.Equal([new ChainEvent.Behind(older)], await FollowAsync(chain, known, older));
    }

    [Fact]
    public async Task A_provider_that_answers_and_stands_still_is_asked_last_until_it_has_caught_up()
    {
        _first.Mine();
        MineBoth(0, 30);
        await SetTimeAsync(_second);
        using var chain = Both(_time, Options with { IsDevnet = false });
        Assert.Equal(_second.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        Assert.False(chain.Health.IsBehind);
        Assert.Equal(_second.Tip.Hash, Assert.IsType<ChainEvent.CaughtUp>((await FollowAsync(chain))[^1]).Tip.Hash);

        // It is not asked in each round.
        var calls = _first.Calls.Count;
        Assert.Equal(_second.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        Assert.Equal(calls, _first.Calls.Count);

        MineBoth(32, 2);
        await SetTimeAsync(_second);
        await chain.GetTipAsync(Stop);
        Assert.Equal(_first.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
    }

    [Fact]
    public async Task Where_all_providers_stand_still_it_is_the_chain_and_the_first_is_asked()
    {
        MineBoth(1, 2);
        await SetTimeAsync(_second);
        _time.Skip(TimeSpan.FromMinutes(10));
        using var chain = Both(_time, Options with { IsDevnet = false });
        Assert.Equal(_first.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        Assert.True(chain.Health.IsBehind);
    }

    [Fact]
    public async Task A_pass_that_fails_before_it_told_anything_is_made_with_the_next_provider()
    {
        var (ours, theirs) = (Sample.Pay(1), Sample.Pay(2));
        _first.Mine(ours);
        _second.Mine(theirs);
        _first.Script($"/txs/{ours.Id}", Answer.Error(400, "no"));
        using var chain = Both(_time);
        var events = await FollowAsync(chain);
        Assert.Equal(theirs.Id, Assert.IsType<ChainEvent.Included>(events[0]).Transaction.Transaction.Id);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task A_provider_of_another_network_is_not_asked_anything()
    {
        _first.Script("/genesis", Answer.Ok("""{"network_magic":2}"""));
        _second.Script("/genesis", Answer.Ok("""{"network_magic":1}"""));
        using var chain = Both(_time, Options with { RefuseNetwork = m => m == 1 ? null : $"magic {m}, 1 is needed" });
        _second.Mine();
        Assert.Equal(_second.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        Assert.Equal(["/genesis"], _first.Calls);
        Assert.Contains("magic 2, 1 is needed", chain.Health.Providers[0].LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes", "yes", "Accepted")]
    [InlineData("no", "yes", "Accepted")]
    [InlineData("down", "yes", "Accepted")]
    [InlineData("no", "no", "Refused")]
    [InlineData("no", "unpaid", "Refused")]
    [InlineData("unpaid", "no", "Refused")]
    [InlineData("no", "down", "Unknown")]
    [InlineData("down", "no", "Unknown")]
    [InlineData("unpaid", "unpaid", "Unknown")]
    public async Task A_submission_goes_to_every_provider_and_is_refused_only_where_nobody_may_have_taken_it(string first, string second, string result)
    {
        var transaction = Sample.Pay(1);
        _first.Script("/tx/submit", Of(first));
        _second.Script("/tx/submit", Of(second));
        using var chain = Both(_time);
        Assert.Equal(result, (await chain.SubmitAsync(transaction, Stop)).GetType().Name);
        Assert.Equal(("/tx/submit", "/tx/submit"), (_first.Calls.First(), _second.Calls.First()));

        Answer Of(string answer) =>
            answer switch
            {
                "yes" => Answer.Ok($"\"{transaction.Id}\""),
                "no" => Answer.Error(400, "BadInputsUTxO"),
                "unpaid" => Answer.Error(402, "no"),
                _ => Answer.Error(500, "down"),
            };
    }

    [Fact]
    public async Task A_submission_does_not_go_to_a_provider_that_is_left_alone()
    {
        _first.Script("/tx/submit", Answer.Error(403, "no"));
        using var chain = Both(_time);
        await chain.SubmitAsync(Sample.Pay(1), Stop);
        await chain.SubmitAsync(Sample.Pay(1), Stop);
        Assert.Single(_first.Calls);
        Assert.Equal(2, _second.Calls.Count(c => c == "/tx/submit"));
    }

    [Fact]
    public async Task A_full_mempool_is_no_fault_of_the_provider()
    {
        _first.Script("/tx/submit", [.. Enumerable.Repeat(Answer.Error(425, "Mempool is full"), 9)]);
        using var chain = _first.Connect(time: _time);
        for (var i = 0; i < 9; i++)
        {
            Assert.Null(Assert.IsType<SubmitResult.Unknown>(await chain.SubmitAsync(Sample.Pay(1), Stop)).Trouble);
        }

        Assert.Equal(ProviderState.Closed, chain.Health.Providers[0].State);
    }

    [Fact]
    public async Task A_second_provider_agrees_contradicts_or_is_not_there()
    {
        var transaction = Sample.Pay(1);
        _first.Mine(transaction);
        _second.Mine(transaction);
        using var alone = _first.Connect(time: _time);
        using var chain = Both(_time);
        var block = (await alone.FindTransactionAsync(transaction.Id, Stop))!.Block;
        Assert.Null(await alone.AgreeAsync(transaction.Id, block, Stop));
        Assert.True(await chain.AgreeAsync(transaction.Id, block, Stop));
        _second.RollBack(1);
        _second.Mine(transaction);
        Assert.False(await chain.AgreeAsync(transaction.Id, block, Stop));
        _second.RollBack(1);
        Assert.False(await chain.AgreeAsync(transaction.Id, block, Stop));
        _second.Always = Answer.Error(402, "no");
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.AgreeAsync(transaction.Id, block, Stop));
    }

    [Fact]
    public async Task Every_question_is_counted_by_provider_kind_and_outcome()
    {
        var measured = new List<string>();
        using var listener = new MeterListener();
        using var meter = new Meter(CallCounts.MeterName);
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == meter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => measured.Add($"{count} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();
        _first.Script("/blocks/latest", Answer.Error(403, "no"));
        using var chain = new ProvidedChain([Setup(_first, "a"), Setup(_second, "b")], Options, _time, new Random(1), meter: meter);
        await chain.GetTipAsync(Stop);
        Assert.Equal(["1 a Tip Refused", "1 b Tip Answered"], measured);
        Assert.Equal([new("a", CallKind.Tip, ProviderTrouble.Refused, 1), new CallCount("b", CallKind.Tip, null, 1)], chain.Calls.List());
        Assert.Equal((2, 2, 1), (chain.Calls.Total, chain.Calls.Of(CallKind.Tip), chain.Calls.Of("b")));
    }

    private static ProvidedChainOptions Options => ScriptedBlockfrost.Hosted;

    private static async Task<List<ChainEvent>> FollowAsync(ProvidedChain chain, params BlockPoint[] known)
    {
        var all = new List<ChainEvent>();
        await foreach (var e in chain.FollowAddressAsync(Sample.Alice, known, Stop))
        {
            all.Add(e);
        }

        return all;
    }

    private ProviderSetup Setup(ScriptedBlockfrost server, string name) =>
        new(
            BlockfrostProvider.Create(
                new BlockfrostOptions
                {
                    BaseUrl = server.BaseUrl,
                    Name = name,
                    CallTimeout = TimeSpan.FromSeconds(60),
                },
                _time
            )
        );

    private void MineBoth(int first, int second)
    {
        for (var i = 0; i < Math.Max(first, second); i++)
        {
            _ = i < first ? _first.Mine() : null;
            _ = i < second ? _second.Mine() : null;
        }
    }

    // The local clock says what a provider's newest block does.
    private async Task SetTimeAsync(ScriptedBlockfrost provider)
    {
        using var chain = provider.Connect(time: new EagerTime());
        _time.Skip((await chain.GetTipAsync(Stop)).Time - _time.GetUtcNow());
    }

    private ProvidedChain Both(TimeProvider time, ProvidedChainOptions? options = null) =>
        new([Setup(_first, "first"), Setup(_second, "second")], options ?? Options, time, new Random(1));
}
