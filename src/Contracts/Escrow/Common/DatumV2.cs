using Masumi.Contracts.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// The escrow datum of the V2 rules: C0 with these fields in this order (spec escrow.md 2.3). Everything that knows the datum knows it from here: validator,
/// codec, blueprint.
/// </summary>
internal sealed class DatumV2 : Data
{
    // First: what follows is declared to it.
    public static DatumLayout<DatumV2> Layout { get; } = new(EscrowFamily.V2, EscrowState.RefundAuthorized) { FirstTime = 0, LeastCooldown = 0 };

    public static Field<DatumV2, OnChainAddress> Buyer { get; } = Layout.Party("buyer", d => d.Buyer, (d, v) => d with { Buyer = v });
    public static Field<DatumV2, Option<OnChainAddress>> BuyerReturnAddress { get; } =
        Layout.OptionalParty("buyer_return_address", d => d.BuyerReturn, (d, v) => d with { BuyerReturn = v });
    public static Field<DatumV2, OnChainAddress> Seller { get; } = Layout.Party("seller", d => d.Seller, (d, v) => d with { Seller = v });
    public static Field<DatumV2, Option<OnChainAddress>> SellerReturnAddress { get; } =
        Layout.OptionalParty("seller_return_address", d => d.SellerReturn, (d, v) => d with { SellerReturn = v });
    public static Field<DatumV2, Bytes> ReferenceKey { get; } = Layout.Bytes("reference_key", d => d.ReferenceKey, (d, v) => d with { ReferenceKey = v });
    public static Field<DatumV2, Bytes> ReferenceSignature { get; } =
        Layout.Bytes("reference_signature", d => d.ReferenceSignature, (d, v) => d with { ReferenceSignature = v }, "At least 16 bytes");
    public static Field<DatumV2, Bytes> SellerNonce { get; } = Layout.Bytes("seller_nonce", d => d.SellerNonce, (d, v) => d with { SellerNonce = v });
    public static Field<DatumV2, Bytes> BuyerNonce { get; } = Layout.Bytes("buyer_nonce", d => d.BuyerNonce, (d, v) => d with { BuyerNonce = v });
    public static Field<DatumV2, Bytes> AgentIdentifier { get; } =
        Layout.Bytes("agent_identifier", d => d.AgentIdentifier, (d, v) => d with { AgentIdentifier = v });
    public static Field<DatumV2, Int> CollateralReturn { get; } =
        Layout.Lovelace("collateral_return_lovelace", d => d.CollateralReturn, (d, v) => d with { CollateralReturn = v }, "Not negative");
    public static Field<DatumV2, Bytes> InputHash { get; } = Layout.Bytes("input_hash", d => d.InputHash, (d, v) => d with { InputHash = v });
    public static Field<DatumV2, Bytes> ResultHash { get; } = Layout.Bytes("result_hash", d => d.ResultHash, (d, v) => d with { ResultHash = v });
    public static Field<DatumV2, Int> PayByTime { get; } = Layout.Deadline("pay_by_time", d => d.PayBy, (d, v) => d with { PayBy = v });
    public static Field<DatumV2, Int> SubmitResultTime { get; } =
        Layout.Deadline("submit_result_time", d => d.SubmitResult, (d, v) => d with { SubmitResult = v });
    public static Field<DatumV2, Int> UnlockTime { get; } = Layout.Deadline("unlock_time", d => d.Unlock, (d, v) => d with { Unlock = v });
    public static Field<DatumV2, Int> ExternalDisputeUnlockTime { get; } =
        Layout.Deadline("external_dispute_unlock_time", d => d.ExternalDisputeUnlock, (d, v) => d with { ExternalDisputeUnlock = v });
    public static Field<DatumV2, Int> SellerCooldownTime { get; } =
        Layout.Cooldown("seller_cooldown_time", d => d.SellerCooldown, (d, v) => d with { SellerCooldown = v });
    public static Field<DatumV2, Int> BuyerCooldownTime { get; } =
        Layout.Cooldown("buyer_cooldown_time", d => d.BuyerCooldown, (d, v) => d with { BuyerCooldown = v });
    public static Field<DatumV2, Choice<EscrowState>> State { get; } = Layout.State("state", d => d.State, (d, v) => d with { State = v });
}
