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
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>Many V2 escrows served by one transaction whose script is in a reference input, as large as mainnet's limits allow.</summary>
internal static class Batches
{
    private static readonly Script Script = ContractCatalog.DefaultEscrow(EscrowFamily.V2);

    private static readonly EscrowContract Contract = Scenes.Contract(EscrowFamily.V2) with { Address = EscrowScript.AddressOf(Script, NetworkId.Testnet) };

    private static readonly Utxo Published = new(
        new TxInput(TransactionId.Parse(Vectors.Repeat("5c", 32)), 0),
        new TxOutput(Vectors.Seller, Value.Of(Lovelace.FromAda(20)), ReferenceScript: Script)
    );

    /// <summary>What the transaction of so many actions takes, or why it cannot be built.</summary>
    public static BuildResult Build(EscrowAction action, int count, bool withReference = true)
    {
        var transactions = new EscrowTransactions(Contract, withReference ? null : Script, Scenes.Parameters, Scenes.Slots);
        var legs = Enumerable.Range(0, count).Select(i => Scenes.Leg(Plan(transactions, action, i))).ToImmutableArray();
        var pieces = EscrowPieces.Combine(legs, most: count).Pieces;
        var plan = pieces.AddTo(
            new TransactionPlan
            {
                ChangeAddress = Vectors.Seller,
                Available = [.. Enumerable.Range(0, 3).Select(i => Scenes.Wallet(Vectors.Seller, i))],
                ReferenceInputs = withReference ? [Published] : [],
            }
        );
        return TransactionBuilder.Build(plan, Scenes.Parameters, Scenes.Slots, new PlutusEvaluator());
    }

    /// <summary>The largest batch that mainnet's limits allow.</summary>
    public static int Most(EscrowAction action, bool withReference = true)
    {
        var count = 1;
        while (Build(action, count + 1, withReference) is BuildResult.Built)
        {
            count++;
        }

        return count;
    }

    private static LegResult Plan(EscrowTransactions transactions, EscrowAction action, int index)
    {
        var datum = Scenes.Datum(EscrowFamily.V2, action == EscrowAction.SubmitResult ? EscrowState.FundsLocked : EscrowState.ResultSubmitted);
        var unique = datum with { ReferenceSignature = new ByteString([.. datum.ReferenceSignature.Span, (byte)index]) };
        var escrow = new Utxo(new TxInput(Scenes.SomeId, index), new TxOutput(Contract.Address, Value.Of(Lovelace.FromAda(10)), unique.ToInline()));
        return action == EscrowAction.SubmitResult
            ? transactions.SubmitResult(escrow, Scenes.ResultHash, Vectors.Deadlines.PayBy)
            : transactions.Withdraw(escrow, Vectors.Seller, Vectors.Deadlines.Unlock.AddMinutes(10));
    }
}
