using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A transaction taken apart, so that parts can be changed; signatures, fee and hashes are not kept up, as no script looks at them.</summary>
internal sealed class Draft
{
    private readonly Transaction _transaction;

    public Draft(WholeTransaction whole)
    {
        _transaction = whole.Transaction;
        Contract = whole.Contract;
        var sorted = _transaction.Body.Inputs.Sort();
        Spent = [.. sorted.Select(i => (i, whole.Spent[i]))];
        Outputs = [.. _transaction.Body.Outputs];
        Signers = [.. _transaction.Body.RequiredSigners];
        Lower = _transaction.Body.InvalidBefore;
        Upper = _transaction.Body.InvalidHereafter;
        Redeemers = _transaction.Witnesses.Redeemers.ToDictionary(r => sorted[r.Pointer.Index], r => r.Data.Data);
    }

    private Draft(Draft parts, EscrowContract contract)
    {
        _transaction = parts._transaction;
        Contract = contract;
        (Spent, Outputs, Signers, Redeemers) = (parts.Spent, parts.Outputs, parts.Signers, parts.Redeemers);
        (Lower, Upper) = (parts.Lower, parts.Upper);
    }

    /// <summary>The same transaction, and what another contract's escrows are in it.</summary>
    public Draft SeenBy(EscrowContract contract) => new(this, contract);

    /// <summary>The same transaction, whose spent outputs may be changed without changing this one's.</summary>
    public Draft Copy() => new(this, Contract) { Spent = [.. Spent] };

    public EscrowContract Contract { get; }

    public List<(TxInput Input, TxOutput Output)> Spent { get; private init; }

    public List<TxOutput> Outputs { get; }

    public List<KeyHash> Signers { get; }

    public Dictionary<TxInput, PlutusData> Redeemers { get; }

    public Slot? Lower { get; set; }

    public Slot? Upper { get; set; }

    /// <summary>Positions in <see cref="Spent"/> of what is locked by the contract.</summary>
    public ImmutableArray<int> Escrows => [.. Enumerable.Range(0, Spent.Count).Where(i => Spent[i].Output.Address.Payment == Contract.Address.Payment)];

    public Transaction ToTransaction()
    {
        var sorted = Spent.Select(s => s.Input).Order().ToImmutableArray();
        // What does not belong to the script any more has no redeemer.
        var escrows = Escrows.Select(i => Spent[i].Input).ToImmutableHashSet();
        var body = _transaction.Body with
        {
            Inputs = sorted,
            Outputs = [.. Outputs],
            RequiredSigners = [.. Signers.Distinct()],
            InvalidBefore = Lower,
            InvalidHereafter = Upper,
        };
        var witnesses = _transaction.Witnesses with
        {
            Redeemers =
            [
                .. sorted
                    .Where(i => escrows.Contains(i) && Redeemers.ContainsKey(i))
                    .Select(i => new Redeemer(
                        new RedeemerPointer(RedeemerTag.Spend, sorted.IndexOf(i)),
                        Cardano.Transactions.Datum.Of(Redeemers[i]),
                        new ExUnits(14_000_000, 10_000_000_000)
                    )),
            ],
        };
        return Transaction.Create(body, witnesses, _transaction.AuxiliaryData);
    }
}
