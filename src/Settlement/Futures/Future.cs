using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Futures;

/// <summary>A transaction that was built and that contract and ledger took.</summary>
/// <param name="Action">What it does.</param>
/// <param name="By">Whose choice it is; that party pays the fee.</param>
/// <param name="From">The state it is made in.</param>
/// <param name="At">When it was played: the first moment at which contract and ledger take it.</param>
/// <param name="Before">
/// It must be made before this moment: the contract's deadline less what a validity interval takes, or the first moment at which the other party can end the escrow.
/// Null: as long as nobody moves the escrow.
/// </param>
/// <param name="Fee">What the network takes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record FutureMove(Intent Action, EscrowParty By, EscrowState From, DateTimeOffset At, DateTimeOffset? Before, Lovelace Fee, int Bytes)
{
    /// <summary>From then on the contract's admins may divide the escrow, and may be faster; null in a state in which they may not.</summary>
    public DateTimeOffset? AdminsFrom { get; init; }
}

/// <summary>
/// What everybody has more than at the start, negative for less. The sum of all, fees included, is what the escrow held at the start.
/// </summary>
/// <param name="Buyer">The buyer's wallet and its return address.</param>
/// <param name="Seller">The seller's wallet and its return address.</param>
/// <param name="FeeWallet">The receiver of the contract's fee (V1).</param>
/// <param name="Escrow">What is still in the escrow.</param>
/// <param name="NetworkFees">What the network took.</param>
public sealed record FutureHoldings(Value Buyer, Value Seller, Value FeeWallet, Value Escrow, Lovelace NetworkFees)
{
    /// <summary>All together.</summary>
    public Value Total => Buyer + Seller + FeeWallet + Escrow + Value.Of(NetworkFees);
}

/// <summary>How a branch ends.</summary>
public abstract record FutureEnd
{
    private FutureEnd() { }

    /// <summary>The money has left the escrow.</summary>
    public sealed record Paid(DateTimeOffset At) : FutureEnd;

    /// <summary>The parties have no way left but the choices beside this: from this moment the contract's admins may divide the money as they see fit.</summary>
    public sealed record Admins(DateTimeOffset From, int Votes) : FutureEnd;

    /// <summary>Contract or ledger take nothing that ends it, and why.</summary>
    public sealed record Nobody(string Why) : FutureEnd;

    /// <summary>Not played any further.</summary>
    public sealed record Cut : FutureEnd;
}

/// <summary>A point in what may still happen.</summary>
/// <param name="Move">What led here; null where it begins, and where nothing more happens and nobody can collect.</param>
/// <param name="State">The escrow's state; null when it is gone.</param>
/// <param name="Holds">Who has what.</param>
/// <param name="End">How it ends; null when it goes on.</param>
/// <param name="Next">What may follow: first what comes of itself when nobody chooses anything, then the choices, the earliest first.</param>
public sealed record Future(FutureMove? Move, EscrowState? State, FutureHoldings Holds, FutureEnd? End, ImmutableArray<Future> Next)
{
    /// <summary>The points at which branches end.</summary>
    public IEnumerable<Future> Leaves => End is not null ? [this] : Next.SelectMany(n => n.Leaves);
}
