using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Control;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Node.Verbs;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;
using Masumi.Storage;

namespace Masumi.Node.Tests;

/// <summary>Operators' verbs, on a node that runs and on its database alone.</summary>
public sealed class OperatorTests : NodeOnDevnet
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private DatabaseSettings Database => DatabaseSettings.InFile(File);

    [Fact]
    public async Task While_an_engine_runs_its_socket_is_beside_its_database_for_its_owner_alone_and_gone_afterwards()
    {
        await using (await StartAsync(Good()))
        {
            var socket = $"{File}.control";
            Assert.True(System.IO.File.Exists(socket));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(OwnerOnly, System.IO.File.GetUnixFileMode(socket));
            }

            Assert.Null((await AskAsync(new JsonObject { ["ask"] = "deals.list" }))["engine"]);
        }

        Assert.Equal([File], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_socket_that_a_killed_process_left_is_replaced()
    {
        var path = $"{File}.control";
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, "s")));
            System.IO.File.Move(Path.Combine(Folder, "s"), path);
        }

        Assert.True(System.IO.File.Exists(path));
        await using var node = await StartAsync(Good());
        Assert.Null((await AskAsync(new JsonObject { ["ask"] = "deals.list" }))["engine"]);
    }

    [Fact]
    public async Task A_file_of_somebody_else_at_its_place_is_left_alone_and_the_node_runs_all_the_same()
    {
        await System.IO.File.WriteAllTextAsync($"{File}.control", "mine", Stop);
        await using (await StartAsync(Good())) { }

        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync($"{File}.control", Stop));
    }

    [Fact]
    public async Task Where_the_path_is_too_long_the_socket_is_in_a_folder_of_the_users_own()
    {
        var deep = Path.Combine(Folder, new string('d', 100));
        Directory.CreateDirectory(deep);
        var database = Path.Combine(deep, "node.db");
        await using (await StartAsync(Good(j => j["database"] = database)))
        {
            var path = ControlPlace.Of(DatabaseSettings.InFile(database))[0];
            Assert.True(System.IO.File.Exists(path));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(OwnerOnly, System.IO.File.GetUnixFileMode(path));
                Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(path)!));
            }

            await using var desk = await Desk.OpenAsync(DatabaseSettings.InFile(database), PaymentNode.Migrations, TimeProvider.System, Stop);
            Assert.Null((await desk.AskAsync(new JsonObject { ["ask"] = "deals.list" }, Stop))["engine"]);
        }

        Assert.False(System.IO.File.Exists(ControlPlace.Of(DatabaseSettings.InFile(database))[0]));
    }

    [Fact]
    public async Task What_is_no_question_is_refused_and_the_next_operator_is_served()
    {
        await using var node = await StartAsync(Good());
        Assert.Contains("no JSON", await RawAsync("nonsense\n"), StringComparison.Ordinal);
        Assert.Contains("a JSON object", await RawAsync("[]\n"), StringComparison.Ordinal);
        Assert.Contains("ask is needed", await RawAsync("{}\n"), StringComparison.Ordinal);
        Assert.Contains("no question", await RawAsync("""{"ask":"deals.delete"}""" + "\n"), StringComparison.Ordinal);
        Assert.Contains("1 to 500", await RawAsync("""{"ask":"deals.list","limit":501}""" + "\n"), StringComparison.Ordinal);
        Assert.Contains("purchase, payment", await RawAsync("""{"ask":"deals.list","side":"x"}""" + "\n"), StringComparison.Ordinal);
        Assert.Contains("more than 1048576 bytes", await RawAsync(new string('x', 1_100_000)), StringComparison.Ordinal);
        using (var half = await ConnectAsync())
        {
            await half.SendAsync("""{"ask":"""u8.ToArray(), Stop);
        }

        Assert.NotNull((await AskAsync(new JsonObject { ["ask"] = "deals.list" }))["deals"]);
    }

    [Fact]
    public async Task Without_an_engine_looking_goes_into_the_database_and_whatever_changes_something_is_refused()
    {
        await using (await StartAsync(Good())) { }

        var before = Files();
        var (code, output, error) = await RunAsync("deals", "list");
        Assert.Equal((0, "none"), (code, output.Trim()));
        Assert.Contains($"no engine runs on {File}", error, StringComparison.Ordinal);
        foreach (var words in new[] { "reconcile", "deals recover x", "attempts prove-dead ab" })
        {
            (code, output, error) = await RunAsync(words.Split(' '));
            Assert.Equal((1, ""), (code, output));
            Assert.Equal($"masumi {string.Join(' ', words.Split(' ').Take(words == "reconcile" ? 1 : 2))}: no engine runs on {File}", error.Trim());
        }

        Assert.Equal(before, Files());
        (code, _, error) = await ProgramTests.RunAsync("", "deals", "list", "--database", Path.Combine(Folder, "other.db"));
        Assert.Equal((2, $"masumi deals list: there is no database at {Path.Combine(Folder, "other.db")}"), (code, error.Trim()));
    }

    [Fact]
    public async Task Every_verb_that_looks_takes_its_options_where_no_engine_runs()
    {
        string deal;
        await using (var node = await StartAsync(Good(j => j["sources"]![0]!["wallets"]![0]!["role"] = "Purchasing")))
        {
            deal = await BuyAsync(node);
            await UntilAsync(async () => (await node.Store.Deals.GetAsync(deal, Stop))!.Problem is not null);
        }

        foreach (
            var words in new[]
            {
                "deals list --stuck --side purchase --limit 2",
                "deals list --state FundsLocked --limit 500",
                $"deals show {deal}",
                $"deals why {deal}",
                $"deals why {deal} --futures",
                "attempts list --all --limit 2",
                "events --from 1",
            }
        )
        {
            var (code, output, error) = await RunAsync(words.Split(' '));
            Assert.True(code == 0, $"{words}: {code} {error}");
            Assert.NotEqual("", output.Trim());
            (code, output, error) = await RunAsync([.. words.Split(' '), "--json"]);
            Assert.True(code == 0, $"{words} --json: {code} {error}");
        }

        foreach (var words in new[] { "deals list --limit 0", "deals list --limit 501", "attempts list --limit -1" })
        {
            Assert.Equal(2, (await RunAsync(words.Split(' '))).Code);
        }
    }

    [Fact]
    public async Task While_the_engines_rounds_fail_every_answer_says_so_the_node_is_not_ready_and_a_look_is_refused()
    {
        await using var node = await StartAsync(Good(j => j["sources"]![0]!["wallets"]![0]!["role"] = "Purchasing"));
        var deal = await BuyAsync(node);
        await UntilAsync(async () => (await node.Store.Deals.GetAsync(deal, Stop))!.Problem is not null);
        await using (var tables = Database.Open(TimeProvider.System))
        {
            await RenameAsync(tables, "chain_point", "gone");
            await UntilAsync(() => Task.FromResult(node.Engine.State.IsFailing));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"not ready","reason":"the database cannot be used"}"""), await ReadyAsync(node));
            foreach (var words in new[] { "deals list", $"deals show {deal}", $"deals why {deal}", "attempts list" })
            {
                var (code, output, error) = await RunAsync(words.Split(' '));
                Assert.Equal(0, code);
                Assert.Contains("the engine's rounds fail since", output + error, StringComparison.Ordinal);
            }

            foreach (var words in new[] { "reconcile", $"deals recover {deal}" })
            {
                var (code, _, error) = await RunAsync(words.Split(' '));
                Assert.Equal(1, code);
                Assert.Contains("it cannot be looked now: the engine's rounds fail since", error, StringComparison.Ordinal);
            }

            await RenameAsync(tables, "gone", "chain_point");
        }

        await UntilAsync(() => Task.FromResult(node.Engine.State.FailsSince is null));
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(node)).Code);
        Assert.Null((await AskAsync(new JsonObject { ["ask"] = "deals.list" }))["engineFails"]);
    }

    [Fact]
    public async Task Whoever_follows_an_engine_that_ends_is_told_that_it_ended()
    {
        var node = await StartAsync(Good());
        await using var desk = await Desk.OpenAsync(Database, PaymentNode.Migrations, TimeProvider.System, Stop);
        await desk.AskAsync(new JsonObject { ["ask"] = "events" }, Stop);
        await node.DisposeAsync();
        var e = await Assert.ThrowsAsync<IOException>(() => desk.AskAsync(new JsonObject { ["ask"] = "events" }, Stop));
        Assert.StartsWith("the engine ended", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_which_the_database_cannot_be_used_is_answered_with_503()
    {
        await using var node = await StartAsync(Good());
        var held = new TaskCompletionSource();
        await using var other = Database.Open(TimeProvider.System);
        var holding = other.WriteAsync<int>(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync("DELETE FROM deal WHERE id = ''", transaction: transaction);
                await held.Task;
                return 0;
            },
            Stop
        );
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.BaseUrl, "api/v1/api-key"))
        {
            Content = JsonContent.Create(
                (JsonNode)
                    new JsonObject
                    {
                        ["permission"] = "Read",
                        ["usageLimited"] = "false",
                        ["UsageCredits"] = new JsonArray(),
                    }
            ),
        };
        request.Headers.Add("token", TestSettings.AdminKey);
        using var response = await http.SendAsync(request, Stop);
        held.SetResult();
        await holding;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("storage_unavailable", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Futures_that_cannot_be_played_since_the_chain_is_down_leave_the_rest_of_the_answer()
    {
        var chain = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        await using var node = await StartAsync(
            Good(j =>
            {
                j["chain"]!["url"] = new Uri(chain.BaseUrl, "api/v0").ToString();
                j["sources"]![0]!["wallets"]![0]!["role"] = "Purchasing";
            })
        );
        var wallet = Assert.Single(await node.Store.Wallets.ListAsync(Stop)).Address;
        Assert.IsType<DevnetFunding.Paid>(chain.Chain.Fund(wallet, Value.Of(Lovelace.FromAda(200))));
        var deal = await BuyAsync(node);
        await UntilAsync(async () => (await node.Store.Deals.GetAsync(deal, Stop))!.Projection.State == OnChainState.FundsLocked);
        await chain.DisposeAsync();
        var (code, output, error) = await RunAsync("deals", "why", deal, "--futures");
        Assert.True(code == 0, error);
        Assert.Contains("next:     WithdrawRefund at", output, StringComparison.Ordinal);
        Assert.Contains("futures:  they cannot be played now", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purchase_short_of_money_is_explained_funded_recovered_and_its_futures_are_played()
    {
        await using var node = await StartAsync(Good(j => j["sources"]![0]!["wallets"]![0]!["role"] = "Purchasing"));
        var deal = await BuyAsync(node);
        await UntilAsync(async () => (await node.Store.Deals.GetAsync(deal, Stop))!.Problem?.Code == "insufficient_funds");
        var why = await JsonAsync("deals", "why", deal);
        Assert.Equal("Lock", (string)why["action"]!);
        var wallet = Address.Parse((string)why["short"]!["fund"]!);
        Assert.Contains("lovelace", (string)why["short"]!["missing"]!, StringComparison.Ordinal);
        var listed = await JsonAsync("deals", "list", "--stuck", "--side", "purchase");
        Assert.Equal(deal, (string)Assert.Single(listed["deals"]!.AsArray())!["id"]!);

        Assert.IsType<DevnetFunding.Paid>(Devnet.Chain.Fund(wallet, Value.Of(Lovelace.FromAda(200))));
        await UntilAsync(() => Task.FromResult(Devnet.Chain.State.Utxos.Values.Any(o => o.Address == wallet)));
        var (code, output, _) = await RunAsync("deals", "recover", deal);
        Assert.Equal(0, code);
        Assert.Contains("nothing had been missed", output, StringComparison.Ordinal);
        await UntilAsync(async () => (await node.Store.Deals.GetAsync(deal, Stop))!.Projection.State == OnChainState.FundsLocked);
        var attempts = (await JsonAsync("attempts", "list"))["attempts"]!.AsArray();
        var tx = (string)Assert.Single(attempts)!["txId"]!;
        (_, output, _) = await RunAsync("attempts", "list");
        Assert.Contains($"{tx} Lock in block", output, StringComparison.Ordinal);
        Assert.Contains($" for {deal}", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("attempts", "prove-dead", tx);
        Assert.Equal(1, code);
        Assert.StartsWith("alive", output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync("deals", "why", deal, "--futures");
        Assert.Equal(0, code);
        Assert.Contains("nothing is delivered: you take the money back", output, StringComparison.Ordinal);
        Assert.Contains("the seller delivers", output, StringComparison.Ordinal);
        Assert.Contains("1 of the admins may divide it", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("deals", "show", deal);
        Assert.Equal(0, code);
        Assert.Contains(tx, output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("reconcile");
        Assert.Equal(0, code);
        Assert.Contains("nothing had been missed", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("events", "--from", "1");
        Assert.Equal(0, code);
        Assert.Contains($"Purchase {deal} Created", output, StringComparison.Ordinal);
        Assert.Contains($"Purchase {deal} StateChanged", output, StringComparison.Ordinal);
        (code, _, var error) = await RunAsync("deals", "show", "nobody's");
        Assert.Equal((1, "masumi deals show: no deal has the id or the identifier 'nobody's'"), (code, error.Trim()));
    }

    private static Task<int> RenameAsync(IDatabase database, string from, string to) =>
        database.WriteAsync((c, t) => c.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}", transaction: t), Stop);

    private static async Task<(HttpStatusCode Code, string Text)> ReadyAsync(PaymentNode node)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(node.BaseUrl, "ready"), Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] words) =>
        await ProgramTests.RunAsync("", [.. words, "--database", File]);

    private async Task<JsonNode> JsonAsync(params string[] words)
    {
        var (code, output, error) = await RunAsync([.. words, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    private async Task<JsonObject> AskAsync(JsonObject question)
    {
        await using var desk = await Desk.OpenAsync(Database, PaymentNode.Migrations, TimeProvider.System, Stop);
        return await desk.AskAsync(question, Stop);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{File}.control"), Stop);
        return socket;
    }

    private async Task<string> RawAsync(string text)
    {
        using var socket = await ConnectAsync();
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), Stop);
        }
        catch (SocketException)
        {
            // It was enough before all of it was sent.
        }

        var answer = new byte[4096];
        return Encoding.UTF8.GetString(answer, 0, await socket.ReceiveAsync(answer, Stop));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; !await isSo(); i++)
        {
            Assert.True(i < 600, "It has not come to that within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    // As the service stores it after all its checks.
    private static async Task<string> BuyAsync(PaymentNode node)
    {
        var source = Assert.Single(await node.Store.Sources.ListAsync(Stop));
        var seller = WalletKeys.FromMnemonic(TestSettings.Mnemonic(9));
        var agent = AgentIdentifier.Parse(new string('0', 56) + "ab");
        var hash = InputHash.Parse(new string('a', 64));
        var now = node.Clock.GetUtcNow();
        var deadlines = new Deadlines(now.AddHours(2), now.AddHours(4), now.AddHours(6), now.AddHours(8));
        var address = seller.BaseAddress(NetworkId.Testnet);
        var offer = new EscrowOffer
        {
            Family = EscrowFamily.V2,
            AgentIdentifier = agent,
            BuyerNonce = BuyerNonce.Parse("0123456789abcdef"),
            InputHash = hash.ToString(),
            Deadlines = deadlines,
            Seller = address,
            Escrow = source.ContractAddress,
        };
        var deal = new Deal
        {
            Id = "purchase-1",
            Side = DealSide.Purchase,
            SourceId = source.Id,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(offer.Sign(seller.Payment, SellerNonce.From(SHA256.HashData([1]))).Encode()),
                agent,
                PricingType.Fixed,
                Value.Of(Lovelace.FromAda(50)),
                hash,
                deadlines,
                address,
                null,
                null
            ),
            CreatedAt = now,
            Family = EscrowFamily.V2,
        };
        var begun = DealMachine.Begin(deal, now, new SettlementOptions().Rules);
        Assert.IsType<InsertOutcome.Stored>(await node.Store.Deals.InsertAsync(begun, null, now, Stop));
        node.Engine.Wake();
        return deal.Id;
    }

    [Fact]
    public void What_a_look_could_not_see_is_said()
    {
        var looked = LookedAgain.Nothing with { Unlisted = 2, Unfound = 1, WasOvertaken = true };
        var words = DealText.Looked(DeskJson.Looked(looked));
        Assert.Contains("lack 2 that are there", words, StringComparison.Ordinal);
        Assert.Contains("name 1 that it does not have", words, StringComparison.Ordinal);
        Assert.Contains("another process", words, StringComparison.Ordinal);
        Assert.Equal("nothing had been missed", DealText.Looked(DeskJson.Looked(LookedAgain.Nothing)));
    }
}
