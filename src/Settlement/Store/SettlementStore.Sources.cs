using System.Collections.Immutable;
using Dapper;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Settlement;

public sealed partial class SettlementStore
{
    private const string SourceColumns =
        "id, network, family, contract_address, policy_id, required_admins, admins, cooldown_ms, created_at, disabled_at, fee_address, fee_permille";

    private const string WalletColumns = "id, source_id, role, vkey, address, collection_address, note, sealed_mnemonic, created_at, deleted_at";

    /// <summary>Adds a source; false when the network already has one with this contract address.</summary>
    public Task<bool> AddSourceAsync(PaymentSource source, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
                await Execute(
                    c,
                    t,
                    $"INSERT INTO payment_source ({SourceColumns}) VALUES (@Id, @Network, @Family, @ContractAddress, @PolicyId, @RequiredAdmins, "
                        + "@Admins, @CooldownMs, @CreatedAt, @DisabledAt, @FeeAddress, @FeePermille) ON CONFLICT (network, contract_address) DO NOTHING",
                    SourceRow.From(source)
                ) == 1,
            cancellation
        );

    /// <summary>All sources, oldest first.</summary>
    public Task<ImmutableArray<PaymentSource>> ListSourcesAsync(CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (await c.QueryAsync<SourceRow>($"SELECT {SourceColumns} FROM payment_source ORDER BY created_at, id"))
                    .Select(r => r.ToSource())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Adds a wallet; false when the source already has an active one with this key and role.</summary>
    public Task<bool> AddWalletAsync(HotWallet wallet, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
                await Execute(
                    c,
                    t,
                    $"INSERT INTO hot_wallet ({WalletColumns}) SELECT @Id, @SourceId, @Role, @Vkey, @Address, @CollectionAddress, @Note, "
                        + "@SealedMnemonic, @CreatedAt, @DeletedAt WHERE NOT EXISTS (SELECT 1 FROM hot_wallet WHERE source_id = @SourceId "
                        + "AND vkey = @Vkey AND role = @Role AND deleted_at IS NULL)",
                    WalletRow.From(wallet)
                ) == 1,
            cancellation
        );

    /// <summary>All wallets, removed ones included (their work may still be in flight), oldest first.</summary>
    public Task<ImmutableArray<HotWallet>> ListWalletsAsync(CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (await c.QueryAsync<WalletRow>($"SELECT {WalletColumns} FROM hot_wallet ORDER BY created_at, id")).Select(r => r.ToWallet()).ToImmutableArray(),
            cancellation
        );

    /// <summary>Sets or clears where a wallet's collected money goes; false for an unknown wallet.</summary>
    public Task<bool> SetCollectionAddressAsync(string walletId, Address? address, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
                await Execute(
                    c,
                    t,
                    "UPDATE hot_wallet SET collection_address = @address WHERE id = @walletId AND deleted_at IS NULL",
                    new { walletId, address = address?.ToString() }
                ) == 1,
            cancellation
        );

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
        public long CreatedAt { get; set; }
        public long? DisabledAt { get; set; }
        public string? FeeAddress { get; set; }
        public long FeePermille { get; set; }

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
                FeeAddress = s.FeeAddress?.ToString(),
                FeePermille = s.FeePermille,
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
            );
    }

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
            );
    }
}
