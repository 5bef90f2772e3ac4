using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

public sealed partial record EscrowDatum
{
    /// <summary>The datum as Plutus data.</summary>
    public PlutusData ToData() => DatumCodec.Of(Family).Encode(this);

    /// <summary>The datum as an output's inline datum.</summary>
    public TxDatum ToInline() => new TxDatum.Inline(Datum.Of(ToData()));

    /// <summary>Reads an output's inline datum.</summary>
    /// <param name="output">The output at the escrow's address.</param>
    /// <param name="family">The escrow's family.</param>
    /// <param name="datum">The datum when true.</param>
    /// <param name="refusal">Why not when false.</param>
    public static bool TryRead(TxOutput output, EscrowFamily family, [NotNullWhen(true)] out EscrowDatum? datum, [NotNullWhen(false)] out DatumRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Datum is TxDatum.Inline inline)
        {
            return TryDecode(inline.Datum.Data, family, output.Address, out datum, out refusal);
        }

        datum = null;
        refusal = new DatumRefusal(DatumRule.Inline, "datum", output.Datum is null ? "none" : "only a hash", "an inline datum");
        return false;
    }

    /// <summary>Decodes as the watcher must: every encoding of the same data, and nothing the two parties could not spend again.</summary>
    /// <param name="data">The data.</param>
    /// <param name="family">The escrow's family.</param>
    /// <param name="escrow">The escrow's address, for the network and the rule that no party is the escrow itself.</param>
    /// <param name="datum">The datum when true.</param>
    /// <param name="refusal">The first rule broken when false.</param>
    public static bool TryDecode(
        PlutusData data,
        EscrowFamily family,
        Address escrow,
        [NotNullWhen(true)] out EscrowDatum? datum,
        [NotNullWhen(false)] out DatumRefusal? refusal
    )
    {
        ArgumentNullException.ThrowIfNull(escrow);
        return DatumCodec.Of(family).TryDecode(data, escrow, partiesNeedKeys: true, out datum, out refusal);
    }

    /// <summary>Decodes as the contract does, for which a party may be a script that never acts; null when it is no escrow's.</summary>
    internal static EscrowDatum? OfContract(PlutusData data, EscrowFamily family, Address escrow) =>
        DatumCodec.Of(family).TryDecode(data, escrow, partiesNeedKeys: false, out var datum, out _) ? datum : null;
}
