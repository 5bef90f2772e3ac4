using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Sources;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>A token of a registry, and what its mint said.</summary>
internal sealed record TokenEntry(AssetId Token, Entries.MetadataReading Reading)
{
    public string Policy => Token.Policy.ToString();

    public string Name => Token.Name.ToString();
}

/// <summary>What the chain says of agents and inboxes, whoever registered them.</summary>
internal sealed class RegistryOnChain(PaymentsContext context, AgentDirectory chain)
{
    // Anybody can send tokens to a wallet, and each costs calls.
    private const int MostStrange = 100;
    private const int AtOnce = 8;

    private readonly RegistryDesk _desk = new(context, chain);

    /// <summary>One token. That it was burned does not matter: its last words stand.</summary>
    public async Task<Found<TokenEntry>> FindAsync(AgentOnChain request, ApiKey caller, CancellationToken cancellation)
    {
        var identifier = request.AgentIdentifier;
        if (identifier.Length % 2 != 0 || !identifier.All(char.IsAsciiHexDigit))
        {
            return IdentifierNotHex;
        }

        var policy = identifier[..56];
        if (!(await _desk.SourcesAsync(request.Network, cancellation)).Any(s => s.PolicyId.ToString().Equals(policy, StringComparison.OrdinalIgnoreCase)))
        {
            return UnsupportedPolicy;
        }

        if (!AgentIdentifier.TryParse(identifier, out var agent))
        {
            return AgentNotFound;
        }

        if (caller.Wallets is not null && !(await context.Registrations.FindAsync(agent, cancellation) is { } own && caller.MayUse(own.KeeperWalletId)))
        {
            return AgentOutOfScope;
        }

        try
        {
            return await ReadAsync(agent.ToAsset(), cancellation);
        }
        catch (ChainUnavailableException)
        {
            return ChainFailed;
        }
    }

    /// <summary>The tokens of a registry that a wallet holds.</summary>
    public async Task<(ImmutableArray<TokenEntry> Tokens, Refusal? Refusal)> OfWalletAsync(
        AgentsOfWallet request,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        if (SourceOf(request, await _desk.SourcesAsync(request.Network, cancellation)) is not { } source)
        {
            return ([], UnsupportedSource.With());
        }

        var wallets = await context.Holdings.ListWalletsAsync(cancellation);
        if (
            wallets.FirstOrDefault(w =>
                w.SourceId == source.Id
                && w.DeletedAt is null
                && w.KeyHash.ToString().Equals(request.WalletVkey, StringComparison.OrdinalIgnoreCase)
                && caller.MayUse(w.Id)
            )
            is not { } wallet
        )
        {
            return ([], WalletNotFound.With());
        }

        // A wallet of one key and no stake is one too.
        var coins = await Task.WhenAll(chain.CoinsAsync(wallet.Address, cancellation), chain.CoinsAsync(wallet.EnterpriseAddress, cancellation));
        var all = coins.SelectMany(c => c).ToList();
        var tokens = all.SelectMany(c => c.Output.Value.Assets.Keys).Distinct().ToList();
        return all.Count == 0 ? ([], StakeAddressNotFound.With())
            : tokens.Count == 0 ? ([], WalletWithoutAssets.With())
            : (await ReadAsync([.. tokens.Where(t => t.Policy == source.PolicyId)], cancellation), null);
    }

    private static PaymentSource? SourceOf(AgentsOfWallet request, ImmutableArray<PaymentSource> sources) =>
        request.SmartContractAddress is { } contract
            ? sources.FirstOrDefault(s => s.ContractAddress.ToString() == contract)
            : sources
                .Where(s => s.Family == EscrowFamily.V1)
                .OrderByDescending(s => KnownDeployments.All.Any(d => d.RegistryPolicy == s.PolicyId))
                .FirstOrDefault();

    private async Task<Found<TokenEntry>> ReadAsync(AssetId token, CancellationToken cancellation)
    {
        if (await chain.MintMetadataAsync(token, cancellation) is not { } told)
        {
            return (await chain.UnheldAsync([token], cancellation)).IsEmpty ? MetadataNotFound : AgentNotFound;
        }

        return Entries.AgentMetadataReader.FindEntry(told, token) is { } entry
            ? new TokenEntry(token, Entries.AgentMetadataReader.Read(entry))
            : MetadataNotFound;
    }

    private async Task<ImmutableArray<TokenEntry>> ReadAsync(ImmutableArray<AssetId> tokens, CancellationToken cancellation) =>
        await chain.WithinAsync(
            "the tokens of a wallet",
            async stop =>
            {
                var read = ImmutableArray.CreateBuilder<TokenEntry>();
                foreach (var some in tokens.Take(MostStrange).Chunk(AtOnce))
                {
                    var told = await Task.WhenAll(some.Select(async t => (Token: t, Told: await chain.MintMetadataAsync(t, stop))));
                    read.AddRange(told.Select(t => new TokenEntry(t.Token, Entries.AgentMetadataReader.Read(t.Told, t.Token))));
                }

                return read.ToImmutable();
            },
            cancellation
        );
}
