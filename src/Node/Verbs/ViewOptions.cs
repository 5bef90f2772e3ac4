using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Devnet.Views;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi devnet --view KEY=SPEC</c>: which clients are shown something else than the truth from the start.</summary>
internal sealed class ViewOptions
{
    public Option<string[]> View { get; } =
        new("--view")
        {
            Description = $"KEY=SPEC, repeatable: who sends this project_id is shown something else than the truth. SPEC: {DevnetViews.Words}.",
            DefaultValueFactory = _ => [],
        };

    public Option<long> Seed { get; } = new("--view-seed") { Description = "Which calls the shares of views fall on.", DefaultValueFactory = _ => 1 };

    /// <summary>What sets the views; throws <see cref="FormatException"/> at once when one cannot be.</summary>
    public Action<DevnetViews> Read(ParseResult parsed)
    {
        var given = parsed.GetValue(View)!.Select(Split).ToLookup(v => v.Key, v => v.Value, StringComparer.Ordinal);
        return views =>
        {
            views.Seed = parsed.GetValue(Seed);
            foreach (var view in given)
            {
                views.Set(view.Key, [.. view]);
            }
        };
    }

    public static JsonObject Json(DevnetViews views) =>
        new(views.All.Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, new JsonArray([.. v.Value.Select(s => JsonValue.Create(s))]))));

    public static void Print(DevnetViews views)
    {
        foreach (var (key, specs) in views.All)
        {
            Console.WriteLine($"project_id {key} is shown {string.Join(" and ", specs)} (--view-seed {views.Seed})");
        }
    }

    private static KeyValuePair<string, string> Split(string view)
    {
        try
        {
            var at = view.IndexOf('=', StringComparison.Ordinal);
            var (key, spec) = at > 0 ? (view[..at], view[(at + 1)..]) : throw new FormatException($"KEY=SPEC, got '{view}'");
            DevnetViews.Check(key, spec);
            return KeyValuePair.Create(key, spec);
        }
        catch (FormatException e)
        {
            throw new FormatException($"--view: {e.Message}", e);
        }
    }
}
