using System.Numerics;
using System.Text.Json;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Scripts;

public sealed class PlutusDataJsonTests
{
    [Theory]
    [InlineData("d87980", """{"constructor":0,"fields":[]}""")]
    [InlineData("d8668219ffff9f0141abff", """{"constructor":65535,"fields":[{"int":1},{"bytes":"ab"}]}""")]
    [InlineData("9f2080ff", """{"list":[{"int":-1},{"list":[]}]}""")]
    [InlineData("a2014001a0", """{"map":[{"k":{"int":1},"v":{"bytes":""}},{"k":{"int":1},"v":{"map":[]}}]}""")]
    [InlineData("c249010000000000000000", """{"int":18446744073709551616}""")]
    [InlineData("c349010000000000000000", """{"int":-18446744073709551617}""")]
    public void Data_and_its_detailed_JSON_say_the_same(string cbor, string json)
    {
        var data = PlutusData.FromCbor(Convert.FromHexString(cbor));
        Assert.Equal(json, PlutusDataJson.ToJson(data).ToJsonString());
        Assert.Equal(data, PlutusDataJson.FromJson(json));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(data, PlutusDataJson.FromJson(document.RootElement));
    }

    [Theory]
    [InlineData("""{"fields":[{"int":1}],"constructor":3}""", "d87c9f01ff")]
    [InlineData("""{"map":[{"v":{"int":2},"k":{"int":1}}]}""", "a10102")]
    [InlineData("""{"bytes":"AB"}""", "41ab")]
    public void Members_may_stand_in_any_order_and_hex_in_any_case(string json, string cbor) =>
        Assert.Equal(cbor, Convert.ToHexStringLower(PlutusDataJson.FromJson(json).ToCbor()));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"int":"1"}""")]
    [InlineData("""{"int":1.0}""")]
    [InlineData("""{"int":1e2}""")]
    [InlineData("""{"int":1,"bytes":""}""")]
    [InlineData("""{"int":1,"int":1}""")]
    [InlineData("""{"bytes":"a"}""")]
    [InlineData("""{"bytes":"0xab"}""")]
    [InlineData("""{"bytes":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"list":{}}""")]
    [InlineData("""{"list":[1]}""")]
    [InlineData("""{"map":[{"k":{"int":1}}]}""")]
    [InlineData("""{"map":[{"k":{"int":1},"v":{"int":1},"w":{"int":1}}]}""")]
    [InlineData("""{"constructor":0}""")]
    [InlineData("""{"constructor":-1,"fields":[]}""")]
    [InlineData("""{"constructor":18446744073709551616,"fields":[]}""")]
    [InlineData("""{"constructor":0,"fields":[],"name":"x"}""")]
    [InlineData("""{"string":"x"}""")]
    public void Anything_outside_the_schema_is_refused(string json) => Assert.Throws<FormatException>(() => PlutusDataJson.FromJson(json));

    [Fact]
    public void Nesting_ends_at_the_limit_in_both_directions()
    {
        var data = PlutusData.I(1);
        for (var depth = 1; depth < PlutusDataJson.MaxDepth; depth++)
        {
            data = PlutusData.L(data);
        }

        var json = PlutusDataJson.ToJson(data).ToJsonString();
        Assert.Equal(data, PlutusDataJson.FromJson(json));
        Assert.Throws<FormatException>(() => PlutusDataJson.ToJson(PlutusData.L(data)));
        Assert.Throws<FormatException>(() => PlutusDataJson.FromJson($$"""{"list":[{{json}}]}"""));
        Assert.Throws<FormatException>(() => PlutusDataJson.FromJson(new string('[', 100_000)));
        Assert.Throws<FormatException>(() => PlutusDataJson.FromJson($$"""{"int":{{new string('9', 40_001)}}}"""));
        Assert.Equal(PlutusData.I(BigInteger.Pow(10, 20_000)), PlutusDataJson.FromJson($$"""{"int":1{{new string('0', 20_000)}}}"""));
    }

    [Fact]
    public void Every_datum_and_redeemer_of_real_transactions_survives_JSON()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "conway-transactions.json")));
        var count = 0;
        foreach (var listed in document.RootElement.GetProperty("transactions").EnumerateArray())
        {
            var transaction = Transaction.FromCbor(Convert.FromHexString(listed.GetProperty("txCborHex").GetString()!));
            var inline = transaction.Body.Outputs.Select(o => o.Datum).OfType<TxDatum.Inline>().Select(d => d.Datum);
            foreach (var datum in transaction.Witnesses.Redeemers.Select(r => r.Data).Concat(transaction.Witnesses.Datums).Concat(inline))
            {
                Assert.Equal(datum.Data, PlutusDataJson.FromJson(PlutusDataJson.ToJson(datum.Data).ToJsonString()));
                count++;
            }
        }

        Assert.True(count > 150, $"{count} pieces of data");
    }
}
