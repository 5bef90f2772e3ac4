using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;

namespace Masumi.Contracts.Common;

/// <summary>What a redeemer of one generation can ask for, in the order of its constructors: the place of an action is its index.</summary>
internal sealed class RedeemerActions<TAction>(EscrowFamily family, params ImmutableArray<TAction> actions)
    where TAction : struct, Enum
{
    /// <summary>The constructor of an action; throws <see cref="ArgumentException"/> for one the generation does not have.</summary>
    public int IndexOf(TAction action) =>
        actions.IndexOf(action) is >= 0 and var index ? index : throw new ArgumentException($"{family} has no {action}.", nameof(action));

    /// <summary>The action of a constructor; null for one the contract does not know.</summary>
    public TAction? At(ulong index) => index < (ulong)actions.Length ? actions[(int)index] : null;

    /// <summary>The branch of the action that is asked for. Hot cases belong first (<see cref="Syntax.Switch"/>).</summary>
    public Term<T> Switch<T>(Term<Int> index, ReadOnlySpan<(TAction Action, Term<T> Branch)> cases, Term<T> otherwise)
    {
        var byIndex = ImmutableArray.CreateBuilder<(int, Term<T>)>(cases.Length);
        foreach (var (action, branch) in cases)
        {
            byIndex.Add((IndexOf(action), branch));
        }

        return Syntax.Switch(index, byIndex.MoveToImmutable().AsSpan(), otherwise);
    }

    /// <summary>The redeemer in the blueprint.</summary>
    /// <param name="arguments">The actions that have arguments, and their schemas.</param>
    public JsonObject Definition(params ImmutableArray<(TAction Action, JsonNode[] Arguments)> arguments) =>
        Schema.Union(
            "Action",
            [
                .. actions.Select(
                    (action, i) => Schema.Constructor(i, action.ToString(), [.. arguments.Where(a => a.Action.Equals(action)).SelectMany(a => a.Arguments)])
                ),
            ]
        );
}
