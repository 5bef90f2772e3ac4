using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Parties;

/// <summary>Somebody with money and bad intentions, and a node of his own: what he sends is judged by the ledger at once.</summary>
internal static class Stranger
{
    /// <summary>Whose money it is.</summary>
    public const string Name = "stranger";

    /// <summary>Locks under a job's identifier. Not <paramref name="right"/>: too little, or with terms nobody agreed to.</summary>
    public static void Lock(PartyWorld world, Agreement agreement, Actor actor, bool right)
    {
        var address = Materials.AddressOf(Name);
        var contract = Materials.Contract(agreement.Family);
        var terms = agreement.Terms;
        if (!right)
        {
            terms =
                agreement.Job.Behaviour == Behaviour.StrangerFirst
                    ? terms with
                    {
                        Price = Value.Of(Lovelace.FromAda(Math.Max(2, Math.Min(4, agreement.Job.Ada - 1)))),
                    }
                    : terms with
                    {
                        Deadlines = terms.Deadlines with { SubmitResult = terms.Deadlines.SubmitResult.AddMinutes(-20) },
                    };
        }

        // By reference: the datum names the real buyer now and then, whom he has no input of.
        var named = actor.Happens("names the buyer", 0.5)
            ? Materials.AddressOf(Materials.WalletName(agreement.Job.Buyer, agreement.Family, sells: false, 0))
            : address;
        var size = LockSizing.Of(terms, contract.Address, right ? address : named, null, world.Truth.Parameters);
        var pieces = new EscrowTransactions(contract, null, world.Truth.Parameters, world.Truth.Slots).Lock([size], world.Scheduler.Now, out _);
        if (pieces is not null)
        {
            Send(world, p => pieces.AddTo(p), $"{(right ? "a second right lock" : "a wrong lock")} for job {agreement.Job.Id}");
        }
    }

    /// <summary>Sends to the contract what is no escrow.</summary>
    public static void Dust(PartyWorld world, Agreement agreement, Actor actor)
    {
        var contract = Materials.Contract(agreement.Family);
        var datum = agreement.Terms.LockDatum(Materials.AddressOf(Name), null, Lovelace.Zero).ToInline();
        ImmutableArray<TxOutput> outputs =
        [
            new TxOutput(contract.Address, Value.Of(Lovelace.FromAda(2))),
            new TxOutput(contract.Address, Value.Of(Lovelace.FromAda(2)), new TxDatum.Inline(Datum.Shortest(new PlutusData.Bytes(new byte[] { 1, 2, 3 })))),
            .. Enumerable.Range(0, actor.Whole("dust", 1, 6)).Select(_ => new TxOutput(contract.Address, Value.Of(Lovelace.FromAda(4)), datum)),
        ];
        Send(world, p => p with { Outputs = outputs, InvalidHereafter = world.Truth.Slots.SlotAt(world.Scheduler.Now) + 600 }, "dust");
    }

    private static void Send(PartyWorld world, Func<TransactionPlan, TransactionPlan> complete, string what)
    {
        var address = Materials.AddressOf(Name);
        var plan = new TransactionPlan
        {
            Available = [.. world.Truth.Unspent.Utxos.Where(u => u.Value.Address == address).Select(u => new Utxo(u.Key, u.Value)).OrderBy(u => u.Input)],
            ChangeAddress = address,
            Signers = [Materials.KeysOf(Name).Payment],
        };
        if (TransactionBuilder.Build(complete(plan), world.Truth.Parameters, world.Truth.Slots, Materials.Evaluator) is BuildResult.Built built)
        {
            var answer = world.Truth.Submit(built.Transaction);
            world.Tell(Name, $"sends {what} in {built.Transaction.Id}: {answer.GetType().Name}");
        }
        else
        {
            world.Tell(Name, $"cannot send {what}");
        }
    }
}
