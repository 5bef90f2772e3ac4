using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>UTXOS before any script runs: <c>CollectErrors</c> when one cannot be given what it is run with. No collateral is taken.</summary>
public sealed class ContextFailureTests
{
    private static readonly Script AcceptsV1 = new(ScriptLanguage.PlutusV1, AcceptsV2.Bytes);

    private readonly World _world = new();

    [Fact]
    public void NoCostModel()
    {
        var without = _world with
        {
            Environment = _world.Environment with
            {
                Parameters = _world.Parameters with { CostModels = _world.Parameters.CostModels.Remove(ScriptLanguage.PlutusV3) },
            },
        };

        Refused(without.ApplyScript(ScriptSpend, ScriptWitness), "NoCostModel");
        Refused(without.ApplyScript(ScriptSpend, ScriptWitness, isValid: false), "NoCostModel");
        Valid(_world.ApplyScript(ScriptSpend, ScriptWitness));
    }

    [Fact]
    public void An_inline_datum_anywhere_for_Plutus_V1()
    {
        var datum = Datum.Of(PlutusData.I(1));
        var locked = At(4, new TxOutput(ScriptAddress(AcceptsV1), Ada(20), new TxDatum.ByHash(datum.Hash)));
        var world = _world with { State = LedgerState.Of([locked, Collateral]) };
        var inline = ScriptSpend.Outputs[0] with { Datum = new TxDatum.Inline(datum) };
        var witnesses = ScriptWitness with { Scripts = [AcceptsV1], Datums = [datum] };

        Refused(Apply(ScriptSpend with { Outputs = [inline] }), "InlineDatumsNotSupported");
        Valid(Apply(ScriptSpend));

        ApplyResult Apply(TransactionBody body) => world.Apply(body with { ScriptDataHash = world.DataHash(witnesses, ScriptLanguage.PlutusV1) }, witnesses);
    }

    [Fact]
    public void What_is_spent_and_referenced_for_Plutus_V3_since_protocol_version_11()
    {
        var body = ScriptSpend with { ReferenceInputs = [Locked.Input] };
        var before = _world with { Environment = _world.Environment with { Parameters = _world.Parameters with { ProtocolMajor = 10 } } };

        Refused(_world.ApplyScript(body, ScriptWitness), "ReferenceInputsNotDisjointFromInputs");
        Only(before.ApplyScript(body, ScriptWitness), "BabbageNonDisjointRefInputs");
    }

    private static void Refused(ApplyResult result, string constructor)
    {
        var failure = Only(result, "CollectErrors");
        Assert.Equal(LedgerRule.Utxos, failure.Rule);
        Assert.Contains(constructor, failure.Supplied, StringComparison.Ordinal);
        Assert.Equal("scripts with all they are run with", failure.Expected);
    }
}
