using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;

namespace Masumi.Settlement.Registrations;

/// <summary>A registration, and the newest transaction made for it.</summary>
public sealed record RegistrationReport(Registration Registration, Attempt? Newest);

/// <summary>Which registrations to list. Null fields do not filter.</summary>
public sealed record RegistrationQuery(RegistrationKind Kind)
{
    /// <summary>Sources to look in; empty means none.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Only those whose token is with one of these wallets (a key's wallet scope).</summary>
    public ImmutableArray<string>? Wallets { get; init; }

    /// <summary>Only these states.</summary>
    public ImmutableArray<RegistrationState>? States { get; init; }

    /// <summary>Only this agent.</summary>
    public AgentIdentifier? Agent { get; init; }

    /// <summary>Only those paid in one of these ways.</summary>
    public PaidWhere? Paid { get; init; }

    /// <summary>Part of a name, description, slug, wallet address or state; a whole tag; or a price.</summary>
    public string? Search { get; init; }

    /// <summary>Continue at this row (inclusive).</summary>
    public string? Cursor { get; init; }

    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>For a diff: changes of state or error at or after this time, oldest first.</summary>
    public DateTimeOffset? ChangedSince { get; init; }
}

/// <summary>Ways of paying, any of which will do.</summary>
/// <param name="Address">An escrow contract, or an EVM address in lower case.</param>
/// <param name="OwnSources">Sources of this node at that address: what is registered with them is paid there.</param>
/// <param name="Networks"><c>Preprod</c>, <c>Mainnet</c>, or CAIP-2 ids.</param>
public sealed record PaidWhere(string? Address, ImmutableArray<string> OwnSources, ImmutableArray<string> Networks);
