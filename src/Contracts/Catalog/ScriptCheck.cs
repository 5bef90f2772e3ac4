using System.Security.Cryptography;
using Masumi.Cardano.Scripts;

namespace Masumi.Contracts.Catalog;

/// <summary>Facts of a deployed script's bytes beside its hash (spec escrow.md 1.5).</summary>
/// <param name="FlatBytes">Length of the flat program.</param>
/// <param name="CborBytes">Length in one CBOR byte string, which is the script's size on chain.</param>
/// <param name="DoubleCborBytes">Length in two.</param>
/// <param name="DoubleCborSha256">SHA-256 of the bytes in two CBOR byte strings.</param>
public sealed record ScriptCheck(int FlatBytes, int CborBytes, int DoubleCborBytes, string DoubleCborSha256)
{
    /// <summary>Null when the script is like this, otherwise what differs.</summary>
    public string? Failure(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var twice = Twice(script.Bytes.Span);
        var sha = Convert.ToHexStringLower(SHA256.HashData(twice));
        return script.Bytes.Length != CborBytes ? $"{script.Bytes.Length} bytes of CBOR; expected: {CborBytes}"
            : twice.Length != DoubleCborBytes ? $"{twice.Length} bytes of double CBOR; expected: {DoubleCborBytes}"
            : sha != DoubleCborSha256 ? $"sha256 {sha}; expected: {DoubleCborSha256}"
            : null;
    }

    private static byte[] Twice(ReadOnlySpan<byte> bytes)
    {
        var writer = new System.Formats.Cbor.CborWriter();
        writer.WriteByteString(bytes);
        return writer.Encode();
    }
}
