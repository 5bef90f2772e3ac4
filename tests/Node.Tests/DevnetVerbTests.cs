using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Devnet.Http;

namespace Masumi.Node.Tests;

/// <summary><c>masumi devnet VERB</c> against a devnet in this process.</summary>
public sealed class DevnetVerbTests
{
    private static readonly Address Payee = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(new byte[16])).BaseAddress(NetworkId.Testnet);

    private static readonly HttpClient Http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_verbs_command_a_running_devnet()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.OnDemand }, cancellation: Stop);
        var chain = devnet.Chain;
        var unit = $"{chain.FaucetPolicy}{Convert.ToHexStringLower("usd"u8)}";

        var paid = JsonNode.Parse(await DoneAsync(devnet, "fund", $"{Payee}", "2.5ada", $"{unit}=7", "--json"))!;
        Assert.Equal([$"{paid["tx_hash"]}"], chain.Mempool.Select(t => $"{t.Id}"));
        Assert.Contains("dropped " + paid["tx_hash"], await DoneAsync(devnet, "drop", $"{paid["tx_hash"]}"));
        Assert.StartsWith("paid in ", await DoneAsync(devnet, "fund", $"{Payee}", "5000000"));
        await DoneAsync(devnet, "drop", $"{Assert.Single(chain.Mempool).Id}");
        await DoneAsync(devnet, "fund", $"{Payee}", "2.5", "ada", "100tusdm", "0.5", "tUSDM", $"{unit}=7", $"7 {unit}");
        var value = Value.Of(
            new Lovelace(2_500_000),
            [KeyValuePair.Create(DevnetTokens.TUsdm, (Int128)100_500_000), KeyValuePair.Create(AssetId.Parse(unit), (Int128)14)]
        );
        Assert.Equal(value, Assert.Single(chain.Mempool).Body.Outputs[0].Value);

        Assert.StartsWith("block 2 ", await DoneAsync(devnet, "mine", "2"));
        Assert.Single(chain.Blocks[1].Transactions);
        Assert.Contains(", paused", await DoneAsync(devnet, "pause"));
        Assert.Equal("1", (await DoneAsync(devnet, "snapshot")).Trim());
        await DoneAsync(devnet, "advance", "1d12h");
        Assert.InRange(chain.Tip.Slot.Number, 129_600, 129_700);
        await DoneAsync(devnet, "set-time", "2200-01-01T00:00:00Z");
        Assert.Equal(2200, chain.Clock.GetUtcNow().Year);
        Assert.StartsWith("block 2 ", await DoneAsync(devnet, "revert", "1"));
        Assert.StartsWith("block 0 ", await DoneAsync(devnet, "rollback", "2"));
        Assert.Single(chain.Mempool);
        await DoneAsync(devnet, "mine");
        await DoneAsync(devnet, "rollback", "1", "--drop");
        Assert.Empty(chain.Mempool);
        Assert.Contains("rejected", await DoneAsync(devnet, "fail-next-submit", "rejected"));
        Assert.DoesNotContain("paused", await DoneAsync(devnet, "resume"));
        Assert.StartsWith("block 0 ", await DoneAsync(devnet, "reset"));
    }

    [Fact]
    public async Task What_is_shown_and_what_holds_is_changed_while_it_runs()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.OnDemand }, cancellation: Stop);

        Assert.StartsWith("k=1 is shown behind:2@20% and half-lists", await DoneAsync(devnet, "view", "k=1", "behind:2@20%", "half-lists"));
        Assert.Equal(["behind:2@20%", "half-lists"], devnet.Views.All["k=1"]);
        Assert.Contains("the truth", await DoneAsync(devnet, "view", "k=1", "--clear"));
        Assert.Empty(devnet.Views.All);
        await DoneAsync(devnet, "parameters", "min_fee_b=400000", "price_mem=0.06");
        Assert.Equal(400_000, devnet.Chain.Parameters.MinFeeConstant.Amount);
        await DoneAsync(devnet, "parameters", "min_fee_b=155381", "--at-epoch", "1");
        Assert.Equal(400_000, devnet.Chain.Parameters.MinFeeConstant.Amount);
        Assert.Contains("next", await DoneAsync(devnet, "fail", "--next"));
        await DoneAsync(devnet, "mine", "2");
        Assert.StartsWith("block 3 ", await DoneAsync(devnet, "rollback", "2", "--make", "3"));
    }

    [Fact]
    public async Task What_a_devnet_refuses_and_what_cannot_be_read_is_said_in_one_line()
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        foreach (
            var (code, part, arguments) in new (int, string, string[])[]
            {
                (1, "no such snapshot", ["revert", "never"]),
                (1, "at least", ["fund", $"{Payee}", "1"]),
                (1, "there are only 0 blocks", ["rollback", "1"]),
                (1, "does not wait", ["fail", new string('a', 64)]),
                (1, "not a transaction id", ["fail", "ab"]),
                (1, "has begun", ["parameters", "min_fee_b=1", "--at-epoch", "0"]),
                (2, "either TX or --next", ["fail"]),
                (2, "allowed are protocol_major_ver", ["parameters", "min_fee=1"]),
                (2, "NAME=VALUE", ["parameters", "min_fee_b"]),
                (2, "'lie' is no word of a view; allowed are list-behind:N", ["view", "key", "lie"]),
                (2, "either SPEC or --clear", ["view", "key"]),
                (2, "duration", ["advance", "soon"]),
                (2, "AMOUNT", ["fund", $"{Payee}", "0.5"]),
                (2, "AMOUNT", ["fund", $"{Payee}", "5ada", "usd"]),
                (2, "on Preprod it is tUSDM", ["fund", $"{Payee}", "5 usdm"]),
                (2, "AMOUNT", ["fund", $"{Payee}", "5ada", "usd=7"]),
                (2, "AMOUNT", ["fund", $"{Payee}", "0"]),
                (1, "The faucet holds", ["fund", $"{Payee}", "5ada", $"{new string('a', 56)}=7"]),
            }
        )
        {
            var (status, output, error) = await ProgramTests.RunAsync("", ["devnet", .. arguments, "--url", $"{devnet.BaseUrl}"]);
            Assert.True(status == code, $"{string.Join(' ', arguments)}: {status} {output}{error}");
            Assert.Contains(part, Assert.Single(error.Trim().Split('\n')));
        }

        Assert.Equal(0, devnet.Chain.Tip.Height);
    }

    [Fact]
    public async Task Without_a_devnet_a_verb_says_so()
    {
        var (code, _, error) = await ProgramTests.RunAsync("", "devnet", "mine", "--url", "http://127.0.0.1:9");

        Assert.Equal(2, code);
        Assert.Contains("no devnet answers at http://127.0.0.1:9", Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("--block-time", "never")]
    [InlineData("--accounts", "-1")]
    [InlineData("--genesis", "/nowhere/genesis.json")]
    [InlineData("--parameters", "/nowhere/parameters.json")]
    [InlineData("--view", "behind:2")]
    [InlineData("--view", "key=lie")]
    [InlineData("--view", "key=behind:x")]
    public async Task Options_that_cannot_be_are_said_in_one_line(string option, string value)
    {
        var (code, _, error) = await ProgramTests.RunAsync("", "devnet", "--port", "0", option, value);

        Assert.Equal(2, code);
        Assert.StartsWith("masumi devnet: ", Assert.Single(error.Trim().Split('\n')));
    }

    [Fact]
    public async Task A_devnet_that_was_killed_goes_on_from_its_state()
    {
        var folder = Directory.CreateTempSubdirectory("masumi-devnet-").FullName;
        try
        {
            string[] arguments = ["devnet", "--port", "0", "--block-time", "0", "--accounts", "2", "--state", folder, "--json"];
            long height = 0;
            for (var life = 0; life < 3; life++)
            {
                using var process = ProgramTests.Start(arguments);
                try
                {
                    var started = JsonNode.Parse((await process.StandardOutput.ReadLineAsync(Stop))!)!;
                    Assert.Equal(2, started["accounts"]!.AsArray().Count);
                    var url = new Uri(new Uri((string)started["url"]!), "/");
                    Assert.Equal(height, await HeightAsync(url));
                    for (var i = 0; i < 5; i++)
                    {
                        using var body = new StringContent($$"""{"address":"{{Payee}}","lovelace":5000000}""");
                        using var answer = await Http.PostAsync(new Uri(url, "devnet/fund"), body, Stop);
                        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
                    }

                    height = await HeightAsync(url);
                    Assert.Equal((life + 1) * 5, height);
                }
                finally
                {
                    process.Kill(entireProcessTree: true);
                    await process.WaitForExitAsync(Stop);
                }
            }

            var (code, _, error) = await ProgramTests.RunAsync("", "devnet", "--port", "0", "--accounts", "3", "--state", folder);
            Assert.Equal(2, code);
            Assert.Contains("other accounts", Assert.Single(error.Trim().Split('\n')));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Views_are_given_at_the_start_and_told_with_their_seed()
    {
        string[] arguments = ["devnet", "--port", "0", "--block-time", "0", "--accounts", "0", "--json"];
        using var process = ProgramTests.Start([
            .. arguments,
            "--view",
            "key=parameters:min_fee_b=9,behind:1@50%",
            "--view",
            "key=half-lists",
            "--view-seed",
            "7",
        ]);
        try
        {
            var started = JsonNode.Parse((await process.StandardOutput.ReadLineAsync(Stop))!)!;

            Assert.Equal(7, (long)started["view_seed"]!);
            Assert.Equal("""{"key":["parameters:min_fee_b=9,behind:1@50%","half-lists"]}""", started["views"]!.ToJsonString());
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(Stop);
        }
    }

    private static async Task<long> HeightAsync(Uri url) =>
        (long)JsonNode.Parse(await Http.GetStringAsync(new Uri(url, "api/v0/blocks/latest"), Stop))!["height"]!;

    private static async Task<string> DoneAsync(DevnetServer devnet, params string[] arguments)
    {
        var (code, output, error) = await ProgramTests.RunAsync("", ["devnet", .. arguments, "--url", $"{devnet.BaseUrl}"]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {output}{error}");
        return output;
    }
}
