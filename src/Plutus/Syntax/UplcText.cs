namespace Masumi.Plutus.Syntax;

/// <summary>
/// Textual UPLC, as the Plutus project's tools read and write it: <c>(program 1.1.0 [(lam x x) (con integer 1)])</c>. Variables have names, comments are
/// <c>-- to the end of the line</c> and <c>{- nested -}</c>. Nesting is limited by memory, never by the stack.
/// </summary>
public static class UplcText
{
    /// <summary>Longest text that is read.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>Most digits of an integer, since reading and writing decimals is not linear.</summary>
    public const int MaxDigits = 1_000_000;

    /// <summary>Reads a program. Throws <see cref="UplcSyntaxException"/> with line and column for anything else, unbound variables included.</summary>
    public static UplcProgram Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TermParser(new Scanner(text)).Program();
    }

    /// <summary>Reads a closed term, in which everything of UPLC 1.1.0 may stand. Throws <see cref="UplcSyntaxException"/>.</summary>
    public static Term ParseTerm(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TermParser(new Scanner(text)).WholeTerm();
    }

    /// <summary>
    /// Writes a program in one line. Variables are named by their binder's depth, so that programs that differ in names only have the same text. Throws
    /// <see cref="FormatException"/> when the text would be longer than <paramref name="maxLength"/> (terms may share parts, texts cannot).
    /// </summary>
    public static string Print(UplcProgram program, int maxLength = MaxLength)
    {
        ArgumentNullException.ThrowIfNull(program);
        var printer = new TermPrinter(maxLength);
        printer.Print(program);
        return printer.ToString();
    }

    /// <summary>Writes a term as <see cref="Print(UplcProgram, int)"/> does.</summary>
    public static string Print(Term term, int maxLength = MaxLength)
    {
        ArgumentNullException.ThrowIfNull(term);
        var printer = new TermPrinter(maxLength);
        printer.Print(term);
        return printer.ToString();
    }

    /// <summary>The textual name of a builtin.</summary>
    public static string NameOf(BuiltinFunction function) => BuiltinNames.Of(function);
}
