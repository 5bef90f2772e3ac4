using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Transfers;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>Sends money from a wallet to an address, never twice for one transfer: what is made anew excludes what was tried before (ADR 3).</summary>
internal sealed class TransferPlanner(Commits commits, WalletCoins coins)
{
    /// <summary>Makes a transfer's transaction. Returns why not, or null.</summary>
    public async Task<CommitFailure?> RunAsync(Transfer transfer, PaymentSource source, HotWallet wallet, PlanningRound round, CancellationToken cancellation)
    {
        var inHand = await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation);
        var exclusion = await commits.ExcludeAsync([transfer.Id], TransferMachine.Send, inHand.Spendable, round.Tip, cancellation);
        if (exclusion is Exclusion.NotYet wait)
        {
            return new CommitFailure(TroubleKind.Rival, $"{wait.Attempt} could still reach the chain; required: slot {wait.DeadAfter} has passed");
        }

        var (inputs, rivals) = (Exclusion.Spending)exclusion;
        var end = round.Slots.SlotAt(round.Now + Validity.Longest);
        var plan = commits.PlanFor(wallet, inHand.Spendable.RemoveRange(inputs)) with
        {
            Inputs = inputs,
            Outputs = [new TxOutput(transfer.To, transfer.Amount)],
            InvalidHereafter = end,
            AuxiliaryData = TransferMark.Of(transfer.Id),
        };
        var (transaction, failure) = commits.Build(wallet, plan, source, round);
        if (transaction is not null)
        {
            var subject = new AttemptSubject(transfer.Id, TransferMachine.Send);
            await commits.CommitAsync(TransferMachine.Send, source, wallet, transaction, end, [subject], rivals, round, cancellation);
        }

        if (failure is not { Kind: TroubleKind.Funds })
        {
            return failure;
        }

        // The next try asks what came meanwhile; or there is enough, once a block has what is on its way.
        coins.Doubt(wallet.Id);
        return inHand.IsWaiting ? null : failure;
    }
}
