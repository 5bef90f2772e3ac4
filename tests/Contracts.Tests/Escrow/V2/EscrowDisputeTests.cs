using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V2;

/// <summary>WithdrawDisputed: admins divide a disputed escrow (spec escrow.md 3.2, 3.3 and 4.3).</summary>
public class EscrowDisputeTests
{
    private const string EnoughSigned = "WithdrawDisputed: enough admins signed";

    private static readonly SigningKey[] Keys = [.. Enumerable.Range(1, 4).Select(i => SigningKey.FromSeed(Enumerable.Repeat((byte)i, 32).ToArray()))];
    internal static readonly KeyHash[] Admins = [Keys[0].KeyHash, Keys[1].KeyHash, Keys[2].KeyHash];
    private static readonly byte[] BareHeaders = Convert.FromHexString("a10127");
    private static readonly PlutusData Vault = Ledger.KeyAddress(0x50, 0x51);

    private static readonly PlutusData BuyerValue = new Amount(2_000_000, (0x77, "tok", 40)).ToAssetValue();
    private static readonly PlutusData SellerValue = new Amount(0, (0x77, "tok", 60)).ToAssetValue();

    private static PlutusData Sign(
        SigningKey key,
        PlutusData? own = null,
        PlutusData? buyer = null,
        PlutusData? seller = null,
        byte[]? headers = null,
        int hashes = 0
    )
    {
        var payload = C(0, own ?? Ledger.Reference(0x11), buyer ?? BuyerValue, seller ?? SellerValue).ToCbor();
        var intent = Blake2b.Hash224(payload);
        for (var i = 0; i < hashes; i++)
        {
            intent = Blake2b.Hash224(intent.ToArray());
        }

        headers ??= BareHeaders;
        var message = new CoseSign1(headers, ReadOnlyMemory<byte>.Empty, intent.ToArray(), ReadOnlyMemory<byte>.Empty).SigStructure();
        return C(0, B(key.PublicKey), B(headers), B(key.Sign(message)));
    }

    private static PlutusData Redeemer(params PlutusData[] signatures) => C(4, BuyerValue, SellerValue, L(signatures));

    private static EscrowScenario Settled(PlutusData redeemer)
    {
        var scenario = (new EscrowScenario { Redeemer = redeemer, Datum = Honest.AtState(3) }).Between(Clock.Dispute, Clock.Dispute + 1);
        return scenario with
        {
            Outputs =
            [
                scenario.Payout(Parties.BuyerAddress, new Amount(2_000_000, (0x77, "tok", 40))),
                scenario.Payout(Parties.SellerAddress, new Amount(1_000_000, (0x77, "tok", 60))),
                EscrowScenario.Change,
            ],
        };
    }

    /// <summary>The admins whose keys sign here; null where a scenario has the known ones.</summary>
    internal static KeyHash[]? AdminsOf(EscrowScenario scenario) => scenario is { Datum.Family: EscrowFamily.V2, Redeemer: Constr { Tag: 4 } } ? Admins : null;

    /// <summary>Signed by enough admins, and beside them by a stranger whose headers and signature are so long.</summary>
    internal static EscrowScenario SettledBeside(int headers, int signature) =>
        Settled(Redeemer(Sign(Keys[0]), Sign(Keys[2]), C(0, B(Keys[3].PublicKey), Ledger.Bytes(0xa1, headers), Ledger.Bytes(1, signature))));

    internal static EscrowScenario Honestly => Settled(Redeemer(Sign(Keys[0]), Sign(Keys[2])));

    private static void Accepts(EscrowScenario scenario, int required = 2, KeyHash[]? admins = null) => Contract.Accepts(scenario, required, admins ?? Admins);

    private static void Rejects(string rule, EscrowScenario scenario, int required = 2, KeyHash[]? admins = null) =>
        Contract.Rejects(rule, scenario, required, admins ?? Admins);

    [Fact]
    public void Enough_admins_divide_a_disputed_escrow_and_nobody_else_signs()
    {
        Accepts(Honestly);
        Accepts(Settled(Redeemer(Sign(Keys[2]), Sign(Keys[1]), Sign(Keys[0]))));
    }

    [Fact]
    public void Too_few_admins_settle_nothing()
    {
        Rejects(EnoughSigned, Settled(Redeemer()));
        Rejects(EnoughSigned, Settled(Redeemer(Sign(Keys[0]))));
        Rejects(EnoughSigned, Honestly, required: 3);
        Accepts(Settled(Redeemer(Sign(Keys[0]))), required: 1);
    }

    [Fact]
    public void A_signature_given_twice_counts_once() => Rejects(EnoughSigned, Settled(Redeemer(Sign(Keys[0]), Sign(Keys[0]))));

    [Fact]
    public void An_admin_listed_twice_counts_twice() => Accepts(Settled(Redeemer(Sign(Keys[0]))), admins: [Admins[0], Admins[1], Admins[0]]);

    [Fact]
    public void A_strangers_signature_does_not_count() => Rejects(EnoughSigned, Settled(Redeemer(Sign(Keys[0]), Sign(Keys[3]))));

    [Fact]
    public void A_signature_over_something_else_does_not_count()
    {
        Rejects(EnoughSigned, With(Sign(Keys[1], own: Ledger.Reference(0x11, 1))));
        Rejects(EnoughSigned, With(Sign(Keys[1], own: Ledger.Reference(0x12))));
        Rejects(EnoughSigned, With(Sign(Keys[1], buyer: SellerValue)));
        Rejects(EnoughSigned, With(Sign(Keys[1], seller: BuyerValue)));
        Rejects(EnoughSigned, With(C(0, B(Keys[1].PublicKey), B(BareHeaders), Ledger.Bytes(0, 64))));

        static EscrowScenario With(PlutusData signature) => Settled(Redeemer(Sign(Keys[0]), signature));
    }

    [Fact]
    public void A_hashed_payload_is_accepted_and_a_doubly_hashed_is_not()
    {
        Accepts(Settled(Redeemer(Sign(Keys[0], hashes: 1), Sign(Keys[1]))));
        Rejects(EnoughSigned, Settled(Redeemer(Sign(Keys[0], hashes: 2), Sign(Keys[1]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(105)]
    [InlineData(255)]
    [InlineData(256)]
    public void Headers_of_any_allowed_length_are_accepted(int length) => Accepts(Settled(Redeemer(Sign(Keys[0], headers: new byte[length]), Sign(Keys[1]))));

    [Fact]
    public void Longer_headers_are_rejected() =>
        Rejects("signature: at most 256 bytes of headers", Settled(Redeemer(Sign(Keys[0], headers: new byte[257]), Sign(Keys[1]))));

    [Fact]
    public void A_malformed_signature_is_rejected()
    {
        var (key, headers, signature) = (B(Keys[2].PublicKey), B(BareHeaders), Ledger.Bytes(0, 64));
        Rejects("signature: constructor 0", With(C(1, key, headers, signature)));
        Rejects("signature: three fields", With(C(0, key, headers, signature, I(0))));
        Rejects("signature: a key has 32 bytes", With(C(0, Ledger.Bytes(1, 31), headers, signature)));
        Rejects("signature: a signature has 64 bytes", With(C(0, key, headers, Ledger.Bytes(1, 63))));

        static EscrowScenario With(PlutusData third) => Settled(Redeemer(Sign(Keys[0]), Sign(Keys[1]), third));
    }

    [Fact]
    public void More_signatures_than_admins_are_rejected() =>
        Rejects("settlement: no more signatures than admins", Settled(Redeemer(Sign(Keys[0]), Sign(Keys[1]), Sign(Keys[2]), Sign(Keys[3]))));

    [Fact]
    public void Senseless_parameters_settle_nothing()
    {
        Contract.RejectsWithParameters("settlement: someone must sign", Honestly, 0, Admins);
        Contract.RejectsWithParameters("settlement: someone must sign", Honestly, -1, Admins);
        Contract.RejectsWithParameters("settlement: the admins suffice", Honestly, 4, Admins);
        Contract.RejectsWithParameters("settlement: the admins suffice", Honestly, 1, []);
    }

    [Fact]
    public void A_settlement_has_three_arguments()
    {
        Rejects("settlement: three arguments", Settled(C(4, BuyerValue, SellerValue, L(Sign(Keys[0]), Sign(Keys[1])), I(0))));
        Rejects("", Settled(C(4, BuyerValue, SellerValue)));
    }

    [Fact]
    public void Settling_waits_for_the_dispute_unlock_time()
    {
        Rejects("WithdrawDisputed: after the dispute unlock time", Honestly.Between(Clock.Dispute - 1, Clock.Dispute + 1));
        Rejects("WithdrawDisputed: after the dispute unlock time", Honestly.Between(null, Clock.Dispute + 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void Only_a_disputed_escrow_is_settled(int state) =>
        Rejects("WithdrawDisputed: disputed", Honestly with { Datum = Honest.AtState(3) with { State = state } });

    [Fact]
    public void Without_a_result_there_is_nothing_to_settle() =>
        Rejects("WithdrawDisputed: there is a result", Honestly with { Datum = Honest.AtState(3) with { Result = B(default) } });

    [Fact]
    public void The_escrow_must_end()
    {
        var scenario = Honestly;
        Rejects(
            "WithdrawDisputed: the escrow ends",
            scenario with
            {
                Outputs = [.. scenario.Outputs, Ledger.Output(Parties.Escrow, new Amount(2_000_000), scenario.DatumData)],
            }
        );
    }

    [Fact]
    public void Each_side_gets_at_least_its_amount_with_the_tag()
    {
        const string buyer = "WithdrawDisputed: the buyer's side gets its amount";
        const string seller = "WithdrawDisputed: the seller's side gets its amount";
        var scenario = Honestly;
        var (toBuyer, toSeller) = (scenario.Outputs[0], scenario.Outputs[1]);
        Rejects(buyer, scenario with { Outputs = [toSeller] });
        Rejects(seller, scenario with { Outputs = [toBuyer] });
        Rejects(buyer, Paid(new Amount(1_999_999, (0x77, "tok", 40))));
        Rejects(buyer, Paid(new Amount(2_000_000, (0x77, "tok", 39))));
        Rejects(buyer, scenario with { Outputs = [Ledger.Output(Parties.BuyerAddress, new Amount(2_000_000, (0x77, "tok", 40))), toSeller] });

        EscrowScenario Paid(Amount amount) => scenario with { Outputs = [scenario.Payout(Parties.BuyerAddress, amount), toSeller] };
    }

    [Fact]
    public void Return_addresses_take_the_place_of_the_parties()
    {
        var scenario = Honestly;
        var buyerReturn = scenario with { Datum = scenario.Datum with { BuyerReturn = Ledger.Some(Vault) } };
        Rejects("WithdrawDisputed: the buyer's side gets its amount", buyerReturn);
        Accepts(buyerReturn with { Outputs = [scenario.Payout(Vault, new Amount(2_000_000, (0x77, "tok", 40))), scenario.Outputs[1]] });
        var sellerReturn = scenario with { Datum = scenario.Datum with { SellerReturn = Ledger.Some(Vault) } };
        Rejects("WithdrawDisputed: the seller's side gets its amount", sellerReturn);
        Accepts(sellerReturn with { Outputs = [scenario.Outputs[0], scenario.Payout(Vault, new Amount(1_000_000, (0x77, "tok", 60)))] });
    }

    public static TheoryData<string, PlutusData> OddAmounts()
    {
        var (name, other) = (Ledger.Hex("61"), Ledger.Hex("62"));
        return new()
        {
            { "zero", M(Of(1, Ledger.Entry(name, I(0)))) },
            { "negative", M(Of(1, Ledger.Entry(name, I(-5)))) },
            { "names twice", M(Of(1, Ledger.Entry(name, I(1)), Ledger.Entry(name, I(1)))) },
            { "names descending", M(Of(1, Ledger.Entry(other, I(1)), Ledger.Entry(name, I(1)))) },
            { "empty policy", M(Of(1)) },
            { "policies twice", M(Of(1, Ledger.Entry(name, I(1))), Of(1, Ledger.Entry(other, I(1)))) },
            { "policies descending", M(Of(2, Ledger.Entry(name, I(1))), Of(1, Ledger.Entry(name, I(1)))) },
            { "a third policy descending", M(Of(1, Ledger.Entry(name, I(1))), Of(2, Ledger.Entry(name, I(1))), Of(1, Ledger.Entry(other, I(1)))) },
            { "a third name descending", M(Of(1, Ledger.Entry(name, I(1)), Ledger.Entry(other, I(1)), Ledger.Entry(name, I(1)))) },
            { "a second name of zero", M(Of(1, Ledger.Entry(name, I(1)), Ledger.Entry(other, I(0)))) },
            { "a second policy empty", M(Of(1, Ledger.Entry(name, I(1))), Of(2)) },
            { "names of a second policy twice", M(Of(1, Ledger.Entry(name, I(1))), Of(2, Ledger.Entry(name, I(1)), Ledger.Entry(name, I(1)))) },
        };

        static KeyValuePair<PlutusData, PlutusData> Of(byte policy, params KeyValuePair<PlutusData, PlutusData>[] names) =>
            Ledger.Entry(Ledger.Bytes(policy), M(names));
    }

    [Theory]
    [MemberData(nameof(OddAmounts))]
    public void An_amount_not_in_canonical_form_is_rejected(string what, PlutusData amount)
    {
        Assert.NotEmpty(what);
        var empty = M();
        Rejects(
            "WithdrawDisputed: the buyer's amount is canonical",
            Settled(C(4, amount, empty, L(Sign(Keys[0], buyer: amount, seller: empty), Sign(Keys[1], buyer: amount, seller: empty))))
        );
        Rejects(
            "WithdrawDisputed: the seller's amount is canonical",
            Settled(C(4, empty, amount, L(Sign(Keys[0], buyer: empty, seller: amount), Sign(Keys[1], buyer: empty, seller: amount))))
        );
    }

    [Theory]
    [MemberData(nameof(OddAmounts))]
    public void An_amount_not_in_canonical_form_is_rejected_even_when_it_is_paid(string what, PlutusData amount)
    {
        Assert.NotEmpty(what);
        var (empty, all) = (M(), new Amount(3_000_000, (1, "a", 9), (1, "b", 9), (2, "a", 9)));
        Rejects("WithdrawDisputed: the buyer's amount is canonical", Paid(amount, empty));
        Rejects("WithdrawDisputed: the seller's amount is canonical", Paid(empty, amount));

        EscrowScenario Paid(PlutusData buyer, PlutusData seller)
        {
            var scenario = Settled(C(4, buyer, seller, L(Sign(Keys[0], buyer: buyer, seller: seller), Sign(Keys[1], buyer: buyer, seller: seller))));
            return scenario with { Outputs = [scenario.Payout(Parties.BuyerAddress, all), scenario.Payout(Parties.SellerAddress, all)] };
        }
    }

    [Fact]
    public void Amounts_of_several_policies_and_names_are_paid()
    {
        var amount = new Amount(2_000_000, (0x01, "a", 1), (0x01, "b", 1), (0x01, "c", 1), (0x77, "tok", 40));
        var signatures = L(Sign(Keys[0], buyer: amount.ToAssetValue()), Sign(Keys[1], buyer: amount.ToAssetValue()));
        var scenario = Settled(C(4, amount.ToAssetValue(), SellerValue, signatures));
        Accepts(scenario with { Outputs = [scenario.Payout(Parties.BuyerAddress, amount), scenario.Outputs[1]] });
    }

    [Fact]
    public void What_is_no_amount_is_not_taken_for_nothing()
    {
        Rejects("", Settled(C(4, I(0), SellerValue, L(Sign(Keys[0], buyer: M()), Sign(Keys[1], buyer: M())))));
        Rejects("", Settled(C(4, BuyerValue, I(0), L(Sign(Keys[0], seller: M()), Sign(Keys[1], seller: M())))));
    }

    /// <summary>The vectors of spec escrow.md 3.3: output 32 x 11 # 0, both amounts empty.</summary>
    [Theory]
    [InlineData(
        "c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f95",
        "a30127045820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f9567616464726573735839005867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6",
        "1eadf611c719a35bdd30fb9e1712cd493d8a7982ffd1dbacb7f05eb778af4768a176fd59bb3fff52c66111e603f0f8b01bbcb6d49896d04f4c589c011d97ec02",
        true
    )]
    [InlineData(
        "e734ea6c2b6257de72355e472aa05a4c487e6b463c029ed306df2f01b5636b58",
        "a10127",
        "35d26314b3d2efd22e7e45d1a1a3baefd7d9988636dab010126663f0099ad296ef7c7a85feed18ba5626993aa6c4abcb47617041481941d7419671575a5eed09",
        true
    )]
    [InlineData(
        "7d59c5623dd40a74aa4d5a32ac645d3b3f95daeae4c22be25476dd6a486f7382",
        "a10127",
        "d7bb6c902225a66f248c051b3c80857fa2983c8df69a53326ac289cd87672014576d5276cc3d30794284ed407ef5d17c54dd2146725cd62151e5b6b8ff307b0b",
        true
    )]
    [InlineData(
        "7d59c5623dd40a74aa4d5a32ac645d3b3f95daeae4c22be25476dd6a486f7382",
        "a10127",
        "9c70279d27fc400399479dd9d2a79d53db4747ec56752d9adb9ef0e17af93bf5abdcd8fd19c9f70dbfce7033763e30c4f0e672ea026442ff9f5acfef5e40d206",
        false
    )]
    public void Signatures_of_the_deployed_contracts_vectors_are_judged_alike(string key, string headers, string signature, bool valid)
    {
        var scenario = Settled(C(4, M(), M(), L(C(0, Ledger.Hex(key), Ledger.Hex(headers), Ledger.Hex(signature)))));
        KeyHash[] admins = [new KeyHash(Blake2b.Hash224(Convert.FromHexString(key)))];
        if (valid)
        {
            Accepts(scenario, 1, admins);
        }
        else
        {
            Rejects(EnoughSigned, scenario, 1, admins);
        }
    }
}
