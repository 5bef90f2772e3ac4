using System.Text;
using Masumi.Chain.Blockfrost;

namespace Masumi.Chain.Tests;

public sealed class TransportTests : IAsyncLifetime
{
    private readonly EagerTime _time = new();
    private ScriptedBlockfrost _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ScriptedBlockfrost.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("http://cardano-mainnet.blockfrost.io/api/v0", "key", false)]
    [InlineData("http://8.8.8.8/api/v0", "key", false)]
    [InlineData("http://example.com/api/v0", "", true)]
    [InlineData("http://example.com/api/v0", null, true)]
    [InlineData("https://cardano-mainnet.blockfrost.io/api/v0", "key", true)]
    [InlineData("http://127.0.0.1:3003/api/v0", "key", true)]
    [InlineData("http://dolos:3000/api/v0", "key", true)]
    public void A_project_id_is_not_sent_in_clear_text_to_a_foreign_host(string address, string? key, bool allowed)
    {
        var options = new BlockfrostOptions
        {
            BaseUrl = new Uri(address),
            ProjectId = key,
            ClearTextHosts = ["dolos"],
        };
        var failure = Record.Exception(() => BlockfrostChain.Open(options, TimeProvider.System).Dispose());
        Assert.Equal(allowed, failure is null);
        Assert.True(failure is null or ArgumentException, $"{failure}");
    }

    [Theory]
    [InlineData("""{"network_magic":42}""", 42L)]
    [InlineData("""{"network_magic":764824073}""", 764_824_073L)]
    [InlineData("""{"epoch_length":500}""", null)]
    public async Task The_network_magic_is_what_the_provider_says_it_is(string genesis, long? magic)
    {
        _server.Script("/genesis", Answer.Ok(genesis));
        using var chain = Connect();
        Assert.Equal(magic, await chain.FindNetworkMagicAsync(Stop));
    }

    [Fact]
    public async Task A_provider_without_genesis_says_no_network_magic_and_one_with_nonsense_is_unavailable()
    {
        _server.Script("/genesis", Answer.Error(404, "no"), Answer.Ok("[]"), Answer.Ok("""{"network_magic":"x"}"""));
        using var chain = Connect();
        Assert.Null(await chain.FindNetworkMagicAsync(Stop));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.FindNetworkMagicAsync(Stop));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.FindNetworkMagicAsync(Stop));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task A_read_is_repeated_after_a_passing_trouble(int status)
    {
        var trouble = status == 0 ? Answer.Lost : Answer.Error(status, "later");
        _server.Script("/blocks/latest", trouble, trouble);
        using var chain = Connect();
        Assert.Equal(_server.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
        Assert.Equal(3, _server.Calls.Count(c => c == "/blocks/latest"));
        Assert.Equal(2, _time.Delays.Count);
        Assert.InRange(_time.Delays[0], TimeSpan.FromMilliseconds(125), TimeSpan.FromMilliseconds(250));
        Assert.InRange(_time.Delays[1], TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task After_the_last_attempt_the_chain_is_unavailable()
    {
        _server.Script("/blocks/latest", [.. Enumerable.Repeat(Answer.Error(500, "backend down"), 9)]);
        using var chain = Connect();
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("backend down", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, _server.Calls.Count);
    }

    [Theory]
    [InlineData(402, "daily request limit")]
    [InlineData(403, "project id")]
    [InlineData(400, "malformed")]
    public async Task What_repetition_cannot_heal_fails_at_once_in_clear_words(int status, string words)
    {
        _server.Script("/blocks/latest", Answer.Error(status, "malformed"));
        using var chain = Connect();
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task During_a_ban_the_endpoint_is_left_alone()
    {
        _server.Script("/blocks/latest", Answer.Error(418, "IP has been auto-banned"));
        using var chain = Connect();
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.IsType<SubmitResult.Unknown>(await chain.SubmitAsync(Sample.Pay(1), Stop));
        Assert.Single(_server.Calls);
        _time.Skip(TimeSpan.FromMinutes(6));
        await chain.GetTipAsync(Stop);
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_and_asked_for_again()
    {
        _server.Script("/blocks/latest", Answer.Never);
        using var chain = _server.Connect(
            new BlockfrostOptions { BaseUrl = _server.BaseUrl, CallTimeout = TimeSpan.FromMilliseconds(300) },
            TimeProvider.System
        );
        Assert.Equal(_server.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
    }

    [Fact]
    public async Task The_callers_cancellation_is_not_a_timeout()
    {
        using var cancel = new CancellationTokenSource();
        _server.Script("/blocks/latest", Answer.Never);
        using var chain = Connect();
        var reading = chain.GetTipAsync(cancel.Token);
        while (_server.Calls.IsEmpty)
        {
            await Task.Delay(10, Stop);
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"height":1,"hash":"zz","slot":1,"time":1}""")]
    [InlineData("""{"height":"x","hash":"0000000000000000000000000000000000000000000000000000000000000000","slot":1,"time":1}""")]
    public async Task A_malformed_answer_is_nonsense(string body)
    {
        _server.Script("/blocks/latest", Answer.Ok(body));
        using var chain = Connect();
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_404_page_is_not_an_empty_answer()
    {
        _server.Script($"/addresses/{Sample.Alice}/utxos", new Answer(404, "<html>nginx</html>"));
        using var chain = Connect();
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetUtxosAsync(Sample.Alice, Stop));
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        _server.Script("/blocks/latest", [.. Enumerable.Repeat(Answer.Ok(new StringBuilder().Append('1', 100_000).ToString()), 5)]);
        using var chain = _server.Connect(
            new BlockfrostOptions
            {
                BaseUrl = _server.BaseUrl,
                MaxAnswerBytes = 50_000,
                CallTimeout = TimeSpan.FromSeconds(20),
            },
            _time
        );
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("longer than 50000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_project_id_is_sent_and_never_shown()
    {
        var options = new BlockfrostOptions
        {
            BaseUrl = _server.BaseUrl,
            ProjectId = "preprodSECRET",
            CallTimeout = TimeSpan.FromSeconds(20),
        };
        using var chain = _server.Connect(options, _time);
        await chain.GetTipAsync(Stop);
        Assert.Equal("preprodSECRET", Assert.Single(_server.ProjectIds.Distinct()));
        _server.Script("/blocks/latest", Answer.Error(403, "Invalid project token."));
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.DoesNotContain("SECRET", $"{failure} {options}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_beyond_the_burst_wait_their_turn()
    {
        // Time that stands still between delays: a slow machine would earn another call meanwhile.
        var time = new EagerTime(standsStill: true);
        var limit = new CallBucket(10, 3, time);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await WaitAsync());
        }

        Assert.Empty(time.Delays);
        await WaitAsync();
        await WaitAsync();
        Assert.Equal(2, time.Delays.Count);
        Assert.All(time.Delays, d => Assert.InRange(d, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100)));
        time.Skip(TimeSpan.FromSeconds(1));
        await WaitAsync();
        Assert.Equal(2, time.Delays.Count);

        Task<bool> WaitAsync() => limit.WaitAsync(CallPriority.Deadline, 1, TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task Deadline_work_goes_before_the_rest_where_calls_are_scarce()
    {
        var time = new EagerTime(standsStill: true);
        var limit = new CallBucket(10, 10, time);
        for (var i = 0; i < 8; i++)
        {
            Assert.True(await limit.WaitAsync(CallPriority.Normal, 1, TimeSpan.Zero, Stop));
        }

        // What is left of a full bucket is for deadlines.
        Assert.False(await limit.WaitAsync(CallPriority.Normal, 1, TimeSpan.Zero, Stop));
        Assert.True(await limit.WaitAsync(CallPriority.Deadline, 1, TimeSpan.Zero, Stop));
        Assert.True(await limit.WaitAsync(CallPriority.Deadline, 1, TimeSpan.Zero, Stop));
        Assert.False(await limit.WaitAsync(CallPriority.Deadline, 1, TimeSpan.Zero, Stop));
        Assert.Empty(time.Delays);
        time.Skip(TimeSpan.FromMilliseconds(100));
        Assert.False(await limit.WaitAsync(CallPriority.Normal, 1, TimeSpan.FromMilliseconds(150), Stop));
        Assert.True(await limit.WaitAsync(CallPriority.Deadline, 1, TimeSpan.Zero, Stop));
    }

    [Fact]
    public void Hosted_endpoints_are_limited_and_local_ones_are_not()
    {
        Assert.Equal(10, new BlockfrostOptions { BaseUrl = new Uri("https://cardano-preprod.blockfrost.io/api/v0") }.EffectiveCallsPerSecond);
        Assert.Equal(0, new BlockfrostOptions { BaseUrl = _server.BaseUrl }.EffectiveCallsPerSecond);
    }

    private ProvidedChain Connect() => _server.Connect(time: _time);
}
