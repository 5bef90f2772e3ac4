using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Masumi.Cardano.Addresses;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>The words the rule models are written in, and the rules both generations share. It collects every rule that refuses.</summary>
internal abstract class SpendCheck(EscrowDatum datum, EscrowSpend spend)
{
    private const int MostShownSigners = 8;

    // The last one a calendar can say.
    private const long LastMillisecond = 253_402_300_799_999;

    private readonly ImmutableArray<RuleRefusal>.Builder _refusals = ImmutableArray.CreateBuilder<RuleRefusal>();

    protected EscrowDatum Datum { get; } = datum;

    protected EscrowSpend Spend { get; } = spend;

    protected EscrowDatum BuyerActed => Datum with { SellerCooldown = BigInteger.Zero, BuyerCooldown = Spend.CooldownEnd };

    protected EscrowDatum SellerActed => Datum with { SellerCooldown = Spend.CooldownEnd, BuyerCooldown = BigInteger.Zero };

    /// <summary>What the rules looked at so far come to.</summary>
    public EscrowVerdict Judge(EscrowVerdict verdict) => _refusals.Count == 0 ? verdict : new EscrowVerdict.Refused(_refusals.ToImmutable());

    // Actions with the same rules in both generations.

    public EscrowVerdict.Continues SetRefundRequested()
    {
        From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.Disputed);
        SignedBy(Datum.Buyer);
        EndBefore(Ms(Datum.Deadlines.Unlock), "unlock_time");
        StartAfter(Datum.BuyerCooldown, "buyer_cooldown_time");
        return Continues(BuyerActed with { State = Datum.ResultHash.IsEmpty ? EscrowState.RefundRequested : EscrowState.Disputed });
    }

    public virtual EscrowVerdict.Continues SubmitResult()
    {
        From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed);
        SignedBy(Datum.Seller);
        StartAfter(Datum.SellerCooldown, "seller_cooldown_time");
        if (Datum.ResultHash.IsEmpty)
        {
            EndBefore(Ms(Datum.Deadlines.SubmitResult), "submit_result_time");
        }
        else
        {
            // A later result is welcome until the admins' turn, once there is a first one.
            EndBefore(
                Math.Max(Ms(Datum.Deadlines.SubmitResult), Ms(Datum.Deadlines.ExternalDisputeUnlock)),
                "submit_result_time or external_dispute_unlock_time"
            );
        }

        var isOurs = Spend.Contract.Rules == EscrowRuleSet.Ours;
        Need(
            EscrowRule.NewResult,
            isOurs ? Spend.NewResultHash.Length == SpendWords.ResultBytes : !Spend.NewResultHash.IsEmpty,
            $"{Spend.NewResultHash.Length} bytes",
            isOurs ? $"a result hash of {SpendWords.ResultBytes} bytes" : "a result hash"
        );
        return Continues(
            SellerActed with
            {
                ResultHash = Spend.NewResultHash,
                State = Datum.State is EscrowState.FundsLocked or EscrowState.ResultSubmitted ? EscrowState.ResultSubmitted : EscrowState.Disputed,
            }
        );
    }

    public EscrowVerdict.Closes UnknownAction(EscrowAction action)
    {
        _refusals.Add(new RuleRefusal(EscrowRule.Action, $"{action}", $"an action of {Datum.Family}"));
        return Closes([]);
    }

    // Words.

    protected EscrowVerdict.Continues Continues(EscrowDatum next) => new(next, Spend.Value);

    /// <summary>A payout of nothing needs no output.</summary>
    protected static EscrowVerdict.Closes Closes(IEnumerable<RequiredPayout> payouts) => new([.. payouts.Where(p => !p.AtLeast.IsZero)]);

    protected void From(params ReadOnlySpan<EscrowState> states) =>
        Need(EscrowRule.State, states.Contains(Datum.State), $"{Datum.State}", string.Join(" or ", states.ToArray()));

    protected void SignedBy(Address party)
    {
        var signs = party.Payment?.AsKey is { } key && Spend.Signers.Contains(key);
        Need(
            EscrowRule.Signer,
            signs,
            Spend.Signers.Count switch
            {
                0 => "no required signer",
                <= MostShownSigners => "required signers " + string.Join(", ", Spend.Signers),
                var others => $"{others} other signers",
            },
            party.Payment?.AsKey is { } needed ? $"the key {needed}" : $"a key; the party is {party}"
        );
    }

    protected void Ends() => Need(EscrowRule.FiniteUpper, Spend.Upper is not null, "no end", "a validity interval that ends");

    protected void StartAfter(BigInteger time, string name) =>
        Need(
            EscrowRule.StartAfter,
            Spend.Lower is { } lower && time <= lower,
            Spend.Lower is { } l ? $"starts {Time(l)}" : "no start",
            $"at or after {name} {Time(time)}"
        );

    protected void EndBefore(long time, string name) =>
        Need(
            EscrowRule.EndBefore,
            Spend.Upper is { } upper && upper < time,
            Spend.Upper is { } u ? $"ends {Time(u)}" : "no end",
            $"before {name} {Time(time)}"
        );

    protected void ResultPresent() => Need(EscrowRule.ResultPresent, !Datum.ResultHash.IsEmpty, "no result", "a result on chain");

    protected void ResultAbsent() => Need(EscrowRule.ResultAbsent, Datum.ResultHash.IsEmpty, $"{Datum.ResultHash}", "no result on chain");

    protected void Need(EscrowRule rule, bool holds, string supplied, string required)
    {
        if (!holds)
        {
            _refusals.Add(new RuleRefusal(rule, supplied, required));
        }
    }

    private static string Time(BigInteger milliseconds) =>
        milliseconds >= 0 && milliseconds <= LastMillisecond
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds} ({DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds):yyyy-MM-dd'T'HH:mm:ss.FFF'Z'})"
            )
            : milliseconds.ToString(CultureInfo.InvariantCulture);

    protected static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
