using System.Formats.Cbor;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>The way between programs and the scripts that carry them.</summary>
public static class ScriptPrograms
{
    extension(UplcProgram program)
    {
        /// <summary>The script of this program in a Plutus language.</summary>
        public Script ToScript(ScriptLanguage language)
        {
            var writer = new CborWriter(CborConformanceMode.Lax);
            writer.WriteByteString(Flat.Encode(program));
            return new Script(language, writer.Encode());
        }

        /// <summary>The program of a Plutus script. Throws <see cref="FormatException"/> when its bytes are no flat program in a CBOR byte string.</summary>
        public static UplcProgram FromScript(Script script) => Flat.Decode(FlatOf(script));
    }

    /// <summary>The flat program in a script's byte string. Throws <see cref="FormatException"/> when there is none.</summary>
    internal static byte[] FlatOf(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        try
        {
            var reader = new CborReader(script.Bytes, CborConformanceMode.Lax);
            var flat = reader.ReadByteString();

            // V1 and V2 ignore what follows the byte string, V3 refuses it (spec cardano.md 9.1).
            return reader.BytesRemaining == 0 || script.Language is ScriptLanguage.PlutusV1 or ScriptLanguage.PlutusV2
                ? flat
                : throw new FormatException("A Plutus V3 script with bytes after its program.");
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new FormatException("A script that is no CBOR byte string.", e);
        }
    }
}
