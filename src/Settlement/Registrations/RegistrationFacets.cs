using System.Collections.Immutable;
using Masumi.Cardano.Metadata;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>One amount of a price.</summary>
/// <param name="Unit">As it is written.</param>
/// <param name="Amount">In the smallest part.</param>
public sealed record PricePart(string Unit, long Amount);

/// <summary>Where an agent is paid.</summary>
/// <param name="Network"><c>Preprod</c>, <c>Mainnet</c>, or a CAIP-2 id.</param>
/// <param name="Address">The escrow contract; on EVM who is paid, in lower case.</param>
public sealed record PaidAt(string Network, string Address);

/// <summary>What a registration is found by: taken from what its entry says.</summary>
/// <param name="Name">The agent's or inbox's name.</param>
/// <param name="Words">Name, description and slug in lower case, each on a line.</param>
/// <param name="Tags">Its tags in lower case.</param>
/// <param name="Pricing">How it is priced, in whichever way of paying.</param>
/// <param name="Prices">All fixed amounts.</param>
/// <param name="Places">Where it is paid.</param>
public sealed record RegistrationFacets(
    string Name,
    string Words,
    ImmutableArray<string> Tags,
    ImmutableArray<PricingType> Pricing,
    ImmutableArray<PricePart> Prices,
    ImmutableArray<PaidAt> Places
)
{
    /// <summary>Those of an entry: CBOR in hex. Of one that says nothing that can be read, none.</summary>
    public static RegistrationFacets Of(string entry) =>
        AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(entry))) switch
        {
            MetadataReading.Agent { Metadata: var agent } => Of(agent),
            MetadataReading.Inbox { Metadata: var inbox } => new(inbox.Name, Lines(inbox.Name, inbox.Description, inbox.Slug), [], [], [], []),
            _ => new("", "", [], [], [], []),
        };

    private static RegistrationFacets Of(AgentMetadata agent)
    {
        var sources = agent.PaymentSources ?? [];
        var onCardano = sources.OfType<PaymentSourceEntry.Cardano>().Select(c => c.Pricing);
        var ours = agent.Pricing is { } own ? onCardano.Prepend(own).ToList() : onCardano.ToList();
        var evm = sources.OfType<PaymentSourceEntry.Evm>().ToList();
        return new(
            agent.Name,
            Lines(agent.Name, agent.Description),
            [.. agent.Tags.Select(t => t.ToLowerInvariant()).Distinct()],
            [.. ours.Select(p => p.Type).Concat(evm.Select(e => e.Pricing.Type)).Distinct()],
            [
                .. ours.OfType<AgentPricing.Fixed>().SelectMany(f => f.Amounts).Select(a => new PricePart(a.Unit, a.Amount)),
                .. evm.Where(e => e.Pricing is { Asset: not null, Amount: not null }).Select(e => new PricePart(e.Pricing.Asset!, e.Pricing.Amount!.Value)),
            ],
            [
                .. sources
                    .Select(s =>
                        s switch
                        {
                            PaymentSourceEntry.Cardano c => new PaidAt(Word.Text(c.Network), c.Address),
                            PaymentSourceEntry.Evm e => new PaidAt(e.Network, e.PayTo.ToLowerInvariant()),
                            _ => throw new ArgumentException($"Not a payment source: {s}.", nameof(agent)),
                        }
                    )
                    .Distinct(),
            ]
        );
    }

    private static string Lines(params IEnumerable<string?> texts) => string.Join('\n', texts.Select(t => t?.ToLowerInvariant()));
}
