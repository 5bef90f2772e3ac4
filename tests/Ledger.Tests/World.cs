using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using Masumi.Plutus;

namespace Masumi.Ledger.Tests;

/// <summary>
/// Two people and a handful of outputs. <see cref="Payment"/> and <see cref="ScriptSpend"/> are valid as they stand; every rule test
/// spoils one thing. Mnemonics are public test vectors.
/// </summary>
internal sealed record World
{
    public static readonly WalletKeys Alice = WalletKeys.FromMnemonic(
        "test test test test test test test test test test test test test test test test test test test test test test test sauce"
    );

    public static readonly WalletKeys Bob = WalletKeys.FromMnemonic(
        "test test test test test test test test test test test test test test test test test test test test test test test sauce",
        account: 1
    );

    public static readonly Address AliceAddress = Alice.BaseAddress(NetworkId.Testnet);
    public static readonly Address BobAddress = Bob.BaseAddress(NetworkId.Testnet);

    // (lam x ()) and (lam x error), Plutus V3.
    public static readonly Script Accepts = new(ScriptLanguage.PlutusV3, Convert.FromHexString("450101002499"));
    public static readonly Script Refuses = new(ScriptLanguage.PlutusV3, Convert.FromHexString("450101002601"));

    // (lam d (lam r (lam c ()))), Plutus V2.
    public static readonly Script AcceptsV2 = new(ScriptLanguage.PlutusV2, Convert.FromHexString("46010000222499"));

    public static readonly Script AliceMustSign = Native(w =>
    {
        w.WriteStartArray(2);
        w.WriteInt32(0);
        w.WriteByteString(Alice.Payment.KeyHash.ToArray());
        w.WriteEndArray();
    });

    public static readonly AssetId Token = new(AliceMustSign.Hash.ToPolicyId(), new AssetName("token"u8));

    public static readonly Utxo Hundred = At(1, new TxOutput(AliceAddress, Ada(100)));
    public static readonly Utxo Collateral = At(2, new TxOutput(AliceAddress, Ada(5)));
    public static readonly Utxo WithTokens = At(3, new TxOutput(AliceAddress, Value.Of(Lovelace.FromAda(10), Token, 50)));
    public static readonly Utxo Locked = At(4, new TxOutput(ScriptAddress(Accepts), Ada(20)));
    public static readonly Utxo LockedToFail = At(5, new TxOutput(ScriptAddress(Refuses), Ada(20)));
    public static readonly Utxo BobsReference = At(6, new TxOutput(BobAddress, Ada(30), null, Accepts));

    public LedgerState State { get; init; } = LedgerState.Of([Hundred, Collateral, WithTokens, Locked, LockedToFail, BobsReference]);

    public LedgerEnvironment Environment { get; init; } = new(ProtocolParameters.Mainnet, SlotConfig.Preview, NetworkId.Testnet, new Slot(1000));

    public ProtocolParameters Parameters => Environment.Parameters;

    /// <summary>Alice pays Bob 40 of her 100 ADA.</summary>
    public static TransactionBody Payment { get; } =
        new()
        {
            Inputs = [Hundred.Input],
            Outputs = [new TxOutput(BobAddress, Ada(40)), new TxOutput(AliceAddress, Value.Of(new Lovelace(59_800_000)))],
            Fee = new Lovelace(200_000),
        };

    /// <summary>Alice takes 20 ADA from the script that accepts.</summary>
    public static TransactionBody ScriptSpend { get; } =
        new()
        {
            Inputs = [Locked.Input],
            Outputs = [new TxOutput(AliceAddress, Value.Of(new Lovelace(19_700_000)))],
            Fee = new Lovelace(300_000),
            Collateral = [Collateral.Input],
        };

    public static WitnessSet ScriptWitness { get; } = new() { Scripts = [Accepts], Redeemers = [RedeemerFor(RedeemerTag.Spend, 0)] };

    public static Value Ada(long ada) => Value.Of(Lovelace.FromAda(ada));

    public static Address ScriptAddress(Script script) => Address.Create(NetworkId.Testnet, Credential.Script(script.Hash));

    public static TxInput Reference(byte n, int index = 0) => new(new TransactionId(new Hash32([.. Enumerable.Repeat(n, 32)])), index);

    public static Utxo At(byte n, TxOutput output) => new(Reference(n), output);

    public static Redeemer RedeemerFor(RedeemerTag tag, int index, ExUnits? units = null) =>
        new(new RedeemerPointer(tag, index), Datum.Of(PlutusData.I(42)), units ?? new ExUnits(2000, 1_000_000));

    public static Script Native(Action<CborWriter> write)
    {
        var writer = new CborWriter();
        write(writer);
        return new Script(ScriptLanguage.Native, writer.Encode());
    }

    /// <summary>The script data hash the ledger wants for these witnesses.</summary>
    public ScriptDataHash? DataHash(WitnessSet witnesses, params ScriptLanguage[] languages)
    {
        var draft = Transaction.Create(Payment, witnesses);
        return ScriptIntegrity.Hash(draft.RedeemerBytes, draft.DatumBytes, languages.ToHashSet(), Parameters);
    }

    /// <summary>Builds, signs and applies.</summary>
    public ApplyResult Apply(
        TransactionBody body,
        WitnessSet? witnesses = null,
        AuxiliaryData? auxiliary = null,
        bool isValid = true,
        SigningKey[]? signers = null
    ) => Apply(Sign(body, witnesses, auxiliary, isValid, signers));

    public ApplyResult Apply(Transaction transaction) => Conway.Apply(State, Environment, transaction, new PlutusEvaluator());

    /// <summary>As <see cref="ScriptSpend"/>, with the right script data hash for V3 filled in.</summary>
    public ApplyResult ApplyScript(TransactionBody body, WitnessSet witnesses, bool isValid = true, AuxiliaryData? auxiliary = null) =>
        Apply(body with { ScriptDataHash = DataHash(witnesses, ScriptLanguage.PlutusV3) }, witnesses, auxiliary, isValid);

    public static Transaction Sign(
        TransactionBody body,
        WitnessSet? witnesses = null,
        AuxiliaryData? auxiliary = null,
        bool isValid = true,
        SigningKey[]? signers = null
    )
    {
        var unsigned = Transaction.Create(body, witnesses ?? WitnessSet.Empty, auxiliary, isValid);
        return unsigned.WithVKeys((signers ?? [Alice.Payment]).Select(k => k.Witness(unsigned.Id)));
    }

    public static LedgerState Valid(ApplyResult result)
    {
        if (result is ApplyResult.Refused refused)
        {
            Assert.Fail(string.Join("\n", refused.Failures));
        }

        return Assert.IsType<ApplyResult.Applied>(result).State;
    }

    public static ImmutableArray<LedgerFailure> Failures(ApplyResult result) => Assert.IsType<ApplyResult.Refused>(result).Failures;

    /// <summary>The only failure, which must be of this predicate.</summary>
    public static LedgerFailure Only(ApplyResult result, string predicate)
    {
        var failures = Failures(result);
        Assert.Equal([predicate], failures.Select(f => f.Predicate));
        Assert.NotEmpty(failures[0].Supplied);
        Assert.False(string.IsNullOrEmpty(failures[0].Expected));
        return failures[0];
    }

    /// <summary>The only failure, with both values.</summary>
    public static void Only(ApplyResult result, string predicate, string supplied, string expected)
    {
        var failure = Only(result, predicate);
        Assert.Equal(supplied, failure.Supplied);
        Assert.Equal(expected, failure.Expected);
    }

    /// <summary>Among the failures is this one, with both values.</summary>
    public static void Among(ApplyResult result, string predicate, string supplied, string expected)
    {
        var failure = Assert.Single(Failures(result), f => f.Predicate == predicate);
        Assert.Equal((supplied, expected), (failure.Supplied, failure.Expected));
    }

    /// <summary>All predicates, in order.</summary>
    public static void All(ApplyResult result, params string[] predicates) => Assert.Equal(predicates, Failures(result).Select(f => f.Predicate));
}
