using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Http;

/// <summary>A redeemer that no script can be run for.</summary>
/// <param name="Pointer">Which redeemer.</param>
/// <param name="IsExtraneous">True when it points to nothing that runs a script; false when the script is not at hand.</param>
internal sealed record RedeemerProblem(RedeemerPointer Pointer, bool IsExtraneous)
{
    /// <summary>All of them, in pointer order.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="resolve">The output at an input; null when nobody knows it.</param>
    public static ImmutableArray<RedeemerProblem> Find(Transaction transaction, Func<TxInput, TxOutput?> resolve)
    {
        var references = transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).Select(i => resolve(i)?.ReferenceScript).OfType<Script>();
        var scripts = transaction.Witnesses.Scripts.Concat(references).Select(s => s.Hash).ToHashSet();
        return
        [
            .. transaction
                .Witnesses.Redeemers.Select(r => r.Pointer)
                .Order()
                .Select(p => (Pointer: p, Script: RedeemedScript.Of(p, transaction, resolve)))
                // Votes and proposals are outside of what is known here.
                .Where(p => p.Pointer.Tag <= RedeemerTag.Reward && (p.Script is not { } hash || !scripts.Contains(hash)))
                .Select(p => new RedeemerProblem(p.Pointer, p.Script is null)),
        ];
    }
}
