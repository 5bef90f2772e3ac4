using System.Text.Json;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Building;

/// <summary>Fees and minimums against numbers computed independently.</summary>
public sealed class FeeVectorTests
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;

    [Fact]
    public void Reference_script_bytes_are_priced_in_tiers_with_one_floor()
    {
        using var vectors = Vectors();
        foreach (var row in Rows(vectors, "refScriptFee", 10))
        {
            var fee = Fees.ReferenceScriptFee(Parameters, row.GetProperty("totalRefScriptBytes").GetInt32());
            Assert.Equal(row.GetProperty("feeLovelace").GetString(), fee.ToString());
        }
    }

    [Fact]
    public void Execution_units_are_priced_with_one_ceiling()
    {
        using var vectors = Vectors();
        foreach (var row in Rows(vectors, "exUnitsFee", 5))
        {
            var units = new ExUnits(row.GetProperty("mem").GetInt64(), row.GetProperty("steps").GetInt64());
            Assert.Equal(row.GetProperty("feeLovelace").GetString(), Fees.ExUnitsFee(Parameters, units).ToString());
        }
    }

    [Fact]
    public void The_minimum_of_an_output_counts_the_bytes_it_came_in()
    {
        using var vectors = Vectors();
        foreach (var row in Rows(vectors, "minUtxo", 4))
        {
            var output = TxOutput.FromCbor(Convert.FromHexString(row.GetProperty("outputCborHex").GetString()!));
            Assert.Equal(row.GetProperty("outputBytes").GetInt32(), output.Bytes.Length);
            Assert.Equal(row.GetProperty("minLovelaceForThisEncoding").GetInt64(), Fees.MinUtxo(Parameters, output).Amount);
        }
    }

    [Fact]
    public void The_least_fee_of_whole_transactions_comes_out()
    {
        using var vectors = Vectors();
        foreach (var row in Rows(vectors, "minFeeOfWholeTransactions", 10))
        {
            var file = SharedData.Require(["vectors", .. row.GetProperty("fixture").GetString()!.Split('/')]);
            using var fixture = JsonDocument.Parse(File.ReadAllBytes(file));
            var transaction = Transaction.FromCbor(Convert.FromHexString(fixture.RootElement.GetProperty("transaction").GetString()!));
            Assert.Equal(row.GetProperty("size").GetInt32(), transaction.Size);
            Assert.Equal(row.GetProperty("declaredFee").GetInt64(), transaction.Body.Fee.Amount);
            var full = row.GetProperty("full").GetInt32();
            Assert.Equal(full, transaction.Bytes.Length);
            var units = transaction.Witnesses.Redeemers.Aggregate(default(ExUnits), (sum, r) => sum + r.Units);
            var fee = Fees.MinFee(Parameters, transaction.Size, units, row.GetProperty("refScriptBytes").GetInt32());
            Assert.Equal(row.GetProperty("minFee").GetInt64(), fee.Amount);
            Assert.Equal(new ExUnits(row.GetProperty("mem").GetInt64(), row.GetProperty("steps").GetInt64()), units);
            Assert.Equal(row.GetProperty("exFee").GetInt64(), Fees.ExUnitsFee(Parameters, units).Amount);
            Assert.Equal(row.GetProperty("refFee").GetInt64(), Fees.ReferenceScriptFee(Parameters, row.GetProperty("refScriptBytes").GetInt32()).Amount);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(168_901, 253_352)]
    public void Collateral_is_rounded_up(long fee, long collateral) => Assert.Equal(collateral, Fees.MinCollateral(Parameters, new Lovelace(fee)).Amount);

    [Fact]
    public void Hostile_units_cost_more_than_anybody_has_instead_of_overflowing() =>
        Assert.Equal(
            long.MaxValue,
            Fees.MinFee(Parameters with { PriceMemory = new Rational(long.MaxValue, 1) }, 300, new ExUnits(long.MaxValue, long.MaxValue), 0).Amount
        );

    [Fact]
    public void Raising_an_output_to_its_minimum_stops_at_the_minimum_of_the_raised_output()
    {
        var raised = new TxOutput(Wallet.Home, Value.Zero).WithMinUtxo(Parameters);
        Assert.Equal(Fees.MinUtxo(Parameters, raised), raised.Value.Coin);
        var rich = new TxOutput(Wallet.Home, Value.Of(Lovelace.FromAda(5)));
        Assert.Same(rich, rich.WithMinUtxo(Parameters));
    }

    private static JsonElement.ArrayEnumerator Rows(JsonDocument vectors, string name, int count)
    {
        var rows = vectors.RootElement.GetProperty(name);
        Assert.Equal(count, rows.GetArrayLength());
        return rows.EnumerateArray();
    }

    private static JsonDocument Vectors() => JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "fees-and-min-utxo.json")));
}
