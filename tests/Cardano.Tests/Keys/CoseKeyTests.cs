using Masumi.Cardano.Cbor;
using Masumi.Cardano.Keys;

namespace Masumi.Cardano.Tests.Keys;

/// <summary>A COSE_Key must say itself that it is an Ed25519 public key (CIP-8).</summary>
public sealed class CoseKeyTests
{
    private const string X = "21" + "5820" + "1111111111111111111111111111111111111111111111111111111111111111";

    [Theory]
    [InlineData("a4" + "0101" + "0327" + "2006" + X)]
    [InlineData("a3" + "0101" + "2006" + X)]
    [InlineData("a3" + X + "2006" + "0101")]
    [InlineData("a5" + "0101" + "0241aa" + "0327" + "2006" + X)]
    [InlineData("a5" + "0101" + "0327" + "048101" + "2006" + X)]
    [InlineData("a4" + "0101" + "2006" + "636b657900" + X)]
    [InlineData("bf" + "0101" + "2006" + X + "ff")]
    [InlineData("a3" + "180101" + "3800" + "06" + "3801" + "582011111111111111111111111111111111111111111111111111111111111111" + "11")]
    public void An_Ed25519_key_is_found(string hex) => Assert.Equal(Enumerable.Repeat((byte)0x11, 32), CoseSign1.PublicKeyOf(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("a1" + X)]
    [InlineData("a2" + "0101" + X)]
    [InlineData("a2" + "2006" + X)]
    [InlineData("a2" + "0101" + "2006")]
    [InlineData("a3" + "0102" + "2006" + X)]
    [InlineData("a3" + "0101" + "2004" + X)]
    [InlineData("a4" + "0101" + "0326" + "2006" + X)]
    [InlineData("a4" + "0101" + "0301" + "2006" + X)]
    [InlineData("a4" + "0101" + "2006" + X + X)]
    [InlineData("a4" + "0101" + "0101" + "2006" + X)]
    [InlineData("a4" + "0101" + "2006" + "2006" + X)]
    [InlineData("a3" + "0101" + "2006" + "21581f" + "11111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("a3" + "0101" + "2006" + "215f5820" + "1111111111111111111111111111111111111111111111111111111111111111" + "ff")]
    [InlineData("a3" + "0101" + "2006" + X + "00")]
    [InlineData("a4" + "0101" + "2006" + X)]
    [InlineData("a3" + "634f4b50" + "01" + "2006" + X)]
    [InlineData("83" + "01" + "06" + "00")]
    [InlineData("")]
    public void Anything_else_is_refused(string hex) => Assert.Throws<CborFormatException>(() => CoseSign1.PublicKeyOf(Convert.FromHexString(hex)));
}
