using System.Numerics;
using System.Text;
using System.Text.Json;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Metadata;

namespace Masumi.Cardano.Tests.Metadata;

public sealed class MetadataTests
{
    [Fact]
    public void A_message_is_label_674_with_a_list_under_msg()
    {
        var data = MetadataText.Message("Masumi", "PaymentBatched");
        Assert.Equal("a11902a2a1636d736782664d6173756d696e5061796d656e7442617463686564", Convert.ToHexStringLower(data.Bytes.Span));
        Assert.Equal(data.Metadata[674], AuxiliaryData.FromCbor(data.Bytes).Metadata[674]);
        Assert.Equal(Blake2b.Hash256(data.Bytes.Span), data.Hash.Hash);
    }

    [Fact]
    public void Long_texts_are_cut_by_utf8_bytes_between_code_points_and_join_again()
    {
        var text = new string('a', 63) + "é" + string.Concat(Enumerable.Repeat("😀", 40)) + "end";
        var chunks = MetadataText.Chunks(text);
        Assert.All(chunks, c => Assert.InRange(Encoding.UTF8.GetByteCount(c), 1, 64));
        Assert.Equal(new string('a', 63), chunks[0]);
        Assert.Equal(text, MetadataText.Join(MetadataText.TextOrChunks(text)));
        Assert.Equal(new Metadatum.Text("short"), MetadataText.TextOrChunks("short"));
        Assert.Equal([""], MetadataText.Chunks(""));
    }

    [Fact]
    public void Anything_that_metadata_holds_survives_cbor()
    {
        Metadatum metadatum = new Metadatum.Map([
            new(new Metadatum.Int(ulong.MaxValue), new Metadatum.Int(-BigInteger.One - ulong.MaxValue)),
            new(new Metadatum.Bytes(new byte[64]), new Metadatum.List([new Metadatum.Text(new string('x', 64)), new Metadatum.Map([])])),
            new(new Metadatum.List([]), new Metadatum.Text("")),
        ]);
        Assert.Equal(metadatum, Metadatum.FromCbor(metadatum.ToCbor()));
    }

    [Fact]
    public void Pieces_over_64_bytes_and_integers_over_64_bits_are_not_written()
    {
        Assert.Throws<ArgumentException>(() => new Metadatum.Text(new string('é', 33)).ToCbor());
        Assert.Throws<ArgumentException>(() => new Metadatum.Bytes(new byte[65]).ToCbor());
        Assert.Throws<ArgumentException>(() => new Metadatum.Int(BigInteger.One + ulong.MaxValue).ToCbor());
    }

    [Theory]
    [InlineData("7841", 65)]
    [InlineData("5841", 65)]
    public void Pieces_over_64_bytes_are_not_read(string head, int length) =>
        Assert.Throws<CborFormatException>(() => Metadatum.FromCbor((byte[])[.. Convert.FromHexString(head), .. Enumerable.Repeat((byte)'a', length)]));

    [Fact]
    public void Nesting_of_any_depth_is_read_written_and_compared_without_the_stack()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)0x81, 200_000), 0x00];
        var metadatum = Metadatum.FromCbor(deep);
        Assert.Equal(deep, metadatum.ToCbor());
        Assert.True(metadatum.Equals(Metadatum.FromCbor(deep)));
        Assert.Throws<FormatException>(() => MetadatumJson.ToJson(metadatum));
    }

    [Fact]
    public void Json_is_that_of_explorers()
    {
        Metadatum metadatum = new Metadatum.Map([
            new(new Metadatum.Text("name"), new Metadatum.Text("agent")),
            new(
                new Metadatum.Int(721),
                new Metadatum.List([new Metadatum.Int(-5), new Metadatum.Int(ulong.MaxValue), new Metadatum.Bytes(new byte[] { 0xab, 1 })])
            ),
            new(new Metadatum.Bytes(new byte[] { 0xff }), new Metadatum.Map([])),
        ]);
        var json = MetadatumJson.ToJson(metadatum).ToJsonString();
        Assert.Equal("""{"name":"agent","721":[-5,18446744073709551615,"0xab01"],"0xff":{}}""", json);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(metadatum, MetadatumJson.FromJson(document.RootElement));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1.5")]
    [InlineData("18446744073709551616")]
    [InlineData("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    public void Json_that_is_no_metadata_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Throws<FormatException>(() => MetadatumJson.FromJson(document.RootElement));
    }
}
