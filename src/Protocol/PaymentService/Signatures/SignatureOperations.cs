using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using static Masumi.Protocol.PaymentService.Signatures.SignatureRefusals;

namespace Masumi.Protocol.PaymentService.Signatures;

/// <summary>The operations about signed messages (spec payment-service-api.md 6.9). Those about invoices stand with the invoices.</summary>
public static class SignatureOperations
{
    private const string Tag = "signature";

    private const string CoseKey = "a4010103272006215820d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    // Cut short: the payload and the 64 bytes would say nothing to a reader.
    private const string Cose = "845846a201276761646472657373583900d6d4a76f4f0d385c393d28da10d4ea888d0fc0578ed4c2d99317b73fa166686173686564f4";

    private const string Message =
        """{"action":"VerifyAndPublishAgent","data":{"publicKey":"3f9c1e52d08b47a6","walletVkey":"VKEY"},"validUntil":1793700180000}""";

    /// <summary>Whether an admin of the contract asked for the data of a disputed payment.</summary>
    public static Operation<VerifyRevealData, SignatureVerdict> VerifyReveal { get; } =
        new(
            "POST",
            "/signature/verify/reveal-data",
            Access.Read,
            "verifyRevealData",
            Tag,
            "Whether an admin of the escrow contract signed that a disputed payment's data be shown to it",
            VerifyRevealData.Shape,
            SignatureVerdict.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Before a seller hands over the input and result of a job. A wrong signature is no error: isValid is false.",
            Refusals = [PaymentNotFound, OutOfScope, NetworkNotAllowed, NotDisputed, NotAnAdminWallet, SignatureExpired, SignatureTooFarAhead],
            RequestExample = new(
                Cose,
                CoseKey,
                "addr_test1qzwh7yjq9d5mf0ld0jk9jartldrgkpluhthkpyxsmwfl5p005u4gtygnqr0smsg0vyxfhrrswz355xth63aqv6lr4jnq0gxqts",
                1_793_700_000_000,
                "210686f6c4e8b29a04c5d1e7"
            ),
            AnswerExample = new(true),
        };

    /// <summary>A signature by which a marketplace knows the owner of an agent.</summary>
    public static Operation<SignAgentPublication, SignedMessage> SignPublication { get; } =
        new(
            "POST",
            "/signature/sign/verifyAndPublishAgent",
            Access.Pay,
            "signAgentPublication",
            Tag,
            "Signs with an agent's selling wallet that a marketplace may publish the agent",
            SignAgentPublication.Shape,
            SignedMessage.Shape
        )
        {
            Description =
                "For the key that registered the agent, or an admin key. The message holds for three minutes. It names the wallet and not the agent: "
                + "whoever relies on it checks that this wallet holds the agent's token.",
            Refusals = [AgentNotFound, NotYoursToPublish, OutOfScope],
            RequestExample = new("3f9c1e52d08b47a6", RegistryExamples.AgentIdentifier),
            AnswerExample = new(Cose, CoseKey, RegistryExamples.WalletAddress, Message.Replace("VKEY", RegistryExamples.Vkey, StringComparison.Ordinal)),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [VerifyReveal, SignPublication];
}
