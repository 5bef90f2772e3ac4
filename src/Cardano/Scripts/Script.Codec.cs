using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;

namespace Masumi.Cardano.Scripts;

public sealed partial class Script
{
    // Boxed: a reference is published whole to other threads, 28 bytes are not.
    private object? _hash;

    /// <summary>blake2b-224 of the language byte followed by <see cref="Bytes"/>.</summary>
    public ScriptHash Hash => (ScriptHash)(_hash ??= ComputeHash());

    /// <summary>
    /// A Plutus script from its compiled code as tools give it: wrapped in a CBOR byte string once (<c>compiledCode</c> of blueprints, CIP-57) or
    /// twice (<c>cborHex</c> of cardano-cli's text envelopes). Throws <see cref="CborFormatException"/> for anything else.
    /// </summary>
    /// <param name="language">A Plutus language; neither form says which.</param>
    /// <param name="code">The bytes.</param>
    public static Script FromCompiledCode(ScriptLanguage language, ReadOnlyMemory<byte> code)
    {
        if (language is not (ScriptLanguage.PlutusV1 or ScriptLanguage.PlutusV2 or ScriptLanguage.PlutusV3))
        {
            throw new ArgumentException($"{language} scripts have no compiled code.", nameof(language));
        }

        var inner = Unwrap(code);

        // A flat program begins with its version, 1.0.0 or 1.1.0, and so never looks like a CBOR byte string.
        var isTwice = !inner.IsEmpty && inner.Span[0] >> 5 == (int)CborMajor.Bytes;
        var flat = isTwice ? Unwrap(inner) : inner;
        return flat.Span.StartsWith(Version100) || flat.Span.StartsWith(Version110)
            ? new Script(language, (isTwice ? inner : code).ToArray())
            : throw new CborFormatException("Compiled code does not begin with the version of a Plutus program, 1.0.0 or 1.1.0.");
    }

    /// <summary>As <see cref="FromCompiledCode(ScriptLanguage, ReadOnlyMemory{byte})"/>, from hex. Throws <see cref="FormatException"/>.</summary>
    public static Script FromCompiledCode(ScriptLanguage language, string hex) => FromCompiledCode(language, Convert.FromHexString(hex));

    private static ReadOnlySpan<byte> Version100 => [1, 0, 0];

    private static ReadOnlySpan<byte> Version110 => [1, 1, 0];

    private static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> code)
    {
        var input = new CborInput(code, "compiled code");
        var content = input.ReadBytes();
        input.ExpectEnd();
        return content;
    }

    private ScriptHash ComputeHash()
    {
        var tagged = new byte[Bytes.Length + 1];
        tagged[0] = (byte)Language;
        Bytes.Span.CopyTo(tagged.AsSpan(1));
        return new ScriptHash(Blake2b.Hash224(tagged));
    }
}
