using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Agents;
using Masumi.Client;
using Masumi.Contracts.Common;
using Masumi.Node.Hosting;
using Masumi.Protocol;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Market;

/// <summary>A sample agent at work.</summary>
/// <param name="Name">For people.</param>
/// <param name="Family">Which generation of contracts it is paid through.</param>
/// <param name="Url">Where it serves.</param>
/// <param name="Identifier">Its registration.</param>
/// <param name="SellerVkey">The wallet that sells.</param>
/// <param name="Price">What a job costs.</param>
internal sealed record MarketAgent(string Name, EscrowFamily Family, Uri Url, AgentIdentifier Identifier, WalletVkey SellerVkey, UnitAmount Price);

/// <summary>The sample agents of a market, one for each generation of contracts: registered once, through the seller's own API, and hosted here.</summary>
/// <param name="plan">The market.</param>
/// <param name="wallets">Its wallets.</param>
/// <param name="seller">The seller's payment service.</param>
/// <param name="folder">Where jobs are kept.</param>
/// <param name="patience">How long registering may take.</param>
/// <param name="loggers">Where they log.</param>
internal sealed class MarketAgents(
    MarketPlan plan,
    MarketWallets wallets,
    PaymentServiceClient seller,
    MarketFolder folder,
    TimeSpan patience,
    ILoggerFactory loggers
) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly List<IAsyncDisposable> _running = [];

    /// <summary>What has been written once they have started.</summary>
    public static IReadOnlyList<string> Parts { get; } = [PartOf(EscrowFamily.V2), PartOf(EscrowFamily.V1)];

    /// <summary>Registers those that are not, waits until the chain has them, and starts them.</summary>
    public async Task<ImmutableArray<MarketAgent>> StartAsync(CancellationToken cancellation)
    {
        var first = StartAsync(SampleAgent.Words, EscrowFamily.V2, plan.Ports.Agents[0], cancellation);
        var second = StartAsync(SampleAgent.LettersForDollars, EscrowFamily.V1, plan.Ports.Agents[1], cancellation);
        return [.. await Task.WhenAll(first, second)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            await _running[i].DisposeAsync();
        }
    }

    private static string PartOf(EscrowFamily family) => $"jobs-{family}.jsonl";

    private async Task<MarketAgent> StartAsync(SampleAgent sample, EscrowFamily family, int port, CancellationToken cancellation)
    {
        var url = new Uri($"http://127.0.0.1:{port}");
        var vkey = MarketWallets.KeyOf(wallets.Seller(family)).ToString();
        var identifier = await RegisterAsync(sample, family, url, vkey, cancellation);
        var agent = new Agent(
            new AgentOptions
            {
                Name = sample.Name,
                AgentIdentifier = identifier,
                SellerVkey = WalletVkey.Parse(vkey),
                JobFile = folder.PathOf(PartOf(family)),
                PollInterval = TimeSpan.FromMilliseconds(500),
                InputSchema = SampleAgent.InputSchema,
            },
            seller,
            sample.WorkAsync,
            TimeProvider.System,
            loggers.CreateLogger<Agent>()
        );
        lock (_running)
        {
            _running.Add(new HostedAgent(agent));
        }

        var app = WebServer.Create([new IPEndPoint(IPAddress.Loopback, port)], loggers).Build();
        lock (_running)
        {
            _running.Add(app);
        }

        app.MapAgent(agent);
        await app.StartAsync(cancellation);
        await agent.StartAsync(cancellation);
        return new MarketAgent(sample.Name, family, url, identifier, WalletVkey.Parse(vkey), sample.Price);
    }

    // What is registered already, or on its way, is found again by its name: a market that was stopped in between goes on. Whose registration failed or was
    // taken back since is registered again.
    private Task<AgentIdentifier> RegisterAsync(SampleAgent sample, EscrowFamily family, Uri url, string vkey, CancellationToken cancellation)
    {
        Registration? last = null;
        return StartWait.ForAsync(() => $"the sample agent '{sample.Name}' is not registered{Seen(last)}", patience, RegisterAsync, cancellation);

        async Task<AgentIdentifier> RegisterAsync(CancellationToken both)
        {
            string? asked = null;
            while (true)
            {
                last = await FindAsync(sample.Name, vkey, asked, both);
                switch (last?.State)
                {
                    // One that could not be taken back is still there.
                    case RegistrationState.RegistrationConfirmed or RegistrationState.DeregistrationFailed when last.Identifier is { } identifier:
                        return AgentIdentifier.Parse(identifier);
                    case RegistrationState.RegistrationFailed when asked is not null:
                        throw new MarketException($"the sample agent '{sample.Name}' could not be registered: {last.Error}");
                    case RegistrationState.RegistrationFailed or RegistrationState.DeregistrationConfirmed:
                    case null when last is null && asked is null:
                        asked = Text(await seller.RegisterAgentAsync(Body(sample, family, url, vkey), both), "id");
                        break;
                    default:
                        await Task.Delay(Look, TimeProvider.System, both);
                        break;
                }
            }
        }
    }

    private static string Seen(Registration? last) =>
        last is null ? ""
        : last.Error is null ? $" ({last.State})"
        : $" ({last.State}: {last.Error})";

    // The newest, or the one that was asked for.
    private async Task<Registration?> FindAsync(string name, string vkey, string? id, CancellationToken cancellation) =>
        (await seller.ListRegistrationsAsync(cancellation))
            .Where(r => id is null || Text(r, "id") == id)
            .Where(r => Text(r, "name") == name && r.TryGetProperty("SmartContractWallet", out var wallet) && Text(wallet, "walletVkey") == vkey)
            .Select(r => new Registration(Word.Read<RegistrationState>(Text(r, "state"))?.Known, Text(r, "agentIdentifier"), Text(r, "error")))
            .FirstOrDefault();

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private JsonObject Body(SampleAgent sample, EscrowFamily family, Uri url, string vkey)
    {
        var body = new JsonObject
        {
            ["sellingWalletVkey"] = vkey,
            ["name"] = sample.Name,
            ["description"] = $"Counts the {sample.What}s of a text.",
            ["apiBaseUrl"] = url.AbsoluteUri.TrimEnd('/'),
            ["Tags"] = new JsonArray("sample", "text"),
            ["ExampleOutputs"] = new JsonArray(),
            ["Capability"] = new JsonObject { ["name"] = $"{sample.What}-count", ["version"] = "1.0.0" },
            ["Author"] = new JsonObject { ["name"] = "Masumi" },
        };
        var (unit, amount) = (sample.Price.Unit.ToString(), sample.Price.AmountText);
        if (family == EscrowFamily.V1)
        {
            body["AgentPricing"] = new JsonObject
            {
                ["pricingType"] = "Fixed",
                ["Pricing"] = new JsonArray(new JsonObject { ["unit"] = unit, ["amount"] = amount }),
            };
        }
        else
        {
            body["supportedPaymentSources"] = new JsonArray(
                new JsonObject
                {
                    ["chain"] = "Cardano",
                    ["network"] = Word.Text(LocalMarket.Network),
                    ["paymentSourceType"] = Word.Text(PaymentSourceType.Web3CardanoV2),
                    ["address"] = wallets.Contract(family).Contract.Address.ToString(),
                    ["pricing"] = new JsonObject
                    {
                        ["pricingType"] = "Fixed",
                        ["fixed"] = new JsonArray(new JsonObject { ["asset"] = unit, ["amount"] = amount }),
                    },
                }
            );
        }

        return body;
    }

    private sealed record Registration(RegistrationState? State, string? Identifier, string? Error);

    private sealed class HostedAgent(Agent agent) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await agent.StopAsync(CancellationToken.None);
            agent.Dispose();
        }
    }
}
