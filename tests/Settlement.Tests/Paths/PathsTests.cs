using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Tests.Paths;

/// <summary>
/// Every state an escrow can be brought into, times what its owners decide, what either party does, in either order, before and after every deadline, with
/// every transaction taken back by a fork: from each of them the money ends by itself where contract and deadlines allow it to end.
/// </summary>
public class PathsTests(ITestOutputHelper output)
{
    private static readonly EscrowParty[] Parties = [EscrowParty.Buyer, EscrowParty.Seller];

    // Each between two deadlines, so that what a node does there is decided by what is over.
    private static readonly DateTimeOffset[] Times =
    [
        EscrowWalk.Deadlines.SubmitResult.AddMinutes(11),
        EscrowWalk.Deadlines.Unlock.AddMinutes(11),
        EscrowWalk.Deadlines.ExternalDisputeUnlock.AddMinutes(11),
    ];

    public static TheoryData<EscrowFamily> Families() => new(EscrowFamily.V1, EscrowFamily.V2);

    [Theory]
    [MemberData(nameof(Families))]
    public void From_wherever_the_parties_time_and_forks_bring_an_escrow_its_money_ends_by_itself(EscrowFamily family)
    {
        var walk = new EscrowWalk(family);
        var seen = new Dictionary<string, Stand>(StringComparer.Ordinal) { [Key(walk.First)] = walk.First };
        var open = new Queue<Stand>([walk.First]);
        var played = new HashSet<(OnChainState From, Intent Action)>();
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        while (open.TryDequeue(out var stand))
        {
            Accounts(walk, stand);
            var end = EndOf(walk, stand);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            foreach (var next in Moves(walk, stand, played))
            {
                if (seen.TryAdd(Key(next), next))
                {
                    open.Enqueue(next);
                }
            }
        }

        output.WriteLine($"{family}: {seen.Count} stands, {played.Count} pairs of state and action; ends: {string.Join(", ", ends)}");
        var rail = Rail.Of(family);
        var granted =
            from action in Enum.GetValues<Intent>()
            from state in new[] { FundsLocked, ResultSubmitted, RefundRequested, Disputed, WithdrawAuthorized, RefundAuthorized }
            where rail.Grants(action, state)
            select (state, action);
        Assert.Empty(granted.Except(played));
        Assert.Superset(new HashSet<string>(["seller", "buyer", "admins"]), ends.Keys.ToHashSet());
    }

    [Fact]
    public void No_pause_between_tries_steps_over_the_moment_after_which_nothing_can_be_made()
    {
        var walk = new EscrowWalk(EscrowFamily.V2);
        var stand = EscrowWalk.Decide(walk.First, EscrowParty.Seller, new DealEvent.ResultGiven(ResultHash.Parse(new string('5', 64))));
        var last = EscrowWalk.Deadlines.SubmitResult.AddSeconds(-18);
        var tries = 0;
        for (; stand.Now < last; tries++)
        {
            Assert.Equal(Intent.SubmitResult, stand.Seller.Intent);
            stand = EscrowWalk.Decide(stand, EscrowParty.Seller, new DealEvent.Hindered(TroubleKind.Build, "for a test"));
            var next = stand.Seller.NextAt!.Value;
            Assert.True(next > stand.Now, $"{stand}: at once again");
            Assert.True(next - stand.Now <= TimeSpan.FromSeconds(20) || next - stand.Now <= (last - stand.Now) / 4, $"{stand}: not before {next:u}");
            stand = EscrowWalk.WaitUntil(stand, next);
        }

        Assert.InRange(tries, 10, 60);
    }

    // What may happen next: an owner decides, time passes, a node acts as it must, a party acts as the contract lets it, a fork takes the last step back.
    private static IEnumerable<Stand> Moves(EscrowWalk walk, Stand stand, HashSet<(OnChainState From, Intent Action)> played)
    {
        if (stand.Before is not null)
        {
            yield return Undecided(stand, walk.RollBack(stand));
        }

        if (stand.Point is null)
        {
            yield break;
        }

        foreach (var time in Times.Where(t => t > stand.Now).Take(1))
        {
            yield return EscrowWalk.WaitUntil(stand, time);
        }

        foreach (var (party, decision) in Decisions(stand))
        {
            yield return EscrowWalk.Decide(stand, party, decision);
        }

        foreach (var chance in walk.Chances(stand).Where(c => c.At < stand.Now.AddHours(1)))
        {
            var after = walk.Play(stand, chance.Action, chance.By, chance.At, out var refusal);
            Assert.True(after is not null, $"{stand}: {chance} was open and refused: {refusal}");
            played.Add((stand.Buyer.Projection.State!.Value, chance.Action));
            yield return Undecided(stand, after);
        }
    }

    // What the owners decided is theirs: the chain, forks included, decides nothing for them.
    private static Stand Undecided(Stand before, Stand after)
    {
        Assert.True((before.Buyer.Wishes, before.Seller.Wishes) == (after.Buyer.Wishes, after.Seller.Wishes), $"{after}: nobody decided that");
        return after;
    }

    private static IEnumerable<(EscrowParty, DealEvent)> Decisions(Stand stand)
    {
        if (stand.Seller.Wishes.Result is null)
        {
            yield return (EscrowParty.Seller, new DealEvent.ResultGiven(ResultHash.Parse(new string('5', 64))));
        }

        if (!stand.Seller.Wishes.AgreesToRefund)
        {
            yield return (EscrowParty.Seller, new DealEvent.RefundAgreed());
        }

        foreach (var wish in new[] { RefundWish.Asked, stand.Buyer.Family == EscrowFamily.V1 ? RefundWish.TakenBack : RefundWish.Released })
        {
            if (stand.Buyer.Wishes.Refund != wish)
            {
                yield return (EscrowParty.Buyer, new DealEvent.RefundWished(wish));
            }
        }
    }

    // Nobody decides anything more: both nodes act at their times until nothing is left to do. Says who has the money.
    private static string EndOf(EscrowWalk walk, Stand stand)
    {
        var from = stand;
        for (var step = 0; step < 12; step++)
        {
            Accounts(walk, stand);
            if (stand.Point is null)
            {
                return Paid(walk, from, stand);
            }

            var next = Parties
                .Select(party => (Party: party, Act: EscrowWalk.Next(stand, party)))
                .Where(n => n.Act is not null)
                .Select(n => (n.Party, n.Act!.Action, At: n.Act.At > stand.Now ? n.Act.At : stand.Now))
                .OrderBy(n => n.At)
                .ToList();
            var wakes = Parties.Select(p => EscrowWalk.Wakes(stand, p)).Where(t => t > stand.Now).Min();
            if (next is [var first, ..] && (wakes is null || first.At <= wakes))
            {
                Assert.True(stand.Of(first.Party).NextAt <= first.At, $"{stand}: {first} is due and its node looks at it at {stand.Of(first.Party).NextAt}");
                var after = walk.Play(stand, first.Action, first.Party, first.At, out var refusal);
                Assert.True(
                    after is not null,
                    $"{stand}: the {first.Party}'s node wants {first.Action} at {first.At:u}, and contract or ledger refuse it: {refusal}"
                );
                stand = after;
            }
            else if (wakes is { } time)
            {
                stand = EscrowWalk.WaitUntil(stand, time);
            }
            else
            {
                // Only what the contract leaves to people: a dispute is for its admins, or for a party that gives in.
                Assert.True(
                    stand.Buyer.Projection.State == Disputed,
                    $"{stand}: nobody's node does anything more, and the money is in {stand.Buyer.Projection.State}"
                );
                return "admins";
            }
        }

        Assert.Fail($"{stand}: goes on for ever");
        return "";
    }

    private static string Paid(EscrowWalk walk, Stand from, Stand stand)
    {
        Assert.True(stand is { Buyer.IsFinal: true, Seller.IsFinal: true }, $"{stand}: the escrow is gone, and a deal is not final");
        Assert.True((stand.Buyer.NextAt, stand.Seller.NextAt) is (null, null), $"{stand}: over, and looked at again");

        // That what was decided too late was missed is worth remembering.
        Assert.True((stand.Buyer.Problem, stand.Seller.Problem) is (null or { Code: "missed" }, null or { Code: "missed" }), $"{stand}: over, with a problem");
        var holds = walk.Holdings(stand);
        var toSeller = holds.Seller.Coin.Exact > 50_000_000;
        Assert.True(toSeller != holds.Buyer.Coin.Exact > 50_000_000, $"{stand}: {holds}");

        // Whoever had earned it when the owners last decided has it.
        var datum = stand.Before!.Point!.Datum;
        Assert.Equal(
            toSeller,
            datum.State is EscrowState.WithdrawAuthorized || (datum.State is EscrowState.ResultSubmitted && stand.Steps[^1].Action == EscrowAction.Withdraw)
        );
        var intime = from.Now < EscrowWalk.Deadlines.SubmitResult.AddMinutes(-15);
        if (
            from
                is {
                    Seller.Wishes: { Result: not null, AgreesToRefund: false },
                    Buyer.Wishes.Refund: RefundWish.None,
                    Point.Datum.State: EscrowState.FundsLocked
                }
            && intime
        )
        {
            Assert.True(toSeller, $"{from}: delivered in time and not paid: {stand}");
        }

        if (from is { Seller.Wishes.Result: null, Point.Datum: { State: EscrowState.FundsLocked or EscrowState.RefundRequested } })
        {
            Assert.False(toSeller, $"{from}: paid for nothing: {stand}");
        }

        return toSeller ? "seller" : "buyer";
    }

    private static void Accounts(EscrowWalk walk, Stand stand) => Assert.Equal(EscrowWalk.Price, walk.Holdings(stand).Total);

    // Two ways to the same place go on alike, with or without a fork behind them.
    private static string Key(Stand stand) =>
        string.Join(
            '|',
            Place(stand),
            stand.Before is { } before ? Place(before) : "",
            stand.Seller.Wishes,
            stand.Buyer.Wishes,
            Times.Count(t => t <= stand.Now)
        );

    private static string Place(Stand stand) =>
        $"{stand.Buyer.Projection.State} {stand.Point?.Datum.ResultHash.IsEmpty} {stand.Point?.Datum.BuyerCooldownTime > stand.Now} {stand.Point?.Datum.SellerCooldownTime > stand.Now}";
}
