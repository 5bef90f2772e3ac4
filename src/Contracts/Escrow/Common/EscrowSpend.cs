using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>What the contract looks at besides the datum.</summary>
public record EscrowSpend
{
    /// <summary>The contract instance.</summary>
    public required EscrowContract Contract { get; init; }

    /// <summary>The escrow output.</summary>
    public required TxInput Escrow { get; init; }

    /// <summary>What it holds.</summary>
    public required Value Value { get; init; }

    /// <summary>Start of the validity interval in POSIX milliseconds; null when open.</summary>
    public long? Lower { get; init; }

    /// <summary>End of the validity interval in POSIX milliseconds; null when open.</summary>
    public long? Upper { get; init; }

    /// <summary>The transaction's required signers.</summary>
    public required IReadOnlySet<KeyHash> Signers { get; init; }

    /// <summary>For <see cref="EscrowAction.SubmitResult"/>: the new result hash.</summary>
    public ByteString NewResultHash { get; init; }

    internal BigInteger CooldownEnd => (Upper ?? 0) + new BigInteger(Contract.CooldownMilliseconds);
}
