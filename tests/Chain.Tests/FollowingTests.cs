using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;

namespace Masumi.Chain.Tests;

public sealed class FollowingTests : IAsyncLifetime
{
    private ScriptedBlockfrost _server = null!;
    private ProvidedChain _chain = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedBlockfrost.StartAsync();
        _chain = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_pass_reports_everything_oldest_first_and_where_it_is()
    {
        var (first, second, third) = (Sample.Pay(1), Sample.Pay(2), Sample.Pay(3));
        var block = _server.Mine(first);
        _server.Mine();
        _server.Mine(second, third);
        var events = await FollowAsync();
        Assert.Equal([first.Id, second.Id, third.Id], Included(events));
        var included = Assert.IsType<ChainEvent.Included>(events[0]).Transaction;
        Assert.Equal(new BlockPoint(1, block.Hash, new Slot(20), DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix + 20)), included.Block);
        Assert.True(included.IsValid);
        Assert.Equal(1, Assert.IsType<ChainEvent.Included>(events[2]).Transaction.Index);
        Assert.Equal(_server.Tip.Hash, Tip(events).Hash);
    }

    [Fact]
    public async Task A_poll_with_nothing_new_costs_one_call()
    {
        _server.Mine(Sample.Pay(1));
        var tip = Tip(await FollowAsync());
        var calls = await _server.CallsDuringAsync(async () => Assert.Equal([new ChainEvent.CaughtUp(tip)], await FollowAsync(tip)));
        Assert.Equal(["/blocks/latest"], calls);
    }

    [Fact]
    public async Task A_new_transaction_in_the_next_block_costs_four_calls()
    {
        var tip = Tip(await FollowAsync());
        var transaction = Sample.Pay(1);
        _server.Mine(transaction);
        var calls = await _server.CallsDuringAsync(async () => Assert.Equal([transaction.Id], Included(await FollowAsync(tip))));
        Assert.Equal(4, calls.Count);
        Assert.Equal("/blocks/latest", calls[0]);
        Assert.StartsWith($"/addresses/{Sample.Alice}/transactions", calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_reported_is_not_reported_again()
    {
        _server.Mine(Sample.Pay(1));
        var tip = Tip(await FollowAsync());
        _server.Mine();
        var events = await FollowAsync(tip);
        Assert.Empty(Included(events));
        _server.Mine(Sample.Pay(2));
        Assert.Equal([Sample.Pay(2).Id], Included(await FollowAsync(Tip(events), tip)));
    }

    [Fact]
    public async Task After_a_restart_it_continues_after_the_known_point()
    {
        _server.Mine(Sample.Pay(1));
        var tip = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(2));
        using var restarted = _server.Connect();
        Assert.Equal([Sample.Pay(2).Id], Included(await CollectAsync(restarted.FollowAddressAsync(Sample.Alice, [tip], Stop))));
    }

    [Fact]
    public async Task A_transaction_the_endpoint_lists_late_is_not_lost()
    {
        var (early, late) = (Sample.Pay(1), Sample.Pay(2));
        _server.Mine(early, late);
        _server.Concerns = (_, tx) => tx.Id != late.Id;
        var events = await FollowAsync();
        Assert.Equal([early.Id], Included(events));
        _server.Concerns = (_, _) => true;
        _server.Mine();
        events = await FollowAsync(Tip(events));
        Assert.Equal([late.Id], Included(events));
        _server.Mine();
        Assert.Empty(Included(await FollowAsync(Tip(events))));
    }

    [Fact]
    public async Task A_pass_that_was_not_taken_to_its_end_is_repeated()
    {
        var start = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1), Sample.Pay(2));
        await foreach (var _ in _chain.FollowAddressAsync(Sample.Alice, [start], Stop))
        {
            break;
        }

        Assert.Equal([Sample.Pay(1).Id, Sample.Pay(2).Id], Included(await FollowAsync(start)));
    }

    [Fact]
    public async Task A_rollback_is_reported_before_what_replaced_the_lost_blocks()
    {
        _server.Mine(Sample.Pay(1));
        var first = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(2));
        var second = Tip(await FollowAsync(first));
        _server.RollBack(1);
        _server.Mine(Sample.Pay(3));
        _server.Mine(Sample.Pay(2));
        var events = await FollowAsync(second, first);
        Assert.Equal(new ChainEvent.RolledBack(first), events[0]);
        Assert.Equal([Sample.Pay(3).Id, Sample.Pay(2).Id], Included(events));
    }

    [Fact]
    public async Task A_rollback_without_new_blocks_is_noticed()
    {
        _server.Mine();
        var first = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1));
        var second = Tip(await FollowAsync(first));
        _server.RollBack(1);
        Assert.Equal([new ChainEvent.RolledBack(first), new ChainEvent.CaughtUp(first)], await FollowAsync(second, first));
    }

    [Fact]
    public async Task When_no_known_point_is_left_everything_starts_again()
    {
        _server.Mine(Sample.Pay(1));
        var tip = Tip(await FollowAsync());
        _server.RollBack(1);
        _server.Mine(Sample.Pay(2));
        _server.Mine();
        var events = await FollowAsync(tip);
        Assert.Equal(new ChainEvent.RolledBack(null), events[0]);
        Assert.Equal([Sample.Pay(2).Id], Included(events));
    }

    [Fact]
    public async Task When_no_known_point_is_left_of_a_hosted_endpoint_other_blocks_in_their_place_prove_it()
    {
        using var hosted = _server.Connect(options: ScriptedBlockfrost.Hosted);
        var known = MinePoints(3);
        _server.RollBack(3);
        _server.Mine(Sample.Pay(2));
        MinePoints(3);
        Assert.Equal(new ChainEvent.RolledBack(null), (await CollectAsync(hosted.FollowAddressAsync(Sample.Alice, known, Stop)))[0]);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(2_170, false)]
    public async Task A_provider_that_knows_none_of_the_points_is_not_believed_and_the_next_is_asked(int blocks, bool hasHeights)
    {
        var known = MinePoints(blocks);
        var next = Sample.Pay(1);
        _server.Mine(next);

        // One that was set up from a snapshot: what is older it does not know, or not by its hash.
        await using var young = await ScriptedBlockfrost.StartAsync();
        young.Blocks.Clear();
        young.Blocks.AddRange(_server.Blocks);
        young.HidesBelow = _server.Tip.Height;
        young.HidesHashesOnly = hasHeights;
        young.Mine();
        using var alone = young.Connect(options: ScriptedBlockfrost.Hosted);
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => CollectAsync(alone.FollowAddressAsync(Sample.Alice, known, Stop)));
        Assert.Contains("knows none of the blocks that were seen", failure.Message, StringComparison.Ordinal);
        using var both = BlockfrostChain.Open(
            [new BlockfrostOptions { BaseUrl = young.BaseUrl }, new BlockfrostOptions { BaseUrl = _server.BaseUrl }],
            ScriptedBlockfrost.Hosted,
            new EagerTime(),
            new Random(1)
        );
        Assert.Equal([next.Id], Included(await CollectAsync(both.FollowAddressAsync(Sample.Alice, known, Stop))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task A_rollback_of_any_depth_finds_the_newest_common_point_in_few_calls(int depth)
    {
        var known = MinePoints(64);
        _server.RollBack(depth);
        for (var i = 0; i < depth + 3; i++)
        {
            _server.Mine();
        }

        var calls = await _server.CallsDuringAsync(async () => Assert.Equal(new ChainEvent.RolledBack(known[depth]), (await FollowAsync(known))[0]));
        Assert.InRange(calls.Count(c => c.StartsWith("/blocks/", StringComparison.Ordinal)), 2, 14);
    }

    [Fact]
    public async Task A_lower_tip_of_a_hosted_endpoint_is_behind_and_nothing_follows_from_it()
    {
        _server.Mine();
        var older = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1));
        var known = Tip(await FollowAsync(older));
        _server.RollBack(1);
        using var hosted = _server.Connect(options: ScriptedBlockfrost.Hosted);
        Assert.Equal([new ChainEvent.Behind(older)], await CollectAsync(hosted.FollowAddressAsync(Sample.Alice, [known, older], Stop)));
    }

    [Fact]
    public async Task A_lower_tip_with_the_known_point_gone_is_a_rollback_after_ten_minutes()
    {
        var time = new EagerTime();
        using var hosted = _server.Connect(time: time, options: ScriptedBlockfrost.Hosted);
        _server.Mine();
        var older = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1));
        _server.Mine();
        var known = Tip(await FollowAsync(older));
        _server.RollBack(2);
        Assert.IsType<ChainEvent.Behind>(Assert.Single(await HostedAsync()));
        time.Skip(TimeSpan.FromMinutes(9));
        _server.Mine();
        Assert.IsType<ChainEvent.Behind>(Assert.Single(await HostedAsync()));
        time.Skip(TimeSpan.FromMinutes(2));

        // A server that knows the point is only behind, however long.
        _server.Script($"/blocks/{known.Hash}", Answer.Ok(BlockJson(known)));
        Assert.IsType<ChainEvent.Behind>(Assert.Single(await HostedAsync()));
        var events = await HostedAsync();
        Assert.Equal(new ChainEvent.RolledBack(older), events[0]);
        Assert.Equal(_server.Tip.Hash, Tip(events).Hash);

        Task<List<ChainEvent>> HostedAsync() => CollectAsync(hosted.FollowAddressAsync(Sample.Alice, [known, older], Stop));
    }

    [Fact]
    public async Task A_fork_of_a_hosted_endpoint_is_a_rollback_when_it_is_as_high_as_the_known_point()
    {
        using var hosted = _server.Connect(options: ScriptedBlockfrost.Hosted);
        _server.Mine();
        var older = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1));
        _server.Mine();
        var known = Tip(await FollowAsync(older));
        _server.RollBack(2);
        _server.Mine(Sample.Pay(2));
        Assert.IsType<ChainEvent.Behind>(Assert.Single(await HostedAsync()));
        _server.Mine();
        var events = await HostedAsync();
        Assert.Equal(new ChainEvent.RolledBack(older), events[0]);
        Assert.Equal([Sample.Pay(2).Id], Included(events));

        Task<List<ChainEvent>> HostedAsync() => CollectAsync(hosted.FollowAddressAsync(Sample.Alice, [known, older], Stop));
    }

    [Fact]
    public async Task A_known_point_with_a_wrong_height_does_not_stop_the_follower_for_good()
    {
        var time = new EagerTime();
        using var hosted = _server.Connect(time: time, options: ScriptedBlockfrost.Hosted);
        _server.Mine();
        var older = Tip(await FollowAsync());
        _server.Mine(Sample.Pay(1));
        var wrong = Tip(await FollowAsync(older)) with { Height = 900_000 };
        Assert.IsType<ChainEvent.Behind>(Assert.Single(await HostedAsync()));
        time.Skip(TimeSpan.FromMinutes(11));
        _server.Mine();
        Assert.Equal(new ChainEvent.RolledBack(older), (await HostedAsync())[0]);

        Task<List<ChainEvent>> HostedAsync() => CollectAsync(hosted.FollowAddressAsync(Sample.Alice, [wrong, older], Stop));
    }

    [Fact]
    public async Task With_confirmations_the_newest_blocks_are_not_told()
    {
        using var patient = _server.Connect(options: ScriptedBlockfrost.Local with { Confirmations = 3 });
        _server.Mine(Sample.Pay(1));
        _server.Mine(Sample.Pay(2));
        _server.Mine();
        var events = await CollectAsync(patient.FollowAddressAsync(Sample.Alice, [], Stop));
        Assert.Equal([Sample.Pay(1).Id], Included(events));
        Assert.Equal(1, Tip(events).Height);
    }

    [Fact]
    public async Task What_an_address_had_from_a_height_on_is_listed_without_reading_it()
    {
        _server.Mine(Sample.Pay(1));
        _server.Mine(Sample.Pay(2), Sample.Pay(3));
        _server.Mine(Sample.Pay(4));
        Assert.Equal(
            [new(Sample.Pay(2).Id, 2, 0), new(Sample.Pay(3).Id, 2, 1), new ListedTransaction(Sample.Pay(4).Id, 3, 0)],
            await _chain.ListTransactionsAsync(Sample.Alice, 2, Stop)
        );
        Assert.Empty(await _chain.ListTransactionsAsync(Sample.Alice, 4, Stop));
        Assert.DoesNotContain(_server.Calls, c => c.StartsWith("/txs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_pages_are_read()
    {
        var transactions = Enumerable.Range(0, 205).Select(i => Sample.Pay(i)).ToArray();
        foreach (var part in transactions.Chunk(50))
        {
            _server.Mine(part);
        }

        Assert.Equal(transactions.Select(t => t.Id), Included(await FollowAsync()));
        Assert.Equal(3, _server.Calls.Count(c => c.Contains("/transactions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_address_never_seen_has_no_events()
    {
        _server.Script($"/addresses/{Sample.Alice}/transactions", Answer.Error(404, "The requested component has not been found."));
        var events = await FollowAsync();
        Assert.IsType<ChainEvent.CaughtUp>(Assert.Single(events));
    }

    [Fact]
    public async Task A_chain_that_changes_while_it_is_read_is_unavailable_and_nothing_is_lost()
    {
        _server.Mine(Sample.Pay(1));
        _server.Script($"/txs/{Sample.Pay(1).Id}", Answer.Error(404, "The requested component has not been found."));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync());
        Assert.Equal([Sample.Pay(1).Id], Included(await FollowAsync()));
    }

    [Theory]
    [InlineData("block_time", "1700086460", "the slot configuration does not")]
    [InlineData("slot", "3", "the slot configuration does not")]
    [InlineData("slot and block_time", "1000", "changed while it was read")]
    [InlineData("slot and block_time", "-20", "changed while it was read")]
    [InlineData("block", "7777777777777777777777777777777777777777777777777777777777777777", "changed while it was read")]
    [InlineData("index", "1", "changed while it was read")]
    public async Task A_transactions_place_that_does_not_fit_the_chain_around_it_is_asked_again(string field, string value, string why)
    {
        // At the height of the tip, and one below it, where only its own time can tell that it is too early.
        for (var above = 0; above < (value is "-20" ? 1 : 2); above++)
        {
            var known = MinePoints(1);
            var transaction = Sample.Pay(above);
            _server.Mine(transaction);
            var said = JsonNode.Parse(Place(_server.Tip, transaction))!;
            if (above > 0)
            {
                _server.Mine();
            }

            if (field is "slot and block_time")
            {
                var slot = said["slot"]!.GetValue<long>() + long.Parse(value, CultureInfo.InvariantCulture);
                (said["slot"], said["block_time"]) = (slot, ScriptedBlockfrost.GenesisUnix + slot);
            }
            else
            {
                said[field] = long.TryParse(value, out var number) ? number : value;
            }

            _server.Script($"/txs/{transaction.Id}", Answer.Ok(said.ToJsonString()));
            using var chain = _server.Connect(
                options: ScriptedBlockfrost.Hosted with
                {
                    Slots = new SlotConfig(DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix), new Slot(0), TimeSpan.FromSeconds(1)),
                }
            );
            var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => CollectAsync(chain.FollowAddressAsync(Sample.Alice, known, Stop)));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
            Assert.Equal(ProviderTrouble.Nonsense, failure.Trouble);
            Assert.Equal([transaction.Id], Included(await CollectAsync(chain.FollowAddressAsync(Sample.Alice, known, Stop))));
        }
    }

    [Fact]
    public async Task A_transaction_is_no_later_than_the_tip_also_where_the_slots_are_not_known()
    {
        _server.Mine(Sample.Pay(1));
        var said = JsonNode.Parse(Place(_server.Tip, Sample.Pay(1)))!;
        said["block_time"] = said["block_time"]!.GetValue<long>() + 86_400;
        _server.Script($"/txs/{Sample.Pay(1).Id}", Answer.Ok(said.ToJsonString()));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync());
        Assert.Equal([Sample.Pay(1).Id], Included(await FollowAsync()));
    }

    [Fact]
    public async Task A_known_point_whose_slot_was_wrong_does_not_stop_the_follower_for_good()
    {
        var known = MinePoints(1)[0];
        _server.Mine(Sample.Pay(1));
        _server.Mine();
        Assert.Equal([Sample.Pay(1).Id], Included(await FollowAsync(known with { Slot = known.Slot + 290, Time = known.Time.AddSeconds(290) })));
    }

    [Fact]
    public async Task A_tip_that_is_too_high_for_the_block_of_a_transaction_in_it_is_asked_again()
    {
        var known = MinePoints(1);
        _server.Mine();
        _server.Mine(Sample.Pay(1));
        _server.Script(
            "/blocks/latest",
            Answer.Ok(
                BlockJson(
                    new BlockPoint(
                        _server.Tip.Height + 2,
                        _server.Tip.Hash,
                        new Slot(60),
                        DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix + 60)
                    )
                )
            )
        );
        await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync(known));
        Assert.Equal([Sample.Pay(1).Id], Included(await FollowAsync(known)));
    }

    [Fact]
    public async Task A_failed_transaction_is_reported_as_failed_by_the_blocks_verdict()
    {
        // The flag in the bytes says valid; the block says otherwise.
        var transaction = Sample.Pay(1, runsScripts: true);
        _server.Mine(transaction);
        _server.Script(
            $"/txs/{transaction.Id}",
            Answer.Ok(
                $$"""{"hash":"{{transaction.Id}}","block":"{{_server.Tip.Hash}}","block_height":1,"block_time":1700000020,"slot":20,"index":0,"valid_contract":false}"""
            )
        );
        var included = Assert.IsType<ChainEvent.Included>((await FollowAsync())[0]);
        Assert.False(included.Transaction.IsValid);
    }

    [Fact]
    public async Task A_transaction_that_runs_no_scripts_cannot_have_failed_them()
    {
        var transaction = Sample.Pay(1);
        _server.Mine(transaction);
        _server.Script(
            $"/txs/{transaction.Id}",
            Answer.Ok(
                $$"""{"hash":"{{transaction.Id}}","block":"{{_server.Tip.Hash}}","block_height":1,"block_time":1700000020,"slot":20,"index":0,"valid_contract":false}"""
            )
        );
        Assert.Equal(ProviderTrouble.Nonsense, (await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync())).Trouble);
        Assert.True(Assert.IsType<ChainEvent.Included>((await FollowAsync())[0]).Transaction.IsValid);
    }

    [Fact]
    public async Task A_genuine_transaction_that_cannot_be_decoded_does_not_stop_the_follower()
    {
        var (odd, normal) = (Sample.Pay(1), Sample.Pay(2));
        _server.Mine(odd, normal);

        // The genuine body, in an envelope that is none.
        var envelope = new byte[] { 0x82 }
            .Concat(odd.BodyBytes.ToArray())
            .Append((byte)0xf6)
            .ToArray();
        _server.Script($"/txs/{odd.Id}/cbor", Answer.Ok($$"""{"cbor":"{{Convert.ToHexStringLower(envelope)}}"}"""));
        Assert.Equal([normal.Id], Included(await FollowAsync()));
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Bytes_that_end_too_early_or_too_late_are_asked_for_again(int by)
    {
        var transaction = Sample.Pay(1);
        _server.Mine(transaction);
        var bytes = transaction.Bytes.ToArray();
        Array.Resize(ref bytes, by < 0 ? Math.Max(transaction.BodyBytes.Length + 1, bytes.Length + by) : bytes.Length + by);
        _server.Script($"/txs/{transaction.Id}/cbor", Answer.Ok($$"""{"cbor":"{{Convert.ToHexStringLower(bytes)}}"}"""));
        Assert.Equal(ProviderTrouble.Nonsense, (await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync())).Trouble);
        Assert.Equal([transaction.Id], Included(await FollowAsync()));
    }

    [Fact]
    public async Task Bytes_of_another_transaction_are_nonsense()
    {
        _server.Mine(Sample.Pay(1));
        _server.Script($"/txs/{Sample.Pay(1).Id}/cbor", Answer.Ok($$"""{"cbor":"{{Convert.ToHexStringLower(Sample.Pay(2).Bytes.Span)}}"}"""));
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync());
        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_out_of_order_is_nonsense()
    {
        _server.Mine(Sample.Pay(1));
        _server.Mine(Sample.Pay(2));
        _server.Script(
            $"/addresses/{Sample.Alice}/transactions",
            Answer.Ok(
                $$"""[{"tx_hash":"{{Sample.Pay(2).Id}}","tx_index":0,"block_height":2},{"tx_hash":"{{Sample.Pay(1).Id}}","tx_index":0,"block_height":1}]"""
            )
        );
        await Assert.ThrowsAsync<ChainUnavailableException>(() => FollowAsync());
    }

    [Fact]
    public async Task A_policy_is_followed_through_its_assets_in_chain_order()
    {
        var policy = PolicyId.Parse(new string('c', 56));
        var (a, b) = (new AssetId(policy, AssetName.FromHex("0a")), new AssetId(policy, AssetName.FromHex("0b")));
        var (one, both, two) = (Sample.Pay(1), Sample.Pay(2), Sample.Pay(3));
        _server.Mine(one);
        _server.Mine(both, two);
        _server.Concerns = (unit, tx) => tx == both || (unit == a.ToString() ? tx == one : tx == two);
        Supply(1, 0);
        var events = await CollectAsync(_chain.FollowPolicyAsync(policy, [], Stop));
        Assert.Equal([one.Id, both.Id, two.Id], Included(events));

        // b had no supply and has none: only a is asked about.
        _server.Mine(Sample.Pay(4));
        _server.Concerns = (unit, tx) => unit == a.ToString() && (tx == one || tx == both || tx.Id == Sample.Pay(4).Id);
        Supply(1, 0);
        var calls = await _server.CallsDuringAsync(async () =>
            Assert.Equal([Sample.Pay(4).Id], Included(await CollectAsync(_chain.FollowPolicyAsync(policy, [Tip(events)], Stop))))
        );
        Assert.DoesNotContain(calls, c => c.Contains(b.ToString(), StringComparison.Ordinal));

        void Supply(int ofA, int ofB) =>
            _server.Script($"/assets/policy/{policy}", Answer.Ok($$"""[{"asset":"{{a}}","quantity":"{{ofA}}"},{"asset":"{{b}}","quantity":"{{ofB}}"}]"""));
    }

    // New blocks as points, newest first.
    private BlockPoint[] MinePoints(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => _server.Mine())
                .Select(b => new BlockPoint(
                    b.Height,
                    b.Hash,
                    new Slot(b.Height * 20),
                    DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix + (b.Height * 20))
                ))
                .Reverse(),
        ];

    private static string Place(TestBlock block, Transaction transaction) =>
        $$"""{"hash":"{{transaction.Id}}","block":"{{block.Hash}}","block_height":{{block.Height}},"block_time":{{ScriptedBlockfrost.GenesisUnix + (block.Height * 20)}},"slot":{{block.Height * 20}},"index":0,"valid_contract":true}""";

    private static string BlockJson(BlockPoint block) =>
        $$"""{"height":{{block.Height}},"hash":"{{block.Hash}}","slot":{{block.Slot}},"time":{{block.Time.ToUnixTimeSeconds()}}}""";

    private static List<TransactionId> Included(IEnumerable<ChainEvent> events) =>
        [.. events.OfType<ChainEvent.Included>().Select(e => e.Transaction.Transaction.Id)];

    private static BlockPoint Tip(List<ChainEvent> events) => Assert.IsType<ChainEvent.CaughtUp>(events[^1]).Tip;

    private static async Task<List<ChainEvent>> CollectAsync(IAsyncEnumerable<ChainEvent> events)
    {
        var all = new List<ChainEvent>();
        await foreach (var e in events)
        {
            all.Add(e);
        }

        return all;
    }

    private Task<List<ChainEvent>> FollowAsync(params BlockPoint[] known) => CollectAsync(_chain.FollowAddressAsync(Sample.Alice, known, Stop));
}
