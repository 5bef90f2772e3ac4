using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Devnet;
using Masumi.Protocol;

namespace Masumi.Registry.Tests;

/// <summary>A registry that has seen and asked agents of every kind. Tests only read it.</summary>
public sealed class PopulatedWorld : IAsyncLifetime
{
    internal static readonly Address Colleague = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 8).BaseAddress(NetworkId.Testnet);

    internal const string Token = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";

    internal RegistryWorld World { get; } = new();

    /// <summary>When the registry first saw the agents, and when it had asked them.</summary>
    internal DateTimeOffset Seen { get; private set; }

    internal DateTimeOffset Probed { get; private set; }

    internal AgentIdentifier Alpha { get; private set; } = null!;

    internal AgentIdentifier Beta { get; private set; } = null!;

    internal AgentIdentifier Gamma { get; private set; } = null!;

    internal AgentIdentifier Broken { get; private set; } = null!;

    internal AgentIdentifier Mute { get; private set; } = null!;

    internal AgentIdentifier Inbox { get; private set; } = null!;

    internal AgentIdentifier Gone { get; private set; } = null!;

    internal AgentIdentifier Delta { get; private set; } = null!;

    internal AgentIdentifier DeltaTwo { get; private set; } = null!;

    /// <summary>Alpha's name under another policy.</summary>
    internal AgentIdentifier Foreign { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await World.InitializeAsync();
        Alpha = World.Mint("Alpha");
        Beta = World.Mint(World.About("Beta", new AgentPricing.Free()));
        Gamma = World.Mint(
            World.About("Gamma") with
            {
                MetadataVersion = 1,
                PaymentSources = null,
                Pricing = new AgentPricing.Fixed([new WrittenAmount(Token, 1_000_000), new WrittenAmount("", long.MaxValue)]),
                Legal = new AgentLegal("https://example.org/privacy", "https://example.org/terms", "secret clause"),
                ExampleOutputs = [new ExampleOutput("Sample", "text/plain", "https://example.org/sample.txt")],
            },
            holder: Colleague
        );
        Broken = World.Mint(World.About("Broken"), _ => Metadatum.MapOf(("name", new Metadatum.Text("Broken")), ("tags", new Metadatum.Text("none"))));
        Mute = World.Mint(World.About("Mute"), _ => null);
        Inbox = World.Mint(
            World.About("Inbox"),
            _ =>
                Metadatum.MapOf(
                    ("type", new Metadatum.Text("MasumiInboxV1")),
                    ("name", new Metadatum.Text("Support")),
                    ("agentslug", new Metadatum.Text("support")),
                    ("metadata_version", new Metadatum.Text("1"))
                )
        );
        Foreign = AgentIdentifier.Parse($"{World.Devnet.FaucetPolicy}{Alpha.AssetName}");
        Assert.IsType<DevnetFunding.Paid>(World.Devnet.Fund(RegistryWorld.Seller, Value.Of(Lovelace.FromAda(5), Foreign.ToAsset(), 1)));
        Gone = World.Mint("Gone");
        World.Burn(Gone);
        Delta = World.Mint("Delta");
        DeltaTwo = World.Update(Delta, World.About("Delta") with { Description = "Works better_100%.", Capability = null });
        Seen = World.Clock.Now;
        await World.FollowAsync();

        World.Answers["Alpha"] = (200, $$"""{"agentIdentifier":"{{Alpha}}","type":"masumi-agent","status":"unavailable"}""");
        World.Answers["Beta"] = (200, """{"type":"masumi-agent"}""");
        World.Answers["Delta"] = (200, """{"type":"masumi-agent"}""");
        Probed = World.Clock.Now += TimeSpan.FromMinutes(1);
        await World.ProbeAsync();
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
