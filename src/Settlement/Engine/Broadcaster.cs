using Masumi.Chain;
using Masumi.Protocol;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>
/// Gets stored transactions onto the chain, always with the same bytes, and finds out what became of them (spec settlement.md 8.1, 8.5).
/// Only the chain declares one dead: its validity is over by the chain's slot and the chain does not have it, or another transaction spent its inputs.
/// </summary>
internal sealed class Broadcaster(SettlementStore store, IChain chain, SettlementOptions options, ILogger logger)
{
    /// <summary>Sends one stored attempt and records the answer. <paramref name="first"/>: these bytes have never been offered to anyone.</summary>
    public async Task SubmitAsync(Attempt attempt, bool first, BlockPoint tip, CancellationToken cancellation)
    {
        var answer = await chain.SubmitAsync(attempt.Transaction, cancellation);
        switch (answer)
        {
            case SubmitResult.Accepted:
                await store.SetAttemptStateAsync(attempt, AttemptState.Submitted, null, null, cancellation);
                break;

            case SubmitResult.Refused refused:
                logger.LogWarning("{Kind} {TxId} was refused: {Reason}", attempt.Kind, attempt.Transaction.Id, refused.Reason);
                await OnRefusedAsync(attempt, first, refused.Reason, tip, cancellation);
                break;

            case SubmitResult.Unknown unknown:
                // It stays as it is and is sent again, byte for byte, until the chain has it or its validity is over.
                logger.LogWarning("{Kind} {TxId}: no clear answer ({Reason})", attempt.Kind, attempt.Transaction.Id, unknown.Reason);
                await store.SetAttemptStateAsync(attempt, attempt.State, unknown.Reason, null, cancellation);
                break;
        }
    }

    /// <summary>Looks after every live attempt at a new tip: found in a block, sent again, or declared dead.</summary>
    public async Task TendAsync(BlockPoint tip, bool newBlock, CancellationToken cancellation)
    {
        foreach (var attempt in await store.ListLiveAttemptsAsync(cancellation))
        {
            if (attempt.State == AttemptState.Submitted && !newBlock)
            {
                continue;
            }

            if (await chain.FindTransactionAsync(attempt.Transaction.Id, cancellation) is { } found)
            {
                await NoteFoundAsync(attempt, found, tip, cancellation);
            }
            else if (tip.Slot > attempt.InvalidHereafter + options.ExpiryGraceSlots)
            {
                logger.LogWarning("{Kind} {TxId} expired without reaching the chain", attempt.Kind, attempt.Transaction.Id);
                await store.SetAttemptStateAsync(attempt, AttemptState.Expired, "validity ended; not on chain", null, cancellation);
            }
            else if (tip.Slot < attempt.InvalidHereafter)
            {
                await SubmitAsync(attempt, first: false, tip, cancellation);
            }
        }
    }

    // In a block, but not deep enough: it stays live, and what it spends stays taken.
    private Task NoteFoundAsync(Attempt attempt, ChainTransaction found, BlockPoint tip, CancellationToken cancellation) =>
        found.Block.Height <= tip.Height - options.Confirmations + 1 ? store.MarkIncludedAsync(attempt, found, cancellation)
        : attempt.State == AttemptState.Submitted ? Task.CompletedTask
        : store.SetAttemptStateAsync(attempt, AttemptState.Submitted, null, null, cancellation);

    private async Task OnRefusedAsync(Attempt attempt, bool first, string reason, BlockPoint tip, CancellationToken cancellation)
    {
        if (await chain.FindTransactionAsync(attempt.Transaction.Id, cancellation) is { } found)
        {
            await NoteFoundAsync(attempt, found, tip, cancellation);
        }
        else if (first)
        {
            // These bytes were never offered before, so no mempool anywhere holds them: the refusal is final and frees the inputs.
            var problem = new DealProblem(ErrorType.Unknown, Shorten(reason), NeedsManual: false);
            await store.SetAttemptStateAsync(attempt, AttemptState.Refused, reason, problem, cancellation);
        }
        else
        {
            // An earlier offer may sit in a mempool that this refusal did not come from. The chain decides, at the latest when validity ends.
            await store.SetAttemptStateAsync(attempt, attempt.State, reason, null, cancellation);
        }
    }

    private static string Shorten(string reason) => reason.Length <= 500 ? reason : reason[..500] + "…";
}
