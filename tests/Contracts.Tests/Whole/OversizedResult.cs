extern alias rules;

using System.Collections.Immutable;
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
using Masumi.Contracts.Tests.Escrow;
using Masumi.Plutus;
using Masumi.Protocol;
using rules::Masumi.Ledger;
using rules::Masumi.Ledger.State;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>What a wallet has to pay with.</summary>
internal enum Purse
{
    /// <summary>One coin of 100 ADA.</summary>
    OneCoin,

    /// <summary>Made by a payment to itself: a coin that the fee eats up, and one for collateral.</summary>
    Prepared,

    /// <summary>One coin with as many tokens as the ledger lets a value have.</summary>
    Heavy,

    /// <summary>A coin that carries the script itself, whose ADA goes into the escrow, and one for collateral.</summary>
    OwnScript,
}

/// <summary>How an action on an escrow is put into a transaction.</summary>
/// <param name="Action">The action.</param>
/// <param name="Purse">What pays for it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="WithMessage">The usual form has a message.</param>
/// <param name="IsReferenced">A reference input carries the script.</param>
internal sealed record Try(
    EscrowAction Action,
    Purse Purse = Purse.OneCoin,
    TransactionForm Form = TransactionForm.Usual,
    bool WithMessage = true,
    bool IsReferenced = true
);

/// <summary>
/// An escrow under the deployed rules whose seller has submitted a "result" of any length, and the complete signed transactions of its parties. Without the
/// deployed script our own stands in: spending an escrow, it asks nothing of the result there is.
/// </summary>
internal sealed class OversizedResult
{
    public static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    public static readonly SlotConfig Slots = SlotConfig.Preprod;
    private static readonly PlutusEvaluator Evaluator = new();
    private static readonly Deadlines Deadlines = Vectors.Deadlines;
    private static readonly WalletKeys Buyer = Keys(1);
    private static readonly WalletKeys Seller = Keys(2);
    private static readonly ImmutableArray<WalletKeys> Admins = [Keys(4), Keys(5), Keys(6)];
    private readonly EscrowContract _contract;
    private readonly Script _script;
    private readonly bool _isAtBounds;

    public OversizedResult(EscrowFamily family, bool isDeployed, bool isAtBounds = false)
    {
        _isAtBounds = isAtBounds;
        var contract = Scenes.Contract(family) with { Admins = [.. Admins.Select(a => a.Payment.KeyHash)], Rules = EscrowRuleSet.Deployed };
        _script = isDeployed
            ? ScriptFile.Read(File.ReadAllBytes(DeployedFile(family)!), ContractKind.Escrow).Resolve(family, contract.Parameters(), null)
            : EscrowScript.Of(contract);
        _contract = contract with { Address = EscrowScript.AddressOf(_script, NetworkId.Testnet) };
    }

    public static string Variable(EscrowFamily family) => $"MASUMI_DEPLOYED_ESCROW_{family}".ToUpperInvariant();

    public static string? DeployedFile(EscrowFamily family) => Environment.GetEnvironmentVariable(Variable(family)) is { Length: > 0 } file ? file : null;

    /// <summary>The largest result after which the transaction is still built, signed and accepted by the ledger; one byte more is too large.</summary>
    public int Largest(Try attempt)
    {
        var (fits, tooLarge) = (0, 20_000);
        if (!Fits(attempt, 1))
        {
            return 0;
        }

        while (tooLarge - fits > 1)
        {
            var middle = (fits + tooLarge) / 2;
            (fits, tooLarge) = Fits(attempt, middle) ? (middle, tooLarge) : (fits, middle);
        }

        return fits;
    }

    /// <summary>True when the ledger accepts the transaction, false when it is too large; anything else throws.</summary>
    public bool Fits(Try attempt, int resultBytes)
    {
        switch (Build(attempt, Escrow(attempt.Action, resultBytes)))
        {
            case BuildResult.Built built:
                Judge(attempt, built.Transaction, Escrow(attempt.Action, resultBytes));
                return true;
            case BuildResult.Failed { Reason: BuildFailure.TooLarge }:
                return false;
            case var failed:
                throw new InvalidOperationException($"{attempt} with {resultBytes} bytes: {failed}");
        }
    }

    /// <summary>The escrow that the action is for, as a seller may have left it.</summary>
    public Utxo Escrow(EscrowAction action, int resultBytes)
    {
        var isLocked = action == EscrowAction.SubmitResult;
        var state = action switch
        {
            EscrowAction.SubmitResult => EscrowState.FundsLocked,
            EscrowAction.SetRefundRequested or EscrowAction.Withdraw => EscrowState.ResultSubmitted,
            _ => EscrowState.Disputed,
        };
        var datum = Lock() with
        {
            State = state,
            ResultHash = isLocked ? ByteString.Empty : Result(resultBytes),
            SellerCooldown = state == EscrowState.ResultSubmitted ? Cooldown : 0,
            BuyerCooldown = state == EscrowState.Disputed && action is EscrowAction.UnSetRefundRequested or EscrowAction.AuthorizeWithdrawal ? Past : 0,
        };
        var output = new TxOutput(_contract.Address, Price(), new TxDatum.Inline(Datum.Shortest(datum.ToData())));
        return new Utxo(Scenes.At, output);
    }

    public BuildResult Build(Try attempt, Utxo escrow, int? submitted = null)
    {
        var leg = Scenes.Leg(Leg(attempt, escrow));
        if (attempt.Action == EscrowAction.SubmitResult && submitted is { } length)
        {
            // Nobody's own builder makes it: a result that is no hash.
            var next = leg.NewDatum! with
            {
                ResultHash = Result(length),
            };
            leg = leg with { Outputs = [leg.Outputs[0] with { Datum = new TxDatum.Inline(Datum.Shortest(next.ToData())) }] };
        }

        if (attempt.Action == EscrowAction.SubmitResult && attempt.Purse == Purse.OwnScript)
        {
            leg = leg with { Outputs = [leg.Outputs[0] with { Value = leg.Outputs[0].Value + Value.Of(Added) }] };
        }

        var own = attempt.Purse == Purse.OwnScript;
        var plan = EscrowPieces
            .Of(leg)
            .AddTo(
                new TransactionPlan
                {
                    ChangeAddress = Wallet(attempt).BaseAddress(NetworkId.Testnet),
                    Inputs = own ? [Coins(attempt)[0]] : [],
                    Available = Coins(attempt),
                    ReferenceInputs = attempt.IsReferenced && !own ? [Published] : [],
                    Signers =
                        attempt.Action == EscrowAction.WithdrawDisputed && _contract.Family == EscrowFamily.V1
                            ? [Wallet(attempt).Payment, .. Admins.Take(2).Select(a => a.Payment)]
                            : [Wallet(attempt).Payment],
                    Form = attempt.Form,
                }
            );
        return TransactionBuilder.Build(attempt.WithMessage ? plan : plan with { AuxiliaryData = null }, Parameters, Slots, Evaluator);
    }

    /// <summary>Throws unless the ledger accepts it.</summary>
    public void Judge(Try attempt, Transaction transaction, Utxo escrow)
    {
        var state = LedgerState.Of([escrow, .. Coins(attempt).Append(Published).DistinctBy(u => u.Input)]);
        var environment = new LedgerEnvironment(Parameters, Slots, NetworkId.Testnet, Slots.SlotAt(Now(attempt.Action)));
        var verdict = Conway.Apply(state, environment, Transaction.FromCbor(transaction.Bytes), Evaluator);
        if (verdict is ApplyResult.Refused refused)
        {
            throw new InvalidOperationException($"{attempt}: {string.Join("; ", refused.Failures)}");
        }
    }

    private static ByteString Result(int length) => new(Enumerable.Range(0, length).Select(i => (byte)i).ToArray());

    private static System.Numerics.BigInteger Cooldown => Deadlines.PayBy.AddMinutes(12).ToUnixTimeMilliseconds();

    private static System.Numerics.BigInteger Past => Deadlines.PayBy.AddMinutes(-12).ToUnixTimeMilliseconds();

    private static DateTimeOffset Now(EscrowAction action) =>
        action switch
        {
            EscrowAction.Withdraw => Deadlines.Unlock.AddMinutes(10),
            EscrowAction.WithdrawDisputed => Deadlines.ExternalDisputeUnlock.AddMinutes(10),
            _ => Deadlines.PayBy,
        };

    // The deployed escrows' bytes are referenced from some stranger's output.
    private Utxo Published =>
        new(new TxInput(Scenes.SomeId, 3), new TxOutput(Keys(9).BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(60)), null, _script));

    private LegResult Leg(Try attempt, Utxo escrow)
    {
        var transactions = new EscrowTransactions(_contract, attempt.IsReferenced ? null : _script, Parameters, Slots) { Form = attempt.Form };
        var now = Now(attempt.Action);
        return attempt.Action switch
        {
            EscrowAction.SubmitResult => transactions.SubmitResult(escrow, Scenes.ResultHash, now),
            EscrowAction.SetRefundRequested => transactions.RequestRefund(escrow, now, attempt.Purse == Purse.OwnScript ? Added : default),
            EscrowAction.UnSetRefundRequested => transactions.CancelRefundRequest(escrow, now),
            EscrowAction.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, now),
            EscrowAction.AuthorizeRefund => transactions.AuthorizeRefund(escrow, now),
            EscrowAction.Withdraw => transactions.Withdraw(escrow, Seller.BaseAddress(NetworkId.Testnet), now),
            _ when _contract.Family == EscrowFamily.V1 => transactions.SettleDispute(
                escrow,
                [(Buyer.BaseAddress(NetworkId.Testnet), escrow.Output.Value)],
                [.. Admins.Take(2).Select(a => a.Payment.KeyHash)],
                now
            ),
            _ => Settle(transactions, escrow, now),
        };
    }

    private static LegResult Settle(EscrowTransactions transactions, Utxo escrow, DateTimeOffset now)
    {
        var settlement = new DisputeSettlement(escrow.Input, escrow.Output.Value, Value.Zero);
        return transactions.SettleDispute(escrow, settlement, [.. Admins.Take(2).Select(a => Sign(a, settlement.Intent().ToArray()))], now);
    }

    private static AdminSignature Sign(WalletKeys admin, byte[] payload)
    {
        byte[] headers = [0xa1, 0x01, 0x27];
        byte[] message = [.. Convert.FromHexString("846a5369676e617475726531"), 0x43, .. headers, 0x40, 0x58, (byte)payload.Length, .. payload];
        return new AdminSignature(new ByteString(admin.Payment.PublicKey.Span), new ByteString(headers), new ByteString(admin.Payment.Sign(message)));
    }

    private EscrowDatum Lock()
    {
        var isV2 = _contract.Family == EscrowFamily.V2;
        var datum = Scenes.Datum(_contract.Family, EscrowState.FundsLocked) with
        {
            Buyer = Buyer.BaseAddress(NetworkId.Testnet),
            Seller = Seller.BaseAddress(NetworkId.Testnet),
            BuyerReturn = isV2 ? Keys(7).BaseAddress(NetworkId.Testnet) : null,
            SellerReturn = isV2 ? Keys(8).BaseAddress(NetworkId.Testnet) : null,
        };
        if (!_isAtBounds)
        {
            return datum;
        }

        // Identifier and input hash at their bounds; what is left of a kilobyte goes to the agent's name.
        datum = datum with
        {
            ReferenceSignature = Result(400 - datum.ReferenceKey.Length),
            InputHash = Result(64),
        };
        for (var length = 1024; ; length--)
        {
            var filled = isV2 ? datum with { AgentIdentifier = Result(length) } : datum with { SellerNonce = Result(length) };
            if (EscrowBounds.LargestForm(filled) <= EscrowBounds.MostDatumBytes)
            {
                return filled;
            }
        }
    }

    private Value Price() =>
        Value.Of(
            Lovelace.FromAda(200),
            Enumerable
                .Range(0, _isAtBounds ? 7 : 1)
                .Select(i =>
                    KeyValuePair.Create(
                        new AssetId(new PolicyId(Blake2b.Hash224([(byte)i])), new AssetName(new byte[_isAtBounds ? 32 : 8])),
                        (Int128)long.MaxValue
                    )
                )
        );

    private static WalletKeys Wallet(Try attempt) => attempt.Action.Actor() == EscrowParty.Buyer ? Buyer : Seller;

    private static Lovelace Added => new(58_200_000);

    private ImmutableArray<Utxo> Coins(Try attempt)
    {
        var home = Wallet(attempt).BaseAddress(NetworkId.Testnet);
        Utxo Coin(int index, Value value) => new(new TxInput(TransactionId.Parse(Vectors.Repeat("ee", 32)), index), new TxOutput(home, value));
        return attempt.Purse switch
        {
            Purse.OneCoin => [Coin(0, Value.Of(Lovelace.FromAda(100)))],
            Purse.OwnScript => [Published with { Output = Published.Output with { Address = home } }, Coin(1, Value.Of(Lovelace.FromAda(5)))],
            Purse.Prepared => [Coin(0, Value.Of(new Lovelace(1_900_000))), Coin(1, Value.Of(Lovelace.FromAda(5)))],
            _ => [Coin(0, Heavy())],
        };
    }

    // As many bytes as the ledger lets a value have: 43 for an asset (a name of 32, a quantity of 64 bits), 43 for the rest.
    private static Value Heavy()
    {
        const int Each = 2 + 32 + 9;
        const int Rest = 1 + 9 + 1 + 30 + 2;
        var policy = new PolicyId(new Hash28(Enumerable.Repeat((byte)0xaa, 28).ToArray()));
        return Value.Of(
            Lovelace.FromAda(10_000),
            Enumerable
                .Range(0, (Parameters.MaxValueSize - Rest) / Each)
                .Select(i => KeyValuePair.Create(new AssetId(policy, new AssetName([.. BitConverter.GetBytes(i), .. new byte[28]])), (Int128)long.MaxValue))
        );
    }

    private static WalletKeys Keys(byte seed) => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat(seed, 16).ToArray()));
}
