namespace Masumi.Contracts.Catalog;

/// <summary>How a script's bytes follow from the bytes somebody gives.</summary>
public enum ScriptForm
{
    /// <summary>They are those bytes.</summary>
    AsGiven,

    /// <summary>Those bytes, re-encoded (<see cref="CaseEncoding"/>).</summary>
    Reencoded,

    /// <summary>Parameters applied to them, nothing else.</summary>
    Applied,

    /// <summary>Parameters applied to them, then re-encoded, as the deployed V1 contracts are.</summary>
    AppliedAndReencoded,
}
