using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

public sealed partial record EscrowDatum
{
    private const int FieldsOfV1 = 16;
    private const int FieldsOfV2 = 19;

    // The calendar of DateTimeOffset: the years 1 to 9999.
    private const long FirstMillisecond = -62_135_596_800_000;
    private const long LastMillisecond = 253_402_300_799_999;

    /// <summary>The datum as Plutus data.</summary>
    public PlutusData ToData() =>
        Family == EscrowFamily.V2
            ? PlutusData.C(
                0,
                AddressData.Encode(Buyer),
                AddressData.EncodeOptional(BuyerReturn),
                AddressData.Encode(Seller),
                AddressData.EncodeOptional(SellerReturn),
                PlutusData.B(ReferenceKey.Memory),
                PlutusData.B(ReferenceSignature.Memory),
                PlutusData.B(SellerNonce.Memory),
                PlutusData.B(BuyerNonce.Memory),
                PlutusData.B(AgentIdentifier.Memory),
                PlutusData.I(CollateralReturn.Amount),
                PlutusData.B(InputHash.Memory),
                PlutusData.B(ResultHash.Memory),
                Time(Deadlines.PayBy),
                Time(Deadlines.SubmitResult),
                Time(Deadlines.Unlock),
                Time(Deadlines.ExternalDisputeUnlock),
                PlutusData.I(SellerCooldown),
                PlutusData.I(BuyerCooldown),
                PlutusData.C((ulong)State)
            )
            : PlutusData.C(
                0,
                AddressData.Encode(Buyer),
                AddressData.Encode(Seller),
                PlutusData.B(ReferenceKey.Memory),
                PlutusData.B(ReferenceSignature.Memory),
                PlutusData.B(SellerNonce.Memory),
                PlutusData.B(BuyerNonce.Memory),
                PlutusData.I(CollateralReturn.Amount),
                PlutusData.B(InputHash.Memory),
                PlutusData.B(ResultHash.Memory),
                Time(Deadlines.PayBy),
                Time(Deadlines.SubmitResult),
                Time(Deadlines.Unlock),
                Time(Deadlines.ExternalDisputeUnlock),
                PlutusData.I(SellerCooldown),
                PlutusData.I(BuyerCooldown),
                PlutusData.C((ulong)State)
            );

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
        return TryDecode(data, family, escrow, partiesNeedKeys: true, out datum, out refusal);
    }

    /// <summary>Decodes as the contract does, for which a party may be a script that never acts; null when it is no escrow's.</summary>
    internal static EscrowDatum? OfContract(PlutusData data, EscrowFamily family, Address escrow) =>
        TryDecode(data, family, escrow, partiesNeedKeys: false, out var datum, out _) ? datum : null;

    private static bool TryDecode(
        PlutusData data,
        EscrowFamily family,
        Address escrow,
        bool partiesNeedKeys,
        [NotNullWhen(true)] out EscrowDatum? datum,
        [NotNullWhen(false)] out DatumRefusal? refusal
    )
    {
        var required = family == EscrowFamily.V2 ? FieldsOfV2 : FieldsOfV1;
        if (data is not PlutusData.Constr { Tag: 0 } constr || constr.Fields.Length != required)
        {
            datum = null;
            refusal = new DatumRefusal(DatumRule.Shape, "datum", Describe(data), $"constructor 0 with {required} fields");
            return false;
        }

        var fields = new Fields(constr, family, escrow, partiesNeedKeys);
        datum = fields.Read();
        refusal = fields.Refusal;
        if (refusal is not null)
        {
            datum = null;
        }

        return datum is not null;
    }

    private static PlutusData Time(DateTimeOffset time) => PlutusData.I(time.ToUnixTimeMilliseconds());

    private static string Describe(PlutusData data) =>
        data switch
        {
            PlutusData.Constr c => $"constructor {c.Tag} with {c.Fields.Length} fields",
            PlutusData.Map m => $"map of {m.Entries.Length}",
            PlutusData.List l => $"list of {l.Items.Length}",
            PlutusData.Integer i => i.Value.GetBitLength() <= 128 ? $"integer {i.Value}" : $"integer of {i.Value.GetBitLength()} bits",
            PlutusData.Bytes b => $"{b.Value.Length} bytes",
            _ => "nothing",
        };

    /// <summary>Walks the fields in order and keeps the first refusal.</summary>
    private sealed class Fields(PlutusData.Constr constr, EscrowFamily family, Address escrow, bool partiesNeedKeys)
    {
        private int _next;

        public DatumRefusal? Refusal { get; private set; }

        private bool IsV2 => family == EscrowFamily.V2;

        // Initialisers run in the order written, which is the order on chain.
        public EscrowDatum Read() =>
            new()
            {
                Family = family,
                Buyer = PartyAddress("buyer"),
                BuyerReturn = IsV2 ? OptionalAddress("buyer_return_address") : null,
                Seller = PartyAddress("seller"),
                SellerReturn = IsV2 ? OptionalAddress("seller_return_address") : null,
                ReferenceKey = Bytes("reference_key"),
                ReferenceSignature = Bytes("reference_signature"),
                SellerNonce = Bytes("seller_nonce"),
                BuyerNonce = Bytes("buyer_nonce"),
                AgentIdentifier = IsV2 ? Bytes("agent_identifier") : ByteString.Empty,
                CollateralReturn = new Lovelace((long)Number("collateral_return_lovelace", 0, long.MaxValue)),
                InputHash = Bytes("input_hash"),
                ResultHash = Bytes("result_hash"),
                Deadlines = new Deadlines(
                    Instant("pay_by_time"),
                    Instant("submit_result_time"),
                    Instant("unlock_time"),
                    Instant("external_dispute_unlock_time")
                ),
                SellerCooldown = Number("seller_cooldown_time", IsV2 ? 0 : null, null),
                BuyerCooldown = Number("buyer_cooldown_time", IsV2 ? 0 : null, null),
                State = StateOf("state"),
            };

        private Address PartyAddress(string field) => KeyAddress(Next(), field);

        private Address? OptionalAddress(string field)
        {
            switch (Next())
            {
                case PlutusData.Constr { Tag: 1, Fields.Length: 0 }:
                    return null;
                case PlutusData.Constr { Tag: 0, Fields: [var some] }:
                    return KeyAddress(some, field);
                case var other:
                    Refuse(DatumRule.FieldType, field, Describe(other), "an optional address");
                    return null;
            }
        }

        // After a refusal the value is never seen; the escrow's own address stands in.
        private Address KeyAddress(PlutusData data, string field)
        {
            if (AddressData.Decode(data, escrow.Network) is not { } address)
            {
                Refuse(DatumRule.FieldType, field, Describe(data), "a base or enterprise address");
                return escrow;
            }

            if (IsV2 && address == escrow)
            {
                Refuse(DatumRule.PartyIsNotEscrow, field, address.ToString(), "an address other than the escrow's");
            }
            else if (partiesNeedKeys && address.Payment is not { IsKey: true })
            {
                Refuse(DatumRule.KeyAddress, field, address.ToString(), "a payment key credential");
            }

            return address;
        }

        private ByteString Bytes(string field)
        {
            if (Next() is PlutusData.Bytes bytes)
            {
                return new ByteString(bytes.Value.Span);
            }

            Refuse(DatumRule.FieldType, field, Describe(Current), "bytes");
            return ByteString.Empty;
        }

        private BigInteger Number(string field, long? least, long? most)
        {
            if (Next() is not PlutusData.Integer number)
            {
                Refuse(DatumRule.FieldType, field, Describe(Current), "an integer");
                return BigInteger.Zero;
            }

            if (number.Value < least || number.Value > most)
            {
                Refuse(DatumRule.NumberRange, field, Describe(number), most is null ? $"at least {least}" : $"{least} to {most}");
                return BigInteger.Zero;
            }

            return number.Value;
        }

        // The deadlines never change after the lock, so one that is no calendar time can match no agreed terms: nothing is lost by refusing it.
        private DateTimeOffset Instant(string field) =>
            DateTimeOffset.FromUnixTimeMilliseconds((long)Number(field, IsV2 ? 0 : FirstMillisecond, LastMillisecond));

        private EscrowState StateOf(string field)
        {
            if (Next() is PlutusData.Constr { Tag: <= 5, Fields.Length: 0 } state)
            {
                return (EscrowState)state.Tag;
            }

            Refuse(DatumRule.State, field, Describe(Current), "constructor 0 to 5 without fields");
            return default;
        }

        private PlutusData Current => constr.Fields[_next - 1];

        private PlutusData Next() => constr.Fields[_next++];

        private void Refuse(DatumRule rule, string field, string supplied, string required) => Refusal ??= new DatumRefusal(rule, field, supplied, required);
    }
}
