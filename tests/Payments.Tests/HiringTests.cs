using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Agents;
using Masumi.Client;
using Masumi.Contracts.Common;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Payments.Tests;

/// <summary>
/// An agent built on the SDK, hired by a <see cref="Buyer"/>, with nothing between them but HTTP: its own server, a registry, a payment node, a devnet.
/// </summary>
public abstract class HiringTests(PaymentWorld world, EscrowFamily family)
{
    private const Network Network = Protocol.Network.Preprod;
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);
    private static readonly JsonElement Input = JsonDocument.Parse("""{"text":"to be or not to be"}""").RootElement;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_paid_delivered_and_collected_and_the_next_one_too_when_the_chains_clock_was_moved()
    {
        var folder = Directory.CreateTempSubdirectory("masumi-hiring-").FullName;
        try
        {
            await HireTwiceAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task HireTwiceAsync(string folder)
    {
        using var http = new HttpClient();
        var port = WebServer.FreePort();
        var identifier = AgentIdentifier.Parse(await RegisterAsync(port));
        await using var registry = await RegistryNode.StartAsync(
            new RegistryNodeOptions
            {
                Database = DatabaseSettings.InFile(Path.Combine(folder, "registry.db")),
                Chain = new ChainSettings { Url = world.ChainUrl },
                Key = "masumi-registry-0123456789abcdef",
                Policies = [Cardano.PolicyId.Parse(identifier.PolicyId)],
                PollInterval = Often,
            },
            NullLoggerFactory.Instance,
            shared: null,
            Stop
        );
        var directory = new RegistryServiceClient(http, new Uri(registry.BaseUrl, "api/v1"), "masumi-registry-0123456789abcdef", TimeProvider.System);
        using var agent = NewAgent(identifier, Path.Combine(folder, "jobs"), Payments(http));
        await using var app = WebServer.Create(ListenSettings.Loopback(port), NullLoggerFactory.Instance).Build();
        app.MapAgent(agent);
        await app.StartAsync(Stop);
        await agent.StartAsync(Stop);
        var buyer = new Buyer(http, Payments(http), directory, TimeProvider.System, new BuyerOptions { PollInterval = Often });

        for (var i = 0; i < 2; i++)
        {
            var known = await UntilKnownAsync(directory, identifier);
            Assert.Equal(family.ToSourceType(), known.PaymentSourceType);
            var outcome = await buyer.BuyAsync(identifier, Input, Stop);
            var delivered = Assert.IsType<BuyOutcome.Delivered>(outcome);
            Assert.Equal("6 words", delivered.Result);
            Assert.Equal(family.ToSourceType(), delivered.Job.PaymentSourceType);
            Assert.Equal(family == EscrowFamily.V1 ? null : 0, delivered.Job.SupportedPaymentSourceIndex);
            Assert.Equal(Word.Text(family.ToSourceType()), delivered.Purchase.Raw.GetProperty("PaymentSource").GetProperty("paymentSourceType").GetString());

            // Past the unlock: the seller's node collects, and every later offer must be dated from there.
            await world.AdvanceAsync(TimeSpan.FromHours(8));
            await world.BothAsync(delivered.Job.BlockchainIdentifier.ToString(), "Withdrawn");
        }

        await agent.StopAsync(Stop);
    }

    private async Task<string> RegisterAsync(int port)
    {
        var price = new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "7000000" }) };
        var body = world.RegistrationBody(price);
        body["apiBaseUrl"] = $"http://127.0.0.1:{port}";
        return await world.MintAsync(body, family);
    }

    private PaymentServiceClient Payments(HttpClient http) => new(http, new Uri(world.BaseUrl, "api/v1"), PaymentWorld.AdminKey, Network, TimeProvider.System);

    private Agent NewAgent(AgentIdentifier identifier, string file, PaymentServiceClient payments) =>
        new(
            new AgentOptions
            {
                Name = "Word counter",
                AgentIdentifier = identifier,
                SellerVkey = WalletVkey.Parse(world.SellerVkey),
                JobFile = file,
                PollInterval = Often,
            },
            payments,
            (job, _) => Task.FromResult<string?>($"{job.Input.GetProperty("text").GetString()!.Split(' ').Length} words"),
            TimeProvider.System,
            NullLogger<Agent>.Instance
        );

    private static async Task<PaymentInformation> UntilKnownAsync(RegistryServiceClient registry, AgentIdentifier identifier)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await registry.PaymentInformationAsync(identifier, Stop) is { } known)
            {
                return known;
            }

            await Task.Delay(Often, TimeProvider.System, Stop);
        }

        throw new TimeoutException("The registry does not find the agent.");
    }
}

/// <summary>Through contracts of the present generation.</summary>
public sealed class PresentHiringTests(PaymentWorld world) : HiringTests(world, EscrowFamily.V2), IClassFixture<PaymentWorld>;

/// <summary>Through contracts of the first generation.</summary>
public sealed class FirstGenerationHiringTests(FirstGenerationWorld world) : HiringTests(world, EscrowFamily.V1), IClassFixture<FirstGenerationWorld>;
