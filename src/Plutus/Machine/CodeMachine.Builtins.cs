using Masumi.Cardano.Scripts;
using Masumi.Plutus.Builtins;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Plutus.Machine;

// The builtins that scripts call all the time, without a detour through an array of arguments. Each handles arguments of the right kind only;
// whatever is left, refusals included, is BuiltinRuntime's.
internal sealed partial class CodeMachine
{
    /// <summary>Prices at size one of all arguments: the price of builtins with a constant one, and of arithmetic on machine words.</summary>
    private readonly ExUnits[] _unit;

    public object Call(BuiltinFunction function, object a)
    {
        switch (function)
        {
            case HeadList when a is RuntimeList { Length: > 0 } list:
                Spend(_unit[(int)HeadList]);
                return list.Head;
            case TailList when a is RuntimeList { Length: > 0 } list:
                Spend(_unit[(int)TailList]);
                return list.Tail;
            case NullList when a is RuntimeList list:
                Spend(_unit[(int)NullList]);
                return BuiltinRuntime.Bool(list.Length == 0);
            case FstPair when a is RuntimePair pair:
                Spend(_unit[(int)FstPair]);
                return pair.First;
            case SndPair when a is RuntimePair pair:
                Spend(_unit[(int)SndPair]);
                return pair.Second;
            case UnConstrData when a is Constant.Data { Value: PlutusData.Constr constr }:
                Spend(_unit[(int)UnConstrData]);
                return new RuntimePair(BuiltinRuntime.Int(constr.Tag), RuntimeList.Of(constr.Fields));
            case UnListData when a is Constant.Data { Value: PlutusData.List list }:
                Spend(_unit[(int)UnListData]);
                return RuntimeList.Of(list.Items);
            case UnMapData when a is Constant.Data { Value: PlutusData.Map map }:
                Spend(_unit[(int)UnMapData]);
                return RuntimeList.Of(map.Entries);
            case UnIData when a is Constant.Data { Value: PlutusData.Integer integer }:
                Spend(_unit[(int)UnIData]);
                return BuiltinRuntime.Int(integer.Value);
            case UnBData when a is Constant.Data { Value: PlutusData.Bytes bytes }:
                Spend(_unit[(int)UnBData]);
                return new Constant.ByteString(bytes.Value);
            default:
                return Call(function, [a]);
        }
    }

    public object Call(BuiltinFunction function, object a, object b)
    {
        if (a is Constant.Integer { IsWord: true } x && b is Constant.Integer { IsWord: true } y)
        {
            long result;
            switch (function)
            {
                case EqualsInteger:
                    Spend(_unit[(int)EqualsInteger]);
                    return BuiltinRuntime.Bool(x.Word == y.Word);
                case LessThanInteger:
                    Spend(_unit[(int)LessThanInteger]);
                    return BuiltinRuntime.Bool(x.Word < y.Word);
                case LessThanEqualsInteger:
                    Spend(_unit[(int)LessThanEqualsInteger]);
                    return BuiltinRuntime.Bool(x.Word <= y.Word);
                case AddInteger when !Overflows(result = unchecked(x.Word + y.Word), x.Word, y.Word):
                    Spend(_unit[(int)AddInteger]);
                    return BuiltinRuntime.Int(result);
                case SubtractInteger when !Overflows(x.Word, result = unchecked(x.Word - y.Word), y.Word):
                    Spend(_unit[(int)SubtractInteger]);
                    return BuiltinRuntime.Int(result);
                case MultiplyInteger when Math.BigMul(x.Word, y.Word, out result) == result >> 63:
                    Spend(_unit[(int)MultiplyInteger]);
                    return BuiltinRuntime.Int(result);
            }
        }

        switch (function)
        {
            case EqualsByteString when a is Constant.ByteString left && b is Constant.ByteString right:
                Spend(
                    _costs.Memory[(int)EqualsByteString].Of(Sizes.OfBytes(left.Value.Length), Sizes.OfBytes(right.Value.Length), 0, 0),
                    _costs.Cpu[(int)EqualsByteString].Of(Sizes.OfBytes(left.Value.Length), Sizes.OfBytes(right.Value.Length), 0, 0)
                );
                return BuiltinRuntime.Bool(left.Value.Span.SequenceEqual(right.Value.Span));
            case Trace:
                // What is out of budget must not be heard.
                Settle();
                return Call(function, [a, b]);
            case MkCons when a is Constant.Data && b is RuntimeList list && ReferenceEquals(list.Element, ConstantType.Data):
                Spend(_unit[(int)MkCons]);
                return RuntimeList.Cons(a, list);
            default:
                return Call(function, [a, b]);
        }
    }

    public object Call(BuiltinFunction function, object a, object b, object c)
    {
        switch (function)
        {
            case IfThenElse when a is Constant.Bool condition:
                Spend(_unit[(int)IfThenElse]);
                return condition.Value ? b : c;
            case ChooseList when a is RuntimeList list:
                Spend(_unit[(int)ChooseList]);
                return list.Length == 0 ? b : c;
            default:
                return Call(function, [a, b, c]);
        }
    }

    /// <summary>Any builtin with all its arguments.</summary>
    public object Call(BuiltinFunction function, object[] arguments)
    {
        Spend(CekMachine.Price(_costs, function, arguments));
        return BuiltinRuntime.Call(function, arguments, _costs.Variant, _logs);
    }

    /// <summary>Pays for ifThenElse and says which way it goes.</summary>
    public bool Choose(object condition)
    {
        Spend(_unit[(int)IfThenElse]);
        return condition is Constant.Bool b ? b.Value : Refused(condition);
    }

    private bool Refused(object condition)
    {
        _ = BuiltinRuntime.Call(IfThenElse, [condition, Constant.UnitValue, Constant.UnitValue], _costs.Variant, _logs);
        throw new InvalidOperationException("A condition that is neither a boolean nor refused.");
    }

    // True when total is not the sum of the parts.
    private static bool Overflows(long total, long part, long other) => ((total ^ part) & (total ^ other)) < 0;
}
