using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Explaining;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Tests.Whole;

namespace Masumi.Contracts.Tests.Explaining;

/// <summary>What a transaction does, in Masumi's words, and which rule refuses it.</summary>
public class ExplainTests
{
    private static readonly EscrowFamily[] Families = [EscrowFamily.V1, EscrowFamily.V2];

    [Fact]
    public void Every_action_is_named_with_its_states_its_money_and_who_signed()
    {
        var actions = new HashSet<(EscrowFamily, EscrowAction)>();
        foreach (var whole in Families.SelectMany(f => WholeTransactions.Of(f)))
        {
            var explanation = Explain(whole.Transaction, whole.Spent);
            Assert.True(explanation.Verdict == ExplainedVerdict.Accepted, whole.Name + ": " + string.Join('\n', ExplanationText.Lines(explanation)));
            Assert.All(explanation.Signers, s => Assert.Equal(SignatureState.Verifies, s.Signature));
            Assert.All(
                explanation.Scripts,
                s => Assert.Equal($"escrow-{$"{whole.Contract.Family}".ToLowerInvariant()} with parameters of its own", s.Contract)
            );
            var escrows = whole.Spent.Where(s => s.Value.Address == whole.Contract.Address && whole.Transaction.Body.Inputs.Contains(s.Key)).ToList();
            Assert.Equal(escrows.Count, explanation.Acts.Length);
            foreach (var act in explanation.Acts)
            {
                switch (act)
                {
                    case ExplainedAct.Moves moves:
                        Assert.StartsWith($"{whole.Contract.Family} {moves.Action} ", whole.Name);
                        Assert.Equal(whole.Spent[moves.Spent].Value, moves.OldValue);
                        Assert.Equal(moves.Old.ReferenceSignature, moves.New.ReferenceSignature);
                        AssertSigned(explanation, moves.Action);
                        actions.Add((whole.Contract.Family, moves.Action));
                        break;
                    case ExplainedAct.Ends ends:
                        Assert.StartsWith($"{whole.Contract.Family} {ends.Action} ", whole.Name);
                        Assert.Equal(whole.Spent[ends.Spent].Value, ends.OldValue);
                        Assert.Equal(2, ends.Gains.Length);
                        AssertSigned(explanation, ends.Action);
                        actions.Add((whole.Contract.Family, ends.Action));
                        break;
                    default:
                        Assert.Fail($"{whole.Name}: {act}");
                        break;
                }
            }

            var json = ExplanationJson.Of(explanation);
            Assert.Equal("accepted", (string)json["verdict"]!);
            Assert.Equal(explanation.Acts.Length, json["acts"]!.AsArray().Count);
            Assert.NotNull(JsonNode.Parse(json.ToJsonString()));
        }

        Assert.Equal(14, actions.Count);

        static void AssertSigned(Explanation explanation, EscrowAction action)
        {
            if (action.Actor() is not EscrowParty.Admins and var party)
            {
                Assert.Contains(explanation.Signers, s => s.IsRequired && s.Roles.Contains($"{party}".ToLowerInvariant()));
            }
        }
    }

    [Fact]
    public void Registrations_updates_and_retirements_are_named_with_their_agents()
    {
        var actions = new List<(string, RegistryAction?)>();
        foreach (var (name, transaction, spent) in Families.SelectMany(f => WholeRegistry.Of(f, optimise: true)))
        {
            var explanation = Explain(transaction, spent);
            Assert.True(explanation.Verdict == ExplainedVerdict.Accepted, name + ": " + string.Join('\n', ExplanationText.Lines(explanation)));
            var act = Assert.IsType<ExplainedAct.Registers>(Assert.Single(explanation.Acts));
            actions.Add((act.Contract.Name, act.Action));
            Assert.Equal(transaction.Body.Mint.Assets.Select(a => (a.Key, a.Value)), act.Agents.Select(a => (a.Token, a.Quantity)));
            Assert.All(act.Agents, a => Assert.Equal(a.Quantity > 0, a.Name is not null));
        }

        Assert.Equal(
            [
                ("registry-v1", RegistryAction.Mint),
                ("registry-v1", RegistryAction.Burn),
                ("registry-v2", RegistryAction.Mint),
                ("registry-v2", RegistryAction.Burn),
                ("registry-v2", RegistryAction.Update),
            ],
            actions
        );
    }

    // Every single change a transaction offers, so rules of every kind.
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void What_our_contract_refuses_is_refused_by_a_rule_with_the_values_compared(EscrowFamily family)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var rules = new HashSet<string>(StringComparer.Ordinal);
        foreach (var whole in WholeTransactions.Of(family))
        {
            // A sixth of them: the explaining, not the rules, is tried here.
            foreach (var mutation in Mutations.Of(whole).Where(_ => random.Next(6) == 0))
            {
                var draft = new Draft(whole);
                try
                {
                    mutation.Apply(draft, random);
                }
                catch (ArgumentException)
                {
                    continue;
                }

                var transaction = draft.ToTransaction();
                var explanation = Explain(transaction, draft.Spent.ToImmutableDictionary(s => s.Input, s => s.Output), whole.Contract);
                var text = string.Join('\n', ExplanationText.Lines(explanation).Prepend($"{whole.Name}, {mutation.Name}"));
                foreach (var script in explanation.Scripts)
                {
                    // What is no datum at all ends in a builtin, not in a rule.
                    if (script.Failure is "the script called error")
                    {
                        Assert.True(script.Rule is not null, text);
                        Assert.True(RuleTexts.RulesOf(script.Rule!) is not null, text);
                        rules.Add(script.Rule!);
                        Assert.True(script.Compared.Length > 0, text);
                    }
                    else
                    {
                        Assert.True(script.Rule is null, text);
                    }
                }

                Assert.True(explanation.Scripts.All(s => s.Failure is null) || explanation.Verdict == ExplainedVerdict.Refused, text);
                _ = ExplanationJson.Of(explanation).ToJsonString();
            }
        }

        // Some twenty to thirty; a sample that met hardly any would show nothing.
        Assert.True(rules.Count > 8, $"{rules.Count} rules");
    }

    // Not optimised it is another script, which shows its parameters and nothing else.
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Of_a_script_that_is_not_ours_the_model_speaks_alone(EscrowFamily family)
    {
        var whole = WholeTransactions.Of(family, optimise: false).First(w => w.Name.Contains("SubmitResult", StringComparison.Ordinal));
        var accepted = Explain(whole.Transaction, whole.Spent);
        Assert.Equal(ExplainedVerdict.Accepted, accepted.Verdict);
        Assert.Equal($"an escrow of {family}, by its parameters", Assert.Single(accepted.Scripts).Contract);
        Assert.Equal(EscrowAction.SubmitResult, Assert.IsType<ExplainedAct.Moves>(Assert.Single(accepted.Acts)).Action);

        var unsigned = Transaction.Create(whole.Transaction.Body with { RequiredSigners = [] }, whole.Transaction.Witnesses, whole.Transaction.AuxiliaryData);
        var script = Assert.Single(Explain(unsigned, whole.Spent).Scripts);
        Assert.Null(script.Rule);
        Assert.NotNull(script.Failure);
        Assert.Equal($"{EscrowRule.Signer}", Assert.Single(script.Compared).Rule);
    }

    [Fact]
    public void Every_rule_of_the_escrows_has_its_counterpart_in_the_model()
    {
        foreach (var contract in ContractCatalog.Own.Where(c => c.Kind == ContractKind.Escrow))
        {
            var texts = contract.RuleTexts();
            Assert.NotEmpty(texts);
            Assert.All(texts, text => Assert.True(RuleTexts.RulesOf(text) is not null, text));
        }

        Assert.Null(RuleTexts.RulesOf("no rule of ours"));
    }

    [Fact]
    public void Every_rule_of_the_registries_says_what_it_compared()
    {
        foreach (var family in Families)
        {
            var (_, transaction, spent) = WholeRegistry.Of(family, optimise: true).First();
            var registry = new RegistryActs(transaction, new ContractBook(Cardano.Addresses.NetworkId.Testnet, [], []));
            var policy = transaction.Body.Mint.Assets.Keys.First().Policy;
            Assert.All(
                ContractCatalog.Own.Single(c => c.Kind == ContractKind.Registry && c.Family == family).RuleTexts(),
                text => Assert.True(registry.Compared(text, policy) is not null, text)
            );
            Assert.NotEmpty(spent);
        }
    }

    [Fact]
    public void A_registration_that_is_refused_says_by_which_rule_and_why()
    {
        var (_, transaction, spent) = WholeRegistry.Of(EscrowFamily.V2, optimise: true).First();
        var token = transaction.Body.Mint.Assets.Keys.First();
        var twice = transaction.Body with { Mint = transaction.Body.Mint + Value.Of(Lovelace.Zero, token, 1) };
        var explanation = Explain(Transaction.Create(twice, transaction.Witnesses, transaction.AuxiliaryData), spent);
        var script = Assert.Single(explanation.Scripts);
        Assert.Equal("Mint: one of each", script.Rule);
        Assert.Contains($"2 of {token.Name}", Assert.Single(script.Compared).Supplied);
        // A changed body is not what was signed.
        Assert.Contains(explanation.Signers, s => s.Signature == SignatureState.Wrong);
    }

    [Fact]
    public void Without_what_it_spends_it_is_said_what_can_be_said()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2).First(w => w.Name.Contains("SubmitResult", StringComparison.Ordinal));
        var explanation = Explain(whole.Transaction, ImmutableDictionary<TxInput, TxOutput>.Empty);
        Assert.Equal(ExplainedVerdict.Unknown, explanation.Verdict);
        Assert.NotNull(explanation.NotJudged);
        Assert.True(Assert.IsType<ExplainedAct.Locks>(Assert.Single(explanation.Acts)).MayGoOn);
        Assert.Contains("unknown here", string.Join('\n', ExplanationText.Lines(explanation)));
    }

    [Fact]
    public void A_script_that_wants_more_than_its_redeemer_allows_is_refused_for_that()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2)[0];
        var poor = whole.Transaction.Witnesses with
        {
            Redeemers = [.. whole.Transaction.Witnesses.Redeemers.Select(r => r with { Units = new ExUnits(1000, 1000) })],
        };
        var explanation = Explain(Transaction.Create(whole.Transaction.Body, poor, whole.Transaction.AuxiliaryData), whole.Spent);
        Assert.Contains("its redeemer allows 1000", Assert.Single(explanation.Scripts).Failure);
        Assert.Equal(ExplainedVerdict.Refused, explanation.Verdict);
    }

    // Slots beyond the calendar, units nobody has, pointers to nothing.
    [Fact]
    public void Nothing_a_transaction_holds_makes_it_throw()
    {
        foreach (var whole in Families.Select(f => WholeTransactions.Of(f)[0]))
        {
            var (body, witnesses) = (whole.Transaction.Body, whole.Transaction.Witnesses);
            Transaction[] odd =
            [
                Transaction.Create(body with { InvalidHereafter = new Slot(long.MaxValue) }, witnesses),
                Transaction.Create(body with { InvalidBefore = new Slot(long.MaxValue), InvalidHereafter = new Slot(long.MaxValue) }, witnesses),
                Transaction.Create(body with { Outputs = [] }, witnesses),
                Transaction.Create(
                    body,
                    witnesses with
                    {
                        Redeemers = [.. witnesses.Redeemers, witnesses.Redeemers[0] with { Pointer = new RedeemerPointer(RedeemerTag.Mint, 60_000) }],
                    }
                ),
                Transaction.Create(
                    body,
                    witnesses with
                    {
                        Redeemers =
                        [
                            .. witnesses.Redeemers.Select(r => r with { Data = Datum.Of(PlutusData.I(0)), Units = new ExUnits(long.MaxValue, long.MaxValue) }),
                        ],
                    }
                ),
                Transaction.Create(body, witnesses with { Redeemers = [], VKeys = [] }),
            ];
            foreach (var transaction in odd)
            {
                var explanation = Explain(transaction, whole.Spent);
                Assert.NotEmpty(ExplanationText.Lines(explanation));
                Assert.NotEmpty(ExplanationJson.Of(explanation).ToJsonString());
            }
        }
    }

    [Fact]
    public void A_flag_that_says_its_scripts_fail_is_refused_when_they_pass_and_means_that_only_collateral_moves_when_they_fail()
    {
        foreach (var whole in Families.Select(f => WholeTransactions.Of(f).First(w => w.Name.Contains("WithdrawRefund", StringComparison.Ordinal))))
        {
            var (body, witnesses, metadata) = (whole.Transaction.Body, whole.Transaction.Witnesses, whole.Transaction.AuxiliaryData);
            var passing = Explain(Transaction.Create(body, witnesses, metadata, isValid: false), whole.Spent);
            Assert.Equal(ExplainedVerdict.Refused, passing.Verdict);
            Assert.Contains(ExplanationText.Refusals(passing), line => line.Contains("ValidationTagMismatch: PassedUnexpectedly", StringComparison.Ordinal));

            var poor = witnesses with { Redeemers = [.. witnesses.Redeemers.Select(r => r with { Units = new ExUnits(1000, 1000) })] };
            var failing = Explain(Transaction.Create(body, poor, metadata, isValid: false), whole.Spent);
            Assert.Equal(ExplainedVerdict.Failed, failing.Verdict);
            var text = string.Join('\n', ExplanationText.Lines(failing));
            Assert.Contains("only its collateral is taken, nothing else moves", text);
            Assert.Contains("asked for, in vain: WithdrawRefund", text);
            Assert.DoesNotContain("gains", text);
            Assert.DoesNotContain(" -> ", text);
            var json = ExplanationJson.Of(failing);
            Assert.Equal("failed", (string)json["verdict"]!);
            Assert.False(json["acts"]![0]!.AsObject().ContainsKey("gains"));
            // Nobody knows whether the ledger takes it.
            Assert.Equal(ExplainedVerdict.Unknown, (failing with { LedgerRefusals = null }).Verdict);
        }
    }

    [Fact]
    public void Nothing_is_accepted_without_its_signatures_or_without_the_ledger()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2)[0];
        var accepted = Explain(whole.Transaction, whole.Spent);
        Assert.Equal(ExplainedVerdict.Accepted, accepted.Verdict);
        var unasked = accepted with { LedgerRefusals = null };
        Assert.Equal(ExplainedVerdict.Unknown, unasked.Verdict);
        Assert.Contains("nobody asked the ledger's other rules", ExplanationText.Lines(unasked).Last());

        var unsigned = Transaction.Create(whole.Transaction.Body, whole.Transaction.Witnesses with { VKeys = [] }, whole.Transaction.AuxiliaryData);
        var missing = Explain(unsigned, whole.Spent);
        Assert.Equal(ExplainedVerdict.Refused, missing.Verdict);
        Assert.Contains(ExplanationText.Refusals(missing), line => line.Contains("is missing, and it is required", StringComparison.Ordinal));
        Assert.Equal(ExplainedVerdict.Refused, (missing with { LedgerRefusals = null }).Verdict);
    }

    [Fact]
    public void Only_agents_of_V2_have_versions()
    {
        var (_, transaction, spent) = WholeRegistry.Of(EscrowFamily.V1, optimise: true).First();
        var token = transaction.Body.Mint.Assets.Keys.First();
        // As a name of V2 it would be version 1.
        var name = new AssetName([.. Enumerable.Repeat((byte)0x46, 29), 0, 0, 1]);
        var mint = Value.Of(Lovelace.Zero, new AssetId(token.Policy, name), 1);
        var text = ExplanationText.Does(Explain(Transaction.Create(transaction.Body with { Mint = mint }, transaction.Witnesses), spent)).ToList();
        Assert.Contains(text, line => line.Contains($"{name}", StringComparison.Ordinal));
        Assert.DoesNotContain(text, line => line.Contains("version", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain \u00e4 \U0001f600", "plain \u00e4 \U0001f600")]
    [InlineData("\u202egnp.exe\u2066", "gnp.exe")]
    [InlineData("a\u200bb\ufeffc\u200d\u00ad", "abc")]
    [InlineData("\u001b[2Jgone\r\n\u0085\u2028\u2029", "[2Jgone")]
    [InlineData("\U000e0041tag", "tag")]
    public void Text_from_outside_keeps_what_can_be_seen(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));

    [Fact]
    public void Values_are_those_of_the_rule_that_refuses()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2).First(w => w.Name.Contains("SubmitResult", StringComparison.Ordinal));
        var body = whole.Transaction.Body;
        var at = body.Outputs.IndexOf(body.Outputs.First(o => o.Address == whole.Contract.Address));
        var bare = new TxOutput(body.Outputs[at].Address, body.Outputs[at].Value);
        var script = Refusing(body with { Outputs = body.Outputs.SetItem(at, bare) });
        Assert.StartsWith("created escrow, ", Assert.Single(script.Compared).Supplied, StringComparison.Ordinal);
        Assert.DoesNotContain(script.Also, v => v.Rule == $"{EscrowRule.NewResult}");

        script = Refusing(body with { Outputs = body.Outputs.RemoveAt(at) });
        Assert.Equal("the escrow goes on", script.Rule!.Split(": ")[^1]);
        Assert.DoesNotContain(script.Also, v => v.Rule == $"{EscrowRule.NewResult}");

        var datum = EscrowActs.DatumOf(body.Outputs[at], new ContractBook(Cardano.Addresses.NetworkId.Testnet, [whole.Contract], []).EscrowAt(bare.Address)!)!;
        Assert.Equal(
            ("seller_cooldown_time 1", "seller_cooldown_time at least 5"),
            DatumDifference.Between(datum with { SellerCooldown = 1 }, datum with { SellerCooldown = 5 })
        );

        ScriptJudgement Refusing(TransactionBody changed) =>
            Explain(Transaction.Create(changed, whole.Transaction.Witnesses, whole.Transaction.AuxiliaryData), whole.Spent)
                .Scripts.First(s => s.Failure is not null);
    }

    [Fact]
    public void Numbers_beyond_all_there_can_be_are_said_as_they_are_written()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2).First(w => w.Name.Contains("WithdrawRefund", StringComparison.Ordinal));
        var most = whole.Transaction.Body with { Fee = new Lovelace(long.MaxValue), InvalidHereafter = new Slot(long.MaxValue) };
        var hex = Convert.ToHexStringLower(Transaction.Create(most, whole.Transaction.Witnesses).Bytes.Span);
        var beyond = Transaction.FromCbor(Convert.FromHexString(hex.Replace("1b7fffffffffffffff", "1bffffffffffffffff", StringComparison.Ordinal)));
        var explanation = Explain(beyond, whole.Spent);
        var text = string.Join('\n', ExplanationText.Lines(explanation));
        Assert.Contains("fee 18446744073709.551615 ADA", text);
        Assert.Contains("until slot 18446744073709551615", text);
        Assert.Contains("18446744073709551615", ExplanationJson.Of(explanation)["validUntil"]!.ToJsonString());
    }

    [Fact]
    public void An_address_of_another_network_does_not_make_it_one_of_that_network()
    {
        var whole = WholeTransactions.Of(EscrowFamily.V2)[0];
        var foreign = new TxOutput(KnownDeployments.MainnetV2.Contract.Address, Value.Of(Lovelace.FromAda(2)));
        var mixed = Transaction.Create(
            whole.Transaction.Body with
            {
                Outputs = [.. Enumerable.Repeat(foreign, 5), .. whole.Transaction.Body.Outputs],
            },
            whole.Transaction.Witnesses
        );
        Assert.Equal(Cardano.Addresses.NetworkId.Testnet, TransactionExplainer.NetworkOf(mixed, whole.Spent));
        Assert.NotEmpty(Explain(mixed, whole.Spent).Acts);
    }

    [Fact]
    public void A_settlement_says_what_is_signed_for_whom_and_by_how_many()
    {
        foreach (var whole in WholeTransactions.Of(EscrowFamily.V2).Where(w => w.Name.Contains("WithdrawDisputed", StringComparison.Ordinal)))
        {
            var explanation = Explain(whole.Transaction, whole.Spent);
            var ends = explanation.Acts.OfType<ExplainedAct.Ends>().First();
            var settlement = Assert.IsType<ExplainedSettlement>(ends.Settlement);
            Assert.Equal(ends.OldValue, settlement.Buyer + settlement.Seller + settlement.Rest!);
            Assert.InRange(settlement.Votes, settlement.Required, settlement.Places);
            var text = string.Join('\n', ExplanationText.Lines(explanation));
            Assert.Contains($"signed for the buyer: at least {ValueText.Of(settlement.Buyer)}", text);
            Assert.Contains($"{settlement.Votes} of {settlement.Places} places of the admin list signed, {settlement.Required} required", text);
            Assert.DoesNotContain("goes back to the buyer", text);
            Assert.NotNull(ExplanationJson.Of(explanation)["acts"]![0]!["settlement"]!["rest"]);
        }
    }

    private static Explanation Explain(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> spent,
        params ImmutableArray<EscrowContract> contracts
    ) =>
        TransactionExplainer.Explain(
            transaction,
            new ExplanationScene
            {
                Outputs = spent,
                Parameters = WholeTransactions.Parameters,
                Slots = WholeTransactions.Slots,
                Contracts = contracts,
            }
        ) with
        {
            LedgerRefusals = [],
        };
}
