using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Parties;

namespace Masumi.Simulation.Judges;

/// <summary>I3, I4 and I8: where our money goes, what our nodes sign, and that collateral is never taken.</summary>
internal sealed class MoneyJudge(IReadOnlySet<Address> ours, IReadOnlyDictionary<string, Agreement> agreements, Truth truth, Verdicts verdicts)
{
    private static readonly Lovelace MostFee = Lovelace.FromAda(2);
    private static readonly Lovelace MostCollateral = Lovelace.FromAda(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly HashSet<TransactionId> _failed = [];
    private readonly HashSet<Credential> _ourKeys = [.. ours.Select(a => a.Payment!.Value)];

    /// <summary>Every transaction a node offers, before anything becomes of it.</summary>
    public void Offered(int node, Transaction transaction, DateTimeOffset now)
    {
        var body = transaction.Body;
        if (body.Fee > MostFee)
        {
            verdicts.Add("I4", $"fee {transaction.Id}", $"node {node} signs a fee of {body.Fee} lovelace in {transaction.Id}");
        }

        var dearest = body.Outputs.Select(o => Find(o)?.Terms.Price.Coin ?? Lovelace.Zero).Append(MostCollateral).Max();
        if (body.TotalCollateral is { } collateral && collateral > dearest)
        {
            verdicts.Add("I4", $"collateral {transaction.Id}", $"node {node} puts up {collateral} lovelace in {transaction.Id}");
        }

        var end = body.InvalidHereafter is { } slot ? truth.Slots.TimeOf(slot) : DateTimeOffset.MaxValue;
        if (end > now + Longest)
        {
            verdicts.Add("I4", $"end {transaction.Id}", $"node {node} signs {transaction.Id}, which holds until {end:u}");
        }

        foreach (var output in body.Outputs)
        {
            JudgeLock(node, transaction, output);
        }
    }

    /// <summary>The jobs that a transaction locks money for.</summary>
    public IReadOnlyList<int> JobsOf(Transaction transaction) =>
        transaction.Witnesses.Redeemers.Any() ? [] : [.. transaction.Body.Outputs.Select(Find).OfType<Agreement>().Select(a => a.Job.Id).Distinct()];

    /// <summary>Every block that comes.</summary>
    public void Apply(ChainChange change)
    {
        for (var height = change.Shared; height < change.After.Blocks.Count; height++)
        {
            foreach (var transaction in change.After.Blocks[height].Transactions)
            {
                Judge(transaction, change.After);
            }
        }
    }

    private void Judge(Transaction transaction, DevnetView view)
    {
        var isOurs = transaction.Body.Inputs.Any(i => view.Index.Outputs[i].Utxo.Output.Address.Payment is { } p && _ourKeys.Contains(p));
        if (!isOurs)
        {
            return;
        }

        if (!transaction.IsValid)
        {
            // Those that a fault made fail are no fault of ours.
            if (_failed.Add(transaction.Id) && _failed.Count > truth.Failing)
            {
                verdicts.Add("I8", $"{transaction.Id}", $"{transaction.Id} failed in its block: collateral was taken");
            }

            return;
        }

        foreach (var output in transaction.Body.Outputs)
        {
            var known =
                (output.Address.Payment is { } payment && _ourKeys.Contains(payment)) || output.Address == Materials.V1.FeeAddress || Find(output) is not null;
            if (!known)
            {
                verdicts.Add(
                    "I3",
                    $"{transaction.Id}",
                    $"{transaction.Id} spends our money and pays {output.Value.Coin} lovelace to {output.Address}, where nothing of ours belongs"
                );
            }
        }
    }

    private void JudgeLock(int node, Transaction transaction, TxOutput output)
    {
        if (transaction.Witnesses.Redeemers.Any() || !IsContract(output.Address, out var family) || !EscrowDatum.TryRead(output, family, out var datum, out _))
        {
            return;
        }

        var identifier = IdentifierParts.Of(datum, output.Address).Encode();
        if (!agreements.TryGetValue(identifier, out var agreement))
        {
            verdicts.Add("I4", $"lock {identifier}", $"node {node} locks for an identifier nobody agreed to, in {transaction.Id}");
            return;
        }

        if (agreement.Job.Behaviour == Behaviour.Ransom)
        {
            verdicts.Add(
                "I4",
                $"ransom {agreement.Job.Id}",
                $"node {node} locks for job {agreement.Job.Id} until {datum.Deadlines.Unlock:u}",
                agreement.Job.Id
            );
        }

        var price = output.Value.Coin - datum.CollateralReturn;
        if (
            agreement.Job.Buyer != node
            || price != agreement.Terms.Price.Coin
            || datum.Seller != agreement.Terms.Seller
            || datum.Deadlines != agreement.Deadlines
        )
        {
            verdicts.Add(
                "I4",
                $"lock {agreement.Job.Id}",
                string.Create(CultureInfo.InvariantCulture, $"node {node} locks {price} lovelace for job {agreement.Job.Id}, which agreed otherwise"),
                agreement.Job.Id
            );
        }
    }

    private Agreement? Find(TxOutput output) =>
        IsContract(output.Address, out var family) && EscrowDatum.TryRead(output, family, out var datum, out _)
            ? agreements.GetValueOrDefault(IdentifierParts.Of(datum, output.Address).Encode())
            : null;

    private static bool IsContract(Address address, out EscrowFamily family)
    {
        family = address == Materials.V1.Address ? EscrowFamily.V1 : EscrowFamily.V2;
        return address == Materials.V1.Address || address == Materials.V2.Address;
    }
}
