using System.Collections.Immutable;
using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Turns what is due into transactions: locks, then acts on escrows, then registrations; wallets side by side. One bad deal never ends a round: it is set aside
/// with its problem, the others go on (P14).
/// </summary>
internal sealed class Planner(
    SettlementStore store,
    ScriptCatalog scripts,
    LockPlanner locks,
    ActionPlanner actions,
    RegistrationPlanner registrations,
    TransferPlanner transfers,
    ReferenceKeeper references,
    ChainFollower follower,
    Safety safety,
    Func<PaymentSource, CancellationToken, Task> lookFirst,
    ILogger logger
)
{
    /// <summary>Acts for deals that are due.</summary>
    /// <returns>False when something was left for a round that knows the block that came meanwhile.</returns>
    public async Task<bool> RunAsync(
        IReadOnlyDictionary<string, PaymentSource> sources,
        IReadOnlyList<Deal> due,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var wallets = await store.Wallets.ListAsync(cancellation);
        var unknown = wallets
            .Where(w => w is { Role: WalletRole.Purchasing, DeletedAt: null, CoveredHeight: null } && safety.SearchesBeforePaying())
            .Select(w => w.SourceId)
            .ToHashSet(StringComparer.Ordinal);
        var isWhole = true;
        foreach (var ofSource in due.Where(d => sources.ContainsKey(d.SourceId)).GroupBy(d => d.SourceId))
        {
            var source = sources[ofSource.Key];
            // What was tried before is no new work: it may have to be replaced.
            var toLock = ofSource.Where(d => d.Intent == Intent.Lock && (source.DisabledAt is null || d.WalletId is not null)).ToList();
            foreach (var deal in ofSource.Where(d => d.Intent == Intent.Lock && source.DisabledAt is not null && d.WalletId is null))
            {
                await HinderAsync(deal.Id, TroubleKind.Disabled, Disabled(source), null, cancellation);
            }

            if (toLock.Count > 0 && unknown.Contains(source.Id))
            {
                // A wallet that was added may have paid elsewhere for what waits here.
                if (await LooksFirstAsync(source, cancellation))
                {
                    wallets = await store.Wallets.ListAsync(cancellation);
                }
                else
                {
                    toLock.Clear();
                }
            }

            await GuardAsync(toLock, async deals => isWhole &= await LockAsync(source, deals, wallets, round, cancellation), cancellation);
            var acts = ofSource.Where(d => d.Intent is not (Intent.Lock or Intent.Nothing) && d.WalletId is not null).ToList();
            if (acts.Count > 0 && await ScriptAsync(source, acts, round, cancellation) is { } found)
            {
                // Those that act first: their coins are asked for anyway.
                var acting = acts.Select(d => d.WalletId!).ToHashSet(StringComparer.Ordinal);
                ImmutableArray<HotWallet> own =
                [
                    .. wallets.Where(w => w.SourceId == source.Id).OrderBy(w => !acting.Contains(w.Id)).ThenBy(w => w.Id, StringComparer.Ordinal),
                ];
                var script = await references.WithOwnAsync(found, own, round, cancellation);
                await Task.WhenAll(
                    acts.GroupBy(d => d.WalletId!)
                        .OrderBy(g => g.Key, StringComparer.Ordinal)
                        .Select(g => ActAsync(source, own, own.Single(w => w.Id == g.Key), script, [.. g], round, cancellation))
                );
                await references.ConsiderAsync(source, script, wallets, round, cancellation);
            }
        }

        return isWhole;
    }

    /// <summary>Acts for registrations that are due.</summary>
    public async Task RegisterAsync(
        IReadOnlyDictionary<string, PaymentSource> sources,
        IReadOnlyList<Registration> due,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var wallets = due.Count > 0 ? await store.Wallets.ListAsync(cancellation) : [];
        foreach (var registration in due.Where(r => sources.ContainsKey(r.SourceId)))
        {
            var source = sources[registration.SourceId];
            string? note;
            try
            {
                note =
                    source.DisabledAt is not null
                    && RegistrationMachine.Wanted(registration) == RegistrationMachine.Register
                    && registration.AgentIdentifier is null
                        ? Disabled(source)
                        : (await registrations.RunAsync(registration, source, RegistrationWallets.Of(registration, wallets), round, cancellation))?.Note;
            }
            catch (ChainUnavailableException e)
            {
                // A policy's script that nobody has, perhaps; the others go on.
                note = e.Message;
            }
            catch (Exception e) when (IsOfOne(e))
            {
                logger.LogError(e, "Registration {Id} is set aside", registration.Id);
                note = e.Message;
            }

            if (note is not null)
            {
                await store.Registrations.ChangeAsync(
                    registration.Id,
                    r => RegistrationMachine.Apply(r, new RegistrationEvent.Hindered(note), round.Now),
                    follower.Now,
                    cancellation
                );
            }
        }
    }

    /// <summary>Acts for transfers that are due; what comes too late fails.</summary>
    public async Task TransferAsync(
        IReadOnlyDictionary<string, PaymentSource> sources,
        IReadOnlyList<Transfer> due,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var wallets = due.Count > 0 ? await store.Wallets.ListAsync(cancellation) : [];
        foreach (var transfer in due.Where(t => sources.ContainsKey(t.SourceId)))
        {
            var wallet = wallets.Single(w => w.Id == transfer.WalletId);
            if (wallet.CoveredHeight is null && safety.SearchesBeforePaying())
            {
                // It may have paid already, elsewhere.
                if (!await LooksFirstAsync(sources[transfer.SourceId], cancellation))
                {
                    continue;
                }

                wallets = await store.Wallets.ListAsync(cancellation);
            }

            string? note;
            try
            {
                note =
                    round.Now >= transfer.GiveUpAt ? null : (await transfers.RunAsync(transfer, sources[transfer.SourceId], wallet, round, cancellation))?.Note;
            }
            catch (Exception e) when (IsOfOne(e))
            {
                logger.LogError(e, "Transfer {Id} is set aside", transfer.Id);
                note = e.Message;
            }

            TransferEvent happened = note is null ? new TransferEvent.TimePassed() : new TransferEvent.Hindered(note);
            await store.Transfers.ChangeAsync(transfer.Id, t => TransferMachine.Apply(t, happened, round.Now), follower.Now, cancellation);
        }
    }

    /// <summary>Takes back deposits of published scripts that their owner wants back.</summary>
    public async Task ReclaimAsync(IReadOnlyDictionary<string, PaymentSource> sources, PlanningRound round, CancellationToken cancellation)
    {
        var wallets = await store.Wallets.ListAsync(cancellation);
        foreach (var source in sources.Values.OrderBy(s => s.Id, StringComparer.Ordinal))
        {
            await references.ReclaimAsync(source, wallets, round, cancellation);
        }
    }

    // False when it cannot be looked now: what would be paid after it waits, the rest does not.
    private async Task<bool> LooksFirstAsync(PaymentSource source, CancellationToken cancellation)
    {
        try
        {
            await lookFirst(source, cancellation);
            return true;
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("{Source}: nothing is paid before its wallets were looked at: {Message}", source.Id, e.Message);
            return false;
        }
    }

    private static string Disabled(PaymentSource source) =>
        $"The payment source at {source.ContractAddress} takes no new work since {source.DisabledAt:u}; required: that it is enabled again";

    private async Task<bool> LockAsync(
        PaymentSource source,
        IReadOnlyList<Deal> deals,
        ImmutableArray<HotWallet> wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        if (await locks.RunAsync(source, deals, wallets, round, cancellation) is not { } failures)
        {
            return false;
        }

        foreach (var (id, failure) in failures.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            await HinderAsync(id, failure.Kind, failure.Note, null, cancellation);
        }

        return true;
    }

    private async Task ActAsync(
        PaymentSource source,
        ImmutableArray<HotWallet> own,
        HotWallet wallet,
        ContractScript script,
        ImmutableArray<Deal> deals,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        try
        {
            await GuardAsync(
                deals,
                async some =>
                {
                    foreach (var (id, (failure, notBefore)) in await actions.RunAsync(source, wallet, script, some, round, cancellation))
                    {
                        if (failure.TooLarge is not null && some.FirstOrDefault(d => d.Id == id) is { } large)
                        {
                            // Written in its shortest form it is too large still: the script is what can be left out.
                            var payers = own.Where(w => (w.DeletedAt is null && w.Role != WalletRole.Funding) || w.Id == wallet.Id).ToList();
                            await references.PublishForAsync(source, script, payers, large.Terms.Funds, round, cancellation);
                        }

                        await HinderAsync(id, failure.Kind, failure.Note, notBefore, cancellation);
                    }
                },
                cancellation
            );
        }
        catch (ChainUnavailableException e)
        {
            // Its coins, perhaps, of which there are too many to be listed: other wallets go on.
            logger.LogWarning("What {Wallet} is to do waits: {Message}", wallet.Address, e.Message);
            foreach (var deal in deals)
            {
                await HinderAsync(deal.Id, TroubleKind.Chain, e.Message, null, cancellation);
            }
        }
    }

    // What throws for many may be the fault of one: each is tried alone, and the one that throws is set aside.
    private async Task GuardAsync(IReadOnlyList<Deal> deals, Func<IReadOnlyList<Deal>, Task> act, CancellationToken cancellation)
    {
        if (deals.Count == 0)
        {
            return;
        }

        try
        {
            await act(deals);
        }
        catch (Exception e) when (IsOfOne(e) && deals.Count == 1)
        {
            logger.LogError(e, "Deal {Id} is set aside", deals[0].Id);
            await HinderAsync(deals[0].Id, TroubleKind.Build, e.Message, null, cancellation);
        }
        catch (Exception e) when (IsOfOne(e))
        {
            foreach (var deal in deals)
            {
                await GuardAsync([deal], act, cancellation);
            }
        }
    }

    // A source whose contract nobody can produce stands still by itself; the others go on.
    private async Task<ContractScript?> ScriptAsync(PaymentSource source, IReadOnlyList<Deal> acts, PlanningRound round, CancellationToken cancellation)
    {
        try
        {
            return await scripts.EscrowAsync(source, round.Tip, cancellation, round.Chain);
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("{Address}: its contract is not to be had now: {Message}", source.ContractAddress, e.Message);
            foreach (var deal in acts)
            {
                await HinderAsync(deal.Id, TroubleKind.Chain, e.Message, null, cancellation);
            }

            return null;
        }
    }

    private Task<Deal?> HinderAsync(string id, TroubleKind kind, string note, DateTimeOffset? notBefore, CancellationToken cancellation) =>
        store.Deals.ChangeAsync(
            id,
            deal => deal.UnderWay is null && deal.Intent != Intent.Nothing ? follower.Apply(deal, new DealEvent.Hindered(kind, note, notBefore)) : null,
            follower.Now,
            cancellation
        );

    // A bug that one deal brings out, not lost infrastructure, which is the round's.
    private static bool IsOfOne(Exception e) =>
        e is not (OperationCanceledException or ChainUnavailableException or OutOfMemoryException) && !StorageFailure.Is(e);
}
