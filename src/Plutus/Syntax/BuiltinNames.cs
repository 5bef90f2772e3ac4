using System.Collections.Frozen;

namespace Masumi.Plutus.Syntax;

/// <summary>Names of builtins in text: the member's name with a lowercase first letter.</summary>
internal static class BuiltinNames
{
    private static readonly FrozenDictionary<BuiltinFunction, string> Names = Enum.GetValues<BuiltinFunction>()
        .ToFrozenDictionary(f => f, f => char.ToLowerInvariant(f.ToString()[0]) + f.ToString()[1..]);

    private static readonly FrozenDictionary<string, BuiltinFunction> Functions = Names.ToFrozenDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);

    public static string Of(BuiltinFunction function) => Names[function];

    public static BuiltinFunction? Find(string name) => Functions.TryGetValue(name, out var function) ? function : null;
}
