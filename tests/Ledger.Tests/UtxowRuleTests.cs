using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>UTXOW: signatures, scripts, datums, redeemers, metadata, script data hash.</summary>
public sealed class UtxowRuleTests
{
    private readonly World _world = new();

    [Fact]
    public void MissingVKeyWitnessesUTXOW_for_the_key_of_an_input()
    {
        var failure = Only(_world.Apply(Payment, signers: [Bob.Payment]), "MissingVKeyWitnessesUTXOW");

        Assert.Equal($"KeyHash {Alice.Payment.KeyHash}", failure.Supplied);
    }

    [Fact]
    public void MissingVKeyWitnessesUTXOW_for_a_required_signer()
    {
        var body = Payment with { RequiredSigners = [Bob.Payment.KeyHash] };

        Only(
            _world.Apply(body),
            "MissingVKeyWitnessesUTXOW",
            $"KeyHash {Bob.Payment.KeyHash}",
            string.Join(", ", new[] { Alice.Payment.KeyHash, Bob.Payment.KeyHash }.Order().Select(h => $"KeyHash {h}"))
        );
        Valid(_world.Apply(body, signers: [Alice.Payment, Bob.Payment]));
    }

    [Fact]
    public void MissingVKeyWitnessesUTXOW_for_the_key_of_the_collateral()
    {
        var world = _world with { State = LedgerState.Of([Locked, At(7, new TxOutput(BobAddress, Ada(5)))]) };

        Only(world.ApplyScript(ScriptSpend with { Collateral = [Reference(7)] }, ScriptWitness), "MissingVKeyWitnessesUTXOW");
    }

    [Fact]
    public void InvalidWitnessesUTXOW_for_a_signature_of_something_else()
    {
        var transaction = Transaction.Create(Payment, WitnessSet.Empty);
        var other = Alice.Payment.Witness(default);

        All(_world.Apply(transaction.WithVKeys([other])), "InvalidWitnessesUTXOW");
    }

    [Fact]
    public void InvalidWitnessesUTXOW_also_for_a_signature_nobody_asked_for()
    {
        var transaction = Sign(Payment);

        Only(
            _world.Apply(transaction.WithVKeys([Bob.Payment.Witness(default)])),
            "InvalidWitnessesUTXOW",
            $"VKey {Convert.ToHexStringLower(Bob.Payment.PublicKey.Span)}",
            $"signatures of {transaction.Id}"
        );
        Valid(_world.Apply(transaction.WithVKeys([Bob.Payment.Witness(transaction.Id)])));
    }

    [Fact]
    public void A_bootstrap_witness_with_broken_attributes_is_refused_without_an_exception()
    {
        var witness = new BootstrapWitness(Alice.Payment.PublicKey, new byte[64], new byte[32], new byte[] { 0xff });

        All(_world.Apply(Transaction.Create(Payment, new WitnessSet { Bootstrap = [witness] })), "InvalidWitnessesUTXOW", "MissingVKeyWitnessesUTXOW");
    }

    [Fact]
    public void A_native_script_mints_when_its_key_signs()
    {
        var state = Valid(_world.Apply(Mint(7), new WitnessSet { Scripts = [AliceMustSign] }));

        Assert.Equal(7, state.Utxos.Values.Where(o => o.Value.Coin == Lovelace.FromAda(40)).Aggregate(Int128.Zero, (sum, o) => sum + o.Value[Token]));
    }

    [Fact]
    public void MissingScriptWitnessesUTXOW_for_a_mint_nobody_authorised()
    {
        Only(_world.Apply(Mint(7)), "MissingScriptWitnessesUTXOW", $"{Token.Policy}", $"[{Token.Policy}]");
    }

    [Fact]
    public void ScriptWitnessNotValidatingUTXOW_for_a_mint_without_the_policys_key()
    {
        var world = _world with { State = LedgerState.Of([At(1, new TxOutput(BobAddress, Ada(100)))]) };

        Only(
            world.Apply(Mint(7), new WitnessSet { Scripts = [AliceMustSign] }, signers: [Bob.Payment]),
            "ScriptWitnessNotValidatingUTXOW",
            $"{AliceMustSign.Hash}",
            "scripts that accept signers and validity interval"
        );
    }

    [Fact]
    public void ExtraneousScriptWitnessesUTXOW_for_a_script_nothing_needs() =>
        Only(_world.Apply(Payment, new WitnessSet { Scripts = [AliceMustSign] }), "ExtraneousScriptWitnessesUTXOW", $"{AliceMustSign.Hash}", "[]");

    [Fact]
    public void ExtraneousScriptWitnessesUTXOW_for_a_script_both_attached_and_referenced() =>
        Only(_world.ApplyScript(ScriptSpend with { ReferenceInputs = [BobsReference.Input] }, ScriptWitness), "ExtraneousScriptWitnessesUTXOW");

    [Fact]
    public void A_referenced_script_need_not_be_attached() =>
        Valid(_world.ApplyScript(ScriptSpend with { ReferenceInputs = [BobsReference.Input] }, ScriptWitness with { Scripts = [] }));

    [Fact]
    public void MissingRedeemers()
    {
        var witnesses = ScriptWitness with { Redeemers = [] };
        var body = ScriptSpend with { ScriptDataHash = _world.DataHash(witnesses, ScriptLanguage.PlutusV3) };

        Only(_world.Apply(body, witnesses), "MissingRedeemers", "spend:0", "[spend:0]");
    }

    [Fact]
    public void ExtraRedeemers()
    {
        var witnesses = ScriptWitness with { Redeemers = [RedeemerFor(RedeemerTag.Spend, 0), RedeemerFor(RedeemerTag.Mint, 0)] };

        Only(_world.ApplyScript(ScriptSpend, witnesses), "ExtraRedeemers", "mint:0", "[spend:0]");
    }

    [Fact]
    public void Redeemers_point_to_sorted_inputs()
    {
        // The script input is the later of the two in ledger order, whatever the order in the body.
        var body = ScriptSpend with
        {
            Inputs = [Locked.Input, Hundred.Input],
            Outputs = [new TxOutput(AliceAddress, Value.Of(new Lovelace(119_700_000)))],
        };

        All(_world.ApplyScript(body, ScriptWitness), "ExtraRedeemers", "MissingRedeemers");
        Valid(_world.ApplyScript(body, ScriptWitness with { Redeemers = [RedeemerFor(RedeemerTag.Spend, 1)] }));
    }

    [Fact]
    public void MissingRequiredDatums_and_the_datum_that_is_there_is_supplemental()
    {
        var right = Datum.Of(PlutusData.I(1));
        var wrong = Datum.Of(PlutusData.I(2));
        var locked = Locked with { Output = Locked.Output with { Datum = new TxDatum.ByHash(right.Hash) } };
        var world = _world with { State = LedgerState.Of([locked, Collateral]) };

        Valid(world.ApplyScript(ScriptSpend, ScriptWitness with { Datums = [right] }));
        Only(world.ApplyScript(ScriptSpend, ScriptWitness), "MissingRequiredDatums", "[]", $"[{right.Hash}]");
        All(world.ApplyScript(ScriptSpend, ScriptWitness with { Datums = [wrong] }), "MissingRequiredDatums", "NotAllowedSupplementalDatums");
    }

    [Fact]
    public void NotAllowedSupplementalDatums_unless_an_output_carries_the_hash()
    {
        var datum = Datum.Of(PlutusData.I(3));
        var witnesses = ScriptWitness with { Datums = [datum] };
        var announced = ScriptSpend.Outputs[0] with { Datum = new TxDatum.ByHash(datum.Hash) };

        Only(_world.ApplyScript(ScriptSpend, witnesses), "NotAllowedSupplementalDatums", $"[{datum.Hash}]", "[]");
        Valid(_world.ApplyScript(ScriptSpend with { Outputs = [announced] }, witnesses));
    }

    [Fact]
    public void UnspendableUTxONoDatumHash_for_V2_but_not_for_V3()
    {
        var world = _world with { State = LedgerState.Of([At(4, new TxOutput(ScriptAddress(AcceptsV2), Ada(20))), Collateral]) };
        var witnesses = ScriptWitness with { Scripts = [AcceptsV2] };
        var body = ScriptSpend with { ScriptDataHash = world.DataHash(witnesses, ScriptLanguage.PlutusV2) };

        Only(world.Apply(body, witnesses), "UnspendableUTxONoDatumHash", $"{Locked.Input}", "outputs with a datum");
        Valid(_world.ApplyScript(ScriptSpend, ScriptWitness));
    }

    [Fact]
    public void ScriptIntegrityHashMismatch_says_the_right_hash()
    {
        var expected = _world.DataHash(ScriptWitness, ScriptLanguage.PlutusV3);

        var wrong = default(ScriptDataHash);
        Only(_world.Apply(ScriptSpend with { ScriptDataHash = wrong }, ScriptWitness), "ScriptIntegrityHashMismatch", $"SJust {wrong}", $"SJust {expected}");
        Only(_world.Apply(ScriptSpend, ScriptWitness), "ScriptIntegrityHashMismatch", "SNothing", $"SJust {expected}");
        Valid(_world.Apply(ScriptSpend with { ScriptDataHash = expected }, ScriptWitness));
    }

    [Fact]
    public void ScriptIntegrityHashMismatch_also_says_what_should_have_been_hashed()
    {
        var failure = Only(_world.Apply(ScriptSpend, ScriptWitness), "ScriptIntegrityHashMismatch");

        var preimage = Convert.FromHexString(failure.Detail!.Split('"')[1]);
        Assert.Equal(_world.DataHash(ScriptWitness, ScriptLanguage.PlutusV3)?.Hash, Blake2b.Hash256(preimage));
        Assert.EndsWith($" ({failure.Detail}))", $"{failure}", StringComparison.Ordinal);
        Assert.Equal("SNothing", Only(_world.Apply(Payment with { ScriptDataHash = default(ScriptDataHash) }), "ScriptIntegrityHashMismatch").Detail);
    }

    [Fact]
    public void PPViewHashesDontMatch_is_the_name_before_protocol_version_11()
    {
        var before = _world with { Environment = _world.Environment with { Parameters = _world.Parameters with { ProtocolMajor = 10 } } };

        Assert.Null(Only(before.Apply(ScriptSpend, ScriptWitness), "PPViewHashesDontMatch").Detail);
    }

    [Fact]
    public void ScriptIntegrityHashMismatch_for_a_hash_without_scripts() =>
        Only(_world.Apply(Payment with { ScriptDataHash = default(ScriptDataHash) }), "ScriptIntegrityHashMismatch");

    [Fact]
    public void Metadata_and_its_hash_belong_together()
    {
        var data = Metadata("hello");
        var hash = new AuxiliaryDataHash(Blake2b.Hash256(data.Bytes.Span));

        Valid(_world.Apply(Payment with { AuxiliaryDataHash = hash }, auxiliary: data));
        Only(_world.Apply(Payment with { AuxiliaryDataHash = hash }), "MissingTxMetadata", $"{hash}", "auxiliary data of this hash");
        Only(_world.Apply(Payment, auxiliary: data), "MissingTxBodyMetadataHash", $"{hash}", "this hash in the body");
        var other = Metadata("other");
        Only(
            _world.Apply(Payment with { AuxiliaryDataHash = hash }, auxiliary: other),
            "ConflictingMetadataHash",
            $"{hash}",
            $"{Blake2b.Hash256(other.Bytes.Span)}"
        );
    }

    [Fact]
    public void MalformedScriptWitnesses()
    {
        var garbage = new Script(ScriptLanguage.PlutusV3, Convert.FromHexString("43ffffff"));
        var world = _world with { State = LedgerState.Of([At(4, new TxOutput(ScriptAddress(garbage), Ada(20))), Collateral]) };

        Only(world.ApplyScript(ScriptSpend, ScriptWitness with { Scripts = [garbage] }), "MalformedScriptWitnesses", $"{garbage.Hash}", Required);
        Valid(_world.ApplyScript(ScriptSpend, ScriptWitness));
    }

    [Fact]
    public void MalformedReferenceScripts()
    {
        var garbage = new Script(ScriptLanguage.PlutusV2, Convert.FromHexString("43ffffff"));
        var output = Payment.Outputs[0] with { ReferenceScript = garbage };

        Only(_world.Apply(Payment with { Outputs = [output, Payment.Outputs[1]] }), "MalformedReferenceScripts", $"{garbage.Hash}", Required);
    }

    private const string Required = "scripts of their language at protocol version 11";

    private static TransactionBody Mint(long quantity) =>
        Payment with
        {
            Mint = Value.Of(Lovelace.Zero, Token, quantity),
            Outputs = [new TxOutput(BobAddress, Value.Of(Lovelace.FromAda(40), Token, quantity)), Payment.Outputs[1]],
        };

    private static AuxiliaryData Metadata(string text)
    {
        var writer = new System.Formats.Cbor.CborWriter();
        writer.WriteStartMap(1);
        writer.WriteUInt64(674);
        writer.WriteTextString(text);
        writer.WriteEndMap();
        return new AuxiliaryData(
            System.Collections.Immutable.ImmutableSortedDictionary<ulong, Metadatum>.Empty.Add(674, new Metadatum.Text(text)),
            [],
            writer.Encode()
        );
    }
}
