using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Quarantine;

/// <summary>
/// The operations about transactions at the contracts that this node cannot explain, as later nodes of the network have them (spec since-0.28.md 8). Only those that
/// look: what the chain says is computed from the chain, and nobody repairs it by hand.
/// </summary>
public static class QuarantineOperations
{
    private const string Tag = "quarantine";
    private const string Transaction = "1b5b9ccb3e8d006a5230de9bda23ff91edc794d4f56410560830b418528e446c";

    private static readonly DateTimeOffset Made = new(2026, 11, 3, 9, 15, 0, TimeSpan.Zero);

    /// <summary>No request has the identifier.</summary>
    public static RefusalKind RequestNotFound { get; } =
        new(404, "request_not_found", "Request not found", "The identifier is that of a purchase or payment of this node, as kind says.");

    /// <summary>No block has the transaction.</summary>
    public static RefusalKind TransactionNotFound { get; } =
        new(404, "transaction_not_found", "Transaction not found on chain", "It is in no block that the node's chain provider shows.");

    /// <summary>It is about something else.</summary>
    public static RefusalKind NotAboutRequest { get; } =
        new(400, "transaction_of_another", "Transaction does not validate for this request: it does not touch its escrow");

    /// <summary>It is not what was agreed.</summary>
    public static RefusalKind NotAsAgreed { get; } = new(400, "transaction_not_as_agreed", "Transaction does not validate for this request: {why}");

    /// <summary>The chain did not answer.</summary>
    public static RefusalKind ProviderFailed { get; } = new(502, "provider_failed", "The chain provider did not answer", "Try again: nothing was changed.");

    /// <summary>What is not explained.</summary>
    public static Operation<ListQuarantine, QuarantinePage> List { get; } =
        new(
            "GET",
            "/tx-sync-quarantine",
            Access.Admin,
            "listQuarantine",
            Tag,
            "Transactions at the contracts that this node cannot explain, newest first",
            ListQuarantine.Shape,
            QuarantinePage.Shape
        )
        {
            Description =
                "Pending: read before something that they spend was known; the next look reads them again. NeedsOperator: money that names a wallet of this node, and no "
                + "request here says whose it is: a copy of the database may know, or somebody sent what nobody asked for.",
            RequestExample = new(Network.Preprod, null, QuarantineStatus.Unresolved, 25, null),
            AnswerExample = new([
                new(
                    "c1b5b9ccb3e8d006a5230de9b",
                    Made,
                    Made,
                    Transaction,
                    5_310_442,
                    3,
                    QuarantineReason.ProcessingFailed,
                    0,
                    "Money that names a wallet of this node, and no request says whose it is",
                    null,
                    null,
                    NeedsOperator: true,
                    new("cmk2vh6e2000gl8f3r9y4d0pb", Network.Preprod, "addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g")
                ),
            ]),
        };

    /// <summary>What a transaction would make of a request.</summary>
    public static Operation<PreviewRepair, RepairPreview> Preview { get; } =
        new(
            "POST",
            "/request-repair/preview",
            Access.Admin,
            "previewRepair",
            Tag,
            "What a transaction on chain would make of a request; changes nothing",
            PreviewRepair.Shape,
            RepairPreview.Shape
        )
        {
            Description =
                "The state is always computed from the chain. Where it should be another than is shown, have the engine look again: POST /monitoring/trigger-cycle.",
            Refusals = [RequestNotFound, TransactionNotFound, NotAboutRequest, NotAsAgreed, ProviderFailed],
            RequestExample = new(RepairKind.Payment, Network.Preprod, "210686f6c4e8b29a04c5d1e7", Transaction),
            AnswerExample = new(Transaction, 0, OnChainState.FundsLocked, null, null, "4"),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [List, Preview];
}
