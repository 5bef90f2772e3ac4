using Masumi.Chain;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>
/// Gets stored transactions onto the chain, always with the same bytes, and finds out what became of them (spec settlement.md 8.1, 8.5).
/// Only the chain declares one dead: its validity is over by the chain's slot and the chain does not have it, or another transaction spent its inputs.
/// </summary>
internal sealed class Broadcaster(SettlementStore store, IChain chain, SettlementOptions options, ILogger logger)
{
    /// <summary>Sends one stored intent and records the answer. <paramref name="first"/>: these bytes have never been offered to anyone.</summary>
    public async Task SubmitAsync(Intent intent, bool first, BlockPoint tip, CancellationToken cancellation)
    {
        var answer = await chain.SubmitAsync(intent.Transaction, cancellation).ConfigureAwait(false);
        switch (answer)
        {
            case SubmitResult.Accepted:
                await store.SetIntentStateAsync(intent, IntentState.Submitted, null, null, cancellation).ConfigureAwait(false);
                break;

            case SubmitResult.Refused refused:
                logger.LogWarning("{Kind} {TxId} was refused: {Reason}", intent.Kind, intent.Transaction.Id, refused.Reason);
                await OnRefusedAsync(intent, first, refused.Reason, tip, cancellation).ConfigureAwait(false);
                break;

            case SubmitResult.Unknown unknown:
                // It stays as it is and is sent again, byte for byte, until the chain has it or its validity is over.
                logger.LogWarning("{Kind} {TxId}: no clear answer ({Reason})", intent.Kind, intent.Transaction.Id, unknown.Reason);
                await store.SetIntentStateAsync(intent, intent.State, unknown.Reason, null, cancellation).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Looks after every live intent at a new tip: found in a block, sent again, or declared dead.</summary>
    public async Task TendAsync(BlockPoint tip, bool newBlock, CancellationToken cancellation)
    {
        foreach (var intent in await store.ListLiveIntentsAsync(cancellation).ConfigureAwait(false))
        {
            if (intent.State == IntentState.Submitted && !newBlock)
            {
                continue;
            }

            if (await chain.FindTransactionAsync(intent.Transaction.Id, cancellation).ConfigureAwait(false) is { } found)
            {
                await NoteFoundAsync(intent, found, tip, cancellation).ConfigureAwait(false);
            }
            else if (tip.Slot > intent.InvalidHereafter + options.ExpiryGraceSlots)
            {
                logger.LogWarning("{Kind} {TxId} expired without reaching the chain", intent.Kind, intent.Transaction.Id);
                await store.SetIntentStateAsync(intent, IntentState.Expired, "validity ended; not on chain", null, cancellation).ConfigureAwait(false);
            }
            else if (tip.Slot < intent.InvalidHereafter)
            {
                await SubmitAsync(intent, first: false, tip, cancellation).ConfigureAwait(false);
            }
        }
    }

    // In a block, but not deep enough: it stays live, and what it spends stays taken.
    private Task NoteFoundAsync(Intent intent, ChainTransaction found, BlockPoint tip, CancellationToken cancellation) =>
        found.Block.Height <= tip.Height - options.Confirmations + 1 ? store.MarkIncludedAsync(intent, found, cancellation)
        : intent.State == IntentState.Submitted ? Task.CompletedTask
        : store.SetIntentStateAsync(intent, IntentState.Submitted, null, null, cancellation);

    private async Task OnRefusedAsync(Intent intent, bool first, string reason, BlockPoint tip, CancellationToken cancellation)
    {
        if (await chain.FindTransactionAsync(intent.Transaction.Id, cancellation).ConfigureAwait(false) is { } found)
        {
            await NoteFoundAsync(intent, found, tip, cancellation).ConfigureAwait(false);
        }
        else if (first)
        {
            // These bytes were never offered before, so no mempool anywhere holds them: the refusal is final and frees the inputs.
            var problem = new DealProblem("Unknown", Shorten(reason), NeedsManual: false);
            await store.SetIntentStateAsync(intent, IntentState.Refused, reason, problem, cancellation).ConfigureAwait(false);
        }
        else
        {
            // An earlier offer may sit in a mempool that this refusal did not come from. The chain decides, at the latest when validity ends.
            await store.SetIntentStateAsync(intent, intent.State, reason, null, cancellation).ConfigureAwait(false);
        }
    }

    private static string Shorten(string reason) => reason.Length <= 500 ? reason : reason[..500] + "…";
}
