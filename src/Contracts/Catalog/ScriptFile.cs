using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Catalog;

/// <summary>A Plutus V3 script as it comes out of a file or from a chain, perhaps still without its parameters.</summary>
/// <param name="Script">The bytes as given.</param>
/// <param name="ParameterCount">How many parameters its blueprint says are still missing; null when nothing says it.</param>
public sealed record ScriptFile(Script Script, int? ParameterCount)
{
    /// <summary>No script on chain is larger than a transaction; programs before deployment may be, a little.</summary>
    public const int MaxScriptBytes = 64 * 1024;

    private const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Reads a CIP-57 blueprint, a cardano-cli text envelope, hexadecimal text or bytes; the script wrapped in a CBOR byte string once or twice. Throws
    /// <see cref="FormatException"/>.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="kind">Which validator of a blueprint is meant.</param>
    public static ScriptFile Read(ReadOnlyMemory<byte> bytes, ContractKind kind)
    {
        if (bytes.Length > MaxFileBytes)
        {
            throw new FormatException($"A script file of {bytes.Length} bytes; at most {MaxFileBytes} are read.");
        }

        var text = Encoding.Latin1.GetString(bytes.Span).Trim();
        if (text.StartsWith('{'))
        {
            return FromJson(bytes, kind);
        }

        return new ScriptFile(FromCode(text.Length > 0 && text.All(char.IsAsciiHexDigit) ? Hex(text) : bytes.ToArray()), null);
    }

    /// <summary>The script in one form. Throws <see cref="FormatException"/> when the bytes are no program or the form does not exist for it.</summary>
    public Script Of(ScriptForm form, IEnumerable<PlutusData> parameters)
    {
        if (form == ScriptForm.AsGiven)
        {
            return Script;
        }

        var program = UplcProgram.FromScript(Script);
        if (form is ScriptForm.Applied or ScriptForm.AppliedAndReencoded)
        {
            program = program.ApplyParameters([.. parameters]);
        }

        if (form is ScriptForm.Reencoded or ScriptForm.AppliedAndReencoded)
        {
            program = CaseEncoding.Reencode(program);
        }

        return program.ToScript(ScriptLanguage.PlutusV3);
    }

    /// <summary>
    /// The script with a hash, in whichever form has it; null when none has, or only by applying more or fewer parameters than the blueprint says.
    /// </summary>
    public (ScriptForm Form, Script Script)? Find(ScriptHash hash, IReadOnlyList<PlutusData> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var form in FormsWith(parameters.Count))
        {
            if (Of(form, parameters) is var script && script.Hash == hash)
            {
                return (form, script);
            }
        }

        return null;
    }

    /// <summary>
    /// The script a file is for: the one with the hash asked for, otherwise the file's own when no parameter is missing in it, otherwise with the parameters applied
    /// as the deployed contracts of the family have them (V1 re-encoded, V2 plainly; ours plainly in both). Throws <see cref="FormatException"/> when the hash is in no form.
    /// </summary>
    /// <param name="family">Whose encoding.</param>
    /// <param name="parameters">What to apply.</param>
    /// <param name="expected">The hash it must have; null when any will do.</param>
    public Script Resolve(EscrowFamily family, IReadOnlyList<PlutusData> parameters, ScriptHash? expected)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (expected is { } hash)
        {
            return Find(hash, parameters)?.Script
                ?? throw new FormatException($"the script file has the script {Script.Hash}, which in no form is {hash} with these parameters");
        }

        // A program that is applied to data already is not applied once more: nobody could ever spend what lies there.
        if (parameters.Count == 0 || ParameterCount == 0 || (ParameterCount is null && AppliedParameters.Of(Script, 1) is not null))
        {
            return Script;
        }

        // Ours is applied plainly in both generations, as the built-in one is: two nodes on the same contract must meet.
        var isReencoded = family == EscrowFamily.V1 && !ContractCatalog.Own.Any(c => c.Program.ToScript(ScriptLanguage.PlutusV3).Hash == Script.Hash);
        return ParameterCount is null || ParameterCount == parameters.Count
            ? Of(isReencoded ? ScriptForm.AppliedAndReencoded : ScriptForm.Applied, parameters)
            : throw new FormatException($"the script file takes {ParameterCount} parameters; required: {parameters.Count}");
    }

    /// <summary>The forms that make sense with that many parameters to apply.</summary>
    public ImmutableArray<ScriptForm> FormsWith(int parameters) =>
        parameters == 0 || ParameterCount == 0 ? [ScriptForm.AsGiven, ScriptForm.Reencoded]
        : ParameterCount == parameters ? [ScriptForm.Applied, ScriptForm.AppliedAndReencoded]
        : ParameterCount is null ? Enum.GetValues<ScriptForm>().ToImmutableArray()
        : [];

    private static ScriptFile FromJson(ReadOnlyMemory<byte> bytes, ContractKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (!root.TryGetProperty("validators", out var validators))
            {
                return new ScriptFile(FromCode(Hex(root.GetProperty("cborHex").GetString())), null);
            }

            if (
                root.TryGetProperty("preamble", out var preamble)
                && preamble.TryGetProperty("plutusVersion", out var version)
                && version.GetString() is not "v3"
            )
            {
                throw new FormatException($"A blueprint for Plutus {version.GetString()}; v3 is what these contracts are written for.");
            }

            var ending = kind == ContractKind.Escrow ? ".spend" : ".mint";
            var found = validators.EnumerateArray().Where(v => v.GetProperty("title").GetString()!.EndsWith(ending, StringComparison.Ordinal)).Take(2).ToList();
            if (found.Count != 1)
            {
                throw new FormatException(
                    $"A blueprint with {(found.Count == 0 ? "no" : "several")} validators whose title ends in '{ending}'; one is needed."
                );
            }

            var script = FromCode(Hex(found[0].GetProperty("compiledCode").GetString()));
            if (found[0].TryGetProperty("hash", out var hash) && hash.GetString() != script.Hash.ToString())
            {
                throw new FormatException($"A blueprint whose code has the hash {script.Hash}, not {hash.GetString()} as it says.");
            }

            return new ScriptFile(script, found[0].TryGetProperty("parameters", out var parameters) ? parameters.GetArrayLength() : 0);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException("Neither a blueprint nor a text envelope: " + e.Message, e);
        }
    }

    private static byte[] Hex(string? text)
    {
        try
        {
            return Convert.FromHexString(text ?? "-");
        }
        catch (FormatException e)
        {
            throw new FormatException("A script that is no hexadecimal text.", e);
        }
    }

    private static Script FromCode(byte[] code) =>
        code.Length <= MaxScriptBytes
            ? Script.FromCompiledCode(ScriptLanguage.PlutusV3, code)
            : throw new FormatException($"A script of {code.Length} bytes; at most {MaxScriptBytes} are read.");
}
