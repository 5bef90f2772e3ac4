using Masumi.Cardano.Addresses;

namespace Masumi.Cardano.Tests.Addresses;

public sealed class Bech32Tests
{
    [Fact]
    public void Letters_that_only_fold_to_ASCII_are_refused()
    {
        // The Kelvin sign's lower case is k; its place in an upper-case text is where a K stands.
        var text = Bech32.Encode("stake", [22, 22, 22, 22, 22, 22, 22, 22]).ToUpperInvariant();
        Assert.True(Bech32.TryDecode(text, out _, out _));
        var places = Enumerable.Range(0, text.Length).Where(i => text[i] == 'K').ToArray();
        Assert.NotEmpty(places);
        foreach (var place in places)
        {
            Assert.False(Bech32.TryDecode(string.Concat(text.AsSpan(0, place), "\u212a", text.AsSpan(place + 1)), out _, out _));
        }
    }

    [Theory]
    [InlineData("A12UEL5L", "a")]
    [InlineData("a12uel5l", "a")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs", null)]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "abcdef")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "split")]
    public void BIP_173_examples_decode(string text, string? prefix)
    {
        Assert.True(Bech32.TryDecode(text, out var found, out _));
        Assert.Equal(prefix ?? text[..text.LastIndexOf('1')], found);
    }

    [Theory]
    [InlineData("\u00201nwldj5")]
    [InlineData("\u007f1axkwrx")]
    [InlineData("\u00801eym55h")]
    [InlineData("pzry9x0s0muk")]
    [InlineData("1pzry9x0s0muk")]
    [InlineData("x1b4n0q5v")]
    [InlineData("li1dgmt3")]
    [InlineData("de1lg7wt\u00ff")]
    [InlineData("A1G7SGD8")]
    [InlineData("10a06t8")]
    [InlineData("1qzzfhee")]
    [InlineData("a12UEL5L")]
    public void BIP_173_counterexamples_are_refused(string text) => Assert.False(Bech32.TryDecode(text, out _, out _));
}
