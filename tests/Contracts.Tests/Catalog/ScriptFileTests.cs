using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus.FlatFormat;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Catalog;

public sealed class ScriptFileTests
{
    private static readonly OwnContract V1 = ContractCatalog.Own.Single(c => c.Name == "escrow-v1");
    private static readonly EscrowContract Instance = ContractCatalog.DefaultInstance(EscrowFamily.V1, NetworkId.Testnet);
    private static readonly ImmutableArray<PlutusData> Parameters = Instance.Parameters();

    [Fact]
    public void Every_form_of_a_file_holds_the_same_script()
    {
        var script = V1.Program.ToScript(ScriptLanguage.PlutusV3);
        var hex = Convert.ToHexStringLower(script.Bytes.Span);
        var twice = Convert.ToHexStringLower(Twice(script));
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(V1.Blueprint),
            Encoding.UTF8.GetBytes(hex + "\n"),
            Encoding.UTF8.GetBytes(twice),
            script.Bytes.ToArray(),
            Twice(script),
            Encoding.UTF8.GetBytes($$"""{"type":"PlutusScriptV3","description":"","cborHex":"{{twice}}"}"""),
        ];
        Assert.All(files, f => Assert.Equal(script, ScriptFile.Read(f, ContractKind.Escrow).Script));
        Assert.Equal(5, ScriptFile.Read(files[0], ContractKind.Escrow).ParameterCount);
        Assert.Null(ScriptFile.Read(files[1], ContractKind.Escrow).ParameterCount);
    }

    [Fact]
    public void Every_contract_of_the_catalogue_is_its_blueprint_with_the_parameters_applied() =>
        Assert.All(
            ContractCatalog.Own,
            c =>
            {
                var instance = ContractCatalog.DefaultInstance(c.Family, NetworkId.Testnet);
                PlutusData[] parameters = [.. ContractCatalog.Parameters(c.Kind, instance).Select(p => p.Value)];
                var file = ScriptFile.Read(Encoding.UTF8.GetBytes(c.Blueprint), c.Kind);
                Assert.Equal(parameters.Length, file.ParameterCount);
                Assert.Equal(c.Script(instance), file.Find(c.Script(instance).Hash, parameters)!.Value.Script);
            }
        );

    [Theory]
    [InlineData("escrow-v1")]
    [InlineData("escrow-v2")]
    public void Our_own_blueprint_applied_from_a_file_is_the_built_in_contract_and_known_for_ours(string name)
    {
        var own = ContractCatalog.Own.Single(c => c.Name == name);
        var instance = ContractCatalog.DefaultInstance(own.Family, NetworkId.Testnet);
        var applied = ScriptFile.Read(Encoding.UTF8.GetBytes(own.Blueprint), ContractKind.Escrow).Resolve(own.Family, instance.Parameters(), expected: null);
        Assert.Equal(own.Script(instance).Hash, applied.Hash);
        Assert.Equal(EscrowRuleSet.Ours, AppliedParameters.Escrow(applied, own.Family, NetworkId.Testnet)!.Rules);
        Assert.Equal(EscrowRuleSet.Deployed, KnownDeployments.All.First(d => d.Family == own.Family).Contract.Rules);
    }

    [Fact]
    public void The_form_that_has_the_hash_is_found_whichever_it_is()
    {
        var source = new ScriptFile(V1.Program.ToScript(ScriptLanguage.PlutusV3), null);
        foreach (var form in Enum.GetValues<ScriptForm>())
        {
            Assert.Equal(form, source.Find(source.Of(form, Parameters).Hash, Parameters)!.Value.Form);
        }

        Assert.Null(source.Find(default, Parameters));
        Assert.Null((source with { ParameterCount = 4 }).Find(source.Of(ScriptForm.Applied, Parameters).Hash, Parameters));
    }

    [Fact]
    public void A_script_is_verified_by_its_hash_in_the_form_that_has_it()
    {
        var source = new ScriptFile(V1.Program.ToScript(ScriptLanguage.PlutusV3), null);
        var applied = source.Of(ScriptForm.AppliedAndReencoded, Parameters);
        ExpectedScript expected = new("reencoded", ContractKind.Escrow, Instance, applied.Hash, null, [Network.Preprod]);
        var match = Assert.Single(ScriptVerification.Compare(source, [expected]), c => c.Matches);
        Assert.Equal(ScriptForm.AppliedAndReencoded, match.Form);
        var plain = new ScriptFile(source.Of(ScriptForm.Applied, Parameters), 0);
        Assert.Equal(ScriptForm.Reencoded, Assert.Single(ScriptVerification.Compare(plain, [expected]), c => c.Matches).Form);
        // What is re-encoded already stays as it is.
        Assert.All(ScriptVerification.Compare(new ScriptFile(applied, 0), [expected]), c => Assert.True(c.Matches));
        var other = new ScriptFile(ContractCatalog.DefaultEscrow(EscrowFamily.V2), null);
        Assert.DoesNotContain(ScriptVerification.Compare(other, [expected]), c => c.Matches);
        var wrongBytes = expected with { Check = new ScriptCheck(1, 2, 3, "") };
        Assert.DoesNotContain(ScriptVerification.Compare(source, [wrongBytes]), c => c.Matches);
        Assert.Contains(ScriptVerification.Compare(source, [wrongBytes]), c => c.CheckFailure is not null);
    }

    [Fact]
    public void The_expected_scripts_are_each_named_once()
    {
        Assert.Equal(ExpectedScript.All.Length, ExpectedScript.All.Select(e => e.Name).Distinct().Count());
        Assert.Equal(ExpectedScript.All.Length, ExpectedScript.All.Select(e => e.Hash).Distinct().Count());
        Assert.Equal([Network.Preprod, Network.Mainnet], ExpectedScript.All.Single(e => e.Name == "deployed-escrow-v2").Networks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("abc")]
    [InlineData("43010203")]
    [InlineData("""{"cborHex":null}""")]
    [InlineData("""{"cborHex":"zz"}""")]
    [InlineData("""{"validators":[]}""")]
    [InlineData("""{"validators":[{"title":"a.spend"}]}""")]
    [InlineData("""{"validators":[{"title":"a.spend","compiledCode":"4401010000","hash":"00"}]}""")]
    [InlineData("""{"preamble":{"plutusVersion":"v2"},"validators":[{"title":"a.spend","compiledCode":"4401010000"}]}""")]
    public void What_is_no_script_is_refused(string text) =>
        Assert.ThrowsAny<FormatException>(() => ScriptFile.Read(Encoding.UTF8.GetBytes(text), ContractKind.Escrow));

    private static byte[] Twice(Script script)
    {
        var writer = new CborWriter();
        writer.WriteByteString(script.Bytes.Span);
        return writer.Encode();
    }
}
