using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A devnet, a folder, and settings of a node that fit both; tests change what they are about.</summary>
public abstract class NodeOnDevnet : IAsyncLifetime
{
    private DevnetServer _devnet = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where the node keeps what it keeps.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("masumi-node-").FullName;

    /// <summary>The node's database.</summary>
    protected string File => Path.Combine(Folder, "node.db");

    /// <summary>The provider's address, as settings name it.</summary>
    protected string ChainUrl => new Uri(_devnet.BaseUrl, "api/v0").ToString();

    private protected DevnetServer Devnet => _devnet;

    public async ValueTask InitializeAsync() => _devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);

    public async ValueTask DisposeAsync()
    {
        await _devnet.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Settings with which a node starts, changed.</summary>
    protected JsonObject Good(Action<JsonObject>? change = null)
    {
        var json = TestSettings.Good(Folder, ChainUrl);
        change?.Invoke(json);
        return json;
    }

    /// <summary>Every file of the folder with the hash of what is in it; a killed node's socket has nothing in it.</summary>
    protected List<string> Files() =>
        [
            .. Directory
                .GetFiles(Folder)
                .Where(f => !f.EndsWith(".control", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(f)))}"),
        ];

    private protected static Task<PaymentNode> StartAsync(JsonObject json) =>
        PaymentNode.StartAsync(PaymentNodeOptions.Of(TestSettings.Read(json)), NullLoggerFactory.Instance, Stop);

    private protected static Task<string> KeyAsync(PaymentNode node, string permission) => KeyAsync(node.BaseUrl, permission);

    private protected static async Task<string> KeyAsync(Uri node, string permission)
    {
        var body = new JsonObject
        {
            ["permission"] = permission,
            ["usageLimited"] = "false",
            ["UsageCredits"] = new JsonArray(),
        };
        return (string)(await CallAsync(node, HttpMethod.Post, "api-key", TestSettings.AdminKey, body))["token"]!;
    }

    private protected static Task<JsonNode> CallAsync(PaymentNode node, HttpMethod method, string path, string key, JsonObject? body) =>
        CallAsync(node.BaseUrl, method, path, key, body);

    private protected static async Task<JsonNode> CallAsync(Uri node, HttpMethod method, string path, string key, JsonObject? body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(node, "api/v1/" + path));
        request.Headers.Add("token", key);
        request.Content = body is null ? null : JsonContent.Create((JsonNode)body);
        using var response = await http.SendAsync(request, Stop);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        return answer["data"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }
}
