using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>How a deal stands, in words for people and in values for programs.</summary>
/// <remarks>
/// <see cref="Words"/>: all of it in a few sentences.
/// <see cref="ChainTime"/>: the moment by which everything here was judged.
/// <see cref="Happened"/>: the escrow's transactions of all parties, oldest first.
/// <see cref="Next"/>: what comes next when nobody decides anything; null when the deal is over.
/// <see cref="Risks"/>: what could go wrong from here, the nearest first.
/// <see cref="Calls"/>: what the caller's side may decide now.
/// </remarks>
public sealed record DealExplanation(
    string Id,
    string BlockchainIdentifier,
    string Words,
    DateTimeOffset ChainTime,
    OnChainState? OnChainState,
    ProblemRow? Problem,
    ImmutableArray<HappenedRow> Happened,
    NextRow? Next,
    ImmutableArray<RiskRow> Risks,
    ImmutableArray<CallRow> Calls
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DealExplanation> Shape { get; } =
        Shapes.Record<DealExplanation>(
            "DealExplanation",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("blockchainIdentifier", Shapes.AnyText, r => r.BlockchainIdentifier),
                    s.Required("words", Shapes.AnyText, r => r.Words, "All of it in a few sentences"),
                    s.Required("chainTime", Shapes.Moment, r => r.ChainTime, "The moment by which everything here was judged"),
                    s.RequiredOrNull("onChainState", Shapes.Word<OnChainState>(), r => r.OnChainState, "Null while there is no escrow"),
                    s.RequiredOrNull("problem", ProblemRow.Shape, r => r.Problem, "What stands in its way now"),
                    s.Required("Happened", Shapes.List(HappenedRow.Shape), r => r.Happened, "Transactions of all parties, oldest first"),
                    s.RequiredOrNull("Next", NextRow.Shape, r => r.Next, "What comes next when nobody decides anything; null when it is over"),
                    s.Required("Risks", Shapes.List(RiskRow.Shape), r => r.Risks, "What could go wrong, the nearest first"),
                    s.Required("Calls", Shapes.List(CallRow.Shape), r => r.Calls, "What this side may decide now")
                )
        );
}

/// <summary>A transaction that happened, or may still happen.</summary>
public sealed record HappenedRow(
    DealAct Action,
    DealParty By,
    string TxHash,
    TransactionStatus Status,
    long? Height,
    DateTimeOffset? Time,
    string? Fee,
    string Words
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<HappenedRow> Shape { get; } =
        Shapes.Record<HappenedRow>(s =>
            new(
                s.Required("action", Shapes.Word<DealAct>(), r => r.Action),
                s.Required("by", Shapes.Word<DealParty>(), r => r.By, "Whose decision it was"),
                s.Required("txHash", Shapes.AnyText, r => r.TxHash),
                s.Required("status", Shapes.Word<TransactionStatus>(), r => r.Status),
                s.RequiredOrNull("height", Shapes.Integer(), r => r.Height, "Of its block"),
                s.RequiredOrNull("time", Shapes.Moment, r => r.Time, "Of its block"),
                s.RequiredOrNull("fee", Shapes.AnyText, r => r.Fee, "Lovelace, decimal digits"),
                s.Required("words", Shapes.AnyText, r => r.Words)
            )
        );
}

/// <summary>What comes next by itself.</summary>
/// <remarks>
/// <see cref="Action"/>: null where only time or the chain is waited for.
/// <see cref="At"/>: not before; null where it only waits for somebody.
/// <see cref="Before"/>: it has to be on chain before; null where no deadline bounds it.
/// </remarks>
public sealed record NextRow(DealAct? Action, DealParty? By, DateTimeOffset? At, DateTimeOffset? Before, string Words)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<NextRow> Shape { get; } =
        Shapes.Record<NextRow>(s =>
            new(
                s.RequiredOrNull("action", Shapes.Word<DealAct>(), r => r.Action, "Null where only time or the chain is waited for"),
                s.RequiredOrNull("by", Shapes.Word<DealParty>(), r => r.By, "Who does it"),
                s.RequiredOrNull("at", Shapes.Moment, r => r.At, "Not before"),
                s.RequiredOrNull("before", Shapes.Moment, r => r.Before, "On chain before"),
                s.Required("words", Shapes.AnyText, r => r.Words)
            )
        );
}

/// <summary>Something that could go wrong.</summary>
/// <remarks>
/// <see cref="Code"/>: for programs; never changes.
/// <see cref="At"/>: from when on it can happen; null where that does not hang on time.
/// </remarks>
public sealed record RiskRow(string Code, DateTimeOffset? At, string Words)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RiskRow> Shape { get; } =
        Shapes.Record<RiskRow>(s =>
            new(
                s.Required("code", Shapes.AnyText, r => r.Code, "For programs; never changes"),
                s.RequiredOrNull("at", Shapes.Moment, r => r.At, "Can happen from then on"),
                s.Required("words", Shapes.AnyText, r => r.Words)
            )
        );
}

/// <summary>A call that is possible now.</summary>
/// <remarks>
/// <see cref="Name"/>: the operation's own name.
/// <see cref="Until"/>: possible until; null as long as the state stays.
/// </remarks>
public sealed record CallRow(string Name, string Verb, string Path, DateTimeOffset? Until, string Words)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CallRow> Shape { get; } =
        Shapes.Record<CallRow>(s =>
            new(
                s.Required("name", Shapes.AnyText, r => r.Name, "The operation's id in this document"),
                s.Required("verb", Shapes.AnyText, r => r.Verb),
                s.Required("path", Shapes.AnyText, r => r.Path),
                s.RequiredOrNull("until", Shapes.Moment, r => r.Until, "Null: as long as the state stays as it is"),
                s.Required("words", Shapes.AnyText, r => r.Words, "What it does and what it costs")
            )
        );

    /// <summary>A call of an operation.</summary>
    public static CallRow Of(Operation operation, DateTimeOffset? until, string words)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new(operation.Name, operation.Verb, operation.Path, until, words);
    }
}
