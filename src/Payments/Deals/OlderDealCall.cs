using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Deals;

/// <summary>A decision about a deal as clients of earlier generations send it (spec payment-service-api.md 9.4). An <c>id</c> beside the identifier is ignored.</summary>
internal sealed record OlderDealCall(
    string? BlockchainIdentifier,
    string? Identifier,
    string Network,
    string? ContractAddress,
    string? PaymentContractAddress,
    string? SmartContractAddress,
    string? SubmitResultHash,
    string? Hash
)
{
    private const string OtherNetwork = "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"";
    private const string Missing = "Invalid input: expected string, received undefined";

    /// <summary>As on the wire.</summary>
    public static RecordShape<OlderDealCall> Shape { get; } =
        Shapes.Record<OlderDealCall>(s =>
            new(
                s.Optional("blockchainIdentifier", DealShapes.Identifier, r => r.BlockchainIdentifier),
                s.Optional("identifier", DealShapes.Identifier, r => r.Identifier),
                s.Required("network", Shapes.AnyText, r => r.Network),
                s.OptionalOrNull("contractAddress", Shapes.AnyText, r => r.ContractAddress),
                s.OptionalOrNull("paymentContractAddress", Shapes.AnyText, r => r.PaymentContractAddress),
                s.OptionalOrNull("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress),
                s.OptionalOrNull("submitResultHash", Shapes.AnyText, r => r.SubmitResultHash),
                s.OptionalOrNull("hash", Shapes.AnyText, r => r.Hash)
            )
        );

    /// <summary>The contract that the deal must be of; null for any.</summary>
    public string? Contract => ContractAddress ?? PaymentContractAddress ?? SmartContractAddress;

    /// <summary>The call as it is today, or what is wrong with it.</summary>
    public (DealCall? Call, Refusal? Refusal) Read()
    {
        var network = Word.All<Network>().FirstOrDefault(n => n.Equals(Network, StringComparison.OrdinalIgnoreCase));
        return network is null ? Wrong(OtherNetwork)
            : (BlockchainIdentifier ?? Identifier) is not { } identifier ? Wrong($"blockchainIdentifier: {Missing}")
            : Identifier is not null && Identifier != identifier ? Wrong("identifier: Must be the same as blockchainIdentifier")
            : (new DealCall(identifier, Word.Parse<Network>(network)), null);
    }

    /// <summary>The same with its result.</summary>
    public (SubmitResultRequest? Call, Refusal? Refusal) ReadResult()
    {
        var (call, refusal) = Read();
        if (call is null)
        {
            return (null, refusal);
        }

        var hash = SubmitResultHash ?? Hash;
        var issue =
            hash is null ? Missing
            : Hash is not null && Hash != hash ? "Must be the same as hash"
            : ResultHash.TryParse(hash, out _) ? null
            : "submitResultHash must be a 64-char hex sha256 digest";
        return issue is null
            ? (new SubmitResultRequest(call.Network, hash!, call.BlockchainIdentifier), null)
            : (null, CommonRefusals.InvalidInput.With(("issues", $"submitResultHash: {issue}")));
    }

    private static (DealCall? Call, Refusal? Refusal) Wrong(string issue) => (null, CommonRefusals.InvalidInput.With(("issues", issue)));
}
