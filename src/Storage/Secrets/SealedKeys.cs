using System.Security.Cryptography;
using Dapper;

namespace Masumi.Storage.Secrets;

/// <summary>Random keys that a node makes once for itself and keeps sealed in its database, so that all its instances use the same.</summary>
public sealed class SealedKeys(IDatabase database, SecretBox box, TimeProvider time, RandomNumberGenerator random)
{
    /// <summary>The table this needs; goes into <see cref="IDatabase.MigrateAsync"/>.</summary>
    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("secrets", typeof(SealedKeys).Assembly, "Secrets.Migrations");

    /// <summary>
    /// The key of that name, made on first use. Throws <see cref="CryptographicException"/> when it was sealed under another operator's secret.
    /// </summary>
    public async Task<byte[]> GetOrCreateAsync(string name, int size, CancellationToken cancellation)
    {
        if (await FindAsync(name, size, cancellation) is { } known)
        {
            return known;
        }

        var made = new byte[size];
        random.GetBytes(made);
        var fresh = box.Seal(made, Purpose(name));
        var stored = await database.WriteAsync(
            async (connection, transaction) =>
            {
                // Another instance may have been faster: then its key stands.
                await connection.ExecuteAsync(
                    "INSERT INTO sealed_keys (name, sealed, created_at) VALUES (@name, @fresh, @now) ON CONFLICT (name) DO NOTHING",
                    new
                    {
                        name,
                        fresh,
                        now = time.GetUtcNow(),
                    },
                    transaction
                );
                return await connection.ExecuteScalarAsync<string>("SELECT sealed FROM sealed_keys WHERE name = @name", new { name }, transaction);
            },
            cancellation
        );
        return Open(name, size, stored!);
    }

    /// <summary>The key of that name, or null; throws as <see cref="GetOrCreateAsync"/>.</summary>
    public async Task<byte[]?> FindAsync(string name, int size, CancellationToken cancellation)
    {
        var stored = await database.ReadAsync(
            c => c.ExecuteScalarAsync<string?>("SELECT sealed FROM sealed_keys WHERE name = @name", new { name }),
            cancellation
        );
        return stored is null ? null : Open(name, size, stored);
    }

    private static string Purpose(string name) => $"key:{name}";

    private byte[] Open(string name, int size, string stored)
    {
        var key = box.Open(stored, Purpose(name));
        return key.Length == size ? key : throw new CryptographicException($"The key '{name}' has {key.Length} bytes, {size} were expected.");
    }
}
