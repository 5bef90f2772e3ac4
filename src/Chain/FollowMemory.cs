using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain;

/// <summary>
/// What the last pass saw, for each thing followed. A hosted endpoint is several servers, and one that lags may list a block's transactions after another has
/// announced the block; so each pass looks back a few blocks, and this tells what is new there. Only good for continuing at the very point where that pass
/// ended; elsewhere, and after a restart, everything up to the known point counts as reported.
/// </summary>
internal sealed class FollowMemory
{
    /// <summary>How many blocks up to the known point are listed again.</summary>
    public const int Overlap = 3;

    private const int MaxFollowed = 1_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pass> _passes = [];
    private readonly Dictionary<string, (Hash32 Known, DateTimeOffset Since)> _low = [];

    /// <summary>The pass that ended at this point; null when none did.</summary>
    public Pass? Find(string followed, BlockPoint? end)
    {
        lock (_lock)
        {
            return _passes.TryGetValue(followed, out var pass) && pass.End == end?.Hash ? pass : null;
        }
    }

    /// <summary>To be called when the follower has taken all of it.</summary>
    public void Remember(string followed, Pass pass)
    {
        lock (_lock)
        {
            Put(_passes, followed, pass);
        }
    }

    /// <summary>Since when tips lower than a known point have been shown.</summary>
    public DateTimeOffset LowerSince(string followed, BlockPoint known, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_low.TryGetValue(followed, out var low) && low.Known == known.Hash)
            {
                return low.Since;
            }

            Put(_low, followed, (known.Hash, now));
            return now;
        }
    }

    /// <summary>A tip was shown that is not lower.</summary>
    public void ForgetLower(string followed)
    {
        lock (_lock)
        {
            _low.Remove(followed);
        }
    }

    private static void Put<T>(Dictionary<string, T> into, string key, T value)
    {
        if (into.Count >= MaxFollowed)
        {
            into.Clear();
        }

        into[key] = value;
    }

    /// <summary>One pass.</summary>
    /// <param name="End">The tip it caught up with.</param>
    public sealed record Pass(Hash32 End)
    {
        /// <summary>The transactions in the last <see cref="Overlap"/> blocks.</summary>
        public HashSet<TransactionId> NearEnd { get; } = [];

        /// <summary>For policies: each asset's supply.</summary>
        public Dictionary<AssetId, Int128> Supplies { get; } = [];
    }
}
