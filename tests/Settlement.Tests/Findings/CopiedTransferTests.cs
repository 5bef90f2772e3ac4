using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>O1, ADR 7, for transfers: what stood in the database at the start is held, at whatever time it was asked for.</summary>
public sealed class CopiedTransferTests : IDisposable
{
    private static readonly Address Somebody = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('9', 56))));

    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // No block came for a minute when the transfer was asked for: by the chain's time of a process that starts, that is in the future.
    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_transfer_that_was_asked_for_long_after_the_newest_block_is_held_in_a_copy_like_any(int seconds)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        for (var i = 0; i < 10; i++)
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            world.Devnet.Mine();
        }

        await world.Buyer.RoundAsync();
        world.Time.Move(TimeSpan.FromSeconds(Math.Max(0, seconds)));
        var now = world.Buyer.Clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(0, seconds));
        await world.Buyer.Store.Transfers.InsertAsync(
            new Transfer
            {
                Id = "t",
                SourceId = world.Buyer.Source.Id,
                WalletId = world.Buyer.Wallet.Id,
                To = Somebody,
                Amount = Value.Of(Lovelace.FromAda(20)),
                CreatedAt = now,
                GiveUpAt = now + TransferMachine.UsualPatience,
            },
            now,
            Stop
        );
        _file.Copy();

        // A block brings a larger coin, from which the other half pays; then a fork takes that block, and both wait for the next.
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Single(world.Buyer.Chain.Handed);
        world.Devnet.Rollback(1);

        world.Buyer = world.Buyer.On(_file.OpenCopy());
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        for (var i = 0; i < 15; i++)
        {
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
            world.Time.Move(TimeSpan.FromMinutes(1));
        }

        await world.SettleAsync();
        Assert.Equal([Lovelace.FromAda(20)], world.Devnet.State.Utxos.Where(u => u.Value.Address == Somebody).Select(u => u.Value.Value.Coin));
    }
}
