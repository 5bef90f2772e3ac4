using System.Numerics;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Transactions;

/// <summary>The ledger's fee, deposit and size formulas (spec cardano.md 5), exact.</summary>
public static class Fees
{
    /// <summary>Bytes of an output that count for its minimum besides the serialised output itself.</summary>
    private const int OutputOverhead = 160;

    // Constants of the Conway ledger's code, not voted parameters.
    private const int ReferenceScriptStride = 25_600;
    private static readonly (BigInteger Numerator, BigInteger Denominator) ReferenceScriptMultiplier = (6, 5);

    /// <summary>Bytes of reference scripts on the given outputs (spent and reference inputs, each output reference counted once).</summary>
    public static int ReferenceScriptBytes(IEnumerable<TxOutput> outputs) =>
        outputs.Aggregate(0, (sum, output) => checked(sum + (output.ReferenceScript?.Bytes.Length ?? 0)));

    /// <summary>The least fee of a transaction of <paramref name="size"/> bytes (<see cref="Transaction.Size"/>) with these total units and reference script bytes.</summary>
    public static Lovelace MinFee(ProtocolParameters parameters, int size, ExUnits units, int referenceScriptBytes) =>
        Saturate(
            ((BigInteger)parameters.MinFeePerByte * size)
                + parameters.MinFeeConstant.Amount
                + ExUnitsFeeExact(parameters, units)
                + ReferenceScriptFeeExact(parameters, referenceScriptBytes)
        );

    /// <summary>The tiered price of reference script bytes: floor of the exact sum.</summary>
    public static Lovelace ReferenceScriptFee(ProtocolParameters parameters, int referenceScriptBytes) =>
        Saturate(ReferenceScriptFeeExact(parameters, referenceScriptBytes));

    /// <summary>The part of the fee that execution units cost: one ceiling over the exact sum.</summary>
    public static Lovelace ExUnitsFee(ProtocolParameters parameters, ExUnits units) => Saturate(ExUnitsFeeExact(parameters, units));

    /// <summary>The least ADA an output of these bytes must hold: (160 + length) * coinsPerUtxoByte.</summary>
    public static Lovelace MinUtxo(ProtocolParameters parameters, TxOutput output) => MinUtxo(parameters, output.Bytes.Length);

    /// <summary>The least collateral for a fee: ceil(fee * percentage / 100).</summary>
    public static Lovelace MinCollateral(ProtocolParameters parameters, Lovelace fee) =>
        Saturate(CeilingDivide((BigInteger)fee.Exact * parameters.CollateralPercentage, 100));

    internal static Lovelace MinUtxo(ProtocolParameters parameters, int outputBytes) =>
        new(checked((OutputOverhead + outputBytes) * parameters.CoinsPerUtxoByte));

    private static BigInteger ExUnitsFeeExact(ProtocolParameters parameters, ExUnits units)
    {
        var (memory, steps) = (parameters.PriceMemory, parameters.PriceSteps);
        var numerator = ((BigInteger)memory.Numerator * units.Memory * steps.Denominator) + ((BigInteger)steps.Numerator * units.Steps * memory.Denominator);
        return CeilingDivide(numerator, (BigInteger)memory.Denominator * steps.Denominator);
    }

    /// <summary>Each further stride of bytes costs 6/5 of the one before; one floor over the whole.</summary>
    private static BigInteger ReferenceScriptFeeExact(ProtocolParameters parameters, int bytes)
    {
        var price = parameters.MinFeeRefScriptCostPerByte;
        BigInteger priceNumerator = price.Numerator;
        BigInteger denominator = price.Denominator;
        var sum = BigInteger.Zero;
        for (var left = bytes; left > 0; left -= ReferenceScriptStride)
        {
            sum += priceNumerator * Math.Min(left, ReferenceScriptStride);
            if (left > ReferenceScriptStride)
            {
                priceNumerator *= ReferenceScriptMultiplier.Numerator;
                sum *= ReferenceScriptMultiplier.Denominator;
                denominator *= ReferenceScriptMultiplier.Denominator;
            }
        }

        return sum / denominator;
    }

    private static BigInteger CeilingDivide(BigInteger numerator, BigInteger denominator) => (numerator + denominator - 1) / denominator;

    // Declared units of a hostile transaction can price beyond 64 bits; no wallet can pay that much either way.
    private static Lovelace Saturate(BigInteger amount) => new((long)BigInteger.Min(amount, long.MaxValue));
}
