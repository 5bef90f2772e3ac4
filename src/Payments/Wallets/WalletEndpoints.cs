using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Wallets;

/// <summary>Hot wallets over HTTP (spec payment-service-api.md 6.4).</summary>
internal sealed class WalletEndpoints(PaymentsContext context)
{
    private static readonly string[] Roles = ["Selling", "Purchasing", "Funding"];

    public async Task<ApiResult> ListAsync(ApiRequest<ApiKey> http)
    {
        var take = http.Input.Integer("take", 10, 1, 100, coerce: true);
        var cursor = http.Input.OptionalText("cursorId", 0, 250);
        var role = http.Input.OptionalChoice("walletType", Roles);
        var source = http.Input.OptionalText("paymentSourceId", 0, 250);
        var vkey = http.Input.OptionalText("walletVkey", 0, 250);
        var address = http.Input.OptionalText("walletAddress", 0, 250);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var wallets = (await context.Holdings.ListWalletsAsync(http.Cancellation))
            .Where(w =>
                w.DeletedAt is null
                && (role is null || w.Role.ToString() == role)
                && (source is null || w.SourceId == source)
                && (vkey is null || w.KeyHash.ToString() == vkey)
                && (address is null || w.Address.ToString() == address)
            )
            .Reverse()
            .ToList();
        var start = cursor is null ? 0 : wallets.FindIndex(w => w.Id == cursor);
        var page = start < 0 ? [] : wallets.Skip(start).Take(take);
        return ApiResult.Ok(new JsonObject { ["Wallets"] = new JsonArray([.. page.Select(w => (JsonNode)Row(w))]) });
    }

    public async Task<ApiResult> GetAsync(ApiRequest<ApiKey> http)
    {
        var role = http.Input.Choice("walletType", Roles);
        var id = http.Input.Text("id", 1, 250);
        var secret = http.Input.TextFlag("includeSecret");
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var wallet = (await context.Holdings.ListWalletsAsync(http.Cancellation)).FirstOrDefault(w =>
            w.Id == id && w.Role.ToString() == role && w.DeletedAt is null
        );
        if (wallet is null)
        {
            return ApiResult.NotFound($"{role} wallet not found");
        }

        var row = Row(wallet);
        row["LowBalanceRules"] = new JsonArray();
        if (secret)
        {
            row["Secret"] = new JsonObject
            {
                ["createdAt"] = DealJson.Iso(wallet.CreatedAt),
                ["updatedAt"] = DealJson.Iso(wallet.CreatedAt),
                ["mnemonic"] = context.Wallets.Reveal(wallet),
            };
        }

        return ApiResult.Ok(row);
    }

    /// <summary>A fresh 24-word wallet, shown once and stored nowhere.</summary>
    public async Task<ApiResult> GenerateAsync(ApiRequest<ApiKey> http)
    {
        var network = DealInput.ReadNetwork(http.Input);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var entropy = context.Ids.Bytes(32);
        var mnemonic = Mnemonic.FromEntropy(entropy);
        CryptographicOperations.ZeroMemory(entropy);
        var keys = WalletKeys.FromMnemonic(mnemonic);
        return ApiResult.Ok(
            new JsonObject
            {
                ["walletMnemonic"] = mnemonic,
                ["walletAddress"] = keys.BaseAddress(network.ToNetworkId()).ToString(),
                ["walletVkey"] = keys.Payment.KeyHash.ToString(),
            }
        );
    }

    public async Task<ApiResult> SetCollectionAsync(ApiRequest<ApiKey> http)
    {
        var id = http.Input.Text("id", 1, 250);
        var text = http.Input.OptionalText("newCollectionAddress", 0, 250, nullable: true);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var wallet = (await context.Holdings.ListWalletsAsync(http.Cancellation)).FirstOrDefault(w => w.Id == id && w.DeletedAt is null);
        if (wallet is null)
        {
            return ApiResult.NotFound($"{id} wallet not found");
        }

        Address? address = null;
        if (!string.IsNullOrEmpty(text) && (!Address.TryParse(text, out address) || !OfferVerification.IsParty(address, wallet.Address.Network, null)))
        {
            return ApiResult.BadRequest("newCollectionAddress is not a valid Cardano address for this wallet network");
        }

        await context.Holdings.SetCollectionAddressAsync(id, address, http.Cancellation);
        return ApiResult.Ok(Row(wallet with { CollectionAddress = address }));
    }

    private static JsonObject Row(HotWallet wallet) =>
        new()
        {
            ["id"] = wallet.Id,
            ["paymentSourceId"] = wallet.SourceId,
            ["type"] = wallet.Role.ToString(),
            ["walletVkey"] = wallet.KeyHash.ToString(),
            ["walletAddress"] = wallet.Address.ToString(),
            ["collectionAddress"] = wallet.CollectionAddress?.ToString(),
            ["note"] = wallet.Note,
            ["LowBalanceSummary"] = new JsonObject
            {
                ["isLow"] = false,
                ["lowRuleCount"] = 0,
                ["lastCheckedAt"] = null,
            },
        };
}
