using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Tests;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class EscrowBoundsTests
{
    private static readonly ByteString Key = ByteString.FromHex(Vectors.CoseKey);
    private static readonly ByteString Signature = ByteString.FromHex(Vectors.V2Signature);
    private static readonly CoseSign1 Parsed = CoseSign1.FromCbor(Signature.Memory);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Real_terms_are_far_within_all_bounds(EscrowFamily family)
    {
        var (identifier, offer) = (Vectors.Identifier(family), Vectors.Offer(family) with { SellerReturn = family == EscrowFamily.V2 ? Vectors.Buyer : null });
        Assert.Empty(EscrowBounds.Check(identifier, offer));
        Assert.Equal(217 + 42, (identifier.Signature.Length + identifier.Key.Length) / 2);
        Assert.InRange(EscrowBounds.LargestForm(Datum(family)), 500, 945);
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void An_input_hash_has_at_most_64_bytes(EscrowFamily family)
    {
        var at = Datum(family) with { InputHash = Bytes(64) };
        Assert.Empty(EscrowBounds.Check(at));
        Assert.Equal(
            new BoundRefusal(BoundRule.InputHash, "65 bytes", "at most 64 bytes"),
            Assert.Single(EscrowBounds.Check(at with { InputHash = Bytes(65) }))
        );
        Assert.Null(EscrowBounds.OfInputHash(new string('a', 128)));
        Assert.Equal("inputHash: Input hash has 65 bytes; at most 64 bytes are taken", EscrowBounds.OfInputHash(new string('a', 130))!.Message);
    }

    [Fact]
    public void Signature_and_key_have_at_most_400_bytes_together()
    {
        // The payload is the one part of them that is not of one length.
        ByteString Long(int length) => new((Parsed with { Payload = new byte[length] }).ToCbor());
        var payload = 32 + EscrowBounds.MostIdentifierBytes - Signature.Length - Key.Length;
        Assert.Equal(EscrowBounds.MostIdentifierBytes, Long(payload).Length + Key.Length);
        Assert.Empty(EscrowBounds.Identifier(Long(payload), Key));
        Assert.Equal(
            new BoundRefusal(BoundRule.IdentifierSize, "401 bytes", "at most 400 bytes"),
            Assert.Single(EscrowBounds.Identifier(Long(payload + 1), Key))
        );
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void A_datum_has_at_most_1024_bytes_when_it_is_largest(EscrowFamily family)
    {
        EscrowDatum With(int bytes) =>
            family == EscrowFamily.V2 ? Datum(family) with { AgentIdentifier = Bytes(bytes) } : Datum(family) with { SellerNonce = Bytes(bytes) };
        var most = Enumerable.Range(0, 1024).Last(n => EscrowBounds.LargestForm(With(n)) <= 1024);
        Assert.Equal(1024, EscrowBounds.LargestForm(With(most)));
        Assert.Empty(EscrowBounds.Check(With(most)));
        Assert.Equal(new BoundRefusal(BoundRule.DatumSize, "1025 bytes", "at most 1024 bytes"), Assert.Single(EscrowBounds.Check(With(most + 1))));

        // Later it has a result, and times until when the parties wait.
        var later = With(most) with
        {
            ResultHash = Scenes.Result,
            SellerCooldown = 0,
            BuyerCooldown = 1_800_000_000_000,
            State = EscrowState.Disputed,
        };
        Assert.InRange(later.ToData().ToCbor().Length, 1000, 1024);
    }

    [Fact]
    public void An_empty_buyer_nonce_and_an_unregistered_seller_break_no_bound() =>
        Assert.Empty(EscrowBounds.Check(Datum(EscrowFamily.V2) with { BuyerNonce = ByteString.Empty, AgentIdentifier = ByteString.Empty }));

    [Theory]
    [InlineData("tag 18")]
    [InlineData("indefinite array")]
    [InlineData("longer length")]
    [InlineData("one header more")]
    [InlineData("hashed")]
    [InlineData("key id of another")]
    [InlineData("no address")]
    [InlineData("long address")]
    [InlineData("other order of headers")]
    [InlineData("no payload")]
    [InlineData("short signature")]
    [InlineData("a byte more")]
    [InlineData("nothing")]
    public void Any_other_spelling_of_a_signature_is_refused(string what)
    {
        var bytes = Signature.Memory.ToArray();
        var headers = Parsed.Protected.ToArray();
        byte[] changed = what switch
        {
            "tag 18" => [0xd2, .. bytes],
            "indefinite array" => [0x9f, .. bytes[1..], 0xff],
            "longer length" => [0x84, 0x59, 0x00, .. bytes[2..]],
            "one header more" => (Parsed with { Unprotected = Convert.FromHexString("a2666861736865" + "64f40700") }).ToCbor(),
            "hashed" => (Parsed with { Unprotected = Convert.FromHexString("a166686173686564f5") }).ToCbor(),
            "key id of another" => (Parsed with { Protected = (byte[])[.. headers[..6], .. new byte[32], .. headers[38..]] }).ToCbor(),
            "no address" => (Parsed with { Protected = (byte[])[0xa2, .. headers[1..38]] }).ToCbor(),
            "long address" => (Parsed with { Protected = (byte[])[.. headers[..46], 0x58, 58, .. new byte[58]] }).ToCbor(),
            "other order of headers" => (Parsed with { Protected = (byte[])[0xa3, .. headers[3..38], .. headers[1..3], .. headers[38..]] }).ToCbor(),
            "no payload" => (Parsed with { Payload = null }).ToCbor(),
            "short signature" => (Parsed with { Signature = Parsed.Signature[1..] }).ToCbor(),
            "a byte more" => [.. bytes, 0],
            _ => [],
        };
        Assert.Equal(BoundRule.SignatureForm, Assert.Single(EscrowBounds.Identifier(new ByteString(changed), Key)).Rule);
    }

    [Theory]
    [InlineData("a3010120062158205c")]
    [InlineData("a4010103272006")]
    [InlineData("a501010202032720062158205c")]
    [InlineData("bf0101032720062158205cff")]
    public void Any_other_spelling_of_a_key_is_refused(string head)
    {
        var changed = new ByteString([.. Convert.FromHexString(head), .. Key.Span[10..]]);
        Assert.Equal(BoundRule.KeyForm, Assert.Single(EscrowBounds.Identifier(Signature, changed)).Rule);
        Assert.Equal(BoundRule.KeyForm, Assert.Single(EscrowBounds.Identifier(Signature, Key.Concat(new ByteString([0])))).Rule);
    }

    [Fact]
    public void Signatures_of_x402_wallets_are_taken_with_and_without_the_key_in_their_headers()
    {
        var file = SharedData.TryFind("vectors", "x402-cardano.json");
        Assert.SkipWhen(file is null, "No shared data.");
        var cases = JsonNode.Parse(File.ReadAllText(file!))!["coseCases"]!.AsArray().Select(c => c!).ToList();
        foreach (var good in cases.Where(c => (string)c["expect"]! == "accept"))
        {
            Assert.Empty(EscrowBounds.Identifier(ByteString.FromHex((string)good["sig"]!), ByteString.FromHex((string)good["key"]!)));
        }

        Assert.Equal(2, cases.Count(c => (string)c["expect"]! == "accept"));
    }

    [Fact]
    public void A_buyer_refuses_another_spelling_of_the_same_offer_though_its_signature_is_good()
    {
        var tagged = Vectors.Identifier(EscrowFamily.V2) with { Signature = "d2" + Vectors.V2Signature };
        var refusal = OfferVerification.Verify(tagged, Vectors.Offer(EscrowFamily.V2), Vectors.SellerKeyHash);
        Assert.Equal(OfferRule.Bounds, refusal?.Rule);
        Assert.StartsWith(
            "blockchainIdentifier: Invalid blockchain identifier, the signature is 218 bytes of another form; needed: ",
            refusal?.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_seller_refuses_a_lock_beyond_the_bounds_and_a_buyer_keeps_its_own()
    {
        var price = Value.Of(Lovelace.FromAda(10));
        var terms = Vectors.Terms(EscrowFamily.V2, price);
        var size = Scenes.Lock(EscrowFamily.V2, price);
        var padded = size.Datum with { ReferenceSignature = Signature.Concat(Bytes(900)) };
        var locked = new EscrowEvent.Locked(Scenes.At, padded, size.Value, Vectors.Identifier(EscrowFamily.V2), false, [Vectors.Buyer]);
        Assert.Equal([LockRule.Bounds], LockAcceptance.CheckPayment(locked, Vectors.Deadlines.PayBy, terms)!.Value.Select(f => f.Rule).Distinct());
        Assert.Empty(LockAcceptance.CheckPurchase(locked, Vectors.Deadlines.PayBy, terms, padded));
    }

    private static EscrowDatum Datum(EscrowFamily family)
    {
        var isV2 = family == EscrowFamily.V2;
        return Scenes.Datum(family, EscrowState.FundsLocked) with { BuyerReturn = isV2 ? Vectors.Buyer : null, SellerReturn = isV2 ? Vectors.Seller : null };
    }

    private static ByteString Bytes(int length) => new(new byte[length]);
}
