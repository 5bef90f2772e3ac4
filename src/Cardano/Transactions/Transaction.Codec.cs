namespace Masumi.Cardano;

public sealed partial class Transaction
{
    /// <summary>
    /// Decodes a Conway transaction as the node does: unknown or duplicate keys, empty sets, duplicate set elements, zero quantities and
    /// the like are refused with a <see cref="CborFormatException"/> that says where.
    /// </summary>
    public static Transaction FromCbor(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>Our own transaction, encoded deterministically (sets tagged 258, map-form outputs and redeemers).</summary>
    public static Transaction Create(TransactionBody body, WitnessSet witnesses, AuxiliaryData? auxiliaryData = null, bool isValid = true) =>
        throw new NotImplementedException();

    /// <summary>The same body bytes with more signatures; the id does not change.</summary>
    public Transaction WithVKeys(IEnumerable<VKeyWitness> witnesses) => throw new NotImplementedException();

    /// <summary>The body's bytes.</summary>
    public ReadOnlyMemory<byte> BodyBytes => throw new NotImplementedException();

    /// <summary>Size for the fee and for maxTxSize: all bytes without the validity flag (spec cardano.md 5.1).</summary>
    public int Size => throw new NotImplementedException();

    /// <summary>The redeemers' bytes as they stand (witness key 5), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> RedeemerBytes => throw new NotImplementedException();

    /// <summary>The datums' bytes as they stand (witness key 4), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> DatumBytes => throw new NotImplementedException();
}

public sealed partial record TxOutput
{
    /// <summary>The bytes as received, or our own encoding (map form).</summary>
    public ReadOnlyMemory<byte> Bytes => throw new NotImplementedException();

    /// <summary>Decodes either form; throws <see cref="CborFormatException"/>.</summary>
    public static TxOutput FromCbor(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
