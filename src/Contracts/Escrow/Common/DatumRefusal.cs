namespace Masumi.Contracts.Escrow.Common;

/// <summary>What makes Plutus data no escrow datum (spec escrow.md 8.3).</summary>
public enum DatumRule
{
    /// <summary>The output has no inline datum.</summary>
    Inline,

    /// <summary>Constructor 0 with exactly 16 (V1) or 19 (V2) fields.</summary>
    Shape,

    /// <summary>The field's type.</summary>
    FieldType,

    /// <summary>A base or enterprise address with a payment key.</summary>
    KeyAddress,

    /// <summary>No party may be paid at the escrow's own address: such an escrow can never be spent.</summary>
    PartyIsNotEscrow,

    /// <summary>Numbers that must not be negative, times that must be times.</summary>
    NumberRange,

    /// <summary>Constructors 0 to 5 without fields.</summary>
    State,
}

/// <summary>Why data is no escrow datum.</summary>
public sealed record DatumRefusal(DatumRule Rule, string Field, string Supplied, string Required)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Field}: {Supplied}; required: {Required}";
}
