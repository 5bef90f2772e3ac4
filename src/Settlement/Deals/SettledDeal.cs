using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement.Deals;

/// <summary>What a deal that was ever on chain was about, and how it stands.</summary>
/// <param name="State">Its state.</param>
/// <param name="PayBy">When it was to be paid.</param>
/// <param name="Funds">Its price.</param>
/// <param name="ToBuyer">Of a divided one what the buyer has.</param>
/// <param name="ToSeller">Of a divided one what the seller has.</param>
/// <param name="BuyerFees">The buyer's network fees.</param>
/// <param name="SellerFees">The seller's network fees.</param>
public sealed record SettledDeal(OnChainState State, DateTimeOffset PayBy, Value Funds, Value ToBuyer, Value ToSeller, Lovelace BuyerFees, Lovelace SellerFees);
