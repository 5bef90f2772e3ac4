namespace Masumi.Contracts.Common;

/// <summary>The two generations of the escrow contract. They share addresses' shape, nothing else may be assumed (spec escrow.md 4.6).</summary>
public enum EscrowFamily
{
    /// <summary>Web3CardanoV1: 16 fields, protocol fee, one escrow per transaction.</summary>
    V1 = 1,

    /// <summary>Web3CardanoV2: 19 fields, no fee, batches, return addresses.</summary>
    V2 = 2,
}
