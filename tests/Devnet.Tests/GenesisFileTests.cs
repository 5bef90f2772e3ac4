using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Devnet.Tests;

public sealed class GenesisFileTests
{
    [Fact]
    public void A_shelley_genesis_sets_magic_epochs_start_and_funds()
    {
        var asset = new AssetId(default, new AssetName("usd"u8));
        var options = Apply(
            $$"""
            {"networkMagic": 7, "epochLength": 500, "slotLength": 1, "systemStart": "2025-12-31T23:59:50Z", "maxLovelaceSupply": 45000000000000000, "securityParam": 2160,
             "initialFunds": {"{{Convert.ToHexStringLower(
                Wallet.Alice.Address.Bytes.Span
            )}}": 5000000, "{{Wallet.Bob.Address}}": {"lovelace": 3000000, "{{asset}}": 9} } }
            """
        );
        using var chain = new DevnetChain(options with { Time = new ManualTime() });

        Assert.Equal(7, options.NetworkMagic);
        Assert.Equal(500, options.EpochLength);
        Assert.Equal(new Slot(10), chain.CurrentSlot);
        Assert.Equal(5_000_000, Assert.Single(chain.State.Utxos.Values, o => o.Address == Wallet.Alice.Address).Value.Coin.Amount);
        Assert.Equal(Value.Of(new Lovelace(3_000_000), asset, 9), Assert.Single(chain.State.Utxos.Values, o => o.Address == Wallet.Bob.Address).Value);
    }

    [Fact]
    public void Of_a_token_there_may_be_more_than_of_ada()
    {
        var asset = new AssetId(default, new AssetName("usd"u8));
        var options = Apply($$"""{"initialFunds": {"{{Wallet.Bob.Address}}": {"{{asset}}": {{long.MaxValue}} } } }""");
        using var chain = new DevnetChain(options with { Time = new ManualTime() });

        Assert.Equal(long.MaxValue, Assert.Single(chain.State.Utxos.Values, o => o.Address == Wallet.Bob.Address).Value[asset]);
    }

    [Fact]
    public void What_is_not_said_stays_as_it_is() => Assert.Equal(new DevnetOptions().NetworkMagic, Apply("{}").NetworkMagic);

    [Fact]
    public void Nobody_can_hold_more_than_there_is()
    {
        var all = new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.MaxSupply));

        Assert.Throws<ArgumentException>(() => new DevnetChain(new DevnetOptions { Accounts = [.. Enumerable.Repeat(all, 1000)] }));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("""{"slotLength": 20}""", "slotLength")]
    [InlineData("""{"maxLovelaceSupply": 1}""", "maxLovelaceSupply")]
    [InlineData("""{"networkMagic": "1"}""", "networkMagic")]
    [InlineData("""{"epochLength": 0}""", "epochLength")]
    [InlineData("""{"epochLength": 99999999999}""", "epochLength")]
    [InlineData("""{"systemStart": "soon"}""", "systemStart")]
    [InlineData("""{"initialFunds": []}""", "initialFunds")]
    [InlineData("""{"initialFunds": {"00": 1}}""", "'00'")]
    [InlineData("""{"initialFunds": {"ADDRESS": -1}}""", "ADDRESS")]
    [InlineData("""{"initialFunds": {"ADDRESS": 45000000000000001}}""", "ADDRESS")]
    [InlineData("""{"initialFunds": {"ADDRESS": {"lovelace": 45000000000000001}}}""", "ADDRESS: lovelace")]
    [InlineData("""{"initialFunds": {"ADDRESS": {"00000000000000000000000000000000000000000000000000000000": 9223372036854775808}}}""", "ADDRESS: 0000")]
    [InlineData("""{"initialFunds": {"ADDRESS": {"ada": 1}}}""", "'ada'")]
    public void What_cannot_be_is_refused_by_name(string json, string name)
    {
        var address = $"{Wallet.Alice.Address}";
        var refusal = Assert.Throws<FormatException>(() => Apply(json.Replace("ADDRESS", address, StringComparison.Ordinal)));

        Assert.Contains(name.Replace("ADDRESS", address, StringComparison.Ordinal), refusal.Message, StringComparison.Ordinal);
    }

    private static DevnetOptions Apply(string json) => GenesisFile.Apply(new DevnetOptions(), Encoding.UTF8.GetBytes(json));
}
