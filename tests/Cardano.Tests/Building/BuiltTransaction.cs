using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Building;

/// <summary>What must hold of every transaction the builder makes, computed anew from its bytes.</summary>
internal static class BuiltTransaction
{
    public static void MustHold(TransactionPlan plan, BuildResult.Built built, ProtocolParameters parameters)
    {
        var transaction = Transaction.FromCbor(built.Transaction.Bytes);
        var body = transaction.Body;
        Assert.Equal(built.Transaction.Id, transaction.Id);
        Assert.Equal(transaction.Bytes.ToArray(), Transaction.Create(body, transaction.Witnesses, transaction.AuxiliaryData).Bytes.ToArray());
        var known = plan
            .Inputs.Concat(plan.Available)
            .Concat(plan.Collateral)
            .Concat(plan.ScriptInputs.Select(i => i.Utxo))
            .Concat(plan.ReferenceInputs)
            .DistinctBy(u => u.Input)
            .ToDictionary(u => u.Input, u => u.Output);

        Assert.Equal(body.Inputs.Order(), body.Inputs);
        Assert.Equal(Sum(body.Inputs.Select(i => known[i])) + body.Mint, Sum(body.Outputs) + Value.Of(body.Fee));
        Assert.All(plan.Inputs.Concat(plan.ScriptInputs.Select(i => i.Utxo)), u => Assert.Contains(u.Input, body.Inputs));
        Assert.Equal(plan.Outputs, body.Outputs.Take(plan.Outputs.Length));
        Assert.All(body.Outputs.Skip(plan.Outputs.Length), o => Assert.Equal(plan.ChangeAddress, o.Address));
        Assert.Equal(body.Outputs.Length > plan.Outputs.Length ? plan.Outputs.Length : null, built.ChangeIndex);
        Assert.All(body.Outputs, o => Assert.True(o.Value.Coin.Amount >= (160 + o.Bytes.Length) * parameters.CoinsPerUtxoByte));

        FeeIsTheLeast(transaction, known, parameters);
        ScriptsAreWitnessed(plan, transaction, parameters);
        CollateralIsEnough(transaction, known, parameters);
        Assert.All(transaction.Witnesses.VKeys, w => Assert.True(Ed25519.Verify(w.PublicKey.Span, transaction.Id.ToArray(), w.Signature.Span)));
    }

    private static void FeeIsTheLeast(Transaction transaction, Dictionary<TxInput, TxOutput> known, ProtocolParameters parameters)
    {
        var body = transaction.Body;
        var units = transaction.Witnesses.Redeemers.Aggregate(default(ExUnits), (sum, r) => sum + r.Units);
        Assert.True(units.FitsIn(parameters.MaxTxExUnits));
        Assert.True(transaction.Size <= parameters.MaxTxSize);
        var referenceScripts = Fees.ReferenceScriptBytes(body.Inputs.Concat(body.ReferenceInputs).Distinct().Select(i => known[i]));
        Assert.Equal(Fees.MinFee(parameters, transaction.Size, units, referenceScripts), body.Fee);
    }

    private static void ScriptsAreWitnessed(TransactionPlan plan, Transaction transaction, ProtocolParameters parameters)
    {
        var body = transaction.Body;
        var redeemers = transaction.Witnesses.Redeemers.ToDictionary(r => r.Pointer, r => r.Data.Data);
        Assert.Equal(plan.ScriptInputs.Length + plan.Mints.Count(m => m.Redeemer is not null), redeemers.Count);
        foreach (var input in plan.ScriptInputs)
        {
            Assert.Equal(input.Redeemer, redeemers[new RedeemerPointer(RedeemerTag.Spend, body.Inputs.Order().ToList().IndexOf(input.Utxo.Input))]);
        }

        var policies = body.Mint.Assets.Keys.Select(a => a.Policy).Distinct().Order().ToList();
        foreach (var mint in plan.Mints.Where(m => m.Redeemer is not null))
        {
            Assert.Equal(mint.Redeemer, redeemers[new RedeemerPointer(RedeemerTag.Mint, policies.IndexOf(mint.Policy))]);
        }

        var languages = redeemers.Count > 0 ? new HashSet<ScriptLanguage> { ScriptLanguage.PlutusV3 } : [];
        Assert.Equal(ScriptIntegrity.Hash(transaction.RedeemerBytes, transaction.DatumBytes, languages, parameters), body.ScriptDataHash);
    }

    private static void CollateralIsEnough(Transaction transaction, Dictionary<TxInput, TxOutput> known, ProtocolParameters parameters)
    {
        var body = transaction.Body;
        if (transaction.Witnesses.Redeemers.IsEmpty)
        {
            Assert.Empty(body.Collateral);
            return;
        }

        Assert.InRange(body.Collateral.Length, 1, parameters.MaxCollateralInputs);
        Assert.All(body.Collateral, i => Assert.True(known[i].Address.Payment is { IsKey: true }));
        var balance = Sum(body.Collateral.Select(i => known[i])) - (body.CollateralReturn?.Value ?? Value.Zero);
        Assert.Equal(Value.Of(body.TotalCollateral!.Value), balance);
        Assert.True(balance.Coin.Amount * 100 >= body.Fee.Amount * parameters.CollateralPercentage);
        if (body.CollateralReturn is { } back)
        {
            Assert.True(back.Value.Coin >= Fees.MinUtxo(parameters, back));
            Assert.Equal(Fees.MinCollateral(parameters, body.Fee), body.TotalCollateral);
        }
    }

    private static Value Sum(IEnumerable<TxOutput> outputs) => outputs.Aggregate(Value.Zero, (sum, o) => sum + o.Value);
}
