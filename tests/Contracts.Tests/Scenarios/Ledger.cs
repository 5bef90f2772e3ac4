using System.Numerics;
using Masumi.Cardano.Scripts;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Scenarios;

/// <summary>Plutus V3 contexts as data, in the ledger's layout (spec cardano.md 7).</summary>
internal static class Ledger
{
    public static PlutusData None { get; } = C(1);

    public static PlutusData Some(PlutusData value) => C(0, value);

    public static PlutusData Bytes(byte filler, int length = 28) => B(Enumerable.Repeat(filler, length).ToArray());

    public static PlutusData Hex(string hex) => B(Convert.FromHexString(hex));

    /// <summary>An address of a key, with a stake key when given.</summary>
    public static PlutusData KeyAddress(byte key, byte? stake = null) => C(0, C(0, Bytes(key)), stake is { } s ? Some(C(0, C(0, Bytes(s)))) : None);

    public static PlutusData ScriptAddress(byte hash) => C(0, C(1, Bytes(hash)), None);

    public static PlutusData Reference(byte transaction, int index = 0) => C(0, Bytes(transaction, 32), I(index));

    public static PlutusData Output(PlutusData address, Amount value, PlutusData? inlineDatum = null, bool referenceScript = false) =>
        C(0, address, value.ToData(), inlineDatum is null ? C(0) : C(2, inlineDatum), referenceScript ? Some(Bytes(0x5c)) : None);

    public static PlutusData Input(PlutusData reference, PlutusData output) => C(0, reference, output);

    public static PlutusData Context(
        PlutusData info,
        PlutusData redeemer,
        IEnumerable<PlutusData> inputs,
        IEnumerable<PlutusData> outputs,
        IEnumerable<PlutusData>? signers = null,
        long? lower = null,
        long? upper = null,
        PlutusData? mint = null
    )
    {
        var range = C(0, lower is { } from ? C(0, C(1, I(from)), C(1)) : C(0, C(0), C(1)), upper is { } to ? C(0, C(1, I(to)), C(0)) : C(0, C(2), C(1)));
        var transaction = C(
            0,
            L([.. inputs]),
            L(),
            L([.. outputs]),
            I(200_000),
            mint ?? M(),
            L(),
            M(),
            range,
            L([.. signers ?? []]),
            M(),
            M(),
            Bytes(0xee, 32),
            M(),
            L(),
            None,
            None
        );
        return C(0, transaction, redeemer, info);
    }

    public static KeyValuePair<PlutusData, PlutusData> Entry(PlutusData key, PlutusData value) => new(key, value);
}

/// <summary>An amount: lovelace and tokens given as (policy byte, name, quantity), which must ascend.</summary>
internal sealed class Amount(BigInteger lovelace, params (byte Policy, string Name, long Quantity)[] tokens)
{
    public PlutusData ToData() => M([Ledger.Entry(B(default), M(Ledger.Entry(B(default), I(lovelace)))), .. TokenEntries]);

    /// <summary>As in redeemers: no ADA entry when there is none.</summary>
    public PlutusData ToAssetValue() => lovelace.IsZero ? M([.. TokenEntries]) : ToData();

    private IEnumerable<KeyValuePair<PlutusData, PlutusData>> TokenEntries =>
        tokens
            .GroupBy(t => t.Policy)
            .Select(p => Ledger.Entry(Ledger.Bytes(p.Key), M([.. p.Select(t => Ledger.Entry(B(System.Text.Encoding.ASCII.GetBytes(t.Name)), I(t.Quantity)))])));
}
