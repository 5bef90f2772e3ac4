using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Building;

/// <summary>Keys, addresses and outputs for builder tests, all computed from small numbers.</summary>
internal static class Wallet
{
    public static readonly SigningKey Owner = Key(1);
    public static readonly SigningKey Other = Key(2);
    public static readonly Address Home = KeyAddress(Owner);
    public static readonly Script Escrow = Script(0x51);
    public static readonly Script Policy = Script(0x52);
    public static readonly Address EscrowAddress = Address.Create(NetworkId.Testnet, Credential.Script(Escrow.Hash));

    public static SigningKey Key(byte number)
    {
        var seed = new byte[32];
        seed[0] = number;
        return SigningKey.FromSeed(seed);
    }

    public static Address KeyAddress(SigningKey key) => Address.Create(NetworkId.Testnet, Credential.Key(key.KeyHash), Credential.Key(Key(99).KeyHash));

    public static Script Script(byte filler, int length = 300) => new(ScriptLanguage.PlutusV3, Enumerable.Repeat(filler, length).ToArray());

    public static TxInput Input(int number) => new(new TransactionId(Blake2b.Hash256(BitConverter.GetBytes(number))), number % 7);

    public static Utxo Ada(int number, long lovelace, SigningKey? key = null) =>
        new(Input(number), new TxOutput(KeyAddress(key ?? Owner), Value.Of(new Lovelace(lovelace))));

    public static Utxo Tokens(int number, long lovelace, params (AssetId Asset, Int128 Quantity)[] assets) =>
        new(Input(number), new TxOutput(Home, Value.Of(new Lovelace(lovelace), assets.Select(a => KeyValuePair.Create(a.Asset, a.Quantity)))));

    public static AssetId Asset(int number) =>
        new(new PolicyId(Blake2b.Hash224([(byte)(number % 5)])), new AssetName(Blake2b.Hash256([(byte)number]).ToArray().AsSpan(0, number % 33)));

    public static ScriptInput Locked(int number, Value value, long redeemer, Script? attached) =>
        new(
            new Utxo(Input(number), new TxOutput(EscrowAddress, value, new TxDatum.Inline(Datum.Of(PlutusData.C(0, PlutusData.I(number)))))),
            PlutusData.I(redeemer),
            attached
        );

    public static BuildResult Build(TransactionPlan plan, IScriptEvaluator? evaluator = null, ProtocolParameters? parameters = null) =>
        TransactionBuilder.Build(
            plan,
            parameters ?? ProtocolParameters.Mainnet,
            SlotConfig.Preprod,
            evaluator ?? new PricedScripts(_ => new ExUnits(500_000, 200_000_000))
        );

    public static BuildResult.Built Built(TransactionPlan plan, IScriptEvaluator? evaluator = null, ProtocolParameters? parameters = null)
    {
        var result = Build(plan, evaluator, parameters);
        return Assert.IsType<BuildResult.Built>(result);
    }

    public static TReason Refused<TReason>(BuildResult result)
        where TReason : BuildFailure => Assert.IsType<TReason>(Assert.IsType<BuildResult.Failed>(result).Reason);
}

/// <summary>The edge of the builder: scripts that always accept and use what the given function says.</summary>
internal sealed class PricedScripts(Func<Transaction, ExUnits> price, string? failure = null) : IScriptEvaluator
{
    public int Calls { get; private set; }

    public TransactionEvaluation Evaluate(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        SlotConfig slots,
        ExUnits? limit = null
    )
    {
        Calls++;
        Assert.All(transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs), i => Assert.Contains(i, utxos));
        return new TransactionEvaluation(
            [.. transaction.Witnesses.Redeemers.Select(r => new ScriptExecution(r.Pointer, default, price(transaction), [], failure))],
            null
        );
    }
}
