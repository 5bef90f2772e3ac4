using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Whatever datum a lock within the bounds and any actions after it can make, each party can send what it needs next: the transaction fits into mainnet's
/// limits with 500 bytes to spare, without a reference script, from a plain wallet and from one whose only coin is as large as the ledger lets a value be
/// (then a payment to itself may come before, which must fit too). <c>MASUMI_SIZE_SEED</c> repeats a run.
/// </summary>
public sealed class NextActionsFitTests
{
    // The bounds within which locks are taken (docs/contracts.md).
    private const int MostAssets = 7;

    // Mainnet's limit, with 500 bytes to spare.
    private const int Limit = 16_384 - 500;

    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    private static readonly SlotConfig Slots = SlotConfig.Preprod;
    private static readonly PlutusEvaluator Evaluator = new();
    private static readonly Deadlines Deadlines = Vectors.Deadlines;
    private static readonly WalletKeys Buyer = Keys(1);
    private static readonly WalletKeys Seller = Keys(2);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void The_largest_transaction_that_each_party_needs_next_fits(EscrowFamily family)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_SIZE_SEED"), System.Globalization.CultureInfo.InvariantCulture, out var set)
            ? set
            : Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var contract = ContractCatalog.DefaultInstance(family, NetworkId.Testnet);
        var transactions = new EscrowTransactions(contract, ContractCatalog.DefaultEscrow(family), Parameters, Slots);
        var largest = new Dictionary<string, int>();
        foreach (var (action, state) in Table(family))
        {
            // The first has everything at its bound, the others anything within.
            for (var i = 0; i < 6; i++)
            {
                var datum = Datum(family, state, random, atBounds: i == 0);
                var escrow = new Utxo(Scenes.At, new TxOutput(contract.Address, Price(random, atBounds: i == 0), datum.ToInline()));
                foreach (var isHeavy in (bool[])[false, true])
                {
                    var size = SizeOf(transactions, action, escrow, isHeavy);
                    largest[$"{action}{(isHeavy ? ", heavy wallet" : "")}"] = Math.Max(
                        largest.GetValueOrDefault($"{action}{(isHeavy ? ", heavy wallet" : "")}"),
                        size
                    );
                    Assert.True(size <= Limit, $"seed {seed}: {family} {action} from {state}{(isHeavy ? " with a heavy wallet" : "")} takes {size} bytes");
                }
            }
        }

        foreach (var (what, size) in largest)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{family} {what}: {size} bytes");
        }
    }

    // More admins need the script in a reference input (docs/contracts-review.md).
    [Fact]
    public void A_settlement_that_thirty_admins_signed_fits_too()
    {
        var admins = Enumerable.Range(10, 30).Select(i => Keys((byte)i)).ToImmutableArray();
        var parameters = Scenes.Contract(EscrowFamily.V2) with { Admins = [.. admins.Select(a => a.Payment.KeyHash)], RequiredAdmins = admins.Length };
        var script = EscrowScript.Of(parameters);
        var contract = parameters with { Address = EscrowScript.AddressOf(script, NetworkId.Testnet) };
        var random = new Random(1);
        var price = Price(random, atBounds: true);
        var datum = Datum(EscrowFamily.V2, EscrowState.Disputed, random, atBounds: true);
        var escrow = new Utxo(Scenes.At, new TxOutput(contract.Address, price, datum.ToInline()));
        var half = Value.Of(Lovelace.FromAda(100), price.Assets.Select(a => KeyValuePair.Create(a.Key, a.Value / 2)));
        var settlement = new DisputeSettlement(escrow.Input, half, half);
        var signatures = admins.Select(a =>
            AdminSignature.From(CoseSign1.Sign(a.Payment, a.BaseAddress(NetworkId.Testnet), settlement.Intent().ToArray()), a.Payment.PublicKey.Span)
        );
        var leg = new EscrowTransactions(contract, script, Parameters, Slots).SettleDispute(
            escrow,
            settlement,
            [.. signatures],
            Deadlines.ExternalDisputeUnlock.AddMinutes(10)
        );
        var plan = EscrowPieces.Of(Scenes.Leg(leg)).AddTo(Plan(Buyer, [Scenes.Wallet(Buyer.BaseAddress(NetworkId.Testnet), 0)]));
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, Parameters, Slots, Evaluator));
        Assert.True(built.Evaluation.Succeeded);
        Assert.True(built.Transaction.Bytes.Length <= Limit, $"{built.Transaction.Bytes.Length} bytes");
    }

    // The larger of the transaction and of the payment to itself that a wallet may need before.
    private static int SizeOf(EscrowTransactions transactions, EscrowAction action, Utxo escrow, bool isHeavy)
    {
        var wallet = action.Actor() == EscrowParty.Buyer ? Buyer : Seller;
        var home = wallet.BaseAddress(NetworkId.Testnet);
        var pieces = EscrowPieces.Of(Scenes.Leg(Leg(transactions, action, escrow, home)));
        ImmutableArray<Utxo> coins = isHeavy ? [Heavy(home)] : [Scenes.Wallet(home, 0), Scenes.Wallet(home, 1)];
        var before = 0;
        var built = TransactionBuilder.Build(pieces.AddTo(Plan(wallet, coins)), Parameters, Slots, Evaluator);
        if (isHeavy && built is not BuildResult.Built { Transaction.Bytes.Length: <= Limit })
        {
            var split = Assert.IsType<BuildResult.Built>(
                TransactionBuilder.Build(
                    Plan(wallet, coins) with
                    {
                        Outputs = [new TxOutput(home, Value.Of(Lovelace.FromAda(20)))],
                    },
                    Parameters,
                    Slots,
                    Evaluator
                )
            );
            before = split.Transaction.Bytes.Length;
            coins = [.. split.Transaction.Body.Outputs.Select((o, i) => new Utxo(new TxInput(split.Transaction.Id, i), o))];
            built = TransactionBuilder.Build(pieces.AddTo(Plan(wallet, coins)), Parameters, Slots, Evaluator);
        }

        return built is BuildResult.Built { Evaluation.Succeeded: true } done
            ? Math.Max(before, done.Transaction.Bytes.Length)
            : throw new InvalidOperationException($"{action} cannot be built: {built}");
    }

    private static TransactionPlan Plan(WalletKeys wallet, ImmutableArray<Utxo> coins) =>
        new()
        {
            ChangeAddress = wallet.BaseAddress(NetworkId.Testnet),
            Available = coins,
            Signers = [wallet.Payment],
        };

    private static LegResult Leg(EscrowTransactions transactions, EscrowAction action, Utxo escrow, Address home) =>
        action switch
        {
            EscrowAction.SubmitResult => transactions.SubmitResult(escrow, Scenes.ResultHash, Deadlines.PayBy),
            EscrowAction.SetRefundRequested => transactions.RequestRefund(escrow, Deadlines.PayBy),
            EscrowAction.UnSetRefundRequested => transactions.CancelRefundRequest(escrow, Deadlines.PayBy),
            EscrowAction.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, Deadlines.PayBy),
            EscrowAction.AuthorizeRefund => transactions.AuthorizeRefund(escrow, Deadlines.PayBy),
            EscrowAction.Withdraw => transactions.Withdraw(escrow, home, Deadlines.Unlock.AddMinutes(10)),
            _ => transactions.WithdrawRefund(escrow, home, Deadlines.SubmitResult.AddMinutes(10)),
        };

    // Spec escrow.md 4.5, and what ours adds.
    private static IEnumerable<(EscrowAction, EscrowState)> Table(EscrowFamily family)
    {
        EscrowState[] open = [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed];
        var isV1 = family == EscrowFamily.V1;
        (EscrowAction, EscrowState[])[] table =
        [
            (EscrowAction.SubmitResult, open),
            (EscrowAction.SetRefundRequested, [EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.Disputed]),
            isV1
                ? (EscrowAction.UnSetRefundRequested, [EscrowState.RefundRequested, EscrowState.Disputed])
                : (EscrowAction.AuthorizeWithdrawal, [EscrowState.ResultSubmitted, EscrowState.Disputed]),
            (EscrowAction.AuthorizeRefund, isV1 ? [EscrowState.Disputed] : open),
            (EscrowAction.Withdraw, isV1 ? [EscrowState.ResultSubmitted] : [EscrowState.ResultSubmitted, EscrowState.WithdrawAuthorized]),
            (
                EscrowAction.WithdrawRefund,
                isV1
                    ? [EscrowState.FundsLocked, EscrowState.RefundRequested]
                    : [EscrowState.FundsLocked, EscrowState.RefundRequested, EscrowState.RefundAuthorized]
            ),
        ];
        return table.SelectMany(row => row.Item2.Select(state => (row.Item1, state)));
    }

    // As large as it may become: with a result and both cooldowns.
    private static EscrowDatum Datum(EscrowFamily family, EscrowState state, Random random, bool atBounds)
    {
        int Length(int least, int most) => atBounds ? most : random.Next(least, most + 1);

        var isV2 = family == EscrowFamily.V2;
        var key = Length(0, 42);
        var datum = Scenes.Datum(family, state) with
        {
            Buyer = Buyer.BaseAddress(NetworkId.Testnet),
            Seller = Seller.BaseAddress(NetworkId.Testnet),
            BuyerReturn = isV2 && (atBounds || random.Next(2) == 0) ? Keys(3).BaseAddress(NetworkId.Testnet) : null,
            SellerReturn = isV2 && (atBounds || random.Next(2) == 0) ? Keys(4).BaseAddress(NetworkId.Testnet) : null,
            ReferenceKey = Bytes(key, random),
            ReferenceSignature = Bytes(Length(16, EscrowBounds.MostIdentifierBytes - key), random),
            BuyerNonce = Bytes(Length(7, 13), random),
            InputHash = Bytes(Length(0, EscrowBounds.MostInputHashBytes), random),
            SellerCooldown = 0,
            BuyerCooldown = 0,
        };

        // What is left of the bound goes to the rest.
        EscrowDatum Largest(EscrowDatum d) =>
            d with
            {
                ResultHash = Scenes.Result,
                SellerCooldown = Vectors.Deadlines.Unlock.ToUnixTimeMilliseconds(),
                BuyerCooldown = Vectors.Deadlines.Unlock.ToUnixTimeMilliseconds(),
            };
        for (var length = Length(0, EscrowBounds.MostDatumBytes); length >= 0; length--)
        {
            var filled = isV2 ? datum with { AgentIdentifier = Bytes(length, random) } : datum with { SellerNonce = Bytes(length, random) };
            if (Datum(Largest(filled)) <= EscrowBounds.MostDatumBytes)
            {
                return filled;
            }
        }

        throw new InvalidOperationException("No datum within the bounds.");

        static int Datum(EscrowDatum d) => Cardano.Transactions.Datum.Of(d.ToData()).Bytes.Length;
    }

    private static Value Price(Random random, bool atBounds) =>
        Value.Of(
            Lovelace.FromAda(200),
            Enumerable
                .Range(0, atBounds ? MostAssets : random.Next(MostAssets + 1))
                .Select(i =>
                    KeyValuePair.Create(
                        new AssetId(new PolicyId(new Hash28(Bytes(28, random).Span)), new AssetName(Bytes(32, random).Span)),
                        (Int128)long.MaxValue - i
                    )
                )
        );

    // One coin whose value takes as many bytes as the ledger lets it: 43 for an asset (a name of 32, a quantity of 64 bits), 43 for the rest.
    private static Utxo Heavy(Address home)
    {
        const int Each = 2 + 32 + 9;
        const int Rest = 1 + 9 + 1 + 30 + 2;
        var policy = new PolicyId(new Hash28(Enumerable.Repeat((byte)0xaa, 28).ToArray()));
        var assets = Enumerable
            .Range(0, (Parameters.MaxValueSize - Rest) / Each)
            .Select(i => KeyValuePair.Create(new AssetId(policy, new AssetName([.. BitConverter.GetBytes(i), .. new byte[28]])), (Int128)long.MaxValue));
        return new Utxo(new TxInput(Scenes.SomeId, 200), new TxOutput(home, Value.Of(Lovelace.FromAda(10_000), assets)));
    }

    private static ByteString Bytes(int length, Random random)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return new ByteString(bytes);
    }

    private static WalletKeys Keys(byte seed) => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat(seed, 16).ToArray()));
}
