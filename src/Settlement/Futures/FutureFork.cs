using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Ledger;
using Masumi.Ledger.State;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Futures;

/// <summary>Where a fork stands.</summary>
internal sealed record ForkPoint(LedgerState State, Utxo Escrow, EscrowDatum Datum, DateTimeOffset Now);

/// <summary>Whether an action is to be had.</summary>
internal abstract record ForkChance
{
    private ForkChance() { }

    /// <summary>From a moment, before another.</summary>
    public sealed record Open(Intent Action, EscrowParty By, DateTimeOffset At, DateTimeOffset? Before) : ForkChance
    {
        /// <summary>From when the admins may be faster.</summary>
        public DateTimeOffset? AdminsFrom { get; init; }
    }

    /// <summary>Never.</summary>
    public sealed record Never(string Why) : ForkChance;
}

/// <summary>What became of an action.</summary>
internal abstract record ForkStep
{
    private ForkStep() { }

    /// <summary>The escrow goes on.</summary>
    public sealed record Goes(FutureMove Move, ForkPoint Point) : ForkStep;

    /// <summary>The escrow is gone.</summary>
    public sealed record Ends(FutureMove Move, LedgerState State) : ForkStep;

    /// <summary>It could not be built, or the ledger refused it.</summary>
    public sealed record Refused(FutureMove Move, string Why) : ForkStep;
}

/// <summary>
/// A fork of an escrow. The parties' keys are ours there, since theirs are not to be had; addresses keep their length, so transactions keep their size. Each party
/// has two coins, one to pay from and one for collateral.
/// </summary>
internal sealed class FutureFork
{
    private static readonly ResultHash SomeResult = ResultHash.Parse(new string('5', 64));
    private static readonly Lovelace CoinOfParty = Lovelace.FromAda(50);

    private readonly FutureStart _start;
    private readonly IScriptEvaluator _evaluator;
    private readonly EscrowDatum _datum;
    private readonly Party _buyer;
    private readonly Party _seller;
    private readonly LedgerState _first;
    private readonly Utxo _escrow;

    public FutureFork(FutureStart start, IScriptEvaluator evaluator)
    {
        _start = start;
        _evaluator = evaluator;
        if (start.Escrow.Output.Address != start.Contract.Address || !EscrowDatum.TryRead(start.Escrow.Output, start.Contract.Family, out var datum, out _))
        {
            throw new ArgumentException($"{start.Escrow.Input} is no escrow of {start.Contract.Address}.", nameof(start));
        }

        _buyer = Party.Of(1, datum.Buyer, datum.BuyerReturn);
        _seller = Party.Of(2, datum.Seller, datum.SellerReturn);
        _datum = datum with { Buyer = _buyer.Address, Seller = _seller.Address };
        _escrow = new Utxo(start.Escrow.Input, start.Escrow.Output with { Datum = _datum.ToInline() });
        _first = LedgerState.Of([_escrow, .. start.Script.ReferenceInputs, .. Coins(_buyer, 0), .. Coins(_seller, 2)]);
    }

    /// <summary>Votes a settlement takes.</summary>
    public int Votes => _start.Contract.RequiredAdmins;

    /// <summary>Where it begins.</summary>
    public ForkPoint Start(DateTimeOffset now) => new(_first, _escrow, _datum, now);

    /// <summary>From when admins may divide the escrow; null in a state in which they may not.</summary>
    public DateTimeOffset? AdminsFrom(ForkPoint point) =>
        point.Datum.State != EscrowState.Disputed ? null
        : ValidityWindow.TryFor(EscrowAction.WithdrawDisputed, point.Datum, point.Now, _start.Slots, out _, out var refusal) ? point.Now
        : refusal.Required;

    /// <summary>Whether, from when and until when an action is to be had.</summary>
    public ForkChance Look(ForkPoint point, Intent action)
    {
        var rail = Rail.Of(_start.Contract.Family);
        if (!rail.Grants(action, StateOf(point.Datum)))
        {
            return new ForkChance.Never($"{action}: not from {point.Datum.State}");
        }

        var at = point.Now;
        var planned = Plan(point, action, at, TransactionForm.Usual);
        if (planned is LegResult.Failed { Reason: LegRefusal.NoWindow { Reason: { Rule: WindowRule.TooEarly } early } })
        {
            at = early.Required;
            planned = at < DateTimeOffset.MaxValue - TimeSpan.FromDays(1) ? Plan(point, action, at, TransactionForm.Usual) : planned;
        }

        return planned switch
        {
            LegResult.Ready leg => new ForkChance.Open(action, leg.Leg.Action.Actor(), at, LastOf(leg.Leg.Action, point)),
            LegResult.Failed { Reason: LegRefusal.NoWindow none } => new ForkChance.Never(
                $"{action}: {none.Reason.Rule} at {none.Reason.Supplied:u}; required: {none.Reason.Required:u}"
            ),
            LegResult.Failed { Reason: LegRefusal.Refused refused } => new ForkChance.Never($"{action}: {string.Join("; ", refused.Reasons)}"),
            LegResult.Failed failed => new ForkChance.Never($"{action}: {failed.Reason}"),
            _ => throw new InvalidOperationException("A plan without a rule."),
        };
    }

    /// <summary>Makes the transaction and lets contract and ledger judge it.</summary>
    public ForkStep Play(ForkPoint point, ForkChance.Open chance)
    {
        var party = chance.By == EscrowParty.Buyer ? _buyer : _seller;
        var (result, leg) = Build(point, chance, party, TransactionForm.Usual);
        if (result is BuildResult.Failed { Reason: BuildFailure.TooLarge })
        {
            (result, leg) = Build(point, chance, party, TransactionForm.Shortest);
        }

        var nothing = new FutureMove(chance.Action, chance.By, point.Datum.State, chance.At, chance.Before, Lovelace.Zero, 0)
        {
            AdminsFrom = chance.AdminsFrom,
        };
        if (result is not BuildResult.Built { Transaction: var transaction })
        {
            return new ForkStep.Refused(nothing, result is BuildResult.Failed failed ? $"{failed.Reason}" : "it is not to be had any more");
        }

        var move = nothing with { Fee = transaction.Body.Fee, Bytes = transaction.Bytes.Length };
        var environment = new LedgerEnvironment(_start.Parameters, _start.Slots, _start.Contract.Address.Network, _start.Slots.SlotAt(chance.At));
        if (Conway.Apply(point.State, environment, transaction, _evaluator) is not ApplyResult.Applied applied)
        {
            var refused = (ApplyResult.Refused)Conway.Apply(point.State, environment, transaction, _evaluator);
            return new ForkStep.Refused(move, string.Join("; ", refused.Failures));
        }

        var at = transaction.Body.Outputs.ToList().FindIndex(o => o.Address == _start.Contract.Address);
        return leg!.NewDatum is { } datum && at >= 0
            ? new ForkStep.Goes(move, new ForkPoint(applied.State, new Utxo(new TxInput(transaction.Id, at), transaction.Body.Outputs[at]), datum, chance.At))
            : new ForkStep.Ends(move, applied.State);
    }

    /// <summary>Who has what more than at the start.</summary>
    public FutureHoldings Holdings(LedgerState state)
    {
        // The first that claims an address has it, so that nothing is counted twice.
        var (buyer, seller, fees, escrow) = (Value.Zero, Value.Zero, Value.Zero, Value.Zero);
        void Count(LedgerState counted, bool add)
        {
            foreach (var (input, output) in counted.Utxos)
            {
                if (_start.Script.Reference?.Input == input)
                {
                    continue;
                }

                var value = add ? output.Value : Value.Zero - output.Value;
                if (_buyer.Owns(output.Address))
                {
                    buyer += value;
                }
                else if (_seller.Owns(output.Address))
                {
                    seller += value;
                }
                else if (output.Address == _start.Contract.Address)
                {
                    escrow += add ? value : Value.Zero;
                }
                else
                {
                    fees += value;
                }
            }
        }

        Count(state, add: true);
        Count(_first, add: false);
        return new FutureHoldings(buyer, seller, fees, escrow, state.FeePot - _first.FeePot);
    }

    private (BuildResult? Result, EscrowLeg? Leg) Build(ForkPoint point, ForkChance.Open chance, Party party, TransactionForm form)
    {
        if (Plan(point, chance.Action, chance.At, form) is not LegResult.Ready { Leg: var leg })
        {
            return (null, null);
        }

        var plan = EscrowPieces
            .Of(leg)
            .AddTo(
                new TransactionPlan
                {
                    Available = [.. point.State.Utxos.Where(u => party.Spends(u.Value.Address)).Select(u => new Utxo(u.Key, u.Value)).OrderBy(u => u.Input)],
                    ChangeAddress = party.Address,
                    Signers = [party.Key],
                    ReferenceInputs = _start.Script.ReferenceInputs,
                    Form = form,
                }
            );
        return (TransactionBuilder.Build(plan, _start.Parameters, _start.Slots, _evaluator), leg);
    }

    private LegResult Plan(ForkPoint point, Intent action, DateTimeOffset now, TransactionForm form)
    {
        var transactions = new EscrowTransactions(_start.Contract, _start.Script.Attached, _start.Parameters, _start.Slots) { Form = form };
        var payout = (action == Intent.WithdrawRefund ? _buyer : _seller).Address;
        return Rail.Of(_start.Contract.Family).Plan(transactions, action, point.Escrow, SomeResult, payout, now);
    }

    // The contract's own end of an action: asked at a time when every deadline is over.
    private DateTimeOffset? LastOf(EscrowAction action, ForkPoint point)
    {
        var deadlines = point.Datum.Deadlines;
        var late =
            new[] { point.Now, deadlines.SubmitResult, deadlines.Unlock, deadlines.ExternalDisputeUnlock, Cooled(point.Datum) }.Max() + TimeSpan.FromDays(1);
        return ValidityWindow.TryFor(action, point.Datum, late, _start.Slots, out _, out var refusal) || refusal.Rule == WindowRule.TooEarly
            ? null
            : refusal.Required;
    }

    private static DateTimeOffset Cooled(EscrowDatum datum)
    {
        var longest = DateTimeOffset.MaxValue - TimeSpan.FromDays(2);
        return new[] { datum.BuyerCooldownTime, datum.SellerCooldownTime }.Where(t => t < longest).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
    }

    private static IEnumerable<Utxo> Coins(Party party, int first) =>
        Enumerable
            .Range(first, 2)
            .Select(i => new Utxo(
                new TxInput(new TransactionId(new Hash32([.. Enumerable.Repeat((byte)0xf0, 32)])), i),
                new TxOutput(party.Address, Value.Of(CoinOfParty))
            ));

    private static OnChainState StateOf(EscrowDatum datum) =>
        datum.State switch
        {
            EscrowState.FundsLocked => OnChainState.FundsLocked,
            EscrowState.ResultSubmitted => OnChainState.ResultSubmitted,
            EscrowState.RefundRequested => OnChainState.RefundRequested,
            EscrowState.Disputed => OnChainState.Disputed,
            EscrowState.WithdrawAuthorized => OnChainState.WithdrawAuthorized,
            _ => OnChainState.RefundAuthorized,
        };

    private sealed record Party(SigningKey Key, Address Address, Address? Return)
    {
        public static Party Of(byte seed, Address real, Address? elsewhere)
        {
            var key = SigningKey.FromSeed([.. Enumerable.Repeat(seed, 32)]);

            // A script can sign nothing there either.
            var address = real.Payment is { IsKey: true } ? Address.Create(real.Network, Credential.Key(key.KeyHash), real.Stake) : real;
            return new Party(key, address, elsewhere);
        }

        public bool Spends(Address address) => address.Payment?.AsKey == Key.KeyHash;

        public bool Owns(Address address) => Spends(address) || address == Return || address == Address;
    }
}
