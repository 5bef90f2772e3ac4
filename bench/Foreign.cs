using System.Diagnostics;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Bench;

/// <summary>The evaluators from npm, in a Node.js process that answers one JSON line per request.</summary>
internal sealed class Foreign : IDisposable
{
    private readonly Process _process;

    private Foreign(Process process) => _process = process;

    public static Foreign Start(string script, string modules)
    {
        var start = new ProcessStartInfo("node", [script, modules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return new Foreign(Process.Start(start) ?? throw new InvalidOperationException("node does not start"));
    }

    public JsonNode Ask(JsonObject request)
    {
        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the foreign evaluators ended");
        return JsonNode.Parse(line)!;
    }

    public JsonNode Setup(ProtocolParameters parameters)
    {
        var models = new CborWriter(CborConformanceMode.Lax);
        ScriptLanguage[] languages = [ScriptLanguage.PlutusV1, ScriptLanguage.PlutusV2, ScriptLanguage.PlutusV3];
        models.WriteStartMap(languages.Length);
        foreach (var language in languages)
        {
            models.WriteInt32((int)language - 1);
            var values = parameters.CostModels[language];
            models.WriteStartArray(values.Length);
            foreach (var value in values)
            {
                models.WriteInt64(value);
            }

            models.WriteEndArray();
        }

        models.WriteEndMap();
        return Ask(
            new JsonObject
            {
                ["command"] = "setup",
                ["costModels"] = new JsonArray([.. languages.Select(l => (JsonNode)new JsonArray([.. parameters.CostModels[l].Select(v => (JsonNode)v)]))]),
                ["costModelsCbor"] = Convert.ToHexStringLower(models.Encode()),
                ["steps"] = parameters.MaxTxExUnits.Steps,
                ["memory"] = parameters.MaxTxExUnits.Memory,
            }
        );
    }

    public void Load(Workload workload) =>
        Ask(
            new JsonObject
            {
                ["command"] = "load",
                ["transaction"] = Convert.ToHexStringLower(workload.Transaction),
                ["utxoMap"] = Convert.ToHexStringLower(workload.UtxoMap()),
                ["utxos"] = new JsonArray([
                    .. workload.Utxos.Select(u =>
                        (JsonNode)new JsonArray(Convert.ToHexStringLower(Workload.Encode(u.Input)), Convert.ToHexStringLower(u.Output))
                    ),
                ]),
                ["slots"] = new JsonArray(
                    workload.Slots.ZeroTime.ToUnixTimeMilliseconds(),
                    workload.Slots.ZeroSlot.Number,
                    (long)workload.Slots.SlotLength.TotalMilliseconds
                ),
            }
        );

    /// <summary>The units per redeemer, in the order of their pointers; or why not.</summary>
    public (IReadOnlyList<ExUnits> Units, string? Error) Units(string evaluator, int workload)
    {
        var answer = Ask(
            new JsonObject
            {
                ["command"] = "units",
                ["evaluator"] = evaluator,
                ["workload"] = workload,
            }
        );
        if ((string?)answer["error"] is { } error)
        {
            return ([], error);
        }

        var units = answer["units"]!.AsArray();
        return evaluator == "aiken"
            ? ([.. units.Select(u => FromRedeemer(Convert.FromHexString((string)u!))).OrderBy(u => u.Order).Select(u => u.Units)], null)
            : ([.. units.OrderBy(u => (int)u![1]!).Select(u => new ExUnits(long.Parse((string)u![2]!), long.Parse((string)u[3]!)))], null);
    }

    /// <summary>Runs per second over about this long.</summary>
    public double Rate(string evaluator, int workload, int milliseconds)
    {
        var answer = Ask(
            new JsonObject
            {
                ["command"] = "run",
                ["evaluator"] = evaluator,
                ["workload"] = workload,
                ["milliseconds"] = milliseconds,
            }
        );
        return (string?)answer["error"] is { } error
            ? throw new InvalidOperationException($"{evaluator}: {error}")
            : (double)answer["runs"]! / (double)answer["seconds"]!;
    }

    /// <summary>One applied script with scalus: what it used and microseconds per run; null when it cannot or the script returns something but unit.</summary>
    public (ExUnits Units, double Microseconds)? Script(byte[] flat, int milliseconds)
    {
        var answer = Ask(
            new JsonObject
            {
                ["command"] = "script",
                ["script"] = Convert.ToHexStringLower(Wrap(Wrap(flat))),
                ["milliseconds"] = milliseconds,
            }
        );
        return answer["error"] is null
            ? (
                new ExUnits(long.Parse((string)answer["memory"]!), long.Parse((string)answer["steps"]!)),
                answer["runs"] is { } runs ? (double)answer["seconds"]! * 1e6 / (double)runs : 0
            )
            : null;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }

    private static byte[] Wrap(byte[] bytes)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteByteString(bytes);
        return writer.Encode();
    }

    private static ((long, long) Order, ExUnits Units) FromRedeemer(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        reader.ReadStartArray();
        var order = (reader.ReadInt64(), reader.ReadInt64());
        reader.SkipValue();
        reader.ReadStartArray();
        return (order, new ExUnits(reader.ReadInt64(), reader.ReadInt64()));
    }
}
