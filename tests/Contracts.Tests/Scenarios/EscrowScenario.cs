using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Scenarios;

/// <summary>A datum whose parts tests change; numbers and layout of spec escrow.md 2.3 and, without what V1 lacks, 2.4.</summary>
internal sealed record TestDatum
{
    public EscrowFamily Family { get; init; } = EscrowFamily.V2;

    public PlutusData Buyer { get; init; } = Parties.BuyerAddress;

    public PlutusData BuyerReturn { get; init; } = Ledger.None;

    public PlutusData Seller { get; init; } = Parties.SellerAddress;

    public PlutusData SellerReturn { get; init; } = Ledger.None;

    public PlutusData Signature { get; init; } = Ledger.Bytes(0xb5, 217);

    public PlutusData Agent { get; init; } = Ledger.Bytes(0xa6, 60);

    public long Collateral { get; init; } = 1_435_230;

    public PlutusData Result { get; init; } = B(default);

    public long PayBy { get; init; } = Clock.Start;

    public long Submit { get; init; } = Clock.Submit;

    public long Unlock { get; init; } = Clock.Unlock;

    public long Dispute { get; init; } = Clock.Dispute;

    public long SellerCooldown { get; init; }

    public long BuyerCooldown { get; init; }

    public int State { get; init; }

    public PlutusData[] Fields() => Family == EscrowFamily.V1 ? V1Fields() : V2Fields();

    private PlutusData[] V1Fields() =>
        [
            Buyer,
            Seller,
            Ledger.Bytes(0xaa, 42),
            Signature,
            Ledger.Bytes(0xcc, 92),
            Ledger.Bytes(0xdd, 10),
            I(Collateral),
            Ledger.Bytes(0x11, 32),
            Result,
            I(PayBy),
            I(Submit),
            I(Unlock),
            I(Dispute),
            I(SellerCooldown),
            I(BuyerCooldown),
            C((ulong)State),
        ];

    private PlutusData[] V2Fields() =>
        [
            Buyer,
            BuyerReturn,
            Seller,
            SellerReturn,
            Ledger.Bytes(0xaa, 42),
            Signature,
            Ledger.Bytes(0xcc, 32),
            Ledger.Bytes(0xdd, 10),
            Agent,
            I(Collateral),
            Ledger.Bytes(0x11, 32),
            Result,
            I(PayBy),
            I(Submit),
            I(Unlock),
            I(Dispute),
            I(SellerCooldown),
            I(BuyerCooldown),
            C((ulong)State),
        ];

    public PlutusData ToData() => C(0, Fields());
}

/// <summary>When things happen, in milliseconds.</summary>
internal static class Clock
{
    public const long Hour = 3_600_000;
    public const long Cooldown = 420_000;
    public const long Start = 1_767_225_600_000;
    public const long Submit = Start + Hour;
    public const long Unlock = Start + 2 * Hour;
    public const long Dispute = Start + 3 * Hour;
}

/// <summary>Who takes part.</summary>
internal static class Parties
{
    public const byte Buyer = 0x0b;
    public const byte Seller = 0x05;

    public static PlutusData BuyerAddress { get; } = Ledger.KeyAddress(Buyer, 0xb0);

    public static PlutusData SellerAddress { get; } = Ledger.KeyAddress(Seller);

    public static PlutusData Escrow { get; } = Ledger.ScriptAddress(0xe5);

    /// <summary>V1: who gets the fee.</summary>
    public static Address FeeWallet { get; } =
        Address.Create(
            NetworkId.Testnet,
            Credential.Key(new KeyHash(new Hash28(Enumerable.Repeat((byte)0xfe, 28).ToArray()))),
            Credential.Key(new KeyHash(new Hash28(Enumerable.Repeat((byte)0xfd, 28).ToArray())))
        );

    public static PlutusData FeeAddress { get; } = AddressData.Encode(FeeWallet);

    public static PlutusData Result { get; } = Ledger.Bytes(0x22, 32);
}

/// <summary>One spend of an escrow: a transaction whose parts tests spoil.</summary>
internal sealed record EscrowScenario
{
    public PlutusData OwnReference { get; init; } = Ledger.Reference(0x11);

    public TestDatum Datum { get; init; } = new();

    public PlutusData? RawDatum { get; init; }

    public Amount Value { get; init; } = new(5_000_000, (0x77, "tok", 100));

    public PlutusData Redeemer { get; init; } = C(5);

    public PlutusData? Info { get; init; }

    public ImmutableArray<PlutusData> OtherInputs { get; init; } =
    [Ledger.Input(Ledger.Reference(0x99, 1), Ledger.Output(Parties.SellerAddress, new Amount(10_000_000)))];

    public ImmutableArray<PlutusData> Outputs { get; init; } = [];

    public ImmutableArray<PlutusData> Signers { get; init; } = [];

    public long? Lower { get; init; } = Clock.Start;

    public long? Upper { get; init; } = Clock.Start + 300_000;

    public PlutusData DatumData => RawDatum ?? Datum.ToData();

    public PlutusData? RawInput { get; init; }

    public PlutusData OwnInput => RawInput ?? Ledger.Input(OwnReference, Ledger.Output(Parties.Escrow, Value, DatumData));

    public static PlutusData Change { get; } = Ledger.Output(Parties.SellerAddress, new Amount(9_000_000));

    /// <summary>A cooldown just long enough.</summary>
    public long NewCooldown => (Upper ?? 0) + Clock.Cooldown;

    /// <summary>An output tagged with this escrow's reference.</summary>
    public PlutusData Payout(PlutusData address, Amount value) => Ledger.Output(address, value, OwnReference);

    /// <summary>The escrow goes on with this datum (and value); the change output stays.</summary>
    public EscrowScenario Continuing(TestDatum next, Amount? value = null) =>
        this with
        {
            Outputs = [Ledger.Output(Parties.Escrow, value ?? Value, next.ToData()), Change],
        };

    public EscrowScenario SignedBy(params ReadOnlySpan<byte> keys) => this with { Signers = [.. keys.ToArray().Select(k => Ledger.Bytes(k))] };

    public EscrowScenario Between(long? lower, long? upper) => this with { Lower = lower, Upper = upper };

    public PlutusData ToContext() =>
        Ledger.Context(Info ?? C(1, OwnReference, Ledger.Some(DatumData)), Redeemer, [OwnInput, .. OtherInputs], Outputs, Signers, Lower, Upper);
}

/// <summary>Transactions the contract accepts, one per action.</summary>
internal static class Honest
{
    public static TestDatum AtState(int state) => new() { State = state, Result = state is 1 or 3 or 4 ? Parties.Result : B(default) };

    public static EscrowScenario SubmitResult(int state = 0)
    {
        var scenario = new EscrowScenario { Redeemer = C(5), Datum = AtState(state) }.SignedBy(Parties.Seller);
        return scenario.Continuing(SubmitResultNext(scenario));
    }

    public static TestDatum SubmitResultNext(EscrowScenario scenario) =>
        scenario.Datum with
        {
            Result = Ledger.Bytes(0x23, 32),
            SellerCooldown = scenario.NewCooldown,
            BuyerCooldown = 0,
            State = scenario.Datum.State <= 1 ? 1 : 3,
        };

    public static EscrowScenario SetRefundRequested(int state = 0)
    {
        var scenario = new EscrowScenario { Redeemer = C(1), Datum = AtState(state) }.SignedBy(Parties.Buyer);
        return scenario.Continuing(SetRefundRequestedNext(scenario));
    }

    public static TestDatum SetRefundRequestedNext(EscrowScenario scenario) =>
        scenario.Datum with
        {
            SellerCooldown = 0,
            BuyerCooldown = scenario.NewCooldown,
            State = scenario.Datum.Result is Bytes { Value.IsEmpty: true } ? 2 : 3,
        };

    public static EscrowScenario AuthorizeWithdrawal(int state = 3)
    {
        var scenario = new EscrowScenario { Redeemer = C(2), Datum = AtState(state) }.SignedBy(Parties.Buyer);
        return scenario.Continuing(AuthorizeWithdrawalNext(scenario));
    }

    public static TestDatum AuthorizeWithdrawalNext(EscrowScenario scenario) =>
        scenario.Datum with
        {
            SellerCooldown = 0,
            BuyerCooldown = scenario.NewCooldown,
            State = 4,
        };

    public static EscrowScenario AuthorizeRefund(int state = 0)
    {
        var scenario = new EscrowScenario { Redeemer = C(6), Datum = AtState(state) }.SignedBy(Parties.Seller);
        return scenario.Continuing(AuthorizeRefundNext(scenario));
    }

    public static TestDatum AuthorizeRefundNext(EscrowScenario scenario) =>
        scenario.Datum with
        {
            Result = B(default),
            SellerCooldown = scenario.NewCooldown,
            BuyerCooldown = 0,
            State = 5,
        };

    /// <summary>The seller collects; the collateral goes back, tagged.</summary>
    public static EscrowScenario Withdraw(int state = 1)
    {
        var scenario = new EscrowScenario { Redeemer = C(0), Datum = AtState(state) }
            .SignedBy(Parties.Seller)
            .Between(Clock.Unlock, Clock.Unlock + 300_000);
        return scenario with { Outputs = [scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230)), EscrowScenario.Change] };
    }

    /// <summary>The buyer collects the refund.</summary>
    public static EscrowScenario WithdrawRefund(int state = 0) =>
        (new EscrowScenario { Redeemer = C(3), Datum = AtState(state) } with { Outputs = [EscrowScenario.Change] })
            .SignedBy(Parties.Buyer)
            .Between(Clock.Submit, Clock.Submit + 300_000);
}
