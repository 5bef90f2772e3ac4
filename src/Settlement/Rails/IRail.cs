using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Settlement.Rails;

/// <summary>
/// One way of settling: what a family of escrow contracts grants in which state, and how its side of a transaction is planned. The engine knows rails, not
/// families; a new family is a new rail.
/// </summary>
public interface IRail
{
    /// <summary>The rules it settles by.</summary>
    EscrowFamily Family { get; }

    /// <summary>Most escrows one transaction may act on.</summary>
    int MostLegs { get; }

    /// <summary>Whether the contract grants an action in a state. Time and cooldowns are another matter.</summary>
    bool Grants(Intent action, OnChainState state);

    /// <summary>An action on an escrow, ready to be put into a transaction, or why not.</summary>
    /// <param name="transactions">The contract's side of transactions.</param>
    /// <param name="action">What to do.</param>
    /// <param name="escrow">The escrow output.</param>
    /// <param name="result">The seller's result, for a submission.</param>
    /// <param name="payout">Where collected money goes when the datum does not say.</param>
    /// <param name="now">Chain time.</param>
    LegResult Plan(EscrowTransactions transactions, Intent action, Utxo escrow, ResultHash? result, Address payout, DateTimeOffset now);
}

/// <summary>The rails there are.</summary>
public static class Rail
{
    /// <summary>The rail of a family.</summary>
    public static IRail Of(EscrowFamily family) => family == EscrowFamily.V1 ? EscrowRail.V1 : EscrowRail.V2;
}
