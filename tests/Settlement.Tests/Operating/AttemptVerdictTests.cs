using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Operating;

namespace Masumi.Settlement.Tests.Operating;

/// <summary>Whether a transaction can still take effect, from what is seen of it (decision 1).</summary>
public class AttemptVerdictTests
{
    private const long Stability = 129_600;

    private static readonly TxInput Coin = new(Id(9), 0);

    [Fact]
    public void What_is_valid_and_spends_nothing_that_was_taken_is_alive()
    {
        var verdict = Judge(Tip(100, 500), [Nowhere("one")], [new InputFate(Coin, InputStanding.Unspent, null, null)]);
        Assert.Equal((AttemptFate.Alive, (Slot?)new Slot(1_000)), (verdict.Fate, verdict.Until));
        Assert.Contains(verdict.Reasons, r => r.EndsWith("is unspent", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_in_a_block_is_alive_even_where_only_one_provider_has_it()
    {
        var block = Tip(90, 450);
        var verdict = Judge(Tip(100, 500), [Nowhere("one"), new ProviderWord("two", InBlock(block), null)], []);
        Assert.Equal(AttemptFate.Alive, verdict.Fate);
        Assert.Contains("two has it in block 90, 10 blocks deep", verdict.Reasons);
    }

    [Fact]
    public void After_its_validity_it_is_a_rival_until_no_rollback_reaches_that()
    {
        var verdict = Judge(Tip(100, 1_000), [Nowhere("one")], []);
        Assert.Equal((AttemptFate.Rival, (Slot?)new Slot(1_000 + Stability)), (verdict.Fate, verdict.Until));
        Assert.Equal(AttemptFate.Rival, Judge(Tip(100, 1_000 + Stability), [Nowhere("one")], []).Fate);
        Assert.Equal(AttemptFate.Dead, Judge(Tip(100, 1_001 + Stability), [Nowhere("one")], []).Fate);
    }

    [Fact]
    public void An_input_that_something_else_spent_makes_a_rival_and_buried_deep_kills()
    {
        var taken = new InputFate(Coin, InputStanding.Spent, Id(5), Tip(100, 400));
        var verdict = Judge(Tip(101, 500), [Nowhere("one")], [taken]);
        Assert.Equal((AttemptFate.Rival, (Slot?)new Slot(400 + Stability)), (verdict.Fate, verdict.Until));
        Assert.Contains(verdict.Reasons, r => r.Contains($"was spent by {Id(5)} in block 100, 1 block deep", StringComparison.Ordinal));
        Assert.Equal(AttemptFate.Rival, Judge(Tip(100 + 2159, 900), [Nowhere("one")], [taken]).Fate);
        Assert.Equal(AttemptFate.Dead, Judge(Tip(100 + 2160, 900), [Nowhere("one")], [taken]).Fate);
    }

    [Fact]
    public void A_provider_that_does_not_answer_keeps_it_from_being_dead()
    {
        var verdict = Judge(Tip(100, 2_000 + Stability), [Nowhere("one"), new ProviderWord("two", null, "no answer")], []);
        Assert.Equal(AttemptFate.Rival, verdict.Fate);
        Assert.Contains("two did not answer: it may be in a block", verdict.Reasons);
    }

    [Fact]
    public void Scripts_that_failed_in_a_block_leave_a_rival_until_the_block_is_final()
    {
        var word = new ProviderWord("one", InBlock(Tip(100, 400)) with { IsValid = false }, null);
        Assert.Equal(AttemptFate.Rival, Judge(Tip(200, 900), [word], []).Fate);
        Assert.Equal(AttemptFate.Dead, Judge(Tip(100 + 2160, 900), [word], []).Fate);
    }

    private static AttemptVerdict Judge(BlockPoint tip, ProviderWord[] words, InputFate[] inputs) =>
        AttemptVerdict.Of(
            new Attempt
            {
                Id = "a",
                Kind = "Lock",
                SourceId = "s",
                WalletId = "w",
                TxId = Id(1),
                InvalidHereafter = new Slot(1_000),
                Fee = new Lovelace(200_000),
                Subjects = [],
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
            [.. words],
            [.. inputs],
            tip,
            Stability
        );

    private static ProviderWord Nowhere(string name) => new(name, null, null);

    private static ChainTransaction InBlock(BlockPoint block) => new(null!, block, 0, IsValid: true);

    private static BlockPoint Tip(long height, long slot) => new(height, new Hash32(new byte[32]), new Slot(slot), DateTimeOffset.UnixEpoch.AddSeconds(slot));

    private static TransactionId Id(byte number) => new(new Hash32([.. Enumerable.Repeat(number, 32)]));
}
