using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The redeemer of <c>WithdrawDisputed</c> with its arguments (spec escrow.md 3.2).</summary>
internal sealed class SettlementArguments : Data
{
    // First: what follows is declared to it.
    public static RecordLayout<SettlementArguments> Layout { get; } = new();

    public static Field<SettlementArguments, Map<Bytes, Map<Bytes, Int>>> BuyerValue { get; } =
        Layout.Add<Map<Bytes, Map<Bytes, Int>>>(Reference("AssetValue", "buyer_value"));
    public static Field<SettlementArguments, Map<Bytes, Map<Bytes, Int>>> SellerValue { get; } =
        Layout.Add<Map<Bytes, Map<Bytes, Int>>>(Reference("AssetValue", "seller_value"));
    public static Field<SettlementArguments, ListOf<OnChainSignature>> Signatures { get; } =
        Layout.Add<ListOf<OnChainSignature>>(Reference("AdminSignatures", "admin_signatures"));
}

/// <summary>An admin's signature: C0 with these fields.</summary>
internal sealed class OnChainSignature : Data
{
    // First: what follows is declared to it.
    public static RecordLayout<OnChainSignature> Layout { get; } = new();

    public static Field<OnChainSignature, Bytes> VerificationKey { get; } = Layout.Add<Bytes>(Bytes("verification_key"));
    public static Field<OnChainSignature, Bytes> ProtectedHeaders { get; } = Layout.Add<Bytes>(Bytes("protected_headers"));
    public static Field<OnChainSignature, Bytes> Signature { get; } = Layout.Add<Bytes>(Bytes("signature"));
}
