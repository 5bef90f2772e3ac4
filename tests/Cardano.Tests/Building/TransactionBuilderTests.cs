using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Building;

public sealed class TransactionBuilderTests
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    private static readonly TransactionPlan Empty = new() { ChangeAddress = Wallet.Home, Signers = [Wallet.Owner] };

    [Fact]
    public void A_payment_takes_the_largest_output_and_returns_the_change()
    {
        var plan = Empty with { Available = [Wallet.Ada(1, 5_000_000), Wallet.Ada(2, 50_000_000), Wallet.Ada(3, 7_000_000)], Outputs = [Pay(3_000_000)] };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal([Wallet.Input(2)], built.Transaction.Body.Inputs);
        Assert.Equal(1, built.ChangeIndex);
    }

    [Fact]
    public void The_same_plan_gives_the_same_bytes()
    {
        var plan = Empty with { Available = [Wallet.Ada(1, 5_000_000), Wallet.Ada(2, 5_000_000), Wallet.Ada(3, 5_000_000)], Outputs = [Pay(7_000_000)] };
        var shuffled = plan with { Available = [.. plan.Available.Reverse()] };
        Assert.Equal(Wallet.Built(plan).Transaction.Bytes.ToArray(), Wallet.Built(shuffled).Transaction.Bytes.ToArray());
    }

    [Fact]
    public void Change_too_small_for_an_output_takes_another_input()
    {
        var plan = Empty with { Available = [Wallet.Ada(1, 4_000_000), Wallet.Ada(2, 2_000_000)], Outputs = [Pay(3_500_000)] };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(2, built.Transaction.Body.Inputs.Length);
    }

    [Fact]
    public void Change_too_small_for_an_output_with_nothing_else_to_spend_is_insufficient_funds()
    {
        var plan = Empty with { Available = [Wallet.Ada(1, 4_000_000)], Outputs = [Pay(3_500_000)] };
        var missing = Wallet.Refused<BuildFailure.InsufficientFunds>(Wallet.Build(plan)).Missing;
        Assert.InRange(missing.Coin.Amount, 1, 969_750);

        var funded = plan with { Available = [Wallet.Ada(1, 4_000_000 + missing.Coin.Amount)] };
        BuiltTransaction.MustHold(funded, Wallet.Built(funded), Parameters);
    }

    [Fact]
    public void Everything_can_be_paid_out_without_change_when_exactly_the_fee_is_left()
    {
        var plan = Empty with { Available = [Wallet.Ada(1, 4_000_000)], Outputs = [Pay(3_000_000)] };
        var noChange = Enumerable
            .Range(150_000, 20_000)
            .Select(fee =>
                (
                    Fee: fee,
                    Size: Transaction.SizeOf(
                        new TransactionBody
                        {
                            Inputs = [Wallet.Input(1)],
                            Outputs = [Pay(4_000_000 - fee)],
                            Fee = new Lovelace(fee),
                        },
                        new WitnessSet { VKeys = [new VKeyWitness(new byte[32], new byte[64])] },
                        null
                    )
                )
            )
            .First(f => Fees.MinFee(Parameters, f.Size, default, 0).Amount == f.Fee)
            .Fee;
        var exact = plan with { Outputs = [Pay(4_000_000 - noChange)] };
        var built = Wallet.Built(exact);
        BuiltTransaction.MustHold(exact, built, Parameters);
        Assert.Null(built.ChangeIndex);
    }

    [Fact]
    public void Missing_tokens_are_named_with_their_quantity()
    {
        var plan = Empty with
        {
            Available = [Wallet.Tokens(1, 9_000_000, (Wallet.Asset(1), 5))],
            Outputs = [Pay(2_000_000) with { Value = Value.Of(new Lovelace(2_000_000), Wallet.Asset(1), 8) }],
        };
        Assert.Equal(3, Wallet.Refused<BuildFailure.InsufficientFunds>(Wallet.Build(plan)).Missing.Assets[Wallet.Asset(1)]);
    }

    [Fact]
    public void An_output_below_its_minimum_is_refused_with_both_amounts()
    {
        var refused = Wallet.Refused<BuildFailure.OutputTooSmall>(
            Wallet.Build(Empty with { Available = [Wallet.Ada(1, 9_000_000)], Outputs = [Pay(2_000_000), Pay(900_000)] })
        );
        Assert.Equal((1, 900_000, 978_370), (refused.OutputIndex, refused.Supplied.Amount, refused.Required.Amount));
    }

    [Fact]
    public void The_fee_is_the_least_also_where_the_change_needs_fewer_bytes_once_the_fee_is_higher()
    {
        // Just above 2^32 lovelace the change takes nine bytes, just below five: the least fee lies between the two fixed points.
        const long Boundary = 4_294_967_296;
        for (var above = 168_000; above < 169_500; above += 7)
        {
            var plan = Empty with { Available = [Wallet.Ada(1, Boundary + 2_000_000 + above)], Outputs = [Pay(2_000_000)] };
            var transaction = Wallet.Built(plan).Transaction;
            var fee = transaction.Body.Fee.Amount;
            Assert.True(Fees.MinFee(Parameters, transaction.Size, default, 0).Amount <= fee);
            Assert.DoesNotContain(
                Enumerable.Range(166_000, (int)fee - 166_000),
                lower =>
                    Fees.MinFee(
                        Parameters,
                        transaction.Size + (Boundary + above - lower >= Boundary ? 4 : 0) - (Boundary + above - fee >= Boundary ? 4 : 0),
                        default,
                        0
                    ).Amount <= lower
            );
        }
    }

    [Fact]
    public void A_script_input_gets_exact_units_collateral_and_integrity_hash()
    {
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 5_000_000), Wallet.Ada(2, 90_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
            RequiredSigners = [Wallet.Owner.KeyHash],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(new ExUnits(500_000, 200_000_000), built.Transaction.Witnesses.Redeemers.Single().Units);
        Assert.Equal([Wallet.Input(1)], built.Transaction.Body.Collateral);
        Assert.Equal([Wallet.Escrow], built.Transaction.Witnesses.Scripts);
    }

    [Fact]
    public void A_script_that_is_referenced_is_not_attached_and_its_bytes_are_paid_for()
    {
        var reference = new Utxo(Wallet.Input(50), new TxOutput(Wallet.EscrowAddress, Value.Of(new Lovelace(9_000_000)), ReferenceScript: Wallet.Escrow));
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 5_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
            ReferenceInputs = [reference],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Empty(built.Transaction.Witnesses.Scripts);
    }

    [Fact]
    public void Units_that_depend_on_the_fee_settle_at_what_the_final_transaction_uses()
    {
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 50_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
        };
        var swinging = new PricedScripts(t => new ExUnits(1_000_000 + (t.Body.Fee.Amount % 1000), 1000));
        var built = Wallet.Built(plan, swinging);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.True(built.Evaluation.TotalUnits.FitsIn(built.Transaction.Witnesses.Redeemers.Single().Units));
        Assert.Equal(1_000_000 + (built.Transaction.Body.Fee.Amount % 1000), built.Evaluation.TotalUnits.Memory);
    }

    [Fact]
    public void A_margin_raises_the_declared_units_but_never_beyond_the_transaction_limit()
    {
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 50_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
            ExUnitsMarginPercent = 10,
        };
        Assert.Equal(new ExUnits(550_000, 220_000_000), Wallet.Built(plan).Transaction.Witnesses.Redeemers.Single().Units);
        var nearly = new PricedScripts(_ => Parameters.MaxTxExUnits);
        Assert.Equal(Parameters.MaxTxExUnits, Wallet.Built(plan, nearly).Transaction.Witnesses.Redeemers.Single().Units);
    }

    [Fact]
    public void Scripts_that_together_use_more_than_a_transaction_may_are_refused()
    {
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 50_000_000)],
            ScriptInputs =
            [
                Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 1, Wallet.Escrow),
                Wallet.Locked(4, Value.Of(new Lovelace(6_000_000)), 2, Wallet.Escrow),
            ],
        };
        var refused = Wallet.Refused<BuildFailure.TooManyExUnits>(Wallet.Build(plan, new PricedScripts(_ => new ExUnits(9_000_000, 1))));
        Assert.Equal((new ExUnits(18_000_000, 2), Parameters.MaxTxExUnits), (refused.Supplied, refused.Limit));
    }

    [Fact]
    public void A_refusing_script_is_reported_with_its_evaluation()
    {
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 50_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
        };
        var refused = Wallet.Refused<BuildFailure.ScriptFailed>(Wallet.Build(plan, new PricedScripts(_ => new ExUnits(1, 1), "too early")));
        Assert.Equal("too early", refused.Evaluation.Executions.Single().Failure);
    }

    [Fact]
    public void A_wallet_without_enough_for_collateral_is_refused()
    {
        var plan = Empty with { ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(60_000_000)), 9, Wallet.Escrow)] };
        Assert.Equal(Lovelace.Zero, Wallet.Refused<BuildFailure.NoCollateral>(Wallet.Build(plan)).Available);
    }

    [Fact]
    public void Tokens_in_the_collateral_come_back_in_its_return()
    {
        var plan = Empty with
        {
            Available = [Wallet.Tokens(1, 50_000_000, (Wallet.Asset(7), 12))],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(12, built.Transaction.Body.CollateralReturn!.Value.Assets[Wallet.Asset(7)]);
    }

    [Fact]
    public void Minting_and_burning_balance()
    {
        var burned = new AssetId(Wallet.Policy.Hash.ToPolicyId(), new AssetName([9]));
        var plan = Empty with
        {
            Available = [Wallet.Tokens(1, 50_000_000, (burned, 3))],
            Mints =
            [
                new MintAction(Wallet.Policy.Hash.ToPolicyId(), [new(new AssetName([9]), -2), new(new AssetName([8]), 5)], PlutusData.I(0), Wallet.Policy),
            ],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(1, built.Transaction.Body.Outputs[0].Value.Assets[burned]);
        Assert.Equal(5, built.Transaction.Body.Outputs[0].Value.Assets[new AssetId(Wallet.Policy.Hash.ToPolicyId(), new AssetName([8]))]);
    }

    [Fact]
    public void An_unconfirmed_change_can_be_spent_by_the_next_transaction()
    {
        var first = Empty with { Available = [Wallet.Ada(1, 50_000_000)], Outputs = [Pay(3_000_000)] };
        var built = Wallet.Built(first);
        var change = new Utxo(new TxInput(built.Transaction.Id, built.ChangeIndex!.Value), built.Transaction.Body.Outputs[built.ChangeIndex.Value]);
        var second = first with { Available = [change] };
        BuiltTransaction.MustHold(second, Wallet.Built(second), Parameters);
    }

    [Fact]
    public void A_signature_that_comes_later_is_paid_for_already()
    {
        var plan = Empty with { Signers = [], Available = [Wallet.Ada(1, 5_000_000), Wallet.Ada(2, 5_000_000, Wallet.Other)], Outputs = [Pay(7_000_000)] };
        var unsigned = Wallet.Built(plan).Transaction;
        var signed = unsigned.WithVKeys([Wallet.Owner.Witness(unsigned.Id), Wallet.Other.Witness(unsigned.Id)]);
        Assert.Equal(Fees.MinFee(Parameters, signed.Size, default, 0), signed.Body.Fee);
        Assert.Equal(unsigned.Id, signed.Id);
    }

    [Fact]
    public void Tokens_beyond_the_largest_value_are_spread_over_several_change_outputs()
    {
        var many = Enumerable
            .Range(0, 120)
            .Select(i => (new AssetId(new PolicyId(Blake2b.Hash224([(byte)i])), new AssetName(new byte[32])), (Int128)(5 + i)))
            .ToArray();
        var plan = Empty with { Inputs = [Wallet.Tokens(1, 90_000_000, many[..60]), Wallet.Tokens(2, 90_000_000, many[60..])], Outputs = [Pay(2_000_000)] };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(3, built.Transaction.Body.Outputs.Length);
    }

    [Fact]
    public void Tokens_whose_sum_passes_64_bits_return_in_several_change_outputs()
    {
        var (first, second) = (Wallet.Asset(3), Wallet.Asset(8));
        var plan = Empty with
        {
            Available =
            [
                Wallet.Tokens(1, 5_000_000, (first, ulong.MaxValue), (second, 7)),
                Wallet.Tokens(2, 5_000_000, (first, ulong.MaxValue)),
                Wallet.Tokens(3, 5_000_000, (first, (Int128)long.MaxValue + 1), (second, ulong.MaxValue)),
            ],
            Outputs = [Pay(9_000_000)],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal(3, built.Transaction.Body.Inputs.Length);
        Assert.Equal(
            [ulong.MaxValue, ulong.MaxValue, (Int128)long.MaxValue + 1],
            built.Transaction.Body.Outputs.Skip(1).Select(o => o.Value[first]).Where(q => q > 0)
        );
    }

    [Fact]
    public void Collateral_whose_tokens_do_not_fit_one_return_is_not_chosen()
    {
        var most = (Wallet.Asset(3), (Int128)ulong.MaxValue);
        var plan = Empty with
        {
            Available = [Wallet.Ada(1, 50_000_000)],
            ScriptInputs = [Wallet.Locked(3, Value.Of(new Lovelace(6_000_000)), 9, Wallet.Escrow)],
            Collateral = [Wallet.Tokens(21, 1_300_000, most), Wallet.Tokens(22, 1_300_000, most)],
        };
        var built = Wallet.Built(plan);
        BuiltTransaction.MustHold(plan, built, Parameters);
        Assert.Equal([Wallet.Input(1)], built.Transaction.Body.Collateral);
    }

    [Fact]
    public void More_inputs_than_fit_a_transaction_are_refused_with_both_sizes()
    {
        var plan = Empty with { Inputs = [.. Enumerable.Range(0, 500).Select(i => Wallet.Ada(i, 2_000_000))] };
        var refused = Wallet.Refused<BuildFailure.TooLarge>(Wallet.Build(plan));
        Assert.True(refused.Supplied > refused.Limit);
    }

    private static TxOutput Pay(long lovelace) => new(Wallet.KeyAddress(Wallet.Key(42)), Value.Of(new Lovelace(lovelace)));
}
