using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Health;

/// <summary>The operation that tells whether the service lives (spec payment-service-api.md 1.1).</summary>
public static class HealthOperations
{
    /// <summary>It lives, if it answers at all.</summary>
    public static Operation<Nothing, HealthRow> Get { get; } =
        new("GET", "/health", Access.Open, "getHealth", "health", "Says that the service lives", Nothing.Shape, HealthRow.Shape)
        {
            IsStatusClosed = true,
            Description = "Answers also while the chain does not, and asks neither the database nor the chain.",
            AnswerExample = new("ok", new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero), IsChainAvailable: true),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Get];
}
