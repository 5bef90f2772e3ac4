using System.Text.Json;

namespace Masumi.Protocol.Tests;

/// <summary>The words that are hex: bounds, letter case, refusals, JSON, equality.</summary>
public sealed class HexWordTests
{
    [Fact]
    public void An_agent_identifier_has_58_to_120_digits_of_either_case()
    {
        Holds<AgentIdentifier>(29, 60, upperCase: true, AgentIdentifier.TryParse, "Not an agent identifier: ");
        var identifier = AgentIdentifier.Parse(new string('A', 56) + "0102");
        Assert.Equal((new string('a', 56), "0102"), (identifier.PolicyId, identifier.AssetName));
    }

    [Fact]
    public void A_blockchain_identifier_has_up_to_8000_digits_in_lower_case() =>
        Holds<BlockchainIdentifier>(1, 4000, upperCase: false, BlockchainIdentifier.TryParse, "Not a blockchain identifier: ");

    [Fact]
    public void A_buyer_nonce_has_14_to_26_digits_in_lower_case() =>
        Holds<BuyerNonce>(7, 13, upperCase: false, BuyerNonce.TryParse, "Not an identifier from a purchaser: ");

    [Fact]
    public void A_seller_nonce_has_64_digits() => Holds<SellerNonce>(32, 32, upperCase: true, SellerNonce.TryParse, "Not a seller nonce: ");

    [Fact]
    public void An_input_hash_has_up_to_128_digits()
    {
        Holds<InputHash>(1, 64, upperCase: true, InputHash.TryParse, "Not an input hash: ");
        Assert.True(InputHash.From(new byte[32]).IsSha256);
        Assert.False(InputHash.From(new byte[31]).IsSha256);
    }

    [Fact]
    public void A_result_hash_has_64_digits() => Holds<ResultHash>(32, 32, upperCase: true, ResultHash.TryParse, "Not a result hash: ");

    [Fact]
    public void A_vkey_has_56_digits() => Holds<WalletVkey>(28, 28, upperCase: true, WalletVkey.TryParse, "Not a wallet's vkey: ");

    [Fact]
    public void The_id_of_a_free_job_is_no_blockchain_identifier_and_the_refusal_says_so()
    {
        const string Free = "FREE-0123456789abcdef01234567";
        Assert.True(BlockchainIdentifier.IsFreeJob(Free));
        Assert.False(BlockchainIdentifier.TryParse(Free, out _));
        Assert.Equal(
            $"Not a blockchain identifier: '{Free}'. Allowed: the identifier of a paid job; this is the id of a free one, which has no escrow.",
            Assert.Throws<FormatException>(() => BlockchainIdentifier.Parse(Free)).Message
        );
    }

    [Fact]
    public void Only_x402_has_an_empty_buyer_nonce()
    {
        Assert.False(BuyerNonce.TryParse("", out _));
        Assert.True(BuyerNonce.Empty.IsEmpty);
        Assert.Equal("", BuyerNonce.Empty.ToString());
        Assert.Empty(BuyerNonce.Empty.ToBytes());
        Assert.False(BuyerNonce.Parse("01234567890123").IsEmpty);
    }

    [Fact]
    public void Bytes_come_back_and_a_wrong_number_of_them_is_refused()
    {
        var random = Seeded.Random();
        var bytes = new byte[32];
        random.NextBytes(bytes);
        Assert.Equal(bytes, SellerNonce.From(bytes).ToBytes());
        Assert.Equal(bytes, ResultHash.From(bytes).ToBytes());
        Assert.Equal(bytes, InputHash.From(bytes).ToBytes());
        Assert.Equal(bytes[..28], WalletVkey.From(bytes.AsSpan(..28)).ToBytes());
        Assert.Equal(bytes[..13], BuyerNonce.From(bytes.AsSpan(..13)).ToBytes());
        Assert.Contains("32 bytes, got 31", Assert.Throws<ArgumentException>(() => ResultHash.From(bytes.AsSpan(..31))).Message, StringComparison.Ordinal);
        Assert.Contains("7 to 13 bytes, got 6", Assert.Throws<ArgumentException>(() => BuyerNonce.From(bytes.AsSpan(..6))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_shows_the_text_shortened_and_without_control_characters()
    {
        var refusal = Assert.Throws<FormatException>(() => WalletVkey.Parse(new string('a', 30) + "\n\ud83d\ude00" + new string('b', 10_000)));
        Assert.Equal(
            $"Not a wallet's vkey: '{new string('a', 30)}???bbbbbbb…' (10033 characters). Allowed: 56 hex digits: the hash of its payment key.",
            refusal.Message
        );
        Assert.StartsWith("Not a wallet's vkey: nothing.", Assert.Throws<FormatException>(() => WalletVkey.Parse(null)).Message, StringComparison.Ordinal);
    }

    private delegate bool Try<T>(string? text, out T? value)
        where T : class;

    private static void Holds<T>(int least, int most, bool upperCase, Try<T> read, string refused)
        where T : class, IParsable<T>
    {
        var random = Seeded.Random();
        for (var i = 0; i < 200; i++)
        {
            var text = random.Hex(random.Next(least, most + 1));
            Assert.True(read(text, out var value));
            Assert.Equal(text, value!.ToString());
            Assert.Equal(value, T.Parse(text, null));
            Assert.Equal(value.GetHashCode(), T.Parse(text, null).GetHashCode());
            Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(value));
            Assert.Equal(value, JsonSerializer.Deserialize<T>($"\"{text}\""));
            var upper = text.ToUpperInvariant();
            Assert.Equal(upperCase || upper == text, read(upper, out var same));
            Assert.True(same is null || same.Equals(value));
            Refused(text[..^1]);
            Refused(text[..^1] + 'g');
            Refused(text[..^1] + '０');
            Refused(' ' + text[1..]);
        }

        Refused(new string('0', (least * 2) - 2));
        Refused(new string('0', (most * 2) + 2));
        Refused("");
        Refused(null);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>("7"));

        void Refused(string? text)
        {
            Assert.False(read(text, out var none));
            Assert.Null(none);
            Assert.StartsWith(refused, Assert.Throws<FormatException>(() => T.Parse(text!, null)).Message, StringComparison.Ordinal);
            if (text is not null)
            {
                Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(text)));
            }
        }
    }
}
