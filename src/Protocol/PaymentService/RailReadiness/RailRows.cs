using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.RailReadiness;

/// <summary>A way in which money moves.</summary>
public enum Rail
{
    /// <summary>Escrow on Cardano, by the V2 contracts.</summary>
    CardanoV2,

    /// <summary>x402 on chains of Ethereum's kind.</summary>
    X402,
}

/// <summary>Asks which ways of moving money work on a network.</summary>
public sealed record GetRailReadiness(Network Network)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<GetRailReadiness> Shape { get; } =
        Shapes.Record<GetRailReadiness>(s => new(s.Required("network", Shapes.Word<Network>(), r => r.Network)));
}

/// <summary>What is set up on a network, and what is missing. It holds no secret, no wallet's address and no URL.</summary>
public sealed record RailReadinessRow(Network Network, ImmutableArray<RailRow> Rails)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RailReadinessRow> Shape { get; } =
        Shapes.Record<RailReadinessRow>(
            "RailReadiness",
            s =>
                new(
                    s.Required("network", Shapes.Word<Network>(), r => r.Network),
                    s.Required("Rails", Shapes.List(RailRow.Shape), r => r.Rails, "CardanoV2, then X402: always both")
                )
        );
}

/// <summary>A way of moving money, and whether it is set up.</summary>
public sealed record RailRow(Rail Rail, bool IsReady, ImmutableArray<RailCheckRow> Checks, ImmutableArray<PurchaseSourceRow>? PurchaseSources)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RailRow> Shape { get; } =
        Shapes.Record<RailRow>(s =>
            new(
                s.Required("rail", Shapes.Word<Rail>(), r => r.Rail),
                s.Required("isReady", Shapes.Boolean, r => r.IsReady, "Whether money can be received by it"),
                s.Required("Checks", Shapes.List(RailCheckRow.Shape), r => r.Checks, "Of the payment source that is nearest to being ready"),
                s.Optional(
                    "PurchaseSources",
                    Shapes.List(PurchaseSourceRow.Shape),
                    r => r.PurchaseSources,
                    "CardanoV2 alone: each V2 payment source, and whether agents can be paid from it"
                )
            )
        );
}

/// <summary>A payment source from which agents may be paid.</summary>
public sealed record PurchaseSourceRow(string PolicyId, string SmartContractAddress, bool IsPurchaseReady, ImmutableArray<RailCheckRow> Checks)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PurchaseSourceRow> Shape { get; } =
        Shapes.Record<PurchaseSourceRow>(s =>
            new(
                s.Required("policyId", Shapes.AnyText, r => r.PolicyId, "Of its registry: agent identifiers begin with it"),
                s.Required("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress, "What agents must name among their ways of paying"),
                s.Required("isPurchaseReady", Shapes.Boolean, r => r.IsPurchaseReady),
                s.Required("Checks", Shapes.List(RailCheckRow.Shape), r => r.Checks, "All that buying needs: no selling wallet")
            )
        );
}

/// <summary>One thing that must be set up.</summary>
public sealed record RailCheckRow(string Id, string Label, bool IsComplete, string? Detail)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RailCheckRow> Shape { get; } =
        Shapes.Record<RailCheckRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id, "Never changes; new ones come at the end"),
                s.Required("label", Shapes.AnyText, r => r.Label),
                s.Required("isComplete", Shapes.Boolean, r => r.IsComplete),
                s.RequiredOrNull("detail", Shapes.AnyText, r => r.Detail, "What is missing, or what was found")
            )
        );
}
