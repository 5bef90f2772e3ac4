namespace Masumi.Arrows;

/// <summary>Where a type is written: the project, the folder inside it, and the type.</summary>
/// <param name="Project">The project's folder below <c>src</c>, for example <c>Cardano</c>.</param>
/// <param name="Folder">The folder inside the project with slashes, for example <c>Escrow/V1</c>; empty for the project's own folder.</param>
/// <param name="Namespace">The type's namespace.</param>
/// <param name="Type">The outermost type's name without its namespace; generic ones end in a backtick and a number.</param>
/// <param name="Static">True for a static class: functions, no data.</param>
public sealed record Place(string Project, string Folder, string Namespace, string Type, bool Static)
{
    /// <summary>The folder, or <c>.</c> for the project's own.</summary>
    public string FolderName => Folder.Length == 0 ? "." : Folder;

    /// <summary>Project, folder and name: <c>Contracts/Escrow/V1/Validator</c>.</summary>
    public override string ToString() => $"{Project}/{(Folder.Length == 0 ? "" : Folder + "/")}{Type}";
}

/// <summary>One type uses another.</summary>
/// <param name="From">The type that uses.</param>
/// <param name="To">The type that is used; never <paramref name="From"/> itself.</param>
/// <param name="Count">How many times it occurs: in a base, a field, a signature, a local, an instruction, an attribute.</param>
public sealed record Use(Place From, Place To, int Count);

/// <summary>A type uses a type that is not ours.</summary>
/// <param name="From">Our type.</param>
/// <param name="Assembly">The other's assembly, as the compiler saw it.</param>
/// <param name="Type">Its namespace and name.</param>
public sealed record ForeignUse(Place From, string Assembly, string Type);

/// <summary>Everything between two projects or two folders, in one direction.</summary>
/// <param name="From">The name of the project or folder that depends.</param>
/// <param name="To">The name of the one it depends on.</param>
/// <param name="Uses">The uses it is made of.</param>
public sealed record Arrow(string From, string To, IReadOnlyList<Use> Uses)
{
    /// <summary>How many occurrences there are.</summary>
    public int Occurrences => Uses.Sum(use => use.Count);

    /// <summary>How many types of <see cref="To"/> are used.</summary>
    public int Types => Uses.Select(use => use.To).Distinct().Count();

    /// <summary>An example that shows where it comes from: the use that occurs least, so the one to remove first.</summary>
    public Use Example =>
        Uses.OrderBy(use => use.Count)
            .ThenBy(use => use.From.ToString(), StringComparer.Ordinal)
            .ThenBy(use => use.To.ToString(), StringComparer.Ordinal)
            .First();
}
