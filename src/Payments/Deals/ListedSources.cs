using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Deals;

/// <summary>
/// The sources a list or count looks in (spec payment-service-api.md 6, "V1 default filter"). A caller who names neither generation nor contract gets V1
/// rows alone, as every client of the older generation expects, but only where the node has a V1 source. Diffs have no such default: who follows changes
/// wants all of them.
/// </summary>
/// <param name="Shown">Ids of those looked in.</param>
/// <param name="Hidden">Ids of those that the default alone leaves out.</param>
internal sealed record ListedSources(ImmutableArray<string> Shown, ImmutableArray<string> Hidden)
{
    private const PaymentSourceType Default = PaymentSourceType.Web3CardanoV1;

    /// <summary>Sources by what the caller named.</summary>
    /// <param name="sources">Those of the network.</param>
    /// <param name="type">The generation named, or null.</param>
    /// <param name="contract">The contract named, or null.</param>
    /// <param name="hasDefault">False where nothing named means everything.</param>
    public static ListedSources Of(IEnumerable<PaymentSource> sources, PaymentSourceType? type, string? contract, bool hasDefault)
    {
        var named = sources
            .Where(s => (contract is null || s.ContractAddress.ToString() == contract) && (type is null || s.Family.ToSourceType() == type))
            .ToLookup(s => s.Family.ToSourceType() == Default, s => s.Id);
        return hasDefault && type is null && contract is null && named.Contains(true)
            ? new([.. named[true]], [.. named[false]])
            : new([.. named.SelectMany(g => g)], []);
    }
}
