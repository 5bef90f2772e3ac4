using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Keys;

public class KeyVectorTests
{
    private static JsonNode Load(string name) => JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", name)))!;

    [Fact]
    public void Digests_equal_the_reference_implementation()
    {
        var vectors = Load("blake2b.json")["vectors"]!.AsArray();
        Assert.Equal(24, vectors.Count);
        Assert.Equal([20, 28, 32, 64], vectors.Select(v => (int)v!["digestSize"]!).Distinct().Order());
        foreach (var vector in vectors)
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
