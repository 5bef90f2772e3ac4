using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>Plutus scripts on the devnet: evaluation over HTTP, spending, and the loss of collateral.</summary>
public sealed class ScriptTests : IAsyncLifetime
{
    private static readonly Script Accepts = ScriptSpend.Accepts;
    private static readonly Script Refuses = ScriptSpend.Refuses;

    private readonly HttpClient _http = new();
    private DevnetServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await DevnetServer.StartAsync();
        _http.BaseAddress = _server.BaseUrl;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Evaluation_gives_the_units_a_script_uses()
    {
        var spend = Spend(Accepts);

        var five = await EvaluateAsync(spend, "");
        var six = await EvaluateAsync(spend, "?version=6");

        var budget = five["result"]!["EvaluationResult"]!["spend:0"]!;
        Assert.Equal("""{"purpose":"spend","index":0}""", six["result"]![0]!["validator"]!.ToJsonString());
        Assert.Equal((long)budget["memory"]!, (long)six["result"]![0]!["budget"]!["memory"]!);
        Assert.Equal((long)budget["steps"]!, (long)six["result"]![0]!["budget"]!["cpu"]!);
        Assert.True((long)budget["memory"]! > 0);
    }

    [Fact]
    public async Task Evaluation_reports_a_refusal_and_unknown_inputs_with_status_200()
    {
        var refused = await EvaluateAsync(Spend(Refuses), "");
        var unknown = await EvaluateAsync(Spend(Accepts, new TxInput(default, 0)), "");

        Assert.NotNull(refused["result"]!["EvaluationFailure"]!["ScriptFailures"]!["spend:0"]![0]!["validatorFailed"]);
        Assert.NotNull(unknown["result"]!["EvaluationFailure"]!["UnknownInputs"]);
    }

    [Fact]
    public async Task Evaluation_tells_a_missing_script_from_a_redeemer_too_many()
    {
        var spend = Spend(Accepts);
        var bare = Transaction.Create(spend.Body, spend.Witnesses with { Scripts = [] });
        var pointer = new RedeemerPointer(RedeemerTag.Mint, 3);
        var more = spend.Witnesses.Redeemers.Add(new Redeemer(pointer, Datum.Of(PlutusData.I(1)), default));
        var extra = Transaction.Create(spend.Body, spend.Witnesses with { Redeemers = more });

        var missing = (await EvaluateAsync(bare, ""))["result"]!["EvaluationFailure"]!["ScriptFailures"]!;
        var tooMany = (await EvaluateAsync(extra, ""))["result"]!["EvaluationFailure"]!["ScriptFailures"]!;
        var six = (await EvaluateAsync(bare, "?version=6"))["error"]!;

        Assert.Equal("""["spend:0"]""", missing["spend:0"]![0]!["missingRequiredScripts"]!["missing"]!.ToJsonString());
        Assert.Equal("""["mint:3"]""", tooMany["mint:3"]![0]!["extraRedeemers"]!.ToJsonString());
        Assert.Equal(3010, (int)six["code"]!);
        Assert.Equal(3011, (int)six["data"]![0]!["error"]!["code"]!);
        Assert.Equal(3110, (int)(await EvaluateAsync(extra, "?version=6"))["error"]!["data"]![0]!["error"]!["code"]!);
    }

    [Fact]
    public async Task Evaluation_knows_outputs_it_is_given()
    {
        var nowhere = new TxInput(TransactionId.Parse(new string('a', 64)), 1);
        var spend = Spend(Accepts, nowhere);
        var address = Address.Create(NetworkId.Testnet, Credential.Script(Accepts.Hash));
        var cbor = Convert.ToHexStringLower(spend.Bytes.Span);
        string[] additional =
        [
            // Ogmios 5, Ogmios 6, and the mixture some clients write.
            """[[{"txId":"TXID","index":1},{"address":"ADDRESS","value":{"coins":10000000,"assets":{"SCRIPT.61":7}}}]]""",
            """[[{"transaction":{"id":"TXID"},"index":1},{"address":"ADDRESS","value":{"ada":{"lovelace":10000000},"SCRIPT":{"61":7}}}]]""",
            """[[{"txId":"TXID","index":1},{"address":"ADDRESS","value":{"coins":"10000000","SCRIPT":{"61":7}},"datum":"00","datumHash":null}]]""",
        ];
        foreach (
            var set in additional.Select(a =>
                a.Replace("TXID", $"{nowhere.TxId}", StringComparison.Ordinal)
                    .Replace("ADDRESS", $"{address}", StringComparison.Ordinal)
                    .Replace("SCRIPT", $"{Accepts.Hash}", StringComparison.Ordinal)
            )
        )
        {
            using var content = new StringContent($$"""{"cbor":"{{cbor}}","additionalUtxoSet":{{set}}}""", Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri("utils/txs/evaluate/utxos", UriKind.Relative), content);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

            Assert.True((long?)answer["result"]?["EvaluationResult"]?["spend:0"]?["memory"] > 0, $"{answer}");
        }
    }

    [Fact]
    public async Task A_script_that_accepts_pays_out_and_its_run_is_on_record()
    {
        var spend = Spend(Accepts);

        Assert.IsType<DevnetSubmission.Accepted>(_server.Chain.Submit(spend));

        var redeemer = (await GetAsync($"txs/{spend.Id}/redeemers"))[0]!;
        Assert.Equal("spend", (string)redeemer["purpose"]!);
        Assert.Equal($"{Accepts.Hash}", (string)redeemer["script_hash"]!);
        Assert.Equal("plutusV3", (string)(await GetAsync($"scripts/{Accepts.Hash}"))["type"]!);
        Assert.Equal("450101002499", (string)(await GetAsync($"scripts/{Accepts.Hash}/cbor"))["cbor"]!);
        var utxos = await GetAsync($"txs/{spend.Id}/utxos");
        Assert.Equal([false, true], utxos["inputs"]!.AsArray().Select(i => (bool)i!["collateral"]!));
    }

    [Fact]
    public void A_script_that_refuses_costs_nothing_unless_the_sender_says_so()
    {
        var spend = Spend(Refuses);

        var refused = Assert.IsType<DevnetSubmission.Refused>(_server.Chain.Submit(spend));

        Assert.Equal("ValidationTagMismatch", Assert.Single(refused.Failures).Predicate);
    }

    [Fact]
    public async Task A_transaction_flagged_invalid_loses_its_collateral()
    {
        var spend = Spend(Refuses, isValid: false);

        Assert.IsType<DevnetSubmission.Accepted>(_server.Chain.Submit(spend));

        var transaction = await GetAsync($"txs/{spend.Id}");
        Assert.False((bool)transaction["valid_contract"]!);
        Assert.Equal("3000000", (string)transaction["fees"]!);
        var output = Assert.Single((await GetAsync($"txs/{spend.Id}/utxos"))["outputs"]!.AsArray())!;
        Assert.True((bool)output["collateral"]!);
        Assert.Equal(1, (int)output["output_index"]!);
        Assert.NotNull(_server.Chain.State.Find(spend.Body.Inputs[0]));
    }

    private Transaction Spend(Script script, TxInput? instead = null, bool isValid = true) => ScriptSpend.Of(_server.Chain, script, instead, isValid);

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private async Task<JsonNode> EvaluateAsync(Transaction transaction, string query)
    {
        using var content = new StringContent(Convert.ToHexStringLower(transaction.Bytes.Span), Encoding.ASCII);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        using var response = await _http.PostAsync(new Uri($"utils/txs/evaluate{query}", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
