using System.Globalization;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.PaymentService.Signatures;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Registrations;
using static Masumi.Protocol.PaymentService.Signatures.SignatureRefusals;

namespace Masumi.Payments.Signatures;

/// <summary>Signatures of wallets, given and judged (spec payment-service-api.md 6.9). Messages are canonical JSON: both sides make the same text of them.</summary>
internal sealed class WalletSignatures(PaymentsContext context)
{
    private static readonly TimeSpan LongestAhead = TimeSpan.FromHours(2);
    private static readonly TimeSpan PublicationHolds = TimeSpan.FromMinutes(3);

    /// <summary>Whether an admin of the contract asked for a disputed payment's data.</summary>
    public async Task<Reply<SignatureVerdict>> VerifyRevealAsync(VerifyRevealData request, ApiKey caller, CancellationToken cancellation)
    {
        var sources = await context.Holdings.ListSourcesAsync(cancellation);
        var found = await context.Deals.FindAsync(DealSide.Payment, [.. sources.Select(s => s.Id)], request.BlockchainIdentifier, cancellation);
        if (found is null)
        {
            return PaymentNotFound;
        }

        if (caller.Wallets is not null && !(found.WalletId is { } wallet && caller.MayUse(wallet)))
        {
            return OutOfScope;
        }

        var source = sources.Single(s => s.Id == found.SourceId);
        if (!caller.Allows(source.Network))
        {
            return NetworkNotAllowed;
        }

        if (found.OnChainState != OnChainState.Disputed)
        {
            return NotDisputed;
        }

        if (!Address.TryParse(request.WalletAddress, out var address) || address.Payment?.AsKey is not { } signer || !source.Admins.Contains(signer))
        {
            return NotAnAdminWallet;
        }

        var now = context.Clock.GetUtcNow();
        if (request.ValidUntil < now.ToUnixTimeMilliseconds())
        {
            return SignatureExpired;
        }

        if (request.ValidUntil > (now + LongestAhead).ToUnixTimeMilliseconds())
        {
            return SignatureTooFarAhead;
        }

        var message = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"action":"{{VerifyRevealData.RevealData}}","blockchainIdentifier":"{{CanonicalJson.Escape(request.BlockchainIdentifier)}}","validUntil":{{request.ValidUntil}}}"""
        );
        return new SignatureVerdict(SignedJson.Holds(request.Signature, request.Key, address, message));
    }

    /// <summary>Signs with an agent's selling wallet that a marketplace may publish the agent.</summary>
    public async Task<Reply<SignedMessage>> SignPublicationAsync(SignAgentPublication request, ApiKey caller, CancellationToken cancellation)
    {
        // An agent that was updated is as much on chain as one that was not.
        if (
            !AgentIdentifier.TryParse(request.AgentIdentifier, out var agent)
            || await context.Registrations.FindAsync(agent, cancellation)
                is not { Kind: RegistrationKind.Agent, State: RegistrationState.RegistrationConfirmed or RegistrationState.UpdateConfirmed } registration
        )
        {
            return AgentNotFound;
        }

        if (!caller.CanAdmin && caller.Id != registration.RequestedBy)
        {
            return NotYoursToPublish;
        }

        if (!caller.MayUse(registration.KeeperWalletId))
        {
            return OutOfScope;
        }

        var source = (await context.Holdings.ListSourcesAsync(cancellation)).Single(s => s.Id == registration.SourceId);
        if (await context.RefuseNetworkAsync(caller, source.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var wallet = (await context.Holdings.ListWalletsAsync(cancellation)).Single(w => w.Id == registration.WalletId);
        var until = (context.Clock.GetUtcNow() + PublicationHolds).ToUnixTimeMilliseconds();
        var data = $$"""{"publicKey":"{{CanonicalJson.Escape(request.PublicKey)}}","walletVkey":"{{wallet.KeyHash}}"}""";
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"action":"{{SignAgentPublication.VerifyAndPublishAgent}}","data":{{data}},"validUntil":{{until}}}"""
        );
        var key = context.Wallets.Open(wallet).Payment;
        var signed = CoseSign1.Sign(key, wallet.Address, System.Text.Encoding.UTF8.GetBytes(message));
        return new SignedMessage(
            Convert.ToHexStringLower(signed.ToCbor()),
            Convert.ToHexStringLower(CoseSign1.CoseKey(key.PublicKey.Span)),
            wallet.Address.ToString(),
            message
        );
    }
}
