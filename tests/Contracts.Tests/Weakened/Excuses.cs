using System.Collections.Immutable;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.Plutus.Syntax;
using static Masumi.Contracts.Tests.Scenarios.Validator;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>A rule that nobody misses.</summary>
/// <param name="Validator">Whose.</param>
/// <param name="Rule">Its name.</param>
/// <param name="DoubledBy">The rule that rejects what it would; null when it is a builtin that fails, or nothing.</param>
/// <param name="Builtin">The builtin that fails where the rule would reject; null when another rule does.</param>
/// <param name="Why">How.</param>
internal sealed record Excuse(Validator Validator, string Rule, string? DoubledBy, BuiltinFunction? Builtin, string Why)
{
    public static Excuse Language(Validator validator, string rule, BuiltinFunction builtin, string why) => new(validator, rule, null, builtin, why);

    public static Excuse Never(Validator validator, string rule, string why) => new(validator, rule, null, null, why);

    public static Excuse Rules(Validator validator, string rule, string doubledBy, string why) => new(validator, rule, doubledBy, null, why);
}

/// <summary>The rules that something else doubles, at most 25 of them. They stay, because they say what is meant, and name it when they reject.</summary>
internal static class Excuses
{
    public static ImmutableArray<Excuse> All { get; } =
    [
        Excuse.Language(EscrowV1, "the validity range has an end", HeadList, "an infinite end has no time to read"),
        Excuse.Language(EscrowV1, "the spent output is an input", HeadList, "the search ends at an empty list, which has no first element"),
        Excuse.Language(EscrowV1, "the escrow goes on", HeadList, "there is no first output at the script"),
        Excuse.Language(EscrowV1, "created escrow: inline datum", UnConstrData, "a hash is no constructor, and where there is no datum nothing can be read"),
        Excuse.Language(EscrowV2, "the validity range has an end", HeadList, "an infinite end has no time to read"),
        Excuse.Language(EscrowV2, "the spent output is an input", HeadList, "the search ends at an empty list, which has no first element"),
        Excuse.Never(EscrowV2, "the first escrow", "never rejects: the spent output itself is found; the search needs an end"),
        Excuse.Language(EscrowV2, "the escrow goes on", HeadList, "the search ends at an empty list, which has no first element"),
        Excuse.Language(EscrowV2, "created escrow: inline datum", UnConstrData, "a hash is no constructor, and where there is no datum nothing can be read"),
        Excuse.Language(EscrowV2, "escrows spent together have inline datums", UnConstrData, "a hash is no constructor"),
        Excuse.Rules(EscrowV2, "settlement: the admins suffice", "WithdrawDisputed: enough admins signed", "there are never more votes than admins"),
        Excuse.Language(RegistryV1, "the policy is in the mint", HeadList, "the search ends at an empty list, which has no first element"),
        Excuse.Language(RegistryV2, "the policy is in the mint", HeadList, "the search ends at an empty list, which has no first element"),
    ];

    public static ImmutableArray<Excuse> Of(Validator validator) => [.. All.Where(e => e.Validator == validator)];
}
