using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano.Addresses;
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

namespace Masumi.Payments.Purchases;

/// <summary>
/// POST /purchase: verifies everything the seller signed against the request, the chain and this node's own configuration, then stores the
/// purchase with the intent to lock (spec payment-service-api.md 6.2, in that order). Nothing is sent here; the engine does that.
/// </summary>
internal sealed class CreatePurchase(PaymentsContext context)
{
    private sealed record Request(
        Network Network,
        string Identifier,
        string InputHash,
        string SellerVkey,
        string AgentIdentifier,
        string PurchaserIdentifier,
        Deadlines Deadlines,
        IReadOnlyList<WrittenAmount>? Amounts,
        PaymentSourceType? SourceType,
        string? ContractAddress,
        int? SourceIndex,
        Address? BuyerReturn,
        Address? SellerReturn,
        string? Metadata
    );

    [SuppressMessage("Maintainability", "CA1502", Justification = "Endpoint and use case in one; the payment API's own issue separates them (14).")]
    [SuppressMessage("Design", "MA0051", Justification = "Endpoint and use case in one; the payment API's own issue separates them (14).")]
    public async Task<ApiResult> HandleAsync(ApiRequest<ApiKey> http)
    {
        if (!TryRead(http.Input, out var request, out var invalid))
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, request.Network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var cancellation = http.Cancellation;
        var sources = await context.SourcesAsync(request.Network, cancellation);
        if (await context.Deals.FindAsync(DealSide.Purchase, [.. sources.Select(s => s.Id)], request.Identifier, cancellation) is { } existing)
        {
            return await ConflictAsync(existing, cancellation);
        }

        if (CheckIdentifier(request, sources, out var identifier, out var source) is { } refusal)
        {
            return refusal;
        }

        var wallets = await context.Holdings.ListWalletsAsync(cancellation);
        if (!wallets.Any(w => w.SourceId == source.Id && w is { Role: WalletRole.Purchasing, DeletedAt: null }))
        {
            return ApiResult.NotFound("No valid purchasing wallets found");
        }

        if (TermsCheck.Deadlines(request.Deadlines, context.Clock.GetUtcNow(), context.Settlement.Deadlines) is { } badDeadlines)
        {
            return badDeadlines;
        }

        var found = await context.Agents.FindAsync(AgentIdentifier.Parse(request.AgentIdentifier), cancellation);
        if (found is AgentLookup.NotFound)
        {
            return ApiResult.NotFound("Agent identifier not found");
        }

        if (found.Holder?.Payment?.AsKey is not { } holder || holder.ToString() != request.SellerVkey)
        {
            return ApiResult.BadRequest("Invalid seller vkey");
        }

        if (found is not AgentLookup.Found { Advert: var advert })
        {
            return ApiResult.NotFound("Agent identifier metadata invalid or unsupported");
        }

        var (selected, notSelected) = TermsCheck.Select(advert, request.SourceIndex, source, buying: true);
        if (notSelected is not null)
        {
            return notSelected;
        }

        if (Price(selected!, request.Amounts, out var pricing, out var price) is { } badPrice)
        {
            return badPrice;
        }

        if (OfferVerification.VerifyNames(identifier, request.PurchaserIdentifier, request.AgentIdentifier) is { } misnamed)
        {
            return ApiResult.BadRequest(misnamed.Message);
        }

        // When the seller is a wallet of this very node, its collection address is what it signed. V1 has no return addresses.
        var sellerReturn =
            source.Family == EscrowFamily.V1
                ? null
                : request.SellerReturn
                    ?? wallets
                        .FirstOrDefault(w => w is { Role: WalletRole.Selling, DeletedAt: null } && w.KeyHash == holder && w.Address == advert.Holder)
                        ?.CollectionAddress;
        var offer = new EscrowOffer
        {
            Family = source.Family,
            AgentIdentifier = AgentIdentifier.Parse(request.AgentIdentifier),
            BuyerNonce = BuyerNonce.Parse(request.PurchaserIdentifier.ToLowerInvariant()),
            InputHash = request.InputHash,
            Deadlines = request.Deadlines,
            Seller = advert.Holder,
            RequestedFunds = pricing == PricingType.Dynamic ? [.. request.Amounts!] : null,
            SellerReturn = sellerReturn,
            Escrow = source.ContractAddress,
            SupportedPaymentSourceIndex = request.SourceIndex,
        };
        if (OfferVerification.Verify(identifier, offer, holder, request.BuyerReturn) is { } notSigned)
        {
            return ApiResult.BadRequest(notSigned.Message);
        }

        return await StoreAsync(http, request, source, advert, pricing, price, sellerReturn);
    }

    private async Task<ApiResult> StoreAsync(
        ApiRequest<ApiKey> http,
        Request request,
        PaymentSource source,
        AgentAdvert advert,
        PricingType pricing,
        Value price,
        Address? sellerReturn
    )
    {
        var deal = new Deal
        {
            Id = context.Ids.Next(),
            Side = DealSide.Purchase,
            SourceId = source.Id,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(request.Identifier),
                AgentIdentifier.Parse(request.AgentIdentifier),
                pricing,
                price,
                InputHash.Parse(request.InputHash),
                request.Deadlines,
                advert.Holder,
                sellerReturn,
                request.BuyerReturn
            ),
            AgentName = advert.Name,
            Metadata = request.Metadata,
            RequestedBy = http.Caller.Id,
            CreatedAt = context.Clock.GetUtcNow(),
            Family = source.Family,
        };
        var outcome = await EnterAsync(deal, http.Caller, price, http.Cancellation);
        switch (outcome)
        {
            case InsertOutcome.Stored stored:
                return ApiResult.Ok(await context.RowAsync(stored.Deal, includeHistory: false, http.Cancellation));
            case InsertOutcome.Exists exists:
                return await ConflictAsync(exists.Deal, http.Cancellation);
            default:
                return ApiResult.BadRequest("Insufficient funds");
        }
    }

    // Whatever came of it, what is left of the credits is read anew.
    private async Task<InsertOutcome> EnterAsync(Deal deal, ApiKey caller, Value price, CancellationToken cancellation)
    {
        try
        {
            return await context.Deals.EnterAsync(deal, ApiKeyStore.Debit(caller, Amounts.ToList(price)), cancellation);
        }
        finally
        {
            if (caller.IsLimited)
            {
                context.Keys.Forget();
            }
        }
    }

    private async Task<ApiResult> ConflictAsync(Deal existing, CancellationToken cancellation)
    {
        var row = await context.RowAsync(existing, includeHistory: false, cancellation);
        return ApiResult.Refuse(409, "Purchase exists", new JsonObject { ["id"] = existing.Id, ["object"] = row });
    }

    private static bool TryRead(RequestInput input, out Request request, out ApiResult refusal)
    {
        var network = DealInput.ReadNetwork(input);
        var networkId = network.ToNetworkId();
        var payBy = DealInput.Milliseconds(input, "payByTime");
        var submit = DealInput.Milliseconds(input, "submitResultTime");
        var unlock = DealInput.Milliseconds(input, "unlockTime");
        var dispute = DealInput.Milliseconds(input, "externalDisputeUnlockTime");
        request = new Request(
            network,
            input.Text("blockchainIdentifier", 0, BlockchainIdentifier.MaxLength),
            input.Text("inputHash", 0, 250),
            input.Text("sellerVkey", 0, 250),
            input.Text("agentIdentifier", 57, 250),
            input.Text("identifierFromPurchaser", 14, 26),
            new Deadlines(payBy ?? default, submit ?? default, unlock ?? default, dispute ?? default),
            DealInput.Amounts(input, "Amounts"),
            DealInput.OptionalSourceType(input, "paymentSourceType"),
            input.OptionalText("smartContractAddress", 0, 250),
            input.OptionalInteger("supportedPaymentSourceIndex", 0, 24),
            DealInput.OptionalAddress(input, "buyerReturnAddress", networkId),
            DealInput.OptionalAddress(input, "sellerReturnAddress", networkId),
            input.OptionalText("metadata")
        );
        if (!AgentIdentifier.TryParse(request.AgentIdentifier, out _) && input.Has("agentIdentifier") && request.AgentIdentifier.Length >= 57)
        {
            input.Issue("agentIdentifier", "Agent identifier is not a valid hex string");
        }

        DealInput.BoundInputHash(input, request.InputHash);
        refusal = input.Refusal!;
        return refusal is null;
    }

    private static ApiResult? CheckIdentifier(Request request, ImmutableArray<PaymentSource> sources, out IdentifierParts identifier, out PaymentSource source)
    {
        source = null!;
        if (!IdentifierParts.TryDecode(request.Identifier, out identifier!, out _))
        {
            return ApiResult.BadRequest(IdentifierRefusal.Message);
        }

        if (request.SourceType is { } type && type != identifier.Family.ToSourceType())
        {
            return ApiResult.BadRequest("Payment source type does not match the blockchain identifier");
        }

        if (identifier.Family == EscrowFamily.V1 && request.SourceIndex is not null)
        {
            return ApiResult.BadRequest("V1 Cardano purchases must not set supportedPaymentSourceIndex; pricing comes from AgentPricing");
        }

        if (request.ContractAddress is { Length: > 0 } given && identifier.EscrowAddress is { } signed && given != signed)
        {
            return ApiResult.BadRequest("Invalid blockchain identifier, smartContractAddress mismatch");
        }

        if (!InputHash.TryParse(request.InputHash, out _))
        {
            return ApiResult.BadRequest("Input hash is not a valid hex string");
        }

        var family = identifier.Family;
        var address = identifier.EscrowAddress;
        var policy = request.AgentIdentifier[..56];
        var match = sources.FirstOrDefault(s =>
            s.Family == family && s.DisabledAt is null && s.PolicyId.ToString() == policy && (address is null || s.ContractAddress.ToString() == address)
        );
        if (match is null)
        {
            return ApiResult.NotFound(
                family == EscrowFamily.V2
                    ? "No configured V2 payment source found for smartContractAddress"
                    : "No payment source found for agent identifiers policy id"
            );
        }

        source = match;
        return null;
    }

    private static ApiResult? Price(AdvertisedSource selected, IReadOnlyList<WrittenAmount>? amounts, out PricingType pricing, out Value price)
    {
        pricing = PricingType.Fixed;
        price = Value.Zero;
        switch (selected.Pricing)
        {
            case null:
                return ApiResult.BadRequest("Agent metadata does not advertise any pricing");

            case PricingType.Free:
                return ApiResult.BadRequest("Agent identifier pricing type not supported");

            case PricingType.Fixed:
                if (!WrittenAmount.TrySum(selected.Price, out var advertised))
                {
                    return ApiResult.BadRequest("Agent metadata does not advertise any pricing");
                }

                if (amounts is not null && (!WrittenAmount.TrySum(amounts, out var given) || given != advertised))
                {
                    return ApiResult.BadRequest("Provided Amounts do not match the fixed pricing of the agent");
                }

                price = advertised;
                return null;

            default:
                pricing = PricingType.Dynamic;
                if (amounts is not { Count: > 0 })
                {
                    return ApiResult.BadRequest("For dynamic pricing, Amounts must be provided");
                }

                if (!WrittenAmount.TrySum(amounts, out var asked))
                {
                    return ApiResult.BadRequest("Amounts must be positive");
                }

                price = asked;
                return null;
        }
    }
}
