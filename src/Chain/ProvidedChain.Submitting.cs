using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain;

// What concerns a transaction of our own: sending it, and asking another provider about it.
public sealed partial class ProvidedChain
{
    /// <inheritdoc/>
    /// <remarks>
    /// One attempt, at every provider that is asked at all: one of them may swallow what it says it took, or refuse what the others take. Whether to send the
    /// same bytes again is the caller's decision.
    /// </remarks>
    public async Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ready = _board.Lines.Where(l => l.Wait == TimeSpan.Zero).ToList();
        if (ready.Count == 0)
        {
            var why = ProviderBoard.Together([.. _board.Lines.Select(l => l.NotAsked())]);
            return new SubmitResult.Unknown($"not sent: {why.Message}") { Trouble = ProviderTrouble.NotAsked };
        }

        var answers = await Task.WhenAll(ready.Select(l => SubmitAsync(l, transaction, cancellation))).ConfigureAwait(false);
        return answers.FirstOrDefault(a => a is SubmitResult.Accepted)
            ?? answers.FirstOrDefault(IsDoubt)
            ?? answers.FirstOrDefault(a => a is SubmitResult.Refused)
            ?? answers[0];
    }

    // A provider that does not serve us has not taken it, and does not stand in the way of the others' word.
    private static bool IsDoubt(SubmitResult answer) =>
        answer is SubmitResult.Unknown { Trouble: not (ProviderTrouble.NotAsked or ProviderTrouble.Refused or ProviderTrouble.Limited) };

    /// <inheritdoc/>
    public async Task<bool?> AgreeAsync(TransactionId txId, BlockPoint block, CancellationToken cancellation)
    {
        if (_board.Lines.Length < 2)
        {
            return null;
        }

        var answers = await Task.WhenAll(_board.Lines.Select(l => KnowsAsync(l, txId, block, cancellation))).ConfigureAwait(false);
        return answers.Any(a => a is false) ? false
            : answers.Count(a => a is true) >= 2 ? true
            : throw new ChainUnavailableException($"No second provider says whether it knows transaction {txId}.");
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ProviderWord>> FindEverywhereAsync(TransactionId txId, CancellationToken cancellation) =>
        [.. await Task.WhenAll(_board.Lines.Select(l => WordAsync(l, txId, cancellation))).ConfigureAwait(false)];

    private async Task<SubmitResult> SubmitAsync(ProviderLine line, Transaction transaction, CancellationToken cancellation)
    {
        try
        {
            return await line.AskAsync(CallKind.Submit, (p, c) => p.SubmitAsync(transaction, c), _priority, _options.CallBudget, cancellation)
                .ConfigureAwait(false);
        }
        catch (ChainUnavailableException e)
        {
            return new SubmitResult.Unknown(e.Message) { Trouble = e.Trouble, RetryAfter = e.RetryAfter };
        }
        catch (OperationCanceledException)
        {
            return new SubmitResult.Unknown("cancelled while waiting for the answer") { Trouble = ProviderTrouble.NoAnswer };
        }
    }

    private async Task<ProviderWord> WordAsync(ProviderLine line, TransactionId txId, CancellationToken cancellation)
    {
        try
        {
            var found = await FindAtAsync(line, txId, cancellation).ConfigureAwait(false);
            return new ProviderWord(line.Name, found, null);
        }
        catch (ChainUnavailableException e)
        {
            return new ProviderWord(line.Name, null, e.Message);
        }
    }

    private Task<ChainTransaction?> FindAtAsync(ProviderLine line, TransactionId txId, CancellationToken cancellation) =>
        _board.AskAsync([line], CallKind.Transaction, (l, c) => FindCheckedAsync(l.Provider, txId, c), _priority, _board.StartBudget(), cancellation);

    // Null: it does not say.
    private async Task<bool?> KnowsAsync(ProviderLine line, TransactionId txId, BlockPoint block, CancellationToken cancellation)
    {
        try
        {
            var found = await FindAtAsync(line, txId, cancellation).ConfigureAwait(false);
            return found?.Block.Hash == block.Hash;
        }
        catch (ChainUnavailableException)
        {
            return null;
        }
    }
}
