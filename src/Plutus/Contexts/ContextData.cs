using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Plutus.Contexts;

/// <summary>The building blocks of script contexts as Plutus data (spec cardano.md 7.3).</summary>
internal static class ContextData
{
    public static readonly PlutusData Nothing = PlutusData.C(1);

    public static PlutusData Just(PlutusData value) => PlutusData.C(0, value);

    public static PlutusData Maybe(PlutusData? value) => value is null ? Nothing : Just(value);

    public static PlutusData Bytes(Hash28 hash) => PlutusData.B(hash.ToArray());

    public static PlutusData Bytes(Hash32 hash) => PlutusData.B(hash.ToArray());

    public static PlutusData Of(Credential credential) => PlutusData.C(credential.IsKey ? 0u : 1u, Bytes(credential.Hash));

    public static PlutusData Of(Address address)
    {
        var payment = address.Payment ?? throw new ContextRefused("a Byron address (ByronTxOutInContext)");
        var staking =
            address.Stake is { } stake ? Just(PlutusData.C(0, Of(stake)))
            : address.Pointer is { } p ? Just(PlutusData.C(1, PlutusData.I(p.Slot), PlutusData.I(p.TxIndex), PlutusData.I(p.CertIndex)))
            : Nothing;
        return PlutusData.C(0, Of(payment), staking);
    }

    public static PlutusData Of(TxInput input, bool v3) =>
        PlutusData.C(0, v3 ? Bytes(input.TxId.Hash) : PlutusData.C(0, Bytes(input.TxId.Hash)), PlutusData.I(input.Index));

    /// <summary>The value of an output: ADA first, always.</summary>
    public static PlutusData Of(Value value) => Map([Lovelace(value.Coin.Exact), .. Policies(value)]);

    /// <summary>Only ADA, as fees stand in V1 and V2.</summary>
    public static PlutusData AdaOnly(Int128 lovelace) => Map([Lovelace(lovelace)]);

    /// <summary>What is minted: with a zero ADA entry in V1 and V2, without in V3.</summary>
    public static PlutusData Mint(Value mint, bool v3) => Map(v3 ? Policies(mint) : [Lovelace(0), .. Policies(mint)]);

    public static PlutusData TimeRange(TransactionBody body, SlotConfig slots)
    {
        PlutusData Finite(Slot slot, bool closed) => PlutusData.C(0, PlutusData.C(1, PlutusData.I(Time(slot))), PlutusData.C(closed ? 1u : 0u));
        var lower = body.InvalidBefore is { } before ? Finite(before, true) : PlutusData.C(0, PlutusData.C(0), PlutusData.C(1));
        var upper = body.InvalidHereafter is { } hereafter ? Finite(hereafter, false) : PlutusData.C(0, PlutusData.C(2), PlutusData.C(1));
        return PlutusData.C(0, lower, upper);

        // The ledger's rules refuse such bounds before; whoever only evaluates has not asked them.
        long Time(Slot slot)
        {
            try
            {
                return slots.PosixMilliseconds(slot);
            }
            catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
            {
                throw new ContextRefused($"the time of slot {slot} (TimeTranslationPastHorizon)");
            }
        }
    }

    public static PlutusData OutputV2(TxOutput output)
    {
        var datum = output.Datum switch
        {
            TxDatum.ByHash h => PlutusData.C(1, Bytes(h.Hash.Hash)),
            TxDatum.Inline i => PlutusData.C(2, i.Datum.Data),
            _ => PlutusData.C(0),
        };
        return PlutusData.C(0, Of(output.Address), Of(output.Value), datum, Maybe(output.ReferenceScript is { } script ? Bytes(script.Hash.Hash) : null));
    }

    public static PlutusData OutputV1(TxOutput output) =>
        output.Datum is TxDatum.Inline
            ? throw new ContextRefused("an inline datum, which Plutus V1 does not know (InlineDatumsNotSupported)")
            : PlutusData.C(0, Of(output.Address), Of(output.Value), Maybe(output.Datum is TxDatum.ByHash h ? Bytes(h.Hash.Hash) : null));

    public static PlutusData Map(IEnumerable<KeyValuePair<PlutusData, PlutusData>> entries) => new PlutusData.Map([.. entries]);

    public static PlutusData List(IEnumerable<PlutusData> items) => new PlutusData.List([.. items]);

    private static KeyValuePair<PlutusData, PlutusData> Lovelace(Int128 amount)
    {
        var empty = PlutusData.B(ReadOnlyMemory<byte>.Empty);
        return new(empty, Map([new(empty, PlutusData.I(amount))]));
    }

    // The dictionary is in ledger order already: policies, then names, bytewise.
    private static IEnumerable<KeyValuePair<PlutusData, PlutusData>> Policies(Value value) =>
        value
            .Assets.GroupBy(a => a.Key.Policy)
            .Select(g => new KeyValuePair<PlutusData, PlutusData>(
                Bytes(g.Key.Hash),
                Map(g.Select(a => new KeyValuePair<PlutusData, PlutusData>(PlutusData.B(a.Key.Name.Bytes), PlutusData.I(a.Value))))
            ));
}

/// <summary>A context that the ledger cannot build either (BadTranslation, spec cardano.md 7.6).</summary>
internal sealed class ContextRefused(string what) : Exception($"BadTranslation: the script context cannot hold {what}.");
