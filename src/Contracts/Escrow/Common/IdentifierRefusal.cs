namespace Masumi.Contracts.Escrow.Common;

/// <summary>What makes a text no blockchain identifier.</summary>
public enum IdentifierRule
{
    /// <summary>At most 8000 characters, as the APIs allow.</summary>
    Length,

    /// <summary>Hex of even length.</summary>
    Hex,

    /// <summary>An LZ-String stream of a text of bounded length.</summary>
    Compression,

    /// <summary>Four or five segments.</summary>
    Segments,

    /// <summary>Seller and purchaser segments are hex of even length, not empty.</summary>
    Nonces,

    /// <summary>A fifth segment starts with <c>addr</c> and has at most 250 characters.</summary>
    EscrowAddress,

    /// <summary>
    /// Exactly the text that encoding its content gives. The watcher rebuilds identifiers from the chain, so any other spelling would name an escrow
    /// nobody finds again.
    /// </summary>
    Canonical,
}

/// <summary>Why a text is no identifier.</summary>
public sealed record IdentifierRefusal(IdentifierRule Rule, string Supplied, string Required)
{
    /// <summary>The sentence the APIs answer with, whatever the rule.</summary>
    public const string Message = "Invalid blockchain identifier, format invalid";
}
