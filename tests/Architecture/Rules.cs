using Masumi.Arrows;

namespace Masumi.Architecture.Tests;

/// <summary>The shape of the house as functions: what is measured in, what should not be out.</summary>
internal static class Rules
{
    public const string Project = "project";
    public const string Circle = "circle";
    public const string Namespace = "namespace";
    public const string Face = "face";
    public const string Store = "store";

    private static readonly string[] WebAndCommandLine = ["Microsoft.AspNetCore", "System.CommandLine", "ModelContextProtocol"];
    private static readonly string[] Database = ["Dapper", "Npgsql", "Microsoft.Data.Sqlite", "System.Data.Common"];

    // Services of the engine, the rules and the chain; of Cardano only data and encodings are known here.
    private static readonly string[] Deciding = ["Chain", "Contracts", "Ledger", "Payments", "Plutus", "Registry", "Settlement"];
    private static readonly string[] ClockAndChance =
    [
        "System.TimeProvider",
        "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator",
        "System.Net.Http.HttpClient",
    ];

    /// <summary>A project uses only what its row in the table allows.</summary>
    public static IEnumerable<Violation> ProjectsUseOnlyWhatTheyMay(House house, IReadOnlyDictionary<string, string[]> mayUse) =>
        house
            .BetweenProjects()
            .Where(arrow => !mayUse.GetValueOrDefault(arrow.From, []).Contains(arrow.To))
            .Select(arrow => new Violation(Project, arrow.From, arrow.To));

    /// <summary>The folders of a project depend on each other one way only.</summary>
    public static IEnumerable<Violation> FoldersHaveNoCircles(House house) =>
        house
            .Places.Select(place => place.Project)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .SelectMany(project => Circles.In(house.BetweenFolders(project)).Select(circle => new Violation(Circle, project, string.Join(" ", circle))));

    /// <summary>A type stands in the namespace that its project and folder spell.</summary>
    public static IEnumerable<Violation> FoldersAreNamespaces(IEnumerable<Place> places) =>
        places
            // The compiler puts the class of top-level statements into no namespace.
            .Where(place => place is not { Namespace: "", Type: "Program" })
            .Where(place => place.Namespace != $"Masumi.{place.Project}{(place.Folder.Length == 0 ? "" : "." + place.Folder.Replace('/', '.'))}")
            .Select(place => new Violation(Namespace, $"{place.Project}/{place.Folder}", place.Namespace))
            .Distinct();

    /// <summary>
    /// A face never sees a store. A face is whatever speaks to the outside: it uses ASP.NET Core, our conventions on top of it, or the command line. A store is
    /// whatever speaks to the database, or says by its name that it keeps something. The composition root builds both and is neither.
    /// </summary>
    public static IEnumerable<Violation> FacesSeeNoStores(House house)
    {
        var faces = Faces(house);
        var stores = Stores(house);
        return faces
            .Intersect(SpeakingSql(house))
            .Select(face => new Violation(Face, face.ToString(), "speaks to the database itself"))
            .Concat(
                house
                    .Uses.Where(use => faces.Contains(use.From) && stores.Contains(use.To))
                    .Select(use => new Violation(Face, use.From.ToString(), use.To.ToString()))
            );
    }

    /// <summary>A store never decides: it knows no clock, no chance, no network, and no function of ours that says what ought to happen; only data and how to keep it.</summary>
    public static IEnumerable<Violation> StoresDecideNothing(House house)
    {
        var stores = Stores(house).Where(store => store.Project is not "Storage").ToHashSet();
        var functions = house
            .Uses.Where(use => stores.Contains(use.From) && Deciding.Contains(use.To.Project) && use.To.Static)
            .Where(use => use.From.Project != use.To.Project || use.From.Folder != use.To.Folder)
            .Select(use => new Violation(Store, use.From.ToString(), use.To.ToString()));
        var services = house
            .ForeignUses.Where(use => stores.Contains(use.From) && ClockAndChance.Contains(use.Type))
            .Select(use => new Violation(Store, use.From.ToString(), use.Type));
        return functions.Concat(services);
    }

    private static HashSet<Place> Faces(House house) =>
        house
            .ForeignUses.Where(use => IsOneOf(use.Assembly, WebAndCommandLine))
            .Select(use => use.From)
            .Concat(house.Uses.Where(use => use.To.Project is "Api" or "Http" && use.From.Project is not ("Api" or "Http")).Select(use => use.From))
            .Where(place => place is not { Project: "Node", Folder: "Hosting" })
            .ToHashSet();

    private static HashSet<Place> Stores(House house) =>
        SpeakingSql(house).Concat(house.Places.Where(place => place.Type.EndsWith("Store", StringComparison.Ordinal))).Except(Faces(house)).ToHashSet();

    private static IEnumerable<Place> SpeakingSql(House house) =>
        house.ForeignUses.Where(use => IsOneOf(use.Assembly, Database)).Select(use => use.From).Distinct();

    private static bool IsOneOf(string assembly, string[] families) =>
        families.Any(family => assembly == family || assembly.StartsWith(family + ".", StringComparison.Ordinal));
}
