namespace Masumi.Settlement.Deals;

/// <summary>What a wallet lacks for the next step of a deal. It is kept as a note, the words that API clients are shown, and read back from there.</summary>
/// <param name="Missing">Amounts with their units.</param>
/// <param name="At">The address to fund; null when no wallet may pay at all.</param>
public sealed record MoneyShort(string Missing, string? At)
{
    private const string Start = "Not enough funds in wallets: ";
    private const string Lack = " missing at ";

    /// <summary>In words.</summary>
    public string Note => At is null ? Start + Missing : Start + Missing + Lack + At;

    /// <summary>What a note says; null when it speaks of something else.</summary>
    public static MoneyShort? Read(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (!note.StartsWith(Start, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = note[Start.Length..];
        var at = rest.LastIndexOf(Lack, StringComparison.Ordinal);
        return at < 0 ? new MoneyShort(rest, null) : new MoneyShort(rest[..at], rest[(at + Lack.Length)..]);
    }
}
