using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Attempts;

namespace Masumi.Settlement.Tests;

/// <summary>Which coins a transaction must spend that replaces one nobody has seen on chain.</summary>
public sealed class ExclusionTests
{
    private const long Stability = 1000;
    private static readonly Address Wallet = Address.Create(NetworkId.Testnet, Credential.Key(default));

    [Fact]
    public void It_spends_a_coin_of_the_one_it_replaces()
    {
        var coins = new[] { Coin(1), Coin(2), Coin(3) };
        var old = Attempt("old", Spending(coins[1]));
        Assert.Equal([coins[1]], Spend(Exclusion.Of([old], [], coins, new Slot(200), Stability)));
    }

    [Fact]
    public void One_coin_serves_all_that_it_excludes()
    {
        var coins = new[] { Coin(1), Coin(2) };
        var both = new[] { Attempt("a", Spending(coins[0])), Attempt("b", Spending(coins[0], coins[1])) };
        Assert.Equal([coins[0]], Spend(Exclusion.Of(both, [], coins, new Slot(200), Stability)));
    }

    [Fact]
    public void When_its_coins_went_elsewhere_it_builds_on_what_came_of_them()
    {
        var spent = Coin(1);
        var old = Attempt("old", Spending(spent));
        var child = Attempt("child", Spending(spent, Coin(2)));
        var grandchild = Attempt("grandchild", Spending(new Utxo(new TxInput(child.TxId, 0), child.Transaction!.Body.Outputs[0])));
        var change = new Utxo(new TxInput(grandchild.TxId, 0), grandchild.Transaction!.Body.Outputs[0]);
        Assert.Equal([change], Spend(Exclusion.Of([old], [child, grandchild], [Coin(7), change], new Slot(200), Stability)));
    }

    [Fact]
    public void What_stands_upon_another_that_did_not_come_is_excluded_by_a_coin_of_that_one()
    {
        var coin = Coin(1);
        var parent = Attempt("parent", Spending(coin));
        var child = Attempt("child", Spending(ChangeOf(parent)));
        Assert.Equal([coin], Spend(Exclusion.Of([child], [parent, child], [Coin(7), coin], new Slot(200), Stability)));

        // Something else took the coin meanwhile.
        var taker = Attempt("taker", Spending(coin, Coin(2)));
        Assert.Equal([ChangeOf(taker)], Spend(Exclusion.Of([child], [taker, parent, child], [Coin(7), ChangeOf(taker)], new Slot(200), Stability)));
        var other = Coin(9);
        parent = parent with { TakenBy = other.Input.TxId };
        Assert.Equal([other], Spend(Exclusion.Of([child], [parent, child], [Coin(7), other], new Slot(200), Stability)));
    }

    [Fact]
    public void Other_change_of_what_it_stands_upon_excludes_nothing()
    {
        var parent = Attempt("parent", Spending(Coin(1)));
        var child = Attempt("child", Spending(ChangeOf(parent)));
        var other = ChangeOf(parent) with { Input = new TxInput(parent.TxId, 1) };
        Assert.IsType<Exclusion.NotYet>(Exclusion.Of([child], [parent, child], [other], new Slot(200), Stability));
    }

    [Fact]
    public void With_nothing_that_excludes_it_one_waits_until_no_rollback_reaches_so_far()
    {
        var old = Attempt("old", Spending(Coin(1)));
        var wait = Assert.IsType<Exclusion.NotYet>(Exclusion.Of([old], [], [Coin(7)], new Slot(100 + Stability), Stability));
        Assert.Equal((old.TxId, new Slot(100 + Stability)), (wait.Attempt, wait.DeadAfter));
        Assert.Empty(Spend(Exclusion.Of([old], [], [Coin(7)], new Slot(101 + Stability), Stability)));
    }

    private static ImmutableArray<Utxo> Spend(Exclusion replacement) => Assert.IsType<Exclusion.Spending>(replacement).Inputs;

    private static Utxo Coin(byte number) =>
        new(new TxInput(TransactionId.Parse(string.Concat(Enumerable.Repeat($"{number:x2}", 32))), 0), new TxOutput(Wallet, Value.Of(Lovelace.FromAda(10))));

    private static Utxo ChangeOf(Attempt attempt) => new(new TxInput(attempt.TxId, 0), attempt.Transaction!.Body.Outputs[0]);

    private static Transaction Spending(params Utxo[] coins) =>
        Transaction.Create(
            new TransactionBody
            {
                Inputs = [.. coins.Select(c => c.Input)],
                Outputs = [new TxOutput(Wallet, Value.Of(Lovelace.FromAda(5))), new TxOutput(Wallet, Value.Of(Lovelace.FromAda(4)))],
                Fee = Lovelace.FromAda(1),
            },
            new WitnessSet()
        );

    private static Attempt Attempt(string id, Transaction transaction) =>
        new()
        {
            Id = id,
            Kind = "Lock",
            SourceId = "s",
            WalletId = "w",
            TxId = transaction.Id,
            Fee = default,
            Transaction = transaction,
            InvalidHereafter = new Slot(100),
            Subjects = [],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
}
