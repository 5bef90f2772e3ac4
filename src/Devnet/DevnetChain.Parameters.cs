using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;

namespace Masumi.Devnet;

/// <summary>The protocol parameters, which may change while the chain runs.</summary>
public sealed partial class DevnetChain
{
    // From which epoch on which parameters hold, the first ones first. Not stored: the next run starts with the parameters it is given.
    private volatile ImmutableList<(long Epoch, ProtocolParameters Parameters)> _changes;

    /// <summary>The protocol parameters that the next block is judged by.</summary>
    public ProtocolParameters Parameters => ParametersAt(NextSlot);

    /// <summary>
    /// Changes protocol parameters, at once or from an epoch on. What waits is judged again when they change, its scripts run again, and dropped where it no
    /// longer holds. Taking blocks back does not take it back; <see cref="TryRevert"/> and <see cref="Reset"/> do.
    /// </summary>
    /// <param name="change">The new parameters, from those that would hold then.</param>
    /// <param name="atEpoch">From which epoch on, one that has not begun; null: now.</param>
    /// <returns>What was dropped now.</returns>
    /// <exception cref="ArgumentException">The epoch has begun, a deposit would change (what accounts are owed follows from it), or a transaction could fit no block.</exception>
    public ImmutableArray<TransactionId> ChangeParameters(Func<ProtocolParameters, ProtocolParameters> change, long? atEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_writer)
        {
            var now = _view.Rules.EpochOf(NextSlot);
            if (atEpoch <= now)
            {
                throw new ArgumentException($"at_epoch: epoch {now} has begun; a later one, or none for at once.");
            }

            var epoch = atEpoch ?? now;
            var parameters = change(ParametersOf(epoch));
            if (!DepositsOf(parameters).AsSpan().SequenceEqual(Deposits()))
            {
                throw new ArgumentException("Deposits cannot change while the chain runs: what accounts are owed follows from them.");
            }

            if (FitNoBlock(parameters))
            {
                throw new ArgumentException("These parameters allow transactions that fit no block.");
            }

            // At once is also for those who ask for the newest epoch, which is that of the newest block.
            var from = atEpoch ?? _view.Rules.EpochOf(_view.Tip.Slot);
            _changes = [.. _changes.Where(c => c.Epoch < from), (from, parameters), .. _changes.Where(c => c.Epoch > epoch)];
            if (atEpoch is not null || _view.Mempool.IsEmpty)
            {
                return [];
            }

            var waiting = _view.Mempool.Select(p => p.Transaction).ToArray();
            var left = Admit(_view.State, NextSlot, waiting, rulesChanged: true);
            var ids = left.Select(p => p.Transaction.Id).ToHashSet();
            _view = _view.Waiting(left);
            return [.. waiting.Select(t => t.Id).Where(id => !ids.Contains(id))];
        }
    }

    /// <summary>From which epoch on which parameters hold, in order; those that are announced too.</summary>
    internal ImmutableList<(long Epoch, ProtocolParameters Parameters)> ParameterChanges => _changes;

    /// <summary>The parameters of an epoch, as far as is known now.</summary>
    internal ProtocolParameters ParametersOf(long epoch) => _changes.FindLast(c => c.Epoch <= epoch).Parameters;

    private ProtocolParameters ParametersAt(Slot slot) => ParametersOf(_view.Rules.EpochOf(slot));

    private static bool FitNoBlock(ProtocolParameters parameters)
    {
        var (limits, block) = (parameters.MaxTxExUnits, parameters.MaxBlockExUnits);
        return parameters.MaxTxSize > parameters.MaxBlockBodySize || limits.Memory > block.Memory || limits.Steps > block.Steps;
    }
}
