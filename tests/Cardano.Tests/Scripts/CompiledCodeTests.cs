using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Scripts;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Scripts;

public sealed class CompiledCodeTests
{
    [Fact]
    public void Code_wrapped_once_or_twice_is_the_same_script_with_the_hash_on_chain()
    {
        var scripts = Json("script-hashes.json")["scripts"]!.AsArray().Where(s => (string)s!["language"]! != "native").ToArray();
        Assert.Equal(18, scripts.Length);
        foreach (var vector in scripts)
        {
            var language = Enum.Parse<ScriptLanguage>((string)vector!["language"]!);
            var once = Convert.FromHexString((string)vector["witnessScriptBytesHex"]!);
            var twice = Wrap(once);
            foreach (var given in (byte[][])[once, twice])
            {
                var script = Script.FromCompiledCode(language, given);
                Assert.Equal((string)vector["scriptHash"]!, script.Hash.ToString());
                Assert.Equal(once, script.Bytes.ToArray());
                Assert.Equal(script, Script.FromCompiledCode(language, Convert.ToHexString(given)));
            }

            Refused(Wrap(twice));
            Refused(once[..^1]);
            Refused([.. once, 0]);
        }
    }

    [Fact]
    public void A_blueprints_code_has_the_blueprints_hash()
    {
        var validators = Json("cip57", "payment-splitter-aiken-plutus.json")["validators"]!.AsArray();
        Assert.Equal(2, validators.Count);
        Assert.All(
            validators,
            v => Assert.Equal((string)v!["hash"]!, Script.FromCompiledCode(ScriptLanguage.PlutusV3, (string)v["compiledCode"]!).Hash.ToString())
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("4140")]
    [InlineData("0101002499")]
    [InlineData("450201002499")]
    [InlineData("450102002499")]
    [InlineData("820101")]
    [InlineData("5f450101002499ff")]
    [InlineData("450101002499450101002499")]
    public void What_is_no_compiled_code_is_refused(string hex) => Refused(Convert.FromHexString(hex));

    [Fact]
    public void Native_scripts_have_no_compiled_code() =>
        Assert.Throws<ArgumentException>(() => Script.FromCompiledCode(ScriptLanguage.Native, "450101002499"));

    private static void Refused(byte[] code) => Assert.Throws<CborFormatException>(() => Script.FromCompiledCode(ScriptLanguage.PlutusV3, code));

    private static byte[] Wrap(byte[] content)
    {
        var writer = new CborWriter();
        writer.WriteByteString(content);
        return writer.Encode();
    }

    private static JsonNode Json(params string[] path) => JsonNode.Parse(File.ReadAllText(SharedData.Require(["vectors", .. path])))!;
}
