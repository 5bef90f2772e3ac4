using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Masumi.Chain;

/// <summary>What a provider is asked.</summary>
public enum CallKind
{
    /// <summary>The newest block.</summary>
    Tip,

    /// <summary>A block.</summary>
    Block,

    /// <summary>The protocol parameters.</summary>
    Parameters,

    /// <summary>The genesis.</summary>
    Genesis,

    /// <summary>A page of an address's transactions.</summary>
    AddressList,

    /// <summary>A page of an asset's transactions.</summary>
    AssetList,

    /// <summary>A page of a policy's assets.</summary>
    PolicyList,

    /// <summary>A page of unspent outputs.</summary>
    Unspent,

    /// <summary>A page of an asset's holders.</summary>
    Holders,

    /// <summary>A transaction and where it is.</summary>
    Transaction,

    /// <summary>The outputs of a transaction.</summary>
    Outputs,

    /// <summary>An asset's metadata.</summary>
    Metadata,

    /// <summary>A script.</summary>
    Script,

    /// <summary>A submission.</summary>
    Submit,
}

/// <summary>How often a provider was asked something with the same outcome.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Kind">What it was asked.</param>
/// <param name="Trouble">What went wrong; null: it answered.</param>
/// <param name="Count">How often.</param>
public sealed record CallCount(string Provider, CallKind Kind, ProviderTrouble? Trouble, long Count);

/// <summary>The questions put to the providers of a chain so far, also as the counter <c>chain_calls{provider,kind,outcome}</c> of a meter.</summary>
public sealed class CallCounts
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Masumi.Chain";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Provider, CallKind Kind, int Trouble), long> _counts = [];
    private readonly Counter<long>? _counter;

    internal CallCounts(Meter? meter) => _counter = meter?.CreateCounter<long>("chain_calls", description: "Questions put to chain providers.");

    /// <summary>All questions.</summary>
    public long Total => List().Sum(c => c.Count);

    /// <summary>The questions of a kind, whatever their outcome.</summary>
    public long Of(CallKind kind) => List().Where(c => c.Kind == kind).Sum(c => c.Count);

    /// <summary>The questions put to a provider.</summary>
    public long Of(string provider) => List().Where(c => c.Provider == provider).Sum(c => c.Count);

    /// <summary>Everything, by provider, kind and outcome.</summary>
    public ImmutableArray<CallCount> List()
    {
        lock (_lock)
        {
            return [.. _counts.Select(c => new CallCount(c.Key.Provider, c.Key.Kind, c.Key.Trouble < 0 ? null : (ProviderTrouble)c.Key.Trouble, c.Value))];
        }
    }

    internal void Add(string provider, CallKind kind, ProviderTrouble? trouble)
    {
        var key = (provider, kind, trouble is { } t ? (int)t : -1);
        lock (_lock)
        {
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }

        _counter?.Add(1, new("provider", provider), new("kind", $"{kind}"), new("outcome", trouble is null ? "Answered" : $"{trouble}"));
    }
}
