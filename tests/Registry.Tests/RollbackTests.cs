using System.Text.Json.Nodes;

namespace Masumi.Registry.Tests;

public sealed class RollbackTests : IAsyncLifetime
{
    private readonly RegistryWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_rolled_back_mint_vanishes_and_nothing_older_is_read_again()
    {
        var old = _world.Mint("Old");
        var oldTx = _world.Devnet.Tip.Transactions[^1].Id;
        await _world.FollowAsync();
        var @new = _world.Mint("New");
        await _world.FollowAsync();
        Assert.Equal(["New", "Old"], (await _world.EveryoneAsync()).Names);
        var before = Entry(await _world.EveryoneAsync(), old.ToString());

        await _world.RollBackAsync(1);
        _world.Devnet.Mine();
        _world.Restart();
        await _world.FollowAsync();

        var now = await _world.EveryoneAsync();
        Assert.Equal(["Old"], now.Names);
        Assert.True(JsonNode.DeepEquals(before, Entry(now, old.ToString())));
        Assert.NotEmpty(_world.Asked);
        Assert.DoesNotContain(_world.Asked, p => p.Contains(oldTx.ToString(), StringComparison.Ordinal));
        Assert.Equal(404, (await _world.CallAsync("GET", $"payment-information?agentIdentifier={@new}")).Status);
    }

    [Fact]
    public async Task Who_mirrors_the_registry_hears_of_a_mint_that_was_taken_back()
    {
        await _world.FollowAsync();
        var agent = _world.Mint("Brief");
        await _world.FollowAsync();
        var listed = _world.Clock.Now;
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.RollBackAsync(1);
        _world.Devnet.Mine();
        await _world.FollowAsync();

        var changes = (
            await _world.CallAsync(
                "POST",
                "registry-diff",
                new JsonObject { ["network"] = "Preprod", ["statusUpdatedAfter"] = listed.AddSeconds(1).ToString("yyyy-MM-ddTHH:mm:ssZ") }
            )
        ).Entries;
        Assert.Equal("Deregistered", (string?)Assert.Single(changes)!["status"]);
        Assert.Equal(agent.ToString(), (string?)changes[0]!["agentIdentifier"]);
    }

    [Fact]
    public async Task A_mint_that_comes_again_in_another_block_is_the_same_entry()
    {
        await _world.FollowAsync();
        var agent = _world.Mint("Mover");
        var transaction = _world.Devnet.Tip.Transactions[^1];
        await _world.FollowAsync();
        var before = Entry(await _world.EveryoneAsync(), agent.ToString());

        await _world.RollBackAsync(1);
        _world.Devnet.Mine();
        Assert.IsType<Devnet.DevnetSubmission.Accepted>(_world.Devnet.Submit(transaction));
        await _world.FollowAsync();

        Assert.True(JsonNode.DeepEquals(before, Entry(await _world.EveryoneAsync(), agent.ToString())));
    }

    [Fact]
    public async Task An_agent_whose_burn_is_rolled_back_is_back_as_it_was()
    {
        _world.Answers["Phoenix"] = (200, """{"type":"masumi-agent","status":"available"}""");
        var old = _world.Mint("Old");
        var oldTx = _world.Devnet.Tip.Transactions[^1].Id;
        var agent = _world.Mint("Phoenix");
        await _world.FollowAsync();
        await _world.ProbeAsync();
        Assert.Equal("Online", await _world.StatusOfAsync(agent));
        _world.Burn(agent);
        await _world.FollowAsync();
        Assert.Equal("Deregistered", await _world.StatusOfAsync(agent));
        Assert.Equal(404, (await _world.CallAsync("GET", $"payment-information?agentIdentifier={agent}")).Status);

        await _world.RollBackAsync(1);
        _world.Devnet.Mine();
        _world.Restart();
        await _world.FollowAsync();

        Assert.Equal("Online", await _world.StatusOfAsync(agent));
        Assert.Equal("Offline", await _world.StatusOfAsync(old));
        Assert.DoesNotContain(_world.Asked, p => p.Contains(oldTx.ToString(), StringComparison.Ordinal));
        Assert.Equal(200, (await _world.CallAsync("GET", $"payment-information?agentIdentifier={agent}")).Status);
    }

    [Fact]
    public async Task A_rollback_across_mint_and_burn_of_several_agents_ends_as_if_the_registry_had_started_on_the_new_chain()
    {
        var first = _world.Mint("First");
        var second = _world.Mint("Second");
        await _world.FollowAsync();
        _world.Burn(first);
        await _world.FollowAsync();
        var third = _world.Mint("Third");
        await _world.FollowAsync();
        var updated = _world.Update(second, _world.About("Renamed"));
        await _world.FollowAsync();
        foreach (var (agent, status) in new[] { (first, "Deregistered"), (second, "Deregistered"), (third, "Offline"), (updated, "Offline") })
        {
            Assert.Equal(status, await _world.StatusOfAsync(agent));
        }

        await _world.RollBackAsync(3);
        var other = _world.Mint("Other");
        await _world.FollowAsync();

        Assert.Equal(["Other", "Second", "First"], (await _world.EveryoneAsync()).Names);
        Assert.All((await _world.EveryoneAsync()).Entries, e => Assert.Equal("Offline", (string?)e!["status"]));

        // Names follow from the coin a mint spends: this is the third agent's identifier, now of an agent that says something else.
        Assert.Equal(third, other);
    }

    [Fact]
    public async Task A_chain_that_has_nothing_in_common_leaves_nothing()
    {
        _world.Mint("Lost");
        await _world.FollowAsync();
        await _world.RollBackAsync(_world.Devnet.Tip.Height);
        _world.Devnet.Mine();
        await _world.FollowAsync();
        Assert.Empty((await _world.EveryoneAsync()).Entries);
    }

    private static JsonNode Entry(Answer answer, string agent) => answer.Entries.Single(e => (string)e!["agentIdentifier"]! == agent)!;
}
