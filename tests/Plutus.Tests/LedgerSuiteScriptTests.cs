using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>
/// The script transactions that the Haskell ledger's own test suite accepts, with the state before them: their scripts (spending, minting, certifying,
/// withdrawing and guarding proposals, in all languages) succeed or fail as the transaction says. Their cost models are mostly zeros, so units say nothing.
/// </summary>
public sealed class LedgerSuiteScriptTests(ITestOutputHelper output)
{
    // Here governance gives Plutus V3 its cost model on the way; parameters that change are another suite's matter.
    private const string ParametersChange = "updating-costmodels-and-setting-the-govpolicy";

    [Fact]
    public void Scripts_of_every_purpose_succeed_where_the_ledger_says_so()
    {
        var root = SharedData.Require("vectors", "amaru-ledger", "rules-conformance");
        var files = Directory.EnumerateFiles(Path.Combine(root, "eras"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(320, files.Count);
        var seen = Enum.GetValues<RedeemerTag>().ToDictionary(t => t, _ => 0);
        var wrong = new List<string>();
        foreach (var file in files)
        {
            var name = Path.GetRelativePath(root, file);
            var reader = new CborReader(File.ReadAllBytes(file), CborConformanceMode.Lax);
            reader.ReadStartArray();
            reader.SkipValue();
            var (utxos, parameters) = ReadState(reader, Path.Combine(root, "pparams"));
            reader.SkipValue();
            reader.ReadStartArray();
            while (reader.PeekState() != CborReaderState.EndArray)
            {
                if (ReadAccepted(reader) is { } transaction)
                {
                    Judge(name, transaction, utxos, parameters, seen, wrong);
                    Apply(transaction, utxos);
                }
            }
        }

        output.WriteLine(string.Join(", ", seen.Select(s => $"{s.Key} {s.Value}")));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal([47, 6, 9, 6, 0, 93], seen.OrderBy(s => s.Key).Select(s => s.Value));
    }

    private static void Judge(
        string name,
        Transaction transaction,
        Dictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        Dictionary<RedeemerTag, int> seen,
        List<string> wrong
    )
    {
        if (transaction.Witnesses.Redeemers.IsEmpty || name.Contains(ParametersChange, StringComparison.Ordinal))
        {
            return;
        }

        var evaluation = new PlutusEvaluator().Evaluate(transaction, utxos, parameters, SlotConfig.Mainnet, new ExUnits(long.MaxValue, long.MaxValue));
        foreach (var redeemer in transaction.Witnesses.Redeemers)
        {
            seen[redeemer.Pointer.Tag]++;
        }

        if (evaluation.Succeeded != transaction.IsValid)
        {
            wrong.Add(
                $"{name}: {(transaction.IsValid ? "valid" : "not valid")}, here {evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure ?? "success"))}"
            );
        }
    }

    // [0, transaction, accepted, slot] is a transaction; ticks and epochs change nothing here.
    private static Transaction? ReadAccepted(CborReader reader)
    {
        reader.ReadStartArray();
        Transaction? accepted = null;
        if (reader.ReadInt32() == 0)
        {
            var bytes = reader.ReadByteString();
            if (reader.ReadBoolean())
            {
                accepted = Transaction.FromCbor(bytes);
            }
        }

        while (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.SkipValue();
        }

        reader.ReadEndArray();
        return accepted;
    }

    private static void Apply(Transaction transaction, Dictionary<TxInput, TxOutput> utxos)
    {
        foreach (var input in transaction.IsValid ? transaction.Body.Inputs : transaction.Body.Collateral)
        {
            utxos.Remove(input);
        }

        var outputs = transaction.IsValid ? transaction.Body.Outputs : [];
        for (var i = 0; i < outputs.Length; i++)
        {
            utxos[new TxInput(transaction.Id, i)] = outputs[i];
        }

        if (!transaction.IsValid && transaction.Body.CollateralReturn is { } back)
        {
            utxos[new TxInput(transaction.Id, transaction.Body.Outputs.Length)] = back;
        }
    }

    // NewEpochState: the outputs at 3.1.1.0, the hash of the parameters at 3.1.1.3.3.
    private static (Dictionary<TxInput, TxOutput> Utxos, ProtocolParameters Parameters) ReadState(CborReader reader, string parameters)
    {
        var utxos = new Dictionary<TxInput, TxOutput>();
        Enter(reader, 3);
        Enter(reader, 1);
        Enter(reader, 1);
        reader.ReadStartArray();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            reader.ReadStartArray();
            var input = new TxInput(new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32());
            reader.ReadEndArray();
            utxos[input] = TxOutput.FromCbor(reader.ReadEncodedValue().ToArray());
        }

        reader.ReadEndMap();
        reader.SkipValue();
        reader.SkipValue();
        Enter(reader, 3);
        var hash = Convert.ToHexStringLower(reader.ReadByteString());
        for (var depth = 0; depth < 5; depth++)
        {
            while (reader.PeekState() != CborReaderState.EndArray)
            {
                reader.SkipValue();
            }

            reader.ReadEndArray();
        }

        return (utxos, ReadParameters(File.ReadAllBytes(Path.Combine(parameters, hash))));
    }

    private static void Enter(CborReader reader, int index)
    {
        reader.ReadStartArray();
        for (var i = 0; i < index; i++)
        {
            reader.SkipValue();
        }
    }

    // Of the 31 parameters: the version at 12, the cost models at 15.
    private static ProtocolParameters ReadParameters(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        Enter(reader, 12);
        reader.ReadStartArray();
        var major = reader.ReadInt32();
        reader.SkipValue();
        reader.ReadEndArray();
        reader.SkipValue();
        reader.SkipValue();
        var models = ImmutableDictionary.CreateBuilder<ScriptLanguage, ImmutableArray<long>>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var language = reader.ReadInt32() switch
            {
                0 => ScriptLanguage.PlutusV1,
                1 => ScriptLanguage.PlutusV2,
                _ => ScriptLanguage.PlutusV3,
            };
            var values = ImmutableArray.CreateBuilder<long>();
            reader.ReadStartArray();
            while (reader.PeekState() != CborReaderState.EndArray)
            {
                values.Add(reader.ReadInt64());
            }

            reader.ReadEndArray();
            models[language] = values.ToImmutable();
        }

        return ProtocolParameters.Mainnet with
        {
            ProtocolMajor = major,
            CostModels = models.ToImmutable(),
        };
    }
}
