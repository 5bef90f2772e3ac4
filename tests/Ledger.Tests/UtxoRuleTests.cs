using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>UTXO: inputs, outputs, value, fee, limits. Each test spoils one thing of a valid payment.</summary>
public sealed class UtxoRuleTests
{
    private readonly World _world = new();

    [Fact]
    public void A_payment_moves_the_money_and_the_fee()
    {
        var transaction = Sign(Payment);

        var state = Valid(_world.Apply(transaction));

        Assert.Null(state.Find(Hundred.Input));
        Assert.Equal(Ada(40), state.Find(new TxInput(transaction.Id, 0))!.Value);
        Assert.Equal(new Lovelace(200_000), state.FeePot);
        Assert.Equal(_world.State.Utxos.Count + 1, state.Utxos.Count);
    }

    [Fact]
    public void Applying_does_not_change_the_state_before()
    {
        Valid(_world.Apply(Payment));

        Assert.NotNull(_world.State.Find(Hundred.Input));
        Assert.Equal(Lovelace.Zero, _world.State.FeePot);
    }

    [Fact]
    public void InputSetEmptyUTxO()
    {
        var result = _world.Apply(Payment with { Inputs = [] });

        All(result, "InputSetEmptyUTxO", "ValueNotConservedUTxO");
        Among(result, "InputSetEmptyUTxO", "no inputs", "at least one");
    }

    [Fact]
    public void BadInputsUTxO_names_the_missing_inputs_and_the_value_does_not_add_up()
    {
        var result = _world.Apply(Payment with { Inputs = [Hundred.Input, Reference(99)] });

        Only(result, "BadInputsUTxO", $"{Reference(99)}", "unspent outputs");
    }

    [Fact]
    public void BadInputsUTxO_for_an_output_spent_before()
    {
        var transaction = Sign(Payment);
        var after = _world with { State = Valid(_world.Apply(transaction)) };

        All(after.Apply(transaction), "BadInputsUTxO", "ValueNotConservedUTxO");
    }

    [Fact]
    public void BadInputsUTxO_for_an_unknown_reference_input() => Only(_world.Apply(Payment with { ReferenceInputs = [Reference(98)] }), "BadInputsUTxO");

    [Fact]
    public void ValueNotConservedUTxO_says_both_sums()
    {
        var failure = Only(_world.Apply(Payment with { Fee = new Lovelace(200_001) }), "ValueNotConservedUTxO");

        Assert.Equal("Coin 100000000", failure.Supplied);
        Assert.Equal("Coin 100000001", failure.Expected);
    }

    [Fact]
    public void ValueNotConservedUTxO_for_a_token_that_vanishes() =>
        Only(
            _world.Apply(Payment with { Inputs = [WithTokens.Input], Outputs = [new TxOutput(BobAddress, Value.Of(new Lovelace(9_800_000)))] }),
            "ValueNotConservedUTxO"
        );

    [Fact]
    public void ValueNotConservedUTxO_for_sums_beyond_64_bits_instead_of_an_overflow()
    {
        var huge = new TxOutput(BobAddress, Value.Of(new Lovelace(long.MaxValue)));

        var failure = Only(_world.Apply(Payment with { Outputs = [huge, huge] }), "ValueNotConservedUTxO");

        Assert.Equal("Coin 18446744073709751614", failure.Expected);
    }

    [Fact]
    public void A_quantity_of_2_64_less_1_is_conserved_to_the_last_token()
    {
        var (most, rich) = MostTokens();

        var state = Valid(rich.Apply(Moving((AliceAddress, most - 1), (BobAddress, 1))));

        Assert.Equal(most, state.Utxos.Values.Aggregate(Int128.Zero, (sum, o) => sum + o.Value[Foreign]));
        foreach (var wrong in (Int128[])[most - 2, most, long.MaxValue, (Int128)long.MaxValue + 1])
        {
            var failure = Only(rich.Apply(Moving((AliceAddress, wrong), (BobAddress, 1))), "ValueNotConservedUTxO");
            Assert.Contains($"{most}", failure.Supplied, StringComparison.Ordinal);
            Assert.Contains($"{wrong + 1}", failure.Expected, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_outputs_of_2_64_less_1_tokens_are_conserved_together_and_neither_may_vanish()
    {
        var (most, rich) = MostTokens();
        var second = At(21, new TxOutput(AliceAddress, Value.Of(Lovelace.FromAda(10), Foreign, most)));
        rich = rich with { State = LedgerState.Of([.. rich.State.Utxos.Select(u => new Utxo(u.Key, u.Value)), second]) };
        var both = Moving((AliceAddress, most), (BobAddress, most)) with { Inputs = [Reference(20), Reference(21)], Fee = new Lovelace(10_500_000) };

        Valid(rich.Apply(both));

        var failure = Only(rich.Apply(both with { Outputs = [both.Outputs[0], new TxOutput(BobAddress, World.Ada(3))] }), "ValueNotConservedUTxO");
        Assert.Contains("36893488147419103230", failure.Supplied, StringComparison.Ordinal);
    }

    private static readonly AssetId Foreign = new(new PolicyId(Blake2b.Hash224("a policy of somebody else"u8)), new AssetName("most"u8));

    private (Int128 Most, World Rich) MostTokens()
    {
        var tokens = At(20, new TxOutput(AliceAddress, Value.Of(Lovelace.FromAda(10), Foreign, ulong.MaxValue)));
        return (ulong.MaxValue, _world with { State = LedgerState.Of([tokens]) });
    }

    /// <summary>Spends the 10 ADA with the tokens; the last output gets 3 ADA.</summary>
    private static TransactionBody Moving((Address To, Int128 Quantity) first, (Address To, Int128 Quantity) second) =>
        Payment with
        {
            Inputs = [Reference(20)],
            Outputs =
            [
                new TxOutput(first.To, Value.Of(new Lovelace(6_500_000), Foreign, first.Quantity)),
                new TxOutput(second.To, Value.Of(Lovelace.FromAda(3), Foreign, second.Quantity)),
            ],
            Fee = new Lovelace(500_000),
        };

    [Fact]
    public void FeeTooSmallUTxO_says_the_least_fee()
    {
        var change = new TxOutput(AliceAddress, Value.Of(new Lovelace(59_900_000)));
        var body = Payment with { Fee = new Lovelace(100_000), Outputs = [Payment.Outputs[0], change] };

        var failure = Only(_world.Apply(body), "FeeTooSmallUTxO");

        var least = Fees.MinFee(_world.Parameters, Sign(body).Size, default, 0);
        Assert.Equal("Coin 100000", failure.Supplied);
        Assert.Equal($"Coin {least}", failure.Expected);
    }

    [Fact]
    public void The_least_fee_is_enough_and_one_lovelace_less_is_not()
    {
        var least = Fees.MinFee(_world.Parameters, Sign(Payment).Size, default, 0);

        Valid(_world.Apply(With(least)));
        Only(_world.Apply(With(least - new Lovelace(1))), "FeeTooSmallUTxO");

        static TransactionBody With(Lovelace fee) =>
            Payment with
            {
                Fee = fee,
                Outputs = [Payment.Outputs[0], new TxOutput(AliceAddress, Value.Of(new Lovelace(60_000_000) - fee))],
            };
    }

    [Fact]
    public void BabbageOutputTooSmallUTxO_names_the_output_and_the_least_amount()
    {
        var tiny = new TxOutput(BobAddress, Value.Of(new Lovelace(1_000)));
        var rest = new TxOutput(AliceAddress, Value.Of(new Lovelace(99_799_000)));

        var failure = Only(_world.Apply(Payment with { Outputs = [rest, tiny] }), "BabbageOutputTooSmallUTxO");

        Assert.Equal("output 1: Coin 1000", failure.Supplied);
        Assert.Equal($"output 1: Coin {Fees.MinUtxo(_world.Parameters, tiny)}", failure.Expected);
    }

    [Fact]
    public void OutputTooBigUTxO_for_a_value_of_too_many_assets()
    {
        var assets = Enumerable
            .Range(0, 130)
            .Select(i =>
                KeyValuePair.Create(new AssetId(AliceMustSign.Hash.ToPolicyId(), new AssetName([.. Enumerable.Repeat((byte)i, 32)])), (Int128)1_000_000)
            );
        var minted = Value.Of(Lovelace.Zero, assets);
        var body = Payment with
        {
            Mint = minted,
            Fee = new Lovelace(1_000_000),
            Outputs = [new TxOutput(AliceAddress, minted.WithCoin(new Lovelace(99_000_000)))],
        };

        // A pair, the coin, a map of one policy, and 130 assets: a head of 2 bytes, 32 bytes, a quantity of 5.
        var size = 1 + 5 + 1 + 30 + 2 + (130 * 39);
        Only(_world.Apply(body, new WitnessSet { Scripts = [AliceMustSign] }), "OutputTooBigUTxO", $"output 0: {size} bytes", "5000 bytes");
    }

    [Theory]
    [InlineData(23, 1)]
    [InlineData(24, 2)]
    [InlineData(255, 2)]
    [InlineData(257, 2)] // 3 with a definite length, as wallets write it
    public void OutputTooBigUTxO_counts_maps_of_more_than_23_entries_as_of_indefinite_length(int names, int heads)
    {
        var assets = Enumerable
            .Range(0, names)
            .Select(i => KeyValuePair.Create(new AssetId(AliceMustSign.Hash.ToPolicyId(), new AssetName(i == 256 ? [] : [(byte)i])), Int128.One));
        var minted = Value.Of(Lovelace.Zero, assets);
        var body = Payment with
        {
            Mint = minted,
            Fee = new Lovelace(1_000_000),
            Outputs = [new TxOutput(AliceAddress, minted.WithCoin(new Lovelace(99_000_000)))],
        };
        var size = 1 + 5 + 1 + 30 + heads + (3 * names) - (names == 257 ? 1 : 0);

        Valid(At(size).Apply(body, new WitnessSet { Scripts = [AliceMustSign] }));
        Only(At(size - 1).Apply(body, new WitnessSet { Scripts = [AliceMustSign] }), "OutputTooBigUTxO", $"output 0: {size} bytes", $"{size - 1} bytes");

        World At(int limit) => _world with { Environment = _world.Environment with { Parameters = _world.Parameters with { MaxValueSize = limit } } };
    }

    [Theory]
    [InlineData("9804", 1)]
    [InlineData("990004", 2)]
    [InlineData("9a00000004", 4)]
    [InlineData("9b0000000000000004", 8)]
    [InlineData("9f", 1)]
    public void The_size_of_a_transaction_does_not_depend_on_how_the_array_around_it_was_encoded(string head, int longer)
    {
        var usual = Sign(Payment);
        byte[] bytes = [.. Convert.FromHexString(head), .. usual.Bytes.Span[1..], .. head == "9f" ? [0xff] : Array.Empty<byte>()];

        var other = Transaction.FromCbor(bytes);

        Assert.Equal(usual.Bytes.Length + longer, other.Bytes.Length);
        Assert.Equal(usual.Size, other.Size);
        Valid(_world.Apply(other));
    }

    [Fact]
    public void MaxTxSizeUTxO_says_both_sizes()
    {
        var small = _world with { Environment = _world.Environment with { Parameters = _world.Parameters with { MaxTxSize = 200 } } };

        var failure = Only(small.Apply(Payment), "MaxTxSizeUTxO");

        Assert.Equal($"{Sign(Payment).Size}", failure.Supplied);
        Assert.Equal("200", failure.Expected);
    }

    [Theory]
    [InlineData(999, 1001, true)]
    [InlineData(1000, 1001, true)]
    [InlineData(1001, 1002, false)]
    [InlineData(0, 1000, false)]
    public void OutsideValidityIntervalUTxO_unless_lower_is_at_most_the_slot_and_upper_is_beyond(long lower, long upper, bool valid)
    {
        var result = _world.Apply(Payment with { InvalidBefore = new Slot(lower), InvalidHereafter = new Slot(upper) });

        if (valid)
        {
            Valid(result);
        }
        else
        {
            var interval = $"ValidityInterval {{invalidBefore = SJust (SlotNo {lower}), invalidHereafter = SJust (SlotNo {upper})}}";
            Only(result, "OutsideValidityIntervalUTxO", interval, "SlotNo 1000");
        }
    }

    [Fact]
    public void WrongNetwork_for_a_mainnet_output()
    {
        var mainnet = Bob.BaseAddress(NetworkId.Mainnet);

        Only(_world.Apply(Payment with { Outputs = [new TxOutput(mainnet, Ada(40)), Payment.Outputs[1]] }), "WrongNetwork", $"{mainnet}", "Testnet");
    }

    [Fact]
    public void WrongNetworkInTxBody()
    {
        Only(_world.Apply(Payment with { NetworkId = NetworkId.Mainnet }), "WrongNetworkInTxBody", "Mainnet", "Testnet");
        Valid(_world.Apply(Payment with { NetworkId = NetworkId.Testnet }));
    }

    [Fact]
    public void BabbageNonDisjointRefInputs_only_before_protocol_version_11()
    {
        var body = Payment with { ReferenceInputs = [Hundred.Input] };
        var before = _world with { Environment = _world.Environment with { Parameters = _world.Parameters with { ProtocolMajor = 10 } } };

        Only(before.Apply(body), "BabbageNonDisjointRefInputs", $"{Hundred.Input}", "no output both spent and referenced");
        Valid(_world.Apply(body));
    }

    [Fact]
    public void ConwayTreasuryValueMismatch()
    {
        Only(_world.Apply(Payment with { CurrentTreasury = new Lovelace(7) }), "ConwayTreasuryValueMismatch", "Coin 7", "Coin 0");
        Valid(_world.Apply(Payment with { CurrentTreasury = Lovelace.Zero }));
    }

    [Fact]
    public void A_donation_is_part_of_what_is_produced()
    {
        var body = Payment with { Donation = new Lovelace(1_000_000), Outputs = [new TxOutput(BobAddress, Ada(39)), Payment.Outputs[1]] };

        Assert.Equal(new Lovelace(1_000_000), Valid(_world.Apply(body)).Donations);
    }

    [Fact]
    public void ConwayTxRefScriptsSizeTooBig()
    {
        var limited = _world with { Environment = _world.Environment with { MaxReferenceScriptBytes = 5 } };

        Only(limited.Apply(Payment with { ReferenceInputs = [BobsReference.Input] }), "ConwayTxRefScriptsSizeTooBig", $"{Accepts.Bytes.Length}", "5");
        Valid(_world.Apply(Payment with { ReferenceInputs = [BobsReference.Input] }));
    }

    [Fact]
    public void A_mempool_also_counts_the_reference_scripts_of_transactions_that_admit_that_their_scripts_fail()
    {
        var limited = _world with { Environment = _world.Environment with { MaxReferenceScriptBytes = 5 } };
        var body = Payment with { ReferenceInputs = [BobsReference.Input] };

        var failure = Conway.RefuseFromMempool(limited.State, limited.Environment, Sign(body, isValid: false));

        Assert.Equal(("ConwayTxRefScriptsSizeTooBig", $"{Accepts.Bytes.Length}", "5"), (failure!.Predicate, failure.Supplied, failure.Expected));
        Assert.Null(Conway.RefuseFromMempool(_world.State, _world.Environment, Sign(body, isValid: false)));
        Only(limited.Apply(Sign(body)), failure.Predicate);
    }

    [Theory]
    [InlineData(1463, true)] // 44 for each asset and 28 for each of 41 policies make 65520
    [InlineData(1464, false)]
    public void More_assets_than_the_ledger_can_keep_in_one_value_do_not_decode(int count, bool decodes)
    {
        var assets = Enumerable
            .Range(0, count)
            .Select(i =>
                KeyValuePair.Create(
                    new AssetId(new PolicyId(new Hash28([.. Enumerable.Repeat((byte)(i % 41), 28)])), new AssetName([(byte)(i / 41)])),
                    Int128.One
                )
            );
        var body = Payment with { Outputs = [new TxOutput(BobAddress, Value.Of(Lovelace.FromAda(90), assets))] };

        var problem = Record.Exception(() => Transaction.Create(body, WitnessSet.Empty));

        Assert.Equal(decodes, problem is null);
        Assert.True(decodes || problem is CborFormatException, $"{problem}");
    }

    [Fact]
    public void A_bound_beyond_the_end_of_time_cannot_stand_in_a_script_context()
    {
        var transaction = Sign(ScriptSpend with { InvalidHereafter = new Slot(long.MaxValue) }, ScriptWitness);

        var evaluation = new Plutus.PlutusEvaluator().Evaluate(
            transaction,
            new Dictionary<TxInput, TxOutput> { [Locked.Input] = Locked.Output },
            _world.Parameters,
            _world.Environment.Slots
        );

        Assert.Contains("TimeTranslationPastHorizon", evaluation.ContextFailure, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_broken_rules_are_all_reported_in_ledger_order() =>
        All(
            _world.Apply(
                Payment with
                {
                    Fee = new Lovelace(1),
                    InvalidHereafter = new Slot(10),
                    NetworkId = NetworkId.Mainnet,
                    AuxiliaryDataHash = default(AuxiliaryDataHash),
                },
                signers: []
            ),
            "MissingVKeyWitnessesUTXOW",
            "MissingTxMetadata",
            "OutsideValidityIntervalUTxO",
            "FeeTooSmallUTxO",
            "ValueNotConservedUTxO",
            "WrongNetworkInTxBody"
        );

    [Fact]
    public void Votes_and_proposals_are_refused_as_outside_the_scope_of_this_ledger()
    {
        var (key, id) = (new string('1', 56), new string('2', 64));
        var vote = Convert.FromHexString($"a1 8202581c{key} a1 825820{id}00 8201f6".Replace(" ", "", StringComparison.Ordinal));
        var proposal = Convert.FromHexString($"81 84 01 581de0{key} 8106 82 6161 5820{id}".Replace(" ", "", StringComparison.Ordinal));

        Refused(Payment with { VotingProcedures = vote }, "voting procedures (body key 19)");
        Refused(Payment with { ProposalProcedures = proposal }, "proposal procedures (body key 20)");

        void Refused(TransactionBody body, string what) =>
            Only(_world.Apply(body), LedgerFailure.OutsideScopePredicate, $"{what}: outside this ledger's scope", "no governance procedures");
    }

    [Fact]
    public void Coins_up_to_2_64_less_1_are_judged_like_any_other()
    {
        var most = Lovelace.FromCoin(ulong.MaxValue);
        var huge = new TxOutput(BobAddress, Value.Of(most));
        var account = Address.Reward(NetworkId.Testnet, Credential.Key(Alice.Stake.KeyHash));

        Only(_world.Apply(Payment with { Outputs = [huge] }), "ValueNotConservedUTxO", "Coin 100000000", "Coin 18446744073709751615");
        Only(_world.Apply(Payment with { Fee = most }), "ValueNotConservedUTxO", "Coin 100000000", "Coin 18446744073809351615");
        Among(_world.Apply(Payment with { Donation = most }), "ValueNotConservedUTxO", "Coin 100000000", "Coin 18446744073809551615");
        Among(_world.Apply(Payment with { CurrentTreasury = most }), "ConwayTreasuryValueMismatch", "Coin 18446744073709551615", "Coin 0");
        Among(_world.Apply(Payment with { Withdrawals = [new(account, most)] }), "ValueNotConservedUTxO", "Coin 18446744073809551615", "Coin 100000000");
        Among(
            _world.ApplyScript(ScriptSpend with { TotalCollateral = most, CollateralReturn = huge }, ScriptWitness),
            "IncorrectTotalCollateralField",
            "Coin 18446744073709551615",
            "DeltaCoin -18446744073704551615"
        );
    }
}
