using System.Formats.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Ledger.State;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: Plutus scripts that are attached, or put into new outputs, decode for their language.</summary>
internal static class MalformedScripts
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        Report("MalformedScriptWitnesses", tx.WitnessScripts.Values);
        Report("MalformedReferenceScripts", tx.AllOutputs.Select(o => o.ReferenceScript).OfType<Script>());

        void Report(string predicate, IEnumerable<Script> scripts)
        {
            var malformed = string.Join(", ", scripts.Where(s => !IsWellFormed(s, tx.Parameters)).Select(s => s.Hash).Distinct().Order());
            if (malformed.Length > 0)
            {
                failures.Add(
                    LedgerFailure.Of(LedgerRule.Utxow, predicate, malformed, $"scripts of their language at protocol version {tx.Parameters.ProtocolMajor}")
                );
            }
        }
    }

    /// <summary>
    /// True when the script decodes and uses only builtins its language has at this protocol version. An unknown program version, or a
    /// script that cannot run, is phase 2's business.
    /// </summary>
    public static bool IsWellFormed(Script script, ProtocolParameters parameters)
    {
        if (script.Language == ScriptLanguage.Native)
        {
            return NativeScript.TryRead(script.Bytes) is not null;
        }

        try
        {
            var reader = new CborReader(script.Bytes, CborConformanceMode.Lax);
            // The node reads no byte string in chunks here.
            var flat = reader.ReadDefiniteLengthByteString();
            if (script.Language == ScriptLanguage.PlutusV3 && reader.BytesRemaining > 0)
            {
                return false;
            }

            return Builtins(Flat.Decode(flat.Span).Term).All(b => parameters.ProtocolMajor >= AvailableFrom(b, script.Language));
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    // With an explicit stack: scripts may be nested deeper than the thread's stack.
    private static IEnumerable<BuiltinFunction> Builtins(Term program)
    {
        var rest = new Stack<Term>([program]);
        while (rest.TryPop(out var term))
        {
            switch (term)
            {
                case Term.Builtin builtin:
                    yield return builtin.Function;
                    break;
                case Term.Lam lam:
                    rest.Push(lam.Body);
                    break;
                case Term.Delay delay:
                    rest.Push(delay.Body);
                    break;
                case Term.Force force:
                    rest.Push(force.Body);
                    break;
                case Term.Apply apply:
                    rest.Push(apply.Function);
                    rest.Push(apply.Argument);
                    break;
                case Term.Constr constr:
                    foreach (var field in constr.Fields)
                    {
                        rest.Push(field);
                    }

                    break;
                case Term.Case match:
                    rest.Push(match.Scrutinee);
                    foreach (var branch in match.Branches)
                    {
                        rest.Push(branch);
                    }

                    break;
            }
        }
    }

    /// <summary>The protocol version from which a language has a builtin (spec cardano.md 9.3).</summary>
    private static int AvailableFrom(BuiltinFunction builtin, ScriptLanguage language) =>
        ((int)builtin, language) switch
        {
            (<= 50, ScriptLanguage.PlutusV1) => 5,
            (<= 51, ScriptLanguage.PlutusV2) => 7,
            (<= 53, ScriptLanguage.PlutusV2) => 8,
            (73 or 74, ScriptLanguage.PlutusV2) => 10,
            (<= 74, ScriptLanguage.PlutusV3) => 9,
            (<= 86, ScriptLanguage.PlutusV3) => 10,
            (<= 100, _) => 11,
            _ => int.MaxValue,
        };
}
