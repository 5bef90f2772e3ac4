namespace Masumi.Contracts.Catalog;

/// <summary>How a contract of ours is compiled. All builds say the same to every transaction; each is another script, with another hash.</summary>
public enum ContractBuild
{
    /// <summary>Optimised, without traces: the one that guards money.</summary>
    Release,

    /// <summary>Optimised, and logs the text of the rule that rejects.</summary>
    Traced,

    /// <summary>As written: without the optimiser.</summary>
    Written,

    /// <summary>As written, and logs the text of the rule that rejects.</summary>
    WrittenTraced,
}
