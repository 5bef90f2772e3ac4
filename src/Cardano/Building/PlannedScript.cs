using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>One script execution a plan asks for, named by what it is for; its pointer is known only when all inputs are.</summary>
internal sealed record PlannedScript(RedeemerTag Tag, TxInput Spent, PolicyId Policy, Datum Argument)
{
    public RedeemerPointer PointerIn(ImmutableArray<TxInput> sortedInputs, ImmutableArray<PolicyId> sortedPolicies) =>
        new(Tag, Tag == RedeemerTag.Spend ? sortedInputs.IndexOf(Spent) : sortedPolicies.IndexOf(Policy));
}

/// <summary>
/// What a plan's scripts amount to: executions in a fixed order, the witnesses to attach, the languages for the script data hash.
/// A script is found where the ledger finds it: attached, or on a reference or spent input.
/// </summary>
internal sealed class PlannedScripts
{
    public PlannedScripts(TransactionPlan plan)
    {
        var attached = plan
            .ScriptInputs.Select(i => i.Script)
            .Concat(plan.Mints.Select(m => m.Script))
            .OfType<Script>()
            .DistinctBy(s => s.Hash)
            .ToDictionary(s => s.Hash);
        var referenced = plan
            .ReferenceInputs.Concat(plan.ScriptInputs.Select(i => i.Utxo))
            .Concat(plan.Inputs)
            .Select(u => u.Output.ReferenceScript)
            .OfType<Script>()
            .DistinctBy(s => s.Hash)
            .ToDictionary(s => s.Hash);
        var needed = plan.ScriptInputs.Select(i => ScriptHash(i.Utxo)).Concat(plan.Mints.Select(m => m.Policy.ToScriptHash())).Distinct().ToImmutableArray();

        ScriptLanguage LanguageOf(ScriptHash hash) =>
            (referenced.GetValueOrDefault(hash) ?? attached.GetValueOrDefault(hash))?.Language ?? ScriptLanguage.PlutusV3;

        // The ledger refuses a script that is attached though not needed, or though referenced (ExtraneousScriptWitnessesUTXOW).
        Attached = [.. needed.Where(h => attached.ContainsKey(h) && !referenced.ContainsKey(h)).Order().Select(h => attached[h])];
        Languages = needed
            .Select(h => referenced.GetValueOrDefault(h) ?? attached.GetValueOrDefault(h))
            .OfType<Script>()
            .Select(s => s.Language)
            .Where(l => l != ScriptLanguage.Native)
            .ToImmutableHashSet();

        // A datum for an output that has its own inline would be supplemental, and refused.
        Datums = [.. plan.ScriptInputs.Where(i => i.Utxo.Output.Datum is TxDatum.ByHash).Select(i => i.Datum).OfType<Datum>().Distinct().OrderBy(d => d.Hash)];
        Executions =
        [
            .. plan
                .ScriptInputs.Where(i => LanguageOf(ScriptHash(i.Utxo)) != ScriptLanguage.Native)
                .Select(i => new PlannedScript(RedeemerTag.Spend, i.Utxo.Input, default, Datum.Of(i.Redeemer))),
            .. plan
                .Mints.Where(m => m.Redeemer is not null && LanguageOf(m.Policy.ToScriptHash()) != ScriptLanguage.Native)
                .Select(m => new PlannedScript(RedeemerTag.Mint, default, m.Policy, Datum.Of(m.Redeemer!))),
        ];
    }

    /// <summary>Scripts for the witness set.</summary>
    public ImmutableArray<Script> Attached { get; }

    /// <summary>Datums for the witness set.</summary>
    public ImmutableArray<Datum> Datums { get; }

    /// <summary>Languages of the Plutus scripts needed.</summary>
    public ImmutableHashSet<ScriptLanguage> Languages { get; }

    /// <summary>One per redeemer.</summary>
    public ImmutableArray<PlannedScript> Executions { get; }

    private static ScriptHash ScriptHash(Utxo utxo) =>
        utxo.Output.Address.Payment?.AsScript ?? throw new ArgumentException($"{utxo.Input} is planned as a script input, but no script locks it.");
}
