using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Stores;

/// <summary>Transfers out of this node's wallets.</summary>
public sealed class TransferStore
{
    private readonly Works _works;

    internal TransferStore(Works works) => _works = works;

    /// <summary>Stores a new transfer, which is due at once where it does not say when.</summary>
    public Task<Transfer> InsertAsync(Transfer transfer, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        return _works.WriteAsync(now, w => TransferRows.InsertAsync(w, transfer), cancellation);
    }

    /// <summary>A transfer, or null.</summary>
    public Task<Transfer?> GetAsync(string id, CancellationToken cancellation) =>
        _works.ReadAsync(async w => (await TransferRows.ListAsync(w, "id = @id", new { id })).FirstOrDefault(), cancellation);

    /// <summary>Transfers, newest first.</summary>
    public Task<ImmutableArray<Transfer>> ListAsync(int limit, CancellationToken cancellation) =>
        _works.ReadAsync(w => TransferRows.ListAsync(w, "1 = 1", new { limit }, "created_at DESC, id DESC LIMIT @limit"), cancellation);

    /// <summary>Transfers out of a wallet, newest first, from one of them on.</summary>
    public Task<ImmutableArray<Transfer>> ListAsync(string walletId, string? cursor, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            w =>
                TransferRows.ListAsync(
                    w,
                    "wallet_id = @walletId"
                        + (cursor is null ? "" : " AND (created_at, id) <= (SELECT c.created_at, c.id FROM transfer c WHERE c.id = @cursor)"),
                    new
                    {
                        walletId,
                        cursor,
                        limit,
                    },
                    "created_at DESC, id DESC LIMIT @limit"
                ),
            cancellation
        );

    /// <summary>Transfers whose time has come, longest due first.</summary>
    public Task<ImmutableArray<Transfer>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            w => TransferRows.ListAsync(w, "next_at <= @now", new { now = now.ToUnixTimeMilliseconds(), limit }, "next_at, id LIMIT @limit"),
            cancellation
        );

    /// <summary>When the oldest of a source's transfers that wait for their transaction was asked for; null when none waits.</summary>
    public Task<DateTimeOffset?> OldestWaitingAsync(string sourceId, CancellationToken cancellation) =>
        FirstAsync("SELECT MIN(created_at) FROM transfer WHERE next_at IS NOT NULL AND source_id = @sourceId", sourceId, cancellation);

    /// <summary>Changes a transfer inside one transaction; null from <paramref name="change"/> leaves it alone.</summary>
    public Task<Transfer?> ChangeAsync(string id, Func<Transfer, Transfer?> change, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _works.WriteAsync(
            now,
            async w => await TransferRows.LockAsync(w, id) is { } before && change(before) is { } after ? await TransferRows.SaveAsync(w, before, after) : null,
            cancellation
        );
    }

    private Task<DateTimeOffset?> FirstAsync(string sql, string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w => await w.SingleAsync<long?>(sql, new { sourceId }) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : (DateTimeOffset?)null,
            cancellation
        );
}

/// <summary>Transfers inside a unit of work.</summary>
internal static class TransferRows
{
    public const string Columns =
        "id, source_id, wallet_id, to_address, amount, state, note, tries, next_at, give_up_at, tx_id, requested_by, revision, created_at, updated_at, "
        + "state_changed_at";

    public static async Task<ImmutableArray<Transfer>> ListAsync(Work work, string where, object args, string order = "id") =>
        [.. (await work.QueryAsync<Row>($"SELECT {Columns} FROM transfer WHERE {where} ORDER BY {order}", args)).Select(r => r.ToTransfer())];

    public static async Task<Transfer> InsertAsync(DatedWork work, Transfer transfer)
    {
        var stored = transfer with
        {
            Revision = 1,
            NextAt = transfer.NextAt ?? transfer.CreatedAt,
            UpdatedAt = transfer.CreatedAt,
            StateChangedAt = transfer.CreatedAt,
        };
        await work.ExecuteAsync(
            $"INSERT INTO transfer ({Columns}) VALUES (@Id, @SourceId, @WalletId, @ToAddress, @Amount, @State, @Note, @Tries, @NextAt, @GiveUpAt, "
                + "@TxId, @RequestedBy, @Revision, @CreatedAt, @UpdatedAt, @StateChangedAt)",
            Row.From(stored)
        );
        await TellAsync(work, stored);
        return stored;
    }

    public static async Task<Transfer?> LockAsync(Work work, string id)
    {
        await work.LockRowAsync("transfer", id);
        return (await ListAsync(work, "id = @id", new { id })).FirstOrDefault();
    }

    public static async Task<Transfer> SaveAsync(DatedWork work, Transfer before, Transfer after)
    {
        if (after == before)
        {
            return before;
        }

        after = after with
        {
            Revision = before.Revision + 1,
            UpdatedAt = work.Now,
            StateChangedAt = before.State != after.State ? work.Now : before.StateChangedAt,
        };
        await work.ExecuteAsync(
            "UPDATE transfer SET state = @State, note = @Note, tries = @Tries, next_at = @NextAt, tx_id = @TxId, revision = @Revision, updated_at = @UpdatedAt, "
                + "state_changed_at = @StateChangedAt WHERE id = @Id",
            Row.From(after)
        );
        if (before.State != after.State || before.Problem?.Code != after.Problem?.Code)
        {
            await TellAsync(work, after);
        }

        return after;
    }

    public static Task TellAsync(DatedWork work, Transfer transfer) =>
        OutboxStore.AppendAsync(
            work,
            "Transfer",
            transfer.Id,
            transfer.Revision,
            transfer.State.ToString(),
            new
            {
                txId = transfer.TxId?.ToString(),
                problem = transfer.Problem?.Code,
                note = transfer.Note,
            }
        );

    internal sealed class Row
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string ToAddress { get; set; } = "";
        public string Amount { get; set; } = "";
        public string State { get; set; } = "";
        public string? Note { get; set; }
        public long Tries { get; set; }
        public long? NextAt { get; set; }
        public long GiveUpAt { get; set; }
        public string? TxId { get; set; }
        public string? RequestedBy { get; set; }
        public long Revision { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
        public long StateChangedAt { get; set; }

        public static Row From(Transfer t) =>
            new()
            {
                Id = t.Id,
                SourceId = t.SourceId,
                WalletId = t.WalletId,
                ToAddress = t.To.ToString(),
                Amount = Amounts.ToJson(t.Amount),
                State = t.State.ToString(),
                Note = t.Note,
                Tries = t.Tries,
                NextAt = t.NextAt?.ToUnixTimeMilliseconds(),
                GiveUpAt = t.GiveUpAt.ToUnixTimeMilliseconds(),
                TxId = t.TxId?.ToString(),
                RequestedBy = t.RequestedBy,
                Revision = t.Revision,
                CreatedAt = t.CreatedAt.ToUnixTimeMilliseconds(),
                UpdatedAt = t.UpdatedAt.ToUnixTimeMilliseconds(),
                StateChangedAt = t.StateChangedAt.ToUnixTimeMilliseconds(),
            };

        public Transfer ToTransfer() =>
            new()
            {
                Id = Id,
                SourceId = SourceId,
                WalletId = WalletId,
                To = Address.Parse(ToAddress),
                Amount = Amounts.FromJson(Amount),
                State = Enum.Parse<TransferState>(State),
                Note = Note,
                Tries = (int)Tries,
                NextAt = NextAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                GiveUpAt = DateTimeOffset.FromUnixTimeMilliseconds(GiveUpAt),
                TxId = TxId is null ? null : TransactionId.Parse(TxId),
                RequestedBy = RequestedBy,
                Revision = Revision,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
                StateChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(StateChangedAt),
            };
    }
}
