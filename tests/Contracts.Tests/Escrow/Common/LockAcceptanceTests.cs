using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class LockAcceptanceTests
{
    private static readonly Value Price = Value.Of(Lovelace.FromAda(3), Scenes.Usdm, 5);
    private static readonly EscrowTerms Terms = Vectors.Terms(EscrowFamily.V2, Price);
    private static readonly LockSize Size = Scenes.Lock(EscrowFamily.V2, Price);

    private static readonly EscrowEvent.Locked Good = new(Scenes.At, Size.Datum, Size.Value, Vectors.Identifier(EscrowFamily.V2), false, [Vectors.Buyer]);

    private static readonly DateTimeOffset InTime = Vectors.Deadlines.PayBy;

    private static EscrowEvent.Locked With(Func<EscrowDatum, EscrowDatum> change) => Good with { Datum = change(Good.Datum) };

    [Fact]
    public void The_lock_as_built_is_accepted_by_both_sides()
    {
        Assert.Empty(LockAcceptance.CheckPurchase(Good, InTime, Terms, Size.Datum));
        Assert.Empty(LockAcceptance.CheckPayment(Good, InTime, Terms)!.Value);
    }

    public static TheoryData<string, LockRule[], LockRule[]> Deviations =>
        new()
        {
            { "script", [LockRule.ReferenceScript], [LockRule.ReferenceScript] },
            { "input hash", [LockRule.InputHash], [LockRule.InputHash] },
            { "seller", [LockRule.Seller], [LockRule.Seller] },
            { "collateral dust", [LockRule.Collateral], [LockRule.Collateral] },
            { "collateral of everything", [LockRule.Collateral], [LockRule.Collateral, LockRule.Ada] },
            { "pay by", [LockRule.PayBy], [LockRule.PayBy] },
            { "submit by", [LockRule.SubmitResultBy], [LockRule.SubmitResultBy] },
            { "later unlock", [], [LockRule.Unlock] },
            { "sooner unlock", [LockRule.Unlock], [LockRule.Unlock] },
            { "dispute", [LockRule.ExternalDisputeUnlock], [LockRule.ExternalDisputeUnlock] },
            { "state", [LockRule.State], [LockRule.State] },
            { "result", [LockRule.State], [LockRule.State] },
            { "cooldown", [LockRule.Cooldowns], [LockRule.Cooldowns] },
            { "buyer return", [LockRule.BuyerReturn], [] },
            { "seller return", [LockRule.SellerReturn], [LockRule.SellerReturn] },
            { "one lovelace less", [], [LockRule.Ada] },
            { "fewer tokens", [], [LockRule.Tokens] },
            { "more tokens", [], [LockRule.Tokens] },
            { "foreign token", [], [LockRule.ForeignAssets] },
        };

    [Theory]
    [MemberData(nameof(Deviations))]
    public void Each_deviation_is_named(string what, LockRule[] purchase, LockRule[] payment)
    {
        var ms = TimeSpan.FromMilliseconds(1);
        var times = Vectors.Deadlines;
        var locked = what switch
        {
            "script" => Good with { HasReferenceScript = true },
            "input hash" => With(d => d with { InputHash = Scenes.Result }),
            "seller" => With(d => d with { Seller = Vectors.Buyer }),
            "collateral dust" => With(d => d with { CollateralReturn = LockSizing.LeastCollateral - new Lovelace(1) }),
            "collateral of everything" => With(d => d with { CollateralReturn = Size.Value.Coin + new Lovelace(1) }),
            "pay by" => With(d => d with { Deadlines = times with { PayBy = times.PayBy + ms } }),
            "submit by" => With(d => d with { Deadlines = times with { SubmitResult = times.SubmitResult - ms } }),
            "later unlock" => With(d => d with { Deadlines = times with { Unlock = times.Unlock + ms } }),
            "sooner unlock" => With(d => d with { Deadlines = times with { Unlock = times.Unlock - ms } }),
            "dispute" => With(d => d with { Deadlines = times with { ExternalDisputeUnlock = times.ExternalDisputeUnlock + ms } }),
            "state" => With(d => d with { State = EscrowState.RefundRequested }),
            "result" => With(d => d with { ResultHash = Scenes.Result }),
            "cooldown" => With(d => d with { SellerCooldown = 1 }),
            "buyer return" => With(d => d with { BuyerReturn = Vectors.Buyer }),
            "seller return" => With(d => d with { SellerReturn = Vectors.Buyer }),
            "one lovelace less" => Good with { Value = Good.Value.WithCoin(Price.Coin + Size.CollateralReturn - new Lovelace(1)) },
            "fewer tokens" => Good with { Value = Good.Value - Value.Of(Lovelace.Zero, Scenes.Usdm, 1) },
            "more tokens" => Good with { Value = Good.Value + Value.Of(Lovelace.Zero, Scenes.Usdm, 1) },
            "foreign token" => Good with { Value = Good.Value + Value.Of(Lovelace.Zero, AssetId.Parse(Vectors.V1Agent), 1) },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Equal(purchase, LockAcceptance.CheckPurchase(locked, InTime, Terms, Size.Datum).Select(f => f.Rule));
        Assert.Equal(payment, LockAcceptance.CheckPayment(locked, InTime, Terms)!.Value.Select(f => f.Rule));
    }

    // A V1 contract takes its fee of the whole output: a buyer's own ADA beside a small price would cost the seller more than the price.
    [Fact]
    public void More_of_the_buyers_own_ADA_than_the_price_and_ten_is_not_taken()
    {
        var most = LockSizing.MostCollateral(Price);
        LockRule[] Check(Lovelace collateral)
        {
            var locked = With(d => d with { CollateralReturn = collateral });
            locked = locked with { Value = locked.Value.WithCoin(Price.Coin + collateral) };
            return [.. LockAcceptance.CheckPayment(locked, InTime, Terms)!.Value.Select(f => f.Rule)];
        }

        Assert.Empty(Check(most));
        Assert.Equal([LockRule.Collateral], Check(most + new Lovelace(1)));
        Assert.Equal(Lovelace.FromAda(10), LockSizing.MostCollateral(Value.Of(Lovelace.FromAda(9))));
        Assert.Equal(Lovelace.FromAda(11), LockSizing.MostCollateral(Value.Of(Lovelace.FromAda(11))));
    }

    [Fact]
    public void A_lock_after_the_pay_by_time_is_too_late()
    {
        Assert.Equal([LockRule.InTime], LockAcceptance.CheckPayment(Good, InTime.AddSeconds(1), Terms)!.Value.Select(f => f.Rule));
        Assert.Equal([LockRule.InTime], LockAcceptance.CheckPurchase(Good, InTime.AddSeconds(1), Terms, Size.Datum).Select(f => f.Rule));
    }

    [Fact]
    public void A_lock_the_buyer_did_not_fund_means_nothing_to_the_seller_and_is_wrong_for_the_buyer()
    {
        var spoof = Good with { Funders = [Address.Parse(Vectors.AbandonEnterprise)] };
        Assert.Null(LockAcceptance.CheckPayment(spoof, InTime, Terms));
        Assert.Equal([LockRule.Funder], LockAcceptance.CheckPurchase(spoof, InTime, Terms, Size.Datum).Select(f => f.Rule));
    }
}
