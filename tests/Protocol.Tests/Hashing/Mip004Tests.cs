using System.Text.Json;
using Masumi.Protocol.Hashing;

namespace Masumi.Protocol.Tests.Hashing;

public sealed class Mip004Tests
{
    private static readonly BuyerNonce Id = BuyerNonce.Parse("3f1c9a0b7d2e4f60");

    [Theory]
    [InlineData("{}", "7b528bba907c11b7cf357712682d6f3684a7a12b2bbdb4ac34076d80326ddb9b")]
    [InlineData("""{"topic":"tides","pages":3}""", "3e725e253b2771e091be38ea9c4a12d0ab529f33656e60756787d14bc9653f69")]
    [InlineData("""{"pages":3,"topic":"tides"}""", "3e725e253b2771e091be38ea9c4a12d0ab529f33656e60756787d14bc9653f69")]
    [InlineData("""{"text":"Grüße, \"Welt\"\nZeile 2\t\\ €"}""", "dbb8579cf1577b27fde069af871e86c558dc40e172761c4d86876a55aef02204")]
    [InlineData("""{"z":[true,null,[],{}],"m":{"y":2,"x":[3,1,2]}}""", "e7a1ca761b36cb21b559f4efebb9725cdf6310926450fdf9d9d36332f980ce8a")]
    [InlineData("""{"city":"Zürich","days":3,"units":["km","h"]}""", "f43d80eba01425c059e56c82dc7405713c60c1c0094856c75b818bde9fc93daa")]
    [InlineData("""{"ctl":"\u0000\u0007\u001f\u007f\u2028"}""", "0f279234d26c3e4c6f4fbf2b148cebf70325ed84acb9e6aa4420a0da53926b6e")]
    [InlineData(
        """{"a":1.0,"b":0.1,"c":1e21,"d":1e-7,"e":-0.0,"f":123456789012345680000,"g":100,"h":1.5e300}""",
        "f638a252d83cc01ae62a3ff07d7806ea2866788a5f5fe4a08ee1e2c8bfe60768"
    )]
    [InlineData(
        """{"\u20ac":1,"\ud83d\ude00":2,"\ufb33":3,"1":4,"a":5,"\u0080":6,"\r":7}""",
        "c82ffe0ee887b1b2d6724c8fe82dc7caf175977d6a85a761ef9b39cb4c5dfebd"
    )]
    [InlineData("""{"n":12345678901234567890}""", "49b5fb9b85c7d65d2c81cba03eb25f1fb50b049e90d53e048b07f611f88d5863")]
    [InlineData("""{"n":9007199254740993}""", "deff909b325e1211aab5cb010727bbbe6c840159b7e00a3dd16cd8b60487e605")]
    [InlineData("""{"n":1e2}""", "585606b2c31c7de1837d297a0fc09a839629e4abf8c327b084fbc590397ecded")]
    [InlineData("""{"n":0.000001}""", "372a7f869421566ab8d463671669e4bd362c2655b462fb08521a3736e3ea8b7e")]
    [InlineData("""{"n":-0}""", "a32565cf1bbd3f2eb1fb21516b5518623ecbce95f446eed132b94f30d3806682")]
    [InlineData("""{"approve":true}""", "9ca4073d54ea9c5d7f217bec0c39798bf407ce221dc7ec8381a0f9b3ee5b54ac")]
    public void Input_hashes_match_the_vectors(string json, string hash)
    {
        Assert.Equal(hash, Mip004.InputHash(Id, json)?.ToString());
        using var document = JsonDocument.Parse(json);
        Assert.Equal(hash, Mip004.InputHash(Id, document.RootElement).ToString());
        Assert.True(Mip004.IsInputHash(InputHash.Parse(hash), Id, document.RootElement));
        Assert.False(Mip004.IsInputHash(InputHash.Parse(hash), BuyerNonce.Parse("00" + Id), document.RootElement));
    }

    [Fact]
    public void Another_identifier_gives_another_hash_and_the_old_rule_is_recognised()
    {
        using var document = JsonDocument.Parse("""{"topic":"tides","pages":3}""");
        Assert.Equal(
            "38227f129373aa449f880ab0297bcf880a2442f5864ff49934ba20da562de10c",
            Mip004.InputHash(BuyerNonce.Parse("00112233445566778899aabbcc"), document.RootElement).ToString()
        );
        Assert.True(Mip004.IsInputHash(InputHash.Parse("231151c917e3780e83b0ea91392a9ebb84b3f7ff08fee0f35e07afd96e5f1efd"), Id, document.RootElement));
    }

    [Theory]
    [InlineData("", "49aad2ade82fdc56089a528b7ee06a30a28900765a8e5e9d577beb9ac394d6a2", null)]
    [InlineData("done", "cfecdb9ba5184ff8e8ccdd003ba70956bc74b9d95bebbaecd8db1ff1cbdea70e", null)]
    [InlineData(
        "line one\nline two",
        "6e397766f50f4539cf7c811780a5fe0eebca729288c4afd4c39099b578572f22",
        "453783ef65f4475ace6847f5755f110a1b7b28574bfaeb95fa83f9f56691a2f2"
    )]
    [InlineData(
        "She said \"ok\"\\ \t end",
        "cff3de8b16219ef220833778c780444944497ddc263f357d79eab7aeca0d139f",
        "79b2a68cd4ed3cebfcc55750623d4c482d6ef4b5c5ff91ee60400df0a3396b19"
    )]
    [InlineData(
        "{\"a\":1}",
        "1109708197c4c7aa8a5d3977ff24644687aa5406bd48363d81df876457d3ee65",
        "4e0692d3d67ecb58d8810e4291b0350f2ca75fce24bea69bf128c0d4a7698037"
    )]
    [InlineData("Grüße € 😀", "56c500acbaa22a2c21dd5a3e70fc8035e785a6695ec28494285243c92e5b3c08", null)]
    [InlineData("a/b <tag> & '", "1a2f07f7b6ac3577453ac179c80d731a1e703ddc82799540c30914f26eccd761", null)]
    [InlineData(
        "\u0000\u001f\u007f\u2028",
        "450eceb909d11165a38ffe004069eef9257c1d85520de74bad6e426787bafbcf",
        "ed86b6bb139d9076ff963ed76c7513a59843f186bf5d997737e4f81f8b025963"
    )]
    [InlineData("Tide table attached.", "089f9fe0a4281fb1f70eea7df472e33315b6bc367d1f346ec3a9b8c8750c1b34", null)]
    [InlineData(
        "Tide table:\n\"low\" 03:10",
        "f78f511cb5c63dc7fa2b315bcac03bc17af48c304c08a65a3e4163cd0cb6e6bf",
        "2e4e306376599ea74cedab7d7ade7e952f8972a0306a66bf33b947d389333b19"
    )]
    public void Result_hashes_match_the_vectors_under_both_rules(string result, string raw, string? escaped)
    {
        Assert.Equal(raw, Mip004.ResultHash(Id, result, ResultHashRule.Raw).ToString());
        Assert.Equal(escaped ?? raw, Mip004.ResultHash(Id, result, ResultHashRule.Escaped).ToString());
        Assert.Equal(ResultHashRule.Raw, Mip004.MatchResult(ResultHash.Parse(raw), Id, result));
        Assert.Equal(escaped is null ? ResultHashRule.Raw : ResultHashRule.Escaped, Mip004.MatchResult(ResultHash.Parse(escaped ?? raw), Id, result));
        Assert.Null(Mip004.MatchResult(ResultHash.Parse(raw), Id, result + "."));
    }

    [Fact]
    public void Schema_hashes_are_of_the_canonical_form_alone()
    {
        using var schema = JsonDocument.Parse(
            """{"input_data":[{"id":"approve","type":"boolean","name":"Approve?","data":{"description":"Send the mail now?"}}]}"""
        );
        Assert.Equal("0ca150e8915ee45fb9d1eacb968b84732d7bcb7d74b7904b375c3572f43104d3", Mip004.SchemaHash(schema.RootElement));
        Assert.Equal("3a0b932ff16931319ce675fbcb8de33585fafbc88eb5496838cb59f624b3d2f4", Mip004.SchemaHash(schema.RootElement.GetProperty("input_data")));
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":1e400}""")]
    [InlineData("""{"a":}""")]
    [InlineData("")]
    public void Texts_without_canonical_form_are_refused(string json)
    {
        Assert.False(CanonicalJson.TryOf(json, out _));
        Assert.Null(Mip004.InputHash(Id, json));
    }

    // Both would hash as the replacement character does, and be verified as that. (An attribute cannot hold such a text.)
    [Theory]
    [InlineData(0xd800, "")]
    [InlineData(0xdc00, "b")]
    public void A_result_with_half_a_surrogate_pair_has_no_hash(int half, string after)
    {
        var result = "a" + (char)half + after;
        foreach (var rule in Enum.GetValues<ResultHashRule>())
        {
            Assert.Throws<FormatException>(() => Mip004.ResultHash(Id, result, rule));
            Assert.Null(Mip004.MatchResult(Mip004.ResultHash(Id, "a\ufffd" + after, rule), Id, result));
        }
    }

    [Fact]
    public void Nothing_has_no_hash()
    {
        Assert.Throws<ArgumentNullException>(() => Mip004.InputHash(null!, default(JsonElement)));
        Assert.Throws<ArgumentNullException>(() => Mip004.InputHash(null!, "{}"));
        Assert.Throws<ArgumentNullException>(() => Mip004.InputHash(Id, null!));
        Assert.Throws<ArgumentNullException>(() => Mip004.ResultHash(null!, "", ResultHashRule.Raw));
        Assert.Throws<ArgumentNullException>(() => Mip004.ResultHash(Id, null!, ResultHashRule.Raw));
    }

    [Fact]
    public void Of_repeated_members_the_last_counts()
    {
        Assert.True(CanonicalJson.TryOf("""{"a":1,"b":2,"a":3}""", out var canonical));
        Assert.Equal("""{"a":3,"b":2}""", canonical);
    }

    [Theory]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(123456789012345678901.0, "123456789012345680000")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(-333333333.3333333, "-333333333.3333333")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(0.00001, "0.00001")]
    public void Numbers_are_laid_out_as_ecmascript_does(double number, string text)
    {
        Assert.Equal(text, CanonicalJson.Number(number));
    }

    [Fact]
    public void Deep_nesting_is_refused_not_followed()
    {
        Assert.False(CanonicalJson.TryOf(new string('[', 100_000), out _));
        Assert.False(CanonicalJson.TryOf(new string('[', 200) + new string(']', 200), out _));
    }
}
