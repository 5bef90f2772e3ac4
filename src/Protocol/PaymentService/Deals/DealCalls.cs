using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>A decision about a deal: the operation says which.</summary>
public sealed record DealCall(string BlockchainIdentifier, Network Network)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DealCall> Shape { get; } =
        Shapes.Record<DealCall>(s =>
            new(
                s.Required("blockchainIdentifier", DealShapes.AnyIdentifier, r => r.BlockchainIdentifier, "Which deal"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network)
            )
        );
}

/// <summary>Asks for the row of an identifier.</summary>
public sealed record ResolveRequest(string BlockchainIdentifier, Network Network, string? FilterSmartContractAddress, bool IncludeHistory)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ResolveRequest> Shape { get; } =
        Shapes.Record<ResolveRequest>(s =>
            new(
                s.Required("blockchainIdentifier", DealShapes.Identifier, r => r.BlockchainIdentifier, "Which deal"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, "Only where it is of this escrow contract"),
                s.Default("includeHistory", Shapes.Flag, false, r => r.IncludeHistory, DealTexts.History)
            )
        );
}

/// <summary>Takes an error away, and maybe tries again.</summary>
public sealed record RecoveryRequest(string BlockchainIdentifier, Network Network, DateTimeOffset UpdatedAt, bool? RetryPreviousAction)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RecoveryRequest> Shape { get; } =
        Shapes.Record<RecoveryRequest>(s =>
            new(
                s.Required("blockchainIdentifier", DealShapes.Identifier, r => r.BlockchainIdentifier, "Which deal"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("updatedAt", Shapes.DateOrMoment, r => r.UpdatedAt, "As it stands in the row: whoever saw an older one does not know this error"),
                s.Optional("retryPreviousAction", Shapes.Boolean, r => r.RetryPreviousAction, "True: do again what failed. Else: only forget the error")
            )
        );
}
