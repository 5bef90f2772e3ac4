namespace Masumi.Arrows;

/// <summary>Finds circles: places that depend on each other, directly or around.</summary>
public static class Circles
{
    /// <summary>The largest sets of names in which every one reaches every other; empty when all arrows point one way.</summary>
    /// <param name="arrows">Arrows of one kind.</param>
    public static IReadOnlyList<IReadOnlyList<string>> In(IReadOnlyList<Arrow> arrows)
    {
        var reach = Reach(arrows);
        return
        [
            .. reach
                .Where(pair => pair.Value.Contains(pair.Key))
                .Select(pair => string.Join('|', pair.Value.Where(other => reach[other].Contains(pair.Key)).Order(StringComparer.Ordinal)))
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(circle => circle.Split('|')),
        ];
    }

    /// <summary>What every name leads to, directly or around; itself only where it stands in a circle.</summary>
    /// <param name="arrows">Arrows of one kind.</param>
    internal static Dictionary<string, HashSet<string>> Reach(IReadOnlyList<Arrow> arrows)
    {
        var next = arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        return arrows.SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct().ToDictionary(name => name, name => Reached(name, next));
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(next[from]);
        while (open.TryPop(out var name))
        {
            if (reached.Add(name))
            {
                foreach (var further in next[name])
                {
                    open.Push(further);
                }
            }
        }
        return reached;
    }
}
