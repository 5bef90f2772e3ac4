using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Payments.Deals;
using Masumi.Protocol;

namespace Masumi.Payments.Registry;

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
    public async Task<AgentLookup> FindAsync(AgentIdentifier agent, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await LookAsync(agent, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainUnavailableException($"No answer about {agent} within {Limit.TotalSeconds} s.", e);
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
