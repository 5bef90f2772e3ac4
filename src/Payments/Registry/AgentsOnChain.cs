using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Registry;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>Agents as the chain describes them.</summary>
internal sealed class AgentsOnChain(PaymentsContext context, AgentDirectory chain)
{
    private readonly RegistryOnChain _registry = new(context, chain);

    /// <summary>One agent.</summary>
    public async Task<Reply<RegisteredAgent>> FindAsync(AgentOnChain request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        return await _registry.FindAsync(request, caller, cancellation) switch
        {
            { Refusal: { } refusal } => refusal,
            { Value: { Reading: Entries.MetadataReading.Agent { Metadata: { MetadataVersion: 1, Pricing: null } } } } => MetadataWithoutPricing,
            { Value: { } token } when AgentOf(token, request.Network) is { } agent => agent,
            _ => MetadataInvalid,
        };
    }

    /// <summary>Those of a wallet. What cannot be read, and what is no agent, is left out.</summary>
    public async Task<Reply<RegisteredAgents>> OfWalletAsync(AgentsOfWallet request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (tokens, refusal) = await _registry.OfWalletAsync(request, caller, cancellation);
        return refusal is null ? new RegisteredAgents([.. tokens.Select(t => AgentOf(t, request.Network)).OfType<RegisteredAgent>()]) : refusal;
    }

    private static RegisteredAgent? AgentOf(TokenEntry token, Network network) =>
        token.Reading is Entries.MetadataReading.Agent { Metadata: var entry }
            ? new(token.Policy, token.Name, token.Token.ToString(), AgentEntries.IsFree(entry), AgentEntries.Shown(entry, network))
            : null;
}
