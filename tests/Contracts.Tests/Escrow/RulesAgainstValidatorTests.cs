using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Contracts.Escrow;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>
/// The transition table and the compiled validator are two independent readings of the same rules. Random transactions, most of them with one thing wrong, must be
/// judged alike by both.
/// </summary>
public sealed class RulesAgainstValidatorTests
{
    private static readonly SigningKey Admin = Vectors.SellerKeys.Payment;
    private static readonly ImmutableArray<Hash28> Admins = [Admin.KeyHash, Admin.KeyHash, Vectors.Buyer.Payment!.Value.Hash];
    private static readonly Script Script = EscrowScript.V2(2, Admins, TimeSpan.FromMinutes(7));

    private static readonly EscrowContract Contract = new()
    {
        Family = EscrowFamily.V2,
        Address = EscrowScript.AddressOf(Script, NetworkId.Testnet),
        RequiredAdmins = 2,
        Admins = Admins,
        Cooldown = TimeSpan.FromMinutes(7),
    };

    private static readonly ImmutableArray<long> Bounds =
    [
        Ms(Vectors.Times.PayBy),
        Ms(Vectors.Times.SubmitResultBy),
        Ms(Vectors.Times.Unlock),
        Ms(Vectors.Times.ExternalDisputeUnlock),
    ];

    [Fact]
    public void Both_accept_and_refuse_the_same_transactions()
    {
        const int seed = 20260101;
        const int rounds = 600;
        var random = new Random(seed);
        var evaluator = new PlutusEvaluator();
        var accepted = new Dictionary<EscrowAction, int>();
        var refused = new Dictionary<EscrowAction, int>();
        for (var round = 0; round < rounds; round++)
        {
            var scene = new Scene(random);
            var (transaction, inputs, mutation) = scene.Build();
            var verdicts = EscrowTransactionRules.Check(transaction, inputs, Contract, Scenes.Slots);
            var evaluation = evaluator.Evaluate(
                transaction,
                inputs,
                Scenes.Parameters,
                Scenes.Slots,
                new ExUnits(100_000_000, 100_000_000_000)
            );
            Assert.Null(evaluation.ContextFailure);
            foreach (var execution in evaluation.Executions)
            {
                var input = transaction.Body.Inputs.Sort()[execution.Pointer.Index];
                var byRules = verdicts[input].IsEmpty;
                var byScript = execution.Failure is null;
                Assert.True(
                    byRules == byScript,
                    $"seed {seed}, round {round}, {scene.Action} from {scene.Datum.State}, {mutation}: rules say [{string.Join("; ", verdicts[input])}], "
                        + $"the script says {execution.Failure ?? "yes"} [{string.Join("; ", execution.Logs)}]"
                );
                var counts = byRules ? accepted : refused;
                counts[scene.Action] = counts.GetValueOrDefault(scene.Action) + 1;
            }
        }

        // The comparison means something only if both outcomes occurred for every action.
        foreach (var action in Enum.GetValues<EscrowAction>().Where(a => a != EscrowAction.UnSetRefundRequested))
        {
            Assert.True(accepted.GetValueOrDefault(action) > 0, $"seed {seed}: {action} was never accepted");
            Assert.True(refused.GetValueOrDefault(action) > 0, $"seed {seed}: {action} was never refused");
        }
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private sealed class Scene
    {
        private static readonly EscrowAction[] Actions = [.. Enum.GetValues<EscrowAction>().Where(a => a != EscrowAction.UnSetRefundRequested)];

        private readonly Random _random;
        private readonly Value _value;
        private readonly long _lower;
        private readonly long _upper;
        private readonly DisputeSettlement _settlement;

        public Scene(Random random)
        {
            _random = random;
            Action = Actions[random.Next(Actions.Length)];
            var state = One(0.8) ? Usual(Action) : (EscrowState)random.Next(6);
            var collateral = Pick(Lovelace.Zero, LockSizing.LeastCollateral, Lovelace.FromAda(4));
            Datum = Scenes.Datum(EscrowFamily.V2, state) with
            {
                CollateralReturn = collateral,
                BuyerReturn = One(0.5) ? Address.Parse(Vectors.AbandonEnterprise) : null,
                SellerReturn = One(0.5) ? Address.Create(NetworkId.Testnet, Credential.Key(Vectors.SellerKeyHash)) : null,
                SellerCooldown = One(0.7) ? 0 : Bounds[random.Next(4)],
                BuyerCooldown = One(0.7) ? 0 : Bounds[random.Next(4)] + random.Next(-1, 2),
            };
            if (One(0.1))
            {
                Datum = Datum with { ResultHash = Datum.ResultHash.IsEmpty ? Scenes.Result : ByteString.Empty };
            }

            _value = Value.Of(Lovelace.FromAda(10), One(0.5) ? [KeyValuePair.Create(Scenes.Usdm, 1_000L)] : []);
            (_lower, _upper) = One(0.7) ? Good(Action) : (Bounds[random.Next(4)] + (1000 * random.Next(-1, 2)), Bounds[random.Next(4)] + (1000 * random.Next(-1, 2)));
            if (_upper <= _lower)
            {
                _upper = _lower + 1000;
            }

            _settlement = new DisputeSettlement(Scenes.At, Value.Of(Lovelace.FromAda(3)), _value - Value.Of(Lovelace.FromAda(4)));
        }

        public EscrowAction Action { get; }

        public EscrowDatum Datum { get; private set; }

        public (Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Inputs, string Mutation) Build()
        {
            var signatures = ImmutableArray.Create(
                AdminSignature.From(CoseSign1.Sign(Admin, Vectors.Seller, _settlement.Intent().ToArray()), Admin.PublicKey.Span)
            );
            var redeemer = Action == EscrowAction.WithdrawDisputed ? _settlement.Redeemer(signatures) : EscrowRedeemer.Of(Action, EscrowFamily.V2);
            var outputs = Outputs(signatures).ToList();
            var signers = new List<Hash28> { Action.Actor() == EscrowParty.Seller ? Vectors.SellerKeyHash : Vectors.Buyer.Payment!.Value.Hash };
            var upper = (long?)_upper;
            var mutation = _random.Next(30);
            Mutate(mutation, outputs, signers, ref upper, ref redeemer);

            var escrow = new Utxo(Scenes.At, new TxOutput(Contract.Address, _value, Datum.ToInline()));
            var inputs = ImmutableArray.Create(escrow, Scenes.Wallet(Vectors.Seller));
            var redeemers = new List<Redeemer>();
            if (mutation == 20)
            {
                // The same escrow once more: a copy of the datum elsewhere.
                inputs = inputs.Add(new Utxo(new TxInput(Scenes.SomeId, 1), escrow.Output));
                redeemers.Add(Point(1, redeemer));
            }

            redeemers.Insert(0, Point(0, redeemer));
            var body = new TransactionBody
            {
                Inputs = [.. inputs.Select(i => i.Input).Order()],
                Outputs = [.. outputs, new TxOutput(Vectors.Seller, Value.Of(Lovelace.FromAda(50)))],
                Fee = new Lovelace(500_000),
                InvalidBefore = _random.Next(40) == 0 ? null : Slot(_lower),
                InvalidHereafter = upper is { } end ? Slot(end) : null,
                RequiredSigners = [.. signers],
            };
            var witnesses = WitnessSet.Empty with { Scripts = [Script], Redeemers = [.. redeemers] };
            return (Transaction.Create(body, witnesses), inputs.ToImmutableDictionary(i => i.Input, i => i.Output), $"mutation {mutation}");

            static Redeemer Point(int index, PlutusData data) => new(new RedeemerPointer(RedeemerTag.Spend, index), Cardano.Datum.Of(data), new ExUnits(1, 1));
        }

        /// <summary>What the contract wants; where it refuses anyway, something plausible.</summary>
        private IEnumerable<TxOutput> Outputs(ImmutableArray<AdminSignature> signatures)
        {
            var spend = new EscrowSpend
            {
                Contract = Contract,
                Escrow = Scenes.At,
                Value = _value,
                Lower = _lower,
                Upper = _upper,
                Signers = ImmutableHashSet.Create(Vectors.SellerKeyHash, Vectors.Buyer.Payment!.Value.Hash),
                NewResultHash = Scenes.Result,
                Settlement = _settlement,
                Signatures = signatures,
            };
            return EscrowRules.Check(Action, Datum, spend) switch
            {
                EscrowVerdict.Continues continues => [new TxOutput(Contract.Address, _value, continues.Datum.ToInline())],
                EscrowVerdict.Closes closes => closes.Payouts.Select(p => new TxOutput(p.Address, p.AtLeast, OutputReferenceData.Tag(Scenes.At))),
                _ when Action.IsTerminal() => [new TxOutput(Datum.BuyerPayout, _value, OutputReferenceData.Tag(Scenes.At))],
                _ => [new TxOutput(Contract.Address, _value, (Datum with { State = EscrowState.Disputed, SellerCooldown = _upper + 420_000 }).ToInline())],
            };
        }

        private void Mutate(int mutation, List<TxOutput> outputs, List<Hash28> signers, ref long? upper, ref PlutusData redeemer)
        {
            var first = outputs.Count > 0 ? outputs[0] : null;
            var next = first is not null && EscrowDatum.TryRead(first, EscrowFamily.V2, out var datum, out _) ? datum : null;
            switch (mutation)
            {
                case 0:
                    signers.Clear();
                    break;
                case 1:
                    upper = null;
                    break;
                case 2 when first is not null:
                    outputs[0] = first with { Value = first.Value.WithCoin(first.Value.Coin - new Lovelace(1)) };
                    break;
                case 3 when first is not null:
                    outputs[0] = first with { Value = first.Value.WithCoin(first.Value.Coin + new Lovelace(1)) };
                    break;
                case 4 when first is not null:
                    outputs[0] = first with { Value = first.Value + Value.Of(Lovelace.Zero, AssetId.Parse(Vectors.V2Agent), 1) };
                    break;
                case 5 when first is not null:
                    outputs[0] = first with { Datum = null };
                    break;
                case 6 when first is not null:
                    outputs[0] = first with { Datum = OutputReferenceData.Tag(new TxInput(Scenes.SomeId, 1)) };
                    break;
                case 7 when first is not null:
                    outputs[0] = first with { Address = Vectors.Buyer };
                    break;
                case 8 when first is not null:
                    outputs[0] = first with { ReferenceScript = Script };
                    break;
                case 9:
                    outputs.Clear();
                    break;
                case 10 when first is not null && next is null && first.Value.Coin > Lovelace.FromAda(1):
                    // Two payouts in place of one.
                    outputs[0] = first with { Value = first.Value - Value.Of(Lovelace.FromAda(1)) };
                    outputs.Add(first with { Value = Value.Of(Lovelace.FromAda(1)) });
                    break;
                case 11:
                    outputs.Add(new TxOutput(Contract.Address, _value, (Datum with { ReferenceSignature = Scenes.Result }).ToInline()));
                    break;
                case 12:
                    outputs.Add(new TxOutput(Contract.Address, _value, Datum.ToInline()));
                    break;
                case 13:
                    outputs.Add(new TxOutput(Contract.Address, _value));
                    break;
                case 14 when next is not null:
                    outputs[0] = first! with { Datum = Changed(next).ToInline() };
                    break;
                case 15 when next is not null:
                    outputs[0] = first! with { Datum = (next with { SellerCooldown = next.SellerCooldown + _random.Next(-1, 2) }).ToInline() };
                    break;
                case 16 when next is not null:
                    outputs[0] = first! with { Datum = (next with { BuyerCooldown = next.BuyerCooldown + _random.Next(-1, 2) }).ToInline() };
                    break;
                case 17:
                    redeemer = PlutusData.C((ulong)_random.Next(4));
                    break;
                case 18:
                    Datum = Datum with { ReferenceSignature = new ByteString(Datum.ReferenceSignature.Span[..15]) };
                    break;
                case 19 when Action == EscrowAction.WithdrawDisputed:
                    redeemer = (_settlement with { BuyerValue = Value.Of(Lovelace.FromAda(2)) }).Redeemer([]);
                    break;
                case 21 when next is not null:
                    outputs[0] = first! with { Datum = (next with { ResultHash = new ByteString([1]) }).ToInline() };
                    break;
                default:
                    break;
            }
        }

        private EscrowDatum Changed(EscrowDatum next) =>
            _random.Next(12) switch
            {
                0 => next with { Buyer = Vectors.Seller },
                1 => next with { BuyerReturn = next.BuyerReturn is null ? Vectors.Seller : null },
                2 => next with { SellerReturn = next.SellerReturn is null ? Vectors.Buyer : null },
                3 => next with { ReferenceKey = Scenes.Result },
                4 => next with { AgentIdentifier = ByteString.Empty },
                5 => next with { CollateralReturn = next.CollateralReturn + new Lovelace(1) },
                6 => next with { InputHash = ByteString.Empty },
                7 => next with { Times = next.Times with { Unlock = next.Times.Unlock.AddMilliseconds(1) } },
                8 => next with { Times = next.Times with { PayBy = next.Times.PayBy.AddMilliseconds(-1) } },
                9 => next with { State = (EscrowState)_random.Next(6) },
                10 => next with { SellerNonce = Scenes.Result },
                _ => next with { BuyerNonce = ByteString.Empty },
            };

        private static EscrowState Usual(EscrowAction action) =>
            action switch
            {
                EscrowAction.AuthorizeWithdrawal or EscrowAction.WithdrawDisputed => EscrowState.Disputed,
                EscrowAction.Withdraw => EscrowState.ResultSubmitted,
                _ => EscrowState.FundsLocked,
            };

        private static (long, long) Good(EscrowAction action) =>
            action switch
            {
                EscrowAction.SetRefundRequested => (Bounds[2] - 2000, Bounds[2] - 1000),
                EscrowAction.SubmitResult => (Bounds[1] - 2000, Bounds[1] - 1000),
                EscrowAction.WithdrawRefund => (Bounds[1], Bounds[1] + 1000),
                EscrowAction.Withdraw => (Bounds[2], Bounds[2] + 1000),
                _ => (Bounds[3], Bounds[3] + 1000),
            };

        private static Slot Slot(long ms) => Scenes.Slots.SlotAt(DateTimeOffset.FromUnixTimeMilliseconds(ms));

        private bool One(double chance) => _random.NextDouble() < chance;

        private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];
    }
}
