using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Registry;

/// <summary>This node's own registrations over HTTP (spec payment-service-api.md 6.6).</summary>
internal sealed class RegistryEndpoints(PaymentsContext context)
{
    public async Task<ApiResult> RegisterAsync(ApiRequest<ApiKey> http)
    {
        var input = http.Input;
        var network = DealInput.ReadNetwork(input);
        var vkey = input.Text("sellingWalletVkey", 1, 250);
        var recipientAddress = input.OptionalText("recipientWalletAddress", 58, 120);
        var funding = input.OptionalText("sendFundingLovelace", 1, 17);
        if (funding is not null && !funding.All(char.IsAsciiDigit))
        {
            input.Issue("sendFundingLovelace", "sendFundingLovelace must be a whole number of lovelace in text");
        }

        var metadata = AgentInput.Read(input);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = await context.SourcesAsync(network, http.Cancellation);
        var wallets = await context.Store.Wallets.ListAsync(http.Cancellation);
        var wallet = wallets.FirstOrDefault(w =>
            w is { Role: WalletRole.Selling, DeletedAt: null } && w.KeyHash.ToString() == vkey && sources.Any(s => s.Id == w.SourceId && s.DisabledAt is null)
        );
        if (wallet is null)
        {
            return ApiResult.NotFound("Network and Address combination not supported");
        }

        var recipient = recipientAddress is null
            ? null
            : wallets.FirstOrDefault(w => w.SourceId == wallet.SourceId && w.DeletedAt is null && w.Address.ToString() == recipientAddress);
        if (recipientAddress is not null && recipient is null)
        {
            return ApiResult.NotFound("Recipient wallet not found on the same payment source");
        }

        var family = sources.Single(s => s.Id == wallet.SourceId).Family;
        if (RefusePricing(metadata, family, network) is { } badPricing)
        {
            return badPricing;
        }

        metadata = metadata with { MetadataVersion = family == EscrowFamily.V1 ? 1 : 2 };
        if (AgentMetadataWriter.Check(metadata) is [var first, ..])
        {
            return ApiResult.BadRequest(first.ToString());
        }

        var registration = await context.Store.Registrations.InsertAsync(
            new Registration
            {
                Id = context.Ids.Next(),
                SourceId = wallet.SourceId,
                WalletId = wallet.Id,
                RecipientWalletId = recipient is null || recipient.Id == wallet.Id ? null : recipient.Id,
                State = RegistrationState.RegistrationRequested,
                Name = metadata.Name,
                Entry = Convert.ToHexStringLower(AgentMetadataWriter.Write(metadata).ToCbor()),
                Funding = funding is null ? null : new Lovelace(Digits.ReadSigned<long>(funding)),
                RequestedBy = http.Caller.Id,
            },
            context.Time.GetUtcNow(),
            http.Cancellation
        );
        context.Signal.Wake();
        return ApiResult.Ok(await RowAsync(registration, network, wallets, http.Cancellation));
    }

    public async Task<ApiResult> ListAsync(ApiRequest<ApiKey> http)
    {
        var input = http.Input;
        var network = DealInput.ReadNetwork(input);
        var type = DealInput.OptionalSourceType(input, "filterPaymentSourceType");
        var contract = input.OptionalText("filterSmartContractAddress", 0, 250);
        var agent = input.OptionalText("filterAgentIdentifier", 57, 250);
        var limit = input.Integer("limit", 10, 1, 100, coerce: true);
        var cursor = input.OptionalText("cursorId", 0, 250);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = ListedSources.Of(await context.SourcesAsync(network, http.Cancellation), type, contract, hasDefault: agent is null);
        var found = (await context.Store.Registrations.ListAsync(http.Cancellation))
            .Where(r => agent is null || r.AgentIdentifier?.ToString() == agent)
            .ToList();
        var rows = found.FindAll(r => sources.Shown.Contains(r.SourceId));
        var start = cursor is null ? 0 : rows.FindIndex(r => r.Id == cursor);
        var wallets = await context.Store.Wallets.ListAsync(http.Cancellation);
        var assets = new JsonArray();
        foreach (var row in start < 0 ? [] : rows.Skip(start).Take(limit))
        {
            assets.Add((JsonNode)await RowAsync(row, network, wallets, http.Cancellation));
        }

        var data = new JsonObject { ["Assets"] = assets };
        ListedSources.Note(data, found.Count(r => sources.Hidden.Contains(r.SourceId)));
        return ApiResult.Ok(data);
    }

    public async Task<ApiResult> DeregisterAsync(ApiRequest<ApiKey> http)
    {
        var network = DealInput.ReadNetwork(http.Input);
        var text = http.Input.Text("agentIdentifier", 57, 250);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = await context.SourcesAsync(network, http.Cancellation);
        if (!AgentIdentifier.TryParse(text, out var agent) || sources.All(s => s.PolicyId != agent.ToAsset().Policy))
        {
            return ApiResult.NotFound("Network and Address combination not supported");
        }

        var found = await context.Store.Registrations.FindAsync(agent, http.Cancellation);
        if (found is null)
        {
            return ApiResult.NotFound("Registration not found");
        }

        if (!http.Caller.CanAdmin && found.RequestedBy != http.Caller.Id)
        {
            return ApiResult.Refuse(403, "You are not authorized to deregister this agent");
        }

        var state = found.State;
        var changed = await context.Store.Registrations.ChangeAsync(
            found.Id,
            r =>
            {
                state = r.State;
                var after = RegistrationMachine.Apply(r, new RegistrationEvent.DeregistrationAsked(), context.Clock.GetUtcNow());
                return after == r ? null : after;
            },
            context.Time.GetUtcNow(),
            http.Cancellation
        );
        if (changed is null)
        {
            return ApiResult.Refuse(409, $"Agent registration cannot be deregistered in its current state: {state}");
        }

        context.Signal.Wake();
        return ApiResult.Ok(await RowAsync(changed, network, await context.Store.Wallets.ListAsync(http.Cancellation), http.Cancellation));
    }

    // The generations keep prices in different places.
    private static ApiResult? RefusePricing(AgentMetadata metadata, EscrowFamily family, Network network) =>
        (family, metadata.Pricing, metadata.PaymentSources) switch
        {
            (EscrowFamily.V1, _, { IsEmpty: false }) => ApiResult.BadRequest(
                "V1 registrations must not set supportedPaymentSources; use the top-level AgentPricing field"
            ),
            (EscrowFamily.V1, null, _) => ApiResult.BadRequest("V1 registrations require the top-level AgentPricing field"),
            (EscrowFamily.V1, _, _) => null,
            (_, not null, _) => ApiResult.BadRequest(
                "V2 registrations must not set AgentPricing; put pricing inside each supportedPaymentSources[].pricing field"
            ),
            (_, _, { IsEmpty: false } entries) => Refuse(entries, network),
            _ => ApiResult.BadRequest("V2 registrations require supportedPaymentSources with source-local pricing"),
        };

    private static ApiResult? Refuse(ImmutableArray<PaymentSourceEntry> entries, Network network)
    {
        foreach (var entry in entries)
        {
            if (entry is not PaymentSourceEntry.Cardano cardano)
            {
                return ApiResult.BadRequest("x402 network is not available for settlement: EVM");
            }

            if (cardano.Network != network)
            {
                return ApiResult.BadRequest("Supported payment source network must match the registry network");
            }

            if (cardano.PaymentSourceType != PaymentSourceType.Web3CardanoV2)
            {
                return ApiResult.BadRequest("V2 registry entries may only advertise V2 payment sources.");
            }
        }

        return PaymentSourceReader.FindDuplicate(entries) is { } index
            ? ApiResult.BadRequest($"supportedPaymentSources[{index}] duplicates an earlier payment option")
            : null;
    }

    [SuppressMessage(
        "Maintainability",
        "CA1502",
        Justification = "One line for each field of the answer; it comes from a declaration with the payment API's own issue (14)."
    )]
    private async Task<JsonObject> RowAsync(Registration registration, Network network, ImmutableArray<HotWallet> wallets, CancellationToken cancellation)
    {
        var read = AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) as MetadataReading.Agent;
        var metadata = read?.Metadata;
        var attempts = await context.Store.Attempts.ListForAsync(registration.Id, cancellation);
        var wallet = wallets.Single(w => w.Id == registration.WalletId);
        var recipient = wallets.FirstOrDefault(w => w.Id == registration.RecipientWalletId);
        return new JsonObject
        {
            ["id"] = registration.Id,
            ["error"] = registration.Error,
            ["name"] = registration.Name,
            ["description"] = metadata?.Description,
            ["apiBaseUrl"] = metadata?.ApiBaseUrl,
            ["Capability"] = new JsonObject { ["name"] = metadata?.Capability?.Name, ["version"] = metadata?.Capability?.Version },
            ["Author"] = new JsonObject
            {
                ["name"] = metadata?.Author.Name,
                ["contactEmail"] = metadata?.Author.ContactEmail,
                ["contactOther"] = metadata?.Author.ContactOther,
                ["organization"] = metadata?.Author.Organization,
            },
            ["Legal"] = new JsonObject
            {
                ["privacyPolicy"] = metadata?.Legal.PrivacyPolicy,
                ["terms"] = metadata?.Legal.Terms,
                ["other"] = metadata?.Legal.Other,
            },
            ["state"] = Word.Text(registration.State),
            ["Tags"] = new JsonArray([.. (metadata?.Tags ?? []).Select(t => (JsonNode)t)]),
            ["createdAt"] = DealJson.Iso(registration.CreatedAt),
            ["updatedAt"] = DealJson.Iso(registration.UpdatedAt),
            ["lastCheckedAt"] = null,
            ["ExampleOutputs"] = new JsonArray([
                .. (metadata?.ExampleOutputs ?? []).Select(e =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = e.Name,
                            ["url"] = e.Url,
                            ["mimeType"] = e.MimeType,
                        }
                ),
            ]),
            ["agentIdentifier"] = registration.AgentIdentifier?.ToString(),
            ["AgentPricing"] = metadata?.Pricing is { } own ? AgentInput.Write(own, network) : null,
            ["sendFundingLovelace"] = registration.Funding?.ToString(),
            ["supportedPaymentSources"] = metadata?.PaymentSources is { } sources ? AgentInput.Write(sources) : null,
            ["verifications"] = null,
            ["SmartContractWallet"] = Wallet(wallet),
            ["RecipientWallet"] = recipient is null ? null : Wallet(recipient),
            ["CurrentTransaction"] = attempts.IsEmpty
                ? null
                : new JsonObject
                {
                    ["txHash"] = attempts[0].TxId.ToString(),
                    ["status"] = attempts[0].State is AttemptState.InBlock or AttemptState.Final ? "Confirmed" : "Pending",
                    ["confirmations"] = null,
                    ["fees"] = attempts[0].Fee.ToString(),
                    ["blockHeight"] = attempts[0].Height,
                    ["blockTime"] = null,
                },
        };
    }

    private static JsonObject Wallet(HotWallet wallet) => new() { ["walletVkey"] = wallet.KeyHash.ToString(), ["walletAddress"] = wallet.Address.ToString() };
}
