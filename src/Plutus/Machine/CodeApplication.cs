namespace Masumi.Plutus.Machine;

/// <summary>Application whose function and argument are both at hand.</summary>
internal sealed class ApplyAtoms(Atom function, Atom argument) : Compound
{
    public Atom Function => function;

    public Atom Argument => argument;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return machine.Apply(function.Peek(scope), argument.Peek(scope));
    }
}

/// <summary>Application of a function at hand to something that must be computed.</summary>
internal sealed class ApplyAtom(Atom function, Code argument) : Compound
{
    public Atom Function => function;

    public Code Argument => argument;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = function.Peek(scope);
        return machine.Apply(value, argument.Run(machine, scope));
    }
}

/// <summary>Application of what must be computed.</summary>
internal sealed class ApplyCode(Code function, Code argument) : Code
{
    public override ulong Cost => Steps.Apply;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Apply);
        var value = function.Run(machine, scope);
        return machine.Apply(value, argument.Run(machine, scope));
    }
}

/// <summary>A function at hand applied to two arguments: no function of the second argument is made in between when that can be seen.</summary>
internal sealed class ApplyTwo(Atom function, Code first, Code second) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = function.Peek(scope);
        var argument = first.Run(machine, scope);
        if (value is Closure closure)
        {
            if (closure.Code.Body is LamCode inner)
            {
                machine.Pay(inner.Cost);
                var outer = closure.Code.Bind(argument, closure.Scope);
                return inner.Body.Run(machine, inner.Bind(second.Run(machine, scope), outer));
            }
        }
        else if (value is BuiltinValue builtin && builtin.WantsExactly(2))
        {
            return machine.Call(builtin.Function, argument, second.Run(machine, scope));
        }

        value = machine.Apply(value, argument);
        return machine.Apply(value, second.Run(machine, scope));
    }
}

/// <summary>A function, perhaps polymorphic and instantiated here, applied to its arguments: functions of the later ones need not be made.</summary>
internal sealed class ApplyMany(Code function, bool isForced, Code[] arguments) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = function.Run(machine, scope);
        var next = 0;
        if (isForced)
        {
            if (value is Suspension { Code.Body: LamCode inner } suspension)
            {
                machine.Pay(inner.Cost);
                value = Enter(machine, inner, suspension.Scope, scope, ref next);
            }
            else
            {
                value = machine.Force(value);
            }
        }

        while (next < arguments.Length)
        {
            value = value is Closure closure
                ? Enter(machine, closure.Code, closure.Scope, scope, ref next)
                : machine.Apply(value, arguments[next++].Run(machine, scope));
        }

        return value;
    }

    // Binds as many arguments as functions follow each other, then runs what is inside.
    private object Enter(CodeMachine machine, LamCode code, Scope? names, Scope? scope, ref int next)
    {
        while (true)
        {
            names = code.Bind(arguments[next++].Run(machine, scope), names);
            if (next == arguments.Length || code.Body is not LamCode inner)
            {
                return code.Body.Run(machine, names);
            }

            machine.Pay(inner.Cost);
            code = inner;
        }
    }
}

/// <summary>A function written where it is applied: its argument gets a name.</summary>
internal sealed class LetCode(LamCode function, Code argument) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return function.Body.Run(machine, function.Bind(argument.Run(machine, scope), scope));
    }
}

/// <summary>The same with an argument at hand.</summary>
internal sealed class LetAtom(LamCode function, Atom argument) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return function.Body.Run(machine, function.Bind(argument.Peek(scope), scope));
    }
}

/// <summary>Forces what is at hand.</summary>
internal sealed class ForceAtom(Atom inner) : Compound
{
    public Atom Inner => inner;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        return machine.Force(inner.Peek(scope));
    }
}

/// <summary>Forces what is at hand and hides another delay, without making that.</summary>
internal sealed class ForceTwice(Atom inner) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = inner.Peek(scope);
        if (value is Suspension { Code.Body: DelayCode delay } suspension)
        {
            machine.Pay(delay.Cost);
            return delay.Body.Run(machine, suspension.Scope);
        }

        return machine.Force(machine.Force(value));
    }
}

internal sealed class ForceCode(Code inner) : Code
{
    public Code Inner => inner;

    public override ulong Cost => Steps.Force;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Force);
        return machine.Force(inner.Run(machine, scope));
    }
}

/// <summary>A delay where it is forced.</summary>
internal sealed class ForcedDelay(Code body) : Code
{
    public override ulong Cost => Steps.Force + Steps.Delay;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Force + Steps.Delay);
        return body.Run(machine, scope);
    }
}

/// <summary><c>force (ifThenElse c (delay t) (delay e))</c>: nothing delayed need be made.</summary>
internal sealed class IfCode(Code condition, DelayCode then, DelayCode otherwise) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = condition.Run(machine, scope);
        machine.Pay(Steps.Delay * 2);
        var branch = machine.Choose(value) ? then : otherwise;
        return branch.Body.Run(machine, scope);
    }
}

/// <summary><c>ifThenElse c (\u -> t) (\u -> e) x</c>, the same for compilers that delay by functions of nothing.</summary>
internal sealed class IfApplied(Code condition, LamCode then, LamCode otherwise, Code argument) : Compound
{
    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Certain);
        var value = condition.Run(machine, scope);
        machine.Pay(Steps.Lam * 2);
        var branch = machine.Choose(value) ? then : otherwise;
        return branch.Body.Run(machine, branch.Bind(argument.Run(machine, scope), scope));
    }
}

internal sealed class ConstrCode(ulong tag, Code[] fields) : Code
{
    public override ulong Cost => Steps.Constr;

    private readonly ConstrValue? _empty = fields.Length == 0 ? new ConstrValue(tag, []) : null;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Constr);
        if (_empty is not null)
        {
            return _empty;
        }

        var values = new object[fields.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = fields[i].Run(machine, scope);
        }

        return new ConstrValue(tag, values);
    }
}

internal sealed class CaseCode(Code scrutinee, Code[] branches) : Code
{
    public override ulong Cost => Steps.Case;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Case);
        var value = scrutinee.Run(machine, scope);
        if (value is not ConstrValue constr)
        {
            return machine.CaseOfConstant(branches, value, scope);
        }

        if (constr.Tag >= (ulong)branches.Length)
        {
            throw CodeMachine.Stuck($"no branch for constructor {constr.Tag}");
        }

        // The fields go to the branch one by one; where it is a function written out, that is only binding names.
        var code = branches[constr.Tag];
        var fields = constr.Fields;
        var bound = 0;
        while (bound < fields.Length && code is LamCode function)
        {
            machine.Pay(function.Cost);
            scope = function.Bind(fields[bound++], scope);
            code = function.Body;
        }

        return bound == fields.Length ? code.Run(machine, scope) : machine.ApplyAll(code.Run(machine, scope), fields, bound);
    }
}
