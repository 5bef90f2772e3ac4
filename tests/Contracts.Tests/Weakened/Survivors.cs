using System.Collections.Immutable;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Contracts.Tests.Scenarios.Validator;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>Changes of <see cref="Operands"/> that give another program with the same verdicts, and why.</summary>
internal static class Survivors
{
    private const string Infinite = "an infinite start has no time to read";
    private const string OnlyAda = "the amount has one policy with one name";

    private static readonly ImmutableArray<(Validator Validator, string Name, string Why)> All =
    [
        (EscrowV1, "[startsAfter] & 1: without its left side", Infinite),
        (EscrowV1, "[Withdraw: the buyer gets the collateral] & 1: without its right side", OnlyAda),
        (EscrowV1, "[Withdraw: the buyer gets the collateral] & 2: without its right side", OnlyAda),
        (EscrowV1, "[created escrow: no reference script] & 1: without its right side", "there is at most one"),
        (EscrowV2, "[startsAfter] & 1: without its left side", Infinite),
        (EscrowV2, "[parseDatum] UnBData of reference_signature 1: of any kind", "a reference signature of nothing is too short"),
        (EscrowV2, "[] UnListData of signatures 1: of any kind", "nobody's signatures are not enough"),
        (EscrowV2, "[canonical] unused value 1: not made", "paying the amount reads the same policy"),
        (EscrowV2, "[canonical] unused value 2: not made", "paying the amount reads the same name"),
    ];

    public static ImmutableArray<string> Of(Validator validator) => [.. All.Where(s => s.Validator == validator).Select(s => s.Name)];
}
