using System.Net;
using System.Text.Json.Nodes;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Devnet.Tests;

/// <summary>Transactions of another chain, of every kind there is: the devnet refuses them, evaluates them as far as it can, and shows them decoded.</summary>
public sealed class ForeignTransactionTests : IAsyncLifetime
{
    private DevnetHttp _devnet = null!;

    public async ValueTask InitializeAsync() => _devnet = await DevnetHttp.StartAsync();

    public ValueTask DisposeAsync() => _devnet.DisposeAsync();

    [Fact]
    public async Task Every_transaction_of_mainnet_is_refused_and_shown()
    {
        var file = SharedData.Require("vectors", "conway-transactions.json");
        var hexes = JsonNode.Parse(await File.ReadAllTextAsync(file))!["transactions"]!.AsArray().Select(t => (string)t!["txCborHex"]!).ToArray();
        Assert.True(hexes.Length > 50);
        foreach (var hex in hexes)
        {
            await ShowAsync(hex);
        }
    }

    [Fact]
    public async Task Every_transaction_made_to_test_ledgers_is_refused_and_shown()
    {
        var folder = SharedData.Require("vectors", "amaru-ledger", "transaction", "scenarios");
        var files = Directory.GetFiles(folder, "*.json");
        Assert.True(files.Length > 200);
        foreach (var file in files)
        {
            await ShowAsync((string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["transaction"]!);
        }
    }

    [Theory]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("1b8000000000000000", "9223372036854775808")]
    public async Task More_money_than_there_can_be_is_refused_and_shown(string coin, string shown)
    {
        var input = _devnet.Funded(Wallet.Alice).Input;
        var address = Convert.ToHexStringLower(Wallet.Bob.Address.Bytes.Span);
        var hex = $"84a30081825820{input.TxId}{input.Index:x2}018182583900{address[2..]}{coin}02{coin}a0f5f6";

        var answer = await ShowAsync(hex);

        Assert.Equal(shown, (string)answer["outputs"]![0]!["amount"]![0]!["quantity"]!);
        Assert.Equal(shown, (string)answer["fee"]!);
        Assert.Contains("ValueNotConservedUTxO", answer["failures"]!.AsArray().Select(f => (string)f!["predicate"]!));
    }

    private async Task<JsonNode> ShowAsync(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var (evaluated, evaluation) = await _devnet.PostAsync("utils/txs/evaluate", System.Text.Encoding.ASCII.GetBytes(hex));
        Assert.True(evaluated is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{evaluated} {evaluation} for {hex}");
        var (status, refusal) = await _devnet.PostAsync("tx/submit", bytes);
        Assert.True(status == HttpStatusCode.BadRequest, $"{status} {refusal} for {hex}");
        Transaction transaction;
        try
        {
            transaction = Transaction.FromCbor(bytes);
        }
        catch (CborFormatException)
        {
            // Some are no transactions; nobody can be shown these.
            return new JsonObject();
        }

        var (found, shown) = await _devnet.SendAsync($"devnet/transactions/{transaction.Id}");
        Assert.True(found == HttpStatusCode.OK, $"{found} {shown} for {hex}");
        return shown!;
    }
}
