using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Wallets;

/// <summary>What a wallet has in hand.</summary>
/// <param name="Spendable">Coins that a transaction may spend now, the one for collateral last: on chain, or change of its own transactions on their way.</param>
/// <param name="Ready">What they are worth together.</param>
/// <param name="Total">All its money: those, and the change that waits for a block.</param>
public sealed record Coins(ImmutableArray<Utxo> Spendable, Value Ready, Value Total)
{
    /// <summary>Coins that carry a script for reference: nothing spends them by the way.</summary>
    public ImmutableArray<Utxo> References { get; init; } = [];

    /// <summary>True when money of its own waits for a block: what cannot be paid now may be paid then.</summary>
    public bool IsWaiting => Ready != Total;

    internal static Coins Of(IReadOnlyCollection<Utxo> spendable, IEnumerable<Utxo> all)
    {
        var reserved = CoinPolicy.Reserved(spendable);
        ImmutableArray<Utxo> free = [.. spendable.Where(c => c.Output.ReferenceScript is null).OrderBy(c => c.Input == reserved?.Input).ThenBy(c => c.Input)];
        return new(free, Sum(free), Sum(all)) { References = [.. spendable.Where(c => c.Output.ReferenceScript is not null).OrderBy(c => c.Input)] };
    }

    private static Value Sum(IEnumerable<Utxo> coins) =>
        coins.Where(c => c.Output.ReferenceScript is null).Aggregate(Value.Zero, (sum, c) => sum + c.Output.Value);
}

/// <summary>
/// The wallets' coins, kept in memory and corrected by the chain (decision 11): what the provider listed at some block, less what this node's transactions
/// since then spend, plus what they give back. Two lists of one provider need not agree, so its word is never taken for what our own transactions did. Asked for
/// again when something does not fit, or when it is old and there is work.
/// </summary>
internal sealed class WalletCoins(AttemptStore attempts)
{
    /// <summary>How many own transactions that no block has may stand one upon the other.</summary>
    private const int MaxUnconfirmed = 20;

    /// <summary>How far one list of a provider may lag behind another.</summary>
    private const int Lag = 6;

    /// <summary>After so many blocks a list is old.</summary>
    private const int Age = 10;

    // Wallets work side by side.
    private readonly ConcurrentDictionary<string, Snapshot> _snapshots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _listed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _shortest = new(StringComparer.Ordinal);

    /// <summary>What was listed may no longer hold: a rollback, a refusal, a conflict.</summary>
    public void Doubt(string walletId) => _snapshots.TryRemove(walletId, out _);

    /// <summary>As <see cref="Doubt"/>, for all.</summary>
    public void DoubtAll() => _snapshots.Clear();

    /// <summary>Asks the chain anew; true when the wallet has more than before, or something was never known of it.</summary>
    public async Task<bool> RefreshAsync(HotWallet wallet, IChain chain, BlockPoint tip, CancellationToken cancellation)
    {
        var before = _snapshots.GetValueOrDefault(wallet.Id);
        var after = await ListAsync(wallet, chain, tip, cancellation);
        return before is null
            || before.Coins.Sum(c => c.Output.Value.Coin.Amount) < after.Coins.Sum(c => c.Output.Value.Coin.Amount)
            || !after.Coins.All(c => before.Has(c.Input));
    }

    /// <summary>What a wallet can spend now.</summary>
    public async Task<Coins> OfAsync(HotWallet wallet, IChain chain, BlockPoint tip, CancellationToken cancellation)
    {
        if (!_snapshots.TryGetValue(wallet.Id, out var snapshot) || tip.Height - snapshot.Tip.Height > Age || tip.Height < snapshot.Tip.Height)
        {
            snapshot = await ListAsync(wallet, chain, tip, cancellation);
        }

        var open = await attempts.ListOpenAsync(snapshot.Tip.Height - Lag, cancellation);
        var own = open.Where(a => a.WalletId == wallet.Id).ToList();
        if (own.Exists(a => a.Transaction!.Body.Outputs.Any(o => o.Address != wallet.Address && wallet.Owns(o.Address))))
        {
            _shortest[wallet.Id] = true;
        }

        var mayChain = own.Count(a => a.State != AttemptState.InBlock) < MaxUnconfirmed;
        var all = Overlay(wallet, snapshot.Coins, own, open);
        var spendable = Overlay(wallet, snapshot.Coins, mayChain ? Sound(own) : own.Where(a => a.State == AttemptState.InBlock), open);
        return Coins.Of(spendable, all);
    }

    // What was refused may never come, and what stands upon it neither: until a mempool or a block has it, nothing more is built upon its change. Two attempts, each
    // upon the change of the other's last, would else replace each other for ever.
    private static List<Attempt> Sound(List<Attempt> own)
    {
        var sound = new List<Attempt>();
        var doubtful = new HashSet<TransactionId>();
        foreach (var attempt in own)
        {
            var body = attempt.Transaction!.Body;
            var isDoubtful = attempt.Refusals > 0 || body.Inputs.Concat(body.Collateral).Any(i => doubtful.Contains(i.TxId));
            if (attempt.State != AttemptState.InBlock && isDoubtful)
            {
                doubtful.Add(attempt.TxId);
            }
            else
            {
                sound.Add(attempt);
            }
        }

        return sound;
    }

    private static Dictionary<TxInput, Utxo>.ValueCollection Overlay(
        HotWallet wallet,
        IEnumerable<Utxo> listed,
        IEnumerable<Attempt> own,
        ImmutableArray<Attempt> open
    )
    {
        var coins = listed.ToDictionary(c => c.Input);
        foreach (var attempt in own)
        {
            for (var i = 0; i < attempt.Transaction!.Body.Outputs.Length; i++)
            {
                var output = attempt.Transaction.Body.Outputs[i];
                if (wallet.Owns(output.Address))
                {
                    coins[new TxInput(attempt.TxId, i)] = new Utxo(new TxInput(attempt.TxId, i), output);
                }
            }
        }

        foreach (var input in open.SelectMany(a => a.Transaction!.Body.Inputs))
        {
            coins.Remove(input);
        }

        return coins.Values;
    }

    // At its address, and where the change of its shortest transactions goes: at first, and for as long as there is something.
    private async Task<Snapshot> ListAsync(HotWallet wallet, IChain chain, BlockPoint tip, CancellationToken cancellation)
    {
        var listed = await chain.GetUtxosAsync(wallet.Address, cancellation);
        if (wallet.EnterpriseAddress != wallet.Address && (!_listed.ContainsKey(wallet.Id) || _shortest.GetValueOrDefault(wallet.Id)))
        {
            var more = await chain.GetUtxosAsync(wallet.EnterpriseAddress, cancellation);
            _listed[wallet.Id] = true;
            listed = listed.AddRange(more);
            _shortest[wallet.Id] = !more.IsEmpty;
        }

        return _snapshots[wallet.Id] = new Snapshot(tip, listed);
    }

    private sealed record Snapshot(BlockPoint Tip, ImmutableArray<Utxo> Coins)
    {
        private readonly HashSet<TxInput> _inputs = [.. Coins.Select(c => c.Input)];

        public bool Has(TxInput input) => _inputs.Contains(input);
    }
}
