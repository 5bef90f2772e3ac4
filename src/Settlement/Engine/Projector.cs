using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>
/// Computes what the chain says about a deal from the steps of its escrow, in chain order (spec settlement.md 8.1). Pure: the same terms and steps
/// always give the same projection, however often blocks came and went.
/// </summary>
internal static class Projector
{
    /// <summary>The deal with its projection computed anew.</summary>
    /// <param name="deal">Terms and side.</param>
    /// <param name="steps">Every step of its identifier at its source, in chain order.</param>
    /// <param name="source">The contract instance.</param>
    /// <param name="wallet">The acting wallet's address; a purchase without one has locked nothing.</param>
    public static Deal Project(Deal deal, IReadOnlyList<EscrowStep> steps, PaymentSource source, Address? wallet)
    {
        var projection = Projection.Nothing;
        foreach (var step in steps)
        {
            projection = step.Action is { } action ? Follow(projection, step, action, source) : Lock(deal, projection, step, source, wallet);
        }

        // A deadline that passed without a lock stays passed, unless the chain has something to say after all.
        if (projection.State is null && deal.IsExpired)
        {
            projection = projection with { State = OnChainState.FundsOrDatumInvalid };
        }

        return deal with
        {
            Projection = projection,
        };
    }

    /// <summary>A deal's terms in the contracts' form.</summary>
    public static EscrowTerms TermsOf(DealTerms terms) =>
        new()
        {
            Identifier = IdentifierParts.TryDecode(terms.Identifier.ToString(), out var identifier, out _)
                ? identifier
                : throw new InvalidOperationException("A stored identifier does not decode."),
            Deadlines = terms.Deadlines,
            InputHash = terms.InputHash,
            Price = terms.Funds,
            Seller = terms.SellerAddress,
            SellerReturn = terms.SellerReturnAddress,
        };

    private static Projection Lock(Deal deal, Projection before, EscrowStep step, PaymentSource source, Address? wallet)
    {
        // The first good lock counts; what comes later is somebody's gift, or dust.
        if (
            before.Escrow is not null
            || IsFinal(before.State)
            || step is not { Created: { } at, Output: { } output }
            || !EscrowDatum.TryRead(output, source.Family, out var datum, out _)
        )
        {
            return before;
        }

        var terms = TermsOf(deal.Terms);
        var locked = new EscrowEvent.Locked(
            at,
            datum,
            output.Value,
            IdentifierParts.Of(datum, source.ContractAddress),
            output.ReferenceScript is not null,
            step.PaidByBuyer ? ImmutableHashSet.Create(datum.Buyer) : ImmutableHashSet<Address>.Empty
        );
        ImmutableArray<LockFailure> failures;
        if (deal.Side == DealSide.Purchase)
        {
            if (wallet is null || deal.LockCollateral is not { } collateral)
            {
                return before;
            }

            failures = LockAcceptance.CheckPurchase(locked, step.Block.Time, terms, terms.LockDatum(wallet, deal.Terms.BuyerReturnAddress, collateral));
        }
        else if (LockAcceptance.CheckPayment(locked, step.Block.Time, terms) is { } checkedFailures)
        {
            failures = checkedFailures;
        }
        else
        {
            return before;
        }

        if (!failures.IsEmpty)
        {
            return before with { State = OnChainState.FundsOrDatumInvalid, CurrentTransaction = step.TxId, Refusal = string.Join(";\n ", failures) };
        }

        return Show(Projection.Nothing with { BuyerFees = step.Fee }, step, datum, OnChainState.FundsLocked, at);
    }

    private static Projection Follow(Projection before, EscrowStep step, EscrowAction action, PaymentSource source)
    {
        // Only what descends from the accepted lock is this escrow.
        if (before.Escrow is null || step.Spent != before.Escrow)
        {
            return before;
        }

        before = EscrowWatcher.FeePayer(action) switch
        {
            EscrowParty.Buyer => before with { BuyerFees = before.BuyerFees + step.Fee },
            EscrowParty.Seller => before with { SellerFees = before.SellerFees + step.Fee },
            _ => before,
        };
        if (step is { Created: { } at, Output: { } output })
        {
            return EscrowDatum.TryRead(output, source.Family, out var datum, out _) ? Show(before, step, datum, StateOf(datum), at) : before;
        }

        return before with
        {
            State = action switch
            {
                EscrowAction.Withdraw => OnChainState.Withdrawn,
                EscrowAction.WithdrawRefund => OnChainState.RefundWithdrawn,
                _ => OnChainState.DisputedWithdrawn,
            },
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
            Refusal = null,
        };

    private static OnChainState StateOf(EscrowDatum datum) =>
        datum.State switch
        {
            EscrowState.FundsLocked => OnChainState.FundsLocked,
            EscrowState.ResultSubmitted => OnChainState.ResultSubmitted,
            EscrowState.RefundRequested => OnChainState.RefundRequested,
            EscrowState.Disputed => OnChainState.Disputed,
            EscrowState.WithdrawAuthorized => OnChainState.WithdrawAuthorized,
            _ => OnChainState.RefundAuthorized,
        };

    private static bool IsFinal(OnChainState? state) => state is OnChainState.Withdrawn or OnChainState.RefundWithdrawn or OnChainState.DisputedWithdrawn;
}
