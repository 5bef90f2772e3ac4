using System.Collections.Immutable;
using Masumi.Protocol;

namespace Masumi.Settlement.Deals;

/// <summary>Which change stamp a diff follows.</summary>
public enum DiffStamp
{
    /// <summary>Either of the other two.</summary>
    Any,

    /// <summary>The next action or its error.</summary>
    NextAction,

    /// <summary>The on-chain state or the result.</summary>
    State,
}

/// <summary>Which deals to list. Null fields do not filter.</summary>
public sealed record DealQuery(DealSide Side)
{
    /// <summary>Sources to look in; empty means none.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Only these wallets (a key's wallet scope).</summary>
    public ImmutableArray<string>? Wallets { get; init; }

    /// <summary>Beside those of <see cref="Wallets"/>, what this key made: a new purchase has no wallet yet.</summary>
    public string? OrMadeBy { get; init; }

    /// <summary>Only the one with this identifier.</summary>
    public string? Identifier { get; init; }

    /// <summary>Only of this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Only those to be paid from then on.</summary>
    public DateTimeOffset? PayFrom { get; init; }

    /// <summary>Only those to be paid until then.</summary>
    public DateTimeOffset? PayUntil { get; init; }

    /// <summary>Only those that can still change.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Only this state.</summary>
    public OnChainState? State { get; init; }

    /// <summary>Only those with an error or waiting for a person.</summary>
    public bool NeedsManual { get; init; }

    /// <summary>Only those in whose way something stands: a problem of any kind, or a step that is tried again and again.</summary>
    public bool Stuck { get; init; }

    /// <summary>Of those in whose way something stood until they ended, only the ones that ended since.</summary>
    public DateTimeOffset? EndedSince { get; init; }

    /// <summary>Only those that ended with a problem: never locked, or the other side's although their owner had decided otherwise.</summary>
    public bool Lost { get; init; }

    /// <summary>A part of the agent identifier, name, id, transaction, wallet address or state; the input's or result's hash; or the beginning of an amount in ADA.</summary>
    public string? Search { get; init; }

    /// <summary>Continue at this row (inclusive).</summary>
    public string? Cursor { get; init; }

    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>For a diff: changes at or after this time, oldest first.</summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>For a diff: which stamp.</summary>
    public DiffStamp Stamp { get; init; }
}
