namespace Masumi.Cardano.Transactions;

/// <summary>Which of the encodings that the ledger takes a transaction is written in, and what that is optional it carries.</summary>
public enum TransactionForm
{
    /// <summary>As every wallet writes it: sets tagged, outputs and redeemers as maps, change and collateral come back.</summary>
    Usual = 0,

    /// <summary>
    /// The fewest bytes, for a transaction that would otherwise not fit: sets without their tag, outputs and redeemers as arrays, what is optional left out.
    /// All of it is legal in Conway; a later era may demand the tags.
    /// </summary>
    Shortest = 1,
}
