using System.Globalization;
using System.Numerics;

namespace Masumi.Protocol.Tests;

public sealed class DigitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("005", 5)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Digits_are_a_number(string text, long number)
    {
        Assert.True(Digits.TryRead<long>(text, out var read));
        Assert.Equal(number, read);
        Assert.True(Digits.TryReadSigned("-" + text, out read));
        Assert.Equal(-number, read);
        Assert.Equal(text == number.ToString(CultureInfo.InvariantCulture), Digits.TryReadCanonical<long>(text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("\0")]
    [InlineData("5\0")]
    [InlineData("5\0\0")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("--5")]
    [InlineData("-")]
    [InlineData("\u0665")]
    [InlineData("\uff15")]
    [InlineData("9223372036854775808")]
    public void Nothing_else_is(string? text)
    {
        Assert.False(Digits.TryRead<long>(text, out _));
        Assert.False(Digits.TryReadCanonical<long>(text, out _));
        Assert.False(Digits.TryReadSigned<long>(text, out _));
        Assert.Throws<FormatException>(() => Digits.ReadSigned<long>(text ?? ""));
        if (text != "9223372036854775808")
        {
            Assert.False(Digits.TryRead<BigInteger>(text, out _));
        }
    }

    [Theory]
    [InlineData("1.5", true)]
    [InlineData("1e3", true)]
    [InlineData("1.5\0", false)]
    [InlineData(null, false)]
    public void Fractions_and_moments_have_nothing_hidden_in_them(string? text, bool isNumber)
    {
        Assert.Equal(isNumber, Digits.TryReadFraction<decimal>(text, NumberStyles.Float, out _));
        Assert.Equal(isNumber, Digits.TryReadFraction<double>(text, NumberStyles.Float, out _));
        Assert.True(Digits.TryReadTime("2026-01-01T00:00:00Z", out _));
        Assert.False(Digits.TryReadTime("2026-01-01T00:00:00Z\0", out _));
        Assert.False(Digits.TryReadTime(null, out _));
    }
}
