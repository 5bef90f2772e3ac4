using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A check on a lock found on chain (spec escrow.md 8.4).</summary>
public enum LockRule
{
    /// <summary>No reference script on the output.</summary>
    ReferenceScript,

    /// <summary>The input hash is the one signed.</summary>
    InputHash,

    /// <summary>The seller is the one agreed on.</summary>
    Seller,

    /// <summary>An input of the transaction was at exactly the buyer's address.</summary>
    Funder,

    /// <summary>The collateral is the one chosen, or in the range the seller accepts.</summary>
    Collateral,

    /// <summary>The pay-by time is the one signed.</summary>
    PayBy,

    /// <summary>The lock was in a block by then.</summary>
    InTime,

    /// <summary>The buyer is the wallet that locked.</summary>
    Buyer,

    /// <summary>A new escrow: funds locked, no result.</summary>
    State,

    /// <summary>The result's deadline is the one signed.</summary>
    SubmitResultBy,

    /// <summary>The unlock time is the one signed.</summary>
    Unlock,

    /// <summary>The dispute unlock time is the one signed.</summary>
    ExternalDisputeUnlock,

    /// <summary>Nobody has to wait yet.</summary>
    Cooldowns,

    /// <summary>V2: the buyer's return address is the one chosen.</summary>
    BuyerReturn,

    /// <summary>V2: the seller's return address is the one signed.</summary>
    SellerReturn,

    /// <summary>The ADA covers price and collateral.</summary>
    Ada,

    /// <summary>Every token is there in exactly the quantity agreed on.</summary>
    Tokens,

    /// <summary>No foreign assets: they make the escrow harder to spend.</summary>
    ForeignAssets,

    /// <summary>The datum and what is in it are small enough for the other party's next transaction.</summary>
    Bounds,
}

/// <summary>A check that failed.</summary>
public sealed record LockFailure(LockRule Rule, string Supplied, string Required)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Rule}: {Supplied}; required: {Required}";
}

/// <summary>Whether a lock on chain is the one agreed on. All checks are made; each failure names both values.</summary>
public static class LockAcceptance
{
    /// <summary>The buyer's side: is this our own lock? Empty when it is.</summary>
    /// <param name="locked">The output found.</param>
    /// <param name="blockTime">When it was included.</param>
    /// <param name="terms">What was agreed.</param>
    /// <param name="sent">The lock as this node built it.</param>
    public static ImmutableArray<LockFailure> CheckPurchase(EscrowEvent.Locked locked, DateTimeOffset blockTime, EscrowTerms terms, EscrowDatum sent)
    {
        ArgumentNullException.ThrowIfNull(locked);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(sent);
        var datum = locked.Datum;
        var check = new Checks(locked, blockTime, terms);
        check.Common();
        check.Funder();
        check.Equal(LockRule.Collateral, datum.CollateralReturn, sent.CollateralReturn);
        check.Equal(LockRule.Buyer, datum.Buyer, sent.Buyer);
        check.Need(
            LockRule.Unlock,
            Ms(datum.Deadlines.Unlock) >= Ms(terms.Deadlines.Unlock),
            $"{Ms(datum.Deadlines.Unlock)}",
            $"at least {Ms(terms.Deadlines.Unlock)}"
        );
        check.Equal(LockRule.BuyerReturn, datum.BuyerReturn, sent.BuyerReturn);
        return check.Failures;
    }

    /// <summary>
    /// The seller's side: has the buyer paid? Null when no input was at the buyer's address: then it is not the buyer's doing and means nothing. Otherwise
    /// empty when it is good.
    /// </summary>
    /// <param name="locked">The output found.</param>
    /// <param name="blockTime">When it was included.</param>
    /// <param name="terms">What was agreed.</param>
    public static ImmutableArray<LockFailure>? CheckPayment(EscrowEvent.Locked locked, DateTimeOffset blockTime, EscrowTerms terms)
    {
        ArgumentNullException.ThrowIfNull(locked);
        ArgumentNullException.ThrowIfNull(terms);
        if (!locked.Funders.Contains(locked.Datum.Buyer))
        {
            return null;
        }

        var check = new Checks(locked, blockTime, terms);
        check.Common();
        check.Equal(LockRule.Unlock, Ms(locked.Datum.Deadlines.Unlock), Ms(terms.Deadlines.Unlock));
        check.Money();

        // The seller's side alone: a buyer never disowns a lock that it paid.
        check.Bounds();
        return check.Failures;
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private sealed class Checks(EscrowEvent.Locked locked, DateTimeOffset blockTime, EscrowTerms terms)
    {
        private readonly ImmutableArray<LockFailure>.Builder _failures = ImmutableArray.CreateBuilder<LockFailure>();

        public ImmutableArray<LockFailure> Failures => _failures.ToImmutable();

        public void Common()
        {
            var datum = locked.Datum;
            Need(LockRule.ReferenceScript, !locked.HasReferenceScript, "a reference script", "none");

            // The reference's seller does not compare this; but it is signed, and a dispute is about the input it names.
            Equal(LockRule.InputHash, datum.InputHash, new ByteString(terms.InputHash.ToBytes()));
            Equal(LockRule.Seller, datum.Seller, terms.Seller);
            Equal(LockRule.PayBy, Ms(datum.Deadlines.PayBy), Ms(terms.Deadlines.PayBy));
            Need(LockRule.InTime, Ms(blockTime) <= Ms(datum.Deadlines.PayBy), $"{Ms(blockTime)}", $"at most {Ms(datum.Deadlines.PayBy)}");
            Need(
                LockRule.State,
                datum.State == EscrowState.FundsLocked && datum.ResultHash.IsEmpty,
                $"{datum.State}, result '{datum.ResultHash}'",
                $"{EscrowState.FundsLocked}, no result"
            );
            Equal(LockRule.SubmitResultBy, Ms(datum.Deadlines.SubmitResult), Ms(terms.Deadlines.SubmitResult));
            Equal(LockRule.ExternalDisputeUnlock, Ms(datum.Deadlines.ExternalDisputeUnlock), Ms(terms.Deadlines.ExternalDisputeUnlock));
            Need(
                LockRule.Cooldowns,
                datum.SellerCooldown.IsZero && datum.BuyerCooldown.IsZero,
                $"seller {datum.SellerCooldown}, buyer {datum.BuyerCooldown}",
                "0 and 0"
            );
            Equal(LockRule.SellerReturn, datum.SellerReturn, datum.Family == EscrowFamily.V2 ? terms.SellerReturn : null);
        }

        public void Funder() => Need(LockRule.Funder, locked.Funders.Contains(locked.Datum.Buyer), "no input there", $"an input at {locked.Datum.Buyer}");

        public void Bounds()
        {
            foreach (var refusal in EscrowBounds.Check(locked.Datum))
            {
                Need(LockRule.Bounds, false, refusal.Supplied, refusal.Required);
            }
        }

        public void Money()
        {
            var coin = locked.Value.Coin;
            var collateral = locked.Datum.CollateralReturn;
            var most = Lovelace.Min(coin, LockSizing.MostCollateral(terms.Price));
            Need(
                LockRule.Collateral,
                (collateral == Lovelace.Zero || collateral >= LockSizing.LeastCollateral) && collateral <= most,
                $"{collateral}",
                $"0, or {LockSizing.LeastCollateral} to {most}"
            );
            Need(
                LockRule.Ada,
                coin >= collateral && coin - collateral >= terms.Price.Coin,
                $"{coin} with collateral {collateral}",
                $"{terms.Price.Coin} beside the collateral"
            );
            foreach (var (asset, quantity) in terms.Price.Assets)
            {
                Need(LockRule.Tokens, locked.Value[asset] == quantity, $"{locked.Value[asset]} {asset}", $"{quantity} {asset}");
            }

            Need(
                LockRule.ForeignAssets,
                locked.Value.Assets.Count == terms.Price.Assets.Count,
                $"{locked.Value.Assets.Count} assets",
                $"{terms.Price.Assets.Count}"
            );
        }

        public void Equal<T>(LockRule rule, T supplied, T required) =>
            Need(rule, EqualityComparer<T>.Default.Equals(supplied, required), supplied?.ToString() ?? "none", required?.ToString() ?? "none");

        public void Need(LockRule rule, bool holds, string supplied, string required)
        {
            if (!holds)
            {
                _failures.Add(new LockFailure(rule, supplied, required));
            }
        }
    }
}
