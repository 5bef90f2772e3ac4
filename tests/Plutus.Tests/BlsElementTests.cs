using System.Numerics;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

public class BlsElementTests
{
    private const string Generator1 = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    private const string Generator2 =
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";

    [Fact]
    public void The_generators_compress_to_what_they_were_read_from()
    {
        Assert.Equal("0x" + Generator1, G1(Generator1).ToString());
        Assert.Equal("0x" + Generator2, G2(Generator2).ToString());
    }

    [Fact]
    public void The_order_of_the_groups_is_the_known_one() =>
        Assert.Equal(
            BigInteger.Parse("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", System.Globalization.NumberStyles.HexNumber),
            Subgroup.Order
        );

    [Fact]
    public void A_generator_times_the_order_is_zero_and_times_one_less_is_its_negative()
    {
        Assert.True(Subgroup.Generator1.Multiply(Subgroup.Order).IsInfinity);
        Assert.True(Subgroup.Generator2.Multiply(Subgroup.Order).IsInfinity);
        Assert.Equal(G1(Generator1).Negate(), G1(Generator1).Multiply(-1));
        Assert.Equal(G2(Generator2).Negate(), G2(Generator2).Multiply(-1));
    }

    private static G1Element G1(string hex) =>
        G1Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal) ? element : throw new InvalidOperationException(refusal);

    private static G2Element G2(string hex) =>
        G2Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal) ? element : throw new InvalidOperationException(refusal);
}
