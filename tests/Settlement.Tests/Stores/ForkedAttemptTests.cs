using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Stores;

// What forks make of attempts, as registrations, transfers and published scripts are told; both stores, the same behaviour.
public sealed class ForkedAttemptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    [Theory, MemberData(nameof(Stores))]
    public async Task A_mint_that_is_found_again_does_not_pass_for_the_burn_that_was_asked_for_meanwhile(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.EnterAsync("agent");
        var mint = StoreWorld.Serving("mint", "agent", RegistrationMachine.Register, 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(mint));
        Assert.Equal(RegistrationState.RegistrationInitiated, await world.RegistrationAsync("agent"));
        await world.FindAsync(mint, 3);
        Assert.Equal(RegistrationState.RegistrationConfirmed, await world.RegistrationAsync("agent"));
        await world.Store.Registrations.ChangeAsync(
            "agent",
            r => RegistrationMachine.Apply(r, new RegistrationEvent.DeregistrationAsked(), StoreWorld.Start),
            StoreWorld.Start,
            Stop
        );

        // Asked for, and nothing made yet.
        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal((AttemptState.Offered, RegistrationState.DeregistrationRequested), (await world.StateAsync(mint), await world.RegistrationAsync("agent")));
        await world.FindAsync(mint, 4);
        Assert.Equal((AttemptState.InBlock, RegistrationState.DeregistrationRequested), (await world.StateAsync(mint), await world.RegistrationAsync("agent")));

        // On its way.
        var burn = StoreWorld.Serving("burn", "agent", RegistrationMachine.Deregister, 2);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(burn));
        Assert.True(await world.RollBackAsync(null, null));
        await world.FindAsync(mint, 5);
        Assert.Equal((AttemptState.Stored, RegistrationState.DeregistrationInitiated), (await world.StateAsync(burn), await world.RegistrationAsync("agent")));

        // The mint that will not come does not end the burn.
        Assert.True(await world.RollBackAsync(null, null));
        await world.EndAsync(mint);
        Assert.Equal(RegistrationState.DeregistrationInitiated, await world.RegistrationAsync("agent"));
        await world.FindAsync(mint, 6);
        await world.FindAsync(burn, 7);
        Assert.Equal(RegistrationState.DeregistrationConfirmed, await world.RegistrationAsync("agent"));

        // Both blocks go, and come again.
        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal(RegistrationState.DeregistrationInitiated, await world.RegistrationAsync("agent"));
        await world.FindAsync(mint, 8);
        Assert.Equal(RegistrationState.DeregistrationInitiated, await world.RegistrationAsync("agent"));
        await world.FindAsync(burn, 8);
        Assert.Equal(RegistrationState.DeregistrationConfirmed, await world.RegistrationAsync("agent"));
    }

    // One fork brings back what had passed for dead, and its coin is its own again; another takes it.
    [Theory, MemberData(nameof(Stores))]
    public async Task A_transfer_that_one_fork_confirmed_and_another_took_back_stands_as_what_is_on_its_way_for_it(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.AskAsync("transfer");
        var (old, instead) = await ReplacedAsync(world, 1);
        await world.FindAsync(old, 3);
        Assert.Equal((TransferState.Confirmed, old.TxId, false), await world.TransferAsync("transfer"));
        Assert.Equal((AttemptState.InBlock, AttemptState.Conflicted), (await world.StateAsync(old), await world.StateAsync(instead)));
        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal((AttemptState.Offered, AttemptState.Conflicted), (await world.StateAsync(old), await world.StateAsync(instead)));
        Assert.Equal((TransferState.Sent, old.TxId, false), await world.TransferAsync("transfer"));

        await world.EndAsync(old);
        Assert.Equal((TransferState.Requested, null, true), await world.TransferAsync("transfer"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Of_two_transactions_on_their_way_for_a_transfer_the_end_of_one_leaves_it_to_the_other(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.AskAsync("transfer");

        // The second one excludes the first by a coin that descends from the first one's.
        var (old, instead) = await ReplacedAsync(world, 2);
        await world.FindAsync(old, 3);
        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal((AttemptState.Offered, AttemptState.Stored), (await world.StateAsync(old), await world.StateAsync(instead)));
        Assert.Equal((TransferState.Sent, old.TxId, false), await world.TransferAsync("transfer"));

        await world.EndAsync(old);
        Assert.Equal((TransferState.Sent, instead.TxId, false), await world.TransferAsync("transfer"));
        await world.FindAsync(instead, 4);
        Assert.Equal((TransferState.Confirmed, instead.TxId, false), await world.TransferAsync("transfer"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_a_fork_took_back_and_whose_coin_went_elsewhere_meanwhile_is_wanted_again(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.AskAsync("transfer");
        await world.EnterAsync("agent");
        var deal = await world.MakeAsync(1);
        var (send, mint) = (
            StoreWorld.Serving("send", "transfer", TransferMachine.Send, 1),
            StoreWorld.Serving("mint", "agent", RegistrationMachine.Register, 2)
        );
        foreach (var attempt in new[] { send, mint })
        {
            Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(attempt));
            await world.EndAsync(attempt);
        }

        // One answer has the lock in a block, which spends the same, and another what had passed for dead.
        var locked = StoreWorld.Spending("lock", [deal], 1, 2);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(locked));
        await world.FindAsync(locked, 3);
        await world.FindAsync(send, 3);
        await world.FindAsync(mint, 3);
        Assert.Equal((TransferState.Confirmed, send.TxId, false), await world.TransferAsync("transfer"));
        Assert.Equal(RegistrationState.RegistrationConfirmed, await world.RegistrationAsync("agent"));

        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal((AttemptState.Conflicted, AttemptState.Conflicted), (await world.StateAsync(send), await world.StateAsync(mint)));
        Assert.Equal((TransferState.Requested, null, true), await world.TransferAsync("transfer"));
        Assert.Equal(RegistrationState.RegistrationRequested, await world.RegistrationAsync("agent"));
        Assert.Equal("agent", Assert.Single(await world.Store.Registrations.ListDueAsync(StoreWorld.Start, 10, Stop)).Id);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_same_bytes_that_are_wanted_again_are_on_their_way_again(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.AskAsync("transfer");
        await world.EnterAsync("agent");
        var (send, mint) = (
            StoreWorld.Serving("send", "transfer", TransferMachine.Send, 1),
            StoreWorld.Serving("mint", "agent", RegistrationMachine.Register, 2)
        );
        foreach (var attempt in new[] { send, mint })
        {
            Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(attempt));
            await world.EndAsync(attempt);
            var known = Assert.IsType<AttemptOutcome.Known>(await world.InsertAsync(attempt with { Id = $"{attempt.Id} again" }));
            await world.Store.Attempts.ReviveAsync(known.Attempt, StoreWorld.Decide(StoreWorld.Start), Stop);
        }

        Assert.Equal((TransferState.Sent, send.TxId, false), await world.TransferAsync("transfer"));
        Assert.Equal(RegistrationState.RegistrationInitiated, await world.RegistrationAsync("agent"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_script_that_a_block_published_waits_for_nothing_and_can_be_reclaimed_and_published_again(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var published = StoreWorld.Serving("published", "script:abc", "PublishScript", 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(published));
        Assert.IsType<AttemptOutcome.Overtaken>(await world.InsertAsync(StoreWorld.Serving("twice", "script:abc", "PublishScript", 2)));
        await world.FindAsync(published, 3);
        Assert.Empty(await world.Store.Attempts.ListUnshownAsync(Stop));

        var reclaimed = StoreWorld.Serving("reclaimed", "script:abc", "ReclaimScript", 3);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(reclaimed));
        await world.FindAsync(reclaimed, 4);

        // Both blocks go: both wait for another, and what comes of neither can be made anew.
        Assert.True(await world.RollBackAsync(null, null));
        Assert.Equal((AttemptState.Offered, AttemptState.Offered), (await world.StateAsync(published), await world.StateAsync(reclaimed)));
        Assert.IsType<AttemptOutcome.Overtaken>(await world.InsertAsync(StoreWorld.Serving("beside", "script:abc", "PublishScript", 4)));
        await world.EndAsync(published);
        await world.EndAsync(reclaimed);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(StoreWorld.Serving("again", "script:abc", "PublishScript", 1)));
    }

    // A transaction for the transfer that passes for dead, and one in its place that excludes it by a coin.
    private static async Task<(Attempt Old, Attempt Instead)> ReplacedAsync(StoreWorld world, int coin)
    {
        var old = StoreWorld.Serving("old", "transfer", TransferMachine.Send, 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(old));
        Assert.Equal((TransferState.Sent, old.TxId, false), await world.TransferAsync("transfer"));
        await world.EndAsync(old);
        Assert.Equal((TransferState.Requested, null, true), await world.TransferAsync("transfer"));
        var instead = StoreWorld.Serving("instead", "transfer", TransferMachine.Send, coin) with { Rivals = [new AttemptRival("old", StoreWorld.Coin(coin))] };
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(instead));
        Assert.Equal((TransferState.Sent, instead.TxId, false), await world.TransferAsync("transfer"));
        return (old, instead);
    }
}
