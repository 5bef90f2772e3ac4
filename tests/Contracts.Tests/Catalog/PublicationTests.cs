using System.Text.Json;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Tests.Scenarios;

namespace Masumi.Contracts.Tests.Catalog;

/// <summary>What we publish: scripts, addresses, blueprints, known deployments.</summary>
public class PublicationTests
{
    [Theory]
    [InlineData("escrow.json")]
    [InlineData("registry.json")]
    [InlineData("escrow-v1.json")]
    [InlineData("registry-v1.json")]
    public void The_blueprint_in_the_repository_is_what_the_compiler_gives(string file)
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "contracts", file);
        var family = file.Contains("v1", StringComparison.Ordinal) ? EscrowFamily.V1 : EscrowFamily.V2;
        var kind = file.StartsWith("escrow", StringComparison.Ordinal) ? ContractKind.Escrow : ContractKind.Registry;
        var generated = ContractCatalog.Own.Single(c => c.Kind == kind && c.Family == family).Blueprint;
        if (Environment.GetEnvironmentVariable("MASUMI_WRITE_BLUEPRINTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, generated);
        }

        Assert.True(
            File.ReadAllText(path) == generated,
            $"docs/contracts/{file} differs from the compiled contract; if the change is meant, run this test with MASUMI_WRITE_BLUEPRINTS=1."
        );
    }

    [Fact]
    public void Other_bytes_have_another_version()
    {
        using var releases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot(), "docs", "contracts", "releases.json")));
        var hashes = releases.RootElement.EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetString());
        Assert.All(
            ContractCatalog.Own,
            contract =>
            {
                using var blueprint = JsonDocument.Parse(contract.Blueprint);
                var title = blueprint.RootElement.GetProperty("preamble").GetProperty("title").GetString()!;
                var hash = blueprint.RootElement.GetProperty("validators")[0].GetProperty("hash").GetString();
                Assert.StartsWith($"{contract.Name}/", title, StringComparison.Ordinal);
                Assert.True(
                    hashes.GetValueOrDefault(title) == hash,
                    $"{title} has the hash {hash}, docs/contracts/releases.json {hashes.GetValueOrDefault(title)}: a change of the bytes is another version there and in the blueprint's title, and what was released stays."
                );
            }
        );
        Assert.Distinct(hashes.Values);
    }

    [Fact]
    public void A_blueprint_refers_only_to_what_it_defines()
    {
        foreach (var text in ContractCatalog.Own.Select(c => c.Blueprint))
        {
            using var document = JsonDocument.Parse(text);
            var defined = document.RootElement.GetProperty("definitions").EnumerateObject().Select(d => $"#/definitions/{d.Name}").ToHashSet();
            Assert.All(References(document.RootElement), reference => Assert.Contains(reference, defined));
        }
    }

    [Fact]
    public void The_escrow_fits_in_4400_bytes() => Assert.InRange(ContractCatalog.DefaultEscrow(EscrowFamily.V2).Bytes.Length, 1000, 4400);

    [Fact]
    public void Submitting_a_result_costs_two_thirds_of_what_the_deployed_contract_takes()
    {
        var units = Contract.UnitsOf(Honest.SubmitResult());
        Assert.True(units.FitsIn(new ExUnits(365_000, 135_000_000)), units.ToString());
    }

    [Fact]
    public void Parameters_change_the_script()
    {
        var admins = KnownDeployments.DefaultAdmins;
        Script[] scripts =
        [
            ContractCatalog.DefaultEscrow(EscrowFamily.V2),
            EscrowScript.V2(1, admins, KnownDeployments.DefaultCooldown),
            EscrowScript.V2(2, [.. admins.Reverse()], KnownDeployments.DefaultCooldown),
            EscrowScript.V2(2, admins, TimeSpan.FromMinutes(8)),
        ];
        Assert.Equal(4, scripts.Select(s => s.Hash).Distinct().Count());
        Assert.Equal(scripts[0], EscrowScript.V2(2, admins, TimeSpan.FromMinutes(7)));
    }

    [Fact]
    public void Senseless_parameters_are_refused()
    {
        var admins = KnownDeployments.DefaultAdmins;
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(1, [], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(1, [.. Enumerable.Repeat(admins[0], 51)], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(0, admins, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(4, admins, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(2, admins, TimeSpan.FromMilliseconds(-1)));
        Assert.Throws<ArgumentException>(() => EscrowScript.V2(2, admins, TimeSpan.FromTicks(1)));
        Assert.Throws<ArgumentException>(() => EscrowScript.V1(2, admins, Parties.FeeWallet, 1001, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => EscrowScript.V1(2, admins, Parties.FeeWallet, -1, TimeSpan.Zero));
    }

    [Fact]
    public void An_escrow_address_has_no_stake_part_and_the_network_of_choice()
    {
        var preprod = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet);
        Assert.StartsWith("addr_test1w", preprod.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "addr1w",
            EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Mainnet).ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(Credential.Script(ContractCatalog.DefaultEscrow(EscrowFamily.V2).Hash), preprod.Payment);
    }

    /// <summary>Addresses of spec escrow.md 1.4.</summary>
    [Fact]
    public void Known_deployments_have_the_published_addresses()
    {
        Assert.Equal("addr_test1wz7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsqukgwfm", KnownDeployments.PreprodV1.EscrowAddress.ToString());
        Assert.Equal("addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7", KnownDeployments.MainnetV1.EscrowAddress.ToString());
        Assert.Equal("addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g", KnownDeployments.PreprodV2.EscrowAddress.ToString());
        Assert.Equal("addr1wxs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgge2j6d", KnownDeployments.MainnetV2.EscrowAddress.ToString());
    }

    private static IEnumerable<string> References(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
            _ => [],
        };

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Masumi.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
