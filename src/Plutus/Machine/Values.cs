using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

// A value of the machine is one of: a Constant that is not a list, array or pair; RuntimeList, RuntimeArray, RuntimePair; or one of the closures
// below. Lists and pairs have forms of their own so that taking a tail or a field copies nothing.

/// <summary>An environment: the innermost variable first.</summary>
internal sealed class Env(object value, Env? next)
{
    public readonly object Value = value;
    public readonly Env? Next = next;
}

internal sealed class LamValue(Node body, Env? env)
{
    public readonly Node Body = body;
    public readonly Env? Env = env;
}

internal sealed class DelayValue(Node body, Env? env)
{
    public readonly Node Body = body;
    public readonly Env? Env = env;
}

internal sealed class ConstrValue(ulong tag, object[] fields)
{
    public readonly ulong Tag = tag;
    public readonly object[] Fields = fields;
}

/// <summary>A builtin that still waits for forces or arguments.</summary>
internal sealed class BuiltinValue(BuiltinFunction function, int forces, object[] arguments)
{
    public readonly BuiltinFunction Function = function;
    public readonly int Forces = forces;
    public readonly object[] Arguments = arguments;

    /// <summary>True when it lacks this many arguments and nothing else.</summary>
    public bool WantsExactly(int count) =>
        Arguments.Length == 0 && count == Costs.CostModel.Arity[(int)Function] && Forces == Costs.CostModel.Forces[(int)Function];
}
