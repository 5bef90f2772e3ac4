using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Publishes contracts' scripts at this node's own wallets where that pays (<see cref="ReferencePolicy"/>), and takes the deposit back when its owner wants it.
/// A published one is a coin of its wallet like any other, but never spent otherwise: so it is found again after a restart, and by a node that lost everything.
/// </summary>
internal sealed class ReferenceKeeper(SettlementStore store, Commits commits, WalletCoins coins, SettlementOptions options, ILogger logger)
{
    /// <summary>The kind of a transaction that publishes.</summary>
    public const string Publish = "PublishScript";

    /// <summary>The kind of a transaction that takes the deposit back.</summary>
    public const string Reclaim = "ReclaimScript";

    // More uses of a wallet need not be counted: any script has paid for itself long before.
    private const int Enough = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly Dictionary<string, DateTimeOffset> _considered = new(StringComparer.Ordinal);

    /// <summary>The script as transactions should carry it: by an output of one of these wallets, if there is one in a block. Whose it is makes no difference.</summary>
    public async Task<ContractScript> WithOwnAsync(ContractScript script, IEnumerable<HotWallet> wallets, PlanningRound round, CancellationToken cancellation)
    {
        if (script.Reference is not null)
        {
            return script;
        }

        try
        {
            foreach (var wallet in wallets)
            {
                if (await FindAsync(script.Script.Hash, wallet, round, cancellation) is { } own)
                {
                    return script with { Reference = own };
                }
            }
        }
        catch (ChainUnavailableException e)
        {
            // What has a deadline does not wait for a wallet that need not act.
            logger.LogWarning("{Script}: whether a wallet published it cannot be asked now: {Message}", script.Script.Hash, e.Message);
        }

        return script;
    }

    /// <summary>Publishes a script that has no reference when thirty days' volume pays for it; looked at once an hour.</summary>
    public async Task ConsiderAsync(
        PaymentSource source,
        ContractScript script,
        ImmutableArray<HotWallet> wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        if (
            !options.PublishScripts
            || script.Reference is not null
            || source.DisabledAt is not null
            || (_considered.TryGetValue(source.Id, out var at) && round.Now >= at && round.Now - at < Pause)
        )
        {
            return;
        }

        _considered[source.Id] = round.Now;
        var own = wallets.Where(w => w.SourceId == source.Id && w.DeletedAt is null && w.Role != WalletRole.Funding).ToList();
        var uses = await store.Attempts.CountActionsAsync(own.Select(w => w.Id), round.Now - ReferencePolicy.Volume, Enough, cancellation);
        if (ReferencePolicy.PaysForItself(script.Script, uses, round.Parameters))
        {
            await PublishAsync(source, script.Script, own, round, cancellation);
        }
    }

    /// <summary>Publishes a script at the richest of these wallets for an action that fits in no other way, if what is at stake is worth it.</summary>
    public async Task PublishForAsync(
        PaymentSource source,
        ContractScript script,
        IReadOnlyList<HotWallet> wallets,
        Value price,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        if (script.Reference is null && options.PublishScripts && ReferencePolicy.IsWorth(price, script.Script, round.Parameters))
        {
            await PublishAsync(source, script.Script, wallets, round, cancellation);
        }
    }

    /// <summary>Takes back the deposits that their owner wants back.</summary>
    public async Task ReclaimAsync(PaymentSource source, ImmutableArray<HotWallet> wallets, PlanningRound round, CancellationToken cancellation)
    {
        foreach (var hash in await store.Scripts.ListReclaimedAsync(cancellation))
        {
            foreach (var wallet in wallets.Where(w => w.SourceId == source.Id))
            {
                if (await FindAsync(hash, wallet, round, cancellation) is { } output)
                {
                    var plan = commits.PlanFor(wallet, []) with { Inputs = [output] };
                    await MakeAsync(Reclaim, source, wallet, hash, plan, round, cancellation);
                }
            }
        }
    }

    private async Task PublishAsync(PaymentSource source, Script script, IReadOnlyList<HotWallet> wallets, PlanningRound round, CancellationToken cancellation)
    {
        if ((await store.Scripts.ListReclaimedAsync(cancellation)).Contains(script.Hash))
        {
            return;
        }

        (HotWallet Wallet, Coins Coins)? richest = null;
        foreach (var wallet in wallets)
        {
            var inHand = await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation);
            if (inHand.References.Any(c => c.Output.ReferenceScript!.Hash == script.Hash))
            {
                return;
            }

            richest = richest is { } other && other.Coins.Ready.Coin >= inHand.Ready.Coin ? richest : (wallet, inHand);
        }

        if (
            richest is { } payer
            && ReferenceScripts.Output(script, payer.Wallet.Address, round.Parameters) is var output
            && ReferencePolicy.CanSpare(payer.Coins.Ready, output.Value.Coin)
        )
        {
            var plan = commits.PlanFor(payer.Wallet, payer.Coins.Spendable) with { Outputs = [output] };
            if (await MakeAsync(Publish, source, payer.Wallet, script.Hash, plan, round, cancellation))
            {
                logger.LogInformation("{Script} is published at {Address}, deposit {Deposit}", script.Hash, payer.Wallet.Address, output.Value.Coin);
            }
        }
    }

    private async Task<bool> MakeAsync(
        string kind,
        PaymentSource source,
        HotWallet wallet,
        ScriptHash hash,
        Cardano.Building.TransactionPlan plan,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var end = round.Slots.SlotAt(round.Now + Validity.Longest);
        var (transaction, failure) = commits.Build(wallet, plan with { InvalidHereafter = end }, source, round);
        if (transaction is null)
        {
            logger.LogWarning("{Kind} {Script}: {Why}", kind, hash, failure!.Note);
            return false;
        }

        return await commits.CommitAsync(kind, source, wallet, transaction, end, [new AttemptSubject($"script:{hash}", kind)], [], round, cancellation);
    }

    // Of what this node made itself, only what is in a block: nobody's mempool need have the rest.
    private async Task<Utxo?> FindAsync(ScriptHash hash, HotWallet wallet, PlanningRound round, CancellationToken cancellation)
    {
        var found = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).References.FirstOrDefault(c => c.Output.ReferenceScript!.Hash == hash);
        return found is not null && await store.Attempts.FindAsync(found.Input.TxId.ToString(), cancellation) is null or { Height: not null } ? found : null;
    }
}
