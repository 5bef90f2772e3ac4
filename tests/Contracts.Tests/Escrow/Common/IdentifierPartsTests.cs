using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class IdentifierPartsTests
{
    [Theory]
    [InlineData(EscrowFamily.V1, Vectors.V1Identifier)]
    [InlineData(EscrowFamily.V2, Vectors.V2Identifier)]
    public void Identifiers_encode_and_decode_as_the_vectors_say(EscrowFamily family, string text)
    {
        var identifier = Vectors.Identifier(family);
        Assert.Equal(text, identifier.Encode());
        Assert.True(IdentifierParts.TryDecode(text, out var decoded, out _));
        Assert.Equal(identifier, decoded);
        Assert.Equal(family, decoded.Family);
        Assert.Equal(family == EscrowFamily.V2 ? Vectors.V2Agent : Vectors.V1Agent, decoded.AgentIdentifier);
        Assert.Equal(Vectors.SellerNonce, decoded.SellerNonce);
    }

    [Theory]
    [InlineData(EscrowFamily.V1, Vectors.V1Json, Vectors.V1Hash)]
    [InlineData(EscrowFamily.V2, Vectors.V2Json, Vectors.V2Hash)]
    public void The_signed_payload_is_the_canonical_json_of_the_offer(EscrowFamily family, string json, string hash)
    {
        var offer = Vectors.Offer(family);
        Assert.Equal(json, offer.ToJson(Vectors.Nonce));
        Assert.Equal(hash, Convert.ToHexStringLower(offer.Hash(Vectors.Nonce)));
    }

    [Theory]
    [InlineData(EscrowFamily.V1, Vectors.V1Identifier)]
    [InlineData(EscrowFamily.V2, Vectors.V2Identifier)]
    public void Signing_an_offer_gives_the_identifier_of_the_vectors(EscrowFamily family, string text)
    {
        Assert.Equal(text, Vectors.Offer(family).Sign(Vectors.SellerKeys.Payment, Vectors.Nonce).Encode());
    }

    [Fact]
    public void Dynamic_amounts_are_signed_in_the_order_given_with_ada_as_the_empty_unit()
    {
        var offer = Vectors.Offer(EscrowFamily.V2) with
        {
            RequestedFunds = [new WrittenAmount("fF", 2), new WrittenAmount("Lovelace", 1)],
            SupportedPaymentSourceIndex = null,
        };
        Assert.StartsWith(
            """{"RequestedFunds":[{"amount":"2","unit":"fF"},{"amount":"1","unit":""}],"agent""",
            offer.ToJson(Vectors.Nonce),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("supportedPaymentSourceIndex", offer.ToJson(Vectors.Nonce), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void A_watcher_rebuilds_the_identifier_from_the_datum(EscrowFamily family)
    {
        var escrow = Address.Parse(family == EscrowFamily.V2 ? Vectors.V2Escrow : Vectors.V1Escrow);
        var datum = Vectors.Terms(family, Value.Of(Lovelace.FromAda(10))).LockDatum(Vectors.Buyer, null, Lovelace.Zero);
        Assert.True(EscrowDatum.TryDecode(datum.ToData(), family, escrow, out var decoded, out _));
        Assert.Equal(Vectors.Identifier(family), IdentifierParts.Of(decoded, escrow));
    }

    [Theory]
    [InlineData(null, IdentifierRule.Length)]
    [InlineData("", IdentifierRule.Hex)]
    [InlineData("abc", IdentifierRule.Hex)]
    [InlineData("zz", IdentifierRule.Hex)]
    [InlineData("ffffffff", IdentifierRule.Compression)]
    public void Texts_that_are_no_identifier_are_refused_with_the_rule(string? text, IdentifierRule rule)
    {
        Assert.False(IdentifierParts.TryDecode(text, out _, out var refusal));
        Assert.Equal(rule, refusal.Rule);
    }

    [Theory]
    [InlineData("aa.bb.cc", IdentifierRule.Segments)]
    [InlineData("aa.bb.cc.dd.addr.ff", IdentifierRule.Segments)]
    [InlineData("aa..cc.dd", IdentifierRule.Nonces)]
    [InlineData("aaa.bb.cc.dd", IdentifierRule.Nonces)]
    [InlineData("aa.gg.cc.dd", IdentifierRule.Nonces)]
    [InlineData("aa.bb.cc.dd.stake_test1", IdentifierRule.EscrowAddress)]
    public void Joined_texts_of_the_wrong_shape_are_refused_with_the_rule(string joined, IdentifierRule rule)
    {
        Assert.False(IdentifierParts.TryDecode(Convert.ToHexStringLower(LzString.Compress(joined)), out _, out var refusal));
        Assert.Equal(rule, refusal.Rule);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("ff")]
    public void Trailing_bytes_and_upper_case_are_refused_because_the_chain_would_give_another_text(string tail)
    {
        Assert.False(IdentifierParts.TryDecode(Vectors.V2Identifier + tail, out _, out var refusal));
        Assert.Equal(IdentifierRule.Canonical, refusal.Rule);
        Assert.False(IdentifierParts.TryDecode(Vectors.V2Identifier.ToUpperInvariant(), out _, out refusal));
        Assert.Equal(IdentifierRule.Canonical, refusal.Rule);
    }

    [Fact]
    public void Mutated_identifiers_are_refused_or_differ_and_never_throw()
    {
        const int seed = 99;
        var random = new Random(seed);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = Convert.FromHexString(Vectors.V2Identifier);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            var text = Convert.ToHexStringLower(bytes);
            var good = IdentifierParts.TryDecode(text, out var identifier, out _);
            Assert.True(!good || text == Vectors.V2Identifier || identifier != Vectors.Identifier(EscrowFamily.V2), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void Random_identifiers_survive_the_round_trip()
    {
        const int seed = 4711;
        var random = new Random(seed);
        string Hex(int least, int most) => Convert.ToHexStringLower(RandomBytes(random.Next(least, most)));
        byte[] RandomBytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        for (var i = 0; i < 200; i++)
        {
            var identifier = new IdentifierParts(Hex(1, 120), Hex(1, 14), Hex(0, 300), Hex(0, 60), i % 2 == 0 ? null : "addr_test1" + Hex(0, 100));
            Assert.True(IdentifierParts.TryDecode(identifier.Encode(), out var back, out _), $"seed {seed}, round {i}");
            Assert.Equal(identifier, back);
        }
    }
}
