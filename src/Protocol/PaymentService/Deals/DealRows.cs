using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>The payment source that a deal is settled through.</summary>
public sealed record DealSourceRow(string Id, Network Network, PaymentSourceType PaymentSourceType, string SmartContractAddress, string? PolicyId)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DealSourceRow> Shape { get; } =
        Shapes.Record<DealSourceRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Which generation of the escrow contract"),
                s.Required("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress, "The escrow contract"),
                s.RequiredOrNull("policyId", Shapes.AnyText, r => r.PolicyId, "Of the registry whose agents are paid here")
            )
        );
}

/// <summary>The wallet of the other party.</summary>
public sealed record CounterpartyRow(string Id, string WalletVkey)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CounterpartyRow> Shape { get; } =
        Shapes.Record<CounterpartyRow>(s =>
            new(s.Required("id", Shapes.AnyText, r => r.Id), s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "The hash of its payment key, in hex"))
        );
}

/// <summary>The wallet of this node that acts for a deal.</summary>
public sealed record DealWalletRow(string Id, string WalletVkey, string WalletAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DealWalletRow> Shape { get; } =
        Shapes.Record<DealWalletRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "The hash of its payment key, in hex"),
                s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress)
            )
        );
}

/// <summary>What stands in a deal's way now. It goes when its cause goes.</summary>
/// <param name="Code">For programs; never changes.</param>
/// <param name="Message">For people, with all values.</param>
/// <param name="Advice">What to do about it; null where nobody can do anything.</param>
/// <param name="Values">What the sentence is about, each under its name.</param>
public sealed record ProblemRow(string Code, string Message, string? Advice, ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ProblemRow> Shape { get; } =
        Shapes.Record<ProblemRow>(
            "Problem",
            s =>
                new(
                    s.Required("code", Shapes.AnyText, r => r.Code, "For programs; never changes"),
                    s.Required("message", Shapes.AnyText, r => r.Message, "For people"),
                    s.RequiredOrNull("advice", Shapes.AnyText, r => r.Advice, "What to do; null where nobody can do anything"),
                    s.Required("values", Shapes.Map(Shapes.AnyText), r => r.Values, "What the message is about")
                )
        );
}

/// <summary>A transaction that moves or moved a deal's escrow, whoever sent it.</summary>
/// <remarks>
/// <see cref="Action"/>: what it does; null where that is not known, as on nodes that do not tell.
/// <see cref="By"/>: whose decision it is.
/// </remarks>
public sealed record TransactionRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? TxHash,
    TransactionStatus Status,
    string? Fees,
    long? BlockHeight,
    long? BlockTime,
    OnChainState? PreviousOnChainState,
    OnChainState? NewOnChainState,
    long? Confirmations,
    DealAct? Action,
    DealParty? By
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TransactionRow> Shape { get; } =
        Shapes.Record<TransactionRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash),
                s.Required("status", Shapes.Word<TransactionStatus>(), r => r.Status),
                s.RequiredOrNull("fees", Shapes.AnyText, r => r.Fees, "Lovelace, decimal digits: of the whole transaction, also where it serves several deals"),
                s.RequiredOrNull("blockHeight", Shapes.Whole(), r => r.BlockHeight),
                s.RequiredOrNull("blockTime", Shapes.Whole(), r => r.BlockTime, "Unix seconds"),
                s.RequiredOrNull("previousOnChainState", Shapes.Word<OnChainState>(), r => r.PreviousOnChainState, "Null before a lock"),
                s.RequiredOrNull("newOnChainState", Shapes.Word<OnChainState>(), r => r.NewOnChainState),
                s.RequiredOrNull("confirmations", Shapes.Whole(), r => r.Confirmations, "Blocks on top of its own"),
                s.OptionalOrNull("action", Shapes.Word<DealAct>(), r => r.Action, "What it does to the escrow"),
                s.OptionalOrNull("by", Shapes.Word<DealParty>(), r => r.By, "Whose decision it is")
            )
        );
}
