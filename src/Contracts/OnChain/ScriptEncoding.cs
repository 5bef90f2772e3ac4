using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Plutus;

namespace Masumi.Contracts.OnChain;

/// <summary>From a program to a script, byte exact (spec escrow.md 1.5).</summary>
internal static class ScriptEncoding
{
    /// <summary>Appends a parameter as a plain application to a <c>data</c> constant.</summary>
    public static UplcProgram Apply(this UplcProgram program, PlutusData parameter) =>
        program with { Term = new Term.Apply(program.Term, new Term.Const(new Constant.Data(parameter))) };

    /// <summary>The Plutus V3 script: a CBOR byte string around the flat bytes.</summary>
    public static Script ToScript(this UplcProgram program)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteByteString(FlatWriter.Encode(program));
        return new Script(ScriptLanguage.PlutusV3, writer.Encode());
    }
}
