using System.Text.Json;

namespace Masumi.Protocol.Tests;

public sealed class UnitAmountTests
{
    private static readonly string Asset = new string('c', 56) + "0014df105553444d";

    [Theory]
    [InlineData("")]
    [InlineData("lovelace")]
    [InlineData("Lovelace")]
    [InlineData("LOVELACE")]
    public void Every_spelling_of_lovelace_is_the_empty_unit(string text)
    {
        Assert.Same(Unit.Ada, Unit.Parse(text));
        Assert.Equal("", Unit.Parse(text).ToString());
        Assert.Null(Unit.Ada.PolicyId);
        Assert.Null(Unit.Ada.AssetName);
    }

    [Fact]
    public void A_token_unit_is_policy_and_name_in_either_case_and_may_have_no_name()
    {
        var unit = Unit.Parse(Asset.ToUpperInvariant());
        Assert.Equal((Asset, new string('c', 56), "0014df105553444d"), (unit.ToString(), unit.PolicyId, unit.AssetName));
        Assert.False(unit.IsAda);
        Assert.Equal("", Unit.Parse(new string('c', 56)).AssetName);
    }

    [Theory]
    [InlineData("ada")]
    [InlineData(" ")]
    [InlineData("cc")]
    [InlineData(null)]
    [InlineData("c48cbb3d5e57ed56e276bc45f99ab39abe94e6cd7ac39fb402da47ad.0014df105553444d")]
    [InlineData("eip155:8453:0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913")]
    public void Anything_else_is_no_unit(string? text)
    {
        Assert.False(Unit.TryParse(text, out _));
        Assert.StartsWith("Not a unit: ", Assert.Throws<FormatException>(() => Unit.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("2000000", 2_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void An_amount_is_decimal_digits(string text, long amount)
    {
        var value = UnitAmount.Parse(text, Asset);
        Assert.Equal((amount, Unit.Parse(Asset)), (value.Amount, value.Unit));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData(" 1")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("9223372036854775808")]
    [InlineData("00000000000000000000000001")]
    [InlineData("05")]
    [InlineData("5\0")]
    [InlineData("5000000\0\0")]
    [InlineData("\u0665")]
    [InlineData("5\n")]
    public void Anything_else_is_no_amount(string? text)
    {
        Assert.False(UnitAmount.TryParse(text, "", out _));
        Assert.StartsWith("Not an amount: ", Assert.Throws<FormatException>(() => UnitAmount.Parse(text, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_no_amount_of_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnitAmount(0, Unit.Ada));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnitAmount(-1, Unit.Ada));
    }

    [Fact]
    public void Its_json_is_that_of_the_apis_and_any_letter_case_of_the_members_is_read()
    {
        var amount = new UnitAmount(2_000_000, Unit.Ada);
        Assert.Equal("""{"amount":"2000000","unit":""}""", JsonSerializer.Serialize(amount));
        Assert.Equal(amount, JsonSerializer.Deserialize<UnitAmount>("""{"Amount":"2000000","Unit":"lovelace","more":{"amount":["1"]}}"""));
        Assert.Equal([amount], JsonSerializer.Deserialize<UnitAmount[]>("""[{"unit":"","amount":"2000000"}]""")!);
    }

    [Theory]
    [InlineData("""{"unit":""}""")]
    [InlineData("""{"amount":"1"}""")]
    [InlineData("""{"amount":1,"unit":""}""")]
    [InlineData("""{"amount":"0","unit":""}""")]
    [InlineData("""{"amount":"1","unit":"x"}""")]
    [InlineData("""{"amount":"1","unit":"","Amount":"2"}""")]
    [InlineData("""{"amount":"1","amount":"1","unit":""}""")]
    [InlineData("""{"AMOUNT":1,"amount":"1","unit":""}""")]
    [InlineData("""{"amount":"1","unit":"","UNIT":"lovelace"}""")]
    [InlineData("\"1\"")]
    public void Json_without_a_whole_amount_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UnitAmount>(json));

    [Fact]
    public void Amounts_of_one_unit_are_summed_up_to_63_bits()
    {
        var token = Unit.Parse(Asset);
        Assert.True(UnitAmount.TrySum([new(1, token), new(5, Unit.Ada), new(long.MaxValue - 1, token)], out var sums));
        Assert.Equal([new(long.MaxValue, token), new(5, Unit.Ada)], sums);
        Assert.False(UnitAmount.TrySum([new(1, token), new(long.MaxValue, token)], out _));
        Assert.True(UnitAmount.TrySum([], out var none));
        Assert.Empty(none);
    }
}
