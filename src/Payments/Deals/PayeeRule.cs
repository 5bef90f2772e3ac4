using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Deals;

/// <summary>
/// Where money may be sent (decision 15): an admin says it; another key has the addresses of this node's wallets, those where they collect, and those of the
/// operator's list. Pure.
/// </summary>
internal static class PayeeRule
{
    /// <summary>Why not there; null when it may.</summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="address">Where; null where the request names nobody.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="wallets">This node's wallets.</param>
    /// <param name="payees">The operator's list.</param>
    public static Refusal? Refuse(string field, Address? address, ApiKey caller, IEnumerable<HotWallet> wallets, ImmutableHashSet<Address> payees) =>
        address is null
        || caller.CanAdmin
        || payees.Contains(address)
        || wallets.Any(w => w.DeletedAt is null && (w.Owns(address) || w.CollectionAddress == address))
            ? null
            : DealRefusals.ReturnAddressNotAllowed.With(("field", field));
}
