using System.Text;
using Masumi.Protocol.PaymentService.Inbox;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Inbox;

/// <summary>What messages are sent to (spec registry.md 10): written one way only, since nobody keeps two from looking alike.</summary>
internal static class InboxSlug
{
    private static readonly string[] Reserved = ["favicon-ico", "robots-txt", "sitemap-xml"];

    /// <summary>Why a slug is none, or null.</summary>
    public static Refusal? Check(string slug)
    {
        if (slug != slug.Trim())
        {
            return InboxRefusals.SlugPadded.With();
        }

        var canonical = Canonical(slug);
        return canonical.Length == 0 ? InboxRefusals.SlugMissing.With()
            : canonical != slug ? InboxRefusals.SlugNotCanonical.With()
            : Reserved.Contains(canonical, StringComparer.Ordinal) ? InboxRefusals.SlugReserved.With()
            : null;
    }

    // Letters without their accents, in lower case, and one hyphen for each run of anything else, none at the ends.
    private static string Canonical(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in Decomposed(text).ToLowerInvariant())
        {
            if (c is >= '\u0300' and <= '\u036f')
            {
                continue;
            }

            if (c is >= 'a' and <= 'z' or >= '0' and <= '9')
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }

    // Half a character has no decomposition, and is none that a slug has.
    private static string Decomposed(string text) =>
        text.EnumerateRunes().All(r => r != Rune.ReplacementChar) ? text.Normalize(NormalizationForm.FormKD) : text;
}
