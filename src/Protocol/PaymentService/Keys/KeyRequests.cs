using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>Which keys to list.</summary>
public sealed record ListKeysRequest(long Take = 10, string? CursorId = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListKeysRequest> Shape { get; } =
        Shapes.Record<ListKeysRequest>(s =>
            new(
                s.Default("take", Shapes.Whole(1, 100), 10, r => r.Take, "How many at most"),
                s.Optional("cursorId", Shapes.Text(0, 550), r => r.CursorId, "Id of the last key seen; the page starts with it")
            )
        );
}

/// <summary>Keys, a page of them.</summary>
public sealed record ApiKeyList(ImmutableArray<ApiKeyRow> ApiKeys)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ApiKeyList> Shape { get; } =
        Shapes.Record<ApiKeyList>(s => new(s.Required("ApiKeys", Shapes.List(ApiKeyRow.Shape), r => r.ApiKeys)));
}

/// <summary>What a new key may do. Where a flag is given the flags count, otherwise the permission.</summary>
/// <param name="UsageLimited">Null: limited, unless it is an admin key.</param>
/// <param name="UsageCredits">What it may spend.</param>
/// <param name="NetworkLimit">Cardano networks.</param>
/// <param name="ChainIdLimit">CAIP-2 ids of other chains.</param>
/// <param name="Permission">For callers that send no flags.</param>
/// <param name="CanRead">Null beside another flag: true.</param>
/// <param name="CanPay">Null beside another flag: false.</param>
/// <param name="CanAdmin">Null beside another flag: false.</param>
/// <param name="WalletScopeEnabled">Whether it may use the named wallets only.</param>
/// <param name="WalletScopeHotWalletIds">The wallets of its scope.</param>
public sealed record CreateKeyRequest(
    bool? UsageLimited,
    ImmutableArray<Credit> UsageCredits,
    ImmutableArray<Network> NetworkLimit,
    ImmutableArray<string> ChainIdLimit,
    KeyPermission Permission,
    bool? CanRead,
    bool? CanPay,
    bool? CanAdmin,
    bool WalletScopeEnabled,
    ImmutableArray<string> WalletScopeHotWalletIds
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CreateKeyRequest> Shape { get; } =
        Shapes.Record<CreateKeyRequest>(s =>
            new(
                s.Optional(
                    "usageLimited",
                    Shapes.Flag,
                    r => r.UsageLimited,
                    "Whether purchases are paid from the credits; left out: true, for an admin key false"
                ),
                s.Required("UsageCredits", Shapes.List(Credit.Shape), r => r.UsageCredits, "What it may spend; may be empty"),
                s.Default(
                    "NetworkLimit",
                    Shapes.List(Shapes.Word<Network>(), 0, 3),
                    [Network.Mainnet, Network.Preprod],
                    r => r.NetworkLimit,
                    "Cardano networks it may use"
                ),
                s.Default("ChainIdLimit", Shapes.List(KeyShapes.ChainId, 0, 50), [], r => r.ChainIdLimit, "CAIP-2 ids of other chains it may use"),
                s.Default(
                    "permission",
                    Shapes.Word<KeyPermission>(),
                    KeyPermission.Read,
                    r => r.Permission,
                    "Older than the three flags; counts where none of them is sent"
                ),
                s.Optional("canRead", Shapes.BooleanOrText, r => r.CanRead, "True where another flag is sent and this one not"),
                s.Optional("canPay", Shapes.BooleanOrText, r => r.CanPay),
                s.Optional("canAdmin", Shapes.BooleanOrText, r => r.CanAdmin),
                s.Default("walletScopeEnabled", Shapes.Flag, false, r => r.WalletScopeEnabled, "Whether it may use the wallets below only"),
                s.Default("WalletScopeHotWalletIds", Shapes.List(Shapes.Text(0, 150), 0, 100), [], r => r.WalletScopeHotWalletIds, "Ids of hot wallets")
            )
        );
}

/// <summary>What is changed at a key. Null leaves a thing as it is: a revoked key stays so unless it is made active in so many words.</summary>
/// <param name="Id">Which.</param>
/// <param name="Token">A new token.</param>
/// <param name="UsageCreditsToAddOrRemove">Added to what it has.</param>
/// <param name="UsageLimited">Whether purchases are paid from its credits.</param>
/// <param name="Status">Whether it is taken.</param>
/// <param name="NetworkLimit">Instead of its Cardano networks.</param>
/// <param name="ChainIdLimit">Instead of its other chains.</param>
/// <param name="WalletScopeEnabled">Whether it may use the wallets of its scope only.</param>
/// <param name="WalletScopeHotWalletIds">Instead of the wallets of its scope.</param>
/// <param name="CanRead">Whether it may read.</param>
/// <param name="CanPay">Whether it may pay.</param>
/// <param name="CanAdmin">Whether it may do everything.</param>
/// <param name="Overhead">What it may move beyond prices.</param>
public sealed record UpdateKeyRequest(
    string Id,
    string? Token = null,
    ImmutableArray<Credit>? UsageCreditsToAddOrRemove = null,
    bool? UsageLimited = null,
    KeyStatus? Status = null,
    ImmutableArray<Network>? NetworkLimit = null,
    ImmutableArray<string>? ChainIdLimit = null,
    bool? WalletScopeEnabled = null,
    ImmutableArray<string>? WalletScopeHotWalletIds = null,
    bool? CanRead = null,
    bool? CanPay = null,
    bool? CanAdmin = null,
    KeyOverheadChange? Overhead = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateKeyRequest> Shape { get; } =
        Shapes.Record<UpdateKeyRequest>(s =>
            new(
                s.Required("id", Shapes.Text(0, 150), r => r.Id),
                s.Optional("token", Shapes.Text(15, 550), r => r.Token, "A new token in place of the old one"),
                s.Optional(
                    "UsageCreditsToAddOrRemove",
                    Shapes.List(Credit.Shape, 0, 25),
                    r => r.UsageCreditsToAddOrRemove,
                    "Added to its credits; amounts below zero take away"
                ),
                s.Optional("usageLimited", Shapes.BooleanOrText, r => r.UsageLimited, "Left out: as it is"),
                s.Optional("status", Shapes.Word<KeyStatus>(), r => r.Status, "Left out: as it is; a revoked key needs Active in so many words"),
                s.Optional("NetworkLimit", Shapes.List(Shapes.Word<Network>(), 0, 3), r => r.NetworkLimit, "In place of its Cardano networks"),
                s.Optional("ChainIdLimit", Shapes.List(KeyShapes.ChainId, 0, 50), r => r.ChainIdLimit, "In place of its other chains"),
                s.Optional("walletScopeEnabled", Shapes.BooleanOrText, r => r.WalletScopeEnabled),
                s.Optional(
                    "WalletScopeHotWalletIds",
                    Shapes.List(Shapes.Text(0, 150), 0, 100),
                    r => r.WalletScopeHotWalletIds,
                    "In place of the wallets of its scope"
                ),
                s.Optional("canRead", Shapes.BooleanOrText, r => r.CanRead),
                s.Optional("canPay", Shapes.BooleanOrText, r => r.CanPay),
                s.Optional("canAdmin", Shapes.BooleanOrText, r => r.CanAdmin),
                s.Optional("overhead", KeyOverheadChange.Shape, r => r.Overhead, "What it may move beyond prices: deposits and fees")
            )
        );
}

/// <summary>Another allowance for what a key moves beyond prices; null leaves a limit as it is.</summary>
/// <param name="OpenLovelace">In deposits that come back, at one time.</param>
/// <param name="FeesPerDay">In fees, lovelace a day.</param>
public sealed record KeyOverheadChange(long? OpenLovelace, long? FeesPerDay)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<KeyOverheadChange> Shape { get; } =
        Shapes.Record<KeyOverheadChange>(s =>
            new(
                s.Optional("openLovelace", KeyShapes.Lovelace, r => r.OpenLovelace, "Deposits that may be out at one time"),
                s.Optional("feesPerDay", KeyShapes.Lovelace, r => r.FeesPerDay, "Lovelace of fees in a day")
            )
        );
}

/// <summary>Which key to revoke.</summary>
public sealed record DeleteKeyRequest(string Id)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeleteKeyRequest> Shape { get; } = Shapes.Record<DeleteKeyRequest>(s => new(s.Required("id", Shapes.Text(0, 150), r => r.Id)));
}
