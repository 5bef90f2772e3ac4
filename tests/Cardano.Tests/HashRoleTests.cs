using System.Reflection;

namespace Masumi.Cardano.Tests;

public sealed class HashRoleTests
{
    private static readonly Hash28 Low28 = Hash28.Parse("00" + new string('f', 54));
    private static readonly Hash28 High28 = Hash28.Parse("01" + new string('0', 54));
    private static readonly Hash32 Low32 = Hash32.Parse("00" + new string('f', 62));
    private static readonly Hash32 High32 = Hash32.Parse("01" + new string('0', 62));

    [Fact]
    public void Every_role_is_read_written_ordered_and_found_as_its_digest_is()
    {
        Behaves(new KeyHash(Low28), new KeyHash(High28), h => h.Hash, KeyHash.Parse, h => h.ToArray());
        Behaves(new ScriptHash(Low28), new ScriptHash(High28), h => h.Hash, ScriptHash.Parse, h => h.ToArray());
        Behaves(new PolicyId(Low28), new PolicyId(High28), h => h.Hash, PolicyId.Parse, h => h.ToArray());
        Behaves(new TransactionId(Low32), new TransactionId(High32), h => h.Hash, TransactionId.Parse, h => h.ToArray());
        Behaves(new DatumHash(Low32), new DatumHash(High32), h => h.Hash, DatumHash.Parse, h => h.ToArray());
        Behaves(new ScriptDataHash(Low32), new ScriptDataHash(High32), h => h.Hash, ScriptDataHash.Parse, h => h.ToArray());
        Behaves(new AuxiliaryDataHash(Low32), new AuxiliaryDataHash(High32), h => h.Hash, AuxiliaryDataHash.Parse, h => h.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz000000000000000000000000000000000000000000000000000000")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_digest_has_no_role(string? text)
    {
        Assert.False(KeyHash.TryParse(text, out _));
        Assert.False(ScriptHash.TryParse(text, out _));
        Assert.False(PolicyId.TryParse(text, out _));
        Assert.False(TransactionId.TryParse(text, out _));
        Assert.False(DatumHash.TryParse(text, out _));
        Assert.False(ScriptDataHash.TryParse(text, out _));
        Assert.False(AuxiliaryDataHash.TryParse(text, out _));
    }

    [Fact]
    public void A_script_and_its_policy_have_the_same_digest()
    {
        var script = new ScriptHash(Low28);
        Assert.Equal(new PolicyId(Low28), script.ToPolicyId());
        Assert.Equal(script, script.ToPolicyId().ToScriptHash());
    }

    [Fact]
    public void Nothing_becomes_or_leaves_a_role_without_being_named()
    {
        Type[] types =
        [
            typeof(Hash28),
            typeof(Hash32),
            typeof(KeyHash),
            typeof(ScriptHash),
            typeof(PolicyId),
            typeof(TransactionId),
            typeof(DatumHash),
            typeof(ScriptDataHash),
            typeof(AuxiliaryDataHash),
        ];
        Assert.DoesNotContain(types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)), m => m.Name is "op_Implicit" or "op_Explicit");
    }

    private static void Behaves<TRole, THash>(TRole low, TRole high, Func<TRole, THash> digest, Func<string, TRole> parse, Func<TRole, byte[]> bytes)
        where TRole : struct, IComparable<TRole>
        where THash : struct
    {
        var hex = digest(low).ToString()!;
        Assert.Equal(hex, low.ToString());
        Assert.Equal(low, parse(hex.ToUpperInvariant()));
        Assert.Equal(Convert.FromHexString(hex), bytes(low));
        Assert.Equal(digest(low).GetHashCode(), low.GetHashCode());
        Assert.NotEqual(low, high);
        Assert.Equal([low, high], new[] { high, low }.Order());
        Assert.Equal("Not a", Assert.Throws<FormatException>(() => parse("00")).Message[..5]);
    }
}
