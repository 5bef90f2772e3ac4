using System.Text;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Keys;

public class KeyVectorTests
{
    private static JsonNode Load(string name) => JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", name)))!;

    [Fact]
    public void Mnemonics_derive_the_published_keys_and_addresses()
    {
        var wallets = Load("wallets.json")["wallets"]!.AsArray();
        Assert.NotEmpty(wallets);
        foreach (var wallet in wallets)
        {
            var mnemonic = (string)wallet!["mnemonic"]!;
            var passphrase = (string?)wallet["passphrase"] ?? "";
            var entropy = Mnemonic.ToEntropy(mnemonic);
            Assert.Equal((string)wallet["entropyHex"]!, Convert.ToHexStringLower(entropy));
            Assert.Equal(mnemonic, Mnemonic.FromEntropy(entropy));
            var root = ExtendedSigningKey.Root(entropy, passphrase);
            Assert.Equal((string)wallet["rootXprvHex"]!, Convert.ToHexStringLower(root.ToBytes()));
            var payment = WalletKeys.FromMnemonic(mnemonic, passphrase).Payment;
            var expected = wallet["keys"]!["payment0"]!;
            Assert.StartsWith(Convert.ToHexStringLower(payment.PublicKey.Span), (string)expected["xpubHex"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Published_addresses_are_read_and_written()
    {
        foreach (var vector in Load("cip19-addresses.json")["vectors"]!.AsArray())
        {
            var text = (string)vector!["bech32"]!;
            var address = Address.Parse(text);
            Assert.Equal(text, address.ToString());
            Assert.Equal((int)vector["type"]!, address.Bytes.Span[0] >> 4);
            Assert.Equal(address, Address.FromBytes(address.Bytes.Span));
        }
    }

    [Fact]
    public void Digests_equal_the_reference_implementation()
    {
        foreach (var vector in Load("blake2b.json")["vectors"]!.AsArray())
        {
            var input = Convert.FromHexString((string)vector!["inputHex"]!);
            var digest = (int)vector["digestSize"]! switch
            {
                20 => Blake2b.Hash160(input),
                28 => Blake2b.Hash224(input).ToArray(),
                32 => Blake2b.Hash256(input).ToArray(),
                _ => Blake2b.Hash512(input),
            };
            Assert.Equal((string)vector["digestHex"]!, Convert.ToHexStringLower(digest));
        }
    }

    [Fact]
    public void Foreign_wallets_message_signatures_verify()
    {
        foreach (var vector in Load("cose-sign1.json")["vectors"]!.AsArray())
        {
            var signature = CoseSign1.FromCbor(Convert.FromHexString((string)vector!["signature"]!));
            if ((string?)vector["key"] is { } key)
            {
                var publicKey = CoseSign1.PublicKeyOf(Convert.FromHexString(key));
                Assert.True(signature.Verify(publicKey), (string?)vector["name"]);
                publicKey[0] ^= 1;
                Assert.False(signature.Verify(publicKey));
            }
        }
    }

    [Fact]
    public void Script_hashes_equal_those_on_chain()
    {
        var scripts = Load("script-hashes.json")["scripts"]!.AsArray();
        Assert.Equal(24, scripts.Count);
        foreach (var vector in scripts)
        {
            var language = (string)vector!["language"]! switch
            {
                "PlutusV1" => ScriptLanguage.PlutusV1,
                "PlutusV2" => ScriptLanguage.PlutusV2,
                "PlutusV3" => ScriptLanguage.PlutusV3,
                "native" => ScriptLanguage.Native,
                var other => throw new InvalidDataException($"unknown language {other}"),
            };
            var script = new Script(language, Convert.FromHexString((string)vector["witnessScriptBytesHex"]!));
            Assert.Equal((string)vector["scriptHash"]!, script.Hash.ToString());
        }
    }

    [Fact]
    public void The_identifier_wallet_signs_as_the_specification_shows()
    {
        var keys = WalletKeys.FromMnemonic(string.Join(' ', Enumerable.Repeat("solution", 24)));
        var address = keys.BaseAddress(NetworkId.Testnet);
        Assert.Equal("addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9", address.ToString());
        var signed = CoseSign1.Sign(keys.Payment, address, Convert.FromHexString("1ffa821a9100e29164dbfadfc20cb0bc2a23cb357a0b4346092ba5e403e201a5"));
        Assert.EndsWith(
            "5840106a0a5e5311478f851c9d6482ef1aea05bab2deede772b0430325f28e6550134e8371ee915d78eb89b716eb370d4956dbcbc401cf5565d31c11830001a32f0c",
            Convert.ToHexStringLower(signed.ToCbor()),
            StringComparison.Ordinal
        );
        Assert.True(signed.Verify(keys.Payment.PublicKey.Span));
        Assert.Equal(
            "a4010103272006215820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f95",
            Convert.ToHexStringLower(CoseSign1.CoseKey(keys.Payment.PublicKey.Span))
        );
    }

    [Fact]
    public void A_plain_seed_signs_verifiably()
    {
        var key = SigningKey.FromSeed(Enumerable.Repeat((byte)0xaa, 32).ToArray());
        Assert.Equal("e734ea6c2b6257de72355e472aa05a4c487e6b463c029ed306df2f01b5636b58", Convert.ToHexStringLower(key.PublicKey.Span));
        var message = Encoding.UTF8.GetBytes("message");
        Assert.True(Ed25519.Verify(key.PublicKey.Span, message, key.Sign(message)));
    }

    [Fact]
    public void A_mistyped_mnemonic_is_refused_without_repeating_it()
    {
        var words = string.Join(' ', Enumerable.Repeat("abandon", 12));
        var refusal = Assert.Throws<FormatException>(() => Mnemonic.ToEntropy(words));
        Assert.DoesNotContain("abandon", refusal.Message, StringComparison.Ordinal);
    }
}
