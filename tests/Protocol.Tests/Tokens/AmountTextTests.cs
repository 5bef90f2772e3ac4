using Masumi.Protocol.Tokens;

namespace Masumi.Protocol.Tests.Tokens;

public sealed class AmountTextTests
{
    private const Network Real = Network.Mainnet;
    private const Network Test = Network.Preprod;
    private static readonly string Nameless = new('9', 56);

    [Theory]
    [InlineData("5usdm", Real, 5_000_000)]
    [InlineData("5 USDM", Real, 5_000_000)]
    [InlineData("  5  uSdM ", Real, 5_000_000)]
    [InlineData("0.000001usdm", Real, 1)]
    [InlineData("005.10 USDM", Real, 5_100_000)]
    [InlineData("9223372036854.775807 USDM", Real, long.MaxValue)]
    [InlineData("5 tusdm", Test, 5_000_000)]
    public void A_number_and_a_symbol_are_an_amount_of_that_token(string text, Network network, long amount) =>
        Assert.Equal(new UnitAmount(amount, (network == Real ? Token.Usdm : Token.TUsdm).Unit), AmountText.Parse(text, network));

    [Theory]
    [InlineData("2.5 ada", 2_500_000)]
    [InlineData("2.5ADA", 2_500_000)]
    [InlineData("1000000 lovelace", 1_000_000)]
    [InlineData("7Lovelace", 7)]
    [InlineData("9223372036854775807 lovelace", long.MaxValue)]
    public void Ada_and_lovelace_are_known_on_both_networks(string text, long lovelace)
    {
        Assert.Equal(new UnitAmount(lovelace, Unit.Ada), AmountText.Parse(text, Real));
        Assert.Equal(new UnitAmount(lovelace, Unit.Ada), AmountText.Parse(text, Test));
    }

    [Theory]
    [InlineData("1 usdcx")]
    [InlineData("1 USDCx")]
    [InlineData("1usdc")]
    public void Usdc_is_usdcx_on_mainnet(string text) => Assert.Equal(new UnitAmount(1_000_000, Token.Usdcx.Unit), AmountText.Parse(text, Real));

    [Fact]
    public void A_unit_in_hex_counts_in_its_smallest_part_known_or_not()
    {
        Assert.Equal(new UnitAmount(5, Unit.Parse(Nameless)), AmountText.Parse($"5 {Nameless}", Real));
        Assert.Equal(new UnitAmount(5, Token.Usdm.Unit), AmountText.Parse($"5 {Token.Usdm.Unit}", Real));
        Assert.Equal(new UnitAmount(5, Unit.Parse("eeee" + Nameless[4..])), AmountText.Parse($"5 eeee{Nameless[4..]}", Real));
    }

    [Theory]
    [InlineData("", "Not an amount: ''. Allowed: a number and a token such as 5 USDM or 2.5 ADA.")]
    [InlineData("   ", "Not an amount: ''. Allowed: a number and a token such as 5 USDM or 2.5 ADA.")]
    [InlineData("usdm", "Not an amount: 'usdm'. Allowed: a number and a token such as 5 USDM or 2.5 ADA.")]
    [InlineData("5", "Not an amount: '5'. Say of what: a number and a token such as 5 USDM or 2.5 ADA.")]
    [InlineData("-5 usdm", "Not an amount: '-5 usdm'. An amount has no sign.")]
    [InlineData("+5 usdm", "Not an amount: '+5 usdm'. An amount has no sign.")]
    [InlineData("5e3 usdm", "Not an amount: '5e3 usdm'. Numbers are written without exponents.")]
    [InlineData("2.5E-3 usdm", "Not an amount: '2.5E-3 usdm'. Numbers are written without exponents.")]
    [InlineData("1,000 usdm", "Not an amount: '1,000 usdm'. Numbers are written without separators and with a point.")]
    [InlineData("1'000 usdm", "Not an amount: '1'000 usdm'. Numbers are written without separators and with a point.")]
    [InlineData("1_000 usdm", "Not an amount: '1_000 usdm'. Numbers are written without separators and with a point.")]
    [InlineData("1 000 usdm", "Not an amount: '1 000 usdm'. Numbers are written without separators and with a point.")]
    [InlineData(".5 usdm", "Not an amount: '.5 usdm'. A number has digits on both sides of one point.")]
    [InlineData("5. usdm", "Not an amount: '5. usdm'. A number has digits on both sides of one point.")]
    [InlineData("5.1.2 usdm", "Not an amount: '5.1.2 usdm'. A number has digits on both sides of one point.")]
    [InlineData("0 usdm", "Not an amount: '0 usdm'. It must be more than nothing and at most 9223372036854.775807 usdm.")]
    [InlineData("0.000000 usdm", "Not an amount: '0.000000 usdm'. It must be more than nothing and at most 9223372036854.775807 usdm.")]
    [InlineData("9223372036854.775808 usdm", "Not an amount: '9223372036854.775808 usdm'. It must be more than nothing and at most 9223372036854.775807 usdm.")]
    [InlineData("0.0000001 usdm", "Not an amount: '0.0000001 usdm'. usdm has 6 decimals, not 7.")]
    [InlineData("1.5 lovelace", "Not an amount: '1.5 lovelace'. lovelace is the smallest part: a whole number is needed.")]
    [InlineData("5 doge", "Unknown token 'doge'; Mainnet knows ADA, USDM, USDCx, lovelace, and after a space any unit in hex.")]
    [InlineData("5 usd m", "Unknown token 'usd m'; Mainnet knows ADA, USDM, USDCx, lovelace, and after a space any unit in hex.")]
    [InlineData("5 tusdm", "tUSDM is a token of Preprod; on Mainnet it is USDM.")]
    [InlineData("٥ usdm", "Not an amount: '٥ usdm'. Allowed: a number and a token such as 5 USDM or 2.5 ADA.")]
    public void What_is_wrong_is_said_in_one_sentence(string text, string sentence)
    {
        Assert.False(AmountText.TryParse(text, Real, out var amount, out var problem));
        Assert.Equal((null, sentence), (amount, problem));
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => AmountText.Parse(text, Real)).Message);
    }

    [Theory]
    [InlineData("", "Not an amount: ''. Allowed: a number and a token such as 5 tUSDM or 2.5 ADA.")]
    [InlineData("5", "Not an amount: '5'. Say of what: a number and a token such as 5 tUSDM or 2.5 ADA.")]
    [InlineData("5 usdm", "USDM is a token of Mainnet; on Preprod it is tUSDM.")]
    [InlineData("5 usdcx", "USDCx is a token of Mainnet; Preprod knows ADA, tUSDM.")]
    [InlineData("5 usdc", "USDCx is a token of Mainnet; Preprod knows ADA, tUSDM.")]
    public void What_is_wrong_on_preprod_is_said_in_its_own_words(string text, string sentence)
    {
        Assert.False(AmountText.TryParse(text, Test, out _, out var problem));
        Assert.Equal(sentence, problem);
    }

    // What looks like a space, or like nothing, may be anything; a line that follows may be an order of its own.
    [Theory]
    [InlineData('\u00a0')]
    [InlineData('\u2003')]
    [InlineData('\u2028')]
    [InlineData('\u3000')]
    [InlineData('\r')]
    [InlineData('\n')]
    [InlineData('\t')]
    [InlineData('\0')]
    public void Between_number_and_token_is_a_keyboards_space_or_nothing(char space)
    {
        Assert.False(AmountText.TryParse($"5{space}usdm", Real, out _, out var problem));
        Assert.Equal("Not an amount: '5?usdm'. Between a number and a token stands nothing or a space.", problem);
        Assert.False(AmountText.TryParse($"5 {space}{Nameless}", Real, out _, out _));
        Assert.False(AmountText.TryParse($"5 usdm{space}", Real, out _, out _));
        Assert.False(AmountText.TryParse($"{space}5 usdm", Real, out _, out _));
    }

    [Fact]
    public void A_unit_in_hex_needs_a_space_and_a_whole_number()
    {
        Assert.False(AmountText.TryParse($"5{Token.Usdm.Unit}", Real, out _, out _));
        Assert.False(AmountText.TryParse($"5{Nameless}", Real, out _, out _));
        Assert.False(AmountText.TryParse($"5.5 {Nameless}", Real, out _, out var problem));
        Assert.EndsWith("this unit is the smallest part: a whole number is needed.", problem, StringComparison.Ordinal);
        Assert.False(AmountText.TryParse($"5 {Nameless}0", Real, out _, out problem));
        Assert.StartsWith("Unknown token '9999", problem, StringComparison.Ordinal);
        Assert.False(AmountText.TryParse(new string('5', 10_000), Real, out _, out problem));
        Assert.StartsWith("Not an amount: '555", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5_000_000, "5 USDM")]
    [InlineData(5_100_000, "5.1 USDM")]
    [InlineData(1, "0.000001 USDM")]
    [InlineData(10_000_000, "10 USDM")]
    [InlineData(long.MaxValue, "9223372036854.775807 USDM")]
    public void An_amount_is_shown_with_its_decimals_and_symbol(long amount, string shown)
    {
        Assert.Equal(shown, AmountText.Format(new UnitAmount(amount, Token.Usdm.Unit), Real));
        Assert.Equal(shown.Replace("USDM", "ADA", StringComparison.Ordinal), AmountText.Format(new UnitAmount(amount, Unit.Ada), Test));
    }

    [Fact]
    public void A_unit_without_a_name_is_shown_raw()
    {
        Assert.Equal($"5000000 {Nameless}", AmountText.Format(new UnitAmount(5_000_000, Unit.Parse(Nameless)), Real));
        Assert.Equal($"5000000 {Token.Usdm.Unit}", AmountText.Format(new UnitAmount(5_000_000, Token.Usdm.Unit), Test));
    }

    [Fact]
    public void What_is_shown_is_read_back()
    {
        var random = Seeded.Random();
        for (var i = 0; i < 2000; i++)
        {
            var network = random.Next(2) == 0 ? Real : Test;
            var tokens = Token.All(network);
            var unit = random.Next(4) == 0 ? Unit.Parse(random.Hex(28 + random.Next(33))) : tokens[random.Next(tokens.Length)].Unit;
            var amount = new UnitAmount(random.NextInt64(1, long.MaxValue) >> random.Next(62) | 1, unit);
            Assert.Equal(amount, AmountText.Parse(AmountText.Format(amount, network), network));
        }
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused()
    {
        var random = Seeded.Random();
        const string Characters = "0123456789..,+-_eE'  adausdmtUSDMCx\u00e9\ud83d\u0000";
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Characters[random.Next(Characters.Length)]));
            text = random.Next(3) == 0 ? text + " ada" : text;
            var network = random.Next(2) == 0 ? Real : Test;
            if (AmountText.TryParse(text, network, out var amount, out var problem))
            {
                read++;
                Assert.Equal(amount, AmountText.Parse(AmountText.Format(amount, network), network));
            }
            else
            {
                Assert.EndsWith(".", problem, StringComparison.Ordinal);
                Assert.DoesNotContain(problem, char.IsControl);
            }
        }

        Assert.True(read > 100, $"{read} texts were read.");
    }
}
