using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Sources;

/// <summary>Payment sources over HTTP (spec payment-service-api.md 6.5).</summary>
internal sealed class SourceEndpoints(PaymentsContext context)
{
    public async Task<ApiResult> ListAsync(ApiRequest<ApiKey> http)
    {
        var take = http.Input.Integer("take", 10, 1, 100, coerce: true);
        var cursor = http.Input.OptionalText("cursorId", 0, 250);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var sources = (await context.Holdings.ListSourcesAsync(http.Cancellation))
            .Where(s => s.RemovedAt is null && http.Caller.Allows(s.Network))
            .Reverse()
            .ToList();
        var start = cursor is null ? 0 : sources.FindIndex(s => s.Id == cursor);
        var page = start < 0 ? [] : sources.Skip(start).Take(take);
        var rows = page.Select(s =>
            (JsonNode)
                new JsonObject
                {
                    ["id"] = s.Id,
                    ["createdAt"] = DealJson.Iso(s.CreatedAt),
                    ["updatedAt"] = DealJson.Iso(s.DisabledAt ?? s.CreatedAt),
                    ["network"] = Word.Text(s.Network),
                    ["paymentSourceType"] = DealJson.TypeName(s),
                    ["requiredAdminSignatures"] = s.Family == EscrowFamily.V2 ? s.RequiredAdmins : null,
                    ["policyId"] = s.PolicyId.ToString(),
                    ["smartContractAddress"] = s.ContractAddress.ToString(),
                    ["lastIdentifierChecked"] = null,
                    ["lastCheckedAt"] = context.Clock.Tip is { } tip ? DealJson.Iso(tip.Time) : null,
                    ["AdminWallets"] = new JsonArray([
                        .. s.Admins.Select(
                            (a, i) =>
                                (JsonNode)new JsonObject { ["walletAddress"] = Address.Create(s.NetworkId, Credential.Key(a)).ToString(), ["order"] = i + 1 }
                        ),
                    ]),
                    ["FeeReceiverNetworkWallet"] = FeeReceiver(s) is { } receiver ? new JsonObject { ["walletAddress"] = receiver.ToString() } : null,
                    ["feeRatePermille"] = FeePermille(s),
                }
        );
        return ApiResult.Ok(new JsonObject { ["PaymentSources"] = new JsonArray([.. rows]) });
    }

    // Contracts of the second generation take no fee, whatever their source was set up with.
    private static Address? FeeReceiver(PaymentSource source) => source.Family == EscrowFamily.V1 ? source.FeeAddress : null;

    private static int FeePermille(PaymentSource source) => source.Family == EscrowFamily.V1 ? source.FeePermille : 0;
}
