using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A purchase is made anew though the coin of its lock was never made, or went to something that passed for dead.</summary>
public sealed class LostCoinTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // One upon the change of the other, and a mempool loses both for longer than they are valid.
    [Fact]
    public async Task Purchases_whose_locks_stood_one_upon_the_other_and_were_lost_together_are_all_made_anew()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifiers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            identifiers.Add(await world.AgreeAsync(5));
            await world.Buyer.RoundAsync();
        }

        Assert.Equal(3, world.Buyer.Chain.Handed.Count);
        world.Devnet.Advance(TimeSpan.FromMinutes(8));
        await world.Buyer.RoundAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        for (var i = 0; i < 5; i++)
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(8));
        }

        foreach (var identifier in identifiers)
        {
            var deal = await world.Buyer.DealAsync(identifier);
            TestContext.Current.TestOutputHelper?.WriteLine($"{deal.Id} {deal.OnChainState} {deal.Trouble} next {deal.NextAt:u}");
        }

        Assert.All(identifiers, i => Assert.Single(world.LocksOf(i)));
    }

    // A provider is blind for a transfer for seven minutes (F8): it passes for dead, and a purchase is given its coin.
    [Fact]
    public async Task A_purchase_whose_coin_a_transfer_took_that_passed_for_dead_is_made_anew()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var somebody = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('9', 56))));
        var now = world.Time.GetUtcNow();
        await world.Buyer.Store.Transfers.InsertAsync(
            new Transfer
            {
                Id = "t",
                SourceId = world.Buyer.Source.Id,
                WalletId = world.Buyer.Wallet.Id,
                To = somebody,
                Amount = Value.Of(Lovelace.FromAda(900)),
                CreatedAt = now,
                GiveUpAt = now.AddMinutes(3),
            },
            now,
            Stop
        );
        await world.Buyer.RoundAsync();
        var sent = Assert.Single(world.Buyer.Chain.Handed);
        world.Views.Set("buyer", $"hide:{sent.Id}");
        world.Devnet.Mine();

        // It expires; the transfer is given up, and a purchase takes its coin.
        world.Time.Move(TimeSpan.FromMinutes(7));
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        await world.Buyer.RoundAsync();
        Assert.Equal(TransferState.Failed, (await world.Buyer.Store.Transfers.GetAsync("t", Stop))!.State);
        var identifier = await world.AgreeAsync(5, TimeSpan.FromHours(3));
        await world.Buyer.RoundAsync();
        Assert.Equal(2, world.Buyer.Chain.Handed.Count);
        Assert.Equal(sent.Body.Inputs, world.Buyer.Chain.Handed[1].Body.Inputs);

        // The provider sees again.
        world.Views.Clear("buyer");
        world.Fund(world.Buyer.Wallet.Address, 100);
        await world.SettleAsync();
        Assert.Equal(TransferState.Confirmed, (await world.Buyer.Store.Transfers.GetAsync("t", Stop))!.State);
        for (var i = 0; i < 6; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(7));
        }

        foreach (var attempt in await world.Buyer.AttemptsAsync(identifier))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{attempt.TxId} {attempt.State} {attempt.Answer}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(await world.Buyer.DealAsync(identifier)).Trouble}");
        Assert.Single(world.LocksOf(identifier));
    }
}
