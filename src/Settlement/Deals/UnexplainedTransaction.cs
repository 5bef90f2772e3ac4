using Masumi.Cardano;

namespace Masumi.Settlement.Deals;

/// <summary>A transaction at a contract that this node cannot explain.</summary>
/// <param name="SourceId">At whose contract.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Height">Its block's height.</param>
/// <param name="Index">Its place in the block, where that is known.</param>
/// <param name="At">When its block was made, or one soon after.</param>
/// <param name="IsRead">
/// False: it was read before something that it spends was known, and the next look reads it again. True: it is money that names a wallet of this node, and no deal says whose.
/// </param>
public sealed record UnexplainedTransaction(string SourceId, TransactionId TxId, long Height, long? Index, DateTimeOffset At, bool IsRead);
