using System.Text.Json;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Transactions;

/// <summary>What the node's decoder refuses is refused here, with the place; nothing else ever comes out of hostile bytes.</summary>
public sealed class MalformedTransactionTests(ITestOutputHelper output)
{
    private const string Hash = "5820" + "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Input = "82" + Hash + "00";
    private const string Key = "581c" + "22222222222222222222222222222222222222222222222222222222";
    private const string Address = "581d60" + "33333333333333333333333333333333333333333333333333333333";
    private const string Out = "82" + Address + "1a00200000";
    private const string Required = "0081" + Input + "0181" + Out + "0200";

    [Theory]
    [InlineData("a3" + Required)]
    [InlineData("bf" + Required + "ff")]
    [InlineData("a3" + "00d9010281" + Input + "0181" + Out + "0200")]
    [InlineData("a3" + "0080" + "0180" + "0200")]
    [InlineData("a3" + "009f9f" + Hash + "190000ffff" + "019fbf00" + Address + "01821b0000000000200000a0ffff" + "021800")]
    [InlineData("a3" + "0081" + Input + "018182" + Address + "8201a1" + Key + "a140" + "01" + "0200")]
    [InlineData("a3" + "0081" + Input + "018183" + Address + "01" + Hash + "0200")]
    [InlineData("a3" + "0081" + Input + "01819f" + Address + "01" + Hash + "ff0200")]
    [InlineData("a4" + Required + "031bffffffffffffffff")]
    public void Any_legal_encoding_of_a_body_is_read(string body) => Assert.NotNull(Transaction.FromCbor(Whole(body)));

    [Theory]
    [InlineData("a2" + "0081" + Input + "0180", "missing")]
    [InlineData("a4" + Required + "0200", "twice")]
    [InlineData("a4" + Required + "0600", "unknown")]
    [InlineData("a4" + Required + "1817" + "00", "23")]
    [InlineData("a4" + Required + "0480", "empty")]
    [InlineData("a4" + Required + "05a0", "empty")]
    [InlineData("a4" + Required + "09a0", "empty")]
    [InlineData("a4" + Required + "09a1" + Key + "a0", "without assets")]
    [InlineData("a4" + Required + "09a1" + Key + "a14000", "zero")]
    [InlineData("a4" + Required + "0dd9010280", "empty")]
    [InlineData("a4" + Required + "0e80", "empty")]
    [InlineData("a4" + Required + "0e82" + Key + Key, "twice")]
    [InlineData("a4" + Required + "0f02", "more than 1")]
    [InlineData("a4" + Required + "1280", "empty")]
    [InlineData("a4" + Required + "13a0", "empty")]
    [InlineData("a4" + Required + "1480", "empty")]
    [InlineData("a4" + Required + "1600", "zero")]
    [InlineData("a4" + Required + "0b" + Key, "32 bytes")]
    [InlineData("a4" + Required + "04818205" + Key, "unknown certificate")]
    [InlineData("a4" + Required + "04828200" + "8200" + Key + "82008200" + Key, "twice")]
    [InlineData("a3" + "0082" + Input + Input + "0180" + "0200", "twice")]
    [InlineData("a3" + "0081" + "82" + Hash + "1a00010000" + "0180" + "0200", "65536")]
    [InlineData("a3" + "0081" + Input + "018182" + Address + "8201a1" + Key + "a14000" + "0200", "zero")]
    [InlineData("a3" + "0081" + Input + "018182" + Address + "8201a1" + Key + "a0" + "0200", "without assets")]
    [InlineData("a3" + "0081" + Input + "018182" + Address + "8201a2" + Key + "a14001" + Key + "a14001" + "0200", "twice")]
    [InlineData("a3" + "0081" + Input + "0181a100" + Address + "0200", "without address or value")]
    [InlineData("a3" + "0081" + Input + "0181a300" + Address + "01010400" + "0200", "unknown output key")]
    [InlineData("a3" + "0081" + Input + "018182581de033333333333333333333333333333333333333333333333333333333" + "01" + "0200", "reward account")]
    [InlineData("a3" + "0081" + Input + "0180" + "0220", "unsigned")]
    [InlineData("a3" + "00d9010381" + Input + "0180" + "0200", "258")]
    public void A_body_the_node_does_not_decode_is_refused_and_says_why(string body, string reason)
    {
        var error = Assert.Throws<CborFormatException>(() => Transaction.FromCbor(Whole(body)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Byte ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a10080")]
    [InlineData("a10580")]
    [InlineData("a105a0")]
    [InlineData("a10480")]
    [InlineData("a10380")]
    [InlineData("a10841")]
    [InlineData("a105818400008082")]
    [InlineData("a105a2820000824082000082000082408200")]
    [InlineData("a1038241004100")]
    public void A_witness_set_the_node_does_not_decode_is_refused(string witnesses) =>
        Assert.Throws<CborFormatException>(() => Transaction.FromCbor(Whole("a3" + Required, witnesses)));

    [Fact]
    public void Repeated_pointers_in_the_list_form_of_redeemers_collapse_to_the_last()
    {
        var transaction = Transaction.FromCbor(Whole("a3" + Required, "a10582" + "84000001820102" + "84000002820304"));
        var redeemer = Assert.Single(transaction.Witnesses.Redeemers);
        Assert.Equal(new ExUnits(3, 4), redeemer.Units);
    }

    [Fact]
    public void Trailing_or_missing_bytes_are_refused()
    {
        var whole = Whole("a3" + Required);
        Assert.Throws<CborFormatException>(() => Transaction.FromCbor((byte[])[.. whole, 0]));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<CborFormatException>(() => Transaction.FromCbor(whole.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Native_scripts_of_any_depth_are_read_without_the_stack()
    {
        var deep = string.Concat(Enumerable.Repeat("820181", 60_000)) + "820400";
        Assert.Equal(ScriptLanguage.Native, Transaction.FromCbor(Whole("a3" + Required, "a10181" + deep)).Witnesses.Scripts.Single().Language);
        Assert.Throws<CborFormatException>(() => Transaction.FromCbor(Whole("a3" + Required, "a10181" + deep[..^2])));
    }

    [Fact]
    public void A_changed_copy_of_a_received_output_is_encoded_anew()
    {
        var received = TxOutput.FromCbor(Convert.FromHexString(Out));
        Assert.Equal(Out, Convert.ToHexStringLower(received.Bytes.Span));
        var changed = received with { Value = Value.Of(new Lovelace(1)) };
        Assert.Equal("a200" + Address + "0101", Convert.ToHexStringLower(changed.Bytes.Span));
        Assert.Equal(received, received with { });
    }

    [Fact]
    public void Fixtures_of_another_ledger_decode_unless_they_are_meant_not_to()
    {
        var folder = SharedData.Require("vectors", "amaru-ledger", "transaction", "scenarios");
        var files = Directory.GetFiles(folder, "*.json");
        Assert.Equal(240, files.Length);
        foreach (var file in files.Order())
        {
            using var fixture = JsonDocument.Parse(File.ReadAllBytes(file));
            var expected = fixture.RootElement.GetProperty("expected").ToString();
            var bytes = Convert.FromHexString(fixture.RootElement.GetProperty("transaction").GetString()!);
            var error = Record.Exception(() => Transaction.FromCbor(bytes));
            Assert.True(
                expected.Contains("decodingFailure", StringComparison.Ordinal) ? error is CborFormatException : error is null,
                $"{Path.GetFileName(file)}: {error}"
            );
        }
    }

    [Fact]
    public void Mutated_transactions_decode_or_are_refused_and_nothing_else()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        var random = new Random(seed);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "conway-transactions.json")));
        var originals = document
            .RootElement.GetProperty("transactions")
            .EnumerateArray()
            .Select(t => Convert.FromHexString(t.GetProperty("txCborHex").GetString()!))
            .ToList();
        var refused = 0;
        for (var run = 0; run < 3000; run++)
        {
            var bytes = (byte[])originals[random.Next(originals.Count)].Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.Equal(bytes, Transaction.FromCbor(bytes).Bytes.ToArray());
            }
            catch (CborFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 2999);
    }

    private static byte[] Whole(string body, string witnesses = "a0") => Convert.FromHexString("84" + body + witnesses + "f5f6");
}
