using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Explaining;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Node.Verbs;

/// <summary>What the ledger says to a transaction before it runs any script, as far as that can be known without the ledger's whole state.</summary>
internal static class LedgerCheck
{
    /// <summary>Every refusal in words; null when too little is known: outputs it names, or accounts and votes that it changes.</summary>
    public static ImmutableArray<string>? Refusals(Transaction transaction, ExplanationScene scene, NetworkId network)
    {
        var body = transaction.Body;
        var inputs = body.Inputs.Concat(body.ReferenceInputs).Concat(body.Collateral).Distinct().ToList();
        if (
            inputs.Any(i => !scene.Outputs.ContainsKey(i))
            || !body.Certificates.IsEmpty
            || !body.Withdrawals.IsEmpty
            || body.VotingProcedures is not null
            || body.ProposalProcedures is not null
        )
        {
            return null;
        }

        var state = LedgerState.Of(inputs.Select(i => new Utxo(i, scene.Outputs[i])));
        // Whether it is too late is the clock's business: it is judged where it is valid.
        var slot = body.InvalidBefore ?? (body.InvalidHereafter is { Number: > 0 } end ? end - 1 : new Slot(0));
        var environment = new LedgerEnvironment(scene.Parameters, scene.Slots, network, slot);
        return Conway.Reapply(state, environment, transaction) is ApplyResult.Refused(var failures)
            ? [.. failures.Select(f => $"{f.Predicate}: {f.Supplied}{(f.Expected is { } expected ? $"; required: {expected}" : "")}")]
            : [];
    }
}
