using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;

namespace Masumi.Settlement.Operating;

/// <summary>Whether a transaction of ours can still take effect.</summary>
public enum AttemptFate
{
    /// <summary>No chain can ever hold it again.</summary>
    Dead,

    /// <summary>It is not on chain, but a fork could bring it back: whatever replaces it must exclude it.</summary>
    Rival,

    /// <summary>It may get into a block, or is in one.</summary>
    Alive,
}

/// <summary>How an input stands.</summary>
public enum InputStanding
{
    /// <summary>It can be spent.</summary>
    Unspent,

    /// <summary>Something spent it.</summary>
    Spent,

    /// <summary>The transaction that makes it is not on chain.</summary>
    NotMade,
}

/// <summary>What became of an input.</summary>
/// <param name="Input">Which.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="SpentBy">By which other transaction, when that was found.</param>
/// <param name="Block">In which block.</param>
public sealed record InputFate(TxInput Input, InputStanding Standing, TransactionId? SpentBy, BlockPoint? Block);

/// <summary>A judgement about an attempt, with its reasons.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="Fate">The judgement.</param>
/// <param name="Until">A rival until this slot has passed; alive until then when it gets into no block.</param>
/// <param name="Reasons">What it follows from.</param>
/// <param name="Words">What each provider says.</param>
/// <param name="Inputs">What became of its inputs; empty when it is in a block, or its bytes are no longer kept.</param>
/// <param name="Tip">The newest block.</param>
public sealed record AttemptVerdict(
    Attempt Attempt,
    AttemptFate Fate,
    Slot? Until,
    ImmutableArray<string> Reasons,
    ImmutableArray<ProviderWord> Words,
    ImmutableArray<InputFate> Inputs,
    BlockPoint Tip
)
{
    /// <summary>Blocks after which no rollback reaches a block (k of the public networks, decision 1).</summary>
    public const int FinalDepth = 2160;

    /// <summary>When a slot begins, by a block, as it takes a second on every network; null when no block is known, or it never comes.</summary>
    public static DateTimeOffset? TimeOf(Slot slot, BlockPoint? tip) =>
        tip is not null && slot.Number - tip.Slot.Number < int.MaxValue ? tip.Time.AddSeconds(slot.Number - tip.Slot.Number) : null;

    /// <summary>Judges.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="words">What each provider says.</param>
    /// <param name="inputs">What became of its inputs.</param>
    /// <param name="tip">The newest block.</param>
    /// <param name="stability">Slots after which a block can no longer be undone (3k/f).</param>
    public static AttemptVerdict Of(Attempt attempt, ImmutableArray<ProviderWord> words, ImmutableArray<InputFate> inputs, BlockPoint tip, long stability)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(tip);
        var reasons = ImmutableArray.CreateBuilder<string>();
        var (fate, until) = Judge(attempt, words, inputs, tip, stability, reasons);
        return new AttemptVerdict(attempt, fate, until, reasons.ToImmutable(), words, inputs, tip);
    }

    private static (AttemptFate Fate, Slot? Until) Judge(
        Attempt attempt,
        ImmutableArray<ProviderWord> words,
        ImmutableArray<InputFate> inputs,
        BlockPoint tip,
        long stability,
        ImmutableArray<string>.Builder reasons
    )
    {
        // One that has it outweighs all that do not.
        if (words.FirstOrDefault(w => w.Found is not null) is { Found: { } found } witness)
        {
            return InBlock(found, witness.Provider, tip, stability, reasons);
        }

        var silent = words.Where(w => w.NoAnswer is not null).Select(w => w.Provider).ToList();
        reasons.Add(
            silent.Count == 0
                ? $"in no block that {string.Join(", ", words.Select(w => w.Provider))} {(words.Length == 1 ? "knows" : "know")}"
                : $"{string.Join(", ", silent)} did not answer: it may be in a block"
        );
        var isOver = tip.Slot >= attempt.InvalidHereafter;
        var last = attempt.BeyondRollback(stability);
        reasons.Add(
            isOver
                ? $"its validity ended at slot {attempt.InvalidHereafter} ({At(attempt.InvalidHereafter)}); no rollback reaches that after slot {last} ({At(last)}), and it is slot {tip.Slot}"
                : $"valid until slot {attempt.InvalidHereafter} ({At(attempt.InvalidHereafter)}), and it is slot {tip.Slot}"
        );
        string At(Slot slot) => TimeOf(slot, tip) is { } time ? DealDiagnosis.Time(time) : "never";
        var taken = false;
        foreach (var input in inputs)
        {
            taken |= Note(input, tip, reasons);
        }

        var deepest = inputs.Where(i => i.Block is not null).Select(i => i.Block!).OrderBy(b => b.Height).FirstOrDefault();
        if (silent.Count == 0 && (tip.Slot > last || (deepest is not null && Depth(deepest, tip) >= FinalDepth)))
        {
            return (AttemptFate.Dead, null);
        }

        return isOver || taken
            ? (AttemptFate.Rival, deepest is { } block && block.Slot + stability < last ? block.Slot + stability : last)
            : (AttemptFate.Alive, attempt.InvalidHereafter);
    }

    private static (AttemptFate Fate, Slot? Until) InBlock(
        ChainTransaction found,
        string provider,
        BlockPoint tip,
        long stability,
        ImmutableArray<string>.Builder reasons
    )
    {
        var depth = Depth(found.Block, tip);
        var isFinal = depth >= FinalDepth;
        reasons.Add($"{provider} has it in block {found.Block.Height}, {Blocks(depth)} deep");
        if (found.IsValid)
        {
            reasons.Add(
                isFinal
                    ? "no rollback reaches it: it took effect for good"
                    : "it took effect; a rollback could take it back, and then it may get into another block"
            );
            return (AttemptFate.Alive, null);
        }

        reasons.Add("its scripts failed there: collateral was taken, nothing else happened");
        return isFinal ? (AttemptFate.Dead, null) : (AttemptFate.Rival, found.Block.Slot + stability);
    }

    // True when something else took it.
    private static bool Note(InputFate input, BlockPoint tip, ImmutableArray<string>.Builder reasons)
    {
        reasons.Add(
            input switch
            {
                { Standing: InputStanding.Unspent } => $"input {input.Input} is unspent",
                { Standing: InputStanding.NotMade } => $"input {input.Input} is not on chain: the transaction that makes it is in no block",
                { SpentBy: { } by, Block: { } block } =>
                    $"input {input.Input} was spent by {by} in block {block.Height}, {Blocks(Depth(block, tip))} deep; {FinalDepth.ToString(CultureInfo.InvariantCulture)} are beyond every rollback",
                _ => $"input {input.Input} was spent by a transaction that was not found",
            }
        );
        return input.Standing == InputStanding.Spent;
    }

    private static long Depth(BlockPoint block, BlockPoint tip) => Math.Max(0, tip.Height - block.Height);

    private static string Blocks(long depth) => string.Create(CultureInfo.InvariantCulture, $"{depth} {(depth == 1 ? "block" : "blocks")}");
}
