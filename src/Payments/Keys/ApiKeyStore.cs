using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Stores;
using Masumi.Storage;
using Masumi.Storage.Secrets;

namespace Masumi.Payments.Keys;

/// <summary>API keys in the database, by keyed hash.</summary>
internal sealed class ApiKeyStore(IDatabase database, ApiKeyHash hash, TimeProvider time)
{
    private const string Columns = "id, token_mask, can_read, can_pay, can_admin, usage_limited, networks, status";

    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("payments", typeof(ApiKeyStore).Assembly);

    public Task<ApiKey?> FindAsync(string token, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
            {
                var row = await c.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM api_key WHERE token_hash = @hash", new { hash = hash.Of(token) });
                return row is null ? null : await WithCredits(c, null, row);
            },
            cancellation
        );

    /// <summary>Adds a key; when the token is known already, nothing changes.</summary>
    public Task AddAsync(ApiKey key, string token, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
            {
                var added = await c.ExecuteAsync(
                    "INSERT INTO api_key (id, token_hash, token_mask, can_read, can_pay, can_admin, usage_limited, networks, status, created_at) VALUES "
                        + "(@Id, @hash, @Mask, @read, @pay, @admin, @limited, @networks, 'Active', @now) ON CONFLICT (token_hash) DO NOTHING",
                    new
                    {
                        key.Id,
                        hash = hash.Of(token),
                        key.Mask,
                        read = key.CanRead ? 1 : 0,
                        pay = key.CanPay ? 1 : 0,
                        admin = key.CanAdmin ? 1 : 0,
                        limited = key.UsageLimited ? 1 : 0,
                        networks = string.Join(',', key.Networks.Select(Word.Text)),
                        now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                    },
                    t
                );
                foreach (var (unit, amount) in added == 1 ? key.Credits : [])
                {
                    await c.ExecuteAsync(
                        "INSERT INTO api_key_credit (key_id, unit, amount) VALUES (@Id, @unit, @amount)",
                        new
                        {
                            key.Id,
                            unit,
                            amount,
                        },
                        t
                    );
                }
            },
            cancellation
        );

    /// <summary>Whether anybody administers this node by an active key.</summary>
    public Task<bool> HasAdminAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            c => c.ExecuteScalarAsync<bool>("SELECT count(*) > 0 FROM api_key WHERE can_admin = 1 AND status = 'Active' AND deleted_at IS NULL"),
            cancellation
        );

    public Task<ImmutableArray<ApiKey>> ListAsync(string? cursor, int take, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
            {
                var keys = ImmutableArray.CreateBuilder<ApiKey>();
                var from = cursor is null ? "" : "AND id >= (SELECT id FROM api_key WHERE id = @cursor)";
                var rows = await c.QueryAsync<Row>(
                    $"SELECT {Columns} FROM api_key WHERE deleted_at IS NULL {from} ORDER BY id LIMIT @take",
                    new { cursor, take }
                );
                foreach (var row in rows)
                {
                    keys.Add(await WithCredits(c, null, row));
                }

                return keys.ToImmutable();
            },
            cancellation
        );

    /// <summary>Revokes a key for good; null when there is none to revoke.</summary>
    public Task<ApiKey?> RevokeAsync(string id, CancellationToken cancellation) =>
        database.WriteAsync<ApiKey?>(
            async (c, t) =>
                await c.ExecuteAsync(
                    "UPDATE api_key SET status = 'Revoked', deleted_at = @now WHERE id = @id AND deleted_at IS NULL",
                    new { id, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
                    t
                ) == 1
                    ? await WithCredits(c, t, await c.QuerySingleAsync<Row>($"SELECT {Columns} FROM api_key WHERE id = @id", new { id }, t))
                    : null,
            cancellation
        );

    /// <summary>Takes the price off a usage-limited key's credits, inside the transaction that stores the purchase; false when they do not suffice.</summary>
    public static Alongside Debit(ApiKey key, IEnumerable<(string Unit, Int128 Quantity)> price) => (c, t) => DebitAsync(c, t, key, price);

    private static async Task<bool> DebitAsync(DbConnection c, DbTransaction t, ApiKey key, IEnumerable<(string Unit, Int128 Quantity)> price)
    {
        if (!key.UsageLimited || key.CanAdmin)
        {
            return true;
        }

        foreach (var (unit, amount) in price)
        {
            // Credits are 64-bit numbers: none covers more.
            if (amount > long.MaxValue)
            {
                return false;
            }

            var quantity = (long)amount;
            var changed = await c.ExecuteAsync(
                "UPDATE api_key_credit SET amount = amount - @quantity WHERE key_id = @Id AND unit = @unit AND amount >= @quantity",
                new
                {
                    key.Id,
                    unit,
                    quantity,
                },
                t
            );
            if (changed == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<ApiKey> WithCredits(DbConnection c, DbTransaction? t, Row row)
    {
        var credits = await c.QueryAsync<CreditRow>("SELECT unit, amount FROM api_key_credit WHERE key_id = @Id ORDER BY unit", new { row.Id }, t);
        return new ApiKey
        {
            Id = row.Id,
            Mask = row.TokenMask,
            CanRead = row.CanRead != 0,
            CanPay = row.CanPay != 0,
            CanAdmin = row.CanAdmin != 0,
            UsageLimited = row.UsageLimited != 0,
            Networks = [.. row.Networks.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Word.Parse<Network>)],
            IsActive = row.Status == "Active",
            Credits = [.. credits.Select(x => new KeyValuePair<string, long>(x.Unit, x.Amount))],
        };
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string TokenMask { get; set; } = "";
        public long CanRead { get; set; }
        public long CanPay { get; set; }
        public long CanAdmin { get; set; }
        public long UsageLimited { get; set; }
        public string Networks { get; set; } = "";
        public string Status { get; set; } = "";
    }

    private sealed class CreditRow
    {
        public string Unit { get; set; } = "";
        public long Amount { get; set; }
    }
}
