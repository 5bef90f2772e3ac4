using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>Hot wallets.</summary>
public sealed class WalletStore
{
    private const string Columns = "id, source_id, role, vkey, address, collection_address, note, sealed_mnemonic, covered_height, created_at, deleted_at";

    private readonly Works _works;

    internal WalletStore(Works works) => _works = works;

    /// <summary>Adds a wallet; false when the source already has an active one with this key and role.</summary>
    public Task<bool> AddAsync(HotWallet wallet, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        return _works.WriteAsync(
            async w =>
                await w.ExecuteAsync(
                    $"INSERT INTO hot_wallet ({Columns}) SELECT @Id, @SourceId, @Role, @Vkey, @Address, @CollectionAddress, @Note, "
                        + "@SealedMnemonic, @CoveredHeight, @CreatedAt, @DeletedAt WHERE NOT EXISTS (SELECT 1 FROM hot_wallet WHERE source_id = @SourceId "
                        + "AND vkey = @Vkey AND role = @Role AND deleted_at IS NULL)",
                    WalletRow.From(wallet)
                ) == 1,
            cancellation
        );
    }

    /// <summary>All wallets, removed ones included (their work may still be in flight), oldest first.</summary>
    public Task<ImmutableArray<HotWallet>> ListAsync(CancellationToken cancellation) => _works.ReadAsync(ListAsync, cancellation);

    /// <summary>All wallets, oldest first.</summary>
    internal static async Task<ImmutableArray<HotWallet>> ListAsync(Work work) =>
        [.. (await work.QueryAsync<WalletRow>($"SELECT {Columns} FROM hot_wallet ORDER BY created_at, id")).Select(r => r.ToWallet())];

    /// <summary>Sets or clears where a wallet's collected money goes; false for an unknown wallet.</summary>
    public Task<bool> SetCollectionAddressAsync(string walletId, Address? address, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
                await w.ExecuteAsync(
                    "UPDATE hot_wallet SET collection_address = @address WHERE id = @walletId AND deleted_at IS NULL",
                    new { walletId, address = address?.ToString() }
                ) == 1,
            cancellation
        );

    /// <summary>
    /// Takes a wallet out of use: it gets no new deals, finishes what it has, and keeps its key until then (F41). False for an unknown or removed one.
    /// </summary>
    public Task<bool> RemoveAsync(string walletId, DateTimeOffset at, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
                await w.ExecuteAsync(
                    "UPDATE hot_wallet SET deleted_at = @at WHERE id = @walletId AND deleted_at IS NULL",
                    new { walletId, at = at.ToUnixTimeMilliseconds() }
                ) == 1,
            cancellation
        );

    /// <summary>Notes up to which height a wallet's history was looked at.</summary>
    public Task SetCoveredAsync(string walletId, long? height, CancellationToken cancellation) =>
        _works.WriteAsync(w => w.ExecuteAsync("UPDATE hot_wallet SET covered_height = @height WHERE id = @walletId", new { walletId, height }), cancellation);

    private sealed class WalletRow
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string Role { get; set; } = "";
        public string Vkey { get; set; } = "";
        public string Address { get; set; } = "";
        public string? CollectionAddress { get; set; }
        public string? Note { get; set; }
        public string SealedMnemonic { get; set; } = "";
        public long? CoveredHeight { get; set; }
        public long CreatedAt { get; set; }
        public long? DeletedAt { get; set; }

        public static WalletRow From(HotWallet w) =>
            new()
            {
                Id = w.Id,
                SourceId = w.SourceId,
                Role = w.Role.ToString(),
                Vkey = w.KeyHash.ToString(),
                Address = w.Address.ToString(),
                CollectionAddress = w.CollectionAddress?.ToString(),
                Note = w.Note,
                SealedMnemonic = w.SealedMnemonic,
                CoveredHeight = w.CoveredHeight,
                CreatedAt = w.CreatedAt.ToUnixTimeMilliseconds(),
                DeletedAt = w.DeletedAt?.ToUnixTimeMilliseconds(),
            };

        public HotWallet ToWallet() =>
            new(
                Id,
                SourceId,
                Enum.Parse<WalletRole>(Role),
                KeyHash.Parse(Vkey),
                Cardano.Addresses.Address.Parse(Address),
                CollectionAddress is null ? null : Cardano.Addresses.Address.Parse(CollectionAddress),
                Note,
                SealedMnemonic,
                DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                DeletedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null
            )
            {
                CoveredHeight = CoveredHeight,
            };
    }
}
