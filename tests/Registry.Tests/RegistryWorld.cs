using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Registry.Tests;

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, JsonNode? Body, HttpResponseMessage Response)
{
    public JsonNode Data => Status == 200 ? Body!["data"]! : throw new InvalidOperationException($"{Status}: {Body}");

    public string? Message => (string?)Body?["error"]?["message"];

    public JsonArray Entries => Data["entries"]!.AsArray();

    public string[] Names => [.. Entries.Select(e => (string)e!["name"]!)];
}

/// <summary>The registry's clock stands still unless moved.</summary>
internal sealed class StandingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A devnet and a registry service over HTTP, a wallet that mints agents, and a server where agents answer.</summary>
public sealed class RegistryWorld : IAsyncLifetime
{
    public const string AdminKey = "masumi-registry-admin-0123456789";
    public const string UserKey = "masumi-registry-user-0123456789";
    private static readonly WalletKeys Keys = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 7);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-registry-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly PlutusEvaluator _evaluator = new();
    private readonly List<IDisposable> _owned = [];
    private DevnetServer _server = null!;
    private SqliteDatabase _database = null!;
    private WebApplication _app = null!;
    private WebApplication _agents = null!;
    private RegistryFollower _follower = null!;
    private volatile bool _unplugged;

    internal StandingClock Clock { get; } = new();

    internal DevnetChain Devnet => _server.Chain;

    internal static Address Seller { get; } = Keys.BaseAddress(NetworkId.Testnet);

    internal static KeyHash SellerKey => Keys.Payment.KeyHash;

    /// <summary>The paths asked of the chain by the newest follower.</summary>
    internal ConcurrentQueue<string> Asked { get; private set; } = [];

    /// <summary>How agents answer <c>/{agent}/...</c>: status and body.</summary>
    internal ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = new();

    /// <summary>What was asked of agents.</summary>
    internal ConcurrentQueue<string> AgentsAsked { get; } = [];

    internal RegistryServices Services { get; set; } = null!;

    internal Uri BaseUrl => AddressOf(_app);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DevnetServer.StartAsync(new DevnetOptions { Evaluator = _evaluator }, cancellation: Stop);
        Assert.IsType<DevnetFunding.Paid>(Devnet.Fund(Seller, Value.Of(Lovelace.FromAda(1000))));
        _agents = Listen();
        _agents.Run(async http =>
        {
            AgentsAsked.Enqueue(http.Request.Path);
            var name = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
            var (status, body) = Answers.GetValueOrDefault(name, (404, ""));
            http.Response.StatusCode = status;
            if (status is >= 300 and < 400)
            {
                http.Response.Headers.Location = body;
                return;
            }

            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        await _agents.StartAsync(Stop);
        _database = SqliteDatabase.Open(Path.Combine(_folder, "registry.db"), TimeProvider.System);
        await _database.MigrateAsync([RegistryApi.Migrations], Stop);
        Services = new RegistryServices(_database, Chain(), Clock, RandomNumberGenerator.Create(), new RegistryOptions { AllowLoopbackAgents = true });
        await RegistryApi.AddSourceAsync(Services, Network.Preprod, RegistryScript.V2.Hash.ToPolicyId(), Stop);
        await RegistryApi.EnsureKeyAsync(Services, AdminKey, admin: true, Stop);
        await RegistryApi.EnsureKeyAsync(Services, UserKey, admin: false, Stop);
        _app = Listen();
        _app.UseRegistryApi(Services, NullLogger.Instance);
        await _app.StartAsync(Stop);
        Restart();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _agents.DisposeAsync();
        await _server.DisposeAsync();
        _owned.ForEach(o => o.Dispose());
        await _database.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A follower that remembers nothing but what is in the database.</summary>
    internal void Restart()
    {
        Asked = [];
        Services = Services with { Chain = Chain() };
        _follower = new RegistryFollower(Services, NullLogger.Instance);
        _owned.Add(_follower);
    }

    internal Task FollowAsync() => _follower.FollowAsync(Stop);

    internal Task ProbeAsync() => _follower.ProbeAsync(Stop);

    /// <summary>Calls the API; <paramref name="body"/> is a node or raw text.</summary>
    internal async Task<Answer> CallAsync(string verb, string path, object? body = null, string? key = UserKey)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(BaseUrl, "/api/v1/" + path));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("token", key);
        }

        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create((JsonNode)body),
        };
        var response = await _http.SendAsync(request, Stop);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        return new Answer((int)response.StatusCode, answer.Length == 0 ? null : JsonNode.Parse(answer), response);
    }

    /// <summary>Agents of all statuses, newest first.</summary>
    internal Task<Answer> EveryoneAsync() =>
        CallAsync(
            "POST",
            "registry-entry",
            new JsonObject
            {
                ["network"] = "Preprod",
                ["limit"] = 50,
                ["filter"] = new JsonObject { ["status"] = new JsonArray("Online", "Offline", "Invalid", "Deregistered") },
            }
        );

    /// <summary>The status of an agent; null when the registry does not list it.</summary>
    internal async Task<string?> StatusOfAsync(AgentIdentifier agent) =>
        (string?)(await EveryoneAsync()).Entries.SingleOrDefault(e => (string)e!["agentIdentifier"]! == agent.ToString())?["status"];

    /// <summary>Takes blocks back, as anybody can over HTTP.</summary>
    internal async Task RollBackAsync(long blocks)
    {
        using var body = JsonContent.Create(new JsonObject { ["blocks"] = blocks, ["drop"] = true });
        using var answer = await _http.PostAsync(new Uri(_server.BaseUrl, "devnet/rollback"), body, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Meanwhile no call reaches the chain.</summary>
    internal async Task UnplugAsync(Func<Task> meanwhile)
    {
        _unplugged = true;
        await meanwhile();
        _unplugged = false;
    }

    /// <summary>What an agent of this name says by default.</summary>
    internal AgentMetadata About(string name, AgentPricing? price = null) =>
        new()
        {
            MetadataVersion = 2,
            Name = name,
            Description = $"{name} works.",
            ApiBaseUrl = new Uri(AddressOf(_agents), $"/{name}/").ToString(),
            Author = new AgentAuthor("Ada", "ada@example.org", null, "Engines"),
            Tags = ["work", name.ToLowerInvariant()],
            Capability = new AgentCapability($"{name}-skill", "1.0.0"),
            PaymentSources =
            [
                new PaymentSourceEntry.Cardano(
                    Network.Preprod,
                    PaymentSourceType.Web3CardanoV2,
                    EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet).ToString(),
                    price ?? new AgentPricing.Fixed([new WrittenAmount("", 2_000_000)])
                ),
            ],
        };

    /// <summary>Registers an agent; <paramref name="entry"/> may put another entry, or none, into the metadata.</summary>
    internal AgentIdentifier Mint(AgentMetadata metadata, Func<AgentIdentifier, Metadatum?>? entry = null, Address? holder = null)
    {
        var seed = Coins().MaxBy(c => c.Output.Value.Coin)!;
        var pieces = Transactions().Register([new NewAgent(metadata, holder ?? Seller)], seed, SellerKey, Now);
        var agent = pieces.Agents[0];
        if (entry is not null)
        {
            pieces = pieces with
            {
                AuxiliaryData = entry(agent) is { } written
                    ? AuxiliaryData.FromMetadata(721, Metadatum.MapOf((agent.PolicyId, Metadatum.MapOf((agent.AssetName, written)))))
                    : AuxiliaryData.FromMetadata(674, Metadatum.MapOf(("msg", new Metadatum.Text("nothing about an agent")))),
            };
        }

        Submit(pieces);
        return agent;
    }

    internal AgentIdentifier Mint(string name) => Mint(About(name));

    internal void Burn(AgentIdentifier agent) => Submit(Transactions().Deregister([(agent, TokenOf(agent))], SellerKey, Now));

    internal AgentIdentifier Update(AgentIdentifier agent, AgentMetadata metadata)
    {
        var pieces = Transactions().Update([(agent, TokenOf(agent), new NewAgent(metadata, Seller))], SellerKey, Now);
        Submit(pieces);
        return pieces.Agents[0];
    }

    private DateTimeOffset Now => Devnet.Clock.GetUtcNow();

    private RegistryTransactions Transactions() =>
        new(EscrowFamily.V2, RegistryScript.V2.Hash.ToPolicyId(), RegistryScript.V2, Devnet.Parameters, Devnet.Slots);

    private Utxo TokenOf(AgentIdentifier agent) => Coins().Single(c => c.Output.Value[agent.ToAsset()] == 1);

    private IEnumerable<Utxo> Coins() => Devnet.State.Utxos.Where(u => u.Value.Address == Seller).Select(u => new Utxo(u.Key, u.Value)).OrderBy(u => u.Input);

    private void Submit(RegistryPieces pieces)
    {
        var plan = new TransactionPlan
        {
            ChangeAddress = Seller,
            Available = [.. Coins()],
            Signers = [Keys.Payment],
        };
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(pieces.AddTo(plan), Devnet.Parameters, Devnet.Slots, _evaluator));
        var answer = Devnet.Submit(built.Transaction);
        Assert.True(answer is DevnetSubmission.Accepted, answer is DevnetSubmission.Refused refused ? string.Join("; ", refused.Failures) : answer.ToString());
    }

    private ProvidedChain Chain()
    {
        var http = new HttpClient(new Recorder(this, Asked) { InnerHandler = new SocketsHttpHandler() });
        _owned.Add(http);
        var provider = new BlockfrostProvider(http, new BlockfrostOptions { BaseUrl = new Uri(_server.BaseUrl, "api/v0") }, TimeProvider.System);
        var options = BlockfrostChain.Defaults(_server.BaseUrl) with { MaxAttempts = 1 };
        var chain = new ProvidedChain([new ProviderSetup(provider)], options, TimeProvider.System, new Random(1));
        _owned.Add(chain);
        return chain;
    }

    private static WebApplication Listen()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private sealed class Recorder(RegistryWorld world, ConcurrentQueue<string> asked) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Enqueue(request.RequestUri!.AbsolutePath);
            return world._unplugged ? throw new HttpRequestException("unplugged") : base.SendAsync(request, cancellationToken);
        }
    }
}
