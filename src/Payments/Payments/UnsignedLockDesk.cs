using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;

namespace Masumi.Payments.Payments;

/// <summary>Locks for buyers whose wallet signs elsewhere (spec payment-service-api.md 6.1): built, not sent.</summary>
internal sealed class UnsignedLockDesk(PaymentsContext context, UnsignedLocks locks)
{
    /// <summary>Builds one.</summary>
    public async Task<Reply<UnsignedLock>> BuildAsync(UnsignedLockRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var sources = await context.SourcesAsync(request.Network, cancellation);
        var payment = await context.Deals.FindAsync(DealSide.Payment, [.. sources.Select(s => s.Id)], request.BlockchainIdentifier, cancellation);
        if (payment is not { OnChainState: null, NextAction: RequestedAction.WaitingForExternalAction })
        {
            return payment is { OnChainState: OnChainState.FundsOrDatumInvalid } ? PaymentRefusals.Expired : PaymentRefusals.NotBuildable;
        }

        if (!DealDesk<PaymentRow>.CanSee(caller, payment))
        {
            return DealRefusals.OutOfScope;
        }

        var source = sources.Single(s => s.Id == payment.SourceId);
        if (payment.Terms.Deadlines.PayBy <= context.Clock.GetUtcNow())
        {
            return PaymentRefusals.Expired;
        }

        if (!Address.TryParse(request.BuyerAddress, out var buyer) || !OfferVerification.IsParty(buyer, request.Network.ToNetworkId(), source.ContractAddress))
        {
            return PaymentRefusals.BuyerAddressWithoutKey;
        }

        if (payment.Terms.SellerReturnAddress is { } seller && !OfferVerification.IsParty(seller, source.NetworkId, source.ContractAddress))
        {
            return PaymentRefusals.StoredAddressWithoutKey;
        }

        return await context.Agents.WithinAsync($"{buyer}", stop => locks.BuildAsync(payment, source, buyer, stop), cancellation) switch
        {
            UnsignedLockOutcome.Built built => new UnsignedLock(Convert.ToHexStringLower(built.Transaction.Bytes.Span), built.CollateralReturn.ToString()),
            UnsignedLockOutcome.Short { Missing: var missing } => PaymentRefusals.BuyerFundsShort.With(("missing", missing)),
            UnsignedLockOutcome.TooLate => PaymentRefusals.Expired,
            _ => PaymentRefusals.NotBuildable,
        };
    }
}
