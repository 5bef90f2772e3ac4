using System.Collections.Immutable;
using System.Reflection;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Contracts.Tests.Escrow.V1;
using Masumi.Contracts.Tests.Escrow.V2;
using Masumi.Contracts.Tests.Registry.V1;
using Masumi.Contracts.Tests.Registry.V2;
using Masumi.Contracts.Tests.Scenarios;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>Everything that the tests of the contracts say about single contexts: every cell, guard and time rule, as data.</summary>
internal static class ScenarioCases
{
    private static readonly Type[] Tests =
    [
        typeof(EscrowV1Tests),
        typeof(EscrowStateTests),
        typeof(EscrowCommonRuleTests),
        typeof(EscrowContinuingTests),
        typeof(EscrowEndingTests),
        typeof(EscrowDisputeTests),
        typeof(EscrowTimeTests),
        typeof(SingleRuleTests),
        typeof(RegistryV1PolicyTests),
        typeof(RegistryV2PolicyTests),
    ];

    private static readonly Lazy<ImmutableArray<Case>> All = new(() => Case.Collect(() => Array.ForEach(Tests, CallAll)));

    public static ImmutableArray<Case> Of(Validator validator) => [.. All.Value.Where(c => c.Validator == validator)];

    private static void CallAll(Type type)
    {
        var instance = Activator.CreateInstance(type);
        foreach (var method in type.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null))
        {
            foreach (var row in Rows(method))
            {
                method.Invoke(instance, row);
            }
        }
    }

    private static IEnumerable<object?[]> Rows(MethodInfo method)
    {
        var inline = method.GetCustomAttributes<InlineDataAttribute>().Select(a => a.Data).ToList();
        var member = method.GetCustomAttributes<MemberDataAttribute>().SelectMany(a => Member(method.DeclaringType!, a.MemberName));
        return method.GetCustomAttribute<TheoryAttribute>() is null
            ?
            [
                [],
            ]
            : inline.Concat(member);
    }

    private static IEnumerable<object?[]> Member(Type type, string name) =>
        ((IEnumerable<ITheoryDataRow>)(type.GetProperty(name)?.GetValue(null) ?? type.GetMethod(name)!.Invoke(null, []))!).Select(row => row.GetData());
}
