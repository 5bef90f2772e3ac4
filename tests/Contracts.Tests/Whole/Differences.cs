using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>The rows of docs/contracts.md in which our contracts differ from the deployed ones, and how a difference is known to belong to one.</summary>
internal static class Differences
{
    private static readonly ImmutableArray<(string Row, Func<Draft, string, bool> Holds)> Stricter =
    [
        ("a result has 32 bytes", (_, rule) => rule == "SubmitResult: the result is a hash of 32 bytes"),
        // The deployed contract leaves such an escrow out when it compares signatures; ours counts it, so that another one with its signature refuses too.
        (
            "a spent datum has exactly its shape",
            (draft, rule) => IsOfAnotherShape(draft) && (IsAboutShape(rule) || rule == "escrows spent together differ in their reference signatures")
        ),
        (
            "escrows at addresses with a stake part count as escrows",
            (draft, rule) =>
                HasStakePart(draft)
                && (
                    rule
                        is "one escrow is spent"
                            or "at most one escrow is created"
                            or "escrows spent together differ in their reference signatures"
                            or "escrows created together differ in their reference signatures"
                            or "the escrow stays at its address"
                    || rule.StartsWith("created escrow:", StringComparison.Ordinal)
                    || IsAboutShape(rule)
                )
        ),
        ("escrows spent together have inline datums", (draft, rule) => draft.Escrows.Length > 1 && rule == "escrows spent together have inline datums"),
        ("amounts of a settlement are canonical", (_, rule) => rule.EndsWith("amount is canonical", StringComparison.Ordinal)),
        (
            "signatures of a settlement are well formed",
            (_, rule) => rule == "settlement: well-formed signatures" || rule.StartsWith("signature: ", StringComparison.Ordinal)
        ),
    ];

    /// <summary>The row that a difference belongs to, the first when there are several; null when one of the refusals belongs to none.</summary>
    /// <param name="draft">The transaction.</param>
    /// <param name="refusals">Why ours refuses it; empty when only the deployed one does.</param>
    public static string? RowOf(Draft draft, ImmutableArray<string> refusals)
    {
        if (refusals.IsEmpty)
        {
            return AcceptedNow(draft).Any() ? "looser: the buyer releases a submitted result" : null;
        }

        var rows = refusals.Select(rule => Stricter.Where(s => s.Holds(draft, rule)).Select(s => $"stricter: {s.Row}").FirstOrDefault()).ToList();
        return rows.Contains(null) ? null : rows[0];
    }

    /// <summary>The same transaction as it would be had the buyer disputed before: where the looser row is all, the deployed contract accepts this one.</summary>
    public static Draft AsDisputed(Draft draft)
    {
        var disputed = draft.Copy();
        foreach (var i in AcceptedNow(draft))
        {
            var (input, output) = draft.Spent[i];
            var datum = (PlutusData.Constr)((TxDatum.Inline)output.Datum!).Datum.Data;
            PlutusData[] fields = [.. datum.Fields[..^1], PlutusData.C((ulong)EscrowState.Disputed)];
            disputed.Spent[i] = (input, output with { Datum = new TxDatum.Inline(Datum.Of(PlutusData.C(datum.Tag, fields))) });
        }

        return disputed;
    }

    private static IEnumerable<int> AcceptedNow(Draft draft) =>
        draft.Escrows.Where(i =>
            draft.Redeemers[draft.Spent[i].Input] is PlutusData.Constr { Tag: 2 }
            && draft.Spent[i].Output.Datum is TxDatum.Inline { Datum.Data: PlutusData.Constr { Fields: [.., PlutusData.Constr { Tag: 1 }] } }
        );

    private static bool IsOfAnotherShape(Draft draft) =>
        draft.Escrows.Any(i =>
            draft.Spent[i].Output.Datum is not TxDatum.Inline inline
            || EscrowDatum.OfContract(inline.Datum.Data, draft.Contract.Family, draft.Contract.Address) is not { } datum
            || (datum.Family == EscrowFamily.V1 && datum.State > EscrowState.Disputed)
        );

    private static bool HasStakePart(Draft draft) =>
        draft
            .Spent.Select(s => s.Output)
            .Concat(draft.Outputs)
            .Any(o => o.Address.Payment == draft.Contract.Address.Payment && o.Address != draft.Contract.Address);

    // What decoding in depth says, by itself or by a builtin that was given another kind of data.
    private static bool IsAboutShape(string rule) =>
        (
            (string[])
                ["datum: ", "address: ", "credential: ", "option: ", "none: ", "stake ", "UnBData: ", "UnIData: ", "UnConstrData: ", "HeadList: ", "TailList: "]
        ).Any(about => rule.StartsWith(about, StringComparison.Ordinal));
}
