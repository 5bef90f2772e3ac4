using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Node.Market;

/// <summary>
/// How <c>masumi advance</c> finds the market that runs: a file of its process's number in the user's own folder, there as long as the market is. It holds
/// addresses only.
/// </summary>
internal sealed class MarketPointer : IDisposable
{
    private readonly string? _file;

    private MarketPointer(string? file) => _file = file;

    /// <summary>The devnet and the nodes of a market that runs.</summary>
    /// <param name="Devnet">Where its chain is.</param>
    /// <param name="Services">Where its payment services are.</param>
    public sealed record Target(Uri Devnet, IReadOnlyList<Uri> Services);

    /// <summary>Leaves the file; where there is no folder for it, nothing.</summary>
    public static MarketPointer Leave(LocalMarket market)
    {
        if (Folder() is not { } folder)
        {
            return new MarketPointer(null);
        }

        try
        {
            var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{System.Environment.ProcessId}.json"));
            PrivateFile.CreateFolderOf(file);
            var json = new JsonObject
            {
                ["devnet"] = MarketText.Plain(market.DevnetUrl),
                ["services"] = new JsonArray(MarketText.Plain(market.SellerUrl), MarketText.Plain(market.BuyerUrl)),
            };
            File.WriteAllText(file, json.ToJsonString());
            return new MarketPointer(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A market without one can be moved by --url.
            return new MarketPointer(null);
        }
    }

    /// <summary>The markets that run. What others left behind, who ended without a chance to tidy, is removed.</summary>
    public static IReadOnlyList<Target> Find()
    {
        var found = new List<Target>();
        if (Folder() is not { } folder || !Directory.Exists(folder))
        {
            return found;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            try
            {
                if (!Digits.TryRead<int>(Path.GetFileNameWithoutExtension(file), out var id) || !IsRunning(id))
                {
                    File.Delete(file);
                    continue;
                }

                var json = JsonNode.Parse(File.ReadAllText(file))!;
                found.Add(new Target(new Uri((string)json["devnet"]!), [.. json["services"]!.AsArray().Select(s => new Uri((string)s!))]));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or UriFormatException or InvalidOperationException)
            {
                // Half written, or just removed.
            }
        }

        return found;
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        try
        {
            if (_file is not null)
            {
                File.Delete(_file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever looks next sees that the process is gone.
        }
    }

    private static string? Folder()
    {
        var data = System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : Path.Combine(data, "masumi", "markets");
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
