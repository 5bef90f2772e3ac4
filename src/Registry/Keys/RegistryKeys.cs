using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Masumi.Storage;

namespace Masumi.Registry.Keys;

/// <summary>An API key; only the hash of its token is kept (spec registry-service-api.md 1.1, 4.1).</summary>
internal sealed record RegistryKey(string Id, bool IsAdmin, bool UsageLimited, long? MaxUsageCredits, string Status)
{
    public const string Active = "Active";
    public const string Revoked = "Revoked";
}

/// <summary>The API keys.</summary>
internal sealed class RegistryKeys(IDatabase database, TimeProvider time)
{
    private const string Columns = "id, is_admin, usage_limited, max_usage_credits, status";

    public Task<RegistryKey?> FindAsync(string token, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
                (
                    await c.QuerySingleOrDefaultAsync<KeyRow>($"SELECT {Columns} FROM registry_key WHERE token_hash = @hash", new { hash = HashOf(token) })
                )?.ToKey(),
            cancellation
        );

    /// <summary>Oldest first.</summary>
    public Task<ImmutableArray<RegistryKey>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async c => (await c.QueryAsync<KeyRow>($"SELECT {Columns} FROM registry_key ORDER BY created_at, id")).Select(r => r.ToKey()).ToImmutableArray(),
            cancellation
        );

    /// <summary>False, changing nothing, when the token is known, in whatever state.</summary>
    public Task<bool> AddAsync(string token, RegistryKey key, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "INSERT INTO registry_key (id, token_hash, is_admin, usage_limited, max_usage_credits, status, created_at) "
                        + "VALUES (@Id, @hash, @admin, @limited, @MaxUsageCredits, @Status, @now) ON CONFLICT (token_hash) DO NOTHING",
                    new
                    {
                        key.Id,
                        hash = HashOf(token),
                        admin = key.IsAdmin ? 1 : 0,
                        limited = key.UsageLimited ? 1 : 0,
                        key.MaxUsageCredits,
                        key.Status,
                        now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                    },
                    t
                ) == 1,
            cancellation
        );

    /// <summary>Sets what may change; null for an unknown token.</summary>
    public async Task<RegistryKey?> ChangeAsync(string token, bool limited, long? most, string status, CancellationToken cancellation) =>
        await database.WriteAsync(
            async (c, t) =>
                await c.QuerySingleOrDefaultAsync<KeyRow>(
                    "UPDATE registry_key SET usage_limited = @limited, max_usage_credits = @most, status = @status WHERE token_hash = @hash "
                        + $"RETURNING {Columns}",
                    new
                    {
                        hash = HashOf(token),
                        limited = limited ? 1 : 0,
                        most,
                        status,
                    },
                    t
                ),
            cancellation
        )
            is { } row
            ? row.ToKey()
            : null;

    /// <summary>Forgets a key; null for an unknown token.</summary>
    public async Task<RegistryKey?> DeleteAsync(string token, CancellationToken cancellation) =>
        await database.WriteAsync(
            async (c, t) =>
                await c.QuerySingleOrDefaultAsync<KeyRow>(
                    $"DELETE FROM registry_key WHERE token_hash = @hash RETURNING {Columns}",
                    new { hash = HashOf(token) },
                    t
                ),
            cancellation
        )
            is { } row
            ? row.ToKey()
            : null;

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed class KeyRow
    {
        public string Id { get; set; } = "";
        public long IsAdmin { get; set; }
        public long UsageLimited { get; set; }
        public long? MaxUsageCredits { get; set; }
        public string Status { get; set; } = "";

        public RegistryKey ToKey() => new(Id, IsAdmin != 0, UsageLimited != 0, MaxUsageCredits, Status);
    }
}
