namespace Masumi.Cardano;

/// <summary>The ledger's fee, deposit and size formulas (spec cardano.md 5), exact.</summary>
public static class Fees
{
    /// <summary>Bytes of reference scripts on the given outputs (spent and reference inputs, each output reference counted once).</summary>
    public static int ReferenceScriptBytes(IEnumerable<TxOutput> outputs) => throw new NotImplementedException();

    /// <summary>The least fee of a transaction of <paramref name="size"/> bytes (<see cref="Transaction.Size"/>) with these total units and reference script bytes.</summary>
    public static Lovelace MinFee(ProtocolParameters parameters, int size, ExUnits units, int referenceScriptBytes) => throw new NotImplementedException();

    /// <summary>The tiered price of reference script bytes: floor of the exact sum.</summary>
    public static Lovelace ReferenceScriptFee(ProtocolParameters parameters, int referenceScriptBytes) => throw new NotImplementedException();

    /// <summary>The part of the fee that execution units cost: one ceiling over the exact sum.</summary>
    public static Lovelace ExUnitsFee(ProtocolParameters parameters, ExUnits units) => throw new NotImplementedException();

    /// <summary>The least ADA an output of these bytes must hold: (160 + length) * coinsPerUtxoByte.</summary>
    public static Lovelace MinUtxo(ProtocolParameters parameters, TxOutput output) => throw new NotImplementedException();

    /// <summary>The least collateral for a fee: ceil(fee * percentage / 100).</summary>
    public static Lovelace MinCollateral(ProtocolParameters parameters, Lovelace fee) => throw new NotImplementedException();
}

/// <summary>The script data hash (spec cardano.md 4.1).</summary>
public static class ScriptIntegrity
{
    /// <summary>
    /// blake2b-256 of redeemers, datums and language views; null when all three are empty.
    /// </summary>
    /// <param name="redeemers">Bytes of witness key 5 as they stand; empty when absent.</param>
    /// <param name="datums">Bytes of witness key 4 as they stand; empty when absent.</param>
    /// <param name="languages">Plutus languages of the scripts the transaction needs.</param>
    /// <param name="parameters">For the cost models.</param>
    public static Hash32? Hash(
        ReadOnlyMemory<byte> redeemers,
        ReadOnlyMemory<byte> datums,
        IReadOnlySet<ScriptLanguage> languages,
        ProtocolParameters parameters
    ) => throw new NotImplementedException();
}
