using System.Collections.Immutable;

namespace Masumi.Protocol.PaymentService.RailReadiness;

/// <summary>A thing that must be set up, as clients know it.</summary>
/// <param name="Id">For programs; never changes.</param>
/// <param name="Label">For people.</param>
/// <param name="Missing">What is said where it is not there; <c>{name}</c> stands for a value.</param>
public sealed record RailCheck(string Id, string Label, string Missing)
{
    /// <summary>It is there.</summary>
    public RailCheckRow Complete(string? detail = null) => new(Id, Label, true, detail);

    /// <summary>It is not there.</summary>
    public RailCheckRow Incomplete(params ReadOnlySpan<(string Name, string Value)> values)
    {
        var detail = Missing;
        foreach (var (name, value) in values)
        {
            detail = detail.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        return new RailCheckRow(Id, Label, false, detail);
    }
}

/// <summary>The things that must be set up, in the order in which they are told (since-0.28.md 1). New ones come at the end, and none is renamed.</summary>
public static class RailChecks
{
    /// <summary>Said of each check but the first while there is no V2 source.</summary>
    public const string NeedsSource = "Needs a payment source first";

    /// <summary>Said of a contract of the operator's own.</summary>
    public const string CustomContract = "Custom contract address on the current contract version";

    /// <summary>Said of a source that is there.</summary>
    public const string SourceFound = "Active Web3CardanoV2 source found";

    /// <summary>A live V2 source.</summary>
    public static RailCheck PaymentSource { get; } =
        new("cardano.payment_source", "Payment source", "No active Web3CardanoV2 payment source exists for this network");

    /// <summary>Its contract is one that this node still makes payments with.</summary>
    public static RailCheck ContractCurrent { get; } =
        new("cardano.contract_current", "Current contract", "Source was minted against a retired contract and must be recreated");

    /// <summary>A key for the provider of the chain.</summary>
    public static RailCheck RpcProvider { get; } = new("cardano.rpc_provider", "Blockfrost API key", "No RPC provider key configured");

    /// <summary>Enough admins to divide a disputed escrow.</summary>
    public static RailCheck AdminSignatures { get; } =
        new("cardano.admin_signatures", "Admin wallets", "{wallets} admin wallet(s) configured but {required} signature(s) required");

    /// <summary>A wallet that receives.</summary>
    public static RailCheck SellingWallet { get; } = new("cardano.selling_wallet", "Selling wallet", "No selling wallet — the source cannot receive payments");

    /// <summary>A wallet that pays; what it holds is not looked at.</summary>
    public static RailCheck PurchasingWallet { get; } =
        new("cardano.purchasing_wallet", "Purchasing wallet", "No purchasing wallet — the source cannot pay other agents");

    /// <summary>The operator did not switch payments off.</summary>
    public static RailCheck PaymentsEnabled { get; } =
        new("cardano.payments_enabled", "Payments enabled", "Payments are administratively disabled on this source");

    /// <summary>All that a source needs.</summary>
    public static ImmutableArray<RailCheck> OfSource { get; } =
    [PaymentSource, ContractCurrent, RpcProvider, AdminSignatures, SellingWallet, PurchasingWallet, PaymentsEnabled];

    /// <summary>All that buying from a source needs.</summary>
    public static ImmutableArray<RailCheck> OfPurchases { get; } = OfSource.Remove(SellingWallet);

    /// <summary>All that x402 needs; receiving needs the first three.</summary>
    public static ImmutableArray<RailCheck> OfX402 { get; } =
    [
        new("x402.enabled_chain", "Enabled chain", "No EVM chain is enabled for this network"),
        new("x402.rpc_url", "RPC endpoint", "No RPC endpoint configured"),
        new("x402.facilitator", "Facilitator", "Neither a wallet of this node nor a remote facilitator settles payments"),
        new("x402.selling_wallet", "Selling wallet", "No selling wallet on an enabled chain"),
        new("x402.purchasing_wallet", "Purchasing wallet", "Optional — needed only to pay other agents"),
    ];
}
