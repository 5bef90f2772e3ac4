namespace Masumi.Arrows;

/// <summary>
/// All types of the product and who uses whom. Measured from what the compiler made, not from sources: it is exact about inferred types, generated code and
/// pages, needs no package and no second understanding of the project files, and the symbols say in which folder a type is written. What it cannot see are
/// constants of another type (the compiler copies them); a constant brings no code with it, and between projects the project file names the dependency.
/// </summary>
public sealed class House
{
    private House(IReadOnlyList<Place> places, IReadOnlyList<Use> uses, IReadOnlyList<ForeignUse> foreign)
    {
        Places = places;
        Uses = uses;
        ForeignUses = foreign;
    }

    /// <summary>Every type that is written below <c>src</c>.</summary>
    public IReadOnlyList<Place> Places { get; }

    /// <summary>Every pair of them in which the first uses the second, once.</summary>
    public IReadOnlyList<Use> Uses { get; }

    /// <summary>Every type of others (of the framework, of packages) that one of <see cref="Places"/> uses, once.</summary>
    public IReadOnlyList<ForeignUse> ForeignUses { get; }

    /// <summary>Measures the assemblies beside this program.</summary>
    /// <exception cref="InvalidDataException">An assembly of the product has no symbols.</exception>
    public static House OfThisProgram() =>
        Measure(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(IsOurs).Order(StringComparer.Ordinal).Select(AssemblyImage.Open).ToList());

    /// <summary>Measures these assemblies and disposes them.</summary>
    /// <param name="images">Assemblies; types of others are not looked at.</param>
    public static House Measure(IReadOnlyList<AssemblyImage> images)
    {
        try
        {
            var places = new Dictionary<TypeName, Place>();
            foreach (var image in images)
            {
                foreach (var (name, place) in image.Places())
                {
                    places[name] = place;
                }
            }
            var counts = new Dictionary<(Place From, Place To), int>();
            var foreign = new HashSet<ForeignUse>();
            var ours = images.Select(image => image.Name).ToHashSet();
            foreach (var image in images)
            {
                foreach (var (user, used) in TypeUses.In(image))
                {
                    if (!places.TryGetValue(user, out var from))
                    {
                        continue;
                    }
                    if (!ours.Contains(used.Assembly))
                    {
                        foreign.Add(new ForeignUse(from, used.Assembly, $"{used.Namespace}.{used.Name}"));
                    }
                    else if (places.TryGetValue(used, out var to) && from != to)
                    {
                        counts[(from, to)] = counts.GetValueOrDefault((from, to)) + 1;
                    }
                }
            }
            return new House([.. places.Values], [.. counts.Select(pair => new Use(pair.Key.From, pair.Key.To, pair.Value))], [.. foreign]);
        }
        finally
        {
            foreach (var image in images)
            {
                image.Dispose();
            }
        }
    }

    /// <summary>The arrows between projects, in the order of their names.</summary>
    public IReadOnlyList<Arrow> BetweenProjects() => Group(Uses, place => place.Project);

    /// <summary>The arrows between the folders of one project, in the order of their names.</summary>
    /// <param name="project">The project's folder, for example <c>Cardano</c>.</param>
    public IReadOnlyList<Arrow> BetweenFolders(string project) =>
        Group(Uses.Where(use => use.From.Project == project && use.To.Project == project), place => place.FolderName);

    private static IReadOnlyList<Arrow> Group(IEnumerable<Use> uses, Func<Place, string> name) =>
        [
            .. uses.GroupBy(use => (From: name(use.From), To: name(use.To)))
                .Where(group => group.Key.From != group.Key.To)
                .OrderBy(group => group.Key.From, StringComparer.Ordinal)
                .ThenBy(group => group.Key.To, StringComparer.Ordinal)
                .Select(group => new Arrow(group.Key.From, group.Key.To, [.. group])),
        ];

    private static bool IsOurs(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith("Masumi.", StringComparison.OrdinalIgnoreCase) || name.Equals("masumi", StringComparison.Ordinal);
    }
}
