using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Costs;

/// <summary>The five variants of builtin semantics and cost shapes; which one applies follows from language and protocol version.</summary>
internal enum SemanticsVariant
{
    A,
    B,
    C,
    D,
    E,
}

/// <summary>What a builtin is, apart from what it does.</summary>
internal sealed record BuiltinFacts(
    BuiltinFunction Function,
    string Name,
    int Forces,
    int Arity,
    ImmutableArray<int> FirstVersion,
    ImmutableArray<string> Shapes
);

/// <summary>
/// The prices of one language at one protocol version, resolved from the on-chain array by parameter name (spec cardano.md 9.5). An array that is
/// shorter than the list of names leaves the rest unaffordable; extra entries are ignored.
/// </summary>
internal sealed class CostModel
{
    private static readonly Lazy<ImmutableArray<BuiltinFacts>> FactsTable = new(LoadFacts);
    private static readonly Lazy<ImmutableArray<ImmutableArray<string>>> Names = new(LoadNames);
    private static readonly ConcurrentDictionary<Key, CostModel> Cache = new();

    private CostModel(ScriptLanguage language, int protocolMajor, ImmutableArray<long> values)
    {
        Variant = VariantOf(language, protocolMajor);
        var names = Names.Value[(int)language - 1];
        var byName = new Dictionary<string, long>(names.Length, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            byName[names[i]] = i < values.Length ? values[i] : long.MaxValue;
        }

        long Value(string name) => byName.TryGetValue(name, out var value) ? value : long.MaxValue;
        ExUnits Step(string name) => new(Value($"cek{name}Cost-exBudgetMemory"), Value($"cek{name}Cost-exBudgetCPU"));
        Startup = Step("Startup");
        Var = Step("Var");
        Const = Step("Const");
        Lam = Step("Lam");
        Delay = Step("Delay");
        Force = Step("Force");
        Apply = Step("Apply");
        Builtin = Step("Builtin");
        Constr = Step("Constr");
        Case = Step("Case");
        StepPrices = [Var, Const, Lam, Apply, Delay, Force, Builtin, Constr, Case];
        Cpu = new CostFunction[FactsTable.Value.Length];
        Memory = new CostFunction[FactsTable.Value.Length];
        Available = new bool[FactsTable.Value.Length];
        foreach (var facts in FactsTable.Value)
        {
            var shape = facts.Shapes[(int)Variant].Split(':');
            Cpu[(int)facts.Function] = CostFunction.Parse(shape[0], $"{facts.Name}-cpu-arguments", Value);
            Memory[(int)facts.Function] = CostFunction.Parse(shape[1], $"{facts.Name}-memory-arguments", Value);

            // From protocol version 11 on every builtin is available in every language.
            var first = facts.FirstVersion[(int)language - 1];
            Available[(int)facts.Function] = protocolMajor >= Math.Min(first, 11);
        }

        UnitPrices = [.. Cpu.Zip(Memory, (cpu, memory) => new ExUnits(memory.Of(1, 1, 1, 1), cpu.Of(1, 1, 1, 1)))];
    }

    public SemanticsVariant Variant { get; }

    public ExUnits Startup { get; }

    public ExUnits Var { get; }

    public ExUnits Const { get; }

    public ExUnits Lam { get; }

    public ExUnits Delay { get; }

    public ExUnits Force { get; }

    public ExUnits Apply { get; }

    public ExUnits Builtin { get; }

    public ExUnits Constr { get; }

    public ExUnits Case { get; }

    /// <summary>The prices of steps in the order in which <see cref="Machine.Steps"/> counts them.</summary>
    public ExUnits[] StepPrices { get; }

    public CostFunction[] Cpu { get; }

    public CostFunction[] Memory { get; }

    /// <summary>The price of each builtin when all its arguments have the size one; for many that is their only price.</summary>
    public ExUnits[] UnitPrices { get; }

    public bool[] Available { get; }

    public static ImmutableArray<BuiltinFacts> Facts => FactsTable.Value;

    /// <summary>Arguments of each builtin.</summary>
    public static readonly int[] Arity = [.. Facts.Select(f => f.Arity)];

    /// <summary>Forces of each builtin.</summary>
    public static readonly int[] Forces = [.. Facts.Select(f => f.Forces)];

    /// <summary>The resolved model; the last few are kept.</summary>
    public static CostModel Resolve(ScriptLanguage language, int protocolMajor, ImmutableArray<long> values)
    {
        if (language is not (ScriptLanguage.PlutusV1 or ScriptLanguage.PlutusV2 or ScriptLanguage.PlutusV3))
        {
            throw new ArgumentOutOfRangeException(nameof(language), language, "Only Plutus languages have cost models.");
        }

        if (Cache.Count > 32)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd(new Key(language, protocolMajor, values), k => new CostModel(k.Language, k.ProtocolMajor, k.Values));
    }

    private static SemanticsVariant VariantOf(ScriptLanguage language, int protocolMajor) =>
        language == ScriptLanguage.PlutusV3 ? (protocolMajor >= 11 ? SemanticsVariant.E : SemanticsVariant.C)
        : protocolMajor >= 11 ? SemanticsVariant.D
        : protocolMajor >= 9 ? SemanticsVariant.B
        : SemanticsVariant.A;

    private static ImmutableArray<BuiltinFacts> LoadFacts()
    {
        var table = ImmutableArray.CreateBuilder<BuiltinFacts>();
        foreach (var line in Resource("builtins.txt"))
        {
            var parts = line.Split(' ');
            var shapes = new string[5];
            foreach (var part in parts[5..])
            {
                // A variant that says nothing is as the one before; a builtin that came later has its first shape everywhere.
                for (var v = part[0] - 'A'; v < 5; v++)
                {
                    shapes[v] = part[2..];
                }
            }

            for (var v = 3; v >= 0; v--)
            {
                shapes[v] ??= shapes[v + 1];
            }

            table.Add(
                new BuiltinFacts(
                    (BuiltinFunction)int.Parse(parts[0], CultureInfo.InvariantCulture),
                    parts[1],
                    int.Parse(parts[2], CultureInfo.InvariantCulture),
                    int.Parse(parts[3], CultureInfo.InvariantCulture),
                    [.. parts[4].Split(',').Select(int.Parse)],
                    [.. shapes]
                )
            );
        }

        return table.ToImmutable();
    }

    private static ImmutableArray<ImmutableArray<string>> LoadNames()
    {
        var all = new List<List<string>>();
        foreach (var line in Resource("parameters.txt"))
        {
            if (line[0] == '[')
            {
                all.Add([]);
            }
            else
            {
                all[^1].Add(line);
            }
        }

        return [.. all.Select(l => l.ToImmutableArray())];
    }

    private static IEnumerable<string> Resource(string name)
    {
        using var stream = typeof(CostModel).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#')];
    }

    private sealed record Key(ScriptLanguage Language, int ProtocolMajor, ImmutableArray<long> Values)
    {
        public bool Equals(Key? other) =>
            other is not null
            && Language == other.Language
            && ProtocolMajor == other.ProtocolMajor
            && (Values == other.Values || Values.AsSpan().SequenceEqual(other.Values.AsSpan()));

        public override int GetHashCode() =>
            HashCode.Combine(Language, ProtocolMajor, Values.Length, Values.IsEmpty ? 0 : Values[0], Values.IsEmpty ? 0 : Values[^1]);
    }
}
