using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Payments.Registry;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Payments;

/// <summary>
/// POST /payment: checks that this node sells the agent, signs the terms with the selling wallet and stores the payment (spec
/// payment-service-api.md 6.1, in that order). Nothing goes on chain here.
/// </summary>
internal sealed class CreatePayment(PaymentsContext context)
{
    // What goes on chain comes back in lower case, so a payment signed otherwise would never be found again (spec escrow.md, trap 7).
    private const string OnlyLower = "Invalid hex: lower case is needed";

    [SuppressMessage("Maintainability", "CA1502", Justification = "Endpoint and use case in one; the payment API's own issue separates them (14).")]
    [SuppressMessage("Design", "MA0051", Justification = "Endpoint and use case in one; the payment API's own issue separates them (14).")]
    public async Task<ApiResult> HandleAsync(ApiRequest<ApiKey> http)
    {
        var input = http.Input;
        var network = DealInput.ReadNetwork(input);
        var inputHash = input.Text("inputHash", 0, 250);
        var agentIdentifier = input.Text("agentIdentifier", 57, 250);
        var purchaser = input.Text("identifierFromPurchaser", 14, 26);
        var funds = DealInput.Amounts(input, "RequestedFunds");
        var sourceType = DealInput.OptionalSourceType(input, "paymentSourceType");
        var index = input.OptionalInteger("supportedPaymentSourceIndex", 0, 24);
        var metadata = input.OptionalText("metadata");
        var sellerReturn = DealInput.OptionalAddress(input, "sellerReturnAddress", network.ToNetworkId());
        var now = context.Clock.GetUtcNow();
        var payBy = input.OptionalDate("payByTime") ?? now.AddHours(12);
        var submitBy = input.OptionalDate("submitResultTime") ?? now.AddHours(24);
        var deadlines = Deadlines.WithDefaults(payBy, submitBy, input.OptionalDate("unlockTime"), input.OptionalDate("externalDisputeUnlockTime"));
        if (AgentIdentifier.TryParse(agentIdentifier, out _) && !HexText.IsLower(agentIdentifier))
        {
            input.Issue("agentIdentifier", OnlyLower);
        }

        if (HexText.IsHexField(purchaser) && !HexText.IsLower(purchaser))
        {
            input.Issue("identifierFromPurchaser", OnlyLower);
        }

        if (HexText.IsHexField(inputHash) && !HexText.IsLower(inputHash))
        {
            input.Issue("inputHash", OnlyLower);
        }

        DealInput.BoundInputHash(input, inputHash);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = await context.SourcesAsync(network, http.Cancellation);
        var policySource = sources.FirstOrDefault(s => s.DisabledAt is null && s.PolicyId.ToString() == agentIdentifier[..56]);
        if (policySource is null || !AgentIdentifier.TryParse(agentIdentifier, out var agent))
        {
            return ApiResult.NotFound("Network and policyId combination not supported");
        }

        if (sourceType is not null && sourceType != policySource.Family.ToSourceType())
        {
            return ApiResult.BadRequest("paymentSourceType does not match the agent registry source");
        }

        if (!BuyerNonce.TryParse(purchaser, out var nonce))
        {
            return ApiResult.BadRequest("Purchaser identifier is not a valid hex string");
        }

        if (!InputHash.TryParse(inputHash, out var hash))
        {
            return ApiResult.BadRequest("Input hash is not a valid hex string");
        }

        if (TermsCheck.Deadlines(deadlines, now, context.Settlement.Deadlines) is { } badDeadlines)
        {
            return badDeadlines;
        }

        var found = await context.Agents.FindAsync(agent, http.Cancellation);
        switch (found)
        {
            case AgentLookup.NotFound:
                return ApiResult.NotFound("Agent identifier not found");
            case AgentLookup.NoMetadata:
                return ApiResult.NotFound("Agent registry metadata not found");
            case AgentLookup.BadMetadata:
                return ApiResult.NotFound("Agent registry metadata not valid");
        }

        var advert = ((AgentLookup.Found)found).Advert;
        var isV1 = policySource.Family == EscrowFamily.V1;
        if (isV1 && index is not null)
        {
            return ApiResult.BadRequest("V1 Cardano payments must not set supportedPaymentSourceIndex; pricing comes from AgentPricing");
        }

        if (!isV1 && index is null)
        {
            return ApiResult.BadRequest("V2 Cardano payments require supportedPaymentSourceIndex to select a priced Cardano source");
        }

        var (selected, notSelected) = TermsCheck.Select(advert, index, policySource, buying: false);
        if (notSelected is not null)
        {
            return notSelected;
        }

        var source = isV1
            ? policySource
            : sources.FirstOrDefault(s => s.DisabledAt is null && s.Family == EscrowFamily.V2 && s.ContractAddress.ToString() == selected!.Address);
        if (source is null)
        {
            return ApiResult.NotFound("Selected Cardano payment source is not configured on this node");
        }

        if (Price(selected!, funds, out var pricing, out var price) is { } badPrice)
        {
            return badPrice;
        }

        if (TermsCheck.Confirmations(context.Settlement.Confirmations, price, deadlines) is { } tooTight)
        {
            return tooTight;
        }

        var wallet = (await context.Store.Wallets.ListAsync(http.Cancellation)).FirstOrDefault(w =>
            w.SourceId == source.Id && w is { Role: WalletRole.Selling, DeletedAt: null } && w.KeyHash == advert.Holder.Payment?.AsKey
        );
        if (wallet is null)
        {
            return ApiResult.NotFound("Selling wallet not found");
        }

        // V1 has no return addresses: where the wallet collects is its own affair.
        sellerReturn = isV1 ? null : sellerReturn ?? wallet.CollectionAddress;
        if (sellerReturn is not null && !OfferVerification.IsParty(sellerReturn, source.NetworkId, source.ContractAddress))
        {
            return ApiResult.BadRequest("sellerReturnAddress must be a Cardano base or enterprise address with a payment key credential");
        }

        var offer = new EscrowOffer
        {
            Family = source.Family,
            AgentIdentifier = agent,
            BuyerNonce = nonce,
            InputHash = hash.ToString(),
            Deadlines = deadlines,
            Seller = advert.Holder,
            RequestedFunds = pricing == PricingType.Dynamic ? [.. funds!] : null,
            SellerReturn = sellerReturn,
            Escrow = source.ContractAddress,
            SupportedPaymentSourceIndex = index,
        };
        var identifier = offer.Sign(context.Wallets.Open(wallet).Payment, SellerNonce.From(context.Ids.Bytes(32)));
        if (EscrowBounds.Check(identifier, offer) is [var tooLarge, ..])
        {
            return ApiResult.BadRequest(tooLarge.Message);
        }

        var deal = new Deal
        {
            Id = context.Ids.Next(),
            Side = DealSide.Payment,
            SourceId = source.Id,
            Terms = new DealTerms(BlockchainIdentifier.Parse(identifier.Encode()), agent, pricing, price, hash, deadlines, advert.Holder, sellerReturn, null),
            AgentName = advert.Name,
            WalletId = wallet.Id,
            Metadata = metadata,
            RequestedBy = http.Caller.Id,
            CreatedAt = now,
            Family = source.Family,
        };
        var outcome = await context.Store.Deals.InsertAsync(context.Begin(deal), null, context.Time.GetUtcNow(), http.Cancellation);
        if (outcome is InsertOutcome.Exists exists)
        {
            var row = await context.RowAsync(exists.Deal, includeHistory: false, http.Cancellation);
            return ApiResult.Refuse(409, "Payment exists", new JsonObject { ["id"] = exists.Deal.Id, ["object"] = row });
        }

        return ApiResult.Ok(await context.RowAsync(((InsertOutcome.Stored)outcome).Deal, includeHistory: false, http.Cancellation));
    }

    private static ApiResult? Price(AdvertisedSource selected, IReadOnlyList<WrittenAmount>? funds, out PricingType pricing, out Value price)
    {
        pricing = PricingType.Fixed;
        price = Value.Zero;
        switch (selected.Pricing)
        {
            case null:
                return ApiResult.BadRequest("Selected payment source does not advertise valid Cardano pricing");

            case PricingType.Free:
                return ApiResult.BadRequest("Pricing type not supported for payments");

            case PricingType.Fixed:
                if (funds is not null)
                {
                    return ApiResult.BadRequest("For fixed pricing, RequestedFunds must be null");
                }

                if (!WrittenAmount.TrySum(selected.Price, out var advertised))
                {
                    return ApiResult.BadRequest("Selected payment source does not advertise valid Cardano pricing");
                }

                price = advertised;
                return null;

            default:
                pricing = PricingType.Dynamic;
                if (funds is not { Count: > 0 })
                {
                    return ApiResult.BadRequest("For dynamic pricing, RequestedFunds must be provided");
                }

                if (!WrittenAmount.TrySum(funds, out var asked))
                {
                    return ApiResult.BadRequest("RequestedFunds amounts must be positive");
                }

                price = asked;
                return null;
        }
    }
}
