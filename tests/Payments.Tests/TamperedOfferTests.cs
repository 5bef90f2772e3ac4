using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Payments.Tests;

/// <summary>An identifier that decodes but is not what the seller signed for exactly these terms is refused (spec payment-service-api.md 5, 6.2).</summary>
[Collection(EdgesCollection.Name)]
public sealed class TamperedOfferTests(PaymentWorld world)
{
    private const string SignatureInvalid = "Invalid blockchain identifier, signature invalid";
    private const string FormatInvalid = "Invalid blockchain identifier, format invalid";
    private static readonly WalletKeys Stranger = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(new byte[32]));

    [Fact]
    public async Task Signing_the_same_terms_again_gives_the_same_identifier_so_the_forgeries_below_differ_in_one_thing_only()
    {
        var offer = await world.OfferAsync();
        Assert.Equal((string?)offer["blockchainIdentifier"], Terms(offer).Sign(world.SellerKeys.Payment, Nonce(offer)).Encode());
    }

    [Theory]
    [InlineData("seller nonce", SignatureInvalid)]
    [InlineData("agent", "Invalid blockchain identifier, agent identifier mismatch")]
    [InlineData("no agent", "Invalid blockchain identifier, agent identifier mismatch")]
    [InlineData("purchaser", "Invalid blockchain identifier, purchaser id mismatch")]
    [InlineData("signature", SignatureInvalid)]
    [InlineData("short signature", SignatureInvalid)]
    [InlineData("no signature", SignatureInvalid)]
    [InlineData("stranger's key", "Invalid blockchain identifier, key does not match")]
    [InlineData("no key", "Invalid blockchain identifier, key not found")]
    [InlineData("key that is no CBOR", "Invalid blockchain identifier, key not found")]
    [InlineData("nonce that is no hex", FormatInvalid)]
    public async Task A_part_of_the_identifier_changed_is_refused(string part, string message)
    {
        var body = await world.OfferAsync();
        var signed = Decode(body);
        var forged = part switch
        {
            "seller nonce" => signed with { SellerIdentifier = Flip(signed.SellerIdentifier, 0) },
            "agent" => signed with { SellerIdentifier = Flip(signed.SellerIdentifier, signed.SellerIdentifier.Length - 1) },
            "no agent" => signed with { SellerIdentifier = signed.SellerNonce },
            "purchaser" => signed with { PurchaserIdentifier = Flip(signed.PurchaserIdentifier, 3) },
            "signature" => signed with { Signature = Flip(signed.Signature, signed.Signature.Length - 1) },
            "short signature" => signed with { Signature = signed.Signature[..^2] },
            "no signature" => signed with { Signature = "" },
            "stranger's key" => signed with { Key = Convert.ToHexStringLower(CoseSign1.CoseKey(Stranger.Payment.PublicKey.Span)) },
            "no key" => signed with { Key = "" },
            "key that is no CBOR" => signed with { Key = "ffff" },
            _ => signed with { PurchaserIdentifier = "xy" },
        };
        body["blockchainIdentifier"] = forged.Encode();
        await RefusedAsync(body, message);
    }

    [Theory]
    [InlineData("payByTime")]
    [InlineData("submitResultTime")]
    [InlineData("unlockTime")]
    [InlineData("externalDisputeUnlockTime")]
    public async Task A_deadline_moved_by_a_millisecond_is_refused(string deadline)
    {
        var body = await world.OfferAsync();
        var signed = long.Parse((string)body[deadline]!, CultureInfo.InvariantCulture);
        body[deadline] = (signed + 1).ToString(CultureInfo.InvariantCulture);
        await RefusedAsync(body, SignatureInvalid);
    }

    [Fact]
    public async Task A_purchaser_changed_on_both_sides_is_refused()
    {
        var body = await world.OfferAsync();
        var signed = Decode(body);
        var other = Flip(signed.PurchaserIdentifier, 3);
        body["identifierFromPurchaser"] = other;
        body["blockchainIdentifier"] = (signed with { PurchaserIdentifier = other }).Encode();
        await RefusedAsync(body, SignatureInvalid);
    }

    [Fact]
    public async Task A_word_in_another_letter_case_than_signed_is_refused_as_another_word()
    {
        var body = await world.OfferAsync();
        var name = world.Agent[56..];
        Assert.NotEqual(name, name.ToUpperInvariant());
        await RefusedAsync(With("agentIdentifier", world.Agent[..56] + name.ToUpperInvariant()), "Invalid blockchain identifier, agent identifier mismatch");
        await RefusedAsync(With("identifierFromPurchaser", "ABCDEF0123456789"), "Invalid blockchain identifier, purchaser id mismatch");
        await RefusedAsync(With("inputHash", new string('A', 64)), SignatureInvalid);

        JsonObject With(string field, string value)
        {
            var changed = (JsonObject)body.DeepClone();
            changed[field] = value;
            return changed;
        }
    }

    [Fact]
    public async Task A_word_that_was_signed_in_upper_case_is_refused_because_the_chain_would_give_it_back_in_lower_case()
    {
        var body = await world.OfferAsync();
        var upper = new string('A', 64);
        var hashed = (JsonObject)body.DeepClone();
        hashed["inputHash"] = upper;
        hashed["blockchainIdentifier"] = (Terms(body) with { InputHash = upper }).Sign(world.SellerKeys.Payment, Nonce(body)).Encode();
        await RefusedAsync(hashed, FormatInvalid);

        const string Purchaser = "ABCDEF0123456789";
        var parts = Decode(body) with { PurchaserIdentifier = Purchaser };
        var named = (JsonObject)body.DeepClone();
        named["identifierFromPurchaser"] = Purchaser;
        named["blockchainIdentifier"] = parts.Encode();
        await RefusedAsync(named, SignatureInvalid);
        var signature = CoseSign1.Sign(world.SellerKeys.Payment, world.SellerKeys.BaseAddress(NetworkId.Testnet), Terms(body).Hash(parts));
        named["blockchainIdentifier"] = (parts with { Signature = Convert.ToHexStringLower(signature.ToCbor()) }).Encode();
        await RefusedAsync(named, FormatInvalid);
    }

    [Fact]
    public async Task An_input_hash_beyond_64_bytes_is_refused_on_both_sides()
    {
        const string TooLong = "inputHash: Input hash has 65 bytes; at most 64 bytes are taken";
        var body = await world.OfferAsync();
        body["inputHash"] = new string('a', 130);
        await RefusedAsync(body, TooLong);
        var asked = world.PaymentBody();
        asked["inputHash"] = new string('a', 130);
        await world.RefusedAsync("POST", "payment", asked, 400, TooLong);
        asked["inputHash"] = new string('a', 128);
        var payment = (await world.CallAsync("POST", "payment", asked)).Data;
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", world.PurchaseBody(payment, asked))).Status);

        // The world is shared: nothing may be under way when the next test looks.
        await world.BothAsync((string)payment["blockchainIdentifier"]!, "FundsLocked");
        await world.SettleAsync();
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("padding")]
    public async Task Another_spelling_of_a_good_signature_is_refused(string what)
    {
        var body = await world.OfferAsync();
        Assert.True(IdentifierParts.TryDecode((string?)body["blockchainIdentifier"], out var parts, out _));
        var signature = CoseSign1.FromCbor(Convert.FromHexString(parts.Signature));
        var padded = signature with { Unprotected = (byte[])[0xa2, .. signature.Unprotected.Span[1..], 0x07, 0x59, 0x1c, 0x20, .. new byte[7200]] };
        var other = parts with { Signature = what == "tag" ? "d2" + parts.Signature : Convert.ToHexStringLower(padded.ToCbor()) };
        body["blockchainIdentifier"] = other.Encode();
        var answer = await world.CallAsync("POST", "purchase", body);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("blockchainIdentifier: ", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sellerReturnAddress")]
    [InlineData("supportedPaymentSourceIndex")]
    public async Task A_term_only_one_side_knows_of_is_refused(string field)
    {
        var body = await world.OfferAsync();
        if (field == "sellerReturnAddress")
        {
            body[field] = Stranger.BaseAddress(NetworkId.Testnet).ToString();
        }
        else
        {
            body.Remove(field);
        }

        await RefusedAsync(body, SignatureInvalid);
    }

    [Fact]
    public async Task A_price_signed_for_an_agent_of_fixed_price_is_refused()
    {
        var body = await world.OfferAsync();
        body["blockchainIdentifier"] = (Terms(body) with { RequestedFunds = [new WrittenAmount("", 5_000_000)] })
            .Sign(world.SellerKeys.Payment, Nonce(body))
            .Encode();
        await RefusedAsync(body, SignatureInvalid);
    }

    [Fact]
    public async Task An_offer_signed_by_another_key_is_refused_with_its_own_key_and_with_the_sellers()
    {
        var body = await world.OfferAsync();
        var seller = Decode(body).Key;
        var forged = Terms(body).Sign(Stranger.Payment, Nonce(body));
        body["blockchainIdentifier"] = forged.Encode();
        await RefusedAsync(body, "Invalid blockchain identifier, key does not match");
        body["blockchainIdentifier"] = (forged with { Key = seller }).Encode();
        await RefusedAsync(body, SignatureInvalid);
    }

    [Fact]
    public async Task An_offer_signed_by_another_key_is_refused_even_when_the_request_names_that_key_as_seller()
    {
        var body = await world.OfferAsync();
        body["blockchainIdentifier"] = Terms(body).Sign(Stranger.Payment, Nonce(body)).Encode();
        body["sellerVkey"] = Stranger.Payment.KeyHash.ToString();
        await RefusedAsync(body, "Invalid seller vkey");
    }

    [Fact]
    public async Task An_offer_for_another_contract_or_none_is_refused()
    {
        var body = await world.OfferAsync();
        var signed = Decode(body);
        var elsewhere = Address.Create(NetworkId.Testnet, Credential.Script(new ScriptHash(Stranger.Payment.KeyHash.Hash))).ToString();
        body["blockchainIdentifier"] = (signed with { EscrowAddress = elsewhere }).Encode();
        await RefusedAsync(body, "No configured V2 payment source found for smartContractAddress", 404);
        body["smartContractAddress"] = world.Escrow.ToString();
        await RefusedAsync(body, "Invalid blockchain identifier, smartContractAddress mismatch");
        body["blockchainIdentifier"] = (signed with { EscrowAddress = null }).Encode();
        await RefusedAsync(body, "V1 Cardano purchases must not set supportedPaymentSourceIndex; pricing comes from AgentPricing");
        body.Remove("supportedPaymentSourceIndex");
        await RefusedAsync(body, "No payment source found for agent identifiers policy id", 404);
    }

    [Fact]
    public async Task Another_spelling_of_a_signed_identifier_is_refused()
    {
        var body = await world.OfferAsync();
        var signed = (string)body["blockchainIdentifier"]!;
        foreach (var spelling in new[] { signed.ToUpperInvariant(), signed + "00", signed[..^2], " " + signed, "" })
        {
            body["blockchainIdentifier"] = spelling;
            await RefusedAsync(body, FormatInvalid);
        }
    }

    [Fact]
    public async Task An_identifier_that_unpacks_to_something_huge_is_refused()
    {
        var body = await world.OfferAsync();
        var signed = Decode(body);
        var bomb = (signed with { Signature = new string('0', 2_000_000) }).Encode();
        Assert.InRange(bomb.Length, 1000, BlockchainIdentifier.MaxLength);
        body["blockchainIdentifier"] = bomb;
        await RefusedAsync(body, FormatInvalid);
        body["blockchainIdentifier"] = new string('0', BlockchainIdentifier.MaxLength + 1);
        await RefusedAsync(body, "blockchainIdentifier: Too big: expected string to have <=8000 characters");
    }

    [Theory]
    [InlineData("another policy", 404, "No configured V2 payment source found for smartContractAddress")]
    [InlineData("unknown", 404, "Agent identifier not found")]
    [InlineData("no hex", 400, "agentIdentifier: Agent identifier is not a valid hex string")]
    [InlineData("upper case", 404, "No configured V2 payment source found for smartContractAddress")]
    public async Task An_agent_that_is_not_the_registered_one_is_refused(string agent, int status, string message)
    {
        var body = await world.OfferAsync();
        body["agentIdentifier"] = agent switch
        {
            "another policy" => new string('0', 56) + world.Agent[56..],
            "unknown" => Flip(world.Agent, world.Agent.Length - 1),
            "no hex" => world.Agent[..^1] + "x",
            _ => world.Agent.ToUpperInvariant(),
        };
        await RefusedAsync(body, message, status);
    }

    [Fact]
    public async Task A_reused_identifier_is_answered_with_the_first_purchase_whatever_else_the_request_says()
    {
        var body = await world.OfferAsync();
        var first = (await world.CallAsync("POST", "purchase", body)).Data;
        var identifier = (string)body["blockchainIdentifier"]!;
        await world.BothAsync(identifier, "FundsLocked");
        var (_, token) = await world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["usageLimited"] = "true",
                ["UsageCredits"] = new JsonArray(new JsonObject { ["unit"] = "", ["amount"] = "9000000" }),
            }
        );
        var again = (JsonObject)body.DeepClone();
        again["inputHash"] = new string('c', 64);
        again["sellerVkey"] = "00";
        var answer = await world.RefusedAsync("POST", "purchase", again, 409, "Purchase exists", token);
        Assert.Equal((string?)first["id"], (string?)answer.Body!["id"]);
        Assert.Equal(new string('a', 64), (string?)answer.Body["object"]!["inputHash"]);
    }

    private Task<Answer> RefusedAsync(JsonObject body, string message, int status = 400) => world.RefusedAsync("POST", "purchase", body, status, message);

    private static IdentifierParts Decode(JsonObject body)
    {
        Assert.True(IdentifierParts.TryDecode((string?)body["blockchainIdentifier"], out var identifier, out _));
        return identifier;
    }

    private static SellerNonce Nonce(JsonObject body) => SellerNonce.Parse(Decode(body).SellerNonce);

    private EscrowOffer Terms(JsonObject body)
    {
        DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string)body[name]!, CultureInfo.InvariantCulture));
        return new EscrowOffer
        {
            Family = EscrowFamily.V2,
            AgentIdentifier = AgentIdentifier.Parse((string)body["agentIdentifier"]!),
            BuyerNonce = BuyerNonce.Parse((string)body["identifierFromPurchaser"]!),
            InputHash = (string)body["inputHash"]!,
            Deadlines = new Deadlines(Time("payByTime"), Time("submitResultTime"), Time("unlockTime"), Time("externalDisputeUnlockTime")),
            Seller = world.SellerKeys.BaseAddress(NetworkId.Testnet),
            Escrow = world.Escrow,
            SupportedPaymentSourceIndex = 0,
        };
    }

    private static string Flip(string hex, int at) => hex[..at] + (hex[at] == '0' ? '1' : '0') + hex[(at + 1)..];
}
