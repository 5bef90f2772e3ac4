using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

public class BlsPairingTests
{
    private static readonly G1Element P = new(Subgroup.Generator1);
    private static readonly G2Element Q = new(Subgroup.Generator2);

    [Fact]
    public void Scalars_move_between_the_sides_and_out()
    {
        var random = new BlsRandom(41);
        for (var i = 0; i < 5; i++)
        {
            var (m, n) = (random.Integer(20), random.Integer(20));
            var (p, q) = (random.G1(), random.G2());
            Assert.True(Same(Pair(p.Multiply(m), q.Multiply(n)), Pair(p.Multiply(m * n), q)));
            Assert.True(Same(Pair(p.Multiply(m), q.Multiply(n)), Pair(p, q.Multiply(m * n))));
            Assert.False(Same(Pair(p.Multiply(m), q), Pair(p.Multiply(m + 1), q)));
            Assert.True(Same(Pair(p.Multiply(5), q), Pair(p, q).Multiply(Pair(p, q)).Multiply(Pair(p, q.Multiply(3)))));
        }
    }

    [Fact]
    public void The_pairing_adds_on_both_sides()
    {
        var random = new BlsRandom(42);
        for (var i = 0; i < 5; i++)
        {
            var (p, p2, q, q2) = (random.G1(), random.G1(), random.G2(), random.G2());
            Assert.True(Same(Pair(p.Add(p2), q), Pair(p, q).Multiply(Pair(p2, q))));
            Assert.True(Same(Pair(p, q.Add(q2)), Pair(p, q).Multiply(Pair(p, q2))));
            Assert.False(Same(Pair(p, q), Pair(p2, q)));
            Assert.False(Same(Pair(p, q), Pair(p, q2)));
        }
    }

    [Fact]
    public void Pairing_with_zero_is_one_and_the_generators_do_not_pair_to_one()
    {
        var one = Pair(G1Element.Zero, Q);
        Assert.True(Same(one, Pair(P, G2Element.Zero)));
        Assert.True(Same(one, Pair(P, Q).Multiply(Pair(P.Negate(), Q))));
        Assert.True(Same(one, Pair(P, Q).Multiply(Pair(P, Q.Negate()))));
        Assert.False(Same(one, Pair(P, Q)));
        Assert.False(Same(Pair(P, Q), Pair(P.Negate(), Q)));
    }

    [Fact]
    public void A_signature_verifies_for_its_message_and_key_only()
    {
        var random = new BlsRandom(43);
        var secret = Subgroup.Reduce(random.Integer(32));
        var key = P.Multiply(secret);
        var message = G2Element.Hash("a message"u8, "a tag"u8);
        var signature = message.Multiply(secret);
        Assert.True(Same(Pair(key, message), Pair(P, signature)));
        Assert.False(Same(Pair(key, G2Element.Hash("another"u8, "a tag"u8)), Pair(P, signature)));
        Assert.False(Same(Pair(key.Add(P), message), Pair(P, signature)));
    }

    private static MillerLoopResult Pair(G1Element p, G2Element q) => MillerLoopResult.Of(p, q);

    private static bool Same(MillerLoopResult a, MillerLoopResult b) => a.StandsForSameAs(b);
}
