using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Node.Settings;
using Masumi.Plutus.FlatFormat;

namespace Masumi.Node.Tests;

/// <summary>A contract from a file is what its script says it is, and no money is put under one that anybody can open.</summary>
public sealed class ContractSettingsTests : IDisposable
{
    private static readonly KeyHash Admin = KeyHash.Parse(new string('1', 56));
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-contract-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("V1", "requiredAdmins", 0)]
    [InlineData("V1", "requiredAdmins", -1)]
    [InlineData("V1", "requiredAdmins", 4)]
    [InlineData("V1", "feePermille", 1001)]
    [InlineData("V1", "feePermille", -1)]
    [InlineData("V1", "cooldownMilliseconds", -1)]
    [InlineData("V2", "requiredAdmins", 0)]
    [InlineData("V2", "requiredAdmins", 4)]
    [InlineData("V2", "feePermille", 1)]
    public void A_blueprint_is_not_applied_to_parameters_that_hold_nothing(string family, string name, int value)
    {
        var json = Own(
            new JsonObject
            {
                ["family"] = family,
                ["scriptFile"] = Blueprint(family),
                [name] = value,
            }
        );
        Assert.StartsWith($"{name}: ", OneLine(json), StringComparison.Ordinal);
        json.Remove("scriptFile");
        Assert.StartsWith($"{name}: ", OneLine(json), StringComparison.Ordinal);
    }

    [Fact]
    public void Admins_are_one_to_fifty_key_hashes_and_may_be_weighted()
    {
        var hex = Admin.ToString();
        Assert.StartsWith("admins: ", OneLine(Own(new() { ["admins"] = new JsonArray() })), StringComparison.Ordinal);
        Assert.StartsWith(
            "admins: ",
            OneLine(Own(new() { ["admins"] = new JsonArray([.. Enumerable.Repeat(hex, 51).Select(h => (JsonNode)h)]) })),
            StringComparison.Ordinal
        );
        Assert.StartsWith("admins[0]: ", OneLine(Own(new() { ["admins"] = new JsonArray(hex[2..]) })), StringComparison.Ordinal);
        var weighted = Own(new JsonObject { ["admins"] = new JsonArray(hex, hex), ["requiredAdmins"] = 2 });
        Assert.Equal([Admin, Admin], TestSettings.Contract(weighted, NodeNetwork.Devnet).Contract.Admins);
    }

    [Theory]
    [InlineData("addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7")]
    [InlineData("stake_test1uqevw2xnsc0pvn9t9r9c7qryfqfeerchgrlm3ea2nefr9hqp8n5xl")]
    public void A_fee_goes_to_somebody_on_the_same_network(string address) =>
        Assert.StartsWith("feeAddress: ", OneLine(Own(new() { ["family"] = "V1", ["feeAddress"] = address })), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void A_script_with_such_parameters_in_it_is_refused_however_it_was_made(int required, int admins)
    {
        foreach (var family in new[] { EscrowFamily.V1, EscrowFamily.V2 })
        {
            foreach (var form in new[] { ScriptForm.Applied, ScriptForm.AppliedAndReencoded })
            {
                var file = Applied(family, form, Parameters(family, required, [.. Enumerable.Repeat(Admin, admins)], 50));
                var line = OneLine(Own(new() { ["family"] = family.ToString(), ["scriptFile"] = file }, named: false));
                Assert.StartsWith("scriptFile: ", line, StringComparison.Ordinal);
                Assert.Contains(admins == 0 ? "admins" : "requiredAdmins", line, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(ScriptForm.Applied)]
    [InlineData(ScriptForm.AppliedAndReencoded)]
    public void What_a_script_says_of_itself_is_taken_and_not_contradicted(ScriptForm form)
    {
        var file = Applied(EscrowFamily.V1, form, Parameters(EscrowFamily.V1, 1, [Admin], 30));
        var json = Own(new JsonObject { ["family"] = "V1", ["scriptFile"] = file }, named: false);
        var setup = TestSettings.Contract(json, NodeNetwork.Devnet);
        Assert.Equal((1, 30, 60_000L), (setup.Contract.RequiredAdmins, setup.Contract.FeePermille, setup.Contract.CooldownMilliseconds));
        Assert.Equal([Admin], setup.Contract.Admins);
        Assert.Equal(Credential.Key(Admin), setup.Contract.FeeAddress!.Payment);
        Assert.Equal(setup.Contract.ScriptHash, Assert.Single(setup.Scripts).Hash);

        json["feePermille"] = 0;
        Assert.Equal("feePermille: the script has 30, got 0", OneLine(json));
        json.Remove("feePermille");
        json["requiredAdmins"] = 2;
        Assert.Equal("requiredAdmins: the script has 1, got 2", OneLine(json));
    }

    [Fact]
    public void A_script_that_is_none_of_the_family_or_shows_no_parameters_is_refused()
    {
        var second = Applied(EscrowFamily.V2, ScriptForm.Applied, Parameters(EscrowFamily.V2, 1, [Admin], 0));
        Assert.StartsWith("scriptFile: ", OneLine(Own(new() { ["family"] = "V1", ["scriptFile"] = second })), StringComparison.Ordinal);
        var first = Applied(EscrowFamily.V1, ScriptForm.Applied, Parameters(EscrowFamily.V1, 1, [Admin], 50));
        Assert.StartsWith("scriptFile: ", OneLine(Own(new() { ["scriptFile"] = first })), StringComparison.Ordinal);
        var blueprint = JsonNode.Parse(ContractCatalog.Own.Single(c => c.Name == "escrow-v2").Blueprint)!;
        foreach (var validator in blueprint["validators"]!.AsArray())
        {
            validator!.AsObject().Remove("parameters");
        }

        Assert.Contains("does not show its parameters", OneLine(Own(new() { ["scriptFile"] = Write(blueprint.ToJsonString()) })), StringComparison.Ordinal);
    }

    [Fact]
    public void The_markets_contract_is_one_word_and_has_the_parameters_it_was_deployed_with()
    {
        var json = new JsonObject { ["contract"] = "market", ["family"] = "V1" };
        var setup = TestSettings.Contract(json, NodeNetwork.Preprod);
        Assert.Equal(KnownDeployments.PreprodV1.EscrowAddress, setup.Contract.Address);
        Assert.Equal((EscrowFamily.V1, 50), (setup.Contract.Family, setup.Contract.FeePermille));
        Assert.Equal(KnownDeployments.PreprodV1.RegistryPolicy, setup.PolicyId);
        Assert.Equal(KnownDeployments.MainnetV2.EscrowAddress, TestSettings.Contract(new() { ["contract"] = "market" }, NodeNetwork.Mainnet).Contract.Address);
        foreach (var (name, value) in new (string, JsonNode)[] { ("feePermille", 0), ("requiredAdmins", 1), ("cooldownMilliseconds", 0), ("scriptFile", "x") })
        {
            var other = json.DeepClone().AsObject();
            other[name] = value;
            Assert.StartsWith($"{name}: the market's contract is what it is", OneLine(other, NodeNetwork.Preprod), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nobodys_disputes_are_settled_by_admins_whom_nobody_named()
    {
        Assert.StartsWith("contract: missing; market or own", OneLine([]), StringComparison.Ordinal);
        Assert.StartsWith("contract: the market's contracts are on Preprod and Mainnet", OneLine(new() { ["contract"] = "market" }), StringComparison.Ordinal);
        foreach (
            var (json, missing) in new (JsonObject, string[])[]
            {
                (new() { ["contract"] = "own" }, ["requiredAdmins", "admins"]),
                (new() { ["contract"] = "own", ["family"] = "V1" }, ["requiredAdmins", "admins", "feeAddress"]),
                (
                    new()
                    {
                        ["contract"] = "own",
                        ["family"] = "V1",
                        ["scriptFile"] = Blueprint("V1"),
                    },
                    ["requiredAdmins", "admins", "feeAddress"]
                ),
                (new() { ["contract"] = "own", ["contractAddress"] = Elsewhere.ToString() }, ["requiredAdmins", "admins"]),
            }
        )
        {
            var lines = TestSettings.Lines(() => TestSettings.Contract(json, NodeNetwork.Preprod));
            Assert.Equal(missing, lines.Select(l => l.Split(':')[0]));
            Assert.All(lines, l => Assert.Contains(": missing; ", l, StringComparison.Ordinal));
        }

        var market = Own(new() { ["contractAddress"] = KnownDeployments.PreprodV2.EscrowAddress.ToString() });
        Assert.Contains("contract market is needed, with family V2", OneLine(market, NodeNetwork.Preprod), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_settles_disputes_is_a_sentence()
    {
        var own = TestSettings.Contract(Own([]), NodeNetwork.Preprod).Contract;
        Assert.Equal(
            $"V2 escrow at {own.Address} (your own): disputes are settled by the holder of this key alone, which is your own: {Admin}",
            ContractSetup.WhoSettles(own)
        );
        var market = TestSettings.Contract(new() { ["contract"] = "market" }, NodeNetwork.Preprod).Contract;
        Assert.Equal(
            $"V2 escrow at {KnownDeployments.PreprodV2.EscrowAddress} (the market's): disputes are settled by any 2 of the market's 3 admins",
            ContractSetup.WhoSettles(market)
        );

        // The market's keys in any other arrangement are not the operator's.
        var reordered = own with
        {
            RequiredAdmins = 2,
            Admins = [.. KnownDeployments.DefaultAdmins.Reverse()],
        };
        Assert.EndsWith(
            $"any 2 of these 3 votes, whose keys are the market's: {string.Join(", ", reordered.Admins.Select(a => $"{a} (the market's)"))}",
            ContractSetup.WhoSettles(reordered),
            StringComparison.Ordinal
        );
        var one = KnownDeployments.DefaultAdmins[0];
        Assert.EndsWith(
            $"the holder of this key alone, which is the market's: {one} (2 votes, the market's)",
            ContractSetup.WhoSettles(own with { RequiredAdmins = 1, Admins = [one, one] }),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            $"any 1 of these 2 votes, whose keys are partly the market's: {own.Admins[0]}, {one} (the market's)",
            ContractSetup.WhoSettles(own with { RequiredAdmins = 1, Admins = [own.Admins[0], one] }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_registry_that_was_made_for_another_contract_is_refused()
    {
        var registry = RegistryScript.V1(Elsewhere);
        var json = Own(new JsonObject { ["family"] = "V1", ["policyFile"] = Write(Convert.ToHexStringLower(registry.Bytes.Span)) });
        Assert.StartsWith("policyFile: ", OneLine(json), StringComparison.Ordinal);
        json["contractAddress"] = Elsewhere.ToString();
        Assert.Equal(registry.Hash.ToPolicyId(), TestSettings.Contract(json, NodeNetwork.Devnet).PolicyId);
    }

    private static Address Elsewhere { get; } = Address.Create(NetworkId.Testnet, Credential.Script(ScriptHash.Parse(new string('2', 56))));

    // A contract of one's own, with the admins and the fee's receiver named where a test does not say.
    private static JsonObject Own(JsonObject json, bool named = true)
    {
        json["contract"] = "own";
        if (named)
        {
            json.TryAdd("requiredAdmins", 1);
            json.TryAdd("admins", new JsonArray(Admin.ToString()));
            if ((string?)json["family"] == "V1")
            {
                json.TryAdd("feeAddress", Address.Create(NetworkId.Testnet, Credential.Key(Admin)).ToString());
            }
        }

        return json;
    }

    private static string OneLine(JsonObject json, NodeNetwork network = NodeNetwork.Devnet) =>
        Assert.Single(TestSettings.Lines(() => TestSettings.Contract(json, network)));

    // By hand, as somebody's own tools do it: nothing checks these.
    private static PlutusData[] Parameters(EscrowFamily family, int required, KeyHash[] admins, int permille)
    {
        var list = PlutusData.L([.. admins.Select(a => PlutusData.B(a.ToArray()))]);
        var fee = AddressData.Encode(Address.Create(NetworkId.Testnet, Credential.Key(Admin)));
        return family == EscrowFamily.V1
            ? [PlutusData.I(required), list, fee, PlutusData.I(permille), PlutusData.I(60_000)]
            : [PlutusData.I(required), list, PlutusData.I(60_000)];
    }

    private string Applied(EscrowFamily family, ScriptForm form, PlutusData[] parameters)
    {
        var program = ContractCatalog.Own.Single(c => c.Family == family && c.Kind == ContractKind.Escrow).Program;
        var script = new ScriptFile(program.ToScript(ScriptLanguage.PlutusV3), null).Of(form, parameters);
        return Write(Convert.ToHexStringLower(script.Bytes.Span));
    }

    private string Blueprint(string family) => Write(ContractCatalog.Own.Single(c => c.Family.ToString() == family && c.Kind == ContractKind.Escrow).Blueprint);

    private string Write(string text)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }
}
