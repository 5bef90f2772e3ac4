namespace Masumi.OnChain.Language;

/// <summary>Several values as one: sums of products, so that a function can return what it decoded.</summary>
internal static class Structure
{
    internal static Expr Pack(params ReadOnlySpan<Expr> fields) => new Expr.Constr([.. fields]);
}
