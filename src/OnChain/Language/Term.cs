namespace Masumi.OnChain.Language;

/// <summary>
/// An on-chain expression of type <typeparamref name="T"/>. A C# variable holding a term is a name for the <em>expression</em>: using
/// it twice evaluates it twice. To evaluate once, bind it with <c>Block.Let</c>.
/// </summary>
[MustBeUsed]
internal sealed class Term<T>(Expr expr)
{
    internal Expr Expr { get; } = expr;
}
