namespace Masumi.Cardano;

public sealed partial class Script
{
    private Hash28? _hash;

    /// <summary>blake2b-224 of the language byte followed by <see cref="Bytes"/>.</summary>
    public Hash28 Hash => _hash ??= ComputeHash();

    private Hash28 ComputeHash()
    {
        var tagged = new byte[Bytes.Length + 1];
        tagged[0] = (byte)Language;
        Bytes.Span.CopyTo(tagged.AsSpan(1));
        return Blake2b.Hash224(tagged);
    }
}
