namespace Masumi.Cardano.Cbor;

/// <summary>Bytes that are not the CBOR the ledger's decoder accepts. The message names the place and what was expected.</summary>
public sealed class CborFormatException : FormatException
{
    /// <summary>No detail.</summary>
    public CborFormatException() { }

    /// <summary>With the place and what was expected there.</summary>
    public CborFormatException(string message)
        : base(message) { }

    /// <summary>With the reader's own complaint inside.</summary>
    public CborFormatException(string message, Exception inner)
        : base(message, inner) { }
}
