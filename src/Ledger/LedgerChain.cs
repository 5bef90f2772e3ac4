using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger;

/// <summary>A block together with the state after it.</summary>
/// <param name="Block">The block.</param>
/// <param name="State">The state after it.</param>
public sealed record AppliedBlock(LedgerBlock Block, LedgerState State);

/// <summary>
/// A chain of blocks with the state after each one, so that going back is choosing an earlier state. Immutable; states share
/// structure, so a block costs what it changed.
/// </summary>
public sealed class LedgerChain
{
    private readonly ImmutableList<AppliedBlock> _blocks;

    // Counts rollbacks: blocks made again at the same slot get other hashes than the ones taken back.
    private readonly long _fork;

    private LedgerChain(ImmutableList<AppliedBlock> blocks, long fork)
    {
        _blocks = blocks;
        _fork = fork;
    }

    /// <summary>The newest block and the state now.</summary>
    public AppliedBlock Tip => _blocks[^1];

    /// <summary>All blocks, genesis first; the index is the height.</summary>
    public IReadOnlyList<AppliedBlock> Blocks => _blocks;

    /// <summary>
    /// A chain whose first block creates all money there is: one transaction without inputs, to which no rule applies.
    /// </summary>
    public static LedgerChain Genesis(Slot slot, Transaction genesis)
    {
        var block = LedgerBlock.On(null, slot, [genesis]);
        return new LedgerChain([new AppliedBlock(block, LedgerState.Of(TransactionEffects.Of(genesis).Created))], 0);
    }

    /// <summary>
    /// Makes the next block at the environment's slot, later than the tip's, from candidates whose scripts were run before. Those that no
    /// longer hold are dropped; from the first that does not fit on, all wait.
    /// </summary>
    public ProducedBlock Produce(LedgerEnvironment environment, IEnumerable<Transaction> candidates)
    {
        if (environment.Slot <= Tip.Block.Slot)
        {
            throw new ArgumentException($"A block's slot must be later than {Tip.Block.Slot}, got {environment.Slot}.", nameof(environment));
        }

        var state = Tip.State;
        var budget = new BlockBudget(environment.Parameters);
        var included = ImmutableArray.CreateBuilder<Transaction>();
        var waiting = ImmutableArray.CreateBuilder<Transaction>();
        var dropped = ImmutableArray.CreateBuilder<(Transaction, ImmutableArray<LedgerFailure>)>();
        foreach (var candidate in candidates)
        {
            if (waiting.Count > 0)
            {
                waiting.Add(candidate);
                continue;
            }

            switch (Conway.Reapply(state, environment, candidate))
            {
                case ApplyResult.Refused refused:
                    dropped.Add((candidate, refused.Failures));
                    break;
                case ApplyResult.Applied applied when budget.TryAdd(candidate, state):
                    included.Add(candidate);
                    state = applied.State;
                    break;
                default:
                    waiting.Add(candidate);
                    break;
            }
        }

        var block = LedgerBlock.On(Tip.Block, environment.Slot, included.ToImmutable(), _fork);
        var chain = new LedgerChain(_blocks.Add(new AppliedBlock(block, state)), _fork);
        return new ProducedBlock(chain, block, waiting.ToImmutable(), dropped.ToImmutable());
    }

    /// <summary>The chain without its newest blocks. The genesis block stays.</summary>
    public LedgerChain Rollback(int blocks)
    {
        if (blocks < 0 || blocks >= _blocks.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks, $"There are {_blocks.Count - 1} blocks after genesis.");
        }

        return new LedgerChain(_blocks.RemoveRange(_blocks.Count - blocks, blocks), _fork + 1);
    }
}

/// <summary>A block that was just made.</summary>
/// <param name="Chain">The chain with it.</param>
/// <param name="Block">The block.</param>
/// <param name="Waiting">Candidates that did not fit, in order.</param>
/// <param name="Dropped">Candidates that no longer hold, with the reasons.</param>
public sealed record ProducedBlock(
    LedgerChain Chain,
    LedgerBlock Block,
    ImmutableArray<Transaction> Waiting,
    ImmutableArray<(Transaction Transaction, ImmutableArray<LedgerFailure> Failures)> Dropped
);
