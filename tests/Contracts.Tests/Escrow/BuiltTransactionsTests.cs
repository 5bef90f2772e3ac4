using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Tests.Registry;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>Pieces, a wallet, the builder and the compiled contracts together: what a node would submit.</summary>
public sealed class BuiltTransactionsTests
{
    private static readonly Script Script = ContractCatalog.DefaultEscrow(EscrowFamily.V2);

    private static readonly EscrowContract Contract = Scenes.Contract(EscrowFamily.V2) with { Address = EscrowScript.AddressOf(Script, NetworkId.Testnet) };

    private static readonly EscrowTransactions Transactions = new(Contract, Script, Scenes.Parameters, Scenes.Slots);
    private static readonly Value Ten = Value.Of(Lovelace.FromAda(10));

    private static TransactionPlan Wallet(Address address) =>
        new() { ChangeAddress = address, Available = [.. Enumerable.Range(0, 3).Select(i => Scenes.Wallet(address, i))] };

    private static BuildResult.Built Build(TransactionPlan plan)
    {
        var result = TransactionBuilder.Build(plan, Scenes.Parameters, Scenes.Slots, new PlutusEvaluator());
        var why = result is BuildResult.Failed { Reason: BuildFailure.ScriptFailed { Evaluation: var evaluation } }
            ? evaluation.ContextFailure + string.Join("; ", evaluation.Executions.Select(e => $"{e.Failure} {string.Join(", ", e.Logs)}"))
            : result.ToString();
        return result as BuildResult.Built ?? throw new InvalidOperationException(why);
    }

    private static Utxo Escrow(EscrowState state, int index)
    {
        var datum = Scenes.Datum(EscrowFamily.V2, state);
        var unique = datum with { ReferenceSignature = new ByteString([.. datum.ReferenceSignature.Span, (byte)index]) };
        return new Utxo(new TxInput(Scenes.SomeId, index), new TxOutput(Contract.Address, Ten, unique.ToInline()));
    }

    [Fact]
    public void Ten_locks_fit_into_one_transaction_and_are_accepted_by_the_seller()
    {
        var size = LockSizing.Of(Vectors.Terms(EscrowFamily.V2, Ten), Contract.Address, Vectors.Buyer, null, Scenes.Parameters);
        var pieces = Transactions.Lock([.. Enumerable.Repeat(size, 10)], Vectors.Deadlines.PayBy.AddMinutes(-10), out _)!;
        var built = Build(pieces.AddTo(Wallet(Vectors.Buyer)));
        var inputs = Wallet(Vectors.Buyer).Available.ToDictionary(u => u.Input, u => u.Output);
        var locks = EscrowWatcher.Interpret(built.Transaction, true, inputs, EscrowFamily.V2, Contract.Address).Cast<EscrowEvent.Locked>().ToList();
        Assert.Equal(10, locks.Count);
        Assert.All(locks, l => Assert.Empty(LockAcceptance.CheckPayment(l, Vectors.Deadlines.PayBy, Vectors.Terms(EscrowFamily.V2, Ten))!.Value));
    }

    [Fact]
    public void Seven_results_fit_beside_the_script_and_the_contract_accepts_them()
    {
        var legs = Enumerable
            .Range(0, 7)
            .Select(i => Scenes.Leg(Transactions.SubmitResult(Escrow(EscrowState.FundsLocked, i), Scenes.ResultHash, Vectors.Deadlines.PayBy)))
            .ToList();
        var built = Build(EscrowPieces.Combine(legs).Pieces.AddTo(Wallet(Vectors.Seller)));
        Assert.True(built.Evaluation.Succeeded);
        Assert.Equal(7, built.Evaluation.Executions.Length);
    }

    [Fact]
    public void Collections_and_refunds_are_built_and_accepted()
    {
        var collect = Scenes.Leg(Transactions.Withdraw(Escrow(EscrowState.ResultSubmitted, 0), Vectors.Seller, Vectors.Deadlines.Unlock.AddMinutes(10)));
        Assert.True(Build(EscrowPieces.Of(collect).AddTo(Wallet(Vectors.Seller))).Evaluation.Succeeded);
        var refund = Scenes.Leg(Transactions.WithdrawRefund(Escrow(EscrowState.FundsLocked, 0), Vectors.Buyer, Vectors.Deadlines.SubmitResult.AddMinutes(10)));
        Assert.True(Build(EscrowPieces.Of(refund).AddTo(Wallet(Vectors.Buyer))).Evaluation.Succeeded);
    }

    [Fact]
    public void Agents_are_registered_updated_and_retired_under_the_policy()
    {
        var policy = RegistryScript.V2;
        var registry = new RegistryTransactions(EscrowFamily.V2, policy.Hash.ToPolicyId(), policy, Scenes.Parameters, Scenes.Slots);
        var wallet = Wallet(Vectors.Seller);
        var mint = registry.Register(
            [new NewAgent(Agents.V2, Vectors.Seller), new NewAgent(Agents.V2, Vectors.Seller)],
            wallet.Available[0],
            Vectors.SellerKeyHash,
            Vectors.Deadlines.PayBy
        );
        Assert.True(Build(mint.AddTo(wallet)).Evaluation.Succeeded);

        ImmutableArray<Utxo> tokens = [.. mint.Outputs.Select((o, i) => new Utxo(new TxInput(Scenes.SomeId, i), o))];
        var update = registry.Update([(mint.Agents[0], tokens[0], new NewAgent(Agents.V2, Vectors.Seller))], Vectors.SellerKeyHash, Vectors.Deadlines.PayBy);
        Assert.True(Build(update.AddTo(wallet)).Evaluation.Succeeded);
        var burn = registry.Deregister([(mint.Agents[0], tokens[0]), (mint.Agents[1], tokens[1])], Vectors.SellerKeyHash, Vectors.Deadlines.PayBy);
        Assert.True(Build(burn.AddTo(wallet)).Evaluation.Succeeded);
    }
}
