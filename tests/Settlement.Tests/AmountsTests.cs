using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests;

public sealed class AmountsTests
{
    [Fact]
    public void The_largest_quantities_of_the_chain_survive_the_store()
    {
        var asset = AssetId.Parse(new string('a', 56) + "0102");
        var value = Value.Of(Lovelace.MaxSupply, asset, ulong.MaxValue);
        Assert.Equal(value, Amounts.FromJson(Amounts.ToJson(value)));
        Assert.Equal([("", (Int128)45_000_000_000_000_000), ($"{asset}", ulong.MaxValue)], Amounts.ToList(value));
    }
}
