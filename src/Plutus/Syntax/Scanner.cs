using System.Globalization;
using System.Numerics;

namespace Masumi.Plutus.Syntax;

/// <summary>Walks over a text: spaces and comments, symbols, words, numbers, bytes. Every refusal carries its place.</summary>
internal sealed class Scanner
{
    private readonly string _text;

    public Scanner(string text)
    {
        _text = text;
        if (text.Length > UplcText.MaxLength)
        {
            throw Wrong($"a text of {text.Length} characters; {UplcText.MaxLength} are allowed");
        }
    }

    /// <summary>Index of the next character.</summary>
    public int Position { get; private set; }

    /// <summary>The next character; zero at the end.</summary>
    public char Peek => Position < _text.Length ? _text[Position] : '\0';

    public bool AtEnd => Position >= _text.Length;

    /// <summary>Skips white space and comments, then tells the next character.</summary>
    public char Next()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(Peek))
            {
                Position++;
            }
            else if (At("--"))
            {
                var end = _text.IndexOf('\n', Position);
                Position = end < 0 ? _text.Length : end;
            }
            else if (At("{-"))
            {
                SkipBlockComment();
            }
            else
            {
                break;
            }
        }

        return Peek;
    }

    /// <summary>The symbol after white space, or a refusal.</summary>
    public void Expect(char symbol)
    {
        if (!Take(symbol))
        {
            throw Expected($"'{symbol}'");
        }
    }

    /// <summary>Takes the symbol after white space when it is there.</summary>
    public bool Take(char symbol)
    {
        if (Next() != symbol || AtEnd)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Takes a character without skipping anything.</summary>
    public char Read() => AtEnd ? throw Expected("more") : _text[Position++];

    /// <summary>Letters, digits, underscores and quotes after white space; empty when there are none.</summary>
    public string Word()
    {
        Next();
        var start = Position;
        while (IsWordCharacter(Peek))
        {
            Position++;
        }

        return _text[start..Position];
    }

    /// <summary>
    /// A variable's name as written: a word that starts with a letter or underscore, or anything in backquotes, with an optional <c>-number</c> that makes it unique.
    /// </summary>
    public string Name()
    {
        Next();
        var start = Position;
        if (Peek == '`')
        {
            var end = _text.IndexOf('`', Position + 1);
            if (end < 0 || _text.AsSpan(Position, end - Position).IndexOfAnyExceptInRange('!', '~') >= 0 || end == Position + 1)
            {
                throw Expected("a name in backquotes");
            }

            Position = end + 1;
        }
        else if (char.IsAsciiLetter(Peek) || Peek == '_')
        {
            Word();
        }
        else
        {
            throw Expected("a name");
        }

        if (Peek == '-' && Position + 1 < _text.Length && char.IsAsciiDigit(_text[Position + 1]))
        {
            Position++;
            Digits();
        }

        return _text[start..Position];
    }

    /// <summary>Decimal digits, as a number that must not exceed the limit.</summary>
    public ulong Natural(ulong limit)
    {
        Next();
        var start = Position;
        var digits = Digits();
        if (digits.IsEmpty || IsWordCharacter(Peek))
        {
            Position = start;
            throw Expected("a number");
        }

        return
            ulong.TryParse(digits.TrimStart('0').IsEmpty ? "0" : digits.TrimStart('0'), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= limit
            ? value
            : throw Wrong($"a number over {limit}", start);
    }

    /// <summary>An integer with an optional sign.</summary>
    public BigInteger Integer()
    {
        Next();
        var start = Position;
        if (Peek is '-' or '+')
        {
            Position++;
        }

        var digits = Digits();
        if (digits.IsEmpty || IsWordCharacter(Peek))
        {
            Position = start;
            throw Expected("an integer");
        }

        if (digits.Length > UplcText.MaxDigits)
        {
            throw Wrong($"an integer of {digits.Length} digits; {UplcText.MaxDigits} are allowed", start);
        }

        var value = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return _text[start] == '-' ? -value : value;
    }

    /// <summary>Bytes in hexadecimal after a prefix.</summary>
    public byte[] Hex(string prefix)
    {
        Next();
        var start = Position;
        if (!At(prefix))
        {
            throw Expected($"'{prefix}' and hexadecimal digits");
        }

        Position += prefix.Length;
        var from = Position;
        while (char.IsAsciiHexDigit(Peek))
        {
            Position++;
        }

        if ((Position - from) % 2 != 0 || IsWordCharacter(Peek))
        {
            Position = start;
            throw Expected("whole bytes in hexadecimal");
        }

        return Convert.FromHexString(_text.AsSpan(from, Position - from));
    }

    /// <summary>True when the text goes on like this.</summary>
    public bool At(string expected) => string.CompareOrdinal(_text, Position, expected, 0, expected.Length) == 0;

    /// <summary>Moves on; for a text that <see cref="At"/> has seen.</summary>
    public void Skip(int count) => Position += count;

    /// <summary>A refusal that says what should stand here and what does.</summary>
    public UplcSyntaxException Expected(string what) => Wrong($"expected {what}, found {(AtEnd ? "the end of the text" : $"'{Peek}'")}");

    /// <summary>A refusal at a place; here when none is given.</summary>
    public UplcSyntaxException Wrong(string problem, int? at = null)
    {
        var place = Math.Min(at ?? Position, _text.Length);
        var before = _text.AsSpan(0, place);
        return new UplcSyntaxException(problem, before.Count('\n') + 1, place - before.LastIndexOf('\n'));
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '\'';

    private ReadOnlySpan<char> Digits()
    {
        var start = Position;
        while (char.IsAsciiDigit(Peek))
        {
            Position++;
        }

        return _text.AsSpan(start, Position - start);
    }

    private void SkipBlockComment()
    {
        var start = Position;
        var depth = 0;
        do
        {
            if (AtEnd)
            {
                throw Wrong("a comment without an end", start);
            }

            if (At("{-"))
            {
                depth++;
                Position += 2;
            }
            else if (At("-}"))
            {
                depth--;
                Position += 2;
            }
            else
            {
                Position++;
            }
        } while (depth > 0);
    }
}
