using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>One transaction made of several: escrows of both families, of contracts with other parameters, and what other scripts lock, spent and created together.</summary>
internal sealed class Company
{
    private static readonly PlutusEvaluator Evaluator = new();
    private static readonly ExUnits Limit = new(14_000_000, 10_000_000_000);

    private readonly Draft _draft;
    private readonly List<string> _changes = [];

    private Company(Draft draft, ImmutableArray<Instance> instances) => (_draft, Instances) = (draft, instances);

    /// <summary>Whose escrows the parts were about.</summary>
    public ImmutableArray<Instance> Instances { get; }

    public string Name => string.Join(", ", _changes);

    public List<TxOutput> Outputs => _draft.Outputs;

    /// <summary>The transaction as one of the contracts is concerned with it.</summary>
    public Draft SeenBy(Instance instance) => _draft.SeenBy(instance.Contract);

    /// <summary>The parts together, each about a contract of its own; null when their times do not meet.</summary>
    public static Company? Of(ReadOnlySpan<(Instance Instance, Draft Part, string Name)> parts)
    {
        Company? company = null;
        var hasSigned = false;
        for (var i = 0; i < parts.Length; i++)
        {
            var (instance, part, name) = parts[i];
            // Signatures of admins name the escrow: a dispute keeps its reference.
            var isSigned = part.Redeemers.Values.Any(r => r is PlutusData.Constr { Tag: 4, Fields.Length: > 0 });
            if (isSigned && hasSigned)
            {
                return null;
            }

            hasSigned |= isSigned;
            var id = isSigned ? Scenes.SomeId : TransactionId.Parse(Vectors.Repeat($"{0xa0 + i:x2}", 32));
            var renaming = new Renaming([(part.Contract.ScriptHash, instance.Contract.ScriptHash)], [(Scenes.SomeId, id)]);
            var renamed = Rename(part, renaming);
            if (company is null)
            {
                company = new Company(renamed, [instance]);
            }
            else if (!company.Add(renamed, instance, out company))
            {
                return null;
            }

            company._changes.Add($"{instance.Name}: {name}");
        }

        return company;
    }

    /// <summary>A change that concerns several contracts at once.</summary>
    public void Change(Random random)
    {
        var (from, to) = (Any(Instance.All, random), Any(Instance.All, random));
        var (one, other) = (random.Next(Outputs.Count), random.Next(Outputs.Count));
        var escrows = _draft.Spent.FindAll(s => s.Output.Address.Payment?.AsScript is not null);
        if (escrows.Count == 0)
        {
            return;
        }

        switch (random.Next(9))
        {
            case 0:
                Changed("an output goes to another contract");
                Outputs[one] = Outputs[one] with { Address = to.Contract.Address };
                break;
            case 1:
                Changed("one output in place of two");
                Merge(one, other);
                break;
            case 2:
                Changed("an output is tagged for another escrow");
                Outputs[one] = Outputs[one] with { Datum = OutputReferenceData.Tag(Any([.. _draft.Spent], random).Input) };
                break;
            case 3:
                Changed("an escrow lies at another contract");
                Replace(Any([.. escrows], random).Input, to.Contract.Address);
                break;
            case 4:
                Changed("an escrow lies at a script that always agrees");
                Replace(Any([.. escrows], random).Input, AtAnything);
                break;
            case 5:
                Changed("an escrow of another contract is created too");
                Outputs.Add(Outputs[one] with { Address = to.Contract.Address });
                break;
            case 6:
                Changed("what always agrees pays in and gets out");
                _draft.Spent.Add((new TxInput(TransactionId.Parse(Vectors.Repeat("0f", 32)), _draft.Spent.Count), Outputs[one] with { Address = AtAnything }));
                Outputs.Add(Outputs[other] with { Address = AtAnything });
                break;
            case 7:
                Changed("two escrows change their redeemers");
                var (a, b) = (Any([.. escrows], random).Input, Any([.. escrows], random).Input);
                if (_draft.Redeemers.TryGetValue(a, out var mine) && _draft.Redeemers.TryGetValue(b, out var theirs))
                {
                    (_draft.Redeemers[a], _draft.Redeemers[b]) = (theirs, mine);
                }

                break;
            default:
                Changed("the contracts change places");
                var swap = new Renaming([(from.Contract.ScriptHash, to.Contract.ScriptHash), (to.Contract.ScriptHash, from.Contract.ScriptHash)], []);
                for (var i = 0; i < Outputs.Count; i++)
                {
                    Outputs[i] = swap.Of(Outputs[i]);
                }

                break;
        }
    }

    /// <summary>One output of what both hold, where the first is and with its datum.</summary>
    public void Merge(int one, int other)
    {
        if (one != other)
        {
            Outputs[one] = Outputs[one] with { Value = Outputs[one].Value + Outputs[other].Value };
            Outputs.RemoveAt(other);
        }
    }

    /// <summary>Why each contract that is concerned refuses, with these scripts in their places; null when the transaction never came to its scripts.</summary>
    public ImmutableDictionary<Instance, ImmutableArray<string>>? Refusals(IReadOnlyDictionary<Instance, Script> scripts)
    {
        var renaming = new Renaming(scripts.Select(s => (s.Key.Contract.ScriptHash, s.Value.Hash)), []);
        var sorted = _draft.Spent.Select(s => s.Input).Order().ToImmutableArray();
        var spent = _draft.Spent.ToDictionary(s => s.Input, s => renaming.Of(s.Output));
        var guarded = sorted.Where(i => spent[i].Address.Payment?.AsScript is not null).ToList();
        var transaction = _draft.ToTransaction();
        var body = transaction.Body with { Outputs = [.. Outputs.Select(renaming.Of)] };
        var witnesses = transaction.Witnesses with
        {
            Scripts = [.. scripts.Values, Instance.Anything],
            Redeemers =
            [
                .. guarded.Select(i => new Redeemer(
                    new RedeemerPointer(RedeemerTag.Spend, sorted.IndexOf(i)),
                    Datum.Of(renaming.Of(_draft.Redeemers.GetValueOrDefault(i, PlutusData.C(0)))),
                    Limit
                )),
            ],
        };
        var evaluation = Evaluator.Evaluate(Transaction.Create(body, witnesses), spent, WholeTransactions.Parameters, WholeTransactions.Slots);
        return evaluation.ContextFailure is not null || evaluation.Executions.Length != guarded.Count
            ? null
            : scripts
                .Where(s => evaluation.Executions.Any(e => e.ScriptHash == s.Value.Hash))
                .ToImmutableDictionary(
                    s => s.Key,
                    s => evaluation.Executions.Where(e => e.ScriptHash == s.Value.Hash).Select(Guard.Refusal).OfType<string>().ToImmutableArray()
                );
    }

    private static Address AtAnything { get; } = Address.Create(NetworkId.Testnet, Credential.Script(Instance.Anything.Hash));

    private bool Add(Draft part, Instance instance, out Company together)
    {
        together = new Company(_draft, [.. Instances.Where(i => i != instance), instance]);
        together._changes.AddRange(_changes);
        _draft.Lower = Latest(_draft.Lower, part.Lower);
        _draft.Upper = _draft.Upper is { } mine && part.Upper is { } theirs ? new Slot(Math.Min(mine.Number, theirs.Number)) : _draft.Upper ?? part.Upper;
        _draft.Spent.AddRange(part.Spent.Where(s => _draft.Spent.All(known => known.Input != s.Input)));
        Outputs.AddRange(part.Outputs);
        _draft.Signers.AddRange(part.Signers.Except(_draft.Signers).ToList());
        foreach (var (input, redeemer) in part.Redeemers)
        {
            _draft.Redeemers[input] = redeemer;
        }

        return _draft.Lower is not { } lower || _draft.Upper is not { } upper || lower.Number < upper.Number;
    }

    private static Slot? Latest(Slot? a, Slot? b) => a is { } one && b is { } other ? new Slot(Math.Max(one.Number, other.Number)) : a ?? b;

    private static Draft Rename(Draft part, Renaming renaming)
    {
        for (var i = 0; i < part.Spent.Count; i++)
        {
            part.Spent[i] = (renaming.Of(part.Spent[i].Input), renaming.Of(part.Spent[i].Output));
        }

        for (var i = 0; i < part.Outputs.Count; i++)
        {
            part.Outputs[i] = renaming.Of(part.Outputs[i]);
        }

        var redeemers = part.Redeemers.ToList();
        part.Redeemers.Clear();
        foreach (var (input, redeemer) in redeemers)
        {
            part.Redeemers[renaming.Of(input)] = renaming.Of(redeemer);
        }

        return part;
    }

    private void Replace(TxInput input, Address address)
    {
        var at = _draft.Spent.FindIndex(s => s.Input == input);
        _draft.Spent[at] = (input, _draft.Spent[at].Output with { Address = address });
    }

    private void Changed(string what) => _changes.Add(what);

    private static T Any<T>(ImmutableArray<T> items, Random random) => items[random.Next(items.Length)];
}
