using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>What both sides of an escrow agreed, as far as the chain is concerned. Everything in the datum that the buyer may not choose follows from it.</summary>
public sealed record EscrowTerms
{
    /// <summary>Carries both nonces, the agent, the seller's signature and, in V2, the contract.</summary>
    public required IdentifierParts Identifier { get; init; }

    /// <summary>The deadlines.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>The hash of the job's input.</summary>
    public required InputHash InputHash { get; init; }

    /// <summary>The price.</summary>
    public required Value Price { get; init; }

    /// <summary>The selling wallet.</summary>
    public required Address Seller { get; init; }

    /// <summary>V2: where the seller is paid; signed.</summary>
    public Address? SellerReturn { get; init; }

    /// <summary>The datum of the lock.</summary>
    /// <param name="buyer">The wallet that locks; one of the lock's inputs must be at exactly this address.</param>
    /// <param name="buyerReturn">V2: where refunds go; the buyer's choice.</param>
    /// <param name="collateralReturn">ADA beyond the price.</param>
    public EscrowDatum LockDatum(Address buyer, Address? buyerReturn, Lovelace collateralReturn)
    {
        var v2 = Identifier.Family == EscrowFamily.V2;
        return new EscrowDatum
        {
            Family = Identifier.Family,
            Buyer = buyer,
            BuyerReturn = v2 ? buyerReturn : null,
            Seller = Seller,
            SellerReturn = v2 ? SellerReturn : null,
            ReferenceKey = ByteString.FromHex(Identifier.Key),
            ReferenceSignature = ByteString.FromHex(Identifier.Signature),
            SellerNonce = ByteString.FromHex(v2 ? Identifier.SellerNonce : Identifier.SellerIdentifier),
            BuyerNonce = ByteString.FromHex(Identifier.PurchaserIdentifier),
            AgentIdentifier = v2 && Identifier.AgentIdentifier is { } agent ? ByteString.FromHex(agent) : ByteString.Empty,
            CollateralReturn = collateralReturn,
            InputHash = new ByteString(InputHash.ToBytes()),
            Deadlines = Deadlines,
        };
    }
}
