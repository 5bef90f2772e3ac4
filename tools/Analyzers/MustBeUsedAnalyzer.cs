using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Masumi.Analyzers;

/// <summary>
/// Refuses to drop a value whose type is marked <c>[MustBeUsed]</c>: a term of the contract language that becomes no part of a program. A check that is written
/// as a statement (<c>NewCooldown(...);</c>) reads as if it were made, and the contract accepts without it. An explicit discard (<c>_ = ...</c>) is refused like
/// any other: whoever wants a term only evaluated says <c>b.Run</c>. So is a local variable that nobody reads.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MustBeUsedAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "MASUMI001";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A term is thrown away",
        "This '{0}' is thrown away and is part of no program: return it, pass it on, bind it with Let, or evaluate it with Run",
        "Contracts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Statement, OperationKind.ExpressionStatement);
        context.RegisterOperationBlockAction(Locals);
    }

    private static void Statement(OperationAnalysisContext context)
    {
        var dropped = ((IExpressionStatementOperation)context.Operation).Operation switch
        {
            ISimpleAssignmentOperation { Target: IDiscardOperation } discard => discard.Value,
            IAssignmentOperation => null,
            var other => other,
        };
        if (dropped?.Type is { } type && MustBeUsed(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule, dropped.Syntax.GetLocation(), type.Name));
        }
    }

    private static void Locals(OperationBlockAnalysisContext context)
    {
        var operations = context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).ToList();
        var read = new HashSet<ISymbol>(
            operations.OfType<ILocalReferenceOperation>().Where(r => r.Parent is not IAssignmentOperation a || a.Target != r).Select(r => r.Local),
            SymbolEqualityComparer.Default
        );
        foreach (var local in operations.OfType<IVariableDeclaratorOperation>().Where(d => MustBeUsed(d.Symbol.Type) && !read.Contains(d.Symbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule, local.Syntax.GetLocation(), local.Symbol.Name));
        }
    }

    private static bool MustBeUsed(ITypeSymbol type) =>
        type.OriginalDefinition.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "MustBeUsedAttribute");
}
