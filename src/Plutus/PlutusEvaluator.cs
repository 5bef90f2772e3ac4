using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus.Contexts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus;

/// <summary>Runs the scripts of whole transactions as the ledger does: same results, same units. Thread-safe; decoded scripts are kept by hash.</summary>
public sealed class PlutusEvaluator : IScriptEvaluator
{
    private const int MaxCached = 256;

    // With a limit for each script, as much as so many scripts may use together: a transaction has room for thousands of redeemers. What
    // uses more than one script may is no transaction for any chain.
    private const int MostLimits = 10;

    private readonly ConcurrentDictionary<(ScriptLanguage, ScriptHash), CompiledScript> _programs = new();

    /// <summary>
    /// Scripts that run in place of those with these hashes, in the very same contexts: a build with traces says why the one on chain refuses. Default: none.
    /// </summary>
    public ImmutableDictionary<ScriptHash, Script> StandIns { get; init; } = ImmutableDictionary<ScriptHash, Script>.Empty;

    /// <inheritdoc/>
    public TransactionEvaluation Evaluate(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        SlotConfig slots,
        ExUnits? limit = null
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(utxos);
        ArgumentNullException.ThrowIfNull(parameters);
        if (transaction.Witnesses.Redeemers.IsEmpty)
        {
            return new TransactionEvaluation([], null);
        }

        try
        {
            var contexts = new ScriptContexts(transaction, utxos, slots, parameters.ProtocolMajor);
            var scripts = Scripts(transaction, utxos);
            var executions = ImmutableArray.CreateBuilder<ScriptExecution>();
            var (memory, steps) = ((Int128)(limit?.Memory ?? 0) * MostLimits, (Int128)(limit?.Steps ?? 0) * MostLimits);
            foreach (var redeemer in transaction.Witnesses.Redeemers.OrderBy(r => r.Pointer))
            {
                var hash =
                    contexts.ScriptOf(redeemer.Pointer)
                    ?? throw new ContextRefused($"the redeemer {redeemer.Pointer}, which points to nothing (RedeemerPointerPointsToNothing)");
                if (!scripts.TryGetValue(hash, out var script))
                {
                    return new TransactionEvaluation([], $"NoWitness: no script with the hash {hash} for {redeemer.Pointer}.");
                }

                script = StandIns.GetValueOrDefault(hash, script);
                if (!parameters.CostModels.TryGetValue(script.Language, out var costModel))
                {
                    return new TransactionEvaluation([], $"NoCostModel: none for {script.Language}.");
                }

                var budget = limit is { } each
                    ? new ExUnits((long)Int128.Clamp(memory, 0, each.Memory), (long)Int128.Clamp(steps, 0, each.Steps))
                    : redeemer.Units;
                var outcome = Run(script, contexts.Arguments(redeemer, script.Language), parameters.ProtocolMajor, costModel, budget);
                memory -= outcome.Units.Memory;
                steps -= outcome.Units.Steps;
                executions.Add(new ScriptExecution(redeemer.Pointer, hash, outcome.Units, outcome.Logs, outcome.Failure?.ToString()));
            }

            return new TransactionEvaluation(executions.ToImmutable(), null);
        }
        catch (ContextRefused refused)
        {
            return new TransactionEvaluation([], refused.Message);
        }
    }

    private EvaluationOutcome Run(Script script, ImmutableArray<PlutusData> arguments, int protocolMajor, ImmutableArray<long> costModel, ExUnits limit)
    {
        CompiledScript program;
        try
        {
            program = Compiled(script);
        }
        catch (FormatException e)
        {
            return new EvaluationOutcome(new EvaluationFailure.Malformed(e.Message), null, default, []);
        }

        var outcome = program.Run(arguments, CostModel.Resolve(script.Language, protocolMajor, costModel), protocolMajor, limit);
        return script.Language == ScriptLanguage.PlutusV3 && outcome.Succeeded && outcome.Result is not Constant.Unit
            ? outcome with
            {
                Failure = new EvaluationFailure.NonUnitResult(),
            }
            : outcome;
    }

    private CompiledScript Compiled(Script script)
    {
        if (_programs.TryGetValue((script.Language, script.Hash), out var known))
        {
            return known;
        }

        if (_programs.Count >= MaxCached)
        {
            _programs.Clear();
        }

        return _programs.GetOrAdd((script.Language, script.Hash), new CompiledScript(script));
    }

    // Witness scripts, and reference scripts of spent and reference inputs; never of collateral.
    private static Dictionary<ScriptHash, Script> Scripts(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> utxos)
    {
        var scripts = new Dictionary<ScriptHash, Script>();
        foreach (var script in transaction.Witnesses.Scripts)
        {
            scripts[script.Hash] = script;
        }

        foreach (var input in transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs))
        {
            if (utxos.TryGetValue(input, out var output) && output.ReferenceScript is { } script)
            {
                scripts[script.Hash] = script;
            }
        }

        return scripts;
    }
}
