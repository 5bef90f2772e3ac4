using System.Diagnostics.CodeAnalysis;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Health;

/// <summary>How the service is. Services of others say the first only.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="ChainTime">The time by which deadlines are judged.</param>
/// <param name="IsChainAvailable">Whether the chain's provider answers.</param>
public sealed record HealthRow(string Status, DateTimeOffset? ChainTime, bool? IsChainAvailable)
{
    private const string Available = "available";
    private const string NotAvailable = "not available";

    private static readonly Shape<bool> Chain = Shapes
        .OneOf(Available, NotAvailable)
        .As<bool>(TryReadChain, isAvailable => isAvailable ? Available : NotAvailable);

    /// <summary>As on the wire.</summary>
    public static RecordShape<HealthRow> Shape { get; } =
        Shapes.Record<HealthRow>(s =>
            new(
                s.Required("status", Shapes.AnyText, r => r.Status, "ok"),
                s.Optional("chainTime", Shapes.Moment, r => r.ChainTime, "The time by which deadlines are judged"),
                s.Optional("chain", Chain, r => r.IsChainAvailable, "Whether the chain's provider answers")
            )
        );

    private static bool TryReadChain(string text, out bool isAvailable, [NotNullWhen(false)] out string? issue)
    {
        isAvailable = text == Available;
        issue = null;
        return true;
    }
}
