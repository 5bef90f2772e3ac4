using System.Collections.Immutable;
using System.Text.Json;

namespace Masumi.Protocol.Wire;

/// <summary>How a service says what is wrong with a request. The two services speak two generations of one library's English.</summary>
public abstract class IssueWords
{
    // The longest part of a refused value that is repeated to the caller.
    private const int MostEchoed = 100;

    private IssueWords() { }

    /// <summary><c>a.b[0]: Invalid input: expected string, received undefined</c> (spec payment-service-api.md 1.5).</summary>
    public static IssueWords Payment { get; } = new Dotted();

    /// <summary><c>a/b/0: Required</c> (spec registry-service-api.md).</summary>
    public static IssueWords Registry { get; } = new Slashed();

    /// <summary>Another type than needed, or nothing at all.</summary>
    public abstract string WrongType(string expected, JsonElement found);

    /// <summary>None of the known words.</summary>
    public abstract string NoneOf(ImmutableArray<string> words, JsonElement found);

    /// <summary>A text that is too short.</summary>
    public abstract string TextTooShort(int least);

    /// <summary>A text that is too long.</summary>
    public abstract string TextTooLong(int most);

    /// <summary>A list that is too short.</summary>
    public abstract string ListTooShort(int least);

    /// <summary>A list that is too long.</summary>
    public abstract string ListTooLong(int most);

    /// <summary>A number that is too small.</summary>
    public abstract string NumberTooSmall(decimal least);

    /// <summary>A number that is too big.</summary>
    public abstract string NumberTooBig(decimal most);

    /// <summary>A number with a fraction where a whole one is needed.</summary>
    public abstract string NotWhole { get; }

    /// <summary>A path one name deeper.</summary>
    public abstract string Join(string path, string name);

    /// <summary>A path one index deeper.</summary>
    public abstract string Join(string path, int index);

    /// <summary>The name of a value's type in JavaScript.</summary>
    private protected static string TypeOf(JsonElement found) =>
        found.ValueKind switch
        {
            JsonValueKind.Undefined => "undefined",
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "boolean",
        };

    private sealed class Dotted : IssueWords
    {
        public override string NotWhole => "Invalid input: expected int, received number";

        public override string WrongType(string expected, JsonElement found) => $"Invalid input: expected {expected}, received {TypeOf(found)}";

        public override string NoneOf(ImmutableArray<string> words, JsonElement found) =>
            $"Invalid option: expected one of {string.Join('|', words.Select(w => $"\"{w}\""))}";

        public override string TextTooShort(int least) => string.Create(Invariant, $"Too small: expected string to have >={least} characters");

        public override string TextTooLong(int most) => string.Create(Invariant, $"Too big: expected string to have <={most} characters");

        public override string ListTooShort(int least) => string.Create(Invariant, $"Too small: expected array to have >={least} items");

        public override string ListTooLong(int most) => string.Create(Invariant, $"Too big: expected array to have <={most} items");

        public override string NumberTooSmall(decimal least) => string.Create(Invariant, $"Too small: expected number to be >={least}");

        public override string NumberTooBig(decimal most) => string.Create(Invariant, $"Too big: expected number to be <={most}");

        public override string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

        public override string Join(string path, int index) => string.Create(Invariant, $"{path}[{index}]");
    }

    private sealed class Slashed : IssueWords
    {
        public override string NotWhole => "Expected integer, received float";

        public override string WrongType(string expected, JsonElement found) =>
            found.ValueKind == JsonValueKind.Undefined ? "Required" : $"Expected {expected}, received {TypeOf(found)}";

        public override string NoneOf(ImmutableArray<string> words, JsonElement found)
        {
            var quoted = string.Join(" | ", words.Select(w => $"'{w}'"));
            return found.ValueKind switch
            {
                JsonValueKind.Undefined => "Required",
                JsonValueKind.String => $"Invalid enum value. Expected {quoted}, received '{Echo(found.GetString()!)}'",
                _ => $"Expected {quoted}, received {TypeOf(found)}",
            };
        }

        public override string TextTooShort(int least) => string.Create(Invariant, $"String must contain at least {least} character(s)");

        public override string TextTooLong(int most) => string.Create(Invariant, $"String must contain at most {most} character(s)");

        public override string ListTooShort(int least) => string.Create(Invariant, $"Array must contain at least {least} element(s)");

        public override string ListTooLong(int most) => string.Create(Invariant, $"Array must contain at most {most} element(s)");

        public override string NumberTooSmall(decimal least) => string.Create(Invariant, $"Number must be greater than or equal to {least}");

        public override string NumberTooBig(decimal most) => string.Create(Invariant, $"Number must be less than or equal to {most}");

        public override string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

        public override string Join(string path, int index) => string.Create(Invariant, $"{path}/{index}");

        private static string Echo(string text) => text.Length > MostEchoed ? text[..MostEchoed] + "…" : text;
    }

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
