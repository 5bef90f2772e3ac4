using Masumi.Cardano;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Stores;

/// <summary>What became of an attempt.</summary>
internal enum Fate
{
    /// <summary>It is in a block.</summary>
    Confirmed,

    /// <summary>Its block is gone.</summary>
    TakenBack,

    /// <summary>It is sent no more.</summary>
    Freed,

    /// <summary>It is in a block, and its scripts failed there.</summary>
    FailedInBlock,
}

/// <summary>What attempts mean to registrations and transfers, which have no projection.</summary>
internal static class AttemptFates
{
    /// <summary>Registrations and transfers are told what became of an attempt of theirs, and then what acts for them now: that may be another one.</summary>
    public static async Task TellAsync(DatedWork work, string id, IReadOnlyList<Fate> fates, Decisions decisions)
    {
        foreach (
            var subject in await work.QueryAsync<ToldRow>(
                "SELECT s.subject_id, s.action, a.tx_id, a.tx FROM attempt_subject s JOIN attempt a ON a.id = s.attempt_id "
                    + "WHERE s.attempt_id = @id AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.id = s.subject_id) ORDER BY s.subject_id",
                new { id }
            )
        )
        {
            var tx = Bytes.ToTransaction(subject.TxId);
            if (await RegistrationRows.LockAsync(work, subject.SubjectId) is { } registration)
            {
                var mint = MintOf(work, subject);
                var events = fates.Select(f => OfRegistration(f, subject.Action, tx) with { Agent = mint?.Agent, Entry = mint?.Entry }).ToList();
                if (await ActingAsync(work, subject.SubjectId) is { } acting)
                {
                    var next = MintOf(work, acting);
                    events.Add(new RegistrationEvent.Taken(acting.Action) { Agent = next?.Agent, Entry = next?.Entry });
                }

                await RegistrationRows.SaveAsync(work, registration, events.Aggregate(registration, decisions.OfRegistration));
            }
            else if (await TransferRows.LockAsync(work, subject.SubjectId) is { } transfer)
            {
                var events = fates.Select(f => OfTransfer(f, tx)).ToList();
                if (await ActingAsync(work, subject.SubjectId) is { } acting)
                {
                    events.Add(new TransferEvent.Taken(Bytes.ToTransaction(acting.TxId)));
                }

                await TransferRows.SaveAsync(work, transfer, events.Aggregate(transfer, decisions.OfTransfer));
            }
        }
    }

    // Which agent there is, the transaction alone says: each mint makes another one.
    private static AgentMint? MintOf(Work work, ToldRow row) =>
        row is { Action: RegistrationMachine.Register or RegistrationMachine.Update, Tx: { } bytes }
            ? AgentMint.In(work.Decoded.Of(Bytes.ToTransaction(row.TxId), bytes))
            : null;

    private static RegistrationEvent OfRegistration(Fate fate, string action, TransactionId tx) =>
        fate switch
        {
            Fate.Confirmed => new RegistrationEvent.Confirmed(action),
            Fate.TakenBack => new RegistrationEvent.TakenBack(action),
            Fate.FailedInBlock => new RegistrationEvent.FailedInBlock(action, $"Transaction {tx} failed its scripts on chain."),
            _ => new RegistrationEvent.Freed(action),
        };

    // One without scripts fails in no block.
    private static TransferEvent OfTransfer(Fate fate, TransactionId tx) =>
        fate switch
        {
            Fate.Confirmed => new TransferEvent.Confirmed(tx),
            Fate.TakenBack => new TransferEvent.TakenBack(tx),
            _ => new TransferEvent.Freed(tx),
        };

    // The attempt on its way that acts for a registration or a transfer; there is one at most.
    private static Task<ToldRow?> ActingAsync(Work work, string subjectId) =>
        work.SingleAsync<ToldRow>(
            "SELECT s.subject_id, s.action, a.tx_id, a.tx FROM attempt_subject s JOIN attempt a ON a.id = s.attempt_id WHERE s.subject_id = @subjectId AND s.live = 1 "
                + "AND a.state IN ('Stored', 'Offered', 'Pending')",
            new { subjectId }
        );

    private sealed class ToldRow
    {
        public string SubjectId { get; set; } = "";
        public string Action { get; set; } = "";
        public byte[] TxId { get; set; } = [];
        public byte[]? Tx { get; set; }
    }
}
