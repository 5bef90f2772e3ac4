using System.Collections.Immutable;
using System.Text.Json;
using Masumi.Cardano.Building;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Transactions;

/// <summary>Everything that stands in 25 mainnet blocks must decode, and its hashes must come out as the chain has them.</summary>
public sealed class MainnetTransactionTests
{
    private const int MainnetCount = 712;
    private const string Oversized = "conway8.block";

    [Fact]
    public void Every_mainnet_transaction_decodes_and_its_auxiliary_data_has_the_hash_in_the_body()
    {
        var transactions = 0;
        var withAuxiliaryData = 0;
        foreach (var bytes in MainnetTransactions())
        {
            var transaction = Transaction.FromCbor(bytes);
            transactions++;
            Assert.Equal(bytes, transaction.Bytes.ToArray());
            Assert.Equal(transaction.AuxiliaryData?.Hash, transaction.Body.AuxiliaryDataHash);
            withAuxiliaryData += transaction.AuxiliaryData is null ? 0 : 1;
        }

        Assert.Equal(MainnetCount, transactions);
        Assert.Equal(196, withAuxiliaryData);
    }

    [Fact]
    public void Every_mainnet_transaction_survives_being_written_again_by_our_encoder()
    {
        var written = 0;
        foreach (var bytes in MainnetTransactions())
        {
            SurvivesWriting(bytes);
            written++;
        }

        Assert.Equal(MainnetCount, written);
    }

    [Fact]
    public void What_was_forgotten_is_decoded_again_when_somebody_looks()
    {
        foreach (var bytes in MainnetTransactions().Take(100))
        {
            var transaction = Transaction.FromCbor(bytes);
            var (body, id) = (transaction.Body, transaction.Id);
            transaction.Forget();
            Assert.NotSame(body, transaction.Body);
            Assert.Equal(id, transaction.Id);
            Assert.Equal(Hex(Transaction.FromCbor(bytes).BodyBytes), Hex(transaction.BodyBytes));
            Assert.Equal(body.Inputs, transaction.Body.Inputs);
            Assert.Equal(body.Outputs, transaction.Body.Outputs);
            Assert.Equal(Transaction.FromCbor(bytes).Witnesses.VKeys.Length, transaction.Witnesses.VKeys.Length);
            Assert.Equal(body.AuxiliaryDataHash, transaction.AuxiliaryData?.Hash);

            // Looking once is not keeping: forgetting again costs nothing and changes nothing.
            transaction.Forget();
            Assert.Equal(body.Fee, transaction.Body.Fee);
        }
    }

    [Fact]
    public void Another_validity_flag_changes_nothing_else()
    {
        foreach (var received in MainnetTransactions().Select(bytes => Transaction.FromCbor(bytes)))
        {
            var other = received.WithValidity(!received.IsValid);
            Assert.Equal((received.Id, !received.IsValid, received.Size), (other.Id, other.IsValid, other.Size));
            Assert.Equal(Hex(received.BodyBytes), Hex(other.BodyBytes));
            Assert.Equal(received.Witnesses.VKeys.Length, other.Witnesses.VKeys.Length);
            Assert.Equal(received.AuxiliaryData?.Hash, other.AuxiliaryData?.Hash);
            Assert.Same(other, other.WithValidity(other.IsValid));
            Assert.Equal(received.IsValid, other.WithValidity(received.IsValid).IsValid);
        }
    }

    [Fact]
    public void Adding_signatures_keeps_id_body_redeemers_and_datums_byte_for_byte()
    {
        var witness = new VKeyWitness(new byte[32], new byte[64]);
        var signedCount = 0;
        foreach (var bytes in MainnetTransactions())
        {
            signedCount++;
            var received = Transaction.FromCbor(bytes);
            var signed = received.WithVKeys([witness]);
            Assert.Equal(received.Id, signed.Id);
            Assert.Equal(Hex(received.BodyBytes), Hex(signed.BodyBytes));
            Assert.Equal(Hex(received.RedeemerBytes), Hex(signed.RedeemerBytes));
            Assert.Equal(Hex(received.DatumBytes), Hex(signed.DatumBytes));
            Assert.Equal(received.AuxiliaryData?.Hash, signed.AuxiliaryData?.Hash);
            Assert.Equal(received.Witnesses.VKeys.Length + 1, signed.Witnesses.VKeys.Length);
            Assert.Equal(signed.Bytes.ToArray(), signed.WithVKeys([witness]).Bytes.ToArray());
        }

        Assert.Equal(MainnetCount, signedCount);
    }

    [Fact]
    public void Transactions_listed_with_their_parts_have_those_parts()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "conway-transactions.json")));
        var parameters = Pv10Parameters();
        var (transactions, hashes, redeemerCount, auxiliaryHashes) = (0, 0, 0, 0);
        foreach (var expected in document.RootElement.GetProperty("transactions").EnumerateArray())
        {
            var transaction = Transaction.FromCbor(Convert.FromHexString(expected.GetProperty("txCborHex").GetString()!));
            transactions++;
            Assert.Equal(expected.GetProperty("txId").GetString(), transaction.Id.ToString());
            Assert.Equal(transaction.Id.Hash, Blake2b.Hash256(Convert.FromHexString(expected.GetProperty("bodyCborHex").GetString()!)));
            Assert.Equal(Inputs(expected, "inputs"), transaction.Body.Inputs.Select(i => $"{i.TxId}-{i.Index}"));
            Assert.Equal(Inputs(expected, "referenceInputs"), transaction.Body.ReferenceInputs.Select(i => $"{i.TxId}-{i.Index}"));
            if (expected.TryGetProperty("auxiliaryDataHash", out var auxiliary) && auxiliary.ValueKind == JsonValueKind.String)
            {
                Assert.Equal(auxiliary.GetString(), transaction.AuxiliaryData!.Hash.ToString());
                auxiliaryHashes++;
            }

            Assert.Equal(expected.GetProperty("bodyCborHex").GetString(), Hex(transaction.BodyBytes));
            Assert.Equal(expected.GetProperty("sizeForFee").GetInt32(), transaction.Size);
            Assert.Equal(expected.GetProperty("declaredFee").GetInt64(), transaction.Body.Fee.Amount);
            Assert.Equal(expected.GetProperty("isValid").GetBoolean(), transaction.IsValid);
            if (expected.TryGetProperty("scriptDataHash", out var hash) && hash.ValueKind == JsonValueKind.String)
            {
                Assert.Equal(hash.GetString(), transaction.Body.ScriptDataHash.ToString());
                Assert.Equal(expected.GetProperty("redeemersBytesHex").GetString(), transaction.RedeemerBytes.IsEmpty ? "a0" : Hex(transaction.RedeemerBytes));
                Assert.Equal(expected.GetProperty("datumsBytesHex").GetString() ?? "", Hex(transaction.DatumBytes));
                var languages = expected.GetProperty("languagesInPreimage").EnumerateArray().Select(Language).ToHashSet();
                Assert.Equal(transaction.Body.ScriptDataHash, ScriptIntegrity.Hash(transaction.RedeemerBytes, transaction.DatumBytes, languages, parameters));
                hashes++;
            }

            var redeemers = (expected.TryGetProperty("redeemers", out var listed) ? listed.EnumerateArray().ToArray() : [])
                .Select(r =>
                    (
                        new RedeemerPointer((RedeemerTag)r.GetProperty("tag").GetInt32(), r.GetProperty("index").GetInt32()),
                        new ExUnits(r.GetProperty("mem").GetInt64(), r.GetProperty("steps").GetInt64()),
                        r.GetProperty("dataHex").GetString()
                    )
                )
                .OrderBy(r => r.Item1)
                .ToArray();
            redeemerCount += redeemers.Length;
            Assert.Equal(redeemers, transaction.Witnesses.Redeemers.Select(r => (r.Pointer, r.Units, (string?)Hex(r.Data.Bytes))));
        }

        Assert.Equal((56, 50, 111, 25), (transactions, hashes, redeemerCount, auxiliaryHashes));
    }

    /// <summary>
    /// The blocks do not say which languages a transaction needs, so some subset of them must give the hash; a wrong pre-image gives it
    /// under none.
    /// </summary>
    [Fact]
    public void The_script_data_hash_of_all_226_script_transactions_comes_out()
    {
        var parameters = Pv10Parameters();
        var subsets = Enumerable
            .Range(0, 8)
            .Select(bits =>
                new[] { ScriptLanguage.PlutusV1, ScriptLanguage.PlutusV2, ScriptLanguage.PlutusV3 }.Where((_, i) => ((bits >> i) & 1) == 1).ToHashSet()
            )
            .ToList();
        var scriptTransactions = MainnetTransactions().Select(b => Transaction.FromCbor(b)).Where(t => t.Body.ScriptDataHash is not null).ToList();
        Assert.Equal(226, scriptTransactions.Count);
        foreach (var transaction in scriptTransactions)
        {
            Assert.Contains(
                subsets,
                s => ScriptIntegrity.Hash(transaction.RedeemerBytes, transaction.DatumBytes, s, parameters) == transaction.Body.ScriptDataHash
            );
        }
    }

    [Theory]
    [InlineData("vectors/pallas", 14)]
    [InlineData("vectors/ledger-golden/conway", 1)]
    public void Transactions_of_other_implementations_decode_and_survive_being_written_again(string folder, int count)
    {
        var decoded = 0;
        foreach (var bytes in Directory.GetFiles(SharedData.Require(folder.Split('/'))).Order().SelectMany(Conway))
        {
            SurvivesWriting(bytes);
            decoded++;
        }

        Assert.Equal(count, decoded);
    }

    /// <summary>The block of the delegation that once split the chain: some nodes cut the oversized hash off, others refused it.</summary>
    [Fact]
    public void A_delegation_to_a_pool_id_of_twice_the_size_is_refused()
    {
        var transactions = BlockReader.Transactions(Hex(SharedData.Require("vectors", "pallas", Oversized)));
        Assert.Equal(2, transactions.Count);
        var refused = transactions.Select(t => Record.Exception(() => Transaction.FromCbor(t))).OfType<CborFormatException>();
        Assert.Contains("28 bytes expected, got 56", Assert.Single(refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ledgers_golden_transaction_has_its_own_hashes()
    {
        var bytes = File.ReadAllBytes(SharedData.Require("vectors", "ledger-golden", "conway", "tx.cbor"));
        var transaction = Transaction.FromCbor(bytes);
        var body = transaction.BodyBytes.ToArray();
        Assert.Equal(body, bytes[1..(1 + body.Length)]);
        Assert.Equal(Blake2b.Hash256(body), transaction.Id.Hash);
        Assert.Equal("b5380ee4e37f4a0099113855696b2c4f883a9cf66325b8b0e1df9487c965bd65", transaction.Id.ToString());
    }

    private static void SurvivesWriting(byte[] bytes)
    {
        var received = Transaction.FromCbor(bytes);
        Assert.Equal(bytes, received.Bytes.ToArray());
        var written = Transaction.Create(received.Body, received.Witnesses, received.AuxiliaryData, received.IsValid);
        Assert.Equal(received.Body.Inputs, written.Body.Inputs);
        Assert.Equal(received.Body.Outputs, written.Body.Outputs);
        Assert.Equal(received.Body.Mint, written.Body.Mint);
        Assert.Equal(received.Body.Fee, written.Body.Fee);
        Assert.Equal(received.Body.Certificates.Select(c => Hex(c.Cbor)), written.Body.Certificates.Select(c => Hex(c.Cbor)));
        Assert.Equal(received.Body.Withdrawals, written.Body.Withdrawals);
        Assert.Equal(received.Body.CollateralReturn, written.Body.CollateralReturn);
        Assert.Equal(received.Witnesses.Redeemers, written.Witnesses.Redeemers);
        Assert.Equal(received.Witnesses.Datums, written.Witnesses.Datums);
        Assert.Equal(received.Witnesses.Scripts, written.Witnesses.Scripts);
        Assert.Equal(received.Witnesses.VKeys.Select(v => Hex(v.Signature)), written.Witnesses.VKeys.Select(v => Hex(v.Signature)));

        var again = Transaction.Create(written.Body, written.Witnesses, written.AuxiliaryData, written.IsValid);
        Assert.Equal(written.Bytes.ToArray(), again.Bytes.ToArray());
        Assert.Equal(written.Id, again.Id);
    }

    private static IEnumerable<byte[]> Conway(string file) =>
        Path.GetFileName(file) switch
        {
            "tx.cbor" => [File.ReadAllBytes(file)],
            var name when name.EndsWith(".tx", StringComparison.Ordinal) => [Hex(file)],
            Oversized => [],
            var name when name.StartsWith("conway", StringComparison.Ordinal) && name.EndsWith(".block", StringComparison.Ordinal) => BlockReader.Transactions(
                Hex(file)
            ),
            _ => [],
        };

    private static byte[] Hex(string file) => Convert.FromHexString(File.ReadAllText(file).Trim());

    private static IEnumerable<string> Inputs(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var listed) ? listed.EnumerateArray().Select(i => i.GetString()!) : [];

    private static IEnumerable<byte[]> MainnetTransactions() =>
        Directory
            .GetFiles(SharedData.Require("vectors", "mainnet-conway-blocks", "blocks"), "*.cbor")
            .Order()
            .SelectMany(f => BlockReader.Transactions(File.ReadAllBytes(f)));

    internal static ProtocolParameters Pv10Parameters()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("protocol-parameters", "cost-models-pv10.json")));
        var models = document.RootElement.GetProperty("PV10_epoch544");
        return ProtocolParameters.Mainnet with
        {
            ProtocolMajor = 10,
            CostModels = new Dictionary<ScriptLanguage, string>
            {
                [ScriptLanguage.PlutusV1] = "PlutusV1",
                [ScriptLanguage.PlutusV2] = "PlutusV2",
                [ScriptLanguage.PlutusV3] = "PlutusV3",
            }.ToImmutableDictionary(p => p.Key, p => models.GetProperty(p.Value).EnumerateArray().Select(v => v.GetInt64()).ToImmutableArray()),
        };
    }

    private static ScriptLanguage Language(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number
            ? (ScriptLanguage)element.GetInt32()
            : Enum.Parse<ScriptLanguage>(element.GetString()!.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
