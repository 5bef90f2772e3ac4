using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>Protocol parameters that change while the chain runs.</summary>
public sealed class DevnetParametersTests : IDisposable
{
    private readonly DevnetChain _chain = new(
        new DevnetOptions
        {
            Production = BlockProduction.OnDemand,
            EpochLength = 1000,
            Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))],
        }
    );

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void They_change_at_once_and_what_no_longer_holds_is_dropped()
    {
        var payment = Payment();
        _chain.Submit(payment);

        var dropped = _chain.ChangeParameters(Dear);

        Assert.Equal([payment.Id], dropped);
        Assert.Empty(_chain.Mempool);
        var failures = Assert.IsType<DevnetSubmission.Refused>(_chain.Submit(payment)).Failures;
        Assert.Contains(failures, f => f.Predicate == "FeeTooSmallUTxO");
        _chain.ChangeParameters(_ => ProtocolParameters.Mainnet);
        Assert.IsType<DevnetSubmission.Accepted>(_chain.Submit(payment));
    }

    [Fact]
    public void They_change_when_an_epoch_begins()
    {
        var payment = Payment();
        Assert.Empty(_chain.ChangeParameters(Dear, atEpoch: 1));
        Assert.IsType<DevnetSubmission.Accepted>(_chain.Submit(payment));
        Assert.Equal(ProtocolParameters.Mainnet.MinFeeConstant, _chain.Parameters.MinFeeConstant);

        _chain.Advance(TimeSpan.FromSeconds(1000));

        Assert.Equal(400_000, _chain.Parameters.MinFeeConstant.Amount);
        Assert.Equal(1, _chain.State.Epoch);
        Assert.Empty(_chain.Mempool);
        Assert.Empty(_chain.Tip.Transactions);
        Assert.IsType<DevnetSubmission.Refused>(_chain.Submit(payment));
    }

    [Fact]
    public void What_cannot_be_is_refused_and_changes_nothing()
    {
        _chain.Advance(TimeSpan.FromSeconds(1000));

        Assert.Contains("has begun", Refused(() => _chain.ChangeParameters(Dear, atEpoch: 1)));
        Assert.Contains("Deposits", Refused(() => _chain.ChangeParameters(p => p with { KeyDeposit = new Lovelace(1) })));
        Assert.Contains("fit no block", Refused(() => _chain.ChangeParameters(p => p with { MaxTxSize = p.MaxBlockBodySize + 1 })));
        Assert.Same(ProtocolParameters.Mainnet, _chain.Parameters);
    }

    [Fact]
    public void They_go_back_with_a_snapshot_and_a_reset_and_not_with_a_rollback()
    {
        _chain.Mine();
        var name = _chain.TakeSnapshot()!;
        _chain.ChangeParameters(Dear);

        _chain.Rollback(1);
        Assert.Equal(400_000, _chain.Parameters.MinFeeConstant.Amount);
        Assert.True(_chain.TryRevert(name));
        Assert.Same(ProtocolParameters.Mainnet, _chain.Parameters);
        _chain.ChangeParameters(Dear);
        _chain.Reset();
        Assert.Same(ProtocolParameters.Mainnet, _chain.Parameters);
    }

    private static ProtocolParameters Dear(ProtocolParameters parameters) => parameters with { MinFeeConstant = new Lovelace(400_000) };

    private static string Refused(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private Transaction Payment()
    {
        var (input, output) = _chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(10));
    }
}
