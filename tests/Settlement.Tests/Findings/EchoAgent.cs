using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>An agent that the buyer's node registers.</summary>
internal static class EchoAgent
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static int MintsOf(SettlementWorld world) =>
        world.Devnet.Blocks.SelectMany(b => b.Transactions).Count(t => t.IsValid && t.Body.Mint.Assets.Any(a => a.Value > 0));

    public static Task<Registration> RegisterAsync(SettlementWorld world, string id) =>
        world.Buyer.Store.Registrations.InsertAsync(
            new Registration
            {
                Id = id,
                SourceId = world.Buyer.Source.Id,
                WalletId = world.Buyer.Wallet.Id,
                State = RegistrationState.RegistrationRequested,
                Name = "A",
                Entry = Saying(Agent.Name),
            },
            world.Time.GetUtcNow(),
            Stop
        );

    /// <summary>Its entry under a name.</summary>
    public static string Saying(string name) => Convert.ToHexStringLower(AgentMetadataWriter.Write(Agent with { Name = name }).ToCbor());

    private static AgentMetadata Agent { get; } =
        new()
        {
            MetadataVersion = 2,
            Name = "Echo",
            Description = "Repeats its input",
            ApiBaseUrl = "https://echo.example.org",
            Capability = new AgentCapability("echo", "1.0.0"),
            Author = new AgentAuthor("Ada"),
            Tags = ["demo"],
            PaymentSources =
            [
                new PaymentSourceEntry.Cardano(
                    Network.Preprod,
                    PaymentSourceType.Web3CardanoV2,
                    SettlementWorld.Contract.Address.ToString(),
                    new AgentPricing.Fixed([new WrittenAmount("", 2_000_000)])
                ),
            ],
        };
}
