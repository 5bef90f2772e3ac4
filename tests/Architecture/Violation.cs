namespace Masumi.Architecture.Tests;

/// <summary>Something that a rule forbids.</summary>
/// <param name="Rule">The rule, as <see cref="Exemptions"/> names it.</param>
/// <param name="From">What breaks it.</param>
/// <param name="To">What it should not know, or what is wrong with it.</param>
internal sealed record Violation(string Rule, string From, string To);

/// <summary>A violation that stands until an issue ends it.</summary>
/// <param name="Issue">The number of the issue that empties it.</param>
/// <param name="Violation">What stands.</param>
internal sealed record Exemption(int Issue, Violation Violation);
