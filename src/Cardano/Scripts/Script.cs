namespace Masumi.Cardano.Scripts;

/// <summary>The language of a script, with the numbers script references use.</summary>
public enum ScriptLanguage
{
    /// <summary>Native (timelock, multisig) script.</summary>
    Native = 0,

    /// <summary>Plutus V1.</summary>
    PlutusV1 = 1,

    /// <summary>Plutus V2.</summary>
    PlutusV2 = 2,

    /// <summary>Plutus V3.</summary>
    PlutusV3 = 3,
}

/// <summary>
/// A script. For Plutus languages <see cref="Bytes"/> is the single-wrapped form S (a CBOR byte string around the flat bytes, spec
/// cardano.md 4): what blueprints call <c>compiledCode</c> and what the hash is taken over. For native scripts it is the script's own CBOR.
/// </summary>
public sealed partial class Script : IEquatable<Script>
{
    /// <summary>A script from its language and bytes (see the class remark for which bytes).</summary>
    public Script(ScriptLanguage language, ReadOnlyMemory<byte> bytes)
    {
        Language = language;
        Bytes = bytes;
    }

    /// <summary>The language.</summary>
    public ScriptLanguage Language { get; }

    /// <summary>S for Plutus, the script's CBOR for native scripts.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <inheritdoc/>
    public bool Equals(Script? other) => other is not null && Language == other.Language && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Script);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();
}

/// <summary>Execution units: memory and CPU steps.</summary>
public readonly record struct ExUnits(long Memory, long Steps)
{
    /// <summary>Sum, checked.</summary>
    public static ExUnits operator +(ExUnits a, ExUnits b) => new(checked(a.Memory + b.Memory), checked(a.Steps + b.Steps));

    /// <summary>True when neither dimension exceeds the limit.</summary>
    public bool FitsIn(ExUnits limit) => Memory <= limit.Memory && Steps <= limit.Steps;
}
