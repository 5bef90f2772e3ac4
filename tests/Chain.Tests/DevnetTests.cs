using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;
using Masumi.Devnet;
using Masumi.Devnet.Http;

namespace Masumi.Chain.Tests;

/// <summary>The adapter against the real devnet: its ledger, its HTTP API, real signatures.</summary>
public sealed class DevnetTests : IAsyncLifetime
{
    private static readonly WalletKeys Alice = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 11);
    private static readonly Address AliceAddress = Alice.BaseAddress(NetworkId.Testnet);
    private static readonly Address BobAddress = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 12).BaseAddress(NetworkId.Testnet);
    private static readonly Value Ten = Value.Of(Lovelace.FromAda(10));

    private DevnetServer _server = null!;
    private ProvidedChain _chain = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DevnetChain Devnet => _server.Chain;

    public async ValueTask InitializeAsync()
    {
        _server = await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.OnDemand }, cancellation: Stop);
        _chain = BlockfrostChain.Open(new BlockfrostOptions { BaseUrl = new Uri(_server.BaseUrl, "api/v0") }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_network_is_described_as_the_devnet_is_set_up()
    {
        Devnet.Mine(3);
        Devnet.Advance(TimeSpan.FromHours(30));
        var tip = await _chain.GetTipAsync(Stop);
        Assert.Equal(Devnet.Tip.Hash, tip.Hash);
        Assert.Equal(Devnet.Tip.Height, tip.Height);
        Assert.Equal(Devnet.Slots, await _chain.GetSlotConfigAsync(Stop));
        Assert.Equal(Devnet.Slots.TimeOf(tip.Slot), tip.Time);
        var parameters = await _chain.GetParametersAsync(Stop);
        Assert.Equal(Devnet.Parameters with { CostModels = parameters.CostModels }, parameters);
        Assert.All(Devnet.Parameters.CostModels, m => Assert.Equal(m.Value, parameters.CostModels[m.Key]));
    }

    [Fact]
    public async Task A_payment_goes_from_submission_to_the_other_sides_follower()
    {
        var coin = await FundAsync();
        var start = Tip(await FollowAsync(BobAddress));
        var payment = Pay(coin);

        Assert.Equal(new SubmitResult.Accepted(payment.Id), await _chain.SubmitAsync(payment, Stop));
        Assert.Null(await _chain.FindTransactionAsync(payment.Id, Stop));
        Assert.Equal(new SubmitResult.Accepted(payment.Id), await _chain.SubmitAsync(payment, Stop));
        Assert.Equal([new ChainEvent.CaughtUp(start)], await FollowAsync(BobAddress, start));

        Devnet.Mine();
        var events = await FollowAsync(BobAddress, start);
        var included = Assert.IsType<ChainEvent.Included>(events[0]).Transaction;
        Assert.Equal(payment.Id, included.Transaction.Id);
        Assert.Equal(payment.Bytes.ToArray(), included.Transaction.Bytes.ToArray());
        Assert.True(included.IsValid);
        Assert.Equal(Devnet.Tip.Hash, included.Block.Hash);
        Assert.Equal(Tip(events), included.Block);

        Assert.Equal(new SubmitResult.Accepted(payment.Id), await _chain.SubmitAsync(payment, Stop));
        var received = Assert.Single(await _chain.GetUtxosAsync(BobAddress, Stop));
        Assert.Equal(new Utxo(new TxInput(payment.Id, 0), payment.Body.Outputs[0]), received);
        Assert.Equal([coin], await _chain.ResolveAsync([coin.Input], Stop));
    }

    [Fact]
    public async Task A_payment_that_breaks_a_rule_is_refused_with_the_rules_name()
    {
        var coin = await FundAsync();
        var cheap = Pay(
            coin,
            body =>
                body with
                {
                    Fee = new Lovelace(1),
                    Outputs = [body.Outputs[0], body.Outputs[1] with { Value = body.Outputs[1].Value + Value.Of(new Lovelace(299_999)) }],
                }
        );
        var refused = Assert.IsType<SubmitResult.Refused>(await _chain.SubmitAsync(cheap, Stop));
        Assert.Contains("FeeTooSmall", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_spend_of_the_same_coin_is_refused()
    {
        var coin = await FundAsync();
        Assert.IsType<SubmitResult.Accepted>(await _chain.SubmitAsync(Pay(coin), Stop));
        Devnet.Mine();
        var other = Pay(coin, body => body with { InvalidHereafter = Devnet.CurrentSlot + 1_000 });
        Assert.IsType<SubmitResult.Refused>(await _chain.SubmitAsync(other, Stop));
    }

    [Fact]
    public async Task A_rollback_takes_the_payment_back_and_the_next_block_brings_it_again()
    {
        var coin = await FundAsync();
        var before = Tip(await FollowAsync(BobAddress));
        var payment = Pay(coin);
        await _chain.SubmitAsync(payment, Stop);
        Devnet.Mine();
        var after = Tip(await FollowAsync(BobAddress, before));

        Devnet.Rollback(1, drop: true);
        var events = await FollowAsync(BobAddress, after, before);
        Assert.Equal(new ChainEvent.RolledBack(before), events[0]);
        Assert.Empty(events.OfType<ChainEvent.Included>());
        Assert.Null(await _chain.FindTransactionAsync(payment.Id, Stop));

        // Whether the devnet keeps it in its mempool or not, sending the same bytes again is safe.
        Assert.Equal(new SubmitResult.Accepted(payment.Id), await _chain.SubmitAsync(payment, Stop));
        Devnet.Mine();
        Assert.Equal(payment.Id, Assert.IsType<ChainEvent.Included>((await FollowAsync(BobAddress, before))[0]).Transaction.Transaction.Id);
    }

    [Fact]
    public async Task An_asset_is_followed_from_its_mint_to_its_holder()
    {
        var token = new AssetId(Devnet.FaucetPolicy, AssetName.FromHex("746573744d"));
        var start = Tip(await CollectAsync(_chain.FollowPolicyAsync(token.Policy, [], Stop)));
        Assert.IsType<DevnetFunding.Paid>(Devnet.Fund(AliceAddress, Value.Of(Lovelace.FromAda(5), token, 7)));
        Devnet.Mine();

        var events = await CollectAsync(_chain.FollowPolicyAsync(token.Policy, [start], Stop));
        var mint = Assert.IsType<ChainEvent.Included>(Assert.Single(events.OfType<ChainEvent.Included>())).Transaction.Transaction;
        Assert.Equal(7, mint.Body.Mint[token]);
        Assert.Equal([(AliceAddress, 7L)], await _chain.GetHoldersAsync(token, Stop));
        Assert.Equal(mint.AuxiliaryData?.Bytes.ToArray(), (await _chain.GetMintMetadataAsync(token, Stop))?.Bytes.ToArray());
        Assert.Equal(7, Assert.Single(await _chain.GetUtxosAsync(AliceAddress, Stop)).Output.Value[token]);
        var script = await _chain.FindScriptAsync(token.Policy.ToScriptHash(), Stop);
        Assert.Equal(token.Policy, script!.Hash.ToPolicyId());
    }

    [Fact]
    public async Task What_the_chain_never_saw_is_empty()
    {
        Assert.Empty(await _chain.GetUtxosAsync(BobAddress, Stop));
        Assert.IsType<ChainEvent.CaughtUp>(Assert.Single(await FollowAsync(BobAddress)));
        Assert.Null(await _chain.FindTransactionAsync(Sample.Pay(1).Id, Stop));
        Assert.Empty(await _chain.ResolveAsync([new TxInput(Sample.Pay(1).Id, 0)], Stop));
        Assert.Null(await _chain.FindScriptAsync(ScriptHash.Parse(new string('e', 56)), Stop));
        Assert.Empty(await _chain.GetHoldersAsync(new AssetId(Devnet.FaucetPolicy, AssetName.FromHex("00")), Stop));
    }

    private static Transaction Pay(Utxo coin, Func<TransactionBody, TransactionBody>? change = null)
    {
        var fee = new Lovelace(300_000);
        var body = new TransactionBody
        {
            Inputs = [coin.Input],
            Outputs = [new TxOutput(BobAddress, Ten), new TxOutput(AliceAddress, coin.Output.Value - Ten - Value.Of(fee))],
            Fee = fee,
        };
        var unsigned = Transaction.Create(change?.Invoke(body) ?? body, WitnessSet.Empty);
        return unsigned.WithVKeys([Alice.Payment.Witness(unsigned.Id)]);
    }

    private static BlockPoint Tip(List<ChainEvent> events) => Assert.IsType<ChainEvent.CaughtUp>(events[^1]).Tip;

    private static async Task<List<ChainEvent>> CollectAsync(IAsyncEnumerable<ChainEvent> events)
    {
        var all = new List<ChainEvent>();
        await foreach (var e in events)
        {
            all.Add(e);
        }

        return all;
    }

    private async Task<Utxo> FundAsync()
    {
        Assert.IsType<DevnetFunding.Paid>(Devnet.Fund(AliceAddress, Value.Of(Lovelace.FromAda(100))));
        Devnet.Mine();
        return Assert.Single(await _chain.GetUtxosAsync(AliceAddress, Stop));
    }

    private Task<List<ChainEvent>> FollowAsync(Address address, params BlockPoint[] known) => CollectAsync(_chain.FollowAddressAsync(address, known, Stop));
}
