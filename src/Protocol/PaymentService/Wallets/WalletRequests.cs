using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>Which wallet to show: both its type and its id must be right.</summary>
public sealed record GetWalletRequest(HotWalletType WalletType, string Id, bool IncludeSecret = false)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<GetWalletRequest> Shape { get; } =
        Shapes.Record<GetWalletRequest>(s =>
            new(
                s.Required("walletType", Shapes.Word<HotWalletType>(), r => r.WalletType),
                s.Required("id", WalletShapes.Id, r => r.Id),
                s.Default("includeSecret", Shapes.Flag, false, r => r.IncludeSecret, "true: with the mnemonic in clear")
            )
        );
}

/// <summary>For which network a wallet is made.</summary>
public sealed record GenerateWalletRequest(Network Network)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<GenerateWalletRequest> Shape { get; } =
        Shapes.Record<GenerateWalletRequest>(s => new(s.Required("network", Shapes.Word<Network>(), r => r.Network)));
}

/// <summary>Where a wallet's collected money goes.</summary>
/// <param name="Id">Which wallet.</param>
/// <param name="NewCollectionAddress">Null, and never empty: the money stays in the wallet.</param>
public sealed record UpdateWalletRequest(string Id, string? NewCollectionAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateWalletRequest> Shape { get; } =
        Shapes.Record<UpdateWalletRequest>(s =>
            new(
                s.Required("id", WalletShapes.Id, r => r.Id),
                // An empty text is no address: it means what null means.
                s.RequiredOrNull("newCollectionAddress", WalletShapes.Filter, r => r.NewCollectionAddress, "null: collected money stays in the wallet")
                    is { Length: > 0 } address
                    ? address
                    : null
            )
        );
}

/// <summary>Which wallets to list.</summary>
public sealed record ListWalletsRequest(
    long Take = 10,
    string? CursorId = null,
    string? PaymentSourceId = null,
    HotWalletType? WalletType = null,
    string? WalletVkey = null,
    string? WalletAddress = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListWalletsRequest> Shape { get; } =
        Shapes.Record<ListWalletsRequest>(s =>
            new(
                s.Default("take", Shapes.Whole(1, 100), 10, r => r.Take, "How many at most"),
                s.Optional("cursorId", WalletShapes.Filter, r => r.CursorId, "Id of the last wallet seen; the page starts with it"),
                s.Optional("paymentSourceId", WalletShapes.Filter, r => r.PaymentSourceId),
                s.Optional("walletType", Shapes.Word<HotWalletType>(), r => r.WalletType),
                s.Optional("walletVkey", WalletShapes.Filter, r => r.WalletVkey, "Hash of its payment key"),
                s.Optional("walletAddress", WalletShapes.Filter, r => r.WalletAddress)
            )
        );
}
