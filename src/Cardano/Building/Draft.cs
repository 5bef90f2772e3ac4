using System.Collections.Immutable;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>A balanced transaction that lacks only signatures and the confirmation of its execution units.</summary>
/// <param name="Transaction">Unsigned.</param>
/// <param name="Spent">All spent inputs.</param>
/// <param name="Pointers">Where each planned script execution ended up, in their order.</param>
/// <param name="ChangeIndex">The output index of the change, or null.</param>
/// <param name="SignedSize">Its size once every signature counted is there.</param>
internal sealed record Draft(Transaction Transaction, ImmutableArray<Utxo> Spent, ImmutableArray<RedeemerPointer> Pointers, int? ChangeIndex, int SignedSize);

/// <summary>A draft, or why there is none.</summary>
internal readonly record struct DraftResult(Draft? Draft, BuildFailure? Failure);
