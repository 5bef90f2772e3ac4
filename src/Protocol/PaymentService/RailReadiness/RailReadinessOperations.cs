using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.RailReadiness;

/// <summary>What a marketplace asks before it shows agents (since-0.28.md 1).</summary>
public static class RailReadinessOperations
{
    /// <summary>Which ways of moving money are set up.</summary>
    public static Operation<GetRailReadiness, RailReadinessRow> Get { get; } =
        new(
            "GET",
            "/rail-readiness",
            Access.Read,
            "getRailReadiness",
            "rail-readiness",
            "Which ways of moving money are set up on a network, and what is missing",
            GetRailReadiness.Shape,
            RailReadinessRow.Shape
        )
        {
            Description =
                "The chain is not asked. Marketplaces ask every few minutes, and show the V2 agents that can be paid from one of PurchaseSources: those whose "
                + "identifier begins with its policyId and that are paid at its smartContractAddress.",
            RequestExample = new(Network.Preprod),
            AnswerExample = new(
                Network.Preprod,
                [
                    new RailRow(
                        Rail.CardanoV2,
                        true,
                        Complete(RailChecks.OfSource),
                        [new PurchaseSourceRow(RegistryExamples.PolicyId, RegistryExamples.Contract, true, Complete(RailChecks.OfPurchases))]
                    ),
                    new RailRow(Rail.X402, false, [.. RailChecks.OfX402.Select(c => c.Incomplete())], null),
                ]
            ),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Get];

    private static ImmutableArray<RailCheckRow> Complete(ImmutableArray<RailCheck> checks) =>
        [.. checks.Select(c => c.Complete(c == RailChecks.PaymentSource ? RailChecks.SourceFound : null))];
}
