using System.CommandLine;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi uplc</c>: Untyped Plutus Core on its own.</summary>
internal static class UplcVerb
{
    public static Command Create() => new("uplc", "Untyped Plutus Core.") { UplcEval.Create() };
}
