using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;

namespace Masumi.Chain.Tests;

public sealed class SubmittingTests : IAsyncLifetime
{
    private readonly Transaction _transaction = Sample.Pay(1);
    private ScriptedBlockfrost _server = null!;
    private ProvidedChain _chain = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedBlockfrost.StartAsync();
        _chain = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_acknowledged_transaction_is_accepted()
    {
        Answers(Answer.Ok($"\"{_transaction.Id}\""));
        Assert.Equal(new SubmitResult.Accepted(_transaction.Id), await _chain.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task A_refusal_carries_the_nodes_reason()
    {
        Answers(Answer.Error(400, "FeeTooSmallUTxO (Mismatch {supplied = 1, expected = 2})"));
        var refused = Assert.IsType<SubmitResult.Refused>(await _chain.SubmitAsync(_transaction, Stop));
        Assert.Contains("FeeTooSmallUTxO", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_refused_because_it_is_on_chain_already_is_accepted()
    {
        _server.Mine(_transaction);
        Answers(Answer.Error(400, "All inputs are spent. Transaction has probably already been included"));
        Assert.Equal(new SubmitResult.Accepted(_transaction.Id), await _chain.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task A_transaction_refused_because_it_is_in_the_mempool_is_accepted()
    {
        _server.Script($"/mempool/{_transaction.Id}", Answer.Ok("{}"));
        Answers(Answer.Error(400, "BadInputsUTxO"));
        Assert.Equal(new SubmitResult.Accepted(_transaction.Id), await _chain.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_checked_is_unknown()
    {
        _server.Script($"/txs/{_transaction.Id}", Answer.Error(403, "Invalid project token."));
        Answers(Answer.Error(400, "BadInputsUTxO"));
        Assert.IsType<SubmitResult.Unknown>(await _chain.SubmitAsync(_transaction, Stop));
    }

    [Theory]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(418)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task Any_other_status_is_unknown_and_not_repeated(int status)
    {
        Answers(Answer.Error(status, "no"));
        Assert.IsType<SubmitResult.Unknown>(await _chain.SubmitAsync(_transaction, Stop));
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown()
    {
        Answers(Answer.Lost);
        Assert.IsType<SubmitResult.Unknown>(await _chain.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task No_answer_in_time_is_unknown()
    {
        using var impatient = _server.Connect(
            new BlockfrostOptions { BaseUrl = _server.BaseUrl, CallTimeout = TimeSpan.FromMilliseconds(200) },
            TimeProvider.System
        );
        Answers(Answer.Never);
        Assert.IsType<SubmitResult.Unknown>(await impatient.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task Cancelling_on_the_way_is_unknown()
    {
        using var cancel = new CancellationTokenSource();
        Answers(Answer.Never);
        var submitting = _chain.SubmitAsync(_transaction, cancel.Token);
        while (_server.Calls.IsEmpty)
        {
            await Task.Delay(10, Stop);
        }

        await cancel.CancelAsync();
        Assert.IsType<SubmitResult.Unknown>(await submitting);
    }

    [Theory]
    [InlineData("\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task A_success_that_does_not_name_the_transaction_is_unknown(string body)
    {
        Answers(Answer.Ok(body));
        Assert.IsType<SubmitResult.Unknown>(await _chain.SubmitAsync(_transaction, Stop));
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_unknown()
    {
        using var nowhere = _server.Connect(new BlockfrostOptions { BaseUrl = new Uri("http://127.0.0.1:1/api/v0") });
        Assert.IsType<SubmitResult.Unknown>(await nowhere.SubmitAsync(_transaction, Stop));
    }

    private void Answers(Answer answer) => _server.Script("/tx/submit", answer);
}
