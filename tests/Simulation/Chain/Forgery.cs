using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Parties;

namespace Masumi.Simulation.Chain;

/// <summary>A lock that a provider shows and that was never on chain: everything in it is right but the signature.</summary>
/// <param name="Contract">Where it is listed.</param>
/// <param name="Lock">The transaction.</param>
/// <param name="Spent">What it says it spends.</param>
internal sealed record Forgery(Address Contract, ChainTransaction Lock, Utxo Spent)
{
    /// <summary>A lock for a job, in a block.</summary>
    public static Forgery Of(Agreement agreement, Truth truth)
    {
        var name = Materials.WalletName(agreement.Job.Buyer, agreement.Family, sells: false, 0);
        var buyer = Materials.AddressOf(name);
        var contract = Materials.Contract(agreement.Family).Address;
        var size = LockSizing.Of(agreement.Terms, contract, buyer, null, truth.Parameters);
        var spent = new Utxo(
            new TxInput(new TransactionId(Hash32.Parse(agreement.ResultHash)), 0),
            new TxOutput(buyer, size.Value + Value.Of(Lovelace.FromAda(5)))
        );
        var block = truth.Best.Tip;
        var body = new TransactionBody
        {
            Inputs = [spent.Input],
            Outputs = [new TxOutput(contract, size.Value, size.Datum.ToInline())],
            Fee = new Lovelace(200_000),
            InvalidHereafter = block.Slot + 200,
        };
        var witnesses = WitnessSet.Empty with { VKeys = [new VKeyWitness(Materials.KeysOf(name).Payment.PublicKey, new byte[64])] };
        return new Forgery(
            contract,
            new ChainTransaction(
                Transaction.Create(body, witnesses),
                new BlockPoint(block.Height, block.Hash, block.Slot, truth.Slots.TimeOf(block.Slot)),
                block.Transactions.Length,
                IsValid: true
            ),
            spent
        );
    }
}
