namespace Masumi.OnChain.Language;

/// <summary>
/// What is thrown away was not meant to be: a value of this type says nothing on chain unless it becomes part of a program. <c>tools/Analyzers</c> refuses a
/// statement that drops one.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MustBeUsedAttribute : Attribute;
