using System.Collections.Immutable;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Storage;
using Masumi.Ledger;

namespace Masumi.Devnet;

/// <summary>What is kept on disk.</summary>
public sealed partial class DevnetChain
{
    /// <summary>Makes a view the present one, after what is new in it lies on disk. Throws <see cref="IOException"/>, nothing having changed.</summary>
    private void Publish(DevnetView view, int keep, StoredClock clock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _log?.Append(new StoredChange(keep, _salt, clock, [.. view.Blocks.GetRange(keep, view.Blocks.Count - keep).Select(StoredBlock.Of)]));
        _storageFailure = null;
        Remember(view);
        _view = view;
    }

    private StoredClock StoredClockAt(DateTimeOffset time) =>
        Clock.IsPaused ? new StoredClock(true, time.UtcTicks) : new StoredClock(false, (time - _options.Time.GetUtcNow()).Ticks);

    /// <summary>The options as the stored chain began. Throws <see cref="DevnetStateException"/> when it began otherwise.</summary>
    private DevnetOptions BegunWith(StoredGenesis first)
    {
        // Chains from before there was tUSDM go on without it.
        var without = _options with
        {
            FaucetAssets = [.. _options.FaucetAssets.Where(a => a.Key != DevnetTokens.TUsdm)],
            Wallets = [.. _options.Wallets.Select(w => w with { Amount = Value.Of(w.Amount.Coin, w.Amount.Assets.Remove(DevnetTokens.TUsdm)) })],
        };
        var begun = new[] { _options, without }.FirstOrDefault(o => first.Fingerprint.AsSpan().SequenceEqual(Genesis.Fingerprint(o, _faucet.Address)));
        return begun is not null && (begun.GenesisTime is not { } time || time.ToUnixTimeMilliseconds() == first.Time.ToUnixTimeMilliseconds())
            ? begun
            : throw new DevnetStateException(
                $"The state in {_options.StateDirectory} began with other accounts or at another time ({first.Time:O}); give the same ones, or another directory."
            );
    }

    private ImmutableList<LedgerBlock> Restore(StoredChain stored)
    {
        var first = stored.Genesis;
        if (first.EpochLength != _options.EpochLength || !first.Deposits.AsSpan().SequenceEqual(Deposits()))
        {
            throw new DevnetStateException($"The state in {_options.StateDirectory} was made with another epoch length or other deposits.");
        }

        _salt = stored.Salt;
        if (stored.Clock is { } clock)
        {
            Clock.Set(clock.IsPaused ? new DateTimeOffset(clock.Ticks, TimeSpan.Zero) : _options.Time.GetUtcNow() + TimeSpan.FromTicks(clock.Ticks));
            if (clock.IsPaused)
            {
                Clock.Pause();
            }
        }

        try
        {
            return stored
                .Blocks.AsParallel()
                .AsOrdered()
                .Select((block, height) => block.ToBlock(height, height == 0 ? null : stored.Blocks[height - 1].Hash))
                .ToImmutableList();
        }
        catch (AggregateException e) when (e.InnerException is CborFormatException inner)
        {
            throw new DevnetStateException($"The state in {_options.StateDirectory} holds a transaction that cannot be read: {inner.Message}", e);
        }
    }

    // What states follow from besides the blocks; all other parameters may change between two runs.
    private long[] Deposits() => DepositsOf(_options.Parameters);

    private static long[] DepositsOf(ProtocolParameters parameters) =>
        [parameters.KeyDeposit.Amount, parameters.PoolDeposit.Amount, parameters.DRepDeposit.Amount];
}
