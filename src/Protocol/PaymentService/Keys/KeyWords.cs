namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>What a key may do, in one word.</summary>
public enum KeyPermission
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Read and pay.</summary>
    ReadAndPay,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Whether a key is taken.</summary>
public enum KeyStatus
{
    /// <summary>It is.</summary>
    Active,

    /// <summary>It is not any more.</summary>
    Revoked,
}
