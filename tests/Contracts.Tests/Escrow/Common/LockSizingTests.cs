using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class LockSizingTests
{
    private static readonly Value Token = Value.Of(Lovelace.Zero, Scenes.Usdm, 5);

    [Theory]
    [InlineData(658, 0, 4_236_730)]
    [InlineData(662, 0, 4_253_970)]
    [InlineData(658, 1, 4_452_230)]
    [InlineData(662, 1, 4_469_470)]
    [InlineData(739, 0, 4_585_840)]
    [InlineData(743, 0, 4_603_080)]
    [InlineData(739, 1, 4_801_340)]
    [InlineData(743, 1, 4_818_580)]
    public void The_estimate_gives_the_sample_numbers(int datumBytes, int tokens, long lovelace)
    {
        Assert.Equal(new Lovelace(lovelace), LockSizing.Estimate(4310, datumBytes, tokens));
    }

    [Fact]
    public void A_token_price_locks_the_second_pass_and_all_of_it_is_collateral()
    {
        var size = Scenes.Lock(EscrowFamily.V2, Token);
        Assert.Equal(new Lovelace(4_469_470), size.Value.Coin);
        Assert.Equal(size.Value.Coin, size.CollateralReturn);
        Assert.Equal(5, size.Value[Scenes.Usdm]);
        Assert.Equal(new Lovelace(4_818_580), Scenes.Lock(EscrowFamily.V2, Token, buyerReturn: Vectors.Buyer).Value.Coin);
    }

    [Fact]
    public void A_small_ada_price_is_filled_up_with_collateral()
    {
        var size = Scenes.Lock(EscrowFamily.V2, Value.Of(new Lovelace(1_000_000)));
        Assert.Equal(new Lovelace(4_253_970), size.Value.Coin);
        Assert.Equal(new Lovelace(3_253_970), size.CollateralReturn);
    }

    [Fact]
    public void Collateral_is_never_dust()
    {
        var size = Scenes.Lock(EscrowFamily.V2, Value.Of(new Lovelace(4_200_000)));
        Assert.Equal(LockSizing.LeastCollateral, size.CollateralReturn);
        Assert.Equal(new Lovelace(4_200_000) + LockSizing.LeastCollateral, size.Value.Coin);
    }

    [Fact]
    public void A_large_ada_price_needs_no_collateral()
    {
        var size = Scenes.Lock(EscrowFamily.V2, Value.Of(new Lovelace(4_236_730)));
        Assert.Equal(new Lovelace(4_236_730), size.Value.Coin);
        Assert.Equal(Lovelace.Zero, size.CollateralReturn);
    }

    [Theory]
    [InlineData(EscrowFamily.V1, 0)]
    [InlineData(EscrowFamily.V1, 7)]
    [InlineData(EscrowFamily.V2, 0)]
    [InlineData(EscrowFamily.V2, 1)]
    [InlineData(EscrowFamily.V2, 7)]
    public void The_output_holds_what_the_ledger_wants_now_and_with_a_result(EscrowFamily family, int tokens)
    {
        var price = Value.Of(
            tokens == 0 ? new Lovelace(1) : Lovelace.Zero,
            Enumerable
                .Range(0, tokens)
                .Select(i => KeyValuePair.Create(AssetId.Parse(Vectors.Repeat($"0{i}", 28) + Vectors.Repeat("ab", 32)), (Int128)ulong.MaxValue))
        );
        var size = Scenes.Lock(family, price);
        var datum = size.Datum with { State = EscrowState.ResultSubmitted, ResultHash = Scenes.Result };
        var output = new TxOutput(Scenes.Contract(family).Address, size.Value, datum.ToInline());
        Assert.True(size.Value.Coin >= Fees.MinUtxo(Scenes.Parameters, output));
        Assert.True(size.CollateralReturn == Lovelace.Zero || size.CollateralReturn >= LockSizing.LeastCollateral);
        Assert.Equal(price.Coin, size.Value.Coin - size.CollateralReturn);
    }
}
