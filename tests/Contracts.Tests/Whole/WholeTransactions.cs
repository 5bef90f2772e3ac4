using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A transaction with everything it spends, as a node would submit it.</summary>
internal sealed record WholeTransaction(string Name, EscrowContract Contract, Transaction Transaction, ImmutableSortedDictionary<TxInput, TxOutput> Spent);

/// <summary>
/// Complete transactions, balanced and signed, that our contracts accept: every action from every state it is possible from, with and without tokens and
/// return addresses, alone and in batches.
/// </summary>
internal static class WholeTransactions
{
    private static readonly WalletKeys Buyer = Keys(1);
    private static readonly WalletKeys Seller = Keys(2);
    private static readonly WalletKeys Anyone = Keys(3);
    private static readonly ImmutableArray<WalletKeys> Admins = [Keys(4), Keys(5), Keys(6)];
    private static readonly Address Vault = AddressOf(Keys(7));
    private static readonly Address FeeWallet = AddressOf(Keys(8));
    private static readonly PlutusEvaluator Evaluator = new();

    public static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    public static readonly SlotConfig Slots = SlotConfig.Preprod;
    public static readonly EscrowTimes Times = Vectors.Times;

    /// <summary>Addresses that mutations put in place of others.</summary>
    public static readonly ImmutableArray<Address> Addresses =
    [
        AddressOf(Buyer),
        AddressOf(Seller),
        AddressOf(Anyone),
        Vault,
        FeeWallet,
        Address.Create(NetworkId.Testnet, Credential.Key(Buyer.Payment.KeyHash)),
        Address.Create(NetworkId.Testnet, Credential.Key(Seller.Payment.KeyHash), Credential.Key(Buyer.Payment.KeyHash)),
    ];

    /// <summary>Keys that mutations make sign.</summary>
    public static readonly ImmutableArray<Hash28> KeyHashes =
    [
        Buyer.Payment.KeyHash,
        Seller.Payment.KeyHash,
        Anyone.Payment.KeyHash,
        .. Admins.Select(a => a.Payment.KeyHash),
    ];

    /// <summary>Our contract of a family with these parties' admins.</summary>
    public static EscrowContract Contract(EscrowFamily family) => family == EscrowFamily.V1 ? ContractV1 : ContractV2;

    /// <summary>The contract's script.</summary>
    public static Script ScriptOf(EscrowFamily family) => family == EscrowFamily.V1 ? ScriptV1 : ScriptV2;

    private static readonly EscrowContract Template = new()
    {
        Family = EscrowFamily.V2,
        Address = KnownDeployments.PreprodV2.EscrowAddress,
        RequiredAdmins = 2,
        Admins = [.. Admins.Select(a => a.Payment.KeyHash)],
        Cooldown = TimeSpan.FromMinutes(7),
    };

    private static readonly EscrowContract TemplateV1 = Template with { Family = EscrowFamily.V1, FeeAddress = FeeWallet, FeePermille = 50 };
    private static readonly Script ScriptV1 = EscrowScript.Of(TemplateV1);
    private static readonly Script ScriptV2 = EscrowScript.Of(Template);
    private static readonly EscrowContract ContractV1 = TemplateV1 with { Address = EscrowScript.AddressOf(ScriptV1, NetworkId.Testnet) };
    private static readonly EscrowContract ContractV2 = Template with { Address = EscrowScript.AddressOf(ScriptV2, NetworkId.Testnet) };
    private static readonly Lazy<ImmutableArray<WholeTransaction>> OfV1 = new(() => [.. All(EscrowFamily.V1)]);
    private static readonly Lazy<ImmutableArray<WholeTransaction>> OfV2 = new(() => [.. All(EscrowFamily.V2)]);

    /// <summary>All of a family.</summary>
    public static ImmutableArray<WholeTransaction> Of(EscrowFamily family) => family == EscrowFamily.V1 ? OfV1.Value : OfV2.Value;

    private static IEnumerable<WholeTransaction> All(EscrowFamily family)
    {
        foreach (var (action, states) in Table(family))
        {
            foreach (var state in states)
            {
                foreach (var withTokens in (bool[])[false, true])
                {
                    foreach (var withReturns in family == EscrowFamily.V2 ? (bool[])[false, true] : [false])
                    {
                        var name = $"{family} {action} from {state}{(withTokens ? " with tokens" : "")}{(withReturns ? " with return addresses" : "")}";
                        yield return Build(name, family, action, [Escrow(family, state, 0, withTokens, withReturns)]);
                    }
                }
            }
        }

        if (family == EscrowFamily.V2)
        {
            foreach (
                var (action, state) in ((EscrowAction, EscrowState)[])
                    [
                        (EscrowAction.SubmitResult, EscrowState.FundsLocked),
                        (EscrowAction.Withdraw, EscrowState.ResultSubmitted),
                        (EscrowAction.WithdrawRefund, EscrowState.RefundRequested),
                    ]
            )
            {
                yield return Build($"V2 {action} of three", family, action, [.. Enumerable.Range(0, 3).Select(i => Escrow(family, state, i, i == 1, i == 2))]);
            }
        }
    }

    // Spec escrow.md 4.5.
    private static IEnumerable<(EscrowAction Action, EscrowState[] States)> Table(EscrowFamily family)
    {
        var isV1 = family == EscrowFamily.V1;
        EscrowState[] open = [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed];
        yield return (EscrowAction.SubmitResult, open);
        yield return (EscrowAction.SetRefundRequested, [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.Disputed]);
        yield return (EscrowAction.AuthorizeRefund, isV1 ? [EscrowState.Disputed] : open);
        yield return isV1
            ? (EscrowAction.UnSetRefundRequested, [EscrowState.RefundRequested, EscrowState.Disputed])
            : (EscrowAction.AuthorizeWithdrawal, [EscrowState.Disputed]);
        yield return (EscrowAction.Withdraw, isV1 ? [EscrowState.ResultSubmitted] : [EscrowState.ResultSubmitted, EscrowState.WithdrawAuthorized]);
        yield return (
            EscrowAction.WithdrawRefund,
            isV1 ? [EscrowState.FundsLocked, EscrowState.RefundRequested] : [EscrowState.FundsLocked, EscrowState.RefundRequested, EscrowState.RefundAuthorized]
        );
        yield return (EscrowAction.WithdrawDisputed, [EscrowState.Disputed]);
    }

    private static Utxo Escrow(EscrowFamily family, EscrowState state, int index, bool withTokens, bool withReturns)
    {
        var datum = Scenes.Datum(family, state) with
        {
            Buyer = AddressOf(Buyer),
            Seller = AddressOf(Seller),
            BuyerReturn = withReturns ? Vault : null,
            SellerReturn = withReturns ? Vault : null,
            ReferenceSignature = new ByteString([.. Enumerable.Repeat((byte)0xb5, 200), (byte)index]),
        };
        var value = withTokens ? Value.Of(Lovelace.FromAda(12), Scenes.Usdm, 1_000_003) : Value.Of(Lovelace.FromAda(11));
        return new Utxo(new TxInput(Scenes.SomeId, index), new TxOutput(Contract(family).Address, value, datum.ToInline()));
    }

    private static WholeTransaction Build(string name, EscrowFamily family, EscrowAction action, ImmutableArray<Utxo> escrows)
    {
        var contract = Contract(family);
        var transactions = new EscrowTransactions(contract, ScriptOf(family), Parameters, Slots);
        var pieces = EscrowPieces.Combine([.. escrows.Select(e => Scenes.Leg(Plan(transactions, action, e, family)))]).Pieces;
        var wallet = action.Actor() switch
        {
            EscrowParty.Buyer => Buyer,
            EscrowParty.Seller => Seller,
            _ => Anyone,
        };
        var plan = pieces.AddTo(
            new TransactionPlan
            {
                ChangeAddress = AddressOf(wallet),
                Available = [.. Enumerable.Range(0, 3).Select(i => Scenes.Wallet(AddressOf(wallet), i))],
                Signers = action == EscrowAction.WithdrawDisputed ? [wallet.Payment, .. Admins.Select(a => a.Payment).Take(2)] : [wallet.Payment],
            }
        );
        var built =
            TransactionBuilder.Build(plan, Parameters, Slots, Evaluator) as BuildResult.Built
            ?? throw new InvalidOperationException($"{name} cannot be built.");
        var outputs = plan.Available.Concat(plan.ScriptInputs.Select(i => i.Utxo)).ToDictionary(u => u.Input, u => u.Output);
        return new WholeTransaction(
            name,
            contract,
            built.Transaction,
            built.Transaction.Body.Inputs.Concat(built.Transaction.Body.Collateral).Distinct().ToImmutableSortedDictionary(i => i, i => outputs[i])
        );
    }

    private static LegResult Plan(EscrowTransactions transactions, EscrowAction action, Utxo escrow, EscrowFamily family) =>
        action switch
        {
            EscrowAction.SubmitResult => transactions.SubmitResult(escrow, Scenes.Result, Times.PayBy),
            EscrowAction.SetRefundRequested => transactions.RequestRefund(escrow, Times.PayBy),
            EscrowAction.UnSetRefundRequested => transactions.CancelRefundRequest(escrow, Times.PayBy),
            EscrowAction.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, Times.PayBy),
            EscrowAction.AuthorizeRefund => transactions.AuthorizeRefund(escrow, Times.PayBy),
            EscrowAction.Withdraw => transactions.Withdraw(escrow, AddressOf(Seller), Times.Unlock.AddMinutes(10)),
            EscrowAction.WithdrawRefund => transactions.WithdrawRefund(escrow, AddressOf(Buyer), Times.SubmitResultBy.AddMinutes(10)),
            _ when family == EscrowFamily.V1 => transactions.SettleDispute(
                escrow,
                [(AddressOf(Buyer), Value.Of(Lovelace.FromAda(2))), (AddressOf(Seller), escrow.Output.Value - Value.Of(Lovelace.FromAda(2)))],
                [.. Admins.Select(a => a.Payment.KeyHash).Take(2)],
                Times.ExternalDisputeUnlock.AddMinutes(10)
            ),
            _ => Settle(transactions, escrow),
        };

    // One admin signs as raw keys do, one in the hashed mode of hardware wallets.
    private static LegResult Settle(EscrowTransactions transactions, Utxo escrow)
    {
        var settlement = new DisputeSettlement(escrow.Input, Value.Of(Lovelace.FromAda(2)), escrow.Output.Value - Value.Of(Lovelace.FromAda(2)));
        var intent = settlement.Intent();
        return transactions.SettleDispute(
            escrow,
            settlement,
            [Sign(Admins[0], intent.ToArray()), Sign(Admins[2], Blake2b.Hash224(intent.ToArray()).ToArray())],
            Times.ExternalDisputeUnlock.AddMinutes(10)
        );
    }

    private static AdminSignature Sign(WalletKeys admin, byte[] payload)
    {
        byte[] headers = [0xa1, 0x01, 0x27];
        byte[] message = [.. Convert.FromHexString("846a5369676e617475726531"), 0x43, .. headers, 0x40, 0x58, (byte)payload.Length, .. payload];
        return new AdminSignature(new ByteString(admin.Payment.PublicKey.Span), new ByteString(headers), new ByteString(admin.Payment.Sign(message)));
    }

    private static Address AddressOf(WalletKeys keys) => keys.BaseAddress(NetworkId.Testnet);

    private static WalletKeys Keys(byte seed) => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat(seed, 16).ToArray()));
}
