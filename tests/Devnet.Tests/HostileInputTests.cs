using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>Whatever comes over the wire: an error of the API's shape, nothing changed, and everybody else is still served.</summary>
public sealed class HostileInputTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
    private DevnetHttp _devnet = null!;

    public async ValueTask InitializeAsync()
    {
        output.WriteLine($"MASUMI_TEST_SEED={_seed}");
        _devnet = await DevnetHttp.StartAsync();
    }

    public ValueTask DisposeAsync() => _devnet.DisposeAsync();

    [Theory]
    [InlineData("tx/submit")]
    [InlineData("utils/txs/evaluate")]
    public async Task Random_truncated_and_changed_bytes_are_refused_or_are_a_transaction(string path)
    {
        var random = new Random(_seed);
        var payment = Wallet.Alice.Pay(_devnet.Funded(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10)).Bytes.ToArray();
        var height = _devnet.Chain.Tip.Height;
        for (var run = 0; run < 300; run++)
        {
            var body = (run % 3) switch
            {
                0 => RandomBytes(random, random.Next(600)),
                1 => payment[..random.Next(payment.Length)],
                _ => Changed(random, payment),
            };
            if (random.Next(4) == 0)
            {
                body = Encoding.ASCII.GetBytes(Convert.ToHexString(body));
            }

            var (status, answer) = await _devnet.PostAsync(path, body);

            // A changed byte can leave the body as it was: signatures and metadata aside, evaluation looks at nothing else.
            Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.OK, $"run {run}: {status} {answer} for {Convert.ToHexString(body)}");
            AssertIsError(status, answer);
        }

        Assert.InRange(_devnet.Chain.Tip.Height, height, height + 1);
    }

    [Theory]
    [InlineData("5b7fffffffffffffff")] // a byte string of 2^63-1 bytes
    [InlineData("9b7fffffffffffffff")] // a list of as many items
    [InlineData("9bffffffffffffffff00")]
    [InlineData("bb7fffffffffffffff")]
    [InlineData("849b7fffffffffffffffa0f5f6")]
    [InlineData("84a1009b7fffffffffffffff")]
    [InlineData("84a10081825b7fffffffffffffff00")]
    [InlineData("5f5b7fffffffffffffff")]
    [InlineData("7b7fffffffffffffff")]
    [InlineData("dbffffffffffffffff")]
    public async Task Lengths_beyond_all_memory_are_refused(string hex)
    {
        foreach (var path in new[] { "tx/submit", "utils/txs/evaluate" })
        {
            var (status, answer) = await _devnet.PostAsync(path, Convert.FromHexString(hex));

            Assert.Equal(HttpStatusCode.BadRequest, status);
            AssertIsError(status, answer);
        }
    }

    [Theory]
    [InlineData(0x81)] // lists within lists
    [InlineData(0x9f)]
    [InlineData(0xa1)]
    [InlineData(0xbf)]
    [InlineData(0xd8)]
    [InlineData(0xc2)]
    [InlineData(0x5f)]
    public async Task Deep_nesting_is_refused_wherever_it_stands(byte opener)
    {
        var deep = Enumerable.Repeat(opener, 200_000).ToArray();
        foreach (var body in new[] { deep, [0x84, .. deep], [0x84, 0xa0, 0xa1, 0x04, .. deep], [0x84, 0xa0, 0xa0, 0xf5, .. deep] })
        {
            var (status, answer) = await _devnet.PostAsync("tx/submit", body);

            Assert.Equal(HttpStatusCode.BadRequest, status);
            AssertIsError(status, answer);
        }
    }

    [Fact]
    public async Task What_is_nested_deeply_and_still_legal_can_be_looked_at()
    {
        // Lists within lists as a datum, 'all of' within 'all of' as a reference script.
        var datum = Datum.FromCbor(Enumerable.Repeat((byte)0x81, 3_000).Append((byte)0x00).ToArray());
        var deepest = Datum.FromCbor(Enumerable.Repeat((byte)0x81, PlutusDataJson.MaxDepth - 1).Append((byte)0x00).ToArray());
        var script = new Script(
            ScriptLanguage.Native,
            Enumerable.Repeat<byte[]>([0x82, 0x01, 0x81], 900).SelectMany(b => b).Concat<byte>([0x82, 0x04, 0x00]).ToArray()
        );
        var funded = _devnet.Funded(Wallet.Alice);
        var payment = Wallet.Alice.Pay(
            funded,
            Wallet.Bob.Address,
            Lovelace.FromAda(40),
            b =>
                b with
                {
                    Outputs =
                    [
                        b.Outputs[0] with
                        {
                            Datum = new TxDatum.Inline(datum),
                            ReferenceScript = script,
                        },
                        b.Outputs[1] with
                        {
                            Datum = new TxDatum.Inline(deepest),
                        },
                    ],
                }
        );
        var (status, answer) = await _devnet.PostAsync("tx/submit", WithFee(payment, funded, new Lovelace(900_000)).Bytes);
        Assert.True(status == HttpStatusCode.OK, $"{answer}");

        Assert.Null((await _devnet.GetAsync($"scripts/datum/{datum.Hash}"))["json_value"]);
        Assert.NotNull((await _devnet.GetAsync($"scripts/datum/{deepest.Hash}"))["json_value"]);
        Assert.Equal(Convert.ToHexStringLower(datum.Bytes.Span), (string)(await _devnet.GetAsync($"scripts/datum/{datum.Hash}/cbor"))["cbor"]!);
        Assert.Null((await _devnet.GetAsync($"scripts/{script.Hash}/json"))["json"]);
        await _devnet.GetAsync($"addresses/{Wallet.Bob.Address}/utxos");
        var shown = await _devnet.GetAsync($"devnet/transactions/{(string)answer!}");
        Assert.Null(shown["outputs"]![0]!["datum"]!["json"]);
    }

    [Fact]
    public async Task A_body_of_a_hundred_megabytes_is_turned_away_before_it_is_sent()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, $"POST /tx/submit HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nContent-Length: {100 * Megabyte}\r\n\r\n");

        // Not one byte of the body was sent.
        Assert.StartsWith("HTTP/1.1 413 ", await ReadAsync(client), StringComparison.Ordinal);
        await StillServedAsync();
    }

    [Fact]
    public async Task A_body_that_does_not_say_how_long_it_is_is_cut_off_at_the_limit()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, "POST /tx/submit HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes("10000\r\n").Concat(new byte[0x10000]).Concat("\r\n"u8.ToArray()).ToArray();
        var sent = 0;
        try
        {
            for (; sent < 100 * Megabyte / 0x10000; sent++)
            {
                await client.GetStream().WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // The server closed the connection.
        }

        Assert.True(sent < 100 * Megabyte / 0x10000, "All of it was taken.");
        await StillServedAsync();
    }

    [Fact]
    public async Task Half_requests_keep_nobody_waiting()
    {
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                var client = await ConnectAsync();
                clients.Add(client);
                var half = (i % 4) switch
                {
                    0 => "",
                    1 => "GET /blocks/la",
                    2 => "POST /tx/submit HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nContent-Length: 1000\r\n\r\n\u0084",
                    _ => "POST /utils/txs/evaluate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                };
                await SendAsync(client, half);
            }

            await StillServedAsync();
            Assert.IsType<DevnetFunding.Paid>(_devnet.Chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(5))));
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }

        await StillServedAsync();
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_keep_a_server_from_stopping()
    {
        var other = await DevnetServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, other.BaseUrl.Port);
        await SendAsync(client, "POST /tx/submit HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nContent-Length: 1000\r\n\r\nhalf");

        await other.DisposeAsync();

        Assert.Equal("", await ReadAsync(client));
    }

    [Fact]
    public async Task Noise_on_the_wire_harms_nobody()
    {
        var random = new Random(_seed);
        for (var run = 0; run < 50; run++)
        {
            using var client = await ConnectAsync();
            await client.GetStream().WriteAsync(RandomBytes(random, 1 + random.Next(2000)));
            using var stream = client.GetStream();
            client.Client.Shutdown(SocketShutdown.Send);
            await ReadAsync(stream);
        }

        await StillServedAsync();
    }

    // A name that somebody else's server resolves to this machine: its pages are no guests here, though their browser names no other origin.
    [Theory]
    [InlineData("evil.example", "/devnet/accounts", 403)]
    [InlineData("evil.example", "/blocks/latest", 200)]
    [InlineData("LOCALHOST:1", "/devnet/accounts", 200)]
    [InlineData("[::1]:1", "/devnet/accounts", 200)]
    [InlineData("127.0.0.1:1", "/devnet/accounts", 200)]
    public async Task Controls_answer_to_this_machines_names_only(string host, string path, int status)
    {
        using var client = await ConnectAsync();
        await SendAsync(client, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", await ReadAsync(client), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("PUT", "/tx/submit")]
    [InlineData("DELETE", "/blocks/latest")]
    [InlineData("PATCH", "/devnet/mine")]
    [InlineData("FOO", "/health")]
    [InlineData("POST", "/blocks/latest")]
    [InlineData("GET", "/blocks/latest/txs/cbor/more")]
    [InlineData("GET", "/api/v0/api/v0/health")]
    [InlineData("GET", "/txs/..%2f..%2fetc%2fpasswd")]
    [InlineData("GET", "/page/../../Masumi.Devnet.dll")]
    [InlineData("GET", "/page/page.cs")]
    [InlineData("GET", "/%F0%9F%92%B8")]
    [InlineData("GET", "/assets/%ff%fe")]
    public async Task Unknown_paths_and_methods_are_errors_of_the_usual_shape(string method, string path)
    {
        using var client = await ConnectAsync();
        await SendAsync(client, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        var answer = await ReadAsync(client);

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        var error = JsonNode.Parse(answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!;
        Assert.Equal(answer[9..12], $"{error["status_code"]}");
        Assert.NotEmpty((string)error["message"]!);
    }

    [Fact]
    public async Task Every_path_answers_nonsense_with_an_error()
    {
        var random = new Random(_seed);
        string[] paths =
        [
            "blocks/{}",
            "blocks/{}/next",
            "blocks/slot/{}",
            "blocks/epoch/{}/slot/{}",
            "epochs/{}",
            "epochs/{}/parameters",
            "txs/{}",
            "txs/{}/utxos",
            "addresses/{}",
            "addresses/{}/utxos/{}",
            "addresses/{}/transactions?from={}&to={}",
            "accounts/{}",
            "assets/{}",
            "assets/policy/{}",
            "scripts/{}",
            "scripts/datum/{}",
            "metadata/txs/labels/{}",
            "mempool/{}",
            "mempool/addresses/{}",
            "assets?count={}",
            "assets?page={}",
            "assets?order={}",
            "devnet/transactions/{}",
        ];
        foreach (var path in paths)
        {
            for (var run = 0; run < 20; run++)
            {
                var filled = path;
                while (filled.Contains("{}", StringComparison.Ordinal))
                {
                    filled = filled.Insert(filled.IndexOf("{}", StringComparison.Ordinal), Uri.EscapeDataString(Nonsense(random)));
                    filled = filled.Remove(filled.IndexOf("{}", StringComparison.Ordinal), 2);
                }

                var (status, answer) = await _devnet.SendAsync(filled);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{filled}: {status} {answer}");
                AssertIsError(status, answer);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cbor":1}""")]
    [InlineData("""{"cbor":"zz"}""")]
    [InlineData("""{"cbor":"\ud800"}""")]
    [InlineData("""{"cbor":"84a0"}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":{}}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[1]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{},{}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"x","value":{"coins":1}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":-1}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1e99}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":65536},{"address":"ADDRESS","value":{"coins":1}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1,"assets":{"x":1}}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1},"datum":"5b7fffffffffffffff"}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1},"datumHash":"00"}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1},"script":{"plutus:v9":"00"}}]]}""")]
    [InlineData("""{"cbor":"80","additionalUtxoSet":[[{"txId":"IN","index":0},{"address":"ADDRESS","value":{"coins":1},"script":{"plutus:v3":"zz"}}]]}""")]
    public async Task Evaluations_of_nonsense_are_bad_requests(string json)
    {
        var body = json.Replace("IN", new string('0', 64), StringComparison.Ordinal).Replace("ADDRESS", $"{Wallet.Alice.Address}", StringComparison.Ordinal);

        var (status, answer) = await _devnet.PostJsonAsync("utils/txs/evaluate/utxos", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        AssertIsError(status, answer);
    }

    [Fact]
    public async Task Json_nested_beyond_measure_is_a_bad_request()
    {
        foreach (var opener in new[] { "[", """{"cbor":""", """{"cbor":"80","additionalUtxoSet":[[""" })
        {
            var deep = opener + string.Concat(Enumerable.Repeat("[", 100_000));
            foreach (var path in new[] { "utils/txs/evaluate/utxos", "devnet/fund", "devnet/mine" })
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await _devnet.PostJsonAsync(path, deep)).Status);
            }
        }
    }

    private async Task StillServedAsync() => Assert.True((bool)(await _devnet.GetAsync("health"))["is_healthy"]!);

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _devnet.Server.BaseUrl.Port);
        return client;
    }

    private static async Task SendAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    // The head and what follows until the answer is complete or the connection ends.
    private static Task<string> ReadAsync(TcpClient client) => ReadAsync(client.GetStream());

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var received = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (received.ToString().EndsWith('}'))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Reset by the server.
        }

        return received.ToString();
    }

    private static void AssertIsError(HttpStatusCode status, JsonNode? answer)
    {
        if (status != HttpStatusCode.OK)
        {
            Assert.Equal((int)status, (int)answer!["status_code"]!);
            Assert.NotEmpty((string)answer["error"]!);
            Assert.NotEmpty((string)answer["message"]!);
        }
    }

    private static Transaction WithFee(Transaction payment, Utxo funded, Lovelace fee)
    {
        var (first, second) = (payment.Body.Outputs[0], payment.Body.Outputs[1]);
        var body = payment.Body with { Fee = fee, Outputs = [first, second with { Value = funded.Output.Value - first.Value - Value.Of(fee) }] };
        var unsigned = Transaction.Create(body, WitnessSet.Empty);
        return unsigned.WithVKeys([Wallet.Alice.Keys.Payment.Witness(unsigned.Id)]);
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Changed(Random random, byte[] original)
    {
        var bytes = original.ToArray();
        for (var i = 0; i <= random.Next(3); i++)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static string Nonsense(Random random) =>
        random.Next(9) switch
        {
            0 => new string('0', 64),
            1 => Convert.ToHexStringLower(RandomBytes(random, random.Next(70))),
            2 => $"{random.NextInt64(long.MinValue, long.MaxValue)}",
            3 => $"{random.Next(10)}",
            4 => new string((char)random.Next(1, 0xd7ff), random.Next(1, 40)),
            5 => $"addr_test1{Convert.ToHexStringLower(RandomBytes(random, 20))}",
            6 => Bech32.Encode("stake_test", RandomBytes(random, random.Next(60))),
            7 => $"{random.Next(-2, 3)}:{random.Next(-2, 3)}:{random.Next(3)}"[..random.Next(1, 5)],
            _ => "999999999999999999999999999999",
        };
}
