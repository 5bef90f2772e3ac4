using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>Money at a script, and the transaction that takes it.</summary>
internal static class ScriptSpend
{
    /// <summary>(lam x ()), Plutus V3.</summary>
    public static readonly Script Accepts = new(ScriptLanguage.PlutusV3, Convert.FromHexString("450101002499"));

    /// <summary>(lam x error), Plutus V3.</summary>
    public static readonly Script Refuses = new(ScriptLanguage.PlutusV3, Convert.FromHexString("450101002601"));

    /// <summary>Locks 10 ADA at the script with 5 ADA beside as collateral, and builds the transaction that takes the 10.</summary>
    public static Transaction Of(DevnetChain chain, Script script, TxInput? instead = null, bool isValid = true)
    {
        var locked = Fund(chain, Address.Create(NetworkId.Testnet, Credential.Script(script.Hash)), 10);
        var collateral = Fund(chain, Wallet.Alice.Address, 5);
        var witnesses = new WitnessSet
        {
            Scripts = [script],
            Redeemers = [new Redeemer(new RedeemerPointer(RedeemerTag.Spend, 0), Datum.Of(PlutusData.I(1)), new ExUnits(5_000, 2_000_000))],
        };
        var body = new TransactionBody
        {
            Inputs = [instead ?? locked],
            Outputs = [new TxOutput(Wallet.Alice.Address, Value.Of(new Lovelace(9_500_000)))],
            Fee = new Lovelace(500_000),
            Collateral = [collateral],
            CollateralReturn = new TxOutput(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(2))),
        };
        var draft = Transaction.Create(body, witnesses);
        var hash = ScriptIntegrity.Hash(draft.RedeemerBytes, draft.DatumBytes, new HashSet<ScriptLanguage> { script.Language }, chain.Parameters);
        var unsigned = Transaction.Create(body with { ScriptDataHash = hash }, witnesses, null, isValid);
        return unsigned.WithVKeys([Wallet.Alice.Keys.Payment.Witness(unsigned.Id)]);
    }

    private static TxInput Fund(DevnetChain chain, Address address, long ada) =>
        Assert.IsType<DevnetFunding.Paid>(chain.Fund(address, Value.Of(Lovelace.FromAda(ada)))).Output;
}
