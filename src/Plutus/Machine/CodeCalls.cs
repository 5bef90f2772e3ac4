using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>A builtin that lacks arguments: the ones written are computed and kept.</summary>
internal sealed class PartialCall(BuiltinFunction function, int forces, Code[] arguments) : Compound
{
    public BuiltinFunction Function => function;

    public Code[] Arguments => arguments;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var values = new object[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Run(machine, scope);
        }

        return new BuiltinValue(function, forces, values);
    }
}

/// <summary>A builtin with its one argument.</summary>
internal sealed class CallOne(BuiltinFunction function, Code argument) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return machine.Call(function, argument.Run(machine, scope));
    }
}

/// <summary>The same with an argument at hand.</summary>
internal sealed class CallOneAtom(BuiltinFunction function, Atom argument) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return machine.Call(function, argument.Peek(scope));
    }
}

/// <summary>A builtin with its two arguments.</summary>
internal sealed class CallTwo(BuiltinFunction function, Code first, Code second) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = first.Run(machine, scope);
        return machine.Call(function, value, second.Run(machine, scope));
    }
}

/// <summary>The same with arguments at hand.</summary>
internal sealed class CallTwoAtoms(BuiltinFunction function, Atom first, Atom second) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return machine.Call(function, first.Peek(scope), second.Peek(scope));
    }
}

/// <summary>A builtin with its three arguments.</summary>
internal sealed class CallThree(BuiltinFunction function, Code first, Code second, Code third) : Compound
{
    public BuiltinFunction Function => function;

    public Code First => first;

    public Code Second => second;

    public Code Third => third;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var one = first.Run(machine, scope);
        var two = second.Run(machine, scope);
        return machine.Call(function, one, two, third.Run(machine, scope));
    }
}

/// <summary>A builtin with more arguments than three.</summary>
internal sealed class CallMany(BuiltinFunction function, Code[] arguments) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var values = new object[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Run(machine, scope);
        }

        return machine.Call(function, values);
    }
}
