namespace Masumi.Cardano.Keys;

/// <summary>A signature of the transaction id.</summary>
/// <param name="PublicKey">32 bytes.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record VKeyWitness(ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Signature);
