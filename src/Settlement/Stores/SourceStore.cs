using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>How a source's wallets change.</summary>
/// <param name="Add">New ones.</param>
/// <param name="Remove">Ids of those that go.</param>
/// <param name="Force">Whether they go although they have open deals, registrations or transfers.</param>
public sealed record SourceWallets(IReadOnlyCollection<HotWallet> Add, IReadOnlyCollection<string> Remove, bool Force);

/// <summary>Contract instances.</summary>
public sealed class SourceStore
{
    private const string Columns =
        "id, network, family, contract_address, policy_id, required_admins, admins, cooldown_ms, fee_address, fee_permille, covered_height, created_at, disabled_at, removed_at, provider_key, "
        + "last_identifier";

    private readonly Works _works;

    internal SourceStore(Works works) => _works = works;

    /// <summary>
    /// Adds a source, or one that was removed again; false when the network already has one with this contract address, which stays as it is, disabled or not.
    /// </summary>
    public Task<bool> AddAsync(PaymentSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _works.WriteAsync(
            async w =>
                await w.ExecuteAsync(
                    $"INSERT INTO payment_source ({Columns}) VALUES (@Id, @Network, @Family, @ContractAddress, @PolicyId, @RequiredAdmins, "
                        + "@Admins, @CooldownMs, @FeeAddress, @FeePermille, -1, @CreatedAt, @DisabledAt, @RemovedAt, @ProviderKey, @LastIdentifier) ON CONFLICT (network, contract_address) DO UPDATE "
                        + "SET disabled_at = @DisabledAt, removed_at = NULL WHERE payment_source.removed_at IS NOT NULL",
                    SourceRow.From(source)
                ) == 1,
            cancellation
        );
    }

    /// <summary>
    /// Adds a source with its wallets, all or nothing; one that was removed is there again, under its own id. Null when the network has one with this contract
    /// address.
    /// </summary>
    public Task<(WalletAdding Wallets, PaymentSource Source)?> AddAsync(
        PaymentSource source,
        IReadOnlyCollection<HotWallet> wallets,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(wallets);
        return _works.WriteAsync<(WalletAdding, PaymentSource)?>(
            async w =>
            {
                var before = await ListAsync(w);
                var same = before.FirstOrDefault(s => s.Network == source.Network && s.ContractAddress == source.ContractAddress);
                if (same is { RemovedAt: null })
                {
                    return null;
                }

                // The wallets are looked at first: a refusal has changed nothing.
                var added = same is null ? source : source with { Id = same.Id, CreatedAt = same.CreatedAt };
                if (await WalletStore.AreKnownAsync(w, wallets))
                {
                    return (WalletAdding.IsRegistered, added);
                }

                await w.ExecuteAsync(
                    same is null
                        ? $"INSERT INTO payment_source ({Columns}) VALUES (@Id, @Network, @Family, @ContractAddress, @PolicyId, @RequiredAdmins, @Admins, "
                            + "@CooldownMs, @FeeAddress, @FeePermille, -1, @CreatedAt, NULL, NULL, @ProviderKey, @LastIdentifier)"
                        : "UPDATE payment_source SET disabled_at = NULL, removed_at = NULL, provider_key = @ProviderKey WHERE id = @Id",
                    SourceRow.From(added)
                );
                return (await WalletStore.AddAloneAsync(w, [.. wallets.Select(h => h with { SourceId = added.Id })], []), added);
            },
            cancellation
        );
    }

    /// <summary>
    /// Changes a source's notes and its wallets, all or nothing: some are removed, then some added. Null when there is no such source, or it was removed.
    /// </summary>
    public Task<(WalletRemoval Removed, WalletAdding Added)?> ChangeAsync(
        PaymentSource source,
        SourceWallets wallets,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(wallets);
        return _works.WriteAsync<(WalletRemoval, WalletAdding)?>(
            async w =>
            {
                if ((await ListAsync(w)).FirstOrDefault(s => s.Id == source.Id) is not { RemovedAt: null })
                {
                    return null;
                }

                // What refuses comes first: then nothing has changed.
                if (await WalletStore.HinderedAsync(w, wallets.Remove, wallets.Force) is { } hindered)
                {
                    return (hindered, WalletAdding.Added);
                }

                if (await WalletStore.AreKnownAsync(w, wallets.Add))
                {
                    return (WalletRemoval.Removed, WalletAdding.IsRegistered);
                }

                await w.ExecuteAsync(
                    "UPDATE payment_source SET provider_key = @ProviderKey, last_identifier = @LastIdentifier WHERE id = @Id",
                    SourceRow.From(source)
                );
                foreach (var walletId in wallets.Remove)
                {
                    await WalletStore.RemoveAsync(w, walletId, at);
                }

                return (WalletRemoval.Removed, wallets.Add.Count > 0 ? await WalletStore.AddAloneAsync(w, wallets.Add, []) : WalletAdding.Added);
            },
            cancellation
        );
    }

    /// <summary>
    /// Removes a source with all its wallets (F43), unless one of them hinders it: by a top-up on its way, or, where it is not forced, by open deals,
    /// registrations or transfers.
    /// </summary>
    public Task<WalletRemoval> RemoveAsync(string id, bool force, DateTimeOffset at, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
            {
                var wallets = (await WalletStore.ListAsync(w)).Where(h => h.SourceId == id && h.DeletedAt is null).Select(h => h.Id).ToList();
                if (await WalletStore.HinderedAsync(w, wallets, force) is { } hindered)
                {
                    return hindered;
                }

                if (!force && await w.AnyAsync("SELECT 1 FROM deal WHERE source_id = @id AND (next_at IS NOT NULL OR escrow_ref IS NOT NULL)", new { id }))
                {
                    return WalletRemoval.InUse;
                }

                if (await RemoveAsync(w, id, at) == 0)
                {
                    return WalletRemoval.Unknown;
                }

                foreach (var walletId in wallets)
                {
                    await WalletStore.RemoveAsync(w, walletId, at);
                }

                return WalletRemoval.Removed;
            },
            cancellation
        );

    /// <summary>All sources, oldest first.</summary>
    public Task<ImmutableArray<PaymentSource>> ListAsync(CancellationToken cancellation) => _works.ReadAsync(ListAsync, cancellation);

    /// <summary>All sources, oldest first.</summary>
    internal static async Task<ImmutableArray<PaymentSource>> ListAsync(Work work) =>
        [.. (await work.QueryAsync<SourceRow>($"SELECT {Columns} FROM payment_source ORDER BY created_at, id")).Select(r => r.ToSource())];

    /// <summary>Those to be followed: all but those that were removed and of which nothing is open.</summary>
    internal const string Served =
        "(removed_at IS NULL OR EXISTS (SELECT 1 FROM deal d WHERE d.source_id = payment_source.id AND d.next_at IS NOT NULL) "
        + "OR EXISTS (SELECT 1 FROM registration r WHERE r.source_id = payment_source.id AND r.next_at IS NOT NULL) "
        + "OR EXISTS (SELECT 1 FROM transfer t WHERE t.source_id = payment_source.id AND t.next_at IS NOT NULL) "
        + "OR EXISTS (SELECT 1 FROM deal d WHERE d.source_id = payment_source.id AND d.escrow_ref IS NOT NULL) OR EXISTS (SELECT 1 FROM attempt a WHERE "
        + "a.source_id = payment_source.id AND a.state = 'InBlock') OR EXISTS (SELECT 1 FROM attempt a WHERE a.source_id = payment_source.id "
        + "AND a.tx IS NOT NULL AND a.state IN ('Stored', 'Offered', 'Pending')))";

    /// <summary>Sources to be followed, oldest first.</summary>
    internal static async Task<ImmutableArray<PaymentSource>> ListServedAsync(Work work) =>
        [.. (await work.QueryAsync<SourceRow>($"SELECT {Columns} FROM payment_source WHERE {Served} ORDER BY created_at, id")).Select(r => r.ToSource())];

    /// <summary>
    /// Takes no new work any more and is no longer shown; what is open is followed and collected (F43). False for an unknown or removed source. A node's settings
    /// say which sources it serves: one that still stands there is added again at the next start, so who removes one takes it out of the settings too.
    /// </summary>
    public async Task<bool> RemoveAsync(string id, DateTimeOffset at, CancellationToken cancellation) =>
        await _works.WriteAsync(w => RemoveAsync(w, id, at), cancellation) == 1;

    private static Task<int> RemoveAsync(Work work, string id, DateTimeOffset at) =>
        work.ExecuteAsync(
            "UPDATE payment_source SET removed_at = @at, disabled_at = COALESCE(disabled_at, @at) WHERE id = @id AND removed_at IS NULL",
            new { id, at = at.ToUnixTimeMilliseconds() }
        );

    /// <summary>Stops taking new work, or takes it again; what is open is followed and collected either way (F43). False for an unknown source.</summary>
    public Task<bool> SetDisabledAsync(string id, DateTimeOffset? at, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w => await w.ExecuteAsync("UPDATE payment_source SET disabled_at = @at WHERE id = @id", new { id, at = at?.ToUnixTimeMilliseconds() }) == 1,
            cancellation
        );

    /// <summary>Notes up to which height a contract's list was looked at a second time; a rollback lowers it.</summary>
    public Task SetCoveredAsync(string id, long height, CancellationToken cancellation) =>
        _works.WriteAsync(w => w.ExecuteAsync("UPDATE payment_source SET covered_height = @height WHERE id = @id", new { id, height }), cancellation);

    private sealed class SourceRow
    {
        public string Id { get; set; } = "";
        public string Network { get; set; } = "";
        public string Family { get; set; } = "";
        public string ContractAddress { get; set; } = "";
        public string PolicyId { get; set; } = "";
        public long RequiredAdmins { get; set; }
        public string Admins { get; set; } = "";
        public long CooldownMs { get; set; }
        public long CoveredHeight { get; set; }
        public long CreatedAt { get; set; }
        public long? DisabledAt { get; set; }
        public long? RemovedAt { get; set; }
        public string? FeeAddress { get; set; }
        public long FeePermille { get; set; }
        public string? ProviderKey { get; set; }
        public string? LastIdentifier { get; set; }

        public static SourceRow From(PaymentSource s) =>
            new()
            {
                Id = s.Id,
                Network = Word.Text(s.Network),
                Family = s.Family.ToString(),
                ContractAddress = s.ContractAddress.ToString(),
                PolicyId = s.PolicyId.ToString(),
                RequiredAdmins = s.RequiredAdmins,
                Admins = string.Join(',', s.Admins),
                CooldownMs = (long)s.Cooldown.TotalMilliseconds,
                CreatedAt = s.CreatedAt.ToUnixTimeMilliseconds(),
                DisabledAt = s.DisabledAt?.ToUnixTimeMilliseconds(),
                RemovedAt = s.RemovedAt?.ToUnixTimeMilliseconds(),
                FeeAddress = s.FeeAddress?.ToString(),
                FeePermille = s.FeePermille,
                ProviderKey = s.SealedProviderKey,
                LastIdentifier = s.LastIdentifierChecked,
            };

        public PaymentSource ToSource() =>
            new(
                Id,
                Word.Parse<Network>(Network),
                Enum.Parse<EscrowFamily>(Family),
                Address.Parse(ContractAddress),
                Cardano.PolicyId.Parse(PolicyId),
                (int)RequiredAdmins,
                [.. Admins.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(KeyHash.Parse)],
                TimeSpan.FromMilliseconds(CooldownMs),
                DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                DisabledAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                FeeAddress is null ? null : Address.Parse(FeeAddress),
                (int)FeePermille
            )
            {
                CoveredHeight = CoveredHeight,
                SealedProviderKey = ProviderKey,
                LastIdentifierChecked = LastIdentifier,
                RemovedAt = RemovedAt is { } removed ? DateTimeOffset.FromUnixTimeMilliseconds(removed) : null,
            };
    }
}
