using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>Escrows on Preprod's default contracts, and transactions around them.</summary>
internal static class Scenes
{
    public static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    public static readonly SlotConfig Slots = SlotConfig.Preprod;
    public static readonly TransactionId SomeId = TransactionId.Parse(Vectors.Repeat("11", 32));
    public static readonly TxInput At = new(SomeId, 0);
    public static readonly ResultHash ResultHash = ResultHash.Parse(Vectors.DummyResult);

    public static readonly ByteString Result = ByteString.FromHex(Vectors.DummyResult);
    public static readonly AssetId Usdm = AssetId.Parse("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d");

    public static EscrowContract Contract(EscrowFamily family) =>
        (family == EscrowFamily.V2 ? KnownDeployments.PreprodV2 : KnownDeployments.PreprodV1).Contract;

    public static EscrowTransactions Transactions(EscrowFamily family) => new(Contract(family), null, Parameters, Slots);

    /// <summary>The lock of the identifier vectors for a price.</summary>
    public static LockSize Lock(EscrowFamily family, Value price, Address? buyerReturn = null, Address? sellerReturn = null) =>
        LockSizing.Of(Vectors.Terms(family, price) with { SellerReturn = sellerReturn }, Contract(family).Address, Vectors.Buyer, buyerReturn, Parameters);

    /// <summary>An escrow in a state, with a result where the state implies one.</summary>
    public static EscrowDatum Datum(EscrowFamily family, EscrowState state) =>
        Vectors.Terms(family, Value.Of(Lovelace.FromAda(10))).LockDatum(Vectors.Buyer, null, LockSizing.LeastCollateral) with
        {
            State = state,
            ResultHash = HasResult(state) ? Result : ByteString.Empty,
        };

    public static bool HasResult(EscrowState state) => state is EscrowState.ResultSubmitted or EscrowState.Disputed or EscrowState.WithdrawAuthorized;

    public static Utxo Utxo(EscrowDatum datum, Value value, TxInput? at = null) =>
        new(at ?? At, new TxOutput(Contract(datum.Family).Address, value, datum.ToInline()));

    /// <summary>A wallet output.</summary>
    public static Utxo Wallet(Address address, int index = 9) =>
        new(new TxInput(TransactionId.Parse(Vectors.Repeat("ee", 32)), index), new TxOutput(address, Value.Of(Lovelace.FromAda(100))));

    /// <summary>A transaction made of pieces and a wallet output, with fee and without the rest a wallet adds.</summary>
    public static (Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Inputs) Transaction(EscrowPieces pieces, Utxo wallet, params TxOutput[] more)
    {
        var inputs = pieces.ScriptInputs.Select(i => i.Utxo).Append(wallet).ToImmutableArray();
        var sorted = inputs.Select(i => i.Input).Order().ToImmutableArray();
        var body = new TransactionBody
        {
            // Deliberately not in ledger order: pointers must not depend on it.
            Inputs = [.. sorted.Reverse()],
            Outputs = [.. pieces.Outputs, .. more],
            Fee = new Lovelace(200_001),
            InvalidBefore = pieces.Window.InvalidBefore,
            InvalidHereafter = pieces.Window.InvalidHereafter,
            RequiredSigners = pieces.RequiredSigners,
        };
        var witnesses = WitnessSet.Empty with
        {
            Redeemers =
            [
                .. pieces
                    .ScriptInputs.Select(i => new Redeemer(
                        new RedeemerPointer(RedeemerTag.Spend, sorted.IndexOf(i.Utxo.Input)),
                        Cardano.Transactions.Datum.Of(i.Redeemer),
                        new ExUnits(1, 1)
                    ))
                    .OrderBy(r => r.Pointer),
            ],
        };
        return (Cardano.Transactions.Transaction.Create(body, witnesses, pieces.AuxiliaryData), inputs.ToImmutableDictionary(i => i.Input, i => i.Output));
    }

    public static EscrowLeg Leg(LegResult result) =>
        result switch
        {
            LegResult.Ready ready => ready.Leg,
            LegResult.Failed { Reason: LegRefusal.Refused refused } => throw new InvalidOperationException(string.Join("; ", refused.Reasons)),
            LegResult.Failed failed => throw new InvalidOperationException(failed.Reason.ToString()),
            _ => throw new InvalidOperationException(),
        };
}
