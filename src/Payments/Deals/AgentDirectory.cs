using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Payments.Deals;

/// <summary>What the chain says about an agent.</summary>
internal abstract record AgentLookup
{
    /// <summary>Who holds the token; null when nobody does.</summary>
    public virtual Address? Holder => null;

    /// <summary>No such token, or it was burned.</summary>
    internal sealed record NotFound : AgentLookup;

    /// <summary>A token without metadata.</summary>
    internal sealed record NoMetadata(Address HeldBy) : AgentLookup
    {
        public override Address? Holder => HeldBy;
    }

    /// <summary>A token whose metadata describes no agent.</summary>
    internal sealed record BadMetadata(Address HeldBy) : AgentLookup
    {
        public override Address? Holder => HeldBy;
    }

    /// <summary>An agent.</summary>
    internal sealed record Found(AgentAdvert Advert, AgentMetadata Metadata) : AgentLookup
    {
        public override Address? Holder => Advert.Holder;
    }
}

/// <summary>Looks agents up on chain; nothing is cached, since holder and existence decide about money.</summary>
internal sealed class AgentDirectory(IChain chain, TimeProvider time)
{
    // Less than the ten seconds in which a request is answered.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    /// <summary>One agent. Throws <see cref="ChainUnavailableException"/>.</summary>
    public Task<AgentLookup> FindAsync(AgentIdentifier agent, CancellationToken cancellation) =>
        WithinAsync($"{agent}", stop => LookAsync(agent, stop), cancellation);

    /// <summary>Who holds a token; null when nobody does. Throws <see cref="ChainUnavailableException"/>.</summary>
    public Task<Address?> HolderAsync(AgentIdentifier agent, CancellationToken cancellation) =>
        WithinAsync<Address?>($"{agent}", async stop => (await chain.GetHoldersAsync(agent.ToAsset(), stop)).FirstOrDefault().Address, cancellation);

    /// <summary>What a token's mint said; null when it said nothing, or when there was none. Throws <see cref="ChainUnavailableException"/>.</summary>
    public Task<AuxiliaryData?> MintMetadataAsync(AssetId token, CancellationToken cancellation) =>
        WithinAsync($"{token}", stop => chain.GetMintMetadataAsync(token, stop), cancellation);

    /// <summary>Of some units those of which nobody holds anything. Throws <see cref="ChainUnavailableException"/>.</summary>
    public Task<ImmutableArray<AssetId>> UnheldAsync(IReadOnlyCollection<AssetId> assets, CancellationToken cancellation) =>
        WithinAsync(
            "the assets of a price",
            async stop =>
            {
                var held = await Task.WhenAll(assets.Select(async a => (Asset: a, IsHeld: await chain.IsHeldAsync(a, stop))));
                return held.Where(h => !h.IsHeld).Select(h => h.Asset).ToImmutableArray();
            },
            cancellation
        );

    /// <summary>What lies at an address. Throws <see cref="ChainUnavailableException"/>.</summary>
    public Task<ImmutableArray<Utxo>> CoinsAsync(Address address, CancellationToken cancellation) =>
        WithinAsync($"{address}", stop => chain.GetUtxosAsync(address, stop), cancellation);

    /// <summary>Asks the chain for as long as a request may take, together.</summary>
    public async Task<T> WithinAsync<T>(string about, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainUnavailableException($"No answer about {about} within {Limit.TotalSeconds} s.", e);
        }
    }

    private async Task<AgentLookup> LookAsync(AgentIdentifier agent, CancellationToken cancellation)
    {
        var token = agent.ToAsset();
        var holders = await chain.GetHoldersAsync(token, cancellation);
        if (holders.IsEmpty)
        {
            return new AgentLookup.NotFound();
        }

        var holder = holders[0].Address;
        if (await chain.GetMintMetadataAsync(token, cancellation) is not { } auxiliary)
        {
            return new AgentLookup.NoMetadata(holder);
        }

        return AgentMetadataReader.Read(auxiliary, token) is MetadataReading.Agent read
            ? new AgentLookup.Found(Advert(read.Metadata, holder), read.Metadata)
            : new AgentLookup.BadMetadata(holder);
    }

    private static AgentAdvert Advert(AgentMetadata metadata, Address holder) =>
        new(
            metadata.Name,
            holder,
            [
                .. (metadata.PaymentSources ?? []).Select(s =>
                    s is PaymentSourceEntry.Cardano cardano
                        ? new AdvertisedSource(
                            "Cardano",
                            cardano.Network,
                            cardano.PaymentSourceType,
                            cardano.Address,
                            cardano.Pricing.Type,
                            PriceOf(cardano.Pricing)
                        )
                        : new AdvertisedSource("EVM", null, null, null, null, [])
                ),
            ],
            metadata.Pricing is { } own ? new AdvertisedSource("Cardano", null, null, null, own.Type, PriceOf(own)) : null
        );

    private static ImmutableArray<WrittenAmount> PriceOf(AgentPricing pricing) => pricing is AgentPricing.Fixed @fixed ? @fixed.Amounts : [];
}
