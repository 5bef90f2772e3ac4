using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Transactions;

public sealed class FingerprintTests
{
    private const string A = "7eae28af2208be856f7a119668ae52a49b73725e326dc16579dcc373";
    private const string B = "1e349c9bdea19fd6c147626a5260bc44b71635f398b67c59881df209";
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData(A, "", "asset1rjklcrnsdzqp65wjgrg55sy9723kw09mlgvlc3")]
    [InlineData("7eae28af2208be856f7a119668ae52a49b73725e326dc16579dcc37e", "", "asset1nl0puwxmhas8fawxp8nx4e2q3wekg969n2auw3")]
    [InlineData(B, "", "asset1uyuxku60yqe57nusqzjx38aan3f2wq6s93f6ea")]
    [InlineData(A, "504154415445", "asset13n25uv0yaf5kus35fm2k86cqy60z58d9xmde92")]
    [InlineData(B, "504154415445", "asset1hv4p5tv2a837mzqrst04d0dcptdjmluqvdx9k3")]
    [InlineData(B, A, "asset1aqrdypg669jgazruv5ah07nuyqe0wxjhe2el6f")]
    [InlineData(A, B, "asset17jd78wukhtrnmjh3fngzasxm8rck0l2r4hhyyt")]
    [InlineData(A, Zeros, "asset1pkpwyknlvul7az0xx8czhl60pyel45rpje4z8w")]
    public void The_examples_of_CIP_14_come_out(string policy, string name, string fingerprint) =>
        Assert.Equal(fingerprint, AssetId.Parse(policy + name).Fingerprint);
}
