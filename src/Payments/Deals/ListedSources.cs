using System.Collections.Immutable;
using System.Text.Json.Nodes;
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
    /// <summary>
    /// The member of <c>data</c> beside a list or total that says what the default filter left out:
    /// <c>{"filterPaymentSourceType": "Web3CardanoV1", "count": 3}</c>, the filter as a caller could have written it and how many more rows match the request
    /// without it, whatever the page. Absent when nothing was left out.
    /// </summary>
    public const string HiddenName = "hiddenByDefaultFilter";

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

    /// <summary>Says in an answer how many rows the default filter left out.</summary>
    public static void Note(JsonObject data, long hidden)
    {
        if (hidden > 0)
        {
            data[HiddenName] = new JsonObject { ["filterPaymentSourceType"] = Word.Text(Default), ["count"] = hidden };
        }
    }
}
