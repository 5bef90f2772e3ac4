using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class OfferVerificationTests
{
    private static readonly EscrowOffer Offer = Vectors.Offer(EscrowFamily.V2);
    private static readonly IdentifierParts Identifier = Vectors.Identifier(EscrowFamily.V2);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void The_vectors_verify(EscrowFamily family)
    {
        Assert.Null(OfferVerification.Verify(Vectors.Identifier(family), Vectors.Offer(family), Vectors.SellerKeyHash));
    }

    public static TheoryData<string, OfferRule> Tamperings =>
        new()
        {
            { "purchaser", OfferRule.PurchaserIdentifier },
            { "agent", OfferRule.AgentIdentifier },
            { "key missing", OfferRule.KeyFound },
            { "key of another", OfferRule.KeyMatches },
            { "no escrow", OfferRule.EscrowPresent },
            { "other escrow", OfferRule.EscrowMatches },
            { "input hash", OfferRule.Signature },
            { "later unlock", OfferRule.Signature },
            { "seller return", OfferRule.Signature },
            { "dynamic price", OfferRule.Signature },
            { "index", OfferRule.Signature },
            { "seller nonce", OfferRule.Signature },
            { "signature", OfferRule.Signature },
            { "signature not hex", OfferRule.Signature },
            { "script return", OfferRule.PartyAddress },
            { "return on mainnet", OfferRule.PartyAddress },
        };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public void Anything_that_differs_from_what_was_signed_is_refused_by_its_rule(string what, OfferRule rule)
    {
        var (offer, identifier, buyerReturn) = what switch
        {
            "purchaser" => (Offer with { BuyerNonce = BuyerNonce.Parse("aabbccddeeff00") }, Identifier, null),
            "agent" => (Offer with { AgentIdentifier = AgentIdentifier.Parse(Vectors.V1Agent) }, Identifier, null),
            "key missing" => (Offer, Identifier with { Key = "a0" }, null),
            "key of another" => (Offer, Identifier with { Key = Convert.ToHexStringLower(CoseSign1.CoseKey(new byte[32])) }, null),
            "no escrow" => (Offer, Identifier with { EscrowAddress = null }, null),
            "other escrow" => (Offer, Identifier with { EscrowAddress = Vectors.V1Escrow }, null),
            "input hash" => (Offer with { InputHash = Vectors.DummyResult }, Identifier, null),
            "later unlock" => (Offer with { Deadlines = Vectors.Deadlines with { Unlock = Vectors.Deadlines.Unlock.AddMilliseconds(1) } }, Identifier, null),
            "seller return" => (Offer with { SellerReturn = Vectors.Buyer }, Identifier, null),
            "dynamic price" => (Offer with { RequestedFunds = [new WrittenAmount("", 1)] }, Identifier, null),
            "index" => (Offer with { SupportedPaymentSourceIndex = 1 }, Identifier, null),
            "seller nonce" => (Offer, Identifier with { SellerIdentifier = "00" + Identifier.SellerIdentifier[2..] }, null),
            "signature" => (Offer, Identifier with { Signature = Vectors.V1Signature }, null),
            "signature not hex" => (Offer, Identifier with { Signature = "nonsense" }, null),
            "script return" => (Offer, Identifier, Address.Parse(Vectors.V1Escrow)),
            "return on mainnet" => (Offer, Identifier, Address.Create(NetworkId.Mainnet, Credential.Key(Vectors.SellerKeyHash))),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Equal(rule, OfferVerification.Verify(identifier, offer, Vectors.SellerKeyHash, buyerReturn)?.Rule);
    }

    [Fact]
    public void An_upper_case_input_hash_is_refused_even_when_it_was_signed_so()
    {
        var offer = Offer with { InputHash = Vectors.InputHash.ToUpperInvariant() };
        var identifier = offer.Sign(Vectors.SellerKeys.Payment, Vectors.Nonce);
        Assert.Equal(OfferRule.LowerCase, OfferVerification.Verify(identifier, offer, Vectors.SellerKeyHash)?.Rule);
    }

    [Theory]
    [InlineData("seller nonce")]
    [InlineData("agent")]
    [InlineData("purchaser")]
    public void A_part_of_the_identifier_in_upper_case_is_refused_by_the_signature_or_else_by_its_case(string part)
    {
        var upper = part switch
        {
            "seller nonce" => Identifier with { SellerIdentifier = Vectors.SellerNonce.ToUpperInvariant() + Vectors.V2Agent },
            "agent" => Identifier with { SellerIdentifier = Vectors.SellerNonce + Vectors.V2Agent.ToUpperInvariant() },
            _ => Identifier with { PurchaserIdentifier = "AABBCCDDEEFF00" },
        };
        var offer = Offer with { BuyerNonce = BuyerNonce.Parse(upper.PurchaserIdentifier.ToLowerInvariant()) };
        Assert.Equal(OfferRule.Signature, OfferVerification.Verify(upper, offer, Vectors.SellerKeyHash)?.Rule);
        var signature = CoseSign1.Sign(Vectors.SellerKeys.Payment, Vectors.Seller, offer.Hash(upper));
        upper = upper with { Signature = Convert.ToHexStringLower(signature.ToCbor()) };
        Assert.Equal(OfferRule.LowerCase, OfferVerification.Verify(upper, offer, Vectors.SellerKeyHash)?.Rule);
    }

    [Fact]
    public void The_words_of_a_request_are_compared_letter_by_letter()
    {
        var agent = Vectors.V2Agent.ToUpperInvariant();
        var upper = Identifier with { SellerIdentifier = Vectors.SellerNonce + agent, PurchaserIdentifier = "AABBCCDDEEFF00" };
        Assert.Null(OfferVerification.VerifyNames(Identifier, Vectors.Purchaser, Vectors.V2Agent));
        Assert.Null(OfferVerification.VerifyNames(upper, "AABBCCDDEEFF00", agent));
        Assert.Equal(OfferRule.PurchaserIdentifier, OfferVerification.VerifyNames(upper, "aabbccddeeff00", agent)?.Rule);
        Assert.Equal(OfferRule.AgentIdentifier, OfferVerification.VerifyNames(Identifier, Vectors.Purchaser, agent)?.Rule);
    }

    [Fact]
    public void Amounts_add_up_per_unit_and_nonsense_does_not()
    {
        var asset = Vectors.V2Agent;
        Assert.True(WrittenAmount.TrySum([new("", 1), new("lovelace", 2), new(asset, 3), new(asset, 4)], out var sum));
        Assert.Equal(Value.Of(new Lovelace(3), AssetId.Parse(asset), 7), sum);
        Assert.False(WrittenAmount.TrySum([new("", 0)], out _));
        Assert.False(WrittenAmount.TrySum([new("xyz", 1)], out _));
        Assert.False(WrittenAmount.TrySum([new("", long.MaxValue), new("", 1)], out _));
        Assert.False(WrittenAmount.TrySum([new(asset, long.MaxValue), new(asset, 1)], out _));
    }
}
