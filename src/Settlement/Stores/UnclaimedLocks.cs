using Masumi.Cardano;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Stores;

/// <summary>
/// Locks of ours whose purchases are not here: a copy of this database from before a purchase reads its lock. They are attempts like any, and the purchase takes them
/// over when its buyer asks for it again.
/// </summary>
internal static class UnclaimedLocks
{
    /// <summary>For whom an attempt locks where there is no purchase with that identifier here, until there is: only a hash is as short as an id.</summary>
    public static string SubjectOf(string identifier) => Bytes.ToHex(Bytes.HashOf(identifier));

    /// <summary>Of identifiers with these hashes those that attempts lock for without their purchases.</summary>
    public static async Task<IEnumerable<Hash32>> ListAsync(Work work, IEnumerable<byte[]> identifierHashes) =>
        (await work.QueryAsync<string>(identifierHashes.Select(Bytes.ToHex), "SELECT subject_id FROM attempt_subject WHERE subject_id IN (@keys)")).Select(
            s => new Hash32(Bytes.Of(s))
        );

    /// <summary>
    /// A purchase is the one that attempts which came here before it lock for: as they stand, whatever waits for a block, or is in one that nothing shows, keeps it
    /// taken.
    /// </summary>
    public static async Task ClaimAsync(DatedWork work, string sourceId, byte[] identifierHash, Decisions decisions)
    {
        var id = await work.SingleAsync<string>(
            "SELECT id FROM deal WHERE identifier_hash = @identifierHash AND source_id = @sourceId AND side = 'Purchase'",
            new { identifierHash, sourceId }
        );
        if (id is null || await DealRows.LockAsync(work, id) is not { } deal)
        {
            return;
        }

        foreach (
            var attempt in await AttemptRows.ListAsync(
                work,
                "source_id = @sourceId AND id IN (SELECT attempt_id FROM attempt_subject WHERE subject_id = @subject)",
                new { sourceId, subject = Bytes.ToHex(identifierHash) }
            )
        )
        {
            var takes =
                deal is { UnderWay: null, Projection.State: null }
                && (
                    attempt.IsSent
                    || (
                        attempt.State == AttemptState.InBlock
                        && !await work.AnyAsync(
                            "SELECT 1 FROM escrow_step WHERE tx_id = @tx AND source_id = @sourceId",
                            new { tx = attempt.TxId.ToArray(), sourceId }
                        )
                    )
                );
            await work.ExecuteAsync(
                "UPDATE attempt_subject SET subject_id = @id, live = @live WHERE attempt_id = @attempt AND subject_id = @subject",
                new
                {
                    id,
                    live = takes ? 1L : 0L,
                    attempt = attempt.Id,
                    subject = Bytes.ToHex(identifierHash),
                }
            );
            if (takes)
            {
                var standing = new StandingAttempt(attempt.Id, attempt.TxId, Intent.Lock);
                deal = await DealRows.SaveAsync(work, deal, decisions.OfDeal(deal, new DealEvent.Taken(standing, attempt.WalletId)));
            }
        }
    }
}
