namespace Masumi.Cardano;

public sealed partial class Script
{
    /// <summary>blake2b-224 of the language byte followed by <see cref="Bytes"/>.</summary>
    public Hash28 Hash => throw new NotImplementedException();
}
