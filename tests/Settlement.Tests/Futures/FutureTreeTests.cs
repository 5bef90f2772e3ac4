using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Futures;

/// <summary>What can still happen to an escrow: played with the real contracts and the ledger, against what the rules say.</summary>
public class FutureTreeTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Deadlines Deadlines = new(Start.AddHours(1), Start.AddHours(4), Start.AddHours(6), Start.AddHours(8));
    private static readonly DateTimeOffset Now = Start.AddHours(2);

    // Unlike a network's, the slots begin with the story.
    private static readonly SlotConfig Slots = new(Start.AddDays(-10), new Slot(0), TimeSpan.FromSeconds(1));

    public static TheoryData<EscrowFamily, EscrowState> Everywhere()
    {
        var all = new TheoryData<EscrowFamily, EscrowState>();
        foreach (var state in new[] { EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed })
        {
            all.Add(EscrowFamily.V1, state);
            all.Add(EscrowFamily.V2, state);
        }

        all.Add(EscrowFamily.V2, EscrowState.WithdrawAuthorized);
        all.Add(EscrowFamily.V2, EscrowState.RefundAuthorized);
        return all;
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Every_point_of_every_branch_accounts_for_all_the_money(EscrowFamily family, EscrowState state)
    {
        var root = Grow(family, state);
        Assert.NotEmpty(root.Next);
        foreach (var point in Points(root))
        {
            Assert.Equal(Value.Of(Lovelace.FromAda(100)), point.Holds.Total);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Branches_end_where_the_rules_say(EscrowFamily family, EscrowState state)
    {
        foreach (var (leaf, before) in Leaves(Grow(family, state)))
        {
            switch (leaf.End)
            {
                case FutureEnd.Paid paid:
                    Assert.Null(leaf.State);
                    Assert.True(leaf.Holds.Escrow.IsZero);
                    var seller = leaf.Move!.Action == Intent.Withdraw;
                    Assert.Equal(seller ? EscrowParty.Seller : EscrowParty.Buyer, leaf.Move.By);
                    var (winner, loser) = seller ? (leaf.Holds.Seller, leaf.Holds.Buyer) : (leaf.Holds.Buyer, leaf.Holds.Seller);
                    Assert.InRange(winner.Coin.Exact, seller && family == EscrowFamily.V1 ? 92_000_000 : 96_000_000, 100_000_000);
                    Assert.InRange(loser.Coin.Exact, -4_000_000, 0);
                    Assert.Equal(Value.Of(seller && family == EscrowFamily.V1 ? Lovelace.FromAda(5) : Lovelace.Zero), leaf.Holds.FeeWallet);
                    Assert.True(paid.At >= Opens(leaf.Move.From, seller), $"{leaf.Move} before its time");
                    break;
                case FutureEnd.Admins admins:
                    Assert.Equal(EscrowState.Disputed, before);
                    Assert.InRange(admins.From, Deadlines.ExternalDisputeUnlock, Deadlines.ExternalDisputeUnlock.AddSeconds(2));
                    Assert.Equal(Value.Of(Lovelace.FromAda(100)), leaf.Holds.Escrow);
                    break;
                default:
                    Assert.Fail($"{leaf}");
                    break;
            }
        }
    }

    [Theory]
    [InlineData(EscrowFamily.V1, "SubmitResult RequestRefund")]
    [InlineData(EscrowFamily.V2, "SubmitResult RequestRefund AuthorizeRefund")]
    public void From_a_lock_everything_that_a_party_may_choose_is_a_branch(EscrowFamily family, string expected)
    {
        var root = Grow(family, EscrowState.FundsLocked);
        Assert.Equal(Intent.WithdrawRefund, root.Next[0].Move!.Action);
        Assert.Equal(expected, string.Join(' ', root.Next.Skip(1).Select(n => n.Move!.Action)));
    }

    [Fact]
    public void The_last_safe_moments_are_the_deadlines_less_what_an_interval_takes()
    {
        var locked = Grow(EscrowFamily.V2, EscrowState.FundsLocked);
        Assert.Equal(Deadlines.SubmitResult.AddSeconds(-18), Choice(locked, Intent.SubmitResult).Before);

        // The contract would let him agree for ever; but from then on the buyer takes the money back anyway.
        Assert.Equal(Deadlines.SubmitResult.AddSeconds(1), Choice(locked, Intent.AuthorizeRefund).Before);
        var delivered = Grow(EscrowFamily.V2, EscrowState.ResultSubmitted);
        Assert.Equal(Deadlines.Unlock.AddSeconds(-18), Choice(delivered, Intent.RequestRefund).Before);
        var disputed = Grow(EscrowFamily.V2, EscrowState.Disputed);
        var release = Choice(disputed, Intent.AuthorizeWithdrawal);
        Assert.Equal((null, Deadlines.ExternalDisputeUnlock.AddSeconds(1)), (release.Before, release.AdminsFrom));
        Assert.Null(Choice(delivered, Intent.RequestRefund).AdminsFrom);
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Once_the_admins_may_decide_the_parties_still_have_the_choices_that_the_contract_takes(EscrowFamily family)
    {
        var late = Deadlines.ExternalDisputeUnlock.AddHours(1);
        var root = Grow(family, EscrowState.Disputed, late);
        Assert.IsType<FutureEnd.Admins>(root.Next[0].End);
        var refund = Choice(root, Intent.AuthorizeRefund);
        Assert.Equal((late, late), (refund.At, refund.AdminsFrom));
        Assert.Equal(family == EscrowFamily.V2, root.Next.Any(n => n.Move?.Action == Intent.AuthorizeWithdrawal));
        Assert.All(root.Next.Skip(1), n => Assert.Contains(n.Leaves, leaf => leaf.End is FutureEnd.Paid or FutureEnd.Admins));
    }

    [Fact]
    public void A_choice_whose_time_is_over_is_no_branch()
    {
        var late = Grow(EscrowFamily.V2, EscrowState.FundsLocked, Deadlines.SubmitResult.AddSeconds(-10));
        Assert.DoesNotContain(late.Next, n => n.Move?.Action == Intent.SubmitResult);
        var over = Grow(EscrowFamily.V2, EscrowState.ResultSubmitted, Deadlines.Unlock.AddMinutes(1));
        Assert.DoesNotContain(over.Next, n => n.Move?.Action == Intent.RequestRefund);
        Assert.Equal(Deadlines.Unlock.AddMinutes(1), over.Next[0].Move!.At);
    }

    [Fact]
    public void Whoever_waits_for_a_cooldown_plays_after_it()
    {
        var root = Grow(EscrowFamily.V2, EscrowState.FundsLocked);
        var refund = root.Next.Single(n => n.Move?.Action == Intent.RequestRefund);
        var late = refund.Next.Single(n => n.Move?.Action == Intent.SubmitResult);
        var release = late.Next.Single(n => n.Move?.Action == Intent.AuthorizeWithdrawal);
        Assert.Equal(EscrowState.Disputed, late.State);
        Assert.True(release.Move!.At >= Now);
        Assert.Equal(Intent.Withdraw, release.Next[0].Move!.Action);
    }

    [Fact]
    public void A_tree_is_bounded_in_depth_and_in_moves()
    {
        var shallow = FutureTree.Grow(From(EscrowFamily.V2, EscrowState.FundsLocked, Now), new PlutusEvaluator(), new FutureLimits(1, 60));
        Assert.Equal(2, Depth(shallow));
        var narrow = FutureTree.Grow(From(EscrowFamily.V2, EscrowState.FundsLocked, Now), new PlutusEvaluator(), new FutureLimits(3, 2));
        Assert.Equal(2, Points(narrow).Count(p => p.Move is not null));
        Assert.Contains(Points(narrow), p => p.End is FutureEnd.Cut);
    }

    [Fact]
    public void An_output_that_is_no_escrow_is_refused()
    {
        var start = From(EscrowFamily.V2, EscrowState.FundsLocked, Now);
        var other = start.Escrow with { Output = start.Escrow.Output with { Datum = null } };
        Assert.Throws<ArgumentException>(() => FutureTree.Grow(start with { Escrow = other }, new PlutusEvaluator()));
    }

    private static DateTimeOffset Opens(EscrowState from, bool seller) =>
        from is EscrowState.WithdrawAuthorized or EscrowState.RefundAuthorized ? Now
        : seller ? Deadlines.Unlock
        : Deadlines.SubmitResult;

    private static FutureMove Choice(Future root, Intent action) => root.Next.Select(n => n.Move).Single(m => m?.Action == action)!;

    private static int Depth(Future future) => future.Next.IsEmpty ? 0 : 1 + future.Next.Max(Depth);

    private static IEnumerable<Future> Points(Future future) => future.Next.SelectMany(Points).Prepend(future);

    private static IEnumerable<(Future Leaf, EscrowState? Before)> Leaves(Future future) =>
        future.Next.SelectMany(n => n.End is not null ? [(n, future.State)] : Leaves(n));

    private static Future Grow(EscrowFamily family, EscrowState state, DateTimeOffset? now = null) =>
        FutureTree.Grow(From(family, state, now ?? Now), new PlutusEvaluator());

    private static FutureStart From(EscrowFamily family, EscrowState state, DateTimeOffset now)
    {
        var contract = family == EscrowFamily.V1 ? SettlementWorld.ContractV1 : SettlementWorld.Contract;
        var seller = Address.Create(NetworkId.Testnet, Credential.Key(SigningKey.FromSeed(new byte[32]).KeyHash));
        var buyer = Address.Create(NetworkId.Testnet, Credential.Key(new KeyHash(new Hash28([.. Enumerable.Repeat((byte)7, 28)]))));
        var hasResult = state is EscrowState.ResultSubmitted or EscrowState.Disputed or EscrowState.WithdrawAuthorized;
        var datum = new EscrowDatum
        {
            Family = family,
            Buyer = buyer,
            Seller = seller,
            ReferenceKey = new ByteString(new byte[42]),
            ReferenceSignature = new ByteString([.. Enumerable.Repeat((byte)9, 217)]),
            SellerNonce = new ByteString(new byte[32]),
            BuyerNonce = new ByteString(new byte[8]),
            AgentIdentifier = family == EscrowFamily.V2 ? new ByteString(new byte[29]) : ByteString.Empty,
            CollateralReturn = Lovelace.Zero,
            InputHash = new ByteString(new byte[32]),
            ResultHash = hasResult ? new ByteString(new byte[32]) : ByteString.Empty,
            Deadlines = Deadlines,
            State = state,
        };
        return new FutureStart
        {
            Contract = contract,
            Script = new ContractScript(ContractCatalog.DefaultEscrow(family), null),
            Parameters = ProtocolParameters.Mainnet,
            Slots = Slots,
            Escrow = new Utxo(
                new TxInput(new TransactionId(new Hash32([.. Enumerable.Repeat((byte)3, 32)])), 0),
                new TxOutput(contract.Address, Value.Of(Lovelace.FromAda(100)), datum.ToInline())
            ),
            Now = now,
        };
    }
}
