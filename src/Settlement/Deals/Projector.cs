using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Deals;

/// <summary>What a projection takes besides the deal and its steps.</summary>
/// <param name="Contract">The contract's address.</param>
/// <param name="TipHeight">The height up to which the chain is known.</param>
/// <param name="Payers">
/// Purchasing wallets of the source by address, the one in use first where one was removed and added again: a purchase's lock is one that one of them signed.
/// </param>
/// <param name="Confirmations">How many blocks must stand on a lock before the seller counts it.</param>
internal sealed record ProjectionContext(
    Address Contract,
    long TipHeight,
    IReadOnlyDictionary<Address, ImmutableArray<string>> Payers,
    Confirmations Confirmations
)
{
    /// <summary>That of a source, with the wallets as they are now.</summary>
    public static ProjectionContext Of(PaymentSource source, IReadOnlyList<HotWallet> wallets, long tipHeight, Confirmations confirmations) =>
        new(
            source.ContractAddress,
            tipHeight,
            wallets
                .Where(w => w.SourceId == source.Id && w.Role == WalletRole.Purchasing)
                .GroupBy(w => w.Address)
                .ToDictionary(
                    g => g.Key,
                    g => g.OrderBy(w => w.DeletedAt is not null).ThenBy(w => w.Id, StringComparer.Ordinal).Select(w => w.Id).ToImmutableArray()
                ),
            confirmations
        );

    /// <summary>False makes the first wrong output under an identifier count as its end: for the simulation alone (H2).</summary>
    public bool IgnoresStrangeOutputs { get; init; } = true;

    /// <summary>False makes a lock count only when this database knows of the attempt: for the simulation alone (O1).</summary>
    public bool AdoptsOwnLocks { get; init; } = true;
}

/// <summary>
/// Computes what the chain says about a deal from the steps of its escrow, in chain order (spec settlement.md 8.1). Pure: the same terms and steps
/// always give the same projection, however often blocks came and went. What is not the agreed lock is noted and ignored, each output for itself (F28-F30):
/// the right lock counts whenever it comes.
/// </summary>
internal static class Projector
{
    /// <summary>The projection.</summary>
    /// <param name="deal">Terms and side.</param>
    /// <param name="steps">Every step of its identifier at its source, in chain order.</param>
    /// <param name="context">What else it takes.</param>
    public static Projection Project(Deal deal, IReadOnlyList<EscrowStep> steps, ProjectionContext context)
    {
        var projection = Start(deal, steps);
        foreach (var step in steps)
        {
            projection = step.Action is { } action ? Follow(projection, step, action, deal.Family) : Lock(deal, projection, step, context);
            if (projection is { State: null, Strange: not null } && !context.IgnoresStrangeOutputs)
            {
                return projection;
            }
        }

        return projection;
    }

    /// <summary>Whether a lock's step is the one by which a purchase, as it is projected, was paid by a wallet of this node.</summary>
    public static bool IsOurLock(Deal deal, EscrowStep step, ProjectionContext context) =>
        deal is { Side: DealSide.Purchase, Projection: { State: not null, PayingWallet: { } wallet } }
        && step is { Action: null, SignedByBuyer: true, Created: { } at, Output: { } output }
        && deal.Projection.SecondLock != at
        && EscrowDatum.TryRead(output, deal.Family, out var datum, out _)
        && context.Payers.TryGetValue(datum.Buyer, out var ids)
        && ids.Contains(wallet);

    /// <summary>The wallet of this node that signed a lock, whoever it is for; null when none did.</summary>
    public static string? PayerOf(EscrowStep step, EscrowFamily family, ProjectionContext context) =>
        context.AdoptsOwnLocks
        && step is { Action: null, SignedByBuyer: true, Output: { } output }
        && EscrowDatum.TryRead(output, family, out var datum, out _)
        && context.Payers.TryGetValue(datum.Buyer, out var ids)
            ? ids[0]
            : null;

    // An output without content belongs to an escrow that ended beyond every rollback, with nothing strange besides: what stands is what all of it said, and says
    // the same when what is left of it is folded once more. Only what came later is still to be judged.
    private static Projection Start(Deal deal, IReadOnlyList<EscrowStep> steps) =>
        steps.Any(s => s is { Created: not null, Output: null }) ? deal.Projection with { Strange = null, SecondLock = null } : Projection.Nothing;

    private static Projection Lock(Deal deal, Projection before, EscrowStep step, ProjectionContext context)
    {
        if (step is not { Created: { } at, Output: { } output } || !EscrowDatum.TryRead(output, deal.Family, out var datum, out _))
        {
            return before;
        }

        // Whatever names the buyer without the buyer's signature is not the buyer's doing; whatever names another buyer is not this purchase.
        var payer = Payer(deal, datum, context);
        if (!step.SignedByBuyer || (deal.Side == DealSide.Purchase && payer is null))
        {
            return before with { Strange = $"{at}, not paid by {(deal.Side == DealSide.Purchase ? "a wallet of this node" : $"its buyer {datum.Buyer}")}" };
        }

        var terms = deal.Terms.ToEscrow();
        var locked = new EscrowEvent.Locked(
            at,
            datum,
            output.Value,
            IdentifierParts.Of(datum, context.Contract),
            output.ReferenceScript is not null,
            ImmutableHashSet.Create(datum.Buyer)
        );
        var failures =
            deal.Side == DealSide.Purchase
                ? LockAcceptance.CheckPurchase(locked, step.Block.Time, terms, terms.LockDatum(datum.Buyer, datum.BuyerReturn, datum.CollateralReturn))
                : LockAcceptance.CheckPayment(locked, step.Block.Time, terms) ?? [];
        if (!failures.IsEmpty)
        {
            return before with { Strange = $"{at}: {string.Join("; ", failures)}" };
        }

        // The first good lock counts; another is money without a deal.
        if (before.State is not null)
        {
            return before with { SecondLock = at };
        }

        if (deal.Side == DealSide.Payment && (!step.IsAgreed || context.TipHeight - step.Block.Height < context.Confirmations.Of(deal.Terms.Funds)))
        {
            return before;
        }

        return Show(before with { BuyerFees = step.Fee, PayingWallet = payer }, step, datum, OnChainState.FundsLocked, at);
    }

    // The wallet of this node that a lock names as its buyer, by its key: the very same one may be there under two ids.
    private static string? Payer(Deal deal, EscrowDatum datum, ProjectionContext context) =>
        !context.Payers.TryGetValue(datum.Buyer, out var ids) ? null
        : deal is { Side: DealSide.Purchase, WalletId: { } own } ? ids.FirstOrDefault(id => id == own)
        : deal.Side == DealSide.Purchase && !context.AdoptsOwnLocks ? null
        : ids[0];

    private static Projection Follow(Projection before, EscrowStep step, EscrowAction action, EscrowFamily family)
    {
        // Only what descends from the accepted lock is this escrow.
        if (before.Escrow is null || step.Spent != before.Escrow)
        {
            return before.SecondLock is { } second && step.Spent == second ? before with { SecondLock = step.Created } : before;
        }

        before = EscrowWatcher.FeePayer(action) switch
        {
            EscrowParty.Buyer => before with { BuyerFees = before.BuyerFees + step.Fee },
            EscrowParty.Seller => before with { SellerFees = before.SellerFees + step.Fee },
            _ => before,
        };
        if (step is { Created: { } at, Output: { } output })
        {
            return EscrowDatum.TryRead(output, family, out var datum, out _) ? Show(before, step, datum, StateOf(datum), at) : before;
        }

        return before with
        {
            State = StateOf(action),
            Escrow = null,
            CurrentTransaction = step.TxId,
            SellerCooldown = DateTimeOffset.UnixEpoch,
            BuyerCooldown = DateTimeOffset.UnixEpoch,
        };
    }

    private static Projection Show(Projection before, EscrowStep step, EscrowDatum datum, OnChainState state, TxInput at) =>
        before with
        {
            State = state,
            // An authorised refund empties the hash on chain; the evidence is kept.
            ResultHash = datum.ResultHash.IsEmpty ? before.ResultHash : datum.ResultHash.ToString(),
            BuyerAddress = datum.Buyer,
            BuyerReturnAddress = datum.BuyerReturn,
            CollateralReturn = datum.CollateralReturn,
            SellerCooldown = datum.SellerCooldownTime,
            BuyerCooldown = datum.BuyerCooldownTime,
            Escrow = at,
            CurrentTransaction = step.TxId,
        };

    /// <summary>In which state an action leaves an escrow that it ends.</summary>
    public static OnChainState StateOf(EscrowAction action) =>
        action switch
        {
            EscrowAction.Withdraw => OnChainState.Withdrawn,
            EscrowAction.WithdrawRefund => OnChainState.RefundWithdrawn,
            _ => OnChainState.DisputedWithdrawn,
        };

    /// <summary>The state that a datum says.</summary>
    public static OnChainState StateOf(EscrowDatum datum) =>
        datum.State switch
        {
            EscrowState.FundsLocked => OnChainState.FundsLocked,
            EscrowState.ResultSubmitted => OnChainState.ResultSubmitted,
            EscrowState.RefundRequested => OnChainState.RefundRequested,
            EscrowState.Disputed => OnChainState.Disputed,
            EscrowState.WithdrawAuthorized => OnChainState.WithdrawAuthorized,
            _ => OnChainState.RefundAuthorized,
        };
}
