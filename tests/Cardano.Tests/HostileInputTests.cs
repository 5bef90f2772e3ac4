using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Cardano.Tests;

/// <summary>
/// Whatever the bytes are, decoding ends in a value or in <see cref="FormatException"/> (of which <see cref="CborFormatException"/> is one), on
/// little stack and with memory in proportion to the input.
/// </summary>
public sealed class HostileInputTests(ITestOutputHelper output)
{
    private const int RunsPerDecoder = 200;
    private const int SmallStack = 256 * 1024;
    private const int Depth = 4_000;

    // Initial bytes that open something: long heads, indefinite containers, tags that decoders look for, breaks.
    private static readonly byte[] Openers = [0x1b, 0x3b, 0x5b, 0x7b, 0x9b, 0xbb, 0xdb, 0x5f, 0x7f, 0x9f, 0xbf, 0xff, 0xc2, 0xc3, 0xd8, 0xd9, 0xfb, 0x80, 0xa0];

    /// <summary>What is decoded, from which honest examples; the decoder also uses what it decoded.</summary>
    private sealed record Decoder(string Name, byte[][] Originals, Action<byte[]> Decode);

    [Fact]
    public void Mutated_bytes_end_in_a_value_or_the_typed_error_and_take_no_more_memory_than_their_size_explains()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        var decoders = Decoders();
        OnSmallStack(() =>
        {
            var random = new Random(seed);
            foreach (var decoder in decoders)
            {
                Assert.NotEmpty(decoder.Originals);
                Assert.All(decoder.Originals.Take(20), o => decoder.Decode(o));
                var refused = 0;
                for (var run = 0; run < RunsPerDecoder; run++)
                {
                    refused += Survives(decoder, Mutate(random, decoder.Originals)) ? 0 : 1;
                }

                Assert.True(refused > RunsPerDecoder / 20, $"{decoder.Name}: only {refused} of {RunsPerDecoder} refused");
            }
        });
    }

    [Fact]
    public void Random_bytes_end_in_a_value_or_the_typed_error()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        var decoders = Decoders();
        OnSmallStack(() =>
        {
            var random = new Random(seed);
            for (var run = 0; run < 1000; run++)
            {
                var bytes = new byte[random.Next(80)];
                random.NextBytes(bytes);
                if (bytes.Length > 0 && random.Next(2) == 0)
                {
                    bytes[0] = Openers[random.Next(Openers.Length)];
                }

                Survives(decoders[run % decoders.Count], bytes);
            }
        });
    }

    [Theory]
    [InlineData("81", "")]
    [InlineData("9f", "ff")]
    [InlineData("a100", "")]
    [InlineData("bf00", "ff")]
    [InlineData("a1", "00")]
    [InlineData("d87981", "")]
    [InlineData("d8799f", "ff")]
    [InlineData("d8668200" + "81", "")]
    [InlineData("d8669f00" + "9f", "ffff")]
    [InlineData("820181", "")]
    [InlineData("83030181", "")]
    [InlineData("c1", "")]
    [InlineData("5f", "ff")]
    public void Nesting_costs_no_stack_in_any_place_that_nests(string opening, string closing)
    {
        var decoders = Decoders();
        OnSmallStack(() =>
        {
            var open = Repeat(Convert.FromHexString(opening), Depth);
            var close = Repeat(Convert.FromHexString(closing), Depth);
            foreach (
                var leaf in (byte[][])
                    [
                        [0x00],
                        [0x40],
                        [0x80],
                        [0x82, 0x04, 0x00],
                    ]
            )
            {
                byte[] whole = [.. open, .. leaf, .. close];
                foreach (var nested in (byte[][])[whole, open])
                {
                    foreach (var decoder in decoders)
                    {
                        Survives(decoder, nested);
                    }

                    foreach (var bytes in Around(nested))
                    {
                        Survives(decoders[0], bytes);
                    }
                }
            }
        });
    }

    [Theory]
    [InlineData("9b7fffffffffffffff")]
    [InlineData("9bffffffffffffffff")]
    [InlineData("9a7fffffff")]
    [InlineData("bb7fffffffffffffff")]
    [InlineData("bbffffffffffffffff")]
    [InlineData("ba7fffffff")]
    [InlineData("5b7fffffffffffffff")]
    [InlineData("5a7fffffff")]
    [InlineData("5f5a7fffffff")]
    [InlineData("7a7fffffff")]
    [InlineData("c25a7fffffff")]
    [InlineData("d8799b7fffffffffffffff")]
    [InlineData("d86682009a7fffffff")]
    [InlineData("d901029a7fffffff")]
    public void A_length_that_lies_allocates_nothing(string hex)
    {
        var lie = Convert.FromHexString(hex);
        foreach (var decoder in Decoders())
        {
            Survives(decoder, lie);
        }

        foreach (var bytes in Around(lie))
        {
            Assert.False(Survives(Decoders()[0], bytes));
        }
    }

    [Fact]
    public void Mutated_texts_end_in_a_value_or_a_format_error()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        var random = new Random(seed);
        (string Original, Action<string> Read)[] texts =
        [
            ("addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9", t => Address.Parse(t).ToString()),
            ("Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAi", t => Address.Parse(t).ToString()),
            (new string('a', 56) + "00ff", t => AssetId.Parse(t).Fingerprint.ToString()),
            (new string('0', 64) + "#1", t => TxInput.Parse(t).ToString()),
            (new string('0', 64), t => Hash32.Parse(t).ToString()),
            (new string('0', 56), t => Hash28.Parse(t).ToString()),
            ("test test test test test test test test test test test junk", t => Mnemonic.ToEntropy(t)),
            ("""{"constructor":0,"fields":[{"int":-1},{"bytes":"ab"},{"map":[{"k":{"int":1},"v":{"list":[]}}]}]}""", t => PlutusDataJson.FromJson(t).ToCbor()),
            ("7.21e-05", t => Rational.ParseDecimal(t).ToString()),
        ];
        foreach (var (original, read) in texts)
        {
            for (var run = 0; run < RunsPerDecoder; run++)
            {
                var text = new StringBuilder(original);
                for (var change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
                {
                    var at = random.Next(text.Length);
                    var c = random.Next(4) == 0 ? (char)random.Next(0x10000) : (char)random.Next(0x20, 0x7f);
                    _ = random.Next(4) switch
                    {
                        0 => text.Remove(at, 1),
                        1 => text.Insert(at, c),
                        2 => text.Remove(at, random.Next(text.Length - at)),
                        _ => text.Replace(text[at], c, at, 1),
                    };
                }

                var error = Record.Exception(() => read(text.ToString()));
                Assert.True(error is null or FormatException, $"{original} as {JsonValue.Create(text.ToString()).ToJsonString()}: {error}");
            }
        }
    }

    /// <summary>False when refused.</summary>
    private static bool Survives(Decoder decoder, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            decoder.Decode(bytes);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{decoder.Name} of {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 4000)))}", e);
        }
        finally
        {
            var used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used < 2_000_000 + (2_000L * bytes.Length), $"{decoder.Name} took {used} bytes for {bytes.Length}");
        }
    }

    private static byte[] Mutate(Random random, byte[][] originals)
    {
        var bytes = originals[random.Next(originals.Length)].ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = random.Next(Math.Min(40, bytes.Count - at + 1));
            switch (random.Next(8))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = Openers[random.Next(Openers.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    bytes.InsertRange(at, Repeat([Openers[random.Next(Openers.Length)]], random.Next(1, 20)));
                    break;
                case 6:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var other = originals[random.Next(originals.Length)];
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray().Take(random.Next(60)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The bytes at every place of a transaction that nests: datum, inline datum, redeemer, metadata, scripts, proposals.</summary>
    private static IEnumerable<byte[]> Around(byte[] inner)
    {
        const string Input = "0081825820" + "1111111111111111111111111111111111111111111111111111111111111111" + "00";
        const string Address = "581d60" + "33333333333333333333333333333333333333333333333333333333";
        var body = $"a3{Input}01800200";
        yield return Join($"84{body}a10481", inner, "f5f6");
        yield return Join($"84{body}a105a1820000" + "82", inner, "820000f5f6");
        yield return Join($"84{body}a10181", inner, "f5f6");
        yield return Join($"84{body}a0f5a100", inner, "");
        yield return Join($"84{body}a0f582a0", inner, "");
        yield return Join($"84{body}a0f5d90103a101", inner, "");
        yield return Join(
            $"84a4{Input}018002001481841a00{"581de033333333333333333333333333333333333333333333333333333333"}",
            inner,
            "826161" + "5820" + new string('0', 64) + "a0f5f6"
        );
        yield return Join($"84a3{Input}0181a300{Address}01000282" + $"01d8185a{inner.Length:x8}", inner, "0200a0f5f6");
        yield return Join($"84a3{Input}0181a300{Address}010003d8185a{inner.Length + 2:x8}8200", inner, "0200a0f5f6");
        yield return Join($"84a4{Input}018002000481", inner, "a0f5f6");
        yield return Join($"84a4{Input}0180020013", inner, "a0f5f6");
    }

    private static byte[] Join(string before, byte[] inner, string after) => [.. Convert.FromHexString(before), .. inner, .. Convert.FromHexString(after)];

    private static byte[] Repeat(byte[] bytes, int times) => [.. Enumerable.Repeat(bytes, times).SelectMany(b => b)];

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), SmallStack);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            Assert.Fail(failure.ToString());
        }
    }

    private static List<Decoder> Decoders() => Made.Value;

    private static readonly Lazy<List<Decoder>> Made = new(Make);

    private static List<Decoder> Make()
    {
        var transactions = Json("conway-transactions.json")["transactions"]!
            .AsArray()
            .Select(t => Transaction.FromCbor(Convert.FromHexString((string)t!["txCborHex"]!)))
            .ToArray();
        var outputs = transactions.SelectMany(t => t.Body.Outputs).ToArray();
        var data = transactions.SelectMany(t => t.Witnesses.Redeemers.Select(r => r.Data).Concat(t.Witnesses.Datums)).Select(d => d.Bytes.ToArray()).ToArray();
        var auxiliary = transactions.Select(t => t.AuxiliaryData).OfType<AuxiliaryData>().ToArray();
        var signatures = Json("cose-sign1.json")["vectors"]!.AsArray();
        return
        [
            new("transaction", [.. transactions.Select(t => t.Bytes.ToArray())], UseTransaction),
            new("output", [.. outputs.Select(o => o.Bytes.ToArray())], b => UseOutput(TxOutput.FromCbor(b))),
            new("data", data, UseData),
            new("auxiliary data", [.. auxiliary.Select(a => a.Bytes.ToArray())], b => _ = AuxiliaryData.FromCbor(b).Hash),
            new("metadatum", [.. auxiliary.SelectMany(a => a.Metadata.Values).Select(m => m.ToCbor())], UseMetadatum),
            new(
                "address",
                [
                    .. outputs.Select(o => o.Address.Bytes.ToArray()),
                    Address.Parse("Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAi").Bytes.ToArray(),
                ],
                UseAddress
            ),
            new("signature", [.. signatures.Select(v => Convert.FromHexString((string)v!["signature"]!))], UseSignature),
            new("key", [.. signatures.Select(v => Convert.FromHexString((string)v!["key"]!))], b => CoseSign1.PublicKeyOf(b)),
            new(
                "compiled code",
                [Convert.FromHexString("450101002499"), Convert.FromHexString("46450101002499")],
                b => _ = Script.FromCompiledCode(ScriptLanguage.PlutusV3, b).Hash
            ),
            new("any item", data, b => new CborInput(b, "item").ReadRaw()),
        ];
    }

    private static void UseTransaction(byte[] bytes)
    {
        var transaction = Transaction.FromCbor(bytes);
        Assert.Equal(bytes, transaction.Bytes.ToArray());
        var again = Transaction.Create(transaction.Body, transaction.Witnesses, transaction.AuxiliaryData, transaction.IsValid);
        Assert.Equal(transaction.Body.Mint, again.Body.Mint);
        Assert.Equal(transaction.Body.Outputs, again.Body.Outputs);
        foreach (var found in transaction.Body.Outputs)
        {
            UseOutput(found);
        }
    }

    private static void UseOutput(TxOutput found)
    {
        var written = new TxOutput(found.Address, found.Value, found.Datum, found.ReferenceScript);
        Assert.Equal(found, TxOutput.FromCbor(written.Bytes));
        UseAddress(found.Address.Bytes.ToArray());
        _ = found.ReferenceScript?.Hash;
    }

    private static void UseData(byte[] bytes)
    {
        var data = PlutusData.FromCbor(bytes);
        Assert.True(data.Equals(PlutusData.FromCbor(data.ToCbor())));
        _ = data.GetHashCode();
        _ = Datum.FromCbor(bytes).Hash;
    }

    private static void UseMetadatum(byte[] bytes)
    {
        var metadatum = Metadatum.FromCbor(bytes);
        var written = metadatum.ToCbor();
        Assert.Equal(written, Metadatum.FromCbor(written).ToCbor());
    }

    private static void UseAddress(byte[] bytes)
    {
        var address = Address.FromBytes(bytes);
        Assert.Equal(address, Address.Parse(address.ToString()));
        _ = (address.Network, address.Payment, address.Stake, address.Pointer, address.IsByron, address.IsReward);
    }

    private static void UseSignature(byte[] bytes)
    {
        var signature = CoseSign1.FromCbor(bytes);
        _ = signature.Verify(new byte[32]);
        Assert.Equal(signature.SigStructure(), CoseSign1.FromCbor(signature.ToCbor()).SigStructure());
    }

    private static JsonNode Json(string name) => JsonNode.Parse(File.ReadAllBytes(SharedData.Require("vectors", name)))!;
}
