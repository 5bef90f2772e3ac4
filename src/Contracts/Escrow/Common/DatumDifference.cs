using System.Globalization;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Where two datums differ, field by field as they are called on chain.</summary>
internal static class DatumDifference
{
    private static readonly (string Name, Func<EscrowDatum, object?> Field)[] Fields =
    [
        ("buyer", d => d.Buyer),
        ("buyer_return_address", d => d.BuyerReturn),
        ("seller", d => d.Seller),
        ("seller_return_address", d => d.SellerReturn),
        ("reference_key", d => d.ReferenceKey),
        ("reference_signature", d => d.ReferenceSignature),
        ("seller_nonce", d => d.SellerNonce),
        ("buyer_nonce", d => d.BuyerNonce),
        ("agent_identifier", d => d.AgentIdentifier),
        ("collateral_return_lovelace", d => d.CollateralReturn),
        ("input_hash", d => d.InputHash),
        ("result_hash", d => d.ResultHash),
        ("pay_by_time", d => d.Deadlines.PayBy.ToUnixTimeMilliseconds()),
        ("submit_result_time", d => d.Deadlines.SubmitResult.ToUnixTimeMilliseconds()),
        ("unlock_time", d => d.Deadlines.Unlock.ToUnixTimeMilliseconds()),
        ("external_dispute_unlock_time", d => d.Deadlines.ExternalDisputeUnlock.ToUnixTimeMilliseconds()),
        ("seller_cooldown_time", d => d.SellerCooldown),
        ("buyer_cooldown_time", d => d.BuyerCooldown),
        ("state", d => d.State),
    ];

    // The acting party may choose a later one; where none is required there must be none.
    private static readonly string[] Cooldowns = ["seller_cooldown_time", "buyer_cooldown_time"];

    /// <summary>The fields in which they differ, as the one and as the other has them; a cooldown may be later than the required one.</summary>
    public static (string Supplied, string Required) Between(EscrowDatum supplied, EscrowDatum required)
    {
        var differing = Fields.Where(f => !Equals(f.Field(supplied), f.Field(required))).ToList();
        return (
            string.Join(", ", differing.Select(f => $"{f.Name} {Text(f.Field(supplied))}")),
            string.Join(", ", differing.Select(f => $"{f.Name} {(MayBeLater(f) ? "at least " : "")}{Text(f.Field(required))}"))
        );

        bool MayBeLater((string Name, Func<EscrowDatum, object?> Field) field) =>
            Cooldowns.Contains(field.Name) && Text(field.Field(required)) is not ("0" or "none");
    }

    private static string Text(object? field) => Convert.ToString(field, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";
}
