using Masumi.Arrows;

var house = House.OfThisProgram();
if (args is [])
{
    return Print(house.BetweenProjects());
}
var projects = house.Places.Select(place => place.Project).Distinct().Order(StringComparer.Ordinal).ToList();
var project = args is [var name] ? projects.Find(each => each.Equals(name, StringComparison.OrdinalIgnoreCase)) : null;
if (project is null)
{
    Console.Error.WriteLine($"masumi arrows [PROJECT], where PROJECT is one of {string.Join(", ", projects)}");
    return 2;
}
return Print(house.BetweenFolders(project));

static int Print(IReadOnlyList<Arrow> arrows)
{
    if (arrows.Count == 0)
    {
        Console.WriteLine("no arrows: everything is in one place");
        return 0;
    }
    Console.WriteLine("```mermaid");
    Console.Write(Picture.Mermaid(arrows));
    Console.WriteLine("```");
    Console.WriteLine();
    Console.Write(Picture.Table(arrows));
    foreach (var circle in Circles.In(arrows))
    {
        Console.WriteLine();
        Console.WriteLine($"circle: {string.Join(", ", circle)}");
        foreach (var arrow in arrows.Where(arrow => circle.Contains(arrow.From) && circle.Contains(arrow.To)).OrderBy(arrow => arrow.Occurrences))
        {
            Console.WriteLine($"  {arrow.From} -> {arrow.To}, {arrow.Occurrences} uses, for example {arrow.Example.From.Type} of {arrow.Example.To.Type}");
        }
    }
    return 0;
}
