using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>Collateral, execution units, and phase 2.</summary>
public sealed class CollateralAndScriptRuleTests
{
    private readonly World _world = new();

    [Fact]
    public void A_script_that_accepts_gives_the_money()
    {
        var state = Valid(_world.ApplyScript(ScriptSpend, ScriptWitness));

        Assert.Null(state.Find(Locked.Input));
        Assert.NotNull(state.Find(Collateral.Input));
    }

    [Fact]
    public void NoCollateralInputs()
    {
        var result = _world.ApplyScript(ScriptSpend with { Collateral = [] }, ScriptWitness);

        All(result, "InsufficientCollateral", "NoCollateralInputs");
        Among(result, "NoCollateralInputs", "no collateral inputs", "at least one");
        All(
            _world.ApplyScript(ScriptSpend with { Collateral = [Reference(97)] }, ScriptWitness),
            "InsufficientCollateral",
            "NoCollateralInputs",
            "BadInputsUTxO"
        );
    }

    [Fact]
    public void InsufficientCollateral_says_what_is_needed()
    {
        var world = _world with { State = LedgerState.Of([Locked, At(2, new TxOutput(AliceAddress, Value.Of(new Lovelace(449_999))))]) };

        var failure = Only(world.ApplyScript(ScriptSpend, ScriptWitness), "InsufficientCollateral");

        Assert.Equal("DeltaCoin 449999", failure.Supplied);
        Assert.Equal("Coin 450000", failure.Expected);
    }

    [Fact]
    public void InsufficientCollateral_when_the_return_takes_too_much() =>
        Only(
            _world.ApplyScript(ScriptSpend with { CollateralReturn = new TxOutput(AliceAddress, Value.Of(new Lovelace(4_600_000))) }, ScriptWitness),
            "InsufficientCollateral"
        );

    [Fact]
    public void ScriptsNotPaidUTxO_for_collateral_at_a_script()
    {
        Only(
            _world.ApplyScript(ScriptSpend with { Collateral = [LockedToFail.Input] }, ScriptWitness),
            "ScriptsNotPaidUTxO",
            $"{LockedToFail.Input}",
            "outputs locked by keys"
        );
    }

    [Fact]
    public void CollateralContainsNonADA_unless_the_return_gives_the_tokens_back()
    {
        var body = ScriptSpend with { Collateral = [WithTokens.Input] };
        var back = new TxOutput(AliceAddress, Value.Of(Lovelace.FromAda(9), Token, 50));

        Only(_world.ApplyScript(body, ScriptWitness), "CollateralContainsNonADA", $"MaryValue (Coin 10000000) ({Token} 50)", "ADA only");
        Valid(_world.ApplyScript(body with { CollateralReturn = back }, ScriptWitness));
    }

    [Fact]
    public void IncorrectTotalCollateralField_unless_exact()
    {
        Only(
            _world.ApplyScript(ScriptSpend with { TotalCollateral = new Lovelace(4_999_999) }, ScriptWitness),
            "IncorrectTotalCollateralField",
            "Coin 4999999",
            "DeltaCoin 5000000"
        );
        Valid(_world.ApplyScript(ScriptSpend with { TotalCollateral = new Lovelace(5_000_000) }, ScriptWitness));
    }

    [Fact]
    public void TooManyCollateralInputs()
    {
        var spares = Enumerable.Range(10, 4).Select(n => At((byte)n, new TxOutput(AliceAddress, Ada(5)))).ToArray();
        var world = _world with { State = LedgerState.Of([Locked, .. spares]) };

        Only(Apply(4), "TooManyCollateralInputs", "4", "3");
        Valid(Apply(3));

        ApplyResult Apply(int count) => world.ApplyScript(ScriptSpend with { Collateral = [.. spares.Take(count).Select(s => s.Input)] }, ScriptWitness);
    }

    [Fact]
    public void Collateral_is_not_looked_at_without_redeemers() => Valid(_world.Apply(Payment with { Collateral = [LockedToFail.Input] }));

    [Fact]
    public void ExUnitsTooBigUTxO()
    {
        var limit = _world.Parameters.MaxTxExUnits;
        var witnesses = ScriptWitness with { Redeemers = [RedeemerFor(RedeemerTag.Spend, 0, new ExUnits(limit.Memory + 1, 1_000_000))] };

        Only(
            _world.ApplyScript(Expensive(), witnesses),
            "ExUnitsTooBigUTxO",
            $"ExUnits {{mem = {limit.Memory + 1}, steps = 1000000}}",
            $"ExUnits {{mem = {limit.Memory}, steps = {limit.Steps}}}"
        );
        Valid(_world.ApplyScript(Expensive(), ScriptWitness));
    }

    [Fact]
    public void ExUnitsTooBigUTxO_for_units_whose_sum_exceeds_64_bits()
    {
        var units = new ExUnits(long.MaxValue, long.MaxValue);
        var witnesses = ScriptWitness with { Redeemers = [RedeemerFor(RedeemerTag.Spend, 0, units), RedeemerFor(RedeemerTag.Mint, 0, units)] };

        var failures = Failures(_world.ApplyScript(ScriptSpend, witnesses));

        Assert.Contains(failures, f => f.Predicate == "ExUnitsTooBigUTxO");
    }

    [Fact]
    public void A_fee_near_the_64_bit_limit_is_refused_without_an_overflow()
    {
        var failures = Failures(_world.ApplyScript(ScriptSpend with { Fee = new Lovelace(long.MaxValue) }, ScriptWitness));

        Assert.Equal(["InsufficientCollateral", "ValueNotConservedUTxO"], failures.Select(f => f.Predicate));
    }

    [Fact]
    public void OutsideForecast_only_with_scripts()
    {
        var upper = _world.Environment.Slot + _world.Environment.ForecastSlots + 1;

        Only(_world.ApplyScript(ScriptSpend with { InvalidHereafter = upper }, ScriptWitness), "OutsideForecast", $"SlotNo {upper}", $"SlotNo {upper - 1}");
        Valid(_world.ApplyScript(ScriptSpend with { InvalidHereafter = upper - 1 }, ScriptWitness));
        Valid(_world.Apply(Payment with { InvalidHereafter = upper }));
    }

    [Fact]
    public void ValidationTagMismatch_for_a_script_that_refuses()
    {
        var body = ScriptSpend with { Inputs = [LockedToFail.Input] };

        var failure = Only(_world.ApplyScript(body, ScriptWitness with { Scripts = [Refuses] }), "ValidationTagMismatch");

        Assert.Equal(LedgerRule.Utxos, failure.Rule);
        Assert.StartsWith("(IsValid True) FailedUnexpectedly", failure.Supplied, StringComparison.Ordinal);
        Assert.Equal("scripts that all accept", failure.Expected);
    }

    [Fact]
    public void ValidationTagMismatch_for_a_script_that_accepts_in_a_transaction_flagged_invalid()
    {
        Only(
            _world.ApplyScript(ScriptSpend, ScriptWitness, isValid: false),
            "ValidationTagMismatch",
            "(IsValid False) PassedUnexpectedly",
            "a script that refuses"
        );
    }

    [Fact]
    public void ValidationTagMismatch_for_units_that_do_not_suffice() =>
        Only(
            _world.ApplyScript(ScriptSpend, ScriptWitness with { Redeemers = [RedeemerFor(RedeemerTag.Spend, 0, new ExUnits(1, 1))] }),
            "ValidationTagMismatch"
        );

    [Fact]
    public void ValidationTagMismatch_for_an_invalid_flag_without_any_script() => Only(_world.Apply(Payment, isValid: false), "ValidationTagMismatch");

    [Fact]
    public void A_transaction_flagged_invalid_costs_its_collateral_and_nothing_else()
    {
        var body = ScriptSpend with
        {
            Inputs = [LockedToFail.Input],
            CollateralReturn = new TxOutput(AliceAddress, Ada(4)),
            TotalCollateral = Lovelace.FromAda(1),
        };
        var witnesses = ScriptWitness with { Scripts = [Refuses] };
        body = body with { ScriptDataHash = _world.DataHash(witnesses, ScriptLanguage.PlutusV3) };
        var transaction = Sign(body, witnesses, isValid: false);

        var state = Valid(_world.Apply(transaction));

        Assert.NotNull(state.Find(LockedToFail.Input));
        Assert.Null(state.Find(Collateral.Input));
        Assert.Null(state.Find(new TxInput(transaction.Id, 0)));
        Assert.Equal(Ada(4), state.Find(new TxInput(transaction.Id, body.Outputs.Length))!.Value);
        Assert.Equal(Lovelace.FromAda(1), state.FeePot);
    }

    // The same spend with a fee that covers the most expensive execution there can be.
    private static TransactionBody Expensive() => ScriptSpend with { Fee = Lovelace.FromAda(3), Outputs = [new TxOutput(AliceAddress, Ada(17))] };
}
