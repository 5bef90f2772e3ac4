using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Registry;

/// <summary>The sample agent in both versions.</summary>
internal static class Agents
{
    public const string Usdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";

    public const string EscrowAddress = "addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g";

    public static readonly AgentMetadata V1 = new()
    {
        MetadataVersion = 1,
        Name = "Echo",
        Description = "Repeats its input",
        ApiBaseUrl = "https://echo.example.org",
        Capability = new AgentCapability("echo", "1.0.0"),
        Author = new AgentAuthor("Ada"),
        Tags = ["demo"],
        Pricing = new AgentPricing.Fixed([new WrittenAmount(Usdm, 1_000_000), new WrittenAmount("", 2_000_000)]),
    };

    public static readonly AgentMetadata V2 = V1 with
    {
        MetadataVersion = 2,
        Pricing = null,
        PaymentSources =
        [
            new PaymentSourceEntry.Cardano(
                Network.Preprod,
                PaymentSourceType.Web3CardanoV2,
                EscrowAddress,
                new AgentPricing.Fixed([new WrittenAmount("", 2_000_000)])
            ),
        ],
    };

    public static readonly AssetId V1Token = AssetId.Parse(
        "7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f77ad47fe351db6feb95018eac9b119435b45322568e1992279805360b9b045c249"
    );

    public static readonly AssetId V2Token = AssetId.Parse(
        "67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b10cd144960c7d0af304933602b49b674791e12a0bed5cac97fcda035ab000000"
    );

    public static readonly PaymentSourceEntry.Evm Evm = new(
        "eip155:8453",
        "Exact",
        "0x" + new string('a', 40),
        "https://echo.example.org/job",
        Metadatum.MapOf(("name", new Metadatum.Text("USDC"))),
        new EvmPricing(PricingType.Fixed, "0x" + new string('b', 40), 5, 6)
    );

    public static readonly AgentVerification Verification = new(
        "KERI-ACDC",
        "1.0",
        "issuer",
        "https://a.example/oobi",
        "schema",
        "https://b.example/oobi",
        "credential",
        "https://c.example/oobi",
        "registry",
        "holder",
        "https://d.example/oobi",
        null
    );
}
