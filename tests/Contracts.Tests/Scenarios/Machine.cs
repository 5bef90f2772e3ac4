using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Scenarios;

/// <summary>How a run ended.</summary>
internal sealed record RunResult(bool Accepted, string? Failure, ExUnits Units, IReadOnlyList<string> Logs);

/// <summary>Runs a Plutus V3 program on one context, as the ledger does, under mainnet's cost model and limits.</summary>
internal static class Machine
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;

    public static RunResult Run(UplcProgram program, PlutusData context)
    {
        // Through flat and back: what runs on chain is the decoded script.
        var script = UplcProgram.FromScript(program.ToScript(ScriptLanguage.PlutusV3));
        var outcome = Evaluator.Evaluate(
            script.ApplyParameters(context),
            ScriptLanguage.PlutusV3,
            Parameters.ProtocolMajor,
            Parameters.CostModels[ScriptLanguage.PlutusV3],
            Parameters.MaxTxExUnits
        );
        var accepted = outcome.Succeeded && outcome.Result is Constant.Unit;
        return new(accepted, accepted ? null : outcome.Failure?.ToString() ?? $"gave {outcome.Result}", outcome.Units, outcome.Logs);
    }
}
