using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Signatures;

/// <summary>
/// Asks whether an admin of the escrow contract signed that the data of a disputed payment be shown to it. What is signed is the UTF-8 of the canonical JSON of
/// <c>action</c>, <c>blockchainIdentifier</c> and <c>validUntil</c>.
/// </summary>
public sealed record VerifyRevealData(
    string Signature,
    string Key,
    string WalletAddress,
    long ValidUntil,
    string BlockchainIdentifier,
    string Action = VerifyRevealData.RevealData
)
{
    /// <summary>The only action.</summary>
    public const string RevealData = "RevealData";

    /// <summary>As on the wire.</summary>
    public static RecordShape<VerifyRevealData> Shape { get; } =
        Shapes.Record<VerifyRevealData>(s =>
            new(
                s.Required("signature", Shapes.Text(0, 7500), r => r.Signature, "COSE_Sign1, in hex"),
                s.Required("key", Shapes.Text(0, 2500), r => r.Key, "COSE_Key, in hex"),
                s.Required("walletAddress", Shapes.Text(0, 250), r => r.WalletAddress, "The signer's"),
                s.Required(
                    "validUntil",
                    Shapes.Whole(0, 1_000_000_000_000_000_000),
                    r => r.ValidUntil,
                    "Unix milliseconds, as signed: from now to two hours ahead"
                ),
                s.Required("blockchainIdentifier", Shapes.Text(1, 2500), r => r.BlockchainIdentifier, "Of the disputed payment"),
                s.Required("action", Shapes.OneOf(RevealData), r => r.Action)
            )
        );
}

/// <summary>Whether a signature holds.</summary>
public sealed record SignatureVerdict(bool IsValid)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<SignatureVerdict> Shape { get; } =
        Shapes.Record<SignatureVerdict>(s =>
            new(s.Required("isValid", Shapes.Boolean, r => r.IsValid, "False: the signature is not the wallet's over this request"))
        );
}

/// <summary>Asks for a signature of the selling wallet by which a marketplace knows that an agent's owner wants it published.</summary>
public sealed record SignAgentPublication(string PublicKey, string AgentIdentifier, string Action = SignAgentPublication.VerifyAndPublishAgent)
{
    /// <summary>The only action.</summary>
    public const string VerifyAndPublishAgent = "VerifyAndPublishAgent";

    /// <summary>As on the wire.</summary>
    public static RecordShape<SignAgentPublication> Shape { get; } =
        Shapes.Record<SignAgentPublication>(s =>
            new(
                s.Required("publicKey", Shapes.Text(1, 1000), r => r.PublicKey, "What the marketplace gave to be signed"),
                s.Required("agentIdentifier", RegistryTexts.Identifier, r => r.AgentIdentifier, RegistryTexts.IdentifierMeaning),
                s.Required("action", Shapes.OneOf(VerifyAndPublishAgent), r => r.Action)
            )
        );
}

/// <summary>A message that a wallet of this node signed (CIP-8).</summary>
/// <param name="Signature">COSE_Sign1, in hex.</param>
/// <param name="Key">COSE_Key, in hex.</param>
/// <param name="WalletAddress">The signer's.</param>
/// <param name="SignatureData">The message, letter by letter.</param>
public sealed record SignedMessage(string Signature, string Key, string WalletAddress, string SignatureData)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<SignedMessage> Shape { get; } =
        Shapes.Record<SignedMessage>(s =>
            new(
                s.Required("signature", Shapes.AnyText, r => r.Signature, "COSE_Sign1, in hex"),
                s.Required("key", Shapes.AnyText, r => r.Key, "COSE_Key, in hex"),
                s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress, "The signer's"),
                s.Required("signatureData", Shapes.AnyText, r => r.SignatureData, "The message, letter by letter")
            )
        );
}
