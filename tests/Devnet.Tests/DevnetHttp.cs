using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>A devnet and an HTTP client of it.</summary>
internal sealed class DevnetHttp(DevnetServer server) : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2000 };

    public DevnetServer Server { get; } = server;

    public DevnetChain Chain => Server.Chain;

    public HttpClient Client { get; } = new() { BaseAddress = new Uri(server.BaseUrl, "api/v0/") };

    public static async Task<DevnetHttp> StartAsync(BlockProduction production = BlockProduction.PerTransaction) =>
        new(await DevnetServer.StartAsync(new DevnetOptions { Production = production }));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public TxInput Fund(Address address, long ada) => Assert.IsType<DevnetFunding.Paid>(Chain.Fund(address, Value.Of(Lovelace.FromAda(ada)))).Output;

    public Utxo Funded(Wallet wallet, long ada = 100)
    {
        var input = Fund(wallet.Address, ada);
        return new Utxo(input, Chain.State.Find(input)!);
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, answer) = await SendAsync(path);
        if (status != HttpStatusCode.OK)
        {
            Assert.Fail($"{path}: {status} {answer}");
        }

        return answer!;
    }

    public async Task<string> TextAsync(string path) => (await GetAsync(path)).ToJsonString();

    public async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(), documentOptions: Deep));
    }

    public async Task<(HttpStatusCode Status, JsonNode? Answer)> PostAsync(string path, ReadOnlyMemory<byte> body, string type = "application/cbor")
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(), documentOptions: Deep));
    }

    public Task<(HttpStatusCode Status, JsonNode? Answer)> PostJsonAsync(string path, string json) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), "application/json");
}
