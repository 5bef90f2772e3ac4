using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Output references as Plutus V3 data: the tag of payouts (spec escrow.md 2.8).</summary>
public static class OutputReferenceData
{
    /// <summary><c>C0[tx id, index]</c>.</summary>
    public static PlutusData Encode(TxInput input) => PlutusData.C(0, PlutusData.B(input.TxId.ToArray()), PlutusData.I(input.Index));

    /// <summary>The inline datum that tags a payout with the escrow it came from.</summary>
    public static TxDatum Tag(TxInput input) => new TxDatum.Inline(Datum.Of(Encode(input)));

    /// <summary>Reads an output reference; null for anything else.</summary>
    public static TxInput? Decode(PlutusData data) =>
        data is PlutusData.Constr { Tag: 0, Fields: [PlutusData.Bytes { Value.Length: Hash32.Size } id, PlutusData.Integer index] }
        && index.Value >= BigInteger.Zero
        && index.Value <= ushort.MaxValue
            ? new TxInput(new TransactionId(new Hash32(id.Value.Span)), (int)index.Value)
            : null;
}
