using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Stores;
using Masumi.Storage;

namespace Masumi.Payments.Keys;

/// <summary>API keys in the database, by keyed hash.</summary>
internal sealed class ApiKeyStore(IDatabase database, TimeProvider time)
{
    private const string Columns =
        "id, token_mask, can_read, can_pay, can_admin, usage_limited, networks, chain_ids, status, has_scope, open_lovelace, fees_per_day";

    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("payments", typeof(ApiKeyStore).Assembly);

    /// <summary>The key of a hashed token, also a revoked one; null when there is none.</summary>
    public Task<ApiKey?> FindAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
            {
                var row = await c.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM api_key WHERE token_hash = @hash", new { hash });
                return row is null ? null : (await WholeAsync(c, null, [row]))[0];
            },
            cancellation
        );

    /// <summary>Adds a key; false, and nothing changes, when the token is known already.</summary>
    public Task<bool> AddAsync(ApiKey key, string hash, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
            {
                var added = await c.ExecuteAsync(
                    "INSERT INTO api_key (id, token_hash, token_mask, can_read, can_pay, can_admin, usage_limited, networks, chain_ids, status, has_scope, "
                        + "open_lovelace, fees_per_day, created_at) VALUES (@Id, @hash, @Mask, @read, @pay, @admin, @limited, @networks, @chains, @status, @scoped, "
                        + "@OpenLovelace, @FeesPerDay, @now) ON CONFLICT (token_hash) DO NOTHING",
                    Values(key, hash),
                    t
                );
                if (added == 1)
                {
                    await InsertPartsAsync(c, t, key);
                }

                return added == 1;
            },
            cancellation
        );

    /// <summary>
    /// Changes a key that is not deleted, in one transaction: what is decided sees the key as it stands then. The token's hash and mask stay where none is given.
    /// </summary>
    /// <returns>The key afterwards, or what the decision refused with; null for both when there is no such key, true for taken when another key has the token.</returns>
    public Task<Changed<TRefusal>> ChangeAsync<TRefusal>(
        string id,
        string? hash,
        Func<ApiKey, (ApiKey? Key, TRefusal? Refusal)> decide,
        CancellationToken cancellation
    )
        where TRefusal : class =>
        database.WriteAsync(
            async (c, t) =>
            {
                var row = await c.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM api_key WHERE id = @id AND deleted_at IS NULL", new { id }, t);
                if (row is null)
                {
                    return default;
                }

                var (key, refusal) = decide((await WholeAsync(c, t, [row]))[0]);
                if (key is null)
                {
                    return new Changed<TRefusal>(null, refusal, IsTaken: false);
                }

                if (
                    hash is not null
                    && await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM api_key WHERE token_hash = @hash AND id <> @id", new { hash, id }, t) > 0
                )
                {
                    return new Changed<TRefusal>(null, null, IsTaken: true);
                }

                await c.ExecuteAsync(
                    "UPDATE api_key SET token_hash = COALESCE(@hash, token_hash), token_mask = @Mask, can_read = @read, can_pay = @pay, can_admin = @admin, "
                        + "usage_limited = @limited, networks = @networks, chain_ids = @chains, status = @status, has_scope = @scoped, "
                        + "open_lovelace = @OpenLovelace, fees_per_day = @FeesPerDay WHERE id = @Id",
                    Values(key, hash),
                    t
                );
                await c.ExecuteAsync("DELETE FROM api_key_credit WHERE key_id = @id", new { id }, t);
                await c.ExecuteAsync("DELETE FROM api_key_wallet WHERE key_id = @id", new { id }, t);
                await InsertPartsAsync(c, t, key);
                return new Changed<TRefusal>(key, null, IsTaken: false);
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
                var from = cursor is null ? "" : "AND id >= (SELECT id FROM api_key WHERE id = @cursor)";
                var rows = await c.QueryAsync<Row>(
                    $"SELECT {Columns} FROM api_key WHERE deleted_at IS NULL {from} ORDER BY id LIMIT @take",
                    new { cursor, take }
                );
                return await WholeAsync(c, null, rows.AsList());
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
                    ? (await WholeAsync(c, t, [await c.QuerySingleAsync<Row>($"SELECT {Columns} FROM api_key WHERE id = @id", new { id }, t)]))[0]
                    : null,
            cancellation
        );

    /// <summary>Takes the price off a usage-limited key's credits, inside the transaction that stores the purchase; false when they do not suffice.</summary>
    public static Alongside Debit(ApiKey key, IEnumerable<(string Unit, Int128 Quantity)> price) => (c, t) => DebitAsync(c, t, key, price);

    private static async Task<bool> DebitAsync(DbConnection c, DbTransaction t, ApiKey key, IEnumerable<(string Unit, Int128 Quantity)> price)
    {
        if (!key.IsLimited)
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

    private object Values(ApiKey key, string? hash) =>
        new
        {
            key.Id,
            hash,
            key.Mask,
            read = key.CanRead ? 1 : 0,
            pay = key.CanPay ? 1 : 0,
            admin = key.CanAdmin ? 1 : 0,
            limited = key.UsageLimited ? 1 : 0,
            networks = string.Join(',', key.Networks.Select(Word.Text)),
            chains = string.Join(',', key.ChainIds),
            status = key.IsActive ? "Active" : "Revoked",
            scoped = key.HasScope ? 1 : 0,
            key.OpenLovelace,
            key.FeesPerDay,
            now = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };

    private static async Task InsertPartsAsync(DbConnection c, DbTransaction t, ApiKey key)
    {
        foreach (var (unit, amount) in key.Credits)
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

        foreach (var wallet in key.Scope)
        {
            await c.ExecuteAsync("INSERT INTO api_key_wallet (key_id, wallet_id) VALUES (@Id, @wallet)", new { key.Id, wallet }, t);
        }
    }

    // A page has a hundred keys at most, each a handful of credits and wallets.
    private static async Task<ImmutableArray<ApiKey>> WholeAsync(DbConnection c, DbTransaction? t, List<Row> rows)
    {
        var keys = ImmutableArray.CreateBuilder<ApiKey>(rows.Count);
        foreach (var row in rows)
        {
            var credits = await c.QueryAsync<CreditOf>("SELECT unit, amount FROM api_key_credit WHERE key_id = @Id ORDER BY unit", new { row.Id }, t);
            var wallets = await c.QueryAsync<string>("SELECT wallet_id FROM api_key_wallet WHERE key_id = @Id ORDER BY wallet_id", new { row.Id }, t);
            keys.Add(
                new ApiKey
                {
                    Id = row.Id,
                    Mask = row.TokenMask,
                    CanRead = row.CanRead != 0,
                    CanPay = row.CanPay != 0,
                    CanAdmin = row.CanAdmin != 0,
                    UsageLimited = row.UsageLimited != 0,
                    Networks = [.. Words(row.Networks).Select(Word.Parse<Network>)],
                    ChainIds = [.. Words(row.ChainIds)],
                    IsActive = row.Status == "Active",
                    HasScope = row.HasScope != 0,
                    Scope = [.. wallets],
                    OpenLovelace = row.OpenLovelace,
                    FeesPerDay = row.FeesPerDay,
                    Credits = [.. credits.Select(x => new KeyValuePair<string, long>(x.Unit, x.Amount))],
                }
            );
        }

        return keys.MoveToImmutable();
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string TokenMask { get; set; } = "";
        public long CanRead { get; set; }
        public long CanPay { get; set; }
        public long CanAdmin { get; set; }
        public long UsageLimited { get; set; }
        public string Networks { get; set; } = "";
        public string ChainIds { get; set; } = "";
        public string Status { get; set; } = "";
        public long HasScope { get; set; }
        public long OpenLovelace { get; set; }
        public long FeesPerDay { get; set; }
    }

    private sealed class CreditOf
    {
        public string Unit { get; set; } = "";
        public long Amount { get; set; }
    }
}

/// <summary>What came of changing a key; nothing at all when there is none.</summary>
/// <typeparam name="TRefusal">How the decision says no.</typeparam>
/// <param name="Key">The key afterwards.</param>
/// <param name="Refusal">Why it was not changed.</param>
/// <param name="IsTaken">Another key has the token.</param>
internal readonly record struct Changed<TRefusal>(ApiKey? Key, TRefusal? Refusal, bool IsTaken)
    where TRefusal : class;
