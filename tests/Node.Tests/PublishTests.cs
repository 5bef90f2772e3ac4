using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Registry;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Settings;

namespace Masumi.Node.Tests;

/// <summary><c>masumi contracts publish</c> on a devnet, and setups that name contracts of their own.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-publish-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_script_is_published_once_and_then_known_to_the_chain()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        var mnemonic = Mnemonic.FromEntropy(new byte[32]);
        var keys = WalletKeys.FromMnemonic(mnemonic);
        Assert.IsType<DevnetFunding.Paid>(devnet.Chain.Fund(keys.BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(100))));
        var chain = new Uri(devnet.BaseUrl, "api/v0").ToString();
        string[] publish = ["contracts", "publish", "escrow-v2", "--chain", chain, "--json"];
        var (code, output, error) = await ProgramTests.RunAsync(mnemonic, publish);
        Assert.True(code == 0, output + error);
        var published = JsonNode.Parse(output)!;
        Assert.Equal("accepted", (string)published["outcome"]!);
        var reference = TxInput.Parse((string)published["reference"]!);
        var there = devnet.Chain.State.Find(reference)!;
        Assert.Equal(ContractCatalog.DefaultEscrow(EscrowFamily.V2), there.ReferenceScript);
        Assert.Equal(keys.Payment.KeyHash, there.Address.Payment!.Value.AsKey);

        (code, output, error) = await ProgramTests.RunAsync(mnemonic, publish);
        Assert.True(code == 0, output + error);
        Assert.Equal("already published", (string)JsonNode.Parse(output)!["outcome"]!);
        Assert.Equal(reference.ToString(), (string)JsonNode.Parse(output)!["reference"]!);

        (code, output, error) = await ProgramTests.RunAsync(
            "",
            "contracts",
            "verify",
            "--hash",
            ContractCatalog.DefaultEscrow(EscrowFamily.V2).Hash.ToString(),
            "--chain",
            chain
        );
        Assert.True(code == 0, output + error);
        Assert.Contains("escrow-v2, as it is", output);
    }

    [Fact]
    public async Task A_wallet_without_money_and_words_that_are_no_mnemonic_are_said_in_one_line()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        string[] publish = ["contracts", "publish", "registry-v2", "--chain", new Uri(devnet.BaseUrl, "api/v0").ToString()];
        foreach (var (mnemonic, part) in new[] { (Mnemonic.FromEntropy(new byte[32]), "no transaction can be built"), ("secret words", "mnemonic") })
        {
            var (code, _, error) = await ProgramTests.RunAsync(mnemonic, publish);
            Assert.Equal(2, code);
            Assert.Contains(part, Assert.Single(error.Trim().Split('\n')));
            Assert.DoesNotContain("secret", error);
        }
    }

    [Fact]
    public async Task A_setup_may_name_a_script_file_or_the_markets_contract()
    {
        var blueprint = Path.Combine(_folder, "plutus.json");
        var (_, printed, _) = await ProgramTests.RunAsync("", "contracts", "blueprint", "escrow-v2");
        await File.WriteAllTextAsync(blueprint, printed, Stop);
        var hashes = new JsonArray([.. KnownDeployments.DefaultAdmins.Select(a => (JsonNode)a.ToString())]);
        var json = new JsonObject
        {
            ["contract"] = "own",
            ["scriptFile"] = blueprint,
            ["requiredAdmins"] = 1,
            ["admins"] = hashes,
        };
        var own = TestSettings.Contract(json, NodeNetwork.Devnet);
        var expected = EscrowScript.V2(1, KnownDeployments.DefaultAdmins, KnownDeployments.DefaultCooldown);
        Assert.Equal(expected, Assert.Single(own.Scripts));
        Assert.Equal(EscrowScript.AddressOf(expected, NetworkId.Testnet), own.Contract.Address);
        Assert.Equal(RegistryScript.V2.Hash.ToPolicyId(), own.PolicyId);

        var deployed = KnownDeployments.PreprodV1;
        var named = TestSettings.Contract(new JsonObject { ["contract"] = "market", ["family"] = "V1" }, NodeNetwork.Preprod);
        Assert.Equal((deployed.EscrowAddress, deployed.RegistryPolicy), (named.Contract.Address, named.PolicyId));
        Assert.Empty(named.Scripts);

        // A file that does not hold the contract the address names is no file for it.
        json["contractAddress"] = Address.Create(NetworkId.Testnet, Credential.Script(default)).ToString();
        Assert.Throws<SettingsException>(() => TestSettings.Contract(json, NodeNetwork.Devnet));
    }
}
