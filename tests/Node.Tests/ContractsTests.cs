using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Plutus.FlatFormat;

namespace Masumi.Node.Tests;

/// <summary><c>masumi contracts</c>.</summary>
public sealed class ContractsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-contracts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_list_names_every_contract_with_its_hash_and_size()
    {
        var (code, output, error) = await ProgramTests.RunAsync("", "contracts", "list", "--json");
        Assert.True(code == 0, error);
        var rows = JsonNode.Parse(output)!.AsArray();
        Assert.Equal(ContractCatalog.Own.Select(c => c.Name), rows.Select(r => (string)r!["name"]!));
        var escrow = rows.Single(r => (string)r!["name"]! == "escrow-v2")!;
        Assert.Equal("V2", (string)escrow["family"]!);
        Assert.Equal(ContractCatalog.DefaultEscrow(EscrowFamily.V2).Hash.ToString(), (string)escrow["scriptHash"]!);
        Assert.Equal(ContractCatalog.DefaultEscrow(EscrowFamily.V2).Bytes.Length, (int)escrow["sizeBytes"]!);
        (_, output, _) = await ProgramTests.RunAsync("", "contracts", "list", "--deployed");
        Assert.Contains(KnownDeployments.MainnetV1.RegistryPolicy.ToString(), output);
        Assert.Contains("10003", output);
    }

    [Fact]
    public async Task A_blueprint_that_was_printed_is_verified_and_a_changed_script_is_not()
    {
        var (_, blueprint, _) = await ProgramTests.RunAsync("", "contracts", "blueprint", "escrow-v2");
        var (code, output, error) = await ProgramTests.RunAsync(blueprint, "contracts", "verify", "-", "--json");
        Assert.True(code == 0, error);
        Assert.Equal(["escrow-v2"], JsonNode.Parse(output)!["contracts"]!.AsArray().Select(n => (string)n!));

        // Another parameter, another script: the default one is not in this file any more.
        var applied = Convert.ToHexStringLower(EscrowScript.V2(1, KnownDeployments.DefaultAdmins, KnownDeployments.DefaultCooldown).Bytes.Span);
        (code, output, _) = await ProgramTests.RunAsync(applied, "contracts", "verify", "-");
        Assert.Equal(1, code);
        Assert.Contains("not verified", output);
        (code, output, error) = await ProgramTests.RunAsync(applied, "contracts", "verify", "-", "--expect", "escrow-v2", "--required-admins", "1");
        Assert.True(code == 0, output + error);
        Assert.Contains("escrow-v2, as it is", output);

        (code, _, error) = await ProgramTests.RunAsync("rubbish", "contracts", "verify", "-");
        Assert.Equal(2, code);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_contract_is_listed_with_its_names_and_rules_in_either_stage()
    {
        var (code, optimised, error) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2", "--listing");
        Assert.True(code == 0, error);
        var contract = ContractCatalog.Own.Single(c => c.Name == "escrow-v2");
        var script = contract.Program.ToScript(ScriptLanguage.PlutusV3);
        Assert.StartsWith($"-- {contract.Title} (escrow-v2), as optimised", optimised);
        Assert.Contains($"{script.Bytes.Length} bytes, hash {script.Hash}", optimised.Split('\n')[0]);
        Assert.Contains("require nullList(", optimised);
        Assert.Contains("else \"Withdraw: the seller signs\"", optimised);
        var (_, written, _) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2", "--listing", "--stage", "written");
        Assert.StartsWith($"-- {contract.Title} (escrow-v2), as written", written);
        Assert.NotEqual(optimised, written);
        foreach (
            var wrong in (string[][])
                [
                    ["--stage", "written"],
                    ["--listing", "--stage", "written", "--build", "traced"],
                ]
        )
        {
            (code, _, error) = await ProgramTests.RunAsync("", ["contracts", "show", "escrow-v2", .. wrong]);
            Assert.Equal(2, code);
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    [Fact]
    public async Task Every_build_of_a_contract_has_its_hash_and_its_program()
    {
        var contract = ContractCatalog.Own.Single(c => c.Name == "registry-v1");
        var instance = ContractCatalog.DefaultInstance(contract.Family, NetworkId.Testnet);
        var (_, shown, _) = await ProgramTests.RunAsync("", "contracts", "show", "registry-v1");
        foreach (var (word, build) in new[] { ("release", ContractBuild.Release), ("written-traced", ContractBuild.WrittenTraced) })
        {
            var script = contract.Script(instance, build);
            Assert.Contains(
                script.Hash.ToString(),
                Assert.Single(shown.Split('\n'), line => line.TrimStart().StartsWith(word + " ", StringComparison.Ordinal))
            );
            var (code, json, error) = await ProgramTests.RunAsync("", "contracts", "show", "registry-v1", "--build", word, "--program", "--json");
            Assert.True(code == 0, error);
            Assert.Equal(script.Hash.ToString(), (string)JsonNode.Parse(json)!["scriptHash"]!);
            Assert.Equal(Convert.ToHexStringLower(script.Bytes.Span), (string)JsonNode.Parse(json)!["cbor"]!);
        }
    }

    [Fact]
    public async Task Parameters_decide_the_address()
    {
        var (_, address, _) = await ProgramTests.RunAsync("", "contracts", "address", "escrow-v2");
        Assert.Equal(EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet).ToString(), address.Trim());
        var (_, shown, _) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2", "--cooldown", "1000", "--network", "Mainnet", "--json");
        var own = EscrowScript.V2(2, KnownDeployments.DefaultAdmins, TimeSpan.FromSeconds(1));
        var json = JsonNode.Parse(shown)!;
        Assert.Equal(EscrowScript.AddressOf(own, NetworkId.Mainnet).ToString(), (string)json["address"]!);
        Assert.Equal("1903e8", (string)json["parameters"]![2]!["cbor"]!);
        Assert.Null(json["uplc"]);
        (_, shown, _) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2", "--program", "--json");
        Assert.StartsWith("(program 1.1.0 ", (string)JsonNode.Parse(shown)!["uplc"]!);
        (_, shown, _) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2");
        Assert.DoesNotContain("(program", shown);
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 300));
        var (code, _, error) = await ProgramTests.RunAsync("", "contracts", "show", "escrow-v2", "--required-admins", "4");
        Assert.Equal(2, code);
        Assert.Single(error.Trim().Split('\n'));
    }
}
