using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Verbs;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Node.Tests;

/// <summary><c>masumi tx explain</c>.</summary>
public sealed class TxExplainTests : IDisposable
{
    private static readonly WalletKeys Seller = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(new byte[32]));
    private static readonly WalletKeys Buyer = WalletKeys.FromMnemonic(Mnemonic.FromEntropy([.. new byte[31], 1]));
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);
    private static readonly EscrowContract Contract = ContractCatalog.DefaultInstance(EscrowFamily.V2, NetworkId.Testnet);
    private static readonly ResultHash Result = ResultHash.Parse(new string('2', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-explain-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_submission_is_said_in_words_and_accepted()
    {
        var (transaction, utxos) = Submission();
        var (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("tx", transaction), "--utxos", utxos);
        Assert.True(code == 0, output + error);
        Assert.Contains("SubmitResult on an escrow at escrow-v2 (V2): FundsLocked -> ResultSubmitted", output);
        Assert.Contains($"result hash none -> {Result}", output);
        Assert.Contains("seller, required, its signature verifies", output);
        Assert.Contains("2026-01-01T", output);
        Assert.Contains("accepted: nothing refuses it", output);

        // The same in hexadecimal, in a text envelope, and from standard input.
        var hex = Convert.ToHexStringLower(transaction.Bytes.Span);
        foreach (var form in (string[])[hex, $$"""{"type":"Tx ConwayEra","description":"","cborHex":"{{hex}}"}"""])
        {
            (code, var json, error) = await ProgramTests.RunAsync(form, "tx", "explain", "-", "--utxos", utxos, "--json");
            Assert.True(code == 0, error);
            var document = JsonNode.Parse(json)!;
            Assert.Equal("accepted", (string)document["verdict"]!);
            Assert.Equal("SubmitResult", (string)document["acts"]![0]!["action"]!);
            Assert.Equal("ResultSubmitted", (string)document["acts"]![0]!["after"]!["state"]!);
        }
    }

    [Fact]
    public async Task A_refused_transaction_names_the_rule_and_the_values_and_fails()
    {
        var (transaction, utxos) = Submission();
        var late = transaction.Body with { InvalidHereafter = SlotConfig.Preprod.SlotAt(Start.AddHours(5)) };
        var (code, output, error) = await ProgramTests.RunAsync(
            "",
            "tx",
            "explain",
            File("late", Transaction.Create(late, transaction.Witnesses)),
            "--utxos",
            utxos
        );
        Assert.Equal(1, code);
        Assert.True(error.Length == 0, error);
        Assert.Contains("REFUSES by the rule \"SubmitResult: before the submit time, or a correction before the dispute unlock time\"", output);
        Assert.Contains("(2026-01-01T05:00:00Z); required: before submit_result_time", output);
        Assert.Contains("its signature does NOT verify", output);
        // What is changed is not what was signed, which the ledger says before any script runs.
        Assert.Contains("the ledger: InvalidWitnessesUTXOW", output);

        var unsigned = Transaction.Create(transaction.Body with { RequiredSigners = [] }, transaction.Witnesses with { VKeys = [] });
        (code, var json, _) = await ProgramTests.RunAsync("", "tx", "explain", File("unsigned", unsigned), "--utxos", utxos, "--json");
        Assert.Equal(1, code);
        var script = JsonNode.Parse(json)!["scripts"]![0]!;
        Assert.Equal("SubmitResult: the seller signs", (string)script["rule"]!);
        Assert.Equal("Signer", (string)script["compared"]![0]!["rule"]!);
        Assert.Contains(Seller.Payment.KeyHash.ToString(), (string)script["compared"]![0]!["required"]!);
    }

    [Fact]
    public async Task Without_what_it_spends_nothing_is_judged_and_that_is_said()
    {
        var (transaction, _) = Submission();
        var (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("tx", transaction));
        Assert.True(code == 0, error);
        Assert.Contains("unknown here", output);
        Assert.Contains("locks, or carries on, an escrow at escrow-v2", output);
        Assert.Contains("verdict unknown", output);
    }

    [Fact]
    public async Task The_devnet_says_what_a_transaction_does_and_by_which_rule_its_script_refuses()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions { Explain = ContractWords.Of(() => []) }, cancellation: Stop);
        using var http = new HttpClient { BaseAddress = devnet.BaseUrl };
        var chain = devnet.Chain;
        var wallet = Seller.BaseAddress(NetworkId.Testnet);
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<DevnetFunding.Paid>(chain.Fund(wallet, Value.Of(Lovelace.FromAda(50))));
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(chain.Clock.GetUtcNow().ToUnixTimeSeconds());
        var lockIt = Build(
            new TransactionPlan
            {
                ChangeAddress = wallet,
                Available = Coins(),
                Outputs = [new TxOutput(Contract.Address, Value.Of(Lovelace.FromAda(11)), Datum(now).ToInline())],
                Signers = [Seller.Payment],
            },
            chain.Parameters,
            chain.Slots
        );
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(lockIt));
        Assert.Contains(await Lines(lockIt, "does"), line => line.StartsWith("locks an escrow at escrow-v2 (V2): FundsLocked", StringComparison.Ordinal));

        // The seller's name goes from the list of those who must sign; everything else is in order.
        var good = Submit(new Utxo(new TxInput(lockIt.Id, 0), lockIt.Body.Outputs[0]), Coins(), chain.Parameters, chain.Slots, now);
        var changed = Transaction.Create(good.Body with { RequiredSigners = [] }, good.Witnesses, good.AuxiliaryData);
        var signature = new VKeyWitness(Seller.Payment.PublicKey, Seller.Payment.Sign(changed.Id.ToArray()));
        var refused = Transaction.Create(changed.Body, changed.Witnesses with { VKeys = [signature] }, changed.AuxiliaryData);
        using var content = new ByteArrayContent(refused.Bytes.ToArray());
        content.Headers.ContentType = new("application/cbor");
        using var answer = await http.PostAsync(new Uri("api/v0/tx/submit", UriKind.Relative), content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        const string Rule = "SubmitResult: the seller signs";
        Assert.Contains(Rule, await answer.Content.ReadAsStringAsync(Stop));
        Assert.Contains(await Lines(refused, "refused_by"), line => line.Contains(Rule, StringComparison.Ordinal));
        Assert.Contains(await Lines(refused, "refused_by"), line => line.Contains($"required: the key {Seller.Payment.KeyHash}", StringComparison.Ordinal));
        Assert.Contains(Rule, await http.GetStringAsync(new Uri("devnet/refusals", UriKind.Relative), Stop));

        // The same from outside, asking the chain.
        var url = new Uri(devnet.BaseUrl, "api/v0").ToString();
        var (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("refused", refused), "--chain", url);
        Assert.True(code == 1, output + error);
        Assert.Contains($"REFUSES by the rule \"{Rule}\"", output);
        (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("good", good), "--chain", url);
        Assert.True(code == 0, output + error);
        Assert.Contains("accepted: nothing refuses it", output);
        (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("lock", lockIt), "--chain", url);
        Assert.True(code == 0, output + error);
        Assert.Contains("note: it is in block", output);

        ImmutableArray<Utxo> Coins() => [.. chain.State.Utxos.Where(u => u.Value.Address == wallet).Select(u => new Utxo(u.Key, u.Value))];

        async Task<List<string>> Lines(Transaction transaction, string name)
        {
            var shown = await http.GetStringAsync(new Uri($"devnet/transactions/{transaction.Id}", UriKind.Relative), Stop);
            return [.. JsonNode.Parse(shown)![name]!.AsArray().Select(line => (string)line!)];
        }
    }

    [Fact]
    public async Task A_flag_that_lies_is_refused_and_one_that_does_not_costs_the_collateral()
    {
        var (transaction, utxos) = Submission();
        var lying = Transaction.Create(transaction.Body, transaction.Witnesses, transaction.AuxiliaryData, isValid: false);
        var (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("lying", lying), "--utxos", utxos);
        Assert.True(code == 1, output + error);
        Assert.Contains("PassedUnexpectedly", output);
        Assert.EndsWith("REFUSED", output.TrimEnd(), StringComparison.Ordinal);

        // Too late for the contract, and signed by the seller: the ledger takes it, and the collateral.
        var late = Transaction.Create(transaction.Body with { InvalidHereafter = SlotConfig.Preprod.SlotAt(Start.AddHours(5)) }, transaction.Witnesses);
        var signature = new VKeyWitness(Seller.Payment.PublicKey, Seller.Payment.Sign(late.Id.ToArray()));
        var failing = Transaction.Create(late.Body, late.Witnesses with { VKeys = [signature] }, transaction.AuxiliaryData, isValid: false);
        (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("failing", failing), "--utxos", utxos);
        Assert.True(code == 1, output + error);
        Assert.EndsWith("only its collateral is taken, nothing else moves", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("FAILED", output);
    }

    [Fact]
    public async Task What_the_ledger_was_not_asked_is_not_accepted()
    {
        var (transaction, utxos) = Submission();
        var stranger = new TxInput(TransactionId.Parse(new string('9', 64)), 0);
        foreach (
            var (body, why) in ((TransactionBody, string)[])
                [
                    (transaction.Body with { Collateral = [stranger] }, "its collateral 9999"),
                    (
                        transaction.Body with
                        {
                            Withdrawals = [KeyValuePair.Create(Address.Reward(NetworkId.Testnet, Credential.Key(Seller.Stake.KeyHash)), Lovelace.Zero)],
                        },
                        "it has withdrawals"
                    ),
                ]
        )
        {
            var changed = Transaction.Create(body, transaction.Witnesses);
            var signature = new VKeyWitness(Seller.Payment.PublicKey, Seller.Payment.Sign(changed.Id.ToArray()));
            var signed = Transaction.Create(changed.Body, changed.Witnesses with { VKeys = [signature] });
            var (code, output, error) = await ProgramTests.RunAsync("", "tx", "explain", File("open", signed), "--utxos", utxos);
            Assert.True(code == 0, output + error);
            Assert.Contains("verdict unknown", output);
            Assert.Contains(why, output);
        }
    }

    [Fact]
    public async Task Numbers_beyond_all_there_can_be_are_refused_and_said_as_they_are_written()
    {
        var (transaction, utxos) = Submission();
        foreach (
            var (body, said) in ((TransactionBody, string)[])
                [
                    (transaction.Body with { Fee = new Lovelace(long.MaxValue) }, "fee 18446744073709.551615 ADA"),
                    (transaction.Body with { InvalidBefore = new Slot(long.MaxValue) }, "valid slot 18446744073709551615"),
                    (transaction.Body with { InvalidHereafter = new Slot(long.MaxValue) }, "until slot 18446744073709551615"),
                ]
        )
        {
            var most = Convert.ToHexStringLower(Transaction.Create(body, transaction.Witnesses).Bytes.Span);
            var beyond = most.Replace("1b7fffffffffffffff", "1bffffffffffffffff", StringComparison.Ordinal);
            var (code, output, error) = await ProgramTests.RunAsync(beyond, "tx", "explain", "-", "--utxos", utxos);
            Assert.True(code == 1, output + error);
            Assert.Equal("", error);
            Assert.Contains(said, output);
            Assert.EndsWith("REFUSED", output.TrimEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_provider_that_hangs_is_given_up_for_all_its_questions_together()
    {
        var said = await Assert.ThrowsAsync<IOException>(() =>
            TxExplain.WithinAsync(
                TimeSpan.FromMilliseconds(50),
                async stop =>
                {
                    await Task.Delay(Timeout.Infinite, stop);
                    return 0;
                },
                Stop
            )
        );
        Assert.Contains("0.05 seconds", said.Message);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("")]
    [InlineData("84a0")]
    [InlineData("{}")]
    [InlineData("{\"cborHex\":\"zz\"}")]
    public async Task What_is_no_transaction_is_refused_in_one_line(string text)
    {
        var (code, output, error) = await ProgramTests.RunAsync(text, "tx", "explain", "-");
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--utxos", "/nowhere")]
    [InlineData("--chain", "nowhere")]
    [InlineData("--chain", "http://127.0.0.1:9/")]
    [InlineData("--admin", "zz")]
    [InlineData("--utxos", "-")]
    public async Task What_cannot_be_used_or_asked_is_said_in_one_line(params string[] arguments)
    {
        var (transaction, _) = Submission();
        var (code, output, error) = await ProgramTests.RunAsync(Convert.ToHexStringLower(transaction.Bytes.Span), ["tx", "explain", "-", .. arguments]);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.Trim().Split('\n'));
    }

    private string File(string name, Transaction transaction)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, transaction.Bytes.ToArray());
        return path;
    }

    // The seller submits a result to an escrow of the default contract, well within every deadline.
    private (Transaction Transaction, string Utxos) Submission()
    {
        var escrow = new Utxo(
            new TxInput(TransactionId.Parse(new string('1', 64)), 0),
            new TxOutput(Contract.Address, Value.Of(Lovelace.FromAda(11)), Datum(Start).ToInline())
        );
        var coins = Enumerable
            .Range(1, 2)
            .Select(i => new Utxo(
                new TxInput(TransactionId.Parse(new string('e', 64)), i),
                new TxOutput(Seller.BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(50)))
            ))
            .ToList();
        var transaction = Submit(escrow, coins, ProtocolParameters.Mainnet, SlotConfig.Preprod, Start.AddMinutes(5));
        var utxos = Path.Combine(_folder, "utxos.json");
        var known = new JsonObject();
        foreach (var utxo in coins.Prepend(escrow))
        {
            known[utxo.Input.ToString()] = Convert.ToHexStringLower(utxo.Output.Bytes.Span);
        }

        System.IO.File.WriteAllText(utxos, known.ToJsonString());
        return (transaction, utxos);
    }

    private static Transaction Submit(Utxo escrow, IEnumerable<Utxo> coins, ProtocolParameters parameters, SlotConfig slots, DateTimeOffset now)
    {
        var leg = new EscrowTransactions(Contract, EscrowScript.Of(Contract), parameters, slots).SubmitResult(escrow, Result, now);
        return Build(
            EscrowPieces
                .Combine([Assert.IsType<LegResult.Ready>(leg).Leg])
                .Pieces.AddTo(
                    new TransactionPlan
                    {
                        ChangeAddress = Seller.BaseAddress(NetworkId.Testnet),
                        Available = [.. coins],
                        Signers = [Seller.Payment],
                    }
                ),
            parameters,
            slots
        );
    }

    private static Transaction Build(TransactionPlan plan, ProtocolParameters parameters, SlotConfig slots) =>
        Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, parameters, slots, new PlutusEvaluator())).Transaction;

    private static EscrowDatum Datum(DateTimeOffset start) =>
        new()
        {
            Family = EscrowFamily.V2,
            Buyer = Buyer.BaseAddress(NetworkId.Testnet),
            Seller = Seller.BaseAddress(NetworkId.Testnet),
            ReferenceKey = new ByteString(new byte[40]),
            ReferenceSignature = new ByteString(new byte[200]),
            SellerNonce = new ByteString(new byte[32]),
            BuyerNonce = new ByteString(new byte[10]),
            AgentIdentifier = new ByteString(new byte[60]),
            CollateralReturn = new Lovelace(1_500_000),
            InputHash = new ByteString(new byte[32]),
            Deadlines = new Deadlines(start, start.AddHours(2), start.AddHours(3), start.AddHours(4)),
        };
}
