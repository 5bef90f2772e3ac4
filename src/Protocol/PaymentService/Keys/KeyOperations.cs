using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>The operations about API keys (spec payment-service-api.md 6.3).</summary>
public static class KeyOperations
{
    private const string Tag = "api-key";

    /// <summary>The caller's own key: the simplest check of a credential.</summary>
    public static Operation<Nothing, ApiKeyRow> Status { get; } =
        new("GET", "/api-key-status", Access.Read, "getApiKeyStatus", Tag, "The key that this request was made with", Nothing.Shape, ApiKeyRow.Shape)
        {
            AnswerExample = new(
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
                []
            ),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Status];
}
