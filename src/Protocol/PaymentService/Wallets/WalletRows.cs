using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>A hot wallet by itself.</summary>
public sealed record WalletRow(
    WalletSecret? Secret,
    PendingTransaction? PendingTransaction,
    string? Note,
    string WalletVkey,
    string WalletAddress,
    string? CollectionAddress,
    LowBalanceSummary LowBalanceSummary,
    ImmutableArray<WalletRuleRow> LowBalanceRules
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletRow> Shape { get; } =
        Shapes.Record<WalletRow>(
            "Wallet",
            s =>
                new(
                    s.Optional("Secret", WalletSecret.Shape, r => r.Secret, "Only when asked for"),
                    s.RequiredOrNull("PendingTransaction", PendingTransaction.Shape, r => r.PendingTransaction, "What the wallet is waiting for"),
                    s.RequiredOrNull("note", Shapes.AnyText, r => r.Note),
                    s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                    s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress),
                    s.RequiredOrNull("collectionAddress", Shapes.AnyText, r => r.CollectionAddress, "Where collected money goes; null: it stays in the wallet"),
                    s.Required("LowBalanceSummary", LowBalanceSummary.Shape, r => r.LowBalanceSummary),
                    s.Required("LowBalanceRules", Shapes.List(WalletRuleRow.Shape), r => r.LowBalanceRules, "All of them, disabled ones too")
                )
        );
}

/// <summary>What a wallet's keys come from.</summary>
public sealed record WalletSecret(DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Mnemonic)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletSecret> Shape { get; } =
        Shapes.Record<WalletSecret>(s =>
            new(
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.Required("mnemonic", Shapes.AnyText, r => r.Mnemonic, "In clear: whoever has it has the money")
            )
        );

    /// <summary>For logs: nothing of the secret.</summary>
    public override string ToString() => nameof(WalletSecret);
}

/// <summary>A transaction of a wallet that is not on chain yet.</summary>
/// <param name="CreatedAt">When it was planned.</param>
/// <param name="UpdatedAt">When its row last changed.</param>
/// <param name="Hash">Null until it is sent.</param>
/// <param name="LastCheckedAt">When it was last looked for.</param>
public sealed record PendingTransaction(DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Hash, DateTimeOffset? LastCheckedAt)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PendingTransaction> Shape { get; } =
        Shapes.Record<PendingTransaction>(s =>
            new(
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.RequiredOrNull("hash", Shapes.AnyText, r => r.Hash, "null until it is sent"),
                s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt)
            )
        );
}

/// <summary>A hot wallet in a list.</summary>
public sealed record WalletListRow(
    string Id,
    string PaymentSourceId,
    HotWalletType Type,
    string WalletVkey,
    string WalletAddress,
    string? CollectionAddress,
    string? Note,
    LowBalanceSummary LowBalanceSummary
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletListRow> Shape { get; } =
        Shapes.Record<WalletListRow>(
            "WalletListItem",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                    s.Required("type", Shapes.Word<HotWalletType>(), r => r.Type),
                    s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                    s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress),
                    s.RequiredOrNull("collectionAddress", Shapes.AnyText, r => r.CollectionAddress, "Where collected money goes; null: it stays in the wallet"),
                    s.RequiredOrNull("note", Shapes.AnyText, r => r.Note),
                    s.Required("LowBalanceSummary", LowBalanceSummary.Shape, r => r.LowBalanceSummary)
                )
        );
}

/// <summary>Wallets, a page of them.</summary>
public sealed record WalletList(ImmutableArray<WalletListRow> Wallets)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletList> Shape { get; } =
        Shapes.Record<WalletList>(s => new(s.Required("Wallets", Shapes.List(WalletListRow.Shape), r => r.Wallets, "Newest first")));
}

/// <summary>A fresh wallet that is stored nowhere.</summary>
public sealed record GeneratedWallet(string WalletMnemonic, string WalletAddress, string WalletVkey)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<GeneratedWallet> Shape { get; } =
        Shapes.Record<GeneratedWallet>(
            "GeneratedWalletSecret",
            s =>
                new(
                    s.Required("walletMnemonic", Shapes.AnyText, r => r.WalletMnemonic, "24 words, shown this once: write them down"),
                    s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress),
                    s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key")
                )
        );

    /// <summary>For logs: nothing of the secret.</summary>
    public override string ToString() => WalletAddress;
}
