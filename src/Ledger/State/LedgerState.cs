using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Ledger.State;

/// <summary>What transactions change. Immutable: an older state stays valid, which is what makes rollbacks and trial runs cheap.</summary>
/// <param name="Utxos">Every unspent output.</param>
/// <param name="FeePot">All fees and lost collateral so far.</param>
/// <param name="Treasury">The treasury that body key 21 is compared with.</param>
/// <param name="Donations">All donations (body key 22) so far; they reach the treasury at an epoch boundary.</param>
public sealed record LedgerState(ImmutableDictionary<TxInput, TxOutput> Utxos, Lovelace FeePot, Lovelace Treasury, Lovelace Donations)
{
    /// <summary>Accounts, pools, representatives, committee.</summary>
    public CertState Certs { get; init; } = CertState.Empty;

    /// <summary>The epoch this is a state of; <see cref="AtEpoch"/> gets it into a later one.</summary>
    public long Epoch { get; init; }

    /// <summary>A state with these outputs and empty pots.</summary>
    public static LedgerState Of(IEnumerable<Utxo> utxos) =>
        new(utxos.ToImmutableDictionary(u => u.Input, u => u.Output), Lovelace.Zero, Lovelace.Zero, Lovelace.Zero);

    /// <summary>The state when a later epoch has begun, its boundaries crossed one by one; this one when it is not later.</summary>
    public LedgerState AtEpoch(long epoch)
    {
        var state = this;
        while (state.Epoch < epoch)
        {
            // Only announced changes and donations make one epoch differ from the next.
            var isQuiet = state.Donations == Lovelace.Zero && !state.Certs.ChangesAfter(state.Epoch);
            state = isQuiet ? state with { Epoch = epoch } : EpochBoundary.Enter(state, state.Epoch + 1);
        }

        return state;
    }

    /// <summary>The output at a reference, or null when there is none or it is spent.</summary>
    public TxOutput? Find(TxInput input) => Utxos.GetValueOrDefault(input);

    /// <summary>The state after a transaction that was found valid (or admits its scripts fail): nothing is checked here.</summary>
    public LedgerState After(Transaction transaction, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return After([transaction], parameters);
    }

    /// <summary>As <see cref="After(Transaction, ProtocolParameters)"/> for many, one after the other in one epoch, at much less cost.</summary>
    public LedgerState After(IEnumerable<Transaction> transactions, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        var utxos = Utxos.ToBuilder();
        var (certs, fees, donations) = (Certs, FeePot, Donations);
        foreach (var transaction in transactions)
        {
            var effects = TransactionEffects.Of(transaction);
            if (transaction.IsValid)
            {
                certs = certs.After(transaction.Body, parameters);
                fees += transaction.Body.Fee;
                donations += transaction.Body.Donation ?? Lovelace.Zero;
            }
            else
            {
                fees += LostCollateral(utxos, effects);
            }

            utxos.RemoveRange(effects.Spent);
            foreach (var created in effects.Created)
            {
                utxos[created.Input] = created.Output;
            }
        }

        return this with
        {
            Utxos = utxos.ToImmutable(),
            Certs = certs,
            FeePot = fees,
            Donations = donations,
        };
    }

    private static Lovelace LostCollateral(ImmutableDictionary<TxInput, TxOutput>.Builder utxos, TransactionEffects effects)
    {
        var collateral = Balance.Zero();
        foreach (var input in effects.Spent)
        {
            if (utxos.TryGetValue(input, out var output))
            {
                collateral.Add(output.Value);
            }
        }

        foreach (var created in effects.Created)
        {
            collateral.Subtract(created.Output.Value);
        }

        return new Lovelace((long)collateral.Coin);
    }
}

/// <summary>Which outputs a transaction in a block spends and creates: collateral and its return when phase 2 failed (spec cardano.md 5.5).</summary>
/// <param name="Spent">In encoded order.</param>
/// <param name="Created">With their references.</param>
public sealed record TransactionEffects(ImmutableArray<TxInput> Spent, ImmutableArray<Utxo> Created)
{
    /// <summary>The effects, by the transaction's own validity flag.</summary>
    public static TransactionEffects Of(Transaction transaction)
    {
        var body = transaction.Body;
        if (transaction.IsValid)
        {
            return new TransactionEffects(body.Inputs, [.. body.Outputs.Select((output, index) => new Utxo(new TxInput(transaction.Id, index), output))]);
        }

        // The collateral return takes the index after the last ordinary output.
        return new TransactionEffects(
            body.Collateral,
            body.CollateralReturn is { } change ? [new Utxo(new TxInput(transaction.Id, body.Outputs.Length), change)] : []
        );
    }
}
