using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Tests.Wallets;

/// <summary>Scripts that a node publishes for itself (decision 10).</summary>
public sealed class ReferenceTests
{
    private static readonly Script Escrow = ContractCatalog.DefaultEscrow(EscrowFamily.V2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_script_is_published_from_the_use_on_at_which_it_pays_and_for_a_dispute_about_twice_its_cost()
    {
        var parameters = ProtocolParameters.Mainnet;
        var (saves, costs) = (ReferencePolicy.Saves(Escrow, parameters).Amount, ReferencePolicy.Costs(Escrow, parameters).Amount);
        var least = (costs + saves - 1) / saves;
        Assert.InRange(least, 2, 20);
        Assert.False(ReferencePolicy.PaysForItself(Escrow, least - 1, parameters));
        Assert.True(ReferencePolicy.PaysForItself(Escrow, least, parameters));
        Assert.False(ReferencePolicy.IsWorth(Value.Of(new Lovelace((2 * costs) - 1)), Escrow, parameters));
        Assert.True(ReferencePolicy.IsWorth(Value.Of(new Lovelace(2 * costs)), Escrow, parameters));
        Assert.False(ReferencePolicy.CanSpare(Value.Of(Lovelace.FromAda(69)), Lovelace.FromAda(15)));
        Assert.True(ReferencePolicy.CanSpare(Value.Of(Lovelace.FromAda(70)), Lovelace.FromAda(15)));
    }

    [Fact]
    public async Task A_node_that_acts_often_publishes_the_script_once_uses_it_also_after_a_restart_and_gets_the_deposit_back()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Fund(world.Seller.Wallet.Address, 200);
        for (var i = 0; i < 10; i++)
        {
            await AnswerAsync(world);
            await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        }

        var published = Assert.Single(world.Seller.Chain.Handed.DistinctBy(t => t.Id), t => t.Body.Outputs.Any(o => o.ReferenceScript is not null));
        Assert.Equal(Escrow, published.Body.Outputs[0].ReferenceScript);
        Assert.Equal(world.Seller.Wallet.Address, published.Body.Outputs[0].Address);
        var attempt = await world.Seller.Store.Attempts.FindAsync(published.Id.ToString(), Stop);
        Assert.Equal(("PublishScript", AttemptState.InBlock), (attempt!.Kind, attempt.State));
        await UsesItAsync(world, published);

        world.Seller.Restart();
        await UsesItAsync(world, published);

        // Its owner wants the deposit back.
        await world.Seller.Store.Scripts.SetReclaimedAsync(Escrow, true, Stop);
        world.Devnet.Mine(25);
        await world.SettleAsync();
        Assert.DoesNotContain(world.Devnet.State.Utxos, u => u.Key == new TxInput(published.Id, 0));
        Assert.NotEmpty((await AnswerAsync(world)).Witnesses.Scripts);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.DoesNotContain(world.Devnet.State.Utxos, u => u.Value.ReferenceScript is not null);

        // That the contract's list does not show what has nothing to do with it made nobody look again.
        Assert.DoesNotContain(
            world.Seller.Lines,
            l => l.StartsWith("Looking again", StringComparison.Ordinal) && !l.Contains(" 0 missed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_script_published_at_another_wallet_of_the_source_is_named_also_when_that_wallet_was_removed()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var other = world.Seller.Seal("other", world.Seller.Source, WalletRole.Selling, Mnemonic.FromEntropy(SHA256.HashData([70])));
        Assert.True(await world.Seller.Store.Wallets.AddAsync(other, Stop));
        var reference = world.Publish(Escrow, other.Address);
        var answer = await AnswerAsync(world);
        Assert.Equal([reference.Input], answer.Body.ReferenceInputs);
        Assert.Empty(answer.Witnesses.Scripts);

        Assert.True(await world.Seller.Store.Wallets.RemoveAsync(other.Id, world.Now, Stop));
        Assert.Equal([reference.Input], (await AnswerAsync(world)).Body.ReferenceInputs);
    }

    [Fact]
    public async Task A_wallet_that_cannot_be_asked_for_the_script_holds_up_no_other()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var other = world.Seller.Seal("z", world.Seller.Source, WalletRole.Selling, Mnemonic.FromEntropy(SHA256.HashData([70])));
        Assert.True(await world.Seller.Store.Wallets.AddAsync(other, Stop));
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('2', 64));

        // The wallet that acts is asked for its coins at both its addresses; then comes the other one.
        var asked = 0;
        world.Seller.Chain.Before = question =>
            question == "unspent" && ++asked > 2 ? throw new ChainUnavailableException("no more calls") : Task.CompletedTask;
        await world.Seller.RoundAsync();
        Assert.Equal(3, asked);
        Assert.Single(world.Seller.Chain.Handed);
    }

    [Fact]
    public async Task A_node_that_lost_its_database_finds_its_published_script_among_its_coins()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var owner = world.Seller.Wallet.Address;
        var reference = world.Publish(Escrow, owner);
        var answer = await AnswerAsync(world);
        Assert.Equal([reference.Input], answer.Body.ReferenceInputs);
        Assert.Empty(answer.Witnesses.Scripts);
    }

    private static async Task UsesItAsync(SettlementWorld world, Transaction published)
    {
        var answer = await AnswerAsync(world);
        Assert.Empty(answer.Witnesses.Scripts);
        Assert.Equal([new TxInput(published.Id, 0)], answer.Body.ReferenceInputs);
    }

    private static async Task<Transaction> AnswerAsync(SettlementWorld world)
    {
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('2', 64));
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).OnChainState);
        return world.Seller.Chain.Handed.Last(t => t.Body.Outputs.Any(o => o.Address == world.Escrow.Address));
    }
}
