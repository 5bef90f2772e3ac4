using Masumi.Protocol.Wire;

namespace Masumi.Http.Tests;

internal sealed record Thing(string? Name, long? Limit, string? Caller)
{
    public static RecordShape<Thing> Shape { get; } =
        Shapes.Record<Thing>(
            "Thing",
            s =>
                new(
                    s.RequiredOrNull("name", Shapes.AnyText, r => r.Name),
                    s.RequiredOrNull("limit", Shapes.Whole(), r => r.Limit),
                    s.RequiredOrNull("caller", Shapes.AnyText, r => r.Caller)
                )
        );
}

internal sealed record ThingQuery(long Limit, string? Kind)
{
    public static RecordShape<ThingQuery> Shape { get; } =
        Shapes.Record<ThingQuery>(s => new(s.Default("limit", Shapes.Whole(1, 50), 10, r => r.Limit), s.Optional("kind", Shapes.AnyText, r => r.Kind)));
}

internal sealed record NamedThing(string? Name)
{
    public static RecordShape<NamedThing> Shape { get; } =
        Shapes.Record<NamedThing>(s => new(s.Optional("name", Shapes.AnyText, r => r.Name, "What it is called")));
}

internal sealed record OneThing(string Id, long Limit)
{
    public static RecordShape<OneThing> Shape { get; } =
        Shapes.Record<OneThing>(s => new(s.Required("id", Shapes.Text(1, 8), r => r.Id), s.Default("limit", Shapes.Whole(1, 50), 10, r => r.Limit)));
}

/// <summary>Operations of every kind.</summary>
internal static class Things
{
    public static RefusalKind Exists { get; } = new(409, "exists", "exists");

    public static RefusalKind NotFound { get; } = new(404, "no_thing", "There is no {name}", "Make one.");

    public static Operation<Nothing, Thing> Health { get; } = new("GET", "/health", Access.Open, "getHealth", "things", "Lives", Nothing.Shape, Thing.Shape);

    public static Operation<ThingQuery, Thing> Get { get; } =
        new("GET", "/thing", Access.Read, "getThing", "things", "Shows <things> & more", ThingQuery.Shape, Thing.Shape);

    public static Operation<NamedThing, Thing> Make { get; } =
        new("POST", "/thing", Access.Pay, "makeThing", "things", "Makes a thing", NamedThing.Shape, Thing.Shape) { RequestExample = new("x") };

    public static Operation<Nothing, Thing> Delete { get; } =
        new("DELETE", "/thing", Access.Admin, "deleteThing", "things", "Deletes a thing", Nothing.Shape, Thing.Shape);

    public static Operation<OneThing, Thing> ById { get; } =
        new("GET", "/thing/{id}/more", Access.Read, "getThingById", "things", "One thing", OneThing.Shape, Thing.Shape);

    public static Operation<Nothing, Thing> Deep { get; } =
        new("POST", "/deep/path", Access.Read, "goDeep", "others", "Refuses", Nothing.Shape, Thing.Shape) { Refusals = [Exists] };

    public static Operation<NamedThing, Thing> Missing { get; } =
        new("POST", "/missing", Access.Read, "findMissing", "others", "Finds nothing", NamedThing.Shape, Thing.Shape) { Refusals = [NotFound] };

    public static Operation<Nothing, Thing> Boom { get; } = new("POST", "/boom", Access.Read, "boom", "others", "Fails", Nothing.Shape, Thing.Shape);

    public static Operation<Nothing, Thing> Late { get; } = new("POST", "/late", Access.Read, "late", "others", "Gives up", Nothing.Shape, Thing.Shape);
}
