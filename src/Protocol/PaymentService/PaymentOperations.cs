using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Health;
using Masumi.Protocol.PaymentService.Inbox;
using Masumi.Protocol.PaymentService.Keys;
using Masumi.Protocol.PaymentService.Monitoring;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.PaymentService.Quarantine;
using Masumi.Protocol.PaymentService.RailReadiness;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.PaymentService.Signatures;
using Masumi.Protocol.PaymentService.Sources;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService;

/// <summary>The payment service, whole.</summary>
public static class PaymentOperations
{
    /// <summary>Every operation, in the order of the document.</summary>
    public static ImmutableArray<Operation> All { get; } =
    [
        .. HealthOperations.All,
        .. KeyOperations.All,
        .. PaymentsOperations.All,
        .. PurchasesOperations.All,
        .. RegistryOperations.All,
        .. InboxOperations.All,
        .. WalletOperations.All,
        .. SourceOperations.All,
        .. SignatureOperations.All,
        .. RailReadinessOperations.All,
        .. MonitoringOperations.All,
        .. QuarantineOperations.All,
    ];

    /// <summary>Its OpenAPI document.</summary>
    public static OpenApiDocument Document { get; } =
        new(
            "Masumi Payment Service API",
            "Sells and buys the work of agents with money in escrow on Cardano. All successes are 200; DELETE takes its parameters in the body.",
            "./../api/v1",
            "token"
        );
}
