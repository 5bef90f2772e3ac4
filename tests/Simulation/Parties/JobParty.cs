using System.Globalization;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Simulation.Judges;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Parties;

/// <summary>
/// Buyer, seller's agent and strangers of one job. They act through what their nodes' API lets them do, when the chain shows that it is time, in the way that
/// the scenario drew for the job.
/// </summary>
internal sealed class JobParty
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(45);

    private readonly PartyWorld _world;
    private readonly Agreement _agreement;
    private readonly Process _process;
    private readonly Actor _actor;
    private readonly DealsUnderTest _buyer;
    private readonly DealsUnderTest _seller;

    public JobParty(PartyWorld world, Agreement agreement)
    {
        _world = world;
        _agreement = agreement;
        _actor = new Actor(world.Dice, string.Create(CultureInfo.InvariantCulture, $"job {agreement.Job.Id}"));
        _process = new Process(world.Scheduler, _actor);
        _buyer = world.DealsOf(Buyer, _process);
        _seller = world.DealsOf(Seller, _process);
    }

    /// <summary>When the buyer's node took the purchase; null when it did not (yet).</summary>
    public DateTimeOffset? Bought { get; private set; }

    private Job Job => _agreement.Job;

    private Node Buyer => _world.Nodes[Job.Buyer];

    private Node Seller => _world.Nodes[Job.Seller];

    /// <summary>Begins at the job's time.</summary>
    public void Begin() => _world.Scheduler.At(_process, TimeSpan.FromSeconds(Job.At), "agrees", () => _ = RunAsync());

    private async Task RunAsync()
    {
        try
        {
            await UpAsync(Seller);
            await _seller.AgreeToSellAsync(_agreement);
            if (Job.Behaviour is Behaviour.StrangerFirst or Behaviour.StrangerTerms)
            {
                Stranger.Lock(_world, _agreement, _actor, right: false);
                await Pause("ahead", 0, 60);
            }

            if (Job.Behaviour != Behaviour.Unpaid)
            {
                if (IsAt(Deadline.Pay))
                {
                    await UntilAsync(_agreement.Deadlines.PayBy, TimeSpan.FromMinutes(-8), TimeSpan.FromMinutes(1));
                }

                await UpAsync(Buyer);
                if (!await _buyer.AgreeToBuyAsync(_agreement))
                {
                    _world.Tell(_actor.Name, "is refused: nobody waits so long");
                    return;
                }

                Bought = _world.Scheduler.Now;
                Buyer.Wake();
            }

            if (Job.Behaviour == Behaviour.Dust)
            {
                await Pause("dust", 0, 120);
                Stranger.Dust(_world, _agreement, _actor);
            }

            await (
                Job.Behaviour switch
                {
                    Behaviour.NeverDelivers => Task.CompletedTask,
                    Behaviour.Unpaid or Behaviour.Unaffordable => Task.CompletedTask,
                    Behaviour.LateResult => DeliverAsync(
                        _actor.Between("late", _agreement.Deadlines.SubmitResult.AddMinutes(-12) - Now, _agreement.Deadlines.SubmitResult.AddMinutes(1) - Now)
                    ),
                    Behaviour.DisputeThenAgree => DisputeAsync(agree: true),
                    Behaviour.DisputeThenRelease => DisputeAsync(agree: false),
                    Behaviour.EarlyRefund => RefundEarlyAsync(),
                    Behaviour.Race => RaceAsync(),
                    Behaviour.AtDeadline => AtDeadlineAsync(),
                    Behaviour.SecondLock => SecondLockAsync(),
                    _ => DeliverAsync(_actor.Between("work", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(15))),
                }
            );
        }
        catch (Exception e) when (e is not SimulationBrokenException)
        {
            _world.Tell(_actor.Name, $"fails: {e.GetType().Name} {e.Message}");
        }
    }

    private DateTimeOffset Now => _world.Scheduler.Now;

    private async Task DeliverAsync(TimeSpan work)
    {
        if (await ShowsAsync(e => e.Own is { Datum.State: EscrowState.FundsLocked or EscrowState.RefundRequested }, _agreement.Deadlines.SubmitResult))
        {
            await _process.Pause(work, "works");
            await WantAsync(Seller, Wish.SubmitResult, _agreement.Deadlines.SubmitResult);
        }
    }

    private async Task DisputeAsync(bool agree)
    {
        await DeliverAsync(_actor.Between("work", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10)));
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.ResultSubmitted }, _agreement.Deadlines.Unlock))
        {
            return;
        }

        await Pause("reads", 5, 600);
        await WantAsync(Buyer, Wish.RequestRefund, _agreement.Deadlines.Unlock);
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.Disputed }, _agreement.Deadlines.ExternalDisputeUnlock))
        {
            return;
        }

        // Cooldowns are the engine's to wait for.
        await Pause("thinks", 5, 900);
        if (agree)
        {
            await WantAsync(Seller, Wish.AuthorizeRefund, _agreement.Deadlines.ExternalDisputeUnlock);
        }
        else
        {
            await WantAsync(
                Buyer,
                _agreement.Family == EscrowFamily.V1 ? Wish.CancelRefundRequest : Wish.AuthorizeWithdrawal,
                _agreement.Deadlines.ExternalDisputeUnlock
            );
        }
    }

    private async Task RefundEarlyAsync()
    {
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.FundsLocked }, _agreement.Deadlines.SubmitResult))
        {
            return;
        }

        await Pause("regrets", 5, 600);
        await WantAsync(Buyer, Wish.RequestRefund, _agreement.Deadlines.SubmitResult);
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.RefundRequested }, _agreement.Deadlines.SubmitResult))
        {
            return;
        }

        switch (_actor.Whole("answer", 0, 2))
        {
            case 0:
                await Pause("answers", 5, 600);
                await WantAsync(Seller, Wish.AuthorizeRefund, _agreement.Deadlines.SubmitResult);
                break;
            case 1:
                await DeliverAsync(TimeSpan.FromMinutes(1));
                if (await ShowsAsync(e => e.Own is { Datum.State: EscrowState.Disputed }, _agreement.Deadlines.Unlock))
                {
                    await Pause("thinks", 5, 600);
                    await WantAsync(Seller, Wish.AuthorizeRefund, _agreement.Deadlines.ExternalDisputeUnlock);
                }

                break;
        }
    }

    private async Task SecondLockAsync()
    {
        if (await ShowsAsync(e => e.OwnLocks > 0, _agreement.Deadlines.SubmitResult))
        {
            Stranger.Lock(_world, _agreement, _actor, right: true);
            await DeliverAsync(_actor.Between("work", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(15)));
        }
    }

    // Both at once: whoever is second has to live with what the first made of the escrow.
    private async Task RaceAsync()
    {
        if (_actor.Happens("before the result", 0.4))
        {
            if (await ShowsAsync(e => e.Own is { Datum.State: EscrowState.FundsLocked }, _agreement.Deadlines.SubmitResult))
            {
                await Pause("works", 5, 600);
                await BothAsync(Wish.RequestRefund, Wish.SubmitResult, _agreement.Deadlines.SubmitResult);
                await PeaceAsync();
            }

            return;
        }

        await DeliverAsync(_actor.Between("work", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10)));
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.ResultSubmitted }, _agreement.Deadlines.Unlock))
        {
            return;
        }

        await Pause("reads", 5, 600);
        await WantAsync(Buyer, Wish.RequestRefund, _agreement.Deadlines.Unlock);
        if (!await ShowsAsync(e => e.Own is { Datum.State: EscrowState.Disputed }, _agreement.Deadlines.ExternalDisputeUnlock))
        {
            return;
        }

        await Pause("thinks", 5, 900);
        var byBuyer = _agreement.Family == EscrowFamily.V1 ? Wish.CancelRefundRequest : Wish.AuthorizeWithdrawal;
        var bySeller = _actor.Happens("again", 0.3) ? Wish.SubmitResult : Wish.AuthorizeRefund;
        await BothAsync(byBuyer, bySeller, _agreement.Deadlines.ExternalDisputeUnlock);
        await PeaceAsync();
    }

    private enum Deadline
    {
        Pay,
        Result,
        Unlock,
        Dispute,
    }

    private bool IsAt(Deadline deadline) => Job.Behaviour == Behaviour.AtDeadline && (Job.Id + Job.Ada) % 4 == (int)deadline;

    // Whoever is a block too late must find out what holds instead, and get what the contract gives him then.
    private async Task AtDeadlineAsync()
    {
        var deadlines = _agreement.Deadlines;
        if (IsAt(Deadline.Result))
        {
            if (await ShowsAsync(e => e.Own is { Datum.State: EscrowState.FundsLocked }, deadlines.SubmitResult))
            {
                await UntilAsync(deadlines.SubmitResult, TimeSpan.FromMinutes(-4), TimeSpan.FromSeconds(30));
                await BothAsync(Wish.RequestRefund, Wish.SubmitResult, deadlines.SubmitResult.AddMinutes(1));
                await PeaceAsync();
            }

            return;
        }

        await DeliverAsync(_actor.Between("work", TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10)));
        if (IsAt(Deadline.Pay) || !await ShowsAsync(e => e.Own is { Datum.State: EscrowState.ResultSubmitted }, deadlines.Unlock))
        {
            return;
        }

        if (IsAt(Deadline.Unlock))
        {
            await UntilAsync(deadlines.Unlock, TimeSpan.FromMinutes(-4), TimeSpan.FromSeconds(30));
            await WantAsync(Buyer, Wish.RequestRefund, deadlines.Unlock.AddMinutes(1));
            await PeaceAsync();
            return;
        }

        await WantAsync(Buyer, Wish.RequestRefund, deadlines.Unlock);
        if (await ShowsAsync(e => e.Own is { Datum.State: EscrowState.Disputed }, deadlines.ExternalDisputeUnlock))
        {
            await UntilAsync(deadlines.ExternalDisputeUnlock, TimeSpan.FromMinutes(-6), TimeSpan.FromSeconds(30));
            var byBuyer = _agreement.Family == EscrowFamily.V1 ? Wish.CancelRefundRequest : Wish.AuthorizeWithdrawal;
            await BothAsync(byBuyer, Wish.AuthorizeRefund, deadlines.ExternalDisputeUnlock.AddMinutes(1));
        }
    }

    private Task UntilAsync(DateTimeOffset deadline, TimeSpan least, TimeSpan most)
    {
        var at = deadline + _actor.Between("deadline", least, most);
        return _process.Pause(at > Now ? at - Now : TimeSpan.Zero, "waits for a deadline");
    }

    private async Task BothAsync(Wish buyer, Wish seller, DateTimeOffset latest)
    {
        var one = WantAsync(Buyer, buyer, latest);
        await Task.WhenAll(one, WantAsync(Seller, seller, latest));
    }

    // A dispute that is left ends when the seller gives in: no end of these tests needs the admins.
    private async Task PeaceAsync()
    {
        while (Now < _agreement.Deadlines.ExternalDisputeUnlock)
        {
            await _process.Pause(TimeSpan.FromMinutes(12), "makes peace");
            if (_world.Book.Find(_agreement.Identifier).Own is not { Datum.State: EscrowState.Disputed or EscrowState.RefundRequested })
            {
                return;
            }

            await WantAsync(Seller, Wish.AuthorizeRefund, Now.AddMinutes(2));
        }
    }

    private async Task WantAsync(Node node, Wish wish, DateTimeOffset latest)
    {
        var (deals, id) = node == Buyer ? (_buyer, _agreement.PurchaseId) : (_seller, _agreement.PaymentId);
        while (Now < latest)
        {
            await UpAsync(node);
            if (await deals.WantAsync(id, wish, wish == Wish.SubmitResult ? _agreement.ResultHash : null))
            {
                _world.Tell(_actor.Name, $"asks {node.Name} for {wish}");
                node.Wake();
                return;
            }

            await _process.Pause(Again, "asks again");
        }
    }

    private async Task UpAsync(Node node)
    {
        while (!node.IsUp)
        {
            await _process.Pause(TimeSpan.FromSeconds(5), "node is down");
        }
    }

    private Task<bool> ShowsAsync(Func<EscrowEntry, bool> shows, DateTimeOffset latest) =>
        _world.Watchers.UntilAsync(
            _process,
            _agreement.Identifier,
            shows,
            _actor.Between("reaction", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)),
            latest
        );

    private Task Pause(string what, double least, double most) =>
        _process.Pause(_actor.Between(what, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most)), what);
}
