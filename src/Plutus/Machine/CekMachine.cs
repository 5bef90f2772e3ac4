using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Builtins;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>
/// The CEK machine (spec cardano.md 9.2): computes nodes in environments, with its continuation on a stack of its own, and charges each step.
/// One instance runs one program once.
/// </summary>
internal sealed class CekMachine(CostModel costs, ExUnits limit)
{
    private enum FrameKind : byte
    {
        /// <summary>The function is being computed; the argument waits.</summary>
        Argument,

        /// <summary>The argument is being computed; the function is known.</summary>
        Function,

        /// <summary>A function is being computed; its argument is a value already (a field of a case).</summary>
        Value,

        Force,
        Fields,
        Branches,
    }

    private struct Frame
    {
        public FrameKind Kind;
        public int Index;
        public Node? Node;
        public Env? Env;
        public object? Value;
    }

    private readonly List<string> _logs = [];
    private Frame[] _stack = new Frame[64];
    private int _top;
    private long _memory;
    private long _steps;

    /// <summary>The value a run ended with; null before and after a failure.</summary>
    public object? Result { get; private set; }

    /// <summary>Runs a compiled program; never throws for what the program does.</summary>
    public EvaluationOutcome Run(Node program)
    {
        try
        {
            Spend(costs.Startup);
            var result = Compute(program);
            Result = result;
            return new EvaluationOutcome(null, ConstantTypes.ToConstant(result), Used(), [.. _logs]);
        }
        catch (EvaluationEnded ended)
        {
            return new EvaluationOutcome(ended.Failure, null, Used(), [.. _logs]);
        }
    }

    private ExUnits Used() => new(_memory, _steps);

    private void Spend(ExUnits price) => Spend(price.Memory, price.Steps);

    private void Spend(long memory, long steps)
    {
        // Both saturate, as the node's counters do: an unlimited run of a boundless price ends at the largest number, not in failure.
        _memory = CostFunction.Add(_memory, memory);
        _steps = CostFunction.Add(_steps, steps);
        if (_memory > limit.Memory || _steps > limit.Steps)
        {
            throw new EvaluationEnded(new EvaluationFailure.OutOfBudget(limit, Used()));
        }
    }

    [SuppressMessage("Design", "MA0051", Justification = "One case for each kind of term, in the loop that runs every script: calls would cost time.")]
    private object Compute(Node node)
    {
        Env? env = null;
        while (true)
        {
            object value;
            switch (node.Kind)
            {
                case NodeKind.Var:
                    Spend(costs.Var);
                    var at = env!;
                    for (var i = node.Index; i > 1; i--)
                    {
                        at = at.Next!;
                    }

                    value = at.Value;
                    break;

                case NodeKind.Const:
                    Spend(costs.Const);
                    value = node.Value!;
                    break;

                case NodeKind.Lam:
                    Spend(costs.Lam);
                    value = new LamValue(node.A!, env);
                    break;

                case NodeKind.Delay:
                    Spend(costs.Delay);
                    value = new DelayValue(node.A!, env);
                    break;

                case NodeKind.Builtin:
                    Spend(costs.Builtin);
                    value = node.Value!;
                    break;

                case NodeKind.Apply:
                    Spend(costs.Apply);
                    Push(FrameKind.Argument, node.B, env, null, 0);
                    node = node.A!;
                    continue;

                case NodeKind.Force:
                    Spend(costs.Force);
                    Push(FrameKind.Force, null, null, null, 0);
                    node = node.A!;
                    continue;

                case NodeKind.Constr:
                    Spend(costs.Constr);
                    if (node.Many.Length == 0)
                    {
                        value = new ConstrValue(node.Tag, []);
                        break;
                    }

                    Push(FrameKind.Fields, node, env, new object[node.Many.Length], 0);
                    node = node.Many[0];
                    continue;

                case NodeKind.Case:
                    Spend(costs.Case);
                    Push(FrameKind.Branches, node, env, null, 0);
                    node = node.A!;
                    continue;

                default:
                    throw new EvaluationEnded(new EvaluationFailure.ErrorTerm());
            }

            // Hand the value to continuations until one wants something computed.
            if (!Return(ref value, out node!, out env))
            {
                return value;
            }
        }
    }

    [SuppressMessage("Design", "MA0051", Justification = "One case for each kind of frame, in the loop that runs every script: calls would cost time.")]
    private bool Return(ref object value, out Node? node, out Env? env)
    {
        while (_top > 0)
        {
            ref var frame = ref _stack[--_top];
            switch (frame.Kind)
            {
                case FrameKind.Argument:
                    node = frame.Node;
                    env = frame.Env;
                    frame.Kind = FrameKind.Function;
                    frame.Node = null;
                    frame.Env = null;
                    frame.Value = value;
                    _top++;
                    return true;

                case FrameKind.Function:
                {
                    var function = frame.Value!;
                    frame = default;
                    if (ApplyTo(function, value, out node, out env, out value!))
                    {
                        return true;
                    }

                    break;
                }

                case FrameKind.Value:
                {
                    var argument = frame.Value!;
                    frame = default;
                    if (ApplyTo(value, argument, out node, out env, out value!))
                    {
                        return true;
                    }

                    break;
                }

                case FrameKind.Force:
                    frame = default;
                    if (value is DelayValue delay)
                    {
                        node = delay.Body;
                        env = delay.Env;
                        return true;
                    }

                    value = value is BuiltinValue builtin ? ForceBuiltin(builtin) : throw Stuck("something was forced that is not delayed");
                    break;

                case FrameKind.Fields:
                {
                    var fields = (object[])frame.Value!;
                    fields[frame.Index] = value;
                    if (++frame.Index < fields.Length)
                    {
                        node = frame.Node!.Many[frame.Index];
                        env = frame.Env;
                        _top++;
                        return true;
                    }

                    value = new ConstrValue(frame.Node!.Tag, fields);
                    frame = default;
                    break;
                }

                default:
                {
                    var branches = frame.Node!.Many;
                    env = frame.Env;
                    frame = default;
                    node = Select(branches, value);
                    return true;
                }
            }
        }

        node = null;
        env = null;
        return false;
    }

    private bool ApplyTo(object function, object argument, out Node? node, out Env? env, out object? value)
    {
        if (function is LamValue lambda)
        {
            node = lambda.Body;
            env = new Env(argument, lambda.Env);
            value = null;
            return true;
        }

        node = null;
        env = null;
        value = function is BuiltinValue builtin ? ApplyBuiltin(builtin, argument) : throw Stuck("something was applied that is no function");
        return false;
    }

    private static BuiltinValue ForceBuiltin(BuiltinValue builtin)
    {
        var facts = CostModel.Facts[(int)builtin.Function];
        return builtin.Forces < facts.Forces && builtin.Arguments.Length == 0
            ? new BuiltinValue(builtin.Function, builtin.Forces + 1, builtin.Arguments)
            : throw Stuck($"{builtin.Function} was forced too often");
    }

    private object ApplyBuiltin(BuiltinValue builtin, object argument)
    {
        var facts = CostModel.Facts[(int)builtin.Function];
        if (builtin.Forces < facts.Forces)
        {
            throw Stuck($"{builtin.Function} was applied before it was forced");
        }

        object[] arguments = [.. builtin.Arguments, argument];
        if (arguments.Length < facts.Arity)
        {
            return new BuiltinValue(builtin.Function, builtin.Forces, arguments);
        }

        Charge(builtin.Function, arguments);
        return BuiltinRuntime.Call(builtin.Function, arguments, costs.Variant, _logs);
    }

    private void Charge(BuiltinFunction function, object[] arguments) => Spend(Price(costs, function, arguments));

    /// <summary>What a builtin costs on these arguments.</summary>
    public static ExUnits Price(CostModel costs, BuiltinFunction function, ReadOnlySpan<object> arguments)
    {
        var cpu = costs.Cpu[(int)function];
        var memory = costs.Memory[(int)function];
        if (cpu.IsConstant && memory.IsConstant)
        {
            return costs.UnitPrices[(int)function];
        }

        Span<long> size = stackalloc long[6];
        for (var i = 0; i < arguments.Length; i++)
        {
            size[i] = SizeOf(costs, function, i, arguments[i]);
        }

        return new ExUnits(memory.Of(size[0], size[1], size[2], size[3]), cpu.Of(size[0], size[1], size[2], size[3]));
    }

    // A few arguments are measured by their value instead of their own size (spec cardano.md 9.4).
    private static long SizeOf(CostModel costs, BuiltinFunction function, int index, object argument)
    {
        switch (function, index)
        {
            case (BuiltinFunction.IntegerToByteString, 1) or (BuiltinFunction.ReplicateByte, 0) when argument is Constant.Integer bytes:
            {
                var magnitude = Magnitude(bytes.Value);
                return magnitude == 0 ? 0 : ((magnitude - 1) / 8) + 1;
            }

            case (BuiltinFunction.ShiftByteString or BuiltinFunction.RotateByteString, 1)
            or (BuiltinFunction.DropList, 0) when argument is Constant.Integer amount:
                return Magnitude(amount.Value);
            case (BuiltinFunction.InsertCoin, 3) or (BuiltinFunction.LookupCoin, 2) when argument is Constant.Tokens value:
                return Sizes.Depth(value.Value);
            case (BuiltinFunction.UnValueData, 0) when argument is Constant.Data data:
                return Sizes.Nodes(data.Value);
            default:
                return Sizes.Of(argument, costs.Variant >= SemanticsVariant.D);
        }
    }

    private static long Magnitude(BigInteger value) => BigInteger.Abs(value) is var m && m > long.MaxValue ? long.MaxValue : (long)m;

    private Node Select(Node[] branches, object value)
    {
        switch (value)
        {
            case ConstrValue constr:
                if (constr.Tag >= (ulong)branches.Length)
                {
                    throw Stuck($"no branch for constructor {constr.Tag}");
                }

                for (var i = constr.Fields.Length - 1; i >= 0; i--)
                {
                    Push(FrameKind.Value, null, null, constr.Fields[i], 0);
                }

                return branches[constr.Tag];

            case not (LamValue or DelayValue or BuiltinValue) when costs.Variant >= SemanticsVariant.D:
                return SelectConstant(branches, value);

            default:
                throw Stuck("a case on something that is no constructor");
        }
    }

    private Node SelectConstant(Node[] branches, object value)
    {
        switch (value)
        {
            case Constant.Bool b when branches.Length is 1 or 2 && (branches.Length == 2 || !b.Value):
                return branches[b.Value ? 1 : 0];
            case Constant.Unit when branches.Length == 1:
                return branches[0];
            case Constant.Integer i when i.Value >= 0 && i.Value < branches.Length:
                return branches[(int)i.Value];
            case RuntimeList list when branches.Length is 1 or 2 && (branches.Length == 2 || list.Length > 0):
                if (list.Length == 0)
                {
                    return branches[1];
                }

                Push(FrameKind.Value, null, null, list.Tail, 0);
                Push(FrameKind.Value, null, null, list.Head, 0);
                return branches[0];
            case RuntimePair pair when branches.Length == 1:
                Push(FrameKind.Value, null, null, pair.Second, 0);
                Push(FrameKind.Value, null, null, pair.First, 0);
                return branches[0];
            default:
                throw Stuck("no branch for a constant");
        }
    }

    private void Push(FrameKind kind, Node? node, Env? env, object? value, int index)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _stack.Length * 2);
        }

        ref var frame = ref _stack[_top++];
        frame.Kind = kind;
        frame.Node = node;
        frame.Env = env;
        frame.Value = value;
        frame.Index = index;
    }

    private static EvaluationEnded Stuck(string reason) => new(new EvaluationFailure.Stuck(reason));
}
