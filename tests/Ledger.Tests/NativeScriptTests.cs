using Masumi.Cardano;
using Masumi.Ledger.Rules;

namespace Masumi.Ledger.Tests;

public sealed class NativeScriptTests
{
    private static readonly KeyHash Known = new(new Hash28([.. Enumerable.Repeat((byte)1, 28)]));
    private static readonly KeyHash Other = new(new Hash28([.. Enumerable.Repeat((byte)2, 28)]));

    [Theory]
    [InlineData("8201 80", true)] // all []
    [InlineData("8202 80", false)] // any []
    [InlineData("8303 00 80", true)] // 0 of []
    [InlineData("8303 01 80", false)]
    [InlineData("8303 20 80", true)] // -1 of []
    [InlineData("8201 81 8200 581c K", true)]
    [InlineData("8201 82 8200 581c K 8200 581c O", false)]
    [InlineData("8202 82 8200 581c K 8200 581c O", true)]
    [InlineData("8303 02 82 8200 581c K 8200 581c O", false)]
    [InlineData("9f 01 9f ff ff", true)] // indefinite lengths
    public void Combinators_follow_the_signers(string script, bool accepts) =>
        Assert.Equal(accepts, Read(script)!.Accepts(new HashSet<KeyHash> { Known }, null, null));

    [Theory]
    [InlineData("8204 0a", null, null, false)] // no lower bound proves nothing
    [InlineData("8204 0a", 9L, null, false)]
    [InlineData("8204 0a", 10L, null, true)]
    [InlineData("8205 0a", null, null, false)]
    [InlineData("8205 0a", null, 10L, true)]
    [InlineData("8205 0a", null, 11L, false)]
    [InlineData("8205 1bffffffffffffffff", null, long.MaxValue, true)]
    [InlineData("8205 1b7fffffffffffffff", null, long.MaxValue - 1, true)]
    [InlineData("8205 1b8000000000000000", null, long.MaxValue, false)] // which may stand for anything up to 2^64-1
    public void Time_locks_follow_the_transactions_own_interval(string script, long? lower, long? upper, bool accepts) =>
        Assert.Equal(accepts, Read(script)!.Accepts(new HashSet<KeyHash>(), lower is { } l ? new Slot(l) : null, upper is { } u ? new Slot(u) : null));

    [Theory]
    [InlineData("8206 80")]
    [InlineData("8200 41 01")]
    [InlineData("8201 80 00")]
    [InlineData("8301 80 00")]
    [InlineData("01")]
    [InlineData("")]
    public void Other_bytes_are_no_native_script(string script) => Assert.Null(Read(script));

    [Theory]
    [InlineData("820180", true)] // all []
    [InlineData("820280", false)] // any []
    public void Nesting_has_no_limit_but_the_transactions_size(string innermost, bool accepts) =>
        Assert.Equal(accepts, NativeScript.TryRead(Deep(100_000, innermost))!.Accepts(new HashSet<KeyHash>(), null, null));

    // all [all [all ... innermost]]
    private static byte[] Deep(int levels, string innermost) => Convert.FromHexString($"{string.Concat(Enumerable.Repeat("820181", levels))}{innermost}");

    private static NativeScript? Read(string hex) =>
        NativeScript.TryRead(
            Convert.FromHexString(
                hex.Replace(" ", "", StringComparison.Ordinal)
                    .Replace("K", $"{Known}", StringComparison.Ordinal)
                    .Replace("O", $"{Other}", StringComparison.Ordinal)
            )
        );
}
