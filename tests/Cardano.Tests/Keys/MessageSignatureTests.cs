using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Keys;

/// <summary>CIP-8 / CIP-30 signatures of other wallets, and our own against the worked examples of spec escrow.md 6.6.</summary>
public sealed class MessageSignatureTests
{
    private const string SellerKey = "a4010103272006215820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f95";

    private const string SellerSigned =
        "845869a30127045820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f9567616464726573735839005867c3b8e27840f556ac268b781578b1"
        + "4c5661fc63ee720dbeab663f9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6a166686173686564f45820";

    [Fact]
    public void Foreign_wallets_signatures_verify_over_the_bytes_they_signed()
    {
        foreach (var vector in Vectors())
        {
            var bytes = Convert.FromHexString(Text(vector, "signature"));
            var signature = CoseSign1.FromCbor(bytes);
            var key = CoseSign1.PublicKeyOf(Convert.FromHexString(Text(vector, "key")));
            var decoded = vector["decoded"]!.AsObject();
            Assert.Equal(Text(decoded, "sigStructureHex"), Hex(signature.SigStructure()));
            Assert.Equal(Text(decoded, "signatureHex"), Hex(signature.Signature.Span));
            foreach (
                var (name, found) in (ReadOnlySpan<(string, ReadOnlyMemory<byte>)>)
                    [
                        ("protectedHeaderHex", signature.Protected),
                        ("unprotectedHeaderHex", signature.Unprotected),
                        ("payloadHex", signature.Payload!.Value),
                        ("publicKeyHex", key),
                    ]
            )
            {
                Assert.Equal((string?)decoded[name] ?? Hex(found.Span), Hex(found.Span));
            }

            Assert.True(signature.Verify(key), Text(vector, "name"));
            Assert.Equal(bytes, signature.ToCbor());
            Assert.Equal(bytes, CoseSign1.FromCbor((byte[])[0xd2, .. bytes]).ToCbor());
        }
    }

    [Fact]
    public void A_change_of_any_byte_of_headers_payload_signature_or_key_is_refused()
    {
        var changes = 0;
        foreach (var vector in Vectors())
        {
            var signature = CoseSign1.FromCbor(Convert.FromHexString(Text(vector, "signature")));
            var key = CoseSign1.PublicKeyOf(Convert.FromHexString(Text(vector, "key")));
            foreach (var bit in (byte[])[0x01, 0x80])
            {
                changes += EachByte(signature.Signature, bit, s => Assert.False((signature with { Signature = s }).Verify(key)));
                changes += EachByte(signature.Payload!.Value, bit, p => Assert.False((signature with { Payload = p }).Verify(key)));
                changes += EachByte(signature.Protected, bit, p => Assert.False((signature with { Protected = p }).Verify(key)));
                changes += EachByte(key, bit, k => Assert.False(signature.Verify(k)));
            }

            Assert.False((signature with { Payload = null }).Verify(key));
            Assert.False((signature with { Signature = signature.Signature[..^1] }).Verify(key));
            Assert.False((signature with { Signature = (byte[])[.. signature.Signature.Span, 0] }).Verify(key));
        }

        Assert.True(changes > 1800, $"{changes} changes");
    }

    [Fact]
    public void The_wallets_of_the_vectors_sign_the_same_bytes_the_same_way()
    {
        var signed = 0;
        foreach (var vector in Vectors().Where(v => v["mnemonic"] is not null))
        {
            var keys = WalletKeys.FromMnemonic(Text(vector, "mnemonic"));
            var message = Convert.FromHexString(Text(vector["decoded"]!, "sigStructureHex"));
            Assert.Equal(Hex(CoseSign1.PublicKeyOf(Convert.FromHexString(Text(vector, "key")))), Hex(keys.Payment.PublicKey.Span));
            Assert.Equal(Text(vector["decoded"]!, "signatureHex"), Hex(keys.Payment.Sign(message)));
            var payload = Encoding.UTF8.GetBytes(Text(vector, "payloadUtf8"));
            var expected = (bool)vector["hashPayload"]! ? Blake2b.Hash224(payload).ToArray() : payload;
            Assert.Equal(expected, CoseSign1.FromCbor(Convert.FromHexString(Text(vector, "signature"))).Payload!.Value.ToArray());
            signed++;
        }

        Assert.Equal(3, signed);
    }

    [Theory]
    [InlineData(
        "1ffa821a9100e29164dbfadfc20cb0bc2a23cb357a0b4346092ba5e403e201a5",
        "106a0a5e5311478f851c9d6482ef1aea05bab2deede772b0430325f28e6550134e8371ee915d78eb89b716eb370d4956dbcbc401cf5565d31c11830001a32f0c"
    )]
    [InlineData(
        "145ad679b1576c5d2bd2609567803a761ca68bd443111678432d270621fc9346",
        "638659c48a1562175304495e1882deabfd03eab3d53928ed10f6cf55c009c80174c0c58bc7ad8786fe371ca4c5c8356ed20eff6897ea0def30fe62bcbf20ec06"
    )]
    public void The_identifier_wallet_signs_both_worked_examples_as_the_specification_shows(string payload, string signature)
    {
        var keys = WalletKeys.FromMnemonic(string.Join(' ', Enumerable.Repeat("solution", 24)));
        var address = keys.BaseAddress(NetworkId.Testnet);
        Assert.Equal("addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9", address.ToString());
        Assert.Equal("5867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f", keys.Payment.KeyHash.ToString());
        Assert.Equal("9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6", keys.Stake.KeyHash.ToString());

        var signed = CoseSign1.Sign(keys.Payment, address, Convert.FromHexString(payload));

        Assert.Equal($"{SellerSigned}{payload}5840{signature}", Hex(signed.ToCbor()));
        Assert.Equal(217, signed.ToCbor().Length);
        Assert.True(signed.Verify(keys.Payment.PublicKey.Span));
        Assert.Equal(SellerKey, Hex(CoseSign1.CoseKey(keys.Payment.PublicKey.Span)));
        Assert.Equal(Hex(keys.Payment.PublicKey.Span), Hex(CoseSign1.PublicKeyOf(Convert.FromHexString(SellerKey))));
    }

    private static int EachByte(ReadOnlyMemory<byte> bytes, byte bit, Action<byte[]> check)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= bit;
            check(changed);
        }

        return bytes.Length;
    }

    private static JsonObject[] Vectors()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", "cose-sign1.json")))!["vectors"]!.AsArray();
        Assert.Equal(5, vectors.Count);
        return [.. vectors.Select(v => v!.AsObject())];
    }

    private static string Text(JsonNode json, string name) => (string)json[name]!;

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
