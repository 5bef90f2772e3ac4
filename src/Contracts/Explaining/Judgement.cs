using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus;

namespace Masumi.Contracts.Explaining;

/// <summary>Runs a transaction's scripts; where one refuses, finds the rule and what it compared.</summary>
internal sealed class Judgement(Transaction transaction, ExplanationScene scene, ContractBook book)
{
    // Traces cost a little.
    private const int TracedRoom = 2;

    private readonly ImmutableArray<TxInput> _inputs = transaction.Body.Inputs.Sort();

    public (ImmutableArray<ScriptJudgement> Scripts, string? NotJudged) Judge()
    {
        var unknown = transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).Where(i => !scene.Outputs.ContainsKey(i)).Distinct().ToList();
        if (transaction.Witnesses.Redeemers.IsEmpty)
        {
            return ([], null);
        }

        if (unknown.Count > 0)
        {
            return ([], $"{unknown.Count} of the outputs it spends or refers to are unknown here, {unknown[0]} among them");
        }

        // As much as a transaction may, whatever it declares: what declares more is refused for that.
        var evaluation = Evaluate(new PlutusEvaluator(), scene.Parameters.MaxTxExUnits);
        if (evaluation.ContextFailure is { } failure)
        {
            return ([], $"no script can run: {failure}");
        }

        var declared = transaction.Witnesses.Redeemers.ToDictionary(r => r.Pointer, r => r.Units);
        ImmutableArray<ScriptJudgement> scripts = [.. evaluation.Executions.Select(e => Of(e, declared[e.Pointer]))];
        return (scripts.Any(s => s.Failure is not null) ? [.. WithRules(scripts)] : scripts, null);
    }

    private ScriptJudgement Of(ScriptExecution execution, ExUnits declared) =>
        new(
            execution.Pointer,
            execution.ScriptHash,
            book.Find(execution.ScriptHash)?.Name,
            execution.Units,
            declared,
            execution.Failure
                ?? (
                    execution.Units.FitsIn(declared)
                        ? null
                        : $"it uses {execution.Units.Memory} memory and {execution.Units.Steps} steps, its redeemer allows {declared.Memory} and {declared.Steps}"
                )
        )
        {
            Logs = execution.Logs,
        };

    private IEnumerable<ScriptJudgement> WithRules(ImmutableArray<ScriptJudgement> scripts)
    {
        // The same parameters in the build that says why. A registry of ours belongs to an escrow, whose address is its parameter.
        var traced = scripts
            .Where(s => s.Failure is not null)
            .Select(s => book.Find(s.Script))
            .OfType<KnownContract>()
            .Where(c => c.Own is not null)
            .DistinctBy(c => c.Script)
            .ToImmutableDictionary(c => c.Script, c => c.Own!.Script(c.Instance, ContractBuild.Traced));
        var most = scene.Parameters.MaxTxExUnits;
        var limit = new ExUnits(most.Memory * TracedRoom, most.Steps * TracedRoom);
        var runs = traced.IsEmpty ? [] : Evaluate(new PlutusEvaluator { StandIns = traced }, limit).Executions;
        var refusals = new Dictionary<ScriptHash, ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>>?>();
        foreach (var script in scripts)
        {
            var run = runs.FirstOrDefault(r => r.Pointer == script.Pointer && traced.ContainsKey(r.ScriptHash));
            if (script.Failure is null || book.Find(script.Script) is not { } contract)
            {
                yield return script;
                continue;
            }

            var rule = run is { Failure: not null, Logs: [.., var last] } ? last : null;
            yield return contract.Kind == ContractKind.Registry
                ? script with
                {
                    Rule = rule,
                    Compared = Registry(rule, script.Pointer),
                }
                : Escrow(script, contract, rule, Refusals(contract));
        }

        ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>>? Refusals(KnownContract contract)
        {
            if (!refusals.TryGetValue(contract.Script, out var known))
            {
                refusals[contract.Script] = known = Model(contract);
            }

            return known;
        }
    }

    private TransactionEvaluation Evaluate(PlutusEvaluator evaluator, ExUnits limit) =>
        evaluator.Evaluate(transaction, scene.Outputs, scene.Parameters, scene.Slots, limit);

    // Null for what the model has no numbers for, such as times beyond the calendar.
    private ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>>? Model(KnownContract contract)
    {
        try
        {
            return EscrowTransactionRules.Check(transaction, scene.Outputs, contract.Instance, scene.Slots);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private ImmutableArray<ComparedValues> Registry(string? rule, RedeemerPointer pointer)
    {
        var registry = new RegistryActs(transaction, book);
        return
            rule is not null
            && pointer.Tag == RedeemerTag.Mint
            && registry.PolicyAt(pointer.Index) is { } policy
            && registry.Compared(rule, policy) is { } values
            ? [values]
            : [];
    }

    private ScriptJudgement Escrow(
        ScriptJudgement script,
        KnownContract contract,
        string? rule,
        ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>>? model
    )
    {
        if (script.Pointer.Tag != RedeemerTag.Spend || script.Pointer.Index >= _inputs.Length)
        {
            return script with { Rule = rule };
        }

        var at = _inputs[script.Pointer.Index];
        var refusals = model?.GetValueOrDefault(at, []) ?? [];
        if (rule is null)
        {
            return script with { Compared = [.. refusals.Select(Values)] };
        }

        var rules = RuleTexts.RulesOf(rule) ?? [];
        ImmutableArray<ComparedValues> compared = [.. refusals.Where(r => rules.Contains(r.Rule)).Select(Values)];
        ImmutableArray<ComparedValues> also = [.. refusals.Where(r => !rules.Contains(r.Rule)).Select(Values)];
        // The model stops where the form is wrong, and says of an action that is refused nothing about what goes on; the rule's own values are at hand.
        // A rule about the form of a datum that refuses an escrow which can be read looked into another.
        ImmutableArray<ComparedValues> unreadable = compared.IsEmpty || rules.Contains(EscrowRule.OutputForm) ? [.. Unreadable(contract, rules)] : [];
        compared =
            Form(rule, at, contract) is { } form ? [form]
            : unreadable.IsEmpty ? compared
            : unreadable;
        return script with { Rule = rule, Compared = compared, Also = also };
    }

    private ComparedValues? Form(string rule, TxInput at, KnownContract contract)
    {
        var spent = scene.Outputs[at];
        var redeemer = transaction.Witnesses.Redeemers.First(r => r.Pointer == new RedeemerPointer(RedeemerTag.Spend, _inputs.IndexOf(at))).Data.Data;
        var old = EscrowActs.DatumOf(spent, contract);
        return rule switch
        {
            "actions have no arguments" or "this action has no arguments" when redeemer is PlutusData.Constr { Fields.Length: var count } => new(
                $"{EscrowRule.Action}",
                $"{count} arguments",
                "none"
            ),
            "known action" when redeemer is PlutusData.Constr { Tag: var tag } => new($"{EscrowRule.Action}", $"constructor {tag}", "constructor 0 to 6"),
            "the escrow stays at its address" when Continuation(old, contract) is { } next => new(
                $"{EscrowRule.Continuation}",
                $"at {next.Address}",
                $"at {spent.Address}"
            ),
            "the escrow goes on" => new(
                $"{EscrowRule.Continuation}",
                "no output that carries it on",
                $"an output at {spent.Address}"
                    + (contract.Instance.Family == EscrowFamily.V2 ? $" with the reference signature {old?.ReferenceSignature}" : "")
            ),
            _ when old is null && RuleTexts.RulesOf(rule) is { } rules && rules.Contains(EscrowRule.OutputForm) => Datum(spent, contract),
            _ => null,
        };
    }

    // What cannot be read is nothing the model knows, whether it is spent with this escrow or created.
    private IEnumerable<ComparedValues> Unreadable(KnownContract contract, ImmutableArray<EscrowRule> rules) =>
        rules.Contains(EscrowRule.OutputForm) || rules.Contains(EscrowRule.Continuation)
            ? transaction
                .Body.Inputs.Select(i => (Output: scene.Outputs[i], What: "spent escrow"))
                .Concat(transaction.Body.Outputs.Select(o => (Output: o, What: "created escrow")))
                .Where(o => book.EscrowAt(o.Output.Address) == contract && EscrowActs.DatumOf(o.Output, contract) is null)
                .Select(o => Datum(o.Output, contract) is { } datum ? datum with { Supplied = $"{o.What}, {datum.Supplied}" } : null)
                .OfType<ComparedValues>()
            : [];

    private TxOutput? Continuation(EscrowDatum? old, KnownContract contract) =>
        transaction.Body.Outputs.FirstOrDefault(o =>
            book.EscrowAt(o.Address) == contract
            && EscrowActs.DatumOf(o, contract) is var datum
            && (contract.Instance.Family == EscrowFamily.V1 || (datum is not null && datum.ReferenceSignature == old?.ReferenceSignature))
        );

    private static ComparedValues? Datum(TxOutput spent, KnownContract contract) =>
        EscrowDatum.TryRead(spent, contract.Instance.Family, out _, out var refusal)
            ? null
            : new($"{EscrowRule.OutputForm}", $"{refusal.Field}: {refusal.Supplied}", refusal.Required);

    private static ComparedValues Values(RuleRefusal refusal) => new($"{refusal.Rule}", refusal.Supplied, refusal.Required);
}
