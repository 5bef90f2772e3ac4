using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>
/// Balances a plan for given execution units: adds wallet inputs until everything is covered, then finds the least fee the resulting bytes
/// allow. Inputs once added stay, so successive drafts of one plan settle.
/// </summary>
internal sealed class Drafter
{
    private const int MaxFeeSteps = 32;

    private readonly TransactionPlan _plan;
    private readonly ProtocolParameters _parameters;
    private readonly PlannedScripts _scripts;
    private readonly Value _minted;
    private readonly Value _paid;
    private readonly Address _home;
    private readonly ImmutableArray<Utxo> _collateralCandidates;
    private readonly ImmutableArray<PolicyId> _policies;
    private readonly List<Utxo> _candidates;
    private ImmutableArray<Utxo> _spent;

    public Drafter(TransactionPlan plan, PlannedScripts scripts, ProtocolParameters parameters)
    {
        _plan = plan;
        _parameters = parameters;
        _scripts = scripts;
        _home =
            IsShortest && plan.ChangeAddress is { IsByron: false, Payment: { } owner } ? Address.Create(plan.ChangeAddress.Network, owner) : plan.ChangeAddress;
        _minted = Minted(plan);
        _policies = [.. plan.Mints.Select(m => m.Policy).Order()];
        _paid = plan.Outputs.Aggregate(Value.Zero, (sum, o) => sum + o.Value);
        _spent = [.. plan.Inputs.Concat(plan.ScriptInputs.Select(i => i.Utxo)).DistinctBy(u => u.Input).OrderBy(u => u.Input)];
        _candidates = [.. CoinSelection.Spendable(plan.Available).ExceptBy(_spent.Select(u => u.Input), u => u.Input)];
        _collateralCandidates = CoinSelection.Spendable(plan.Available.Concat(plan.Inputs));
        if (plan.Inputs.FirstOrDefault(u => u.Output.Address.Payment is not { IsKey: true }) is { } locked)
        {
            throw new ArgumentException($"{locked.Input} is planned as a wallet input, but no key locks it.", nameof(plan));
        }
    }

    /// <summary>Balances for these units, one per planned execution.</summary>
    public DraftResult Draft(ImmutableArray<ExUnits> units)
    {
        while (true)
        {
            var attempt = LeastFee(units);
            if (attempt.Missing is not { } missing)
            {
                return attempt.Failure is { } failure ? new(null, failure)
                    : attempt.SignedSize > _parameters.MaxTxSize ? new(null, new BuildFailure.TooLarge(attempt.SignedSize, _parameters.MaxTxSize))
                    : new(Finish(attempt), null);
            }

            if (CoinSelection.Next(_candidates, missing, _plan.Form) is not { } next)
            {
                return new(null, new BuildFailure.InsufficientFunds(missing));
            }

            _candidates.Remove(next);
            _spent = [.. _spent.Append(next).OrderBy(u => u.Input)];
        }
    }

    private Value Spent => _spent.Aggregate(Value.Zero, (sum, u) => sum + u.Output.Value);

    private bool IsShortest => _plan.Form == TransactionForm.Shortest;

    private bool HasRedeemers => !_scripts.Executions.IsEmpty;

    /// <summary>
    /// Raises the fee from below until it covers the bytes that it makes. What is missing on the way is imagined as given, so that a
    /// shortfall is reported whole, fee and change included.
    /// </summary>
    private Attempt LeastFee(ImmutableArray<ExUnits> units)
    {
        var fee = _parameters.MinFeeConstant;
        var gift = Value.Zero;
        for (var step = 0; step < MaxFeeSteps; step++)
        {
            var attempt = At(fee, units, gift);
            if (attempt.Missing is { } missing)
            {
                gift += missing;
            }
            else if (attempt.Failure is not null)
            {
                return attempt;
            }
            else if (attempt.MinFee > attempt.Body!.Fee)
            {
                fee = attempt.MinFee;
            }
            else if (gift.IsZero)
            {
                return BetweenFixedPoints(attempt, fee, units);
            }
            else
            {
                return (gift.IsAdaOnly ? WithoutChange(units) : null) ?? new Attempt { Missing = gift };
            }
        }

        throw new InvalidOperationException("The fee of a transaction did not settle.");
    }

    /// <summary>
    /// Where the fee overshoots (a change or a choice of collateral that takes fewer bytes only once the fee is higher), the least
    /// sufficient fee lies in between; the collateral that covers the higher fee covers it too.
    /// </summary>
    private Attempt BetweenFixedPoints(Attempt sufficient, Lovelace fee, ImmutableArray<ExUnits> units)
    {
        for (var lower = sufficient.MinFee; lower < fee; lower += new Lovelace(1))
        {
            if (At(lower, units, Value.Zero, sufficient.Collateral) is { IsComplete: true } better && better.MinFee <= lower)
            {
                return better;
            }
        }

        return sufficient;
    }

    /// <summary>All that is left over as the fee, when that happens to be exactly the fee: no change is needed then.</summary>
    private Attempt? WithoutChange(ImmutableArray<ExUnits> units)
    {
        var leftover = Spent + _minted - _paid;
        return
            leftover is { IsAdaOnly: true, IsNonNegative: true }
            && At(leftover.Coin, units, Value.Zero) is { IsComplete: true } attempt
            && attempt.MinFee == leftover.Coin
            ? attempt
            : null;
    }

    /// <summary>The transaction with exactly this fee, whether or not the fee is enough for it.</summary>
    private Attempt At(Lovelace fee, ImmutableArray<ExUnits> units, Value gift, CollateralChoice? chosen = null)
    {
        var leftover = Spent + gift + _minted - _paid - Value.Of(fee);
        if (!leftover.IsNonNegative)
        {
            return new Attempt { Missing = Shortfall(leftover) };
        }

        if (IsShortest && leftover.IsAdaOnly && leftover.Coin <= _plan.MostUnreturned && HasCollateral(fee + leftover.Coin))
        {
            (fee, leftover) = (fee + leftover.Coin, Value.Zero);
        }

        var change = ChangeOutputs.For(leftover, _home, _parameters);
        if (change.Outputs is not { } changeOutputs)
        {
            return new Attempt { Missing = Value.Of(change.Missing) };
        }

        CollateralChoice? collateral = null;
        if (HasRedeemers)
        {
            var needed = Fees.MinCollateral(_parameters, fee);
            collateral = chosen?.For(needed, _home, _parameters) ?? ChooseCollateral(needed);
            if (collateral is null)
            {
                var available = CollateralChoice.Available(_collateralCandidates, _parameters);
                return new Attempt { Failure = new BuildFailure.NoCollateral(needed, available) };
            }
        }

        var attempt = new Attempt
        {
            Body = Body(fee, changeOutputs, collateral),
            ChangeIndex = changeOutputs.IsEmpty ? null : _plan.Outputs.Length,
            Collateral = collateral,
        };
        var pointers = Pointers(attempt.Body);
        var witnesses = Witnesses(pointers, units);
        var body = attempt.Body with { ScriptDataHash = ScriptDataHash(witnesses) };
        var size = Transaction.SizeOf(body, witnesses with { VKeys = Signatures(collateral) }, _plan.AuxiliaryData, _plan.Form);
        return attempt with
        {
            Body = body,
            Witnesses = witnesses,
            Pointers = pointers,
            SignedSize = size,
            MinFee = Fees.MinFee(_parameters, size, units.Aggregate(default(ExUnits), (sum, u) => sum + u), ReferenceScriptBytes()),
        };
    }

    // Collateral grows with the fee: what is left over may be more than a poor wallet can stand for.
    private bool HasCollateral(Lovelace fee) => !HasRedeemers || ChooseCollateral(Fees.MinCollateral(_parameters, fee)) is not null;

    private CollateralChoice? ChooseCollateral(Lovelace needed)
    {
        var preferred = CoinSelection.Spendable(_plan.Collateral);
        var whole = IsShortest
            ? CollateralChoice.Whole(needed, _plan.MostAtStake, preferred) ?? CollateralChoice.Whole(needed, _plan.MostAtStake, _collateralCandidates)
            : null;
        return whole ?? CollateralChoice.For(needed, preferred, _home, _parameters) ?? CollateralChoice.For(needed, _collateralCandidates, _home, _parameters);
    }

    private TransactionBody Body(Lovelace fee, ImmutableArray<TxOutput> change, CollateralChoice? collateral) =>
        new()
        {
            Inputs = [.. _spent.Select(u => u.Input)],
            Outputs = [.. _plan.Outputs, .. change],
            Fee = fee,
            InvalidBefore = _plan.InvalidBefore,
            InvalidHereafter = _plan.InvalidHereafter,
            AuxiliaryDataHash = _plan.AuxiliaryData?.Hash,
            Mint = _minted,
            RequiredSigners = [.. _plan.RequiredSigners.Distinct().Order()],
            ReferenceInputs = [.. ReferenceInputs().Select(u => u.Input)],
            Collateral = collateral is null ? [] : [.. collateral.Inputs.Select(u => u.Input)],
            CollateralReturn = collateral?.Return,

            // Only a sum that the ledger makes itself.
            TotalCollateral = IsShortest ? null : collateral?.Total,
        };

    private ImmutableArray<RedeemerPointer> Pointers(TransactionBody body) => [.. _scripts.Executions.Select(e => e.PointerIn(body.Inputs, _policies))];

    private WitnessSet Witnesses(ImmutableArray<RedeemerPointer> pointers, ImmutableArray<ExUnits> units) =>
        new()
        {
            Scripts = _scripts.Attached,
            Datums = _scripts.Datums,
            Redeemers = [.. _scripts.Executions.Select((e, i) => new Redeemer(pointers[i], e.Argument, units[i])).OrderBy(r => r.Pointer)],
        };

    private ScriptDataHash? ScriptDataHash(WitnessSet witnesses)
    {
        var (redeemers, datums) = WitnessCodec.ScriptData(witnesses, _plan.Form);
        return ScriptIntegrity.Hash(redeemers, datums, _scripts.Languages, _parameters);
    }

    /// <summary>A reference input that is also spent would break V3 contexts; its script is found on the spent input.</summary>
    private IEnumerable<Utxo> ReferenceInputs() => _plan.ReferenceInputs.ExceptBy(_spent.Select(u => u.Input), u => u.Input).OrderBy(u => u.Input);

    private int ReferenceScriptBytes() => Fees.ReferenceScriptBytes(_spent.Concat(ReferenceInputs()).Select(u => u.Output));

    /// <summary>Placeholders of the right size for every signature the transaction will need.</summary>
    private ImmutableArray<VKeyWitness> Signatures(CollateralChoice? collateral)
    {
        var keys = _spent
            .Concat(collateral?.Inputs ?? [])
            .Select(u => u.Output.Address.Payment?.AsKey)
            .Where(k => k is not null)
            .Select(k => k!.Value)
            .Concat(_plan.RequiredSigners)
            .Concat(_plan.Signers.Select(s => s.KeyHash))
            .ToHashSet();
        return [.. keys.Select(_ => new VKeyWitness(new byte[32], new byte[64]))];
    }

    private Draft Finish(Attempt attempt) =>
        new(
            Transaction.Create(attempt.Body!, attempt.Witnesses!, _plan.AuxiliaryData, isValid: true, _plan.Form),
            _spent,
            attempt.Pointers,
            attempt.ChangeIndex,
            attempt.SignedSize
        );

    private static Value Shortfall(Value leftover) =>
        Value.Of(Lovelace.Max(Lovelace.Zero, -leftover.Coin), leftover.Assets.Where(a => a.Value < 0).Select(a => KeyValuePair.Create(a.Key, -a.Value)));

    private static Value Minted(TransactionPlan plan)
    {
        if (plan.Mints.GroupBy(m => m.Policy).FirstOrDefault(g => g.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"Policy {repeated.Key} is planned twice; one redeemer serves all its assets.", nameof(plan));
        }

        var minted = Value.Of(
            Lovelace.Zero,
            plan.Mints.SelectMany(m => m.Assets.Select(a => KeyValuePair.Create(new AssetId(m.Policy, a.Key), (Int128)a.Value)))
        );
        var policies = minted.Assets.Keys.Select(a => a.Policy).ToHashSet();
        return plan.Mints.FirstOrDefault(m => !policies.Contains(m.Policy)) is { } empty
            ? throw new ArgumentException($"Policy {empty.Policy} is planned without minting or burning anything.", nameof(plan))
            : minted;
    }

    /// <summary>One try at a fee: complete, or short of something, or impossible.</summary>
    private sealed record Attempt
    {
        public Value? Missing { get; init; }
        public BuildFailure? Failure { get; init; }
        public TransactionBody? Body { get; init; }
        public WitnessSet? Witnesses { get; init; }
        public ImmutableArray<RedeemerPointer> Pointers { get; init; } = [];
        public int? ChangeIndex { get; init; }
        public CollateralChoice? Collateral { get; init; }
        public int SignedSize { get; init; }
        public Lovelace MinFee { get; init; }
        public bool IsComplete => Missing is null && Failure is null;
    }
}
