using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Wallets;

/// <summary>When a wallet is low, when it is topped up, and by whom.</summary>
public sealed class BalanceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Token = new string('b', 56) + "01";

    private static readonly BalanceRule Rule = new()
    {
        Id = "rule",
        WalletId = "target",
        Unit = Unit.Ada,
        Threshold = 100,
        IsEnabled = true,
        TopUp = 50,
        CreatedAt = Now,
    };

    private static readonly TopUp Asked = new()
    {
        Id = "one",
        SourceId = "source",
        TargetId = "target",
        Unit = Unit.Ada,
        Amount = 10_000_000,
        CreatedAt = Now,
    };

    [Fact]
    public void A_balance_is_low_below_the_threshold_and_told_of_once()
    {
        var (healthy, no) = BalanceRules.Look(Rule, 100, Now);
        Assert.Equal((BalanceStatus.Healthy, false), (healthy.Status, no));
        var (low, fell) = BalanceRules.Look(healthy, 99, Now);
        Assert.Equal((BalanceStatus.Low, true, Now), (low.Status, fell, low.AlertedAt));
        var (still, again) = BalanceRules.Look(low, 1, Now.AddMinutes(1));
        Assert.Equal((BalanceStatus.Low, false, Now), (still.Status, again, still.AlertedAt));
        Assert.Null(BalanceRules.Look(Rule with { IsEnabled = false }, 1, Now).Rule.NextAt);
    }

    [Fact]
    public void One_top_up_at_a_time_is_wanted_and_none_right_after_another()
    {
        var low = BalanceRules.Look(Rule, 1, Now).Rule;
        Assert.True(BalanceRules.Wants(low, null, Now));
        Assert.False(BalanceRules.Wants(low with { TopUp = null }, null, Now));
        Assert.False(BalanceRules.Wants(BalanceRules.Look(Rule, 100, Now).Rule, null, Now));
        Assert.False(BalanceRules.Wants(low, Asked, Now.AddDays(1)));
        foreach (var state in new[] { TransferState.Requested, TransferState.Sent })
        {
            Assert.False(BalanceRules.Wants(low, Asked with { Paying = new(state, null, null, Now, Now) }, Now.AddDays(1)));
        }

        foreach (var state in new[] { TransferState.Confirmed, TransferState.Failed })
        {
            var ended = Asked with { Paying = new(state, null, null, Now, Now) };
            Assert.False(BalanceRules.Wants(low, ended, Now + BalanceRules.Rest - TimeSpan.FromSeconds(1)));
            Assert.True(BalanceRules.Wants(low, ended, Now + BalanceRules.Rest));
        }
    }

    [Fact]
    public void A_funding_wallet_pays_all_of_a_target_together_when_its_window_is_over_and_keeps_what_its_fees_need()
    {
        ImmutableArray<TopUp> waiting = [Asked, Asked with { Id = "two", Unit = Unit.Parse(Token), Amount = 7 }];
        var purse = Value.Of(Lovelace.FromAda(13), AssetId.Parse(Token), 7);
        Assert.Empty(Assign(waiting, Now.AddSeconds(59), purse));
        var taken = Assert.Single(Assign(waiting, Now.AddSeconds(60), purse));
        Assert.Equal(Value.Of(Lovelace.FromAda(10), AssetId.Parse(Token), 7), taken.Amount);
        Assert.Equal(["one", "two"], taken.TopUps.Select(t => t.Id));
        Assert.Empty(Assign(waiting, Now.AddSeconds(60), Value.Of(Lovelace.FromAda(12), AssetId.Parse(Token), 7)));
        Assert.Empty(Assign(waiting, Now.AddSeconds(60), Value.Of(Lovelace.FromAda(13), AssetId.Parse(Token), 6)));
        Assert.Empty(Assign(waiting, Now.AddSeconds(60), purse, isEnabled: false));
        Assert.Empty(Assign([Asked with { Amount = long.MaxValue }], Now.AddSeconds(60), purse));
    }

    [Fact]
    public void Tokens_travel_with_two_ada()
    {
        var taken = Assert.Single(
            Assign([Asked with { Unit = Unit.Parse(Token), Amount = 7 }], Now.AddHours(1), Value.Of(Lovelace.FromAda(5), AssetId.Parse(Token), 9))
        );
        Assert.Equal(Value.Of(Lovelace.FromAda(2), AssetId.Parse(Token), 7), taken.Amount);
    }

    private static ImmutableArray<TakenOn> Assign(ImmutableArray<TopUp> waiting, DateTimeOffset now, Value purse, bool isEnabled = true)
    {
        var funding = Wallet("funding", WalletRole.Funding, '1');
        var target = Wallet("target", WalletRole.Selling, '2');
        Funder[] funders = [new(funding, new FundingSettings("settings", funding.Id, isEnabled, TimeSpan.FromMinutes(1)), purse)];
        return BalanceRules.Assign(waiting, funders, new Dictionary<string, HotWallet> { [target.Id] = target }, ProtocolParameters.Mainnet, now);
    }

    private static HotWallet Wallet(string id, WalletRole role, char digit)
    {
        var key = KeyHash.Parse(new string(digit, 56));
        return new(id, "source", role, key, Address.Create(NetworkId.Testnet, Credential.Key(key)), null, null, "", Now);
    }
}
