using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

public sealed class LedgerChainTests
{
    private readonly World _world = new();

    [Fact]
    public void A_block_applies_transactions_in_order_also_chained_ones()
    {
        var (chain, first) = Start();
        var payment = Sign(Pay(first, 1_000));
        var chained = Sign(Pay(new Utxo(new TxInput(payment.Id, 0), payment.Body.Outputs[0]), 900));

        var produced = chain.Produce(At(10), [payment, chained]);

        Assert.Equal([payment.Id, chained.Id], produced.Block.Transactions.Select(t => t.Id));
        Assert.Equal(1, produced.Block.Height);
        Assert.Equal(chain.Tip.Block.Hash, produced.Block.Previous);
        Assert.Null(produced.Chain.Tip.State.Find(new TxInput(payment.Id, 0)));
    }

    [Fact]
    public void A_transaction_that_no_longer_holds_is_dropped_with_its_reasons()
    {
        var (chain, first) = Start();
        var one = Sign(Pay(first, 1_000));
        var two = Sign(Pay(first, 900));

        var produced = chain.Produce(At(10), [one, two]);

        Assert.Equal(one, Assert.Single(produced.Block.Transactions));
        var dropped = Assert.Single(produced.Dropped);
        Assert.Equal(two, dropped.Transaction);
        Assert.Contains(dropped.Failures, f => f.Predicate == "BadInputsUTxO");
    }

    [Fact]
    public void What_does_not_fit_into_a_block_waits_for_the_next()
    {
        var (chain, first) = Start();
        var payment = Sign(Pay(first, 1_000));
        var chained = Sign(Pay(new Utxo(new TxInput(payment.Id, 0), payment.Body.Outputs[0]), 900));
        var environment = At(10) with { Parameters = _world.Parameters with { MaxBlockBodySize = payment.Bytes.Length } };

        var produced = chain.Produce(environment, [payment, chained]);
        var next = produced.Chain.Produce(environment with { Slot = new Slot(11) }, produced.Waiting);

        Assert.Equal(payment, Assert.Single(produced.Block.Transactions));
        Assert.Equal(chained, Assert.Single(next.Block.Transactions));
    }

    [Fact]
    public void A_rollback_restores_the_state_and_blocks_made_again_have_other_hashes()
    {
        var (chain, first) = Start();
        var payment = Sign(Pay(first, 1_000));
        var before = chain.Tip.State;
        var longer = chain.Produce(At(10), [payment]).Chain.Produce(At(20), []).Chain;

        var back = longer.Rollback(2);
        var again = back.Produce(At(10), [payment]);

        Assert.Same(before, back.Tip.State);
        Assert.NotEqual(longer.Blocks[1].Block.Hash, again.Block.Hash);
        Assert.Equal(3, longer.Blocks.Count);
    }

    [Fact]
    public void The_genesis_block_cannot_be_taken_back()
    {
        var (chain, _) = Start();

        Assert.Throws<ArgumentOutOfRangeException>(() => chain.Rollback(1));
    }

    [Fact]
    public void Slots_must_increase()
    {
        var (chain, _) = Start();
        var next = chain.Produce(At(10), []).Chain;

        Assert.Throws<ArgumentException>(() => next.Produce(At(10), []));
    }

    private LedgerEnvironment At(long slot) => _world.Environment with { Slot = new Slot(slot) };

    private static (LedgerChain Chain, Utxo First) Start()
    {
        var output = new TxOutput(AliceAddress, Ada(2_000));
        var genesis = Transaction.Create(
            new TransactionBody
            {
                Inputs = [],
                Outputs = [output],
                Fee = Lovelace.Zero,
            },
            WitnessSet.Empty
        );
        return (LedgerChain.Genesis(new Slot(0), genesis), new Utxo(new TxInput(genesis.Id, 0), output));
    }

    private static TransactionBody Pay(Utxo from, long ada)
    {
        var fee = new Lovelace(200_000);
        return new TransactionBody
        {
            Inputs = [from.Input],
            Outputs = [new TxOutput(AliceAddress, Ada(ada)), new TxOutput(BobAddress, from.Output.Value - Ada(ada) - Value.Of(fee))],
            Fee = fee,
        };
    }
}
