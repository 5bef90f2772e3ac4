using System.Globalization;
using System.Text.RegularExpressions;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Tests;

/// <summary>Lists of many pages, and what ends one that would go on for ever.</summary>
public sealed partial class ListTests : IAsyncLifetime
{
    private static readonly PolicyId Policy = PolicyId.Parse(new string('c', 56));
    private static readonly AssetId Token = new(Policy, AssetName.FromHex("cafe"));
    private static readonly string Same = new('1', 64);
    private readonly EagerTime _time = new(standsStill: true);
    private ScriptedBlockfrost _server = null!;
    private ProvidedChain _chain = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedBlockfrost.StartAsync();
        _chain = _server.Connect(time: _time, options: ScriptedBlockfrost.Local with { CallBudget = TimeSpan.FromSeconds(10) });
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("address")]
    [InlineData("listing")]
    [InlineData("policy")]
    [InlineData("asset")]
    [InlineData("unspent")]
    [InlineData("holders")]
    public async Task A_page_of_equal_rows_again_and_again_ends_a_list_at_the_second(string list)
    {
        _server.Mine(Sample.Pay(1));
        var listed = $$"""{"tx_hash":"{{Sample.Pay(1).Id}}","tx_index":0,"block_height":1}""";
        _server.Instead = path =>
            path.StartsWith("/assets/policy/", StringComparison.Ordinal)
                ? list == "policy"
                    ? Full($$"""{"asset":"{{Token}}","quantity":"1"}""")
                    : Answer.Ok($$"""[{"asset":"{{Token}}","quantity":"1"}]""")
                : path.Contains("/transactions", StringComparison.Ordinal)
                    ? Full(listed)
                    : path.Contains("/utxos", StringComparison.Ordinal)
                        ? Full(Coin(0))
                        : path.EndsWith("/addresses", StringComparison.Ordinal) || path.Contains("/addresses?", StringComparison.Ordinal)
                            ? Full($$"""{"address":"{{Sample.Bob}}","quantity":"1"}""")
                            : null;
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() =>
            list switch
            {
                "address" => CollectAsync(_chain.FollowAddressAsync(Sample.Alice, [], Stop)),
                "listing" => _chain.ListTransactionsAsync(Sample.Alice, 0, Stop),
                "policy" or "asset" => CollectAsync(_chain.FollowPolicyAsync(Policy, [], Stop)),
                "unspent" => _chain.GetUtxosAsync(Sample.Alice, Stop),
                _ => _chain.GetHoldersAsync(Token, Stop),
            }
        );
        Assert.Contains("page 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderTrouble.Nonsense, failure.Trouble);
        Assert.Equal(2, _server.Calls.Count(c => PageNumber().IsMatch(c) && (list != "asset" || c.Contains("/transactions", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task An_assets_list_that_is_not_newest_first_is_nonsense()
    {
        _server.Mine(Sample.Pay(1));
        _server.Mine(Sample.Pay(2));
        _server.Script($"/assets/policy/{Policy}", Answer.Ok($$"""[{"asset":"{{Token}}","quantity":"1"}]"""));
        _server.Script(
            $"/assets/{Token}/transactions",
            Answer.Ok(
                $$"""[{"tx_hash":"{{Sample.Pay(1).Id}}","tx_index":0,"block_height":1},{"tx_hash":"{{Sample.Pay(2).Id}}","tx_index":0,"block_height":2}]"""
            )
        );
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => CollectAsync(_chain.FollowPolicyAsync(Policy, [], Stop)));
        Assert.Contains("which is earlier in the chain", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_move_to_the_next_page_while_a_list_grows_are_told_once()
    {
        _server.Mine(Sample.Pay(1));
        _server.Script($"/assets/policy/{Policy}", Answer.Ok($$"""[{"asset":"{{Token}}","quantity":"1"}]"""));
        var rows = Enumerable.Range(0, 102).Select(i => $$"""{"tx_hash":"{{i:x64}}","tx_index":0,"block_height":{{200 - i}}}""").ToList();
        rows.Add($$"""{"tx_hash":"{{Sample.Pay(1).Id}}","tx_index":0,"block_height":1}""");
        _server.Script($"/assets/{Token}/transactions?count=100&page=1&order=desc", Answer.Ok($"[{string.Join(',', rows[..100])}]"));
        _server.Script($"/assets/{Token}/transactions?count=100&page=2&order=desc", Answer.Ok($"[{string.Join(',', rows[97..])}]"));
        var events = await CollectAsync(_chain.FollowPolicyAsync(Policy, [], Stop));
        Assert.Equal(Sample.Pay(1).Id, Assert.IsType<ChainEvent.Included>(events[0]).Transaction.Transaction.Id);
    }

    [Fact]
    public async Task A_list_that_does_not_begin_where_it_was_asked_for_is_given_up_after_two_minutes()
    {
        for (var i = 0; i < 500; i++)
        {
            _server.Mine();
        }

        _server.Instead = path =>
        {
            if (!path.Contains("/transactions", StringComparison.Ordinal))
            {
                return null;
            }

            _time.Skip(TimeSpan.FromSeconds(5));
            var first = (Page(path) - 1) * 100;
            return Rows(i => $$"""{"tx_hash":"{{first + i:x64}}","tx_index":{{first + i}},"block_height":1}""");
        };
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.ListTransactionsAsync(Sample.Alice, 400, Stop));
        Assert.Contains("although asked for from 400", failure.Message, StringComparison.Ordinal);
        Assert.InRange(_server.Calls.Count, 24, 28);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(80, false)]
    public async Task All_pages_of_a_wallets_coins_may_take_longer_than_one_call_and_two_minutes_at_most(int pages, bool inTime)
    {
        _server.Instead = path =>
        {
            if (!path.Contains("/utxos", StringComparison.Ordinal))
            {
                return null;
            }

            _time.Skip(TimeSpan.FromSeconds(2));
            return Page(path) > pages ? Answer.Ok("[]") : Rows(i => Coin(((Page(path) - 1) * 100) + i));
        };
        if (inTime)
        {
            Assert.Equal(pages * 100, (await _chain.GetUtxosAsync(Sample.Alice, Stop)).Length);
        }
        else
        {
            await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.GetUtxosAsync(Sample.Alice, Stop));
            Assert.InRange(_server.Calls.Count, 50, 62);
        }
    }

    [GeneratedRegex("[?&]page=([0-9]+)")]
    private static partial Regex PageNumber();

    private static int Page(string path) => int.Parse(PageNumber().Match(path).Groups[1].Value, CultureInfo.InvariantCulture);

    private static Answer Full(string row) => Rows(_ => row);

    private static Answer Rows(Func<int, string> row) => Answer.Ok($"[{string.Join(',', Enumerable.Range(0, 100).Select(row))}]");

    private static string Coin(int number) =>
        $$"""{"address":"{{Sample.Alice}}","tx_hash":"{{Same}}","output_index":{{number}},"amount":[{"unit":"lovelace","quantity":"1"}],"data_hash":null,"inline_datum":null,"reference_script_hash":null}""";

    private static async Task<List<ChainEvent>> CollectAsync(IAsyncEnumerable<ChainEvent> events)
    {
        var all = new List<ChainEvent>();
        await foreach (var e in events)
        {
            all.Add(e);
        }

        return all;
    }
}
