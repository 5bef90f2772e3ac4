using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Verbs;
using Masumi.Protocol;

namespace Masumi.Node.Tests;

/// <summary><c>masumi dispute</c>: a dispute from its first lock to its settlement on the devnet's ledger.</summary>
public sealed class DisputeTests : IDisposable
{
    private static readonly string[] Words = [.. Enumerable.Range(1, 7).Select(i => Mnemonic.FromEntropy(SHA256.HashData([(byte)i])))];
    private static readonly WalletKeys Buyer = WalletKeys.FromMnemonic(Words[0]);
    private static readonly WalletKeys Seller = WalletKeys.FromMnemonic(Words[1]);
    private static readonly string[] Admins = Words[2..5];
    private static readonly EscrowContract Contract = OwnContract();

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-dispute-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_dispute_is_settled_as_two_of_three_admins_sign_and_not_before_its_time()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        using var chain = BlockfrostChain.Open(new BlockfrostOptions { BaseUrl = new Uri(devnet.BaseUrl, "api/v0") }, TimeProvider.System);
        var url = new Uri(devnet.BaseUrl, "api/v0").ToString();
        var escrow = await DisputedAsync(devnet.Chain, chain);

        string[] parameters = ["--required-admins", "2", "--admin", .. Contract.Admins.Select(a => a.ToString())];
        string[] propose = ["dispute", "intent", "--escrow", escrow.Input.ToString(), "--chain", url, .. parameters];
        var (code, output, error) = await ProgramTests.RunAsync("", [.. propose, "--buyer", "lovelace=900000000"]);
        Assert.True(code == 1, output + error);
        Assert.Contains("Payout", error);
        (code, output, error) = await ProgramTests.RunAsync("", [.. propose, "--buyer", $"lovelace={long.MaxValue}", "--seller", $"lovelace={long.MaxValue}"]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("Payout", Assert.Single(error.TrimEnd().Split('\n')));
        (code, output, error) = await ProgramTests.RunAsync("", propose);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("neither --buyer nor --seller", Assert.Single(error.TrimEnd().Split('\n')));

        (code, output, error) = await ProgramTests.RunAsync("", [.. propose, "--buyer", "lovelace=4000000", "--seller", "3", "ada"]);
        Assert.True(code == 0, error);
        Assert.Contains("the buyer gets at least 4 ADA, the seller at least 3 ADA", error);
        Assert.Contains("promised to nobody", error);
        var proposal = Save("proposal", output);
        var settlement = new DisputeSettlement(escrow.Input, Value.Of(Lovelace.FromAda(4)), Value.Of(Lovelace.FromAda(3)));
        Assert.Equal(settlement.Intent().ToString(), (string)JsonNode.Parse(output)!["intent"]!);

        // Before its time nobody signs.
        string[] sign = ["dispute", "sign", proposal, "--chain", url];
        (code, output, error) = await ProgramTests.RunAsync(Admins[0], sign);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("external_dispute_unlock_time", error);

        devnet.Chain.Advance(TimeSpan.FromHours(9));
        devnet.Chain.Mine();
        (code, output, error) = await ProgramTests.RunAsync(Admins[0], sign);
        Assert.True(code == 0, error);
        var raw = Save("raw", output);
        (code, output, error) = await ProgramTests.RunAsync(Admins[2], [.. sign, "--mode", "hashed"]);
        Assert.True(code == 0, error);
        var hashed = Save("hashed", output);
        (code, output, error) = await ProgramTests.RunAsync(Words[5], sign);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("one of the contract's admins", error);

        // One vote is not enough, and signing twice is one vote.
        Assert.IsType<DevnetFunding.Paid>(devnet.Chain.Fund(WalletKeys.FromMnemonic(Words[6]).BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(50))));
        (_, output, error) = await ProgramTests.RunAsync("", "dispute", "collect", raw, raw);
        Assert.Contains("1 votes; required: 2", error);
        (code, _, error) = await ProgramTests.RunAsync(Words[6], "dispute", "settle", Save("one", output), "--chain", url);
        Assert.Equal(1, code);
        Assert.Contains("AdminVotes: 1 votes; required: 2", error);

        (code, output, error) = await ProgramTests.RunAsync("", "dispute", "collect", proposal, raw, hashed);
        Assert.True(code == 0, error);
        (code, output, error) = await ProgramTests.RunAsync(Words[6], "dispute", "settle", Save("both", output), "--chain", url, "--json");
        Assert.True(code == 0, output + error);
        var id = TransactionId.Parse((string)JsonNode.Parse(output)!["transaction"]!);
        var settled = devnet.Chain.Blocks.SelectMany(b => b.Transactions).Single(t => t.Id == id);
        Assert.Contains(escrow.Input, settled.Body.Inputs);
        Assert.Equal(Lovelace.FromAda(4), settled.Body.Outputs.Single(o => o.Address == Buyer.BaseAddress(NetworkId.Testnet)).Value.Coin);
        Assert.Equal(Lovelace.FromAda(3), settled.Body.Outputs.Single(o => o.Address == Seller.BaseAddress(NetworkId.Testnet)).Value.Coin);
        Assert.Null(devnet.Chain.State.Find(escrow.Input));

        // Once it is spent there is nothing to divide.
        (code, output, error) = await ProgramTests.RunAsync(Admins[1], sign);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("has been spent", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task An_escrow_whose_address_does_not_follow_from_the_parameters_makes_no_case()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        using var chain = BlockfrostChain.Open(new BlockfrostOptions { BaseUrl = new Uri(devnet.BaseUrl, "api/v0") }, TimeProvider.System);
        var escrow = await DisputedAsync(devnet.Chain, chain);
        var url = new Uri(devnet.BaseUrl, "api/v0").ToString();
        string[] propose = ["dispute", "intent", "--escrow", escrow.Input.ToString(), "--chain", url, "--buyer", "4ada", "--seller", "3ada"];
        var (code, output, error) = await ProgramTests.RunAsync("", propose);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"{Contract.Address} is not the contract with 2 of these admins", Assert.Single(error.TrimEnd().Split('\n')));
        (code, _, error) = await ProgramTests.RunAsync("", [.. propose, "--foreign-script"]);
        Assert.True(code == 0, error);
        Assert.Contains("note: neither our contract", error);
        string[] parameters = ["--required-admins", "2", "--admin", .. Contract.Admins.Select(a => a.ToString()), "--cooldown", "420000"];
        (code, _, error) = await ProgramTests.RunAsync("", [.. propose, .. parameters]);
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task A_case_that_was_tampered_with_is_refused()
    {
        var key = WalletKeys.FromMnemonic(Admins[0]);
        var settlement = new DisputeSettlement(new TxInput(default, 0), Value.Of(Lovelace.FromAda(4)), Value.Zero);
        var dispute = new DisputeCase(Contract, settlement, []);
        var signed = dispute.With(dispute.Sign(key.Payment, key.BaseAddress(NetworkId.Testnet), hashed: true), out _)!;
        var json = signed.ToJson();
        Assert.Equal(json, DisputeCase.FromJson(System.Text.Encoding.UTF8.GetBytes(json)).ToJson());

        var other = (settlement with { BuyerValue = Value.Of(Lovelace.FromAda(5)) }).Intent();
        string[] tampered =
        [
            json.Replace("4000000", "5000000", StringComparison.Ordinal),
            json.Replace("4000000", "5000000", StringComparison.Ordinal).Replace(settlement.Intent().ToString(), other.ToString(), StringComparison.Ordinal),
            json.Replace(key.Payment.KeyHash.ToString(), new string('a', 56), StringComparison.Ordinal),
            json.Replace("4000000", "-4000000", StringComparison.Ordinal),
            json.Replace("\"requiredAdmins\": 2", "\"requiredAdmins\": 0", StringComparison.Ordinal),
            json.Replace("\"requiredAdmins\": 2", "\"requiredAdmins\": 1.5", StringComparison.Ordinal),
            "{}",
            "[]",
            "",
        ];
        foreach (var text in tampered)
        {
            Assert.Throws<FormatException>(() => DisputeCase.FromJson(System.Text.Encoding.UTF8.GetBytes(text)));
        }

        // As a CIP-30 wallet gives it.
        var cose = CoseSign1.Sign(key.Payment, key.BaseAddress(NetworkId.Testnet), settlement.Intent().ToArray());
        var wallet = new JsonObject
        {
            ["signature"] = Convert.ToHexStringLower(cose.ToCbor()),
            ["key"] = Convert.ToHexStringLower(CoseSign1.CoseKey(key.Payment.PublicKey.Span)),
        };
        var (code, output, error) = await ProgramTests.RunAsync(
            "",
            "dispute",
            "collect",
            Save("case", dispute.ToJson()),
            Save("wallet", wallet.ToJsonString())
        );
        Assert.True(code == 0, error);
        Assert.Contains("1 votes; required: 2", error);
        (code, output, error) = await ProgramTests.RunAsync("", "dispute", "collect", Save("case", tampered[0]), Save("wallet", wallet.ToJsonString()));
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.Trim().Split('\n'));
    }

    private string Save(string name, string text)
    {
        var path = Path.Combine(_folder, name + ".json");
        File.WriteAllText(path, text);
        return path;
    }

    // A lock, a result, and a buyer who wants the money back.
    private static async Task<Utxo> DisputedAsync(DevnetChain devnet, ProvidedChain chain)
    {
        foreach (var party in new[] { Buyer, Seller })
        {
            for (var i = 0; i < 2; i++)
            {
                Assert.IsType<DevnetFunding.Paid>(devnet.Fund(party.BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(50))));
            }
        }

        var now = devnet.Clock.GetUtcNow();
        var times = new Deadlines(now.AddHours(2), now.AddHours(4), now.AddHours(6), now.AddHours(8));
        var agent = new string('0', 56) + "ab";
        var offer = new EscrowOffer
        {
            Family = EscrowFamily.V2,
            AgentIdentifier = AgentIdentifier.Parse(agent),
            BuyerNonce = BuyerNonce.Parse(new string('1', 16)),
            InputHash = new string('a', 64),
            Deadlines = times,
            Seller = Seller.BaseAddress(NetworkId.Testnet),
            Escrow = Contract.Address,
        };
        var terms = new EscrowTerms
        {
            Identifier = offer.Sign(Seller.Payment, SellerNonce.From(new byte[32])),
            Deadlines = times,
            InputHash = InputHash.Parse(offer.InputHash),
            Price = Value.Of(Lovelace.FromAda(10)),
            Seller = offer.Seller,
        };
        var transactions = new EscrowTransactions(Contract, EscrowScript.Of(Contract), devnet.Parameters, devnet.Slots);
        var size = LockSizing.Of(terms, Contract.Address, Buyer.BaseAddress(NetworkId.Testnet), null, devnet.Parameters);
        var locked = await DoAsync(Buyer, t => transactions.Lock([size], t, out _)!);
        var submitted = await DoAsync(Seller, t => Pieces(transactions.SubmitResult(locked, ResultHash.Parse(new string('2', 64)), t)));
        return await DoAsync(Buyer, t => Pieces(transactions.RequestRefund(submitted, t)));

        async Task<Utxo> DoAsync(WalletKeys keys, Func<DateTimeOffset, EscrowPieces> pieces)
        {
            var wallet = new ChainWallet(chain, keys, NetworkId.Testnet);
            var (plan, parameters, slots, moment) = await wallet.PlanAsync(Stop);
            var transaction = ChainWallet.Build(pieces(moment).AddTo(plan), parameters, slots);
            Assert.Equal((0, "accepted", null), await wallet.SubmitAsync(transaction, Stop));
            return new Utxo(new TxInput(transaction.Id, 0), transaction.Body.Outputs[0]);
        }

        static EscrowPieces Pieces(LegResult result) => EscrowPieces.Of(Assert.IsType<LegResult.Ready>(result).Leg);
    }

    private static EscrowContract OwnContract()
    {
        var contract = KnownDeployments.PreprodV2.Contract with { Admins = [.. Admins.Select(w => WalletKeys.FromMnemonic(w).Payment.KeyHash)] };
        return contract with { Address = EscrowScript.AddressOf(EscrowScript.Of(contract), NetworkId.Testnet) };
    }
}
