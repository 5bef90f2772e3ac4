using Masumi.Api;
using Masumi.Protocol;

namespace Masumi.Payments.Deals;

/// <summary>Pieces of input of what is not moved to declarations yet.</summary>
internal static class DealInput
{
    /// <summary>The network asked for.</summary>
    public static Network ReadNetwork(RequestInput input) =>
        Word.TryParse<Network>(input.Choice("network", [.. Word.All<Network>()]), out var network) ? network : default;
}
