using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>What came of adding wallets.</summary>
public enum WalletAdding
{
    /// <summary>They are there.</summary>
    Added,

    /// <summary>One of the keys is in use already.</summary>
    IsRegistered,

    /// <summary>There is no such source, or it was removed.</summary>
    SourceGone,
}

/// <summary>What came of removing wallets.</summary>
public enum WalletRemoval
{
    /// <summary>They are gone.</summary>
    Removed,

    /// <summary>There was none of them.</summary>
    Unknown,

    /// <summary>A top-up of one, or for one, is on its way.</summary>
    InFlight,

    /// <summary>One has open deals, registrations or transfers.</summary>
    InUse,
}

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

    /// <summary>Adds wallets to a source, all or none; each key is in use once in the whole node.</summary>
    /// <param name="wallets">All of one source.</param>
    /// <param name="settings">Of the funding wallets among them.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<WalletAdding> AddAloneAsync(
        IReadOnlyCollection<HotWallet> wallets,
        IReadOnlyCollection<FundingSettings> settings,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(wallets);
        ArgumentNullException.ThrowIfNull(settings);
        return _works.WriteAsync(w => AddAloneAsync(w, wallets, settings), cancellation);
    }

    internal static async Task<WalletAdding> AddAloneAsync(Work work, IReadOnlyCollection<HotWallet> wallets, IReadOnlyCollection<FundingSettings> settings)
    {
        var sources = wallets.Select(w => w.SourceId).Distinct(StringComparer.Ordinal);
        if ((await work.QueryAsync<string>(sources, "SELECT id FROM payment_source WHERE id IN (@keys) AND removed_at IS NULL")).Count != 1)
        {
            return WalletAdding.SourceGone;
        }

        // Looked at first: a refusal has changed nothing.
        if (await AreKnownAsync(work, wallets))
        {
            return WalletAdding.IsRegistered;
        }

        foreach (var wallet in wallets)
        {
            await work.ExecuteAsync(
                $"INSERT INTO hot_wallet ({Columns}) VALUES (@Id, @SourceId, @Role, @Vkey, @Address, @CollectionAddress, @Note, @SealedMnemonic, @CoveredHeight, "
                    + "@CreatedAt, @DeletedAt)",
                WalletRow.From(wallet)
            );
        }

        foreach (var one in settings)
        {
            await TopUpStore.SetAsync(work, one);
        }

        return WalletAdding.Added;
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
    public async Task<bool> RemoveAsync(string walletId, DateTimeOffset at, CancellationToken cancellation) =>
        await _works.WriteAsync(w => RemoveAsync(w, walletId, at), cancellation) == 1;

    /// <summary>
    /// The same for several at once, all or none. None while money is on its way to one or from it by a top-up; none either while one has open deals or
    /// registrations, unless forced. Unknown and removed ones are passed over.
    /// </summary>
    public Task<WalletRemoval> RemoveAsync(IReadOnlyCollection<string> walletIds, bool force, DateTimeOffset at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(walletIds);
        return _works.WriteAsync(
            async w =>
            {
                if (await HinderedAsync(w, walletIds, force) is { } hindered)
                {
                    return hindered;
                }

                var removed = 0;
                foreach (var walletId in walletIds)
                {
                    removed += await RemoveAsync(w, walletId, at);
                }

                return removed > 0 ? WalletRemoval.Removed : WalletRemoval.Unknown;
            },
            cancellation
        );
    }

    private const string InUse =
        "SELECT 1 FROM deal WHERE wallet_id = @walletId AND next_at IS NOT NULL UNION ALL SELECT 1 FROM deal WHERE wallet_id = @walletId AND escrow_ref IS NOT NULL "
        + "UNION ALL SELECT 1 FROM registration WHERE (wallet_id = @walletId OR recipient_id = @walletId OR holder_id = @walletId) AND next_at IS NOT NULL "
        + "UNION ALL SELECT 1 FROM transfer WHERE wallet_id = @walletId AND state IN ('Requested', 'Sent')";

    /// <summary>Whether one of the keys is in use, or named twice.</summary>
    internal static async Task<bool> AreKnownAsync(Work work, IReadOnlyCollection<HotWallet> wallets)
    {
        var vkeys = wallets.Select(w => w.KeyHash.ToString()).ToHashSet(StringComparer.Ordinal);
        return vkeys.Count != wallets.Count
            || (await work.QueryAsync<string>(vkeys, "SELECT id FROM hot_wallet WHERE vkey IN (@keys) AND deleted_at IS NULL")).Count > 0;
    }

    /// <summary>Why none of these wallets may go; null when they may.</summary>
    internal static async Task<WalletRemoval?> HinderedAsync(Work work, IReadOnlyCollection<string> walletIds, bool force)
    {
        foreach (var walletId in walletIds)
        {
            if (await TopUpStore.IsInFlightAsync(work, walletId))
            {
                return WalletRemoval.InFlight;
            }

            if (!force && await work.AnyAsync(InUse, new { walletId }))
            {
                return WalletRemoval.InUse;
            }
        }

        return null;
    }

    internal static async Task<int> RemoveAsync(Work work, string walletId, DateTimeOffset at)
    {
        var removed = await work.ExecuteAsync(
            "UPDATE hot_wallet SET deleted_at = @at WHERE id = @walletId AND deleted_at IS NULL",
            new { walletId, at = at.ToUnixTimeMilliseconds() }
        );
        if (removed == 1)
        {
            await BalanceStore.ForgetAsync(work, walletId);
            await TopUpStore.ForgetAsync(work, walletId);
        }

        return removed;
    }

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
