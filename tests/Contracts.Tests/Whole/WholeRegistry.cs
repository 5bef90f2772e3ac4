using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Contracts.Tests.Registry;
using Masumi.OnChain.Language;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>Complete transactions, balanced and signed, that our registry policies accept: agents registered, updated and retired.</summary>
internal static class WholeRegistry
{
    private static readonly WalletKeys Seller = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat((byte)2, 16).ToArray()));
    private static readonly Address Wallet = Seller.BaseAddress(NetworkId.Testnet);
    private static readonly DateTimeOffset Now = WholeTransactions.Deadlines.PayBy;

    public static IEnumerable<(string Name, Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Spent)> Of(EscrowFamily family, bool optimise)
    {
        var isV1 = family == EscrowFamily.V1;
        var program = RegistryScript.Program(family, new CompilerOptions(Optimise: optimise));
        var policy = (isV1 ? RegistryScript.Apply(program, KnownDeployments.PreprodV1.EscrowAddress) : program).ToScript(ScriptLanguage.PlutusV3);
        var registry = new RegistryTransactions(family, policy.Hash.ToPolicyId(), policy, WholeTransactions.Parameters, WholeTransactions.Slots);
        var agent = new NewAgent(isV1 ? Agents.V1 : Agents.V2, Wallet);
        var seed = Scenes.Wallet(Wallet, 1);
        var mint = registry.Register([.. Enumerable.Repeat(agent, isV1 ? 1 : 3)], seed, Seller.Payment.KeyHash, Now);
        yield return Build($"{family} registration", mint);

        var tokens = mint.Outputs.Select((o, i) => (mint.Agents[i], new Utxo(new TxInput(Scenes.SomeId, i), o))).ToList();
        yield return Build($"{family} retirement", registry.Deregister(tokens, Seller.Payment.KeyHash, Now));
        if (!isV1)
        {
            yield return Build("V2 update", registry.Update([.. tokens.Select(t => (t.Item1, t.Item2, agent))], Seller.Payment.KeyHash, Now));
        }
    }

    private static (string, Transaction, ImmutableDictionary<TxInput, TxOutput>) Build(string name, RegistryPieces pieces)
    {
        var plan = pieces.AddTo(
            new TransactionPlan
            {
                ChangeAddress = Wallet,
                Available = [.. Enumerable.Range(0, 3).Select(i => Scenes.Wallet(Wallet, i))],
                Signers = [Seller.Payment],
            }
        );
        var result = TransactionBuilder.Build(plan, WholeTransactions.Parameters, WholeTransactions.Slots, new PlutusEvaluator());
        var built = result as BuildResult.Built ?? throw new InvalidOperationException($"{name} cannot be built: {result}");
        var outputs = plan.Available.Concat(plan.Inputs).DistinctBy(u => u.Input).ToDictionary(u => u.Input, u => u.Output);
        var spent = built.Transaction.Body.Inputs.Concat(built.Transaction.Body.Collateral).Distinct();
        return (name, built.Transaction, spent.ToImmutableDictionary(i => i, i => outputs[i]));
    }
}
