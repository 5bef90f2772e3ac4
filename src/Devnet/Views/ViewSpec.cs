using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano;

namespace Masumi.Devnet.Views;

/// <summary>What a client is shown instead of the truth: words with commas between them, and after an <c>@</c> the share of its calls they apply to.</summary>
internal sealed record ViewSpec
{
    public const int MostBlocks = 1000;
    private const int MostSeconds = 366 * 24 * 3600;
    private const string Behind = "behind";
    private const string ListBehindWord = "list-behind";
    private const string UtxoBehindWord = "utxo-behind";
    private const string TxsBehindWord = "txs-behind";

    /// <summary>Every word, as it is written.</summary>
    public const string Words =
        "list-behind:N, utxo-behind:N, txs-behind:N, behind:N, tip-ahead:SECONDS, tip-height:+N, hide:TXID, refuse-submit[:TIMES], swallow-submit, "
        + "delay-submit:SECONDS[:accepted|refused], lose-answer, half-lists, parameters:NAME=VALUE, bad-witness:TXID, status:CODE[:RETRY_AFTER], hang; "
        + "commas between them, and @SHARE% at the end";

    /// <summary>As it was given.</summary>
    public required string Text { get; init; }

    /// <summary>How many steps late, by word.</summary>
    public ImmutableDictionary<string, int> Late { get; init; } = ImmutableDictionary<string, int>.Empty;

    public long TipAhead { get; init; }

    public long TipHeight { get; init; }

    public ImmutableHashSet<TransactionId> Hidden { get; init; } = [];

    public ImmutableHashSet<TransactionId> BadWitness { get; init; } = [];

    /// <summary>How many submissions are refused; null: none.</summary>
    public int? Refuses { get; init; }

    public bool Swallows { get; init; }

    public (TimeSpan By, bool Accepted)? Delay { get; init; }

    public bool LosesAnswer { get; init; }

    public bool HalfLists { get; init; }

    public ImmutableList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    public (int Code, int? RetryAfter)? Status { get; init; }

    public bool Hangs { get; init; }

    /// <summary>Of a hundred calls.</summary>
    public int Share { get; init; } = 100;

    /// <summary>The latest moment it looks at.</summary>
    public int Latest => Late.Values.DefaultIfEmpty().Max();

    /// <summary>How many steps late a path is shown.</summary>
    public int LateAt(ReadOnlySpan<string> path)
    {
        var word = path switch
        {
            ["addresses" or "assets", _, "transactions" or "txs" or "history"] or ["accounts", _, "transactions"] => ListBehindWord,
            ["addresses" or "accounts" or "assets", _, "utxos", ..] or ["assets", _, "addresses"] => UtxoBehindWord,
            ["txs", ..] => TxsBehindWord,
            _ => Behind,
        };
        return Math.Max(Late.GetValueOrDefault(word), Late.GetValueOrDefault(Behind));
    }

    /// <summary>Throws <see cref="FormatException"/> that says what is allowed.</summary>
    public static ViewSpec Parse(string text)
    {
        var spec = new ViewSpec { Text = text };
        var words = text;
        if (text.LastIndexOf('@') is >= 0 and var at)
        {
            var share = text[(at + 1)..];
            words = text[..at];
            spec = spec with
            {
                Share =
                    share is [.., '%'] && Digits.TryRead<int>(share.AsSpan(..^1), out var percent) && percent is >= 1 and <= 100
                        ? percent
                        : throw new FormatException($"'@{Shown(share)}' is no share; allowed are @1% to @100%"),
            };
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words.Split(','))
        {
            var (name, value) =
                word.Trim() is var trimmed && trimmed.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
                    ? (trimmed[..colon], trimmed[(colon + 1)..])
                    : (word.Trim(), null);
            if (!seen.Add(name) && name is not ("hide" or "bad-witness" or "parameters"))
            {
                throw new FormatException($"'{Shown(name)}' is there twice");
            }

            spec = With(spec, name, value);
        }

        return (spec.Swallows ? 1 : 0) + (spec.Delay is null ? 0 : 1) + (spec.LosesAnswer ? 1 : 0) > 1
            ? throw new FormatException("swallow-submit, delay-submit and lose-answer: one of them")
            : spec;
    }

    private static ViewSpec With(ViewSpec spec, string name, string? value)
    {
        switch (name)
        {
            case Behind or ListBehindWord or UtxoBehindWord or TxsBehindWord:
                return spec with { Late = spec.Late.SetItem(name, Number(name, value, 1, MostBlocks)) };
            case "tip-ahead":
                return spec with { TipAhead = Number(name, value, -MostSeconds, MostSeconds) };
            case "tip-height":
                return spec with { TipHeight = Number(name, value, -1_000_000, 1_000_000) };
            case "hide":
                return spec with { Hidden = spec.Hidden.Add(Transaction(name, value)) };
            case "bad-witness":
                return spec with { BadWitness = spec.BadWitness.Add(Transaction(name, value)) };
            case "refuse-submit":
                return spec with { Refuses = value is null ? int.MaxValue : Number(name, value, 1, int.MaxValue) };
            case "delay-submit":
                return spec with { Delay = Delayed(name, value) };
            case "parameters":
                return spec with { Parameters = spec.Parameters.Add(ParameterNames.Read(value ?? "")) };
            case "status":
                return spec with { Status = Answering(name, value) };
            case "swallow-submit" or "lose-answer" or "half-lists" or "hang" when value is null:
                return name switch
                {
                    "swallow-submit" => spec with { Swallows = true },
                    "lose-answer" => spec with { LosesAnswer = true },
                    "half-lists" => spec with { HalfLists = true },
                    _ => spec with { Hangs = true },
                };
            default:
                throw new FormatException($"'{Shown(value is null ? name : $"{name}:{value}")}' is no word of a view; allowed are {Words}");
        }
    }

    private static (TimeSpan By, bool Accepted) Delayed(string name, string? value)
    {
        var (seconds, answer) = Split(value);
        return answer is null or "accepted" or "refused"
            ? (TimeSpan.FromSeconds(Number(name, seconds, 0, MostSeconds)), answer != "refused")
            : throw new FormatException($"{name}: accepted or refused, not '{Shown(answer)}'");
    }

    private static (int Code, int? RetryAfter) Answering(string name, string? value)
    {
        var (code, retry) = Split(value);
        return (Number(name, code, 400, 599), retry is null ? null : Number(name, retry, 0, MostSeconds));
    }

    private static (string First, string? Second) Split(string? value) =>
        value?.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (value[..colon], value[(colon + 1)..]) : (value ?? "", null);

    private static int Number(string name, string? value, int least, int most) =>
        Digits.TryReadSigned<int>(value, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name}: a whole number from {least} to {most} is needed, not '{Shown(value)}'");

    private static TransactionId Transaction(string name, string? value) =>
        TransactionId.TryParse(value, out var id) ? id : throw new FormatException($"{name}: a transaction id is needed, not '{Shown(value)}'");

    // What was typed, on one line.
    private static string Shown(string? text)
    {
        var shown = new StringBuilder();
        foreach (var c in (text ?? "").Take(80))
        {
            shown.Append(char.IsControl(c) ? '?' : c);
        }

        return shown.ToString();
    }
}
