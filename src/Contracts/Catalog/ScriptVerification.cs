using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Contracts.Catalog;

/// <summary>One comparison of a given script, in one form, with an expected one.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Form">How the bytes were made.</param>
/// <param name="Hash">The hash they have.</param>
/// <param name="CheckFailure">Null, or what is not as it is known to be though the hash is right.</param>
public sealed record ScriptComparison(ExpectedScript Expected, ScriptForm Form, ScriptHash Hash, string? CheckFailure)
{
    /// <summary>True when it is the expected script.</summary>
    public bool Matches => Hash == Expected.Hash && CheckFailure is null;
}

/// <summary>Whether a script is one we know, plainly or with the V1 re-encoding pass (spec escrow.md 1.5).</summary>
public static class ScriptVerification
{
    /// <summary>Every comparison that makes sense. Throws <see cref="FormatException"/> when the bytes are no program.</summary>
    public static ImmutableArray<ScriptComparison> Compare(ScriptFile file, IEnumerable<ExpectedScript> expected)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(expected);
        var comparisons = ImmutableArray.CreateBuilder<ScriptComparison>();
        foreach (var e in expected)
        {
            foreach (var form in file.FormsWith(e.Parameters.Length))
            {
                var script = file.Of(form, e.Parameters);
                comparisons.Add(new ScriptComparison(e, form, script.Hash, script.Hash == e.Hash ? e.Check?.Failure(script) : null));
            }
        }

        return comparisons.ToImmutable();
    }
}
