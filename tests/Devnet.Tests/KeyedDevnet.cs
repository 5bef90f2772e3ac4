using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>A devnet that makes blocks on demand, and clients of it with API keys.</summary>
public abstract class KeyedDevnet : IAsyncLifetime
{
    /// <summary>The key that is shown something else.</summary>
    protected const string Key = "liar";

    private readonly HttpClient _http = new();

    internal DevnetServer Server { get; private set; } = null!;

    internal DevnetChain Chain => Server.Chain;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await DevnetServer.StartAsync(
            new DevnetOptions { Production = BlockProduction.OnDemand, Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))] }
        );
        _http.BaseAddress = new Uri(Server.BaseUrl, "api/v0/");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Show(string spec) => Server.Views.Set(Key, spec);

    protected Transaction Payment()
    {
        var (input, output) = Chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(10));
    }

    protected Transaction Paid()
    {
        var payment = Payment();
        Assert.IsType<DevnetSubmission.Accepted>(Chain.Submit(payment));
        Chain.Mine();
        return payment;
    }

    protected async Task<long> HeightAsync(string? key) => (long)(await AskAsync(key, "blocks/latest")).Body["height"]!;

    protected async Task<JsonArray> ListAsync(string? key, string path)
    {
        var (status, body) = await AskAsync(key, path);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return body.AsArray();
    }

    protected async Task<IEnumerable<string>> HashesAsync(string? key, string path) => (await ListAsync(key, path)).Select(r => (string)r!["tx_hash"]!);

    protected async Task<(int Status, JsonNode Body)> AskAsync(string? key, string path)
    {
        using var response = await SendAsync(key, new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!);
    }

    protected Task<(int Status, JsonNode Body)> SubmitAsync(string? key, Transaction transaction) => PostAsync(key, "tx/submit", transaction);

    protected async Task<(int Status, JsonNode Body)> PostAsync(string? key, string path, Transaction transaction)
    {
        using var content = new ReadOnlyMemoryContent(transaction.Bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        using var response = await SendAsync(key, new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content });
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!);
    }

    protected async Task<HttpResponseMessage> SendAsync(string? key, HttpRequestMessage request, CancellationToken? stop = null)
    {
        using (request)
        {
            if (key is not null)
            {
                request.Headers.Add("project_id", key);
            }

            return await _http.SendAsync(request, stop ?? Stop);
        }
    }

    protected async Task<JsonNode> ControlAsync(string verb, string body)
    {
        var (status, answer) = await TryControlAsync(verb, body);
        Assert.True(status == 200, $"{verb}: {status} {answer}");
        return answer;
    }

    protected async Task<(int Status, JsonNode Body)> TryControlAsync(string verb, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PostAsync(new Uri($"../../devnet/{verb}", UriKind.Relative), content, Stop);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!);
    }
}
