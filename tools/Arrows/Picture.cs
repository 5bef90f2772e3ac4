using System.Globalization;
using System.Text;

namespace Masumi.Arrows;

/// <summary>Arrows as people read them.</summary>
public static class Picture
{
    /// <summary>
    /// A Mermaid flowchart. Where all arrows point one way, one that a longer way makes superfluous is left out, or nobody could read it; the table has them all.
    /// </summary>
    /// <param name="arrows">Arrows of one kind.</param>
    public static string Mermaid(IReadOnlyList<Arrow> arrows)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var name in arrows.SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append($"  {Id(name)}[\"{name}\"]\n");
        }
        var reach = Circles.Reach(arrows);
        var circles = Circles.In(arrows).Count > 0;
        foreach (
            var arrow in arrows.Where(arrow =>
                circles || !arrows.Any(step => step.From == arrow.From && step.To != arrow.To && reach[step.To].Contains(arrow.To))
            )
        )
        {
            text.Append($"  {Id(arrow.From)} --> {Id(arrow.To)}\n");
        }
        return text.ToString();
    }

    /// <summary>A table of from, to, how many types are used and how often.</summary>
    /// <param name="arrows">Arrows of one kind.</param>
    public static string Table(IReadOnlyList<Arrow> arrows)
    {
        var from = Math.Max(4, arrows.Max(arrow => arrow.From.Length));
        var to = Math.Max(2, arrows.Max(arrow => arrow.To.Length));
        var text = new StringBuilder($"{"from".PadRight(from)}  {"to".PadRight(to)}  types   uses\n");
        foreach (var arrow in arrows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{arrow.From.PadRight(from)}  {arrow.To.PadRight(to)}  {arrow.Types, 5}  {arrow.Occurrences, 5}\n");
        }
        return text.ToString();
    }

    private static string Id(string name) => name == "." ? "root" : name.Replace('.', '_').Replace('/', '_');
}
