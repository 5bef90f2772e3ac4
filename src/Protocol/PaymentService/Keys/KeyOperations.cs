using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>The operations about API keys (spec payment-service-api.md 6.3).</summary>
public static class KeyOperations
{
    private const string Tag = "api-key";

    private static readonly ApiKeyRow Example = new(
        "cmk2v9q0h0001l8f3c5n7x2ab",
        "*****k3f9",
        KeyPermission.ReadAndPay,
        true,
        true,
        false,
        true,
        [Network.Preprod],
        ["cardano:preprod"],
        [new CreditRow("", "25000000")],
        KeyStatus.Active,
        false,
        [],
        new KeyOverhead("50000000", "5000000")
    );

    /// <summary>The caller's own key: the simplest check of a credential.</summary>
    public static Operation<Nothing, ApiKeyRow> Status { get; } =
        new("GET", "/api-key-status", Access.Read, "getApiKeyStatus", Tag, "The key that this request was made with", Nothing.Shape, ApiKeyRow.Shape)
        {
            AnswerExample = Example,
        };

    /// <summary>Keys, a page at a time; deleted ones are not shown.</summary>
    public static Operation<ListKeysRequest, ApiKeyList> List { get; } =
        new("GET", "/api-key", Access.Admin, "listApiKeys", Tag, "API keys, with their tokens masked", ListKeysRequest.Shape, ApiKeyList.Shape)
        {
            RequestExample = new(),
            AnswerExample = new([Example]),
        };

    /// <summary>A new key.</summary>
    public static Operation<CreateKeyRequest, ApiKeyRow> Create { get; } =
        new("POST", "/api-key", Access.Admin, "createApiKey", Tag, "Makes an API key", CreateKeyRequest.Shape, ApiKeyRow.Shape)
        {
            Description = "The only answer that shows the token in clear: keep it.",
            Refusals = [KeyRefusals.InvalidAmount, KeyRefusals.AdminWithScope, KeyRefusals.AdminWithLimit, KeyRefusals.UnknownWallet],
            RequestExample = new(
                true,
                [new Credit("", 25_000_000)],
                [Network.Preprod],
                [],
                KeyPermission.Read,
                true,
                true,
                null,
                true,
                ["cmk2va1m40003l8f3e9h6w8cd"]
            ),
            AnswerExample = Example with
            {
                Token = "masumi-payment-h3q8v0z5n1c7t2r9x4b6k3f9",
                WalletScopeEnabled = true,
                WalletScopes = [new WalletScopeRow("cmk2va1m40003l8f3e9h6w8cd")],
            },
        };

    /// <summary>Another token, other rights or other credits for a key.</summary>
    public static Operation<UpdateKeyRequest, ApiKeyRow> Update { get; } =
        new("PATCH", "/api-key", Access.Admin, "updateApiKey", Tag, "Changes an API key", UpdateKeyRequest.Shape, ApiKeyRow.Shape)
        {
            Description = "What is left out stays as it is.",
            Refusals =
            [
                KeyRefusals.NotFound,
                KeyRefusals.InvalidAmount,
                KeyRefusals.AdminWithScope,
                KeyRefusals.AdminWithLimit,
                KeyRefusals.UnknownWallet,
                KeyRefusals.TokenTaken,
            ],
            RequestExample = new(
                Example.Id,
                UsageCreditsToAddOrRemove: [new Credit("", 10_000_000)],
                Overhead: new KeyOverheadChange(100_000_000, FeesPerDay: null)
            ),
            AnswerExample = Example with { RemainingUsageCredits = [new CreditRow("", "35000000")], Overhead = new KeyOverhead("100000000", "5000000") },
        };

    /// <summary>The end of a key.</summary>
    public static Operation<DeleteKeyRequest, ApiKeyRow> Delete { get; } =
        new("DELETE", "/api-key", Access.Admin, "deleteApiKey", Tag, "Revokes an API key for good", DeleteKeyRequest.Shape, ApiKeyRow.Shape)
        {
            Refusals = [KeyRefusals.NotFound],
            RequestExample = new(Example.Id),
            AnswerExample = Example with { Status = KeyStatus.Revoked },
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Status, List, Create, Update, Delete];
}
