using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>Reading the fields of certificates that the API shows.</summary>
public sealed class CertificateContentTests
{
    private const string Account = "8200581c11111111111111111111111111111111111111111111111111111111";
    private const string Pool = "581c22222222222222222222222222222222222222222222222222222222";
    private const string DRep = "8201581c33333333333333333333333333333333333333333333333333333333";

    [Theory]
    [InlineData(0, "8200" + Account, true, false, false, null)]
    [InlineData(1, "8201" + Account, false, true, false, null)]
    [InlineData(2, "8302" + Account + Pool, false, false, true, null)]
    [InlineData(7, "8307" + Account + "1a001e8480", true, false, false, 2_000_000L)]
    [InlineData(8, "8308" + Account + "1a001e8480", false, true, false, 2_000_000L)]
    [InlineData(9, "8309" + Account + DRep, false, false, false, null)]
    [InlineData(9, "8309" + Account + "8102", false, false, false, null)]
    [InlineData(10, "840a" + Account + Pool + "8103", false, false, true, null)]
    [InlineData(11, "840b" + Account + Pool + "1a001e8480", true, false, true, 2_000_000L)]
    [InlineData(12, "840c" + Account + DRep + "1a001e8480", true, false, false, 2_000_000L)]
    [InlineData(13, "850d" + Account + Pool + DRep + "1a001e8480", true, false, true, 2_000_000L)]
    public void Every_kind_says_what_it_does_to_an_account(int kind, string hex, bool registers, bool deregisters, bool hasPool, long? deposit)
    {
        var content = CertificateContent.Read(new Certificate(kind, Convert.FromHexString(hex)));

        Assert.Equal(registers, content.Registers);
        Assert.Equal(deregisters, content.Deregisters);
        Assert.Equal(Credential.Key(KeyHash.Parse(new string('1', 56))), content.Credential);
        Assert.Equal(hasPool ? Hash28.Parse(new string('2', 56)) : null, content.Pool);
        Assert.Equal(deposit, content.Deposit?.Amount);
    }

    [Fact]
    public void A_pool_registration_tells_its_terms()
    {
        var hex =
            "8a03"
            + Pool
            + "5820"
            + new string('4', 64)
            + "1903e8" // pledge 1000
            + "1a0a21fe80" // cost 170 ADA
            + "d81e82010a" // margin 1/10
            + "581de0"
            + new string('5', 56)
            + "d9010281581c"
            + new string('6', 56)
            + "83"
            + "8400190bb9447f000001f6"
            + "8301f6616e"
            + "82026173"
            + "8261754101";

        var terms = CertificateContent.Read(new Certificate(3, Convert.FromHexString(hex))).Terms!;

        Assert.Equal((1000UL, 170_000_000UL, 0.1), (terms.Pledge, terms.Cost, terms.Margin));
        Assert.StartsWith("stake_test1", terms.RewardAccount, StringComparison.Ordinal);
        Assert.StartsWith("stake_test1", (string)terms.Owners[0]!, StringComparison.Ordinal);
        Assert.Equal("""{"ipv4":"127.0.0.1","ipv6":null,"dns":null,"dns_srv":null,"port":3001}""", terms.Relays[0]!.ToJsonString());
        Assert.Equal("n", (string)terms.Relays[1]!["dns"]!);
        Assert.Equal("s", (string)terms.Relays[2]!["dns_srv"]!);
        Assert.Equal("01", (string)terms.Metadata!["hash"]!);
    }

    [Fact]
    public void A_pool_retirement_tells_the_epoch()
    {
        var content = CertificateContent.Read(new Certificate(4, Convert.FromHexString("8304" + Pool + "182a")));

        Assert.Equal(42UL, content.Epoch);
        Assert.Null(content.Credential);
    }
}
