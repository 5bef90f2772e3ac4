namespace Masumi.Cardano;

public sealed partial class Script
{
    // Boxed: a reference is published whole to other threads, 28 bytes are not.
    private object? _hash;

    /// <summary>blake2b-224 of the language byte followed by <see cref="Bytes"/>.</summary>
    public Hash28 Hash => (Hash28)(_hash ??= ComputeHash());

    private Hash28 ComputeHash()
    {
        var tagged = new byte[Bytes.Length + 1];
        tagged[0] = (byte)Language;
        Bytes.Span.CopyTo(tagged.AsSpan(1));
        return Blake2b.Hash224(tagged);
    }
}
