using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Explaining;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Node.Verbs;

/// <summary>What the ledger says to a transaction before it runs any script, as far as that can be known without the ledger's whole state.</summary>
internal static class LedgerCheck
{
    /// <summary>
    /// The explanation with every refusal in words; or, when too little is known (outputs it names, or accounts and votes that it changes), with the reason why
    /// the ledger's rules were not asked.
    /// </summary>
    public static Explanation Check(Explanation explanation, ExplanationScene scene, NetworkId network)
    {
        var transaction = explanation.Transaction;
        if (NotAsked(transaction.Body, scene) is { } reason)
        {
            return explanation with { LedgerNotAsked = reason };
        }

        try
        {
            return explanation with { LedgerRefusals = Refusals(transaction, scene, network) };
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return transaction.Body.Fee > Lovelace.MaxSupply
                ? explanation with
                {
                    LedgerRefusals = [$"a fee of {ValueText.Of(Value.Of(transaction.Body.Fee))}; required: no more than there can be"],
                }
                : explanation with
                {
                    LedgerNotAsked = "the ledger's other rules were not: a number is larger than there can be",
                };
        }
    }

    private static string? NotAsked(TransactionBody body, ExplanationScene scene)
    {
        var unknown = body.Inputs.Concat(body.ReferenceInputs).Concat(body.Collateral).Where(i => !scene.Outputs.ContainsKey(i)).ToList();
        var what =
            unknown is [var first, ..] ? $"{(body.Collateral.Contains(first) ? "its collateral " : "")}{first} is unknown here"
            : !body.Certificates.IsEmpty ? "it has certificates, and accounts are not known here"
            : !body.Withdrawals.IsEmpty ? "it has withdrawals, and accounts are not known here"
            : body.VotingProcedures is not null || body.ProposalProcedures is not null ? "it votes or proposes, and nothing is known here of that"
            : null;
        return what is null ? null : $"the ledger's other rules were not: {what}";
    }

    private static ImmutableArray<string> Refusals(Transaction transaction, ExplanationScene scene, NetworkId network)
    {
        var body = transaction.Body;
        var inputs = body.Inputs.Concat(body.ReferenceInputs).Concat(body.Collateral).Distinct();
        var state = LedgerState.Of(inputs.Select(i => new Utxo(i, scene.Outputs[i])));
        // Whether it is too late is the clock's business: it is judged where it is valid.
        var slot = body.InvalidBefore ?? (body.InvalidHereafter is { Number: > 0 } end ? end - 1 : new Slot(0));
        var environment = new LedgerEnvironment(scene.Parameters, scene.Slots, network, slot);
        return Conway.Reapply(state, environment, transaction) is ApplyResult.Refused(var failures)
            ? [.. failures.Select(f => $"{f.Predicate}: {f.Supplied}{(f.Expected is { } expected ? $"; required: {expected}" : "")}")]
            : [];
    }
}
