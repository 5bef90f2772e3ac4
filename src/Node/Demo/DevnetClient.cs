using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Node.Demo;

/// <summary>A transaction as the devnet's public API tells it.</summary>
internal sealed record TransactionFacts(string Id, int Bytes, Lovelace Fee, ExUnits Units, long Block, long Slot);

/// <summary>The devnet over HTTP: its public Blockfrost paths, and the verbs only a devnet has (money, time).</summary>
internal sealed class DevnetClient(HttpClient http, Uri baseUrl)
{
    /// <summary>Pays from the faucet: amounts as people type them.</summary>
    public async Task FundAsync(Address address, string[] amounts, CancellationToken cancellation) =>
        await PostAsync(
            "devnet/fund",
            new JsonObject { ["address"] = address.ToString(), ["amounts"] = new JsonArray([.. amounts.Select(a => (JsonNode)a)]) },
            cancellation
        );

    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellation) =>
        await PostAsync("devnet/advance", new JsonObject { ["seconds"] = (long)by.TotalSeconds }, cancellation);

    public async Task<Address> FaucetAsync(CancellationToken cancellation) =>
        Address.Parse((string)(await GetAsync("devnet", cancellation))["faucet_address"]!);

    /// <summary>All that is at an address.</summary>
    public async Task<Value> BalanceAsync(Address address, CancellationToken cancellation) => Sum(await OutputsAsync(address, cancellation));

    /// <summary>What is at an address in outputs that hold tokens.</summary>
    public async Task<Value> TiedAsync(Address address, CancellationToken cancellation) =>
        Sum((await OutputsAsync(address, cancellation)).Where(o => o["amount"]!.AsArray().Count > 1));

    /// <summary>What a transaction paid to an address.</summary>
    public async Task<Value> PaidAsync(string id, Address address, CancellationToken cancellation) =>
        Sum((await GetAsync($"api/v0/txs/{id}/utxos", cancellation))["outputs"]!.AsArray().Where(o => (string)o!["address"]! == address.ToString())!);

    /// <summary>How many transactions of the whole chain failed their scripts.</summary>
    public async Task<int> FailedScriptsAsync(CancellationToken cancellation)
    {
        var latest = await GetAsync("api/v0/blocks/latest", cancellation);
        var failed = 0;
        for (var height = 1L; height <= (long)latest["height"]!; height++)
        {
            foreach (var id in (await GetAsync($"api/v0/blocks/{height}/txs", cancellation)).AsArray())
            {
                failed += (bool)(await GetAsync($"api/v0/txs/{(string)id!}", cancellation))["valid_contract"]! ? 0 : 1;
            }
        }

        return failed;
    }

    public async Task<TransactionFacts> TransactionAsync(string id, CancellationToken cancellation)
    {
        var tx = await GetAsync($"api/v0/txs/{id}", cancellation);
        var redeemers = (await GetAsync($"api/v0/txs/{id}/redeemers", cancellation)).AsArray();
        return new TransactionFacts(
            id,
            (int)tx["size"]!,
            new Lovelace(Number(tx["fees"])),
            new ExUnits(redeemers.Sum(r => Number(r!["unit_mem"])), redeemers.Sum(r => Number(r!["unit_steps"]))),
            (long)tx["block_height"]!,
            (long)tx["slot"]!
        );
    }

    /// <summary>The fees of every transaction of the chain.</summary>
    public async Task<Lovelace> AllFeesAsync(CancellationToken cancellation)
    {
        var latest = await GetAsync("api/v0/blocks/latest", cancellation);
        var total = 0L;
        for (var height = 1L; height <= (long)latest["height"]!; height++)
        {
            var block = await GetAsync($"api/v0/blocks/{height}", cancellation);
            total += block["fees"] is { } fees ? Number(fees) : 0;
        }

        return new Lovelace(total);
    }

    private async Task<List<JsonNode>> OutputsAsync(Address address, CancellationToken cancellation)
    {
        var outputs = new List<JsonNode>();
        for (var page = 1; ; page++)
        {
            using var response = await http.GetAsync(new Uri(baseUrl, $"api/v0/addresses/{address}/utxos?count=100&page={page}"), cancellation);
            if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                return outputs;
            }

            var rows = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonArray>(cancellation))!;
            outputs.AddRange(rows.Select(r => r!));
            if (rows.Count < 100)
            {
                return outputs;
            }
        }
    }

    private static Value Sum(IEnumerable<JsonNode> outputs) =>
        outputs
            .SelectMany(o => o["amount"]!.AsArray())
            .Select(a => ((string)a!["unit"]!, Number(a["quantity"])))
            .Aggregate(
                Value.Zero,
                (sum, a) => sum + (a is ("lovelace", var ada) ? Value.Of(new Lovelace(ada)) : Value.Of(Lovelace.Zero, AssetId.Parse(a.Item1), a.Item2))
            );

    private static long Number(JsonNode? node) => Digits.ReadSigned<long>(node!.ToString());

    private async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) =>
        (await http.GetFromJsonAsync<JsonNode>(new Uri(baseUrl, path), cancellation))!;

    private async Task PostAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(new Uri(baseUrl, path), body, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
