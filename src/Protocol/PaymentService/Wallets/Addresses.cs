using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>Whose unspent outputs to list.</summary>
public sealed record ListUtxosRequest(string Address, Network Network, long Count = 10, long Page = 1, SortOrder Order = SortOrder.Desc)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListUtxosRequest> Shape { get; } =
        Shapes.Record<ListUtxosRequest>(s =>
            new(
                s.Required("address", Shapes.Text(0, 150), r => r.Address),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Default("count", Shapes.Integer(1, 100), 10, r => r.Count, "How many at most"),
                s.Default("page", Shapes.Integer(1, 100), 1, r => r.Page, "Which page of so many"),
                s.Default("order", Shapes.Word<SortOrder>(), SortOrder.Desc, r => r.Order, "Desc: newest first")
            )
        );
}

/// <summary>An unspent output.</summary>
public sealed record UtxoRow(
    string TxHash,
    string Address,
    ImmutableArray<UtxoAmountRow> Amounts,
    string? DataHash,
    string? InlineDatum,
    string? ReferenceScriptHash,
    long? OutputIndex,
    string Block
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UtxoRow> Shape { get; } =
        Shapes.Record<UtxoRow>(
            "Utxo",
            s =>
                new(
                    s.Required("txHash", Shapes.AnyText, r => r.TxHash),
                    s.Required("address", Shapes.AnyText, r => r.Address),
                    s.Required("Amounts", Shapes.List(UtxoAmountRow.Shape), r => r.Amounts),
                    s.RequiredOrNull("dataHash", Shapes.AnyText, r => r.DataHash, "Hash of its datum"),
                    s.RequiredOrNull("inlineDatum", Shapes.AnyText, r => r.InlineDatum, "CBOR in hex"),
                    s.RequiredOrNull("referenceScriptHash", Shapes.AnyText, r => r.ReferenceScriptHash),
                    s.RequiredOrNull("outputIndex", Shapes.Integer(0), r => r.OutputIndex),
                    s.Required("block", Shapes.AnyText, r => r.Block, "Hash of the block that made it")
                )
        );
}

/// <summary>So much of a unit in an output: here a number, for clients read one.</summary>
public sealed record UtxoAmountRow(string Unit, long? Quantity)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UtxoAmountRow> Shape { get; } =
        Shapes.Record<UtxoAmountRow>(
            "UtxoAmount",
            s =>
                new(
                    s.Required("unit", Shapes.AnyText, r => r.Unit, "lovelace, or policy id and asset name in hex"),
                    s.RequiredOrNull("quantity", Shapes.Integer(0), r => r.Quantity, "In the smallest part")
                )
        );
}

/// <summary>Unspent outputs, a page of them.</summary>
public sealed record UtxoList(ImmutableArray<UtxoRow> Utxos)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UtxoList> Shape { get; } = Shapes.Record<UtxoList>(s => new(s.Required("Utxos", Shapes.List(UtxoRow.Shape), r => r.Utxos)));
}

/// <summary>Whose balance to sum up.</summary>
public sealed record GetBalanceRequest(string Address, Network Network)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<GetBalanceRequest> Shape { get; } =
        Shapes.Record<GetBalanceRequest>(s =>
            new(s.Required("address", Shapes.Text(0, 150), r => r.Address), s.Required("network", Shapes.Word<Network>(), r => r.Network))
        );
}

/// <summary>So much of a unit at an address: here a number, for clients read one.</summary>
public sealed record BalanceAmountRow(string Unit, long? Quantity)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<BalanceAmountRow> Shape { get; } =
        Shapes.Record<BalanceAmountRow>(
            "BalanceAmount",
            s =>
                new(
                    s.Required("unit", Shapes.AnyText, r => r.Unit, "lovelace, or policy id and asset name in hex"),
                    s.RequiredOrNull("quantity", Shapes.Integer(0), r => r.Quantity, "In the smallest part")
                )
        );
}

/// <summary>What is at an address.</summary>
public sealed record AddressBalance(ImmutableArray<BalanceAmountRow> Balance)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AddressBalance> Shape { get; } =
        Shapes.Record<AddressBalance>(s =>
            new(s.Required("Balance", Shapes.List(BalanceAmountRow.Shape), r => r.Balance, "A sum for each unit; empty where nothing is"))
        );
}
