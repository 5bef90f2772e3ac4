using System.Collections.Frozen;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>How far following a source came.</summary>
/// <param name="IsCurrent">Everything up to <paramref name="Reached"/> is stored, in a view of the chain that continues what was stored before.</param>
/// <param name="Reached">The newest stored point.</param>
/// <param name="Confirmed">The newest point stored before that this look found on chain again: what happened up to its time is certain as far as we can see.</param>
/// <param name="RolledBack">The chain took something back.</param>
internal sealed record Followed(bool IsCurrent, BlockPoint? Reached, BlockPoint? Confirmed, bool RolledBack);

/// <summary>
/// Keeps the store in step with the chain, one source at a time: reads what is new at the contract's address, records it with the point reached, and
/// undoes what the chain took back. Reading the same block twice changes nothing. A long history is recorded piece by piece.
/// </summary>
internal sealed class ChainFollower(
    SettlementStore store,
    EscrowReader reader,
    Safety safety,
    SettlementOptions options,
    ChainClock clock,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>So many transactions are recorded at a time.</summary>
    private const int Piece = 200;

    private readonly LateReader _late = new(store.Chain, reader, logger);
    private readonly Dictionary<string, ImmutableArray<BlockPoint>> _points = new(StringComparer.Ordinal);

    /// <summary>Catches up with the chain.</summary>
    public async Task<Followed> CatchUpAsync(PaymentSource source, RoundSetup setup, IChain chain, CancellationToken cancellation)
    {
        var wallets = setup.Wallets;
        var keys = wallets.Select(w => w.KeyHash).ToFrozenSet();
        var points = await PointsAsync(source, setup.Newest.GetValueOrDefault(source.Id), cancellation);
        var newest = points.IsEmpty ? null : points[0];
        var confirmed = newest;
        var rolledBack = false;
        BlockPoint? caughtUp = null;
        var fresh = new List<ChainTransaction>();
        await foreach (var e in chain.FollowAddressAsync(source.ContractAddress, points, cancellation))
        {
            switch (e)
            {
                case ChainEvent.Behind behind:
                    logger.LogInformation("{Source}: the provider's tip {Height} is behind what was seen", source.Id, behind.Tip.Height);
                    return new Followed(safety.ConcludesFromBehind() && newest is not null, newest, null, false);

                case ChainEvent.RolledBack back:
                    logger.LogWarning("The chain rolled back to {Height}", back.To?.Height);
                    if (!await store.Chain.RollBackAsync(source, newest, back.To, Changes(source, wallets, back.To?.Height ?? -1), cancellation))
                    {
                        return new Followed(false, newest, null, false);
                    }

                    (newest, confirmed, rolledBack) = (back.To, back.To, true);
                    break;

                case ChainEvent.Included included:
                    if (IsPiece(fresh, newest, included.Transaction) && fresh[^1].Block is var reached)
                    {
                        var piece = await ReadAsync(source, newest, fresh, keys, chain, cancellation);
                        if (!await store.Chain.AppendAsync(source, newest, piece, reached, Changes(source, wallets, reached.Height), cancellation))
                        {
                            return new Followed(false, newest, null, rolledBack);
                        }

                        newest = reached;
                        fresh.Clear();
                    }

                    fresh.Add(included.Transaction);
                    break;

                case ChainEvent.CaughtUp { Tip: var tip }:
                    var rest = await ReadAsync(source, newest, fresh, keys, chain, cancellation);
                    if (!await EndAsync(source, newest, rest, tip, wallets, cancellation))
                    {
                        return new Followed(false, newest, null, rolledBack);
                    }

                    Remember(source, points, newest, tip);

                    // The last event, yet listened to the end: only then is it known up there that everything was taken, and what is listed late is told the next time.
                    caughtUp = tip;
                    break;
            }
        }

        return caughtUp is null ? new Followed(false, newest, null, rolledBack) : new Followed(true, caughtUp, confirmed, rolledBack);
    }

    // They are read once; from then on only the newest stored one is compared with what is remembered.
    private async Task<ImmutableArray<BlockPoint>> PointsAsync(PaymentSource source, BlockPoint? newest, CancellationToken cancellation) =>
        newest is null ? []
        : _points.TryGetValue(source.Id, out var points) && points[0] == newest ? points
        : await store.Chain.ListPointsAsync(source.Id, cancellation);

    // After anything but a plain step ahead they are read again.
    private void Remember(PaymentSource source, ImmutableArray<BlockPoint> points, BlockPoint? newest, BlockPoint tip)
    {
        if (!points.IsEmpty && points[0] == newest)
        {
            _points[source.Id] = tip.Hash == newest.Hash ? points : [tip, .. points.Where(p => p.Height >= tip.Height - ChainStore.PointsKept)];
        }
        else
        {
            _points.Remove(source.Id);
        }
    }

    // A block whose successor's transactions come is complete: a place to go on from, should this end here.
    private static bool IsPiece(List<ChainTransaction> fresh, BlockPoint? newest, ChainTransaction next) =>
        fresh.Count >= Piece && fresh[^1].Block.Height is var height && next.Block.Height > height && height > (newest?.Height ?? -1);

    // What is listed late stands at or below the point up to which everything passed for known.
    private async Task<List<FollowedTransaction>> ReadAsync(
        PaymentSource source,
        BlockPoint? newest,
        List<ChainTransaction> fresh,
        FrozenSet<KeyHash> keys,
        IChain chain,
        CancellationToken cancellation
    )
    {
        var read = await reader.ReadAsync(source, fresh, keys, cancellation);
        return newest is not null && fresh.Exists(t => t.Block.Height <= newest.Height)
            ? await _late.WithLaterAsync(source, read, keys, chain, cancellation)
            : read;
    }

    private async Task<bool> EndAsync(
        PaymentSource source,
        BlockPoint? newest,
        List<FollowedTransaction> fresh,
        BlockPoint tip,
        IReadOnlyList<HotWallet> wallets,
        CancellationToken cancellation
    )
    {
        var isNew = tip.Hash != newest?.Hash;
        return (!isNew && fresh.Count == 0)
            || await store.Chain.AppendAsync(source, newest, fresh, isNew ? tip : null, Changes(source, wallets, tip.Height), cancellation);
    }

    /// <summary>What becomes of deals of a source, with the wallets as they are now.</summary>
    public ChainChanges Changes(PaymentSource source, IReadOnlyList<HotWallet> wallets, long tipHeight)
    {
        var context = ProjectionContext.Of(source, wallets, tipHeight, options.Confirmations) with
        {
            IgnoresStrangeOutputs = safety.IgnoresStrangeOutputs(),
            AdoptsOwnLocks = safety.AdoptsOwnLocks(),
        };
        return new ChainChanges(
            (deal, steps) => Apply(deal, new DealEvent.Projected(Projector.Project(deal, steps, context))),
            (found, locks) => Adopt(found, source, locks, context),
            Decisions,
            options.Confirmations.Most + 2,
            safety.MayAppend
        );
    }

    // What one of our wallets signed, for whom as far as that is known.
    private static Attempt? Adopt(ChainTransaction found, PaymentSource source, IReadOnlyList<(Deal? Deal, EscrowStep Lock)> locks, ProjectionContext context)
    {
        var ours = new List<(string? Wallet, string Subject)>();
        foreach (var (deal, step) in locks)
        {
            if (deal is null)
            {
                ours.Add((Projector.PayerOf(step, source.Family, context), UnclaimedLocks.SubjectOf(step.Identifier)));
            }
            else if (Projector.IsOurLock(deal, step, context))
            {
                ours.Add((deal.Projection.PayingWallet, deal.Id));
            }
        }

        ours.RemoveAll(l => l.Wallet is null);
        return ours.Count == 0 ? null : Attempt.Of(found, source.Id, ours[0].Wallet!, nameof(Intent.Lock), ours.Select(l => l.Subject).Distinct());
    }

    /// <summary>The time that what is written now bears: the local one, which goes on from block to block.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What becomes of deals and registrations now.</summary>
    public Decisions Decisions =>
        new(
            Now,
            Apply,
            (registration, happened) => RegistrationMachine.Apply(registration, happened, clock.GetUtcNow()),
            (transfer, happened) => TransferMachine.Apply(transfer, happened, clock.GetUtcNow())
        );

    /// <summary>What becomes of a deal now.</summary>
    public DealChange Apply(Deal deal, DealEvent happened)
    {
        var change = DealMachine.Apply(deal, happened, clock.GetUtcNow(), options.Rules with { Next = safety.Next });
        if (deal.Side == DealSide.Purchase && change.Effects.OfType<DealEffect.ResultIsNoHash>().FirstOrDefault() is { } none)
        {
            logger.LogWarning("Purchase {Id}: the result on chain has {Bytes} bytes and is no hash; nothing can be verified against it", deal.Id, none.Bytes);
        }

        return change;
    }
}
