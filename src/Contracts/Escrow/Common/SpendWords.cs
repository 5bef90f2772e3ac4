using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Words that the rules of both generations are written in. A validator binds those it uses several times.</summary>
internal static class SpendWords
{
    /// <summary>The length of a result on chain: a hash (spec escrow.md 2.3). A longer one could make the other party's next transaction too large.</summary>
    public const int ResultBytes = 32;

    /// <summary>The party has a payment key, and it is among the required signers.</summary>
    public static Term<Bool> IsSignedBy(Term<ListOf<Bytes>> signers, Term<OnChainAddress> party) =>
        Do(b =>
        {
            var credential = b.Let(party.Fields.Payment, "credential");
            var key = b.Let(credential.Hash, "key");
            return credential.IsKey & signers.Any(signer => signer.Is(key));
        });

    /// <summary>The lower bound is finite and not before the time (spec escrow.md 4.1).</summary>
    public static Term<Bool> StartsAfter(Fields<TimeRange> range, Term<Int> time) =>
        Do(b =>
        {
            var lower = b.Let(range.Lower, "lower");
            return lower.IsFinite & time <= lower.Time;
        });

    /// <summary>A cooldown of the continuing datum, refused when it ends too early.</summary>
    public static Term<Int> NewCooldown(Term<Int> cooldown, Term<Int> earliest) =>
        Do(b =>
        {
            var time = b.Let(cooldown, "cooldown");
            b.Require("the new cooldown is long enough", time >= earliest);
            return time;
        });

    /// <summary>An amount of ADA only.</summary>
    public static Term<Map<Bytes, Map<Bytes, Int>>> Ada(Term<Int> lovelace) => EmptyMap<Bytes, Map<Bytes, Int>>().WithLovelace(lovelace);

    /// <summary>The datum that says which escrow a payout comes from (spec escrow.md 2.8).</summary>
    public static Term<OutputDatum> Tag(Term<OutputReference> escrow) => Operators.Construct<OutputDatum>(2, escrow.ToData());

    /// <summary>The outputs at the address that carry the tag.</summary>
    public static Term<ListOf<OnChainOutput>> Tagged(Term<ListOf<OnChainOutput>> outputs, Term<OnChainAddress> address, Term<OutputDatum> tag) =>
        outputs.Where(output => output.Fields.Address.Is(address) & output.Fields.Datum.Is(tag));
}

/// <summary>What an action changes in the datum.</summary>
internal sealed record Change(Term<Bytes> ResultHash, Term<Int> SellerCooldown, Term<Int> BuyerCooldown, Term<Choice<EscrowState>> State)
{
    public static Term<Change> Of(Term<Bytes> resultHash, Term<Int> sellerCooldown, Term<Int> buyerCooldown, Term<Choice<EscrowState>> state) =>
        new(Structure.Pack(resultHash.Expr, sellerCooldown.Expr, buyerCooldown.Expr, state.Expr));

    public static Change Unpack(Block b, Term<Change> packed)
    {
        var fields = b.Unpack(packed.Expr, "resultHash", "sellerCooldown", "buyerCooldown", "state");
        return new(new(fields[0]), new(fields[1]), new(fields[2]), new(fields[3]));
    }
}
