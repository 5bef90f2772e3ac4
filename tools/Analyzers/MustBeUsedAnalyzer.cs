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
        IEnumerable<IOperation> dropped = ((IExpressionStatementOperation)context.Operation).Operation switch
        {
            ISimpleAssignmentOperation { Target: IDiscardOperation } discard => [discard.Value],
            IDeconstructionAssignmentOperation apart => apart.Target.DescendantsAndSelf().Where(element => element is IDiscardOperation),
            IAssignmentOperation => [],
            var other => [other],
        };
        foreach (var operation in dropped.Where(operation => operation.Type is { } type && MustBeUsed(type)))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Rule, operation.Syntax.GetLocation(), operation.Type!.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat))
            );
        }
    }

    private static void Locals(OperationBlockAnalysisContext context)
    {
        var operations = context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).ToList();
        var read = new HashSet<ISymbol>(
            operations
                .OfType<ILocalReferenceOperation>()
                .Where(r => !r.IsDeclaration && (r.Parent is not IAssignmentOperation a || a.Target != r))
                .Select(r => r.Local),
            SymbolEqualityComparer.Default
        );
        foreach (var operation in operations)
        {
            if (Declared(operation) is { } local && MustBeUsed(local.Type) && !read.Contains(local))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rule, operation.Syntax.GetLocation(), local.Name));
            }
        }
    }

    private static ILocalSymbol? Declared(IOperation operation) =>
        operation switch
        {
            IVariableDeclaratorOperation declarator => declarator.Symbol,
            ILocalReferenceOperation { IsDeclaration: true } part => part.Local,
            IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol matched } => matched,
            _ => null,
        };

    // Also several of them: a tuple or an array.
    private static bool MustBeUsed(ITypeSymbol type) =>
        type is IArrayTypeSymbol { ElementType: var element } ? MustBeUsed(element)
        : type is INamedTypeSymbol { IsTupleType: true, TupleElements: var parts } ? parts.Any(part => MustBeUsed(part.Type))
        : type.OriginalDefinition.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "MustBeUsedAttribute");
}
