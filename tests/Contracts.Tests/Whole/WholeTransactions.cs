using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Tests.Escrow;
using Masumi.OnChain.Language;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Protocol;
using Masumi.Tests;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A transaction with everything it spends, as a node would submit it.</summary>
internal sealed record WholeTransaction(string Name, EscrowContract Contract, Transaction Transaction, ImmutableSortedDictionary<TxInput, TxOutput> Spent);

/// <summary>
/// Complete transactions, balanced and signed, that our contracts accept: every action from every state it is possible from, with and without tokens and
/// return addresses, alone and in batches.
/// </summary>
internal sealed class WholeTransactions
{
    private static readonly WalletKeys Buyer = Keys(1);
    private static readonly WalletKeys Seller = Keys(2);
    private static readonly WalletKeys Anyone = Keys(3);
    private static readonly ImmutableArray<WalletKeys> Admins = [Keys(4), Keys(5), Keys(6)];
    private static readonly Address Vault = AddressOf(Keys(7));
    private static readonly Address FeeWallet = AddressOf(Keys(8));
    private static readonly PlutusEvaluator Evaluator = new();

    /// <summary>Cost models that foreign tools know too: mainnet's of 2025, whose V3 model has 297 entries; null where the shared data is absent.</summary>
    public static readonly ImmutableDictionary<ScriptLanguage, ImmutableArray<long>>? WidelyKnownCostModels = ReadCostModels();

    public static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet with
    {
        CostModels = WidelyKnownCostModels ?? ProtocolParameters.Mainnet.CostModels,
    };

    public static readonly SlotConfig Slots = SlotConfig.Preprod;
    public static readonly Deadlines Deadlines = Vectors.Deadlines;

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

    /// <summary>Parties that mutations put into datums: also scripts, with and without a stake part, for the contract takes them where they need not sign.</summary>
    public static readonly ImmutableArray<Address> Parties =
    [
        .. Addresses,
        Address.Create(NetworkId.Testnet, Credential.Script(RegistryScript.V2.Hash)),
        Address.Create(NetworkId.Testnet, Credential.Script(RegistryScript.V2.Hash), Credential.Key(Buyer.Payment.KeyHash)),
        Address.Create(NetworkId.Testnet, Credential.Key(Seller.Payment.KeyHash), Credential.Script(RegistryScript.V2.Hash)),
    ];

    /// <summary>Keys that mutations make sign.</summary>
    public static readonly ImmutableArray<KeyHash> KeyHashes =
    [
        Buyer.Payment.KeyHash,
        Seller.Payment.KeyHash,
        Anyone.Payment.KeyHash,
        .. Admins.Select(a => a.Payment.KeyHash),
    ];

    private static readonly EscrowContract Template = new()
    {
        Family = EscrowFamily.V2,
        Address = KnownDeployments.PreprodV2.EscrowAddress,
        RequiredAdmins = 2,
        Admins = [.. Admins.Select(a => a.Payment.KeyHash)],
        Cooldown = TimeSpan.FromMinutes(7),
        Rules = EscrowRuleSet.Ours,
    };

    private static readonly ConcurrentDictionary<(EscrowFamily, bool), ImmutableArray<WholeTransaction>> Made = new();

    /// <summary>All of a family, with the contract as it is or compiled without the optimiser.</summary>
    public static ImmutableArray<WholeTransaction> Of(EscrowFamily family, bool optimise = true) =>
        Made.GetOrAdd((family, optimise), _ => [.. new WholeTransactions(family, optimise).All()]);

    private readonly EscrowFamily _family;
    private readonly EscrowContract _contract;
    private readonly Script _script;

    private WholeTransactions(EscrowFamily family, bool optimise)
    {
        _family = family;
        var contract = family == EscrowFamily.V1 ? Template with { Family = family, FeeAddress = FeeWallet, FeePermille = 50 } : Template;
        _script = EscrowScript.Apply(EscrowScript.Program(family, new CompilerOptions(Optimise: optimise)), contract).ToScript(ScriptLanguage.PlutusV3);
        _contract = contract with { Address = EscrowScript.AddressOf(_script, NetworkId.Testnet) };
    }

    private IEnumerable<WholeTransaction> All()
    {
        var family = _family;
        foreach (var (action, states) in Table())
        {
            foreach (var state in states)
            {
                foreach (var withTokens in (bool[])[false, true])
                {
                    foreach (var withReturns in family == EscrowFamily.V2 ? (bool[])[false, true] : [false])
                    {
                        var name = $"{family} {action} from {state}{(withTokens ? " with tokens" : "")}{(withReturns ? " with return addresses" : "")}";
                        yield return Build(name, action, [Escrow(state, 0, withTokens, withReturns)]);
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
                yield return Build($"V2 {action} of three", action, [.. Enumerable.Range(0, 3).Select(i => Escrow(state, i, i == 1, i == 2))]);
            }
        }
    }

    // Spec escrow.md 4.5.
    private IEnumerable<(EscrowAction Action, EscrowState[] States)> Table()
    {
        var isV1 = _family == EscrowFamily.V1;
        EscrowState[] open = [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed];
        yield return (EscrowAction.SubmitResult, open);
        yield return (EscrowAction.SetRefundRequested, [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.Disputed]);
        yield return (EscrowAction.AuthorizeRefund, isV1 ? [EscrowState.Disputed] : open);
        yield return isV1
            ? (EscrowAction.UnSetRefundRequested, [EscrowState.RefundRequested, EscrowState.Disputed])
            : (EscrowAction.AuthorizeWithdrawal, [EscrowState.ResultSubmitted, EscrowState.Disputed]);
        yield return (EscrowAction.Withdraw, isV1 ? [EscrowState.ResultSubmitted] : [EscrowState.ResultSubmitted, EscrowState.WithdrawAuthorized]);
        yield return (
            EscrowAction.WithdrawRefund,
            isV1 ? [EscrowState.FundsLocked, EscrowState.RefundRequested] : [EscrowState.FundsLocked, EscrowState.RefundRequested, EscrowState.RefundAuthorized]
        );
        yield return (EscrowAction.WithdrawDisputed, [EscrowState.Disputed]);
    }

    private Utxo Escrow(EscrowState state, int index, bool withTokens, bool withReturns)
    {
        var datum = Scenes.Datum(_family, state) with
        {
            Buyer = AddressOf(Buyer),
            Seller = AddressOf(Seller),
            BuyerReturn = withReturns ? Vault : null,
            SellerReturn = withReturns ? Vault : null,
            ReferenceSignature = new ByteString([.. Enumerable.Repeat((byte)0xb5, 200), (byte)index]),
        };
        var value = withTokens ? Value.Of(Lovelace.FromAda(12), Scenes.Usdm, 1_000_003) : Value.Of(Lovelace.FromAda(11));
        return new Utxo(new TxInput(Scenes.SomeId, index), new TxOutput(_contract.Address, value, datum.ToInline()));
    }

    private WholeTransaction Build(string name, EscrowAction action, ImmutableArray<Utxo> escrows)
    {
        var transactions = new EscrowTransactions(_contract, _script, Parameters, Slots);
        var pieces = EscrowPieces.Combine([.. escrows.Select(e => Scenes.Leg(Plan(transactions, action, e)))]).Pieces;
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
            _contract,
            built.Transaction,
            built.Transaction.Body.Inputs.Concat(built.Transaction.Body.Collateral).Distinct().ToImmutableSortedDictionary(i => i, i => outputs[i])
        );
    }

    private LegResult Plan(EscrowTransactions transactions, EscrowAction action, Utxo escrow) =>
        action switch
        {
            EscrowAction.SubmitResult => transactions.SubmitResult(escrow, Scenes.ResultHash, Deadlines.PayBy),
            EscrowAction.SetRefundRequested => transactions.RequestRefund(escrow, Deadlines.PayBy),
            EscrowAction.UnSetRefundRequested => transactions.CancelRefundRequest(escrow, Deadlines.PayBy),
            EscrowAction.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, Deadlines.PayBy),
            EscrowAction.AuthorizeRefund => transactions.AuthorizeRefund(escrow, Deadlines.PayBy),
            EscrowAction.Withdraw => transactions.Withdraw(escrow, AddressOf(Seller), Deadlines.Unlock.AddMinutes(10)),
            EscrowAction.WithdrawRefund => transactions.WithdrawRefund(escrow, AddressOf(Buyer), Deadlines.SubmitResult.AddMinutes(10)),
            _ when _family == EscrowFamily.V1 => transactions.SettleDispute(
                escrow,
                [(AddressOf(Buyer), Value.Of(Lovelace.FromAda(2))), (AddressOf(Seller), escrow.Output.Value - Value.Of(Lovelace.FromAda(2)))],
                [.. Admins.Select(a => a.Payment.KeyHash).Take(2)],
                Deadlines.ExternalDisputeUnlock.AddMinutes(10)
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
            Deadlines.ExternalDisputeUnlock.AddMinutes(10)
        );
    }

    private static AdminSignature Sign(WalletKeys admin, byte[] payload)
    {
        byte[] headers = [0xa1, 0x01, 0x27];
        byte[] message = [.. Convert.FromHexString("846a5369676e617475726531"), 0x43, .. headers, 0x40, 0x58, (byte)payload.Length, .. payload];
        return new AdminSignature(new ByteString(admin.Payment.PublicKey.Span), new ByteString(headers), new ByteString(admin.Payment.Sign(message)));
    }

    private static ImmutableDictionary<ScriptLanguage, ImmutableArray<long>>? ReadCostModels()
    {
        if (SharedData.TryFind("protocol-parameters", "cost-models-pv10.json") is not { } file)
        {
            return null;
        }

        var models = JsonNode.Parse(File.ReadAllText(file))!["PV10_epoch544"]!;
        return Enum.GetValues<ScriptLanguage>()
            .Where(l => models[l.ToString()] is not null)
            .ToImmutableDictionary(l => l, l => models[l.ToString()]!.AsArray().Select(v => (long)v!).ToImmutableArray());
    }

    private static Address AddressOf(WalletKeys keys) => keys.BaseAddress(NetworkId.Testnet);

    private static WalletKeys Keys(byte seed) => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat(seed, 16).ToArray()));
}
