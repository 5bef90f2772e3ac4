using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class EscrowDatumTests
{
    private static Address Escrow(EscrowFamily family) => Address.Parse(family == EscrowFamily.V2 ? Vectors.V2Escrow : Vectors.V1Escrow);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void The_worked_example_encodes_to_the_bytes_of_the_vectors_and_back(EscrowFamily family)
    {
        var hex = family == EscrowFamily.V2 ? Vectors.SyntheticV2 : Vectors.SyntheticV1;
        var datum = Vectors.Synthetic(family);
        Assert.Equal(hex, Convert.ToHexStringLower(datum.ToData().ToCbor()));
        Assert.True(EscrowDatum.TryDecode(PlutusData.FromCbor(Convert.FromHexString(hex)), family, Escrow(family), out var decoded, out _));
        Assert.Equal(datum, decoded);
    }

    [Fact]
    public void The_lock_datum_of_the_identifier_vector_has_its_625_bytes()
    {
        var datum = Vectors.Terms(EscrowFamily.V2, Value.Of(Lovelace.FromAda(10))).LockDatum(Vectors.Buyer, null, Lovelace.Zero);
        Assert.Equal(Vectors.RealisticV2, Convert.ToHexStringLower(datum.ToData().ToCbor()));
        Assert.Equal(625, datum.ToData().ToCbor().Length);
    }

    [Fact]
    public void Addresses_and_output_references_encode_as_the_vectors_say()
    {
        Assert.Equal(Vectors.BaseAddressData, Convert.ToHexStringLower(AddressData.Encode(Vectors.Buyer).ToCbor()));
        Assert.Equal(Vectors.EnterpriseAddressData, Convert.ToHexStringLower(AddressData.Encode(Address.Parse(Vectors.AbandonEnterprise)).ToCbor()));
        var id = TransactionId.Parse(Vectors.Repeat("11", 32));
        Assert.Equal($"d8799f5820{id}00ff", Convert.ToHexStringLower(OutputReferenceData.Encode(new TxInput(id, 0)).ToCbor()));
        Assert.Equal($"d8799f5820{id}1818ff", Convert.ToHexStringLower(OutputReferenceData.Encode(new TxInput(id, 24)).ToCbor()));
        Assert.Equal(new TxInput(id, 24), OutputReferenceData.Decode(OutputReferenceData.Encode(new TxInput(id, 24))));
    }

    [Fact]
    public void States_and_redeemers_have_the_constructors_of_the_contract()
    {
        Assert.Equal("d87980 d87a80 d87b80 d87c80 d87d80 d87e80", string.Join(' ', Enum.GetValues<EscrowState>().Select(s => Hex(PlutusData.C((ulong)s)))));
        Assert.Equal("d87980", Hex(EscrowRedeemer.Of(EscrowAction.Withdraw, EscrowFamily.V2)));
        Assert.Equal("d87a80", Hex(EscrowRedeemer.Of(EscrowAction.SetRefundRequested, EscrowFamily.V2)));
        Assert.Equal("d87b80", Hex(EscrowRedeemer.Of(EscrowAction.AuthorizeWithdrawal, EscrowFamily.V2)));
        Assert.Equal("d87b80", Hex(EscrowRedeemer.Of(EscrowAction.UnSetRefundRequested, EscrowFamily.V1)));
        Assert.Equal("d87c80", Hex(EscrowRedeemer.Of(EscrowAction.WithdrawRefund, EscrowFamily.V2)));
        Assert.Equal("d87d80", Hex(EscrowRedeemer.Of(EscrowAction.WithdrawDisputed, EscrowFamily.V1)));
        Assert.Equal("d87e80", Hex(EscrowRedeemer.Of(EscrowAction.SubmitResult, EscrowFamily.V2)));
        Assert.Equal("d87f80", Hex(EscrowRedeemer.Of(EscrowAction.AuthorizeRefund, EscrowFamily.V2)));
    }

    [Fact]
    public void Constructor_2_means_the_opposite_in_the_other_family_and_is_never_mixed_up()
    {
        Assert.Equal(EscrowAction.UnSetRefundRequested, EscrowRedeemer.Read(PlutusData.C(2), EscrowFamily.V1));
        Assert.Equal(EscrowAction.AuthorizeWithdrawal, EscrowRedeemer.Read(PlutusData.C(2), EscrowFamily.V2));
        Assert.Throws<ArgumentException>(() => EscrowRedeemer.Of(EscrowAction.UnSetRefundRequested, EscrowFamily.V2));
        Assert.Throws<ArgumentException>(() => EscrowRedeemer.Of(EscrowAction.AuthorizeWithdrawal, EscrowFamily.V1));
        Assert.Null(EscrowRedeemer.Read(PlutusData.C(7), EscrowFamily.V2));
        Assert.Null(EscrowRedeemer.Read(PlutusData.I(0), EscrowFamily.V2));
    }

    public static TheoryData<int, PlutusData, DatumRule> BrokenFields =>
        new()
        {
            { 0, AddressData.Encode(Address.Parse(Vectors.V2Escrow)), DatumRule.PartyIsNotEscrow },
            { 2, AddressData.Encode(Address.Parse(Vectors.V1Escrow)), DatumRule.KeyAddress },
            { 3, AddressData.EncodeOptional(Address.Parse(Vectors.V2Escrow)), DatumRule.PartyIsNotEscrow },
            { 1, PlutusData.C(2), DatumRule.FieldType },
            { 1, PlutusData.C(0), DatumRule.FieldType },
            { 4, PlutusData.I(1), DatumRule.FieldType },
            { 9, PlutusData.I(-1), DatumRule.NumberRange },
            { 9, PlutusData.I(BigInteger.Pow(2, 63)), DatumRule.NumberRange },
            { 9, PlutusData.B(new byte[1]), DatumRule.FieldType },
            { 12, PlutusData.I(-1), DatumRule.NumberRange },
            { 15, PlutusData.I(BigInteger.Pow(2, 200)), DatumRule.NumberRange },
            { 16, PlutusData.I(-1), DatumRule.NumberRange },
            { 18, PlutusData.C(6), DatumRule.State },
            { 18, PlutusData.C(0, PlutusData.I(0)), DatumRule.State },
        };

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void A_broken_field_is_refused_with_its_rule(int index, PlutusData field, DatumRule rule)
    {
        var data = (PlutusData.Constr)Vectors.Synthetic(EscrowFamily.V2).ToData();
        var broken = new PlutusData.Constr(0, data.Fields.SetItem(index, field));
        Assert.False(EscrowDatum.TryDecode(broken, EscrowFamily.V2, Escrow(EscrowFamily.V2), out var datum, out var refusal));
        Assert.Null(datum);
        Assert.Equal(rule, refusal.Rule);
    }

    [Fact]
    public void A_datum_of_the_other_family_or_with_another_shape_is_refused()
    {
        Assert.False(EscrowDatum.TryDecode(Vectors.Synthetic(EscrowFamily.V1).ToData(), EscrowFamily.V2, Escrow(EscrowFamily.V2), out _, out var refusal));
        Assert.Equal(new DatumRefusal(DatumRule.Shape, "datum", "constructor 0 with 16 fields", "constructor 0 with 19 fields"), refusal);
        Assert.False(EscrowDatum.TryDecode(PlutusData.I(3), EscrowFamily.V2, Escrow(EscrowFamily.V2), out _, out _));
    }

    [Fact]
    public void A_cooldown_too_large_for_a_clock_still_decodes_because_the_contract_lets_a_party_write_it()
    {
        var datum = Vectors.Synthetic(EscrowFamily.V2) with { BuyerCooldown = BigInteger.Pow(2, 100), State = EscrowState.RefundRequested };
        Assert.True(EscrowDatum.TryDecode(datum.ToData(), EscrowFamily.V2, Escrow(EscrowFamily.V2), out var decoded, out _));
        Assert.Equal(datum, decoded);
        Assert.Equal(DateTimeOffset.MaxValue, decoded.BuyerCooldownTime);
    }

    [Fact]
    public void V1_allows_negative_cooldowns_as_the_reference_does()
    {
        var datum = Vectors.Synthetic(EscrowFamily.V1) with { SellerCooldown = -5 };
        Assert.True(EscrowDatum.TryDecode(datum.ToData(), EscrowFamily.V1, Escrow(EscrowFamily.V1), out var decoded, out _));
        Assert.Equal(datum, decoded);
    }

    [Fact]
    public void Random_datums_survive_the_round_trip_through_cbor()
    {
        const int seed = 1313;
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var datum = Random(random, i % 2 == 0 ? EscrowFamily.V2 : EscrowFamily.V1);
            var cbor = datum.ToData().ToCbor();
            var read = EscrowDatum.TryDecode(PlutusData.FromCbor(cbor), datum.Family, Escrow(datum.Family), out var back, out var refusal);
            Assert.True(read, $"seed {seed}, round {i}: {refusal}");
            Assert.Equal(datum, back);
        }
    }

    private static EscrowDatum Random(Random random, EscrowFamily family)
    {
        var v2 = family == EscrowFamily.V2;
        return new EscrowDatum
        {
            Family = family,
            Buyer = Party(),
            BuyerReturn = v2 && random.Next(2) == 0 ? Party() : null,
            Seller = Party(),
            SellerReturn = v2 && random.Next(2) == 0 ? Party() : null,
            ReferenceKey = Bytes(random.Next(0, 80)),
            ReferenceSignature = Bytes(random.Next(0, 300)),
            SellerNonce = Bytes(random.Next(0, 130)),
            BuyerNonce = Bytes(random.Next(0, 14)),
            AgentIdentifier = v2 ? Bytes(random.Next(0, 61)) : ByteString.Empty,
            CollateralReturn = new Lovelace(random.NextInt64(long.MaxValue)),
            InputHash = Bytes(random.Next(0, 33)),
            ResultHash = Bytes(random.Next(0, 200)),
            Deadlines = new Deadlines(Time(), Time(), Time(), Time()),
            SellerCooldown = random.NextInt64(long.MaxValue),
            BuyerCooldown = new BigInteger(random.NextInt64(long.MaxValue)) * random.NextInt64(long.MaxValue),
            State = (EscrowState)random.Next(6),
        };

        DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(253_402_300_800_000));
        ByteString Bytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return new ByteString(bytes);
        }

        Address Party()
        {
            var payment = Credential.Key(new KeyHash(new Hash28(Bytes(28).Span)));
            return Address.Create(
                NetworkId.Testnet,
                payment,
                random.Next(3) switch
                {
                    0 => null,
                    1 => Credential.Key(new KeyHash(new Hash28(Bytes(28).Span))),
                    _ => Credential.Script(new ScriptHash(new Hash28(Bytes(28).Span))),
                }
            );
        }
    }

    private static string Hex(PlutusData data) => Convert.ToHexStringLower(data.ToCbor());
}
