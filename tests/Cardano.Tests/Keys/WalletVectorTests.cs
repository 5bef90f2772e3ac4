using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Keys;

/// <summary>Nine mnemonics, every key, address and signature of them, as other implementations computed them.</summary>
public sealed class WalletVectorTests
{
    private static readonly (string Name, uint Role, uint Index)[] Keys =
    [
        ("payment0", 0, 0),
        ("payment1", 0, 1),
        ("change0", 1, 0),
        ("stake0", 2, 0),
        ("drep0", 3, 0),
    ];

    [Fact]
    public void Mnemonics_derive_every_published_key()
    {
        foreach (var wallet in Wallets())
        {
            var mnemonic = Text(wallet, "mnemonic");
            var entropy = Mnemonic.ToEntropy(mnemonic);
            Assert.Equal(Text(wallet, "entropyHex"), Hex(entropy));
            Assert.Equal(mnemonic, Mnemonic.FromEntropy(entropy));

            var root = ExtendedSigningKey.Root(entropy);
            Assert.Equal(Text(wallet, "rootXprvHex"), Hex(root.ToBytes()));
            Assert.Equal(Text(wallet, "rootXprvBech32"), Bech32.Encode("xprv", root.ToBytes()));
            var account = root.Derive(Hard(1852)).Derive(Hard(1815)).Derive(Hard(0));
            Assert.Equal(Text(wallet, "accountXprvHex"), Hex(account.ToBytes()));
            Assert.Equal(Text(wallet, "accountXpubHex"), Hex(account.PublicKey.Span) + Text(wallet, "accountXprvHex")[128..]);

            var keys = wallet["keys"]!.AsObject();
            Assert.Equal(Keys.Select(k => k.Name), keys.Select(k => k.Key));
            foreach (var (name, role, index) in Keys)
            {
                var expected = keys[name]!.AsObject();
                var key = account.Derive(role).Derive(index);
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"1852'/1815'/0'/{role}/{index}"), Text(expected, "path"));
                Assert.Equal(Text(expected, "xprvHex"), Hex(key.ToBytes()));
                Assert.Equal(Text(expected, "extendedSecretHex"), Hex(key.ToBytes().AsSpan(0, 64)));
                Assert.Equal(Text(expected, "xpubHex"), Hex(key.PublicKey.Span) + Hex(key.ToBytes().AsSpan(64)));
                Assert.Equal(Text(expected, "verificationKeyHex"), Hex(key.PublicKey.Span));
                Assert.Equal(Text(expected, "keyHashHex"), key.KeyHash.ToString());
                Assert.Equal(key.ToBytes(), ExtendedSigningKey.FromBytes(key.ToBytes()).ToBytes());
            }
        }
    }

    [Fact]
    public void Wallets_have_the_published_payment_and_stake_keys_addresses_and_signatures()
    {
        var addresses = 0;
        foreach (var wallet in Wallets())
        {
            var keys = WalletKeys.FromMnemonic(Text(wallet, "mnemonic"));
            Assert.Equal(Text(wallet["keys"]!["payment0"]!, "keyHashHex"), keys.Payment.KeyHash.ToString());
            Assert.Equal(Text(wallet["keys"]!["stake0"]!, "keyHashHex"), keys.Stake.KeyHash.ToString());
            foreach (var (name, network) in (ReadOnlySpan<(string, NetworkId)>)[("mainnet", NetworkId.Mainnet), ("testnet", NetworkId.Testnet)])
            {
                var expected = wallet["addresses"]![name]!.AsObject();
                var payment = Credential.Key(keys.Payment.KeyHash);
                var stake = Credential.Key(keys.Stake.KeyHash);
                Assert.Equal(keys.BaseAddress(network), Address.Create(network, payment, stake));
                addresses += Same(expected["base"]!, Address.Create(network, payment, stake), network);
                addresses += Same(expected["enterprise"]!, Address.Create(network, payment), network);
                addresses += Same(expected["reward"]!, Address.Reward(network, stake), network);
                Assert.Equal(3, expected.Count);
            }

            var signed = wallet["ed25519ExtendedSignature"]!;
            Assert.Equal("payment0", Text(signed, "signer"));
            var message = Convert.FromHexString(Text(signed, "messageHex"));
            var signature = keys.Payment.Sign(message);
            Assert.Equal(Text(signed, "signatureHex"), Hex(signature));
            Assert.True(Ed25519.Verify(keys.Payment.PublicKey.Span, message, signature));
        }

        Assert.Equal(54, addresses);
    }

    [Fact]
    public void A_passphrase_changes_the_root_as_published()
    {
        var expected = Load()["passphrase"]!;
        var entropy = Mnemonic.ToEntropy(Text(expected, "mnemonic"));
        Assert.Equal(Text(expected, "publishedRootXprvHex"), Hex(ExtendedSigningKey.Root(entropy, Text(expected, "passphraseUtf8")).ToBytes()));
        Assert.NotEqual(Text(expected, "publishedRootXprvHex"), Hex(ExtendedSigningKey.Root(entropy).ToBytes()));
    }

    [Fact]
    public void What_implementations_published_in_their_own_text_forms_comes_out()
    {
        var compared = 0;
        foreach (var wallet in Wallets())
        {
            var root = ExtendedSigningKey.Root(Mnemonic.ToEntropy(Text(wallet, "mnemonic")));
            var account = root.Derive(Hard(1852)).Derive(Hard(1815)).Derive(Hard(0));
            foreach (var (name, value) in wallet["publishedExpectations"]!.AsObject())
            {
                var computed = name switch
                {
                    "rootXprvHex" => Hex(root.ToBytes()),
                    "rootXskBech32" => Bech32.Encode("root_xsk", root.ToBytes()),
                    "addr_xsk" => Bech32.Encode("addr_xsk", account.Derive(0).Derive(0).ToBytes()),
                    "addr_xvk" => Bech32.Encode("addr_xvk", PublicOf(account.Derive(0).Derive(0))),
                    "stake_xvk" => Bech32.Encode("stake_xvk", PublicOf(account.Derive(2).Derive(0))),
                    _ => throw new InvalidDataException($"unknown expectation {name}"),
                };
                Assert.Equal((string)value!, computed);
                compared++;
            }
        }

        Assert.Equal(6, compared);
    }

    [Fact]
    public void The_20_addresses_of_CIP_19_are_made_read_and_written()
    {
        var document = JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", "cip19-addresses.json")))!;
        var payment = new KeyHash(Blake2b.Hash224(Bytes(document, "paymentVerificationKeyHex")));
        var stake = new KeyHash(Blake2b.Hash224(Bytes(document, "stakeVerificationKeyHex")));
        var script = ScriptHash.Parse(Text(document, "scriptHash"));
        Assert.Equal(Text(document, "paymentKeyHash"), payment.ToString());
        Assert.Equal(Text(document, "stakeKeyHash"), stake.ToString());
        var pointer = document["pointer"]!;
        var vectors = document["vectors"]!.AsArray();
        Assert.Equal(20, vectors.Count);
        foreach (var vector in vectors)
        {
            var network = Text(vector!, "network") == "mainnet" ? NetworkId.Mainnet : NetworkId.Testnet;
            var type = (int)vector!["type"]!;
            var address = Address.Parse(Text(vector, "bech32"));
            Same(vector, address, network);
            Assert.Equal(type, address.Bytes.Span[0] >> 4);

            Credential? paid =
                type >= 14 ? null
                : (type & 1) == 0 ? Credential.Key(payment)
                : Credential.Script(script);
            Credential? staked = type switch
            {
                0 or 1 or 14 => Credential.Key(stake),
                2 or 3 or 15 => Credential.Script(script),
                _ => null,
            };
            Assert.Equal(paid, address.Payment);
            Assert.Equal(staked, address.Stake);
            Assert.Equal(type is 4 or 5 ? ((ulong)pointer["slot"]!, (ulong)pointer["txIndex"]!, (ulong)pointer["certIndex"]!) : null, address.Pointer);
            Assert.Equal(type >= 14, address.IsReward);
            Assert.False(address.IsByron);
            if (type is not (4 or 5))
            {
                Assert.Equal(address, paid is { } credential ? Address.Create(network, credential, staked) : Address.Reward(network, staked!.Value));
            }
        }
    }

    private static int Same(JsonNode expected, Address address, NetworkId network)
    {
        Assert.Equal(Text(expected, "bech32"), address.ToString());
        Assert.Equal(Text(expected, "hex"), Hex(address.Bytes.Span));
        Assert.Equal(network, address.Network);
        Assert.Equal(address, Address.Parse(Text(expected, "bech32")));
        Assert.Equal(address, Address.FromBytes(Convert.FromHexString(Text(expected, "hex"))));
        return 1;
    }

    private static byte[] PublicOf(ExtendedSigningKey key) => [.. key.PublicKey.Span, .. key.ToBytes().AsSpan(64)];

    private static uint Hard(uint index) => ExtendedSigningKey.Hardened + index;

    private static JsonObject[] Wallets()
    {
        var wallets = Load()["wallets"]!.AsArray();
        Assert.Equal(9, wallets.Count);
        return [.. wallets.Select(w => w!.AsObject())];
    }

    private static JsonNode Load() => JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", "wallets.json")))!;

    private static byte[] Bytes(JsonNode json, string name) => Convert.FromHexString(Text(json, name));

    private static string Text(JsonNode json, string name) => (string)json[name]!;

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
