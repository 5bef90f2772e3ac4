using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>Transactions that a block takes as failed although their scripts accept.</summary>
public sealed class FailingTests : IDisposable
{
    private readonly DevnetChain _chain = new(new DevnetOptions { Production = BlockProduction.OnDemand });

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void The_next_block_takes_the_collateral_and_nothing_else()
    {
        var spend = Spend();
        _chain.Submit(spend);
        var child = Wallet.Alice.Pay(Wallet.OutputOf(spend, 0), Wallet.Bob.Address, Lovelace.FromAda(2));
        Assert.IsType<DevnetSubmission.Accepted>(_chain.Submit(child));

        Assert.Null(_chain.FailInBlock(spend.Id));
        Assert.True(Assert.Single(_chain.Mempool, t => t.Id == spend.Id).IsValid);
        _chain.Mine();

        var taken = Assert.Single(_chain.Tip.Transactions);
        Assert.Equal((spend.Id, false), (taken.Id, taken.IsValid));
        Assert.Equal(Lovelace.FromAda(3), _chain.Now.Find(spend.Id)!.Fee);
        Assert.NotNull(_chain.State.Find(spend.Body.Inputs[0]));
        Assert.Null(_chain.State.Find(spend.Body.Collateral[0]));
        Assert.Equal(Lovelace.FromAda(2), _chain.State.Find(new TxInput(spend.Id, 1))!.Value.Coin);
        Assert.Empty(_chain.Mempool);
    }

    [Fact]
    public void Taken_back_it_waits_as_it_was_sent()
    {
        var spend = Spend();
        _chain.Submit(spend);
        _chain.FailInBlock(spend.Id);
        _chain.Mine();

        _chain.Rollback(1);

        Assert.Equal(spend.Bytes.ToArray(), Assert.Single(_chain.Mempool).Bytes.ToArray());
        _chain.Mine();
        Assert.True(Assert.Single(_chain.Tip.Transactions).IsValid);
    }

    [Fact]
    public void What_its_sender_calls_invalid_stays_so_when_taken_back()
    {
        var spend = ScriptSpend.Of(_chain, ScriptSpend.Refuses, isValid: false);
        _chain.Mine();
        Assert.IsType<DevnetSubmission.Accepted>(_chain.Submit(spend));
        _chain.Mine();

        _chain.Rollback(1);

        Assert.False(Assert.Single(_chain.Mempool).IsValid);
    }

    [Fact]
    public void The_next_one_with_scripts_can_be_meant_too()
    {
        _chain.FailNextInBlock();
        _chain.Mine();
        var (first, second) = (Spend(), Spend());
        _chain.Submit(first);
        _chain.Submit(second);

        _chain.Mine();

        Assert.Equal([(first.Id, false), (second.Id, true)], _chain.Tip.Transactions.Select(t => (t.Id, t.IsValid)));
    }

    [Fact]
    public void A_failed_transaction_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("masumi-devnet-").FullName;
        try
        {
            var options = new DevnetOptions { Production = BlockProduction.OnDemand, StateDirectory = folder };
            Transaction spend;
            using (var chain = new DevnetChain(options))
            {
                spend = ScriptSpend.Of(chain, ScriptSpend.Accepts);
                chain.Mine();
                chain.Submit(spend);
                Assert.Null(chain.FailInBlock(spend.Id));
                chain.Mine();
            }

            using var again = new DevnetChain(options);
            Assert.False(again.Now.Find(spend.Id)!.Transaction.IsValid);
            Assert.NotNull(again.State.Find(spend.Body.Inputs[0]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Only_what_waits_with_scripts_and_collateral_can_fail()
    {
        _chain.Fund(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(5)));

        Assert.Contains("runs no scripts", _chain.FailInBlock(Assert.Single(_chain.Mempool).Id));
        Assert.Contains("does not wait", _chain.FailInBlock(default));
        _chain.Mine();
        Assert.True(Assert.Single(_chain.Tip.Transactions).IsValid);
    }

    private Transaction Spend()
    {
        var spend = ScriptSpend.Of(_chain, ScriptSpend.Accepts);
        _chain.Mine();
        return spend;
    }
}
