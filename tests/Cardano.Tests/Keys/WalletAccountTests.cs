using Masumi.Cardano.Keys;

namespace Masumi.Cardano.Tests.Keys;

/// <summary>Accounts are hardened steps of the path, so there are 2^31 of them.</summary>
public sealed class WalletAccountTests
{
    private const string Words = "test test test test test test test test test test test test test test test test test test test test test test test sauce";

    [Fact]
    public void The_last_account_is_derived_and_the_one_after_it_refused()
    {
        var last = WalletKeys.FromMnemonic(Words, account: int.MaxValue);
        Assert.NotEqual(WalletKeys.FromMnemonic(Words).Payment.KeyHash, last.Payment.KeyHash);
        foreach (var account in (uint[])[1u << 31, (1u << 31) + 1, uint.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => WalletKeys.FromMnemonic(Words, account: account));
        }
    }
}
