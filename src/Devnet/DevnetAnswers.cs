using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>The answer to a submission.</summary>
public abstract record DevnetSubmission
{
    private DevnetSubmission() { }

    /// <summary>In the mempool, or with one block per transaction already in a block.</summary>
    public sealed record Accepted(TransactionId TxId) : DevnetSubmission;

    /// <summary>Refused by the ledger.</summary>
    public sealed record Refused(ImmutableArray<LedgerFailure> Failures) : DevnetSubmission;

    /// <summary>No room; the same transaction may be accepted later.</summary>
    public sealed record MempoolFull(int Capacity) : DevnetSubmission;

    /// <summary>As ordered by <see cref="DevnetChain.FailNextSubmit"/>: who submitted must learn neither that it was accepted nor that it was not.</summary>
    public sealed record AnswerLost : DevnetSubmission;
}

/// <summary>The answer to a request for money.</summary>
public abstract record DevnetFunding
{
    private DevnetFunding() { }

    /// <summary>On its way in this transaction, as output <paramref name="Output"/>.</summary>
    public sealed record Paid(TxInput Output) : DevnetFunding;

    /// <summary>Not possible, in a sentence.</summary>
    public sealed record Refused(string Reason) : DevnetFunding;
}

/// <summary>How a submission is made to fail.</summary>
public enum SubmitFault
{
    /// <summary>The transaction is accepted, and the answer lost.</summary>
    Accepted,

    /// <summary>The transaction is refused with an error of the ledger, though nothing is wrong with it.</summary>
    Rejected,

    /// <summary>The transaction is not accepted, and the answer lost.</summary>
    Lost,
}
