using Masumi.Contracts.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// The escrow datum of the V1 rules: C0 with these fields in this order (spec escrow.md 2.4). Everything that knows the datum knows it from here: validator,
/// codec, blueprint.
/// </summary>
internal sealed class DatumV1 : Data
{
    // First: what follows is declared to it.
    public static DatumLayout<DatumV1> Layout { get; } =
        new(EscrowFamily.V1, EscrowState.Disputed) { FirstTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), LeastCooldown = null };

    public static Field<DatumV1, OnChainAddress> Buyer { get; } = Layout.Party("buyer", d => d.Buyer, (d, v) => d with { Buyer = v });
    public static Field<DatumV1, OnChainAddress> Seller { get; } = Layout.Party("seller", d => d.Seller, (d, v) => d with { Seller = v });
    public static Field<DatumV1, Bytes> ReferenceKey { get; } = Layout.Bytes("reference_key", d => d.ReferenceKey, (d, v) => d with { ReferenceKey = v });
    public static Field<DatumV1, Bytes> ReferenceSignature { get; } =
        Layout.Bytes("reference_signature", d => d.ReferenceSignature, (d, v) => d with { ReferenceSignature = v });
    public static Field<DatumV1, Bytes> SellerNonce { get; } =
        Layout.Bytes("seller_nonce", d => d.SellerNonce, (d, v) => d with { SellerNonce = v }, "32 bytes of nonce, then the agent identifier");
    public static Field<DatumV1, Bytes> BuyerNonce { get; } = Layout.Bytes("buyer_nonce", d => d.BuyerNonce, (d, v) => d with { BuyerNonce = v });
    public static Field<DatumV1, Int> CollateralReturn { get; } =
        Layout.Lovelace("collateral_return_lovelace", d => d.CollateralReturn, (d, v) => d with { CollateralReturn = v });
    public static Field<DatumV1, Bytes> InputHash { get; } = Layout.Bytes("input_hash", d => d.InputHash, (d, v) => d with { InputHash = v });
    public static Field<DatumV1, Bytes> ResultHash { get; } = Layout.Bytes("result_hash", d => d.ResultHash, (d, v) => d with { ResultHash = v });
    public static Field<DatumV1, Int> PayByTime { get; } = Layout.Deadline("pay_by_time", d => d.PayBy, (d, v) => d with { PayBy = v });
    public static Field<DatumV1, Int> SubmitResultTime { get; } =
        Layout.Deadline("submit_result_time", d => d.SubmitResult, (d, v) => d with { SubmitResult = v });
    public static Field<DatumV1, Int> UnlockTime { get; } = Layout.Deadline("unlock_time", d => d.Unlock, (d, v) => d with { Unlock = v });
    public static Field<DatumV1, Int> ExternalDisputeUnlockTime { get; } =
        Layout.Deadline("external_dispute_unlock_time", d => d.ExternalDisputeUnlock, (d, v) => d with { ExternalDisputeUnlock = v });
    public static Field<DatumV1, Int> SellerCooldownTime { get; } =
        Layout.Cooldown("seller_cooldown_time", d => d.SellerCooldown, (d, v) => d with { SellerCooldown = v });
    public static Field<DatumV1, Int> BuyerCooldownTime { get; } =
        Layout.Cooldown("buyer_cooldown_time", d => d.BuyerCooldown, (d, v) => d with { BuyerCooldown = v });
    public static Field<DatumV1, Choice<EscrowState>> State { get; } = Layout.State("state", d => d.State, (d, v) => d with { State = v });
}
