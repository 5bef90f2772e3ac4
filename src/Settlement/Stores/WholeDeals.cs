using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>A deal with all that is stored of it.</summary>
/// <param name="Deal">The deal.</param>
/// <param name="Source">Its contract.</param>
/// <param name="Wallet">The wallet that acts for it; null when none is chosen yet.</param>
/// <param name="Attempts">What acted, or acts, for it, newest first.</param>
/// <param name="History">What was to be done next at which time, newest first; empty where it was not asked for.</param>
/// <param name="Steps">What happened under its identifier on chain, in chain order.</param>
public sealed record WholeDeal(
    Deal Deal,
    PaymentSource Source,
    HotWallet? Wallet,
    ImmutableArray<Attempt> Attempts,
    ImmutableArray<ActionHistoryEntry> History,
    ImmutableArray<EscrowStep> Steps
);

/// <summary>Deals with all that is stored of them, of one snapshot: as many queries for a page as for one row (R8).</summary>
internal static class WholeDeals
{
    /// <summary>Each deal whole, in their order.</summary>
    public static async Task<ImmutableArray<WholeDeal>> ReadAsync(Work work, IReadOnlyList<Deal> deals, bool withHistory)
    {
        if (deals.Count == 0)
        {
            return [];
        }

        var ids = deals.Select(d => d.Id).ToList();
        var sources = (await SourceStore.ListAsync(work)).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var wallets = (await WalletStore.ListAsync(work)).ToDictionary(w => w.Id, StringComparer.Ordinal);
        var attempts = await AttemptsAsync(work, ids);
        var steps = await StepsAsync(work, deals);
        var histories = withHistory ? await HistoriesAsync(work, ids) : null;
        return
        [
            .. deals.Select(d => new WholeDeal(
                d,
                sources[d.SourceId],
                d.WalletId is { } wallet ? wallets.GetValueOrDefault(wallet) : null,
                [.. attempts[d.Id]],
                histories is null ? [] : [.. histories[d.Id]],
                [.. steps[(d.SourceId, d.Terms.Identifier.ToString())]]
            )),
        ];
    }

    /// <summary>A deal's action history, newest first.</summary>
    public static async Task<ImmutableArray<ActionHistoryEntry>> HistoryAsync(Work work, string dealId) => [.. (await HistoriesAsync(work, [dealId]))[dealId]];

    // Newest first.
    private static async Task<ILookup<string, Attempt>> AttemptsAsync(Work work, IReadOnlyList<string> ids)
    {
        var served = await work.QueryAsync<ServedRow>(ids, "SELECT subject_id, attempt_id FROM attempt_subject WHERE subject_id IN (@keys)");
        var attempts = await AttemptRows.ListAsync(work, served.Select(s => s.AttemptId).Distinct(StringComparer.Ordinal));
        return (
            from attempt in attempts
            orderby attempt.CreatedAt descending, attempt.Id descending
            from row in served
            where row.AttemptId == attempt.Id
            select (row.SubjectId, Attempt: attempt)
        ).ToLookup(a => a.SubjectId, a => a.Attempt, StringComparer.Ordinal);
    }

    // In chain order.
    private static async Task<ILookup<(string Source, string Identifier), EscrowStep>> StepsAsync(Work work, IReadOnlyList<Deal> deals)
    {
        var found = new List<EscrowStep>();
        foreach (var source in deals.GroupBy(d => d.SourceId, StringComparer.Ordinal))
        {
            var identifiers = source
                .Select(d => d.Terms.Identifier.ToString())
                .Distinct(StringComparer.Ordinal)
                .ToDictionary(i => new Cardano.Hash32(Bytes.HashOf(i)));
            var rows = await StepRow.ListAsync(work, source.Key, identifiers.Keys.Select(h => h.ToArray()));
            found.AddRange(rows.SelectMany(g => g.Select(r => r.ToStep(identifiers[g.Key]))));
        }

        return found.ToLookup(s => (s.SourceId, s.Identifier));
    }

    // Newest first. A result stands in the row of its coming; from there on it is the deal's.
    private static async Task<ILookup<string, ActionHistoryEntry>> HistoriesAsync(Work work, IReadOnlyList<string> ids)
    {
        var rows = await work.QueryAsync<HistoryRow>(
            ids,
            "SELECT deal_id, seq, action, result_hash, tx_id, error_type, error_note, at FROM action_history WHERE deal_id IN (@keys) ORDER BY deal_id, seq"
        );
        var entries = new List<(string Deal, ActionHistoryEntry Entry)>(rows.Count);
        foreach (var history in rows.GroupBy(r => r.DealId, StringComparer.Ordinal))
        {
            ResultHash? result = null;
            foreach (var row in history)
            {
                result = row.ResultHash is { } hash ? ResultHash.Parse(Bytes.ToHex(hash)) : result;
                entries.Add((row.DealId, row.ToEntry(result)));
            }
        }

        entries.Reverse();
        return entries.ToLookup(e => e.Deal, e => e.Entry, StringComparer.Ordinal);
    }

    private sealed class ServedRow
    {
        public string SubjectId { get; set; } = "";
        public string AttemptId { get; set; } = "";
    }

    private sealed class HistoryRow
    {
        public string DealId { get; set; } = "";
        public long Seq { get; set; }
        public string Action { get; set; } = "";
        public byte[]? ResultHash { get; set; }
        public byte[]? TxId { get; set; }
        public string? ErrorType { get; set; }
        public string? ErrorNote { get; set; }
        public long At { get; set; }

        public ActionHistoryEntry ToEntry(ResultHash? result) =>
            new(
                Seq,
                Word.Parse<RequestedAction>(Action),
                result,
                TxId is null ? null : Bytes.ToHex(TxId),
                ErrorType is null ? null : Word.Parse<ErrorType>(ErrorType),
                ErrorNote,
                DateTimeOffset.FromUnixTimeMilliseconds(At)
            );
    }
}
