using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Escrow;

/// <summary>
/// The contract's judgement of a whole transaction: <see cref="EscrowRules"/> for every escrow input, plus the rules on inputs and outputs at the
/// script's address (spec escrow.md 4.2). An oracle for tests of the validator, and a last check before signing.
/// </summary>
public static class EscrowTransactionRules
{
    /// <summary>The refusals per escrow input; a transaction the contract accepts has an empty list for each.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">The outputs it spends.</param>
    /// <param name="contract">The contract instance.</param>
    /// <param name="slots">For the validity interval.</param>
    public static ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>> Check(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> spent,
        EscrowContract contract,
        SlotConfig slots
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(spent);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(slots);
        return new Checker(transaction, spent, contract, slots).Run();
    }

    private sealed class Checker(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> spent, EscrowContract contract, SlotConfig slots)
    {
        private readonly ImmutableArray<TxInput> _inputs = transaction.Body.Inputs.Sort();
        private readonly ImmutableArray<TxOutput> _scriptOutputs = [.. transaction.Body.Outputs.Where(o => o.Address.Payment == contract.Address.Payment)];
        private readonly ImmutableHashSet<KeyHash> _signers = [.. transaction.Body.RequiredSigners];

        private static RuleRefusal NoContinuation => new(EscrowRule.Continuation, "no output with the reference signature", "one");

        private bool IsV2 => contract.Family == EscrowFamily.V2;

        public ImmutableSortedDictionary<TxInput, ImmutableArray<RuleRefusal>> Run()
        {
            var scriptInputs = _inputs.Where(i => spent[i].Address.Payment == contract.Address.Payment).ToImmutableArray();
            var common = Common(scriptInputs);
            return scriptInputs.ToImmutableSortedDictionary(i => i, i => common.AddRange(Input(i)));
        }

        private ImmutableArray<RuleRefusal> Common(ImmutableArray<TxInput> scriptInputs)
        {
            var refusals = ImmutableArray.CreateBuilder<RuleRefusal>();
            if (!IsV2)
            {
                Need(EscrowRule.SingleInput, scriptInputs.Length == 1, $"{scriptInputs.Length} escrow inputs", "1");
                Need(EscrowRule.OutputCount, _scriptOutputs.Length <= 1, $"{_scriptOutputs.Length} escrow outputs", "at most 1");
            }

            Need(EscrowRule.OutputForm, _scriptOutputs.All(o => o.ReferenceScript is null), "a reference script", "none at the escrow's address");
            if (IsV2)
            {
                var datums = _scriptOutputs.Select(Datum).ToList();
                Need(EscrowRule.OutputForm, datums.All(d => d is not null), "an output without escrow datum", "an inline escrow datum in each");
                Need(
                    EscrowRule.SignatureLength,
                    datums.All(d => d is null || d.ReferenceSignature.Length >= OfferVerification.MinSignatureBytes),
                    "an output with a short signature",
                    $"at least {OfferVerification.MinSignatureBytes} bytes"
                );
                Unique(datums, "outputs");
                Unique(scriptInputs.Select(i => Datum(spent[i])), "inputs");
            }

            return refusals.ToImmutable();

            void Unique(IEnumerable<EscrowDatum?> datums, string where)
            {
                var signatures = datums.OfType<EscrowDatum>().Select(d => d.ReferenceSignature).ToList();
                Need(EscrowRule.UniqueSignature, signatures.Distinct().Count() == signatures.Count, $"repeated among {where}", "unique reference signatures");
            }

            void Need(EscrowRule rule, bool holds, string supplied, string required)
            {
                if (!holds)
                {
                    refusals.Add(new RuleRefusal(rule, supplied, required));
                }
            }
        }

        private ImmutableArray<RuleRefusal> Input(TxInput input)
        {
            var output = spent[input];
            var index = _inputs.IndexOf(input);
            var redeemer = transaction.Witnesses.Redeemers.FirstOrDefault(r => r.Pointer == new RedeemerPointer(RedeemerTag.Spend, index));
            if (Datum(output) is not { } datum)
            {
                return [new RuleRefusal(EscrowRule.OutputForm, "an input without escrow datum", "an inline escrow datum")];
            }

            if (redeemer is null || EscrowRedeemer.Read(redeemer.Data.Data, contract.Family) is not { } action)
            {
                return [new RuleRefusal(EscrowRule.Action, "no known redeemer", "an action")];
            }

            var spend = new EscrowSpend
            {
                Contract = contract,
                Escrow = input,
                Value = output.Value,
                Lower = transaction.Body.InvalidBefore is { } lower ? slots.PosixMilliseconds(lower) : null,
                Upper = transaction.Body.InvalidHereafter is { } upper ? slots.PosixMilliseconds(upper) : null,
                Signers = _signers,
                NewResultHash = Continuation(datum) is { } next ? next.Datum.ResultHash : ByteString.Empty,
            };
            if (action == EscrowAction.WithdrawDisputed && IsV2)
            {
                if (DisputeSettlement.ReadRedeemer(redeemer.Data.Data, input) is not { } dispute)
                {
                    return [new RuleRefusal(EscrowRule.Action, "an unreadable settlement", "values and signatures")];
                }

                spend = new SettlingSpend(spend) { Settlement = dispute.Settlement, Signatures = dispute.Signatures };
            }

            return EscrowRules.Check(action, datum, spend) switch
            {
                EscrowVerdict.Refused refused when Continuation(datum) is null => WithoutResult(refused.Refusals),
                EscrowVerdict.Refused refused => refused.Refusals,
                EscrowVerdict.Continues continues => CheckContinuation(output.Address, datum, continues),
                EscrowVerdict.Closes closes => CheckPayouts(input, datum, closes),
                var other => throw new InvalidOperationException($"Not a verdict: {other}."),
            };
        }

        // Where nothing goes on there is no new result to speak of: that is what is wrong.
        private static ImmutableArray<RuleRefusal> WithoutResult(ImmutableArray<RuleRefusal> refusals)
        {
            var others = refusals.RemoveAll(r => r.Rule == EscrowRule.NewResult);
            return others.Length == refusals.Length || !others.IsEmpty ? others : [NoContinuation];
        }

        private ImmutableArray<RuleRefusal> CheckContinuation(Address address, EscrowDatum old, EscrowVerdict.Continues continues)
        {
            if (Continuation(old) is not { } next)
            {
                return [NoContinuation];
            }

            if (next.Address != address)
            {
                return [new RuleRefusal(EscrowRule.Continuation, $"at {next.Address}", $"at {address}")];
            }

            // The acting party may choose a later cooldown, nothing else.
            var expected = continues.Datum;
            var copied = expected with
            {
                SellerCooldown = expected.SellerCooldown.IsZero ? 0 : next.Datum.SellerCooldown,
                BuyerCooldown = expected.BuyerCooldown.IsZero ? 0 : next.Datum.BuyerCooldown,
            };
            var refusals = ImmutableArray.CreateBuilder<RuleRefusal>();
            if (copied != next.Datum || next.Datum.SellerCooldown < expected.SellerCooldown || next.Datum.BuyerCooldown < expected.BuyerCooldown)
            {
                // A later cooldown alone is no fault.
                var tooEarly = expected with
                {
                    SellerCooldown = next.Datum.SellerCooldown < expected.SellerCooldown ? expected.SellerCooldown : copied.SellerCooldown,
                    BuyerCooldown = next.Datum.BuyerCooldown < expected.BuyerCooldown ? expected.BuyerCooldown : copied.BuyerCooldown,
                };
                var (supplied, required) = DatumDifference.Between(next.Datum, tooEarly);
                refusals.Add(new RuleRefusal(EscrowRule.Continuation, supplied, required));
            }

            if (next.Value.Coin < continues.AtLeast.Coin || next.Value.WithCoin(continues.AtLeast.Coin) != continues.AtLeast)
            {
                refusals.Add(new RuleRefusal(EscrowRule.ValuePreserved, ValueText.Of(next.Value), $"{ValueText.Of(continues.AtLeast)}, more ADA allowed"));
            }

            return refusals.ToImmutable();
        }

        private ImmutableArray<RuleRefusal> CheckPayouts(TxInput input, EscrowDatum old, EscrowVerdict.Closes closes)
        {
            var refusals = ImmutableArray.CreateBuilder<RuleRefusal>();
            if (IsV2 && Continuation(old) is not null)
            {
                refusals.Add(new RuleRefusal(EscrowRule.NoContinuation, "an output with the reference signature", "none"));
            }

            foreach (var payout in closes.Payouts)
            {
                var paid = transaction
                    .Body.Outputs.Where(o =>
                        o.Address == payout.Address && o.Datum is TxDatum.Inline tag && OutputReferenceData.Decode(tag.Datum.Data) == input
                    )
                    .Aggregate(Value.Zero, (sum, o) => sum + o.Value);
                if (!paid.Covers(payout.AtLeast))
                {
                    refusals.Add(
                        new RuleRefusal(
                            EscrowRule.Payout,
                            $"{ValueText.Of(paid)} at {payout.Address}, tagged with {input}",
                            $"at least {ValueText.Of(payout.AtLeast)}"
                        )
                    );
                }
            }

            return refusals.ToImmutable();
        }

        private (Address Address, EscrowDatum Datum, Value Value)? Continuation(EscrowDatum old)
        {
            foreach (var output in _scriptOutputs)
            {
                if (Datum(output) is { } datum && (!IsV2 || datum.ReferenceSignature == old.ReferenceSignature))
                {
                    return (output.Address, datum, output.Value);
                }
            }

            return null;
        }

        private EscrowDatum? Datum(TxOutput output) =>
            output.Datum is TxDatum.Inline inline ? EscrowDatum.OfContract(inline.Datum.Data, contract.Family, contract.Address) : null;
    }
}
