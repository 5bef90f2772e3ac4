using System.Collections.Frozen;
using System.Globalization;
using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>Names for the variables of a listing: what the contract calls them, each only once, and none that the listing's language has taken.</summary>
internal sealed class ListingNames
{
    private static readonly FrozenSet<string> Taken = Enum.GetValues<BuiltinFunction>()
        .Select(UplcText.NameOf)
        .Concat(["let", "share", "require", "else", "if", "fn", "fail", "and", "or", "not", "empty", "pack", "unpack", "apply", "delay", "force"])
        .Concat(["builtin", "traced", "true", "false", "unit", "emptyList", "emptyMap", "con", "data"])
        .ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<Variable, string> _names = [];
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>The variable's name; the first one asked for with a text has it without a number.</summary>
    public string this[Variable variable]
    {
        get
        {
            if (_names.TryGetValue(variable, out var known))
            {
                return known;
            }

            // What is evaluated for its failure alone is bound to '_'; a line also parts the words of a datum's fields, and here the number.
            var words = $"{variable}".Split('_', StringSplitOptions.RemoveEmptyEntries);
            var text = string.Concat(
                words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]).SelectMany(w => w.Where(char.IsAsciiLetterOrDigit))
            );
            text = text.Length == 0 || !char.IsAsciiLetter(text[0]) ? "unused" + text : text;
            string name;
            do
            {
                var number = _used[text] = _used.GetValueOrDefault(text) + 1;
                name = number == 1 ? text : text + "_" + number.ToString(CultureInfo.InvariantCulture);
            } while (Taken.Contains(name));

            return _names[variable] = name;
        }
    }
}
