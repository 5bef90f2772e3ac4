using System.Globalization;
using System.Text;

namespace Masumi.Plutus.Syntax;

/// <summary>Text in double quotes, with the escapes of Haskell: letters, decimal, <c>\x</c> and <c>\o</c> code points, control characters by name.</summary>
internal static class StringLiteral
{
    // In the order of their code points, with delete last.
    private static readonly string[] ControlNames =
    [
        .. "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP".Split(' '),
        "DEL",
    ];

    private const string Letters = "abfnrtv\\\"'";
    private const string Meanings = "\a\b\f\n\r\t\v\\\"'";

    public static string Read(Scanner scanner)
    {
        scanner.Expect('"');
        var start = scanner.Position - 1;
        var text = new StringBuilder();
        while (true)
        {
            if (scanner.AtEnd)
            {
                throw scanner.Wrong("a text without an end", start);
            }

            var c = scanner.Read();
            switch (c)
            {
                case '"':
                    return Whole(text.ToString());
                case '\\':
                    Escape(scanner, text);
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    public static void Write(string text, StringBuilder to)
    {
        to.Append('"');
        var afterNumber = false;
        foreach (var c in text)
        {
            var letter = c == '\'' ? -1 : Meanings.IndexOf(c, StringComparison.Ordinal);
            if (letter >= 0)
            {
                to.Append('\\').Append(Letters[letter]);
                afterNumber = false;
            }
            else if (char.IsControl(c) || (afterNumber && char.IsAsciiDigit(c)))
            {
                // A digit after a number would be read as part of it, so it becomes a number too.
                to.Append(CultureInfo.InvariantCulture, $"\\{(int)c}");
                afterNumber = true;
            }
            else
            {
                to.Append(c);
                afterNumber = false;
            }
        }

        to.Append('"');
    }

    private static void Escape(Scanner scanner, StringBuilder text)
    {
        var at = scanner.Position - 1;
        var c = scanner.Peek;
        var letter = Letters.IndexOf(c, StringComparison.Ordinal);
        if (letter >= 0)
        {
            scanner.Read();
            text.Append(Meanings[letter]);
        }
        else if (char.IsAsciiDigit(c))
        {
            Append(text, Number(scanner, 10, at));
        }
        else if (c is 'x' or 'X' or 'o' or 'O')
        {
            scanner.Read();
            Append(text, Number(scanner, c is 'x' or 'X' ? 16 : 8, at));
        }
        else if (c == '^')
        {
            scanner.Read();
            var control = scanner.Read();
            text.Append(control is >= '@' and <= '_' ? (char)(control - '@') : throw scanner.Wrong("an unknown escape", at));
        }
        else
        {
            text.Append(Control(scanner, at));
        }
    }

    private static int Number(Scanner scanner, int radix, int at)
    {
        var value = 0;
        var digits = 0;
        for (; Digit(scanner.Peek) is var digit && digit < radix; digits++)
        {
            scanner.Read();
            value = (value * radix) + digit;
            if (value > 0x10ffff)
            {
                throw scanner.Wrong("a code point over 10ffff", at);
            }
        }

        return digits > 0 ? value : throw scanner.Wrong("an unknown escape", at);
    }

    private static int Digit(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;

    private static char Control(Scanner scanner, int at)
    {
        // The longest name wins: SOH is not SO and an H.
        var best = -1;
        for (var i = 0; i < ControlNames.Length; i++)
        {
            if (scanner.At(ControlNames[i]) && (best < 0 || ControlNames[i].Length > ControlNames[best].Length))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            throw scanner.Wrong("an unknown escape", at);
        }

        scanner.Skip(ControlNames[best].Length);
        return best == ControlNames.Length - 1 ? '\x7f' : (char)best;
    }

    private static void Append(StringBuilder text, int codePoint)
    {
        // Half a surrogate pair is no character; the Haskell library puts the replacement character there.
        text.Append((Rune.IsValid(codePoint) ? new Rune(codePoint) : Rune.ReplacementChar).ToString());
    }

    // The same for halves that stand in the text itself.
    private static string Whole(string text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
