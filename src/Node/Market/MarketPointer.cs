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

                if (Read(JsonNode.Parse(File.ReadAllText(file), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })) is { } target)
                {
                    found.Add(target);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
            {
                // Half written, just removed, or not a market's.
            }
        }

        return found;
    }

    /// <summary>What a file says; null when a market does not say that.</summary>
    internal static Target? Read(JsonNode? json)
    {
        if (json is not JsonObject market || AddressOf(market["devnet"]) is not { } devnet || market["services"] is not JsonArray listed)
        {
            return null;
        }

        var services = listed.Select(AddressOf).OfType<Uri>().ToList();
        return services.Count == listed.Count ? new Target(devnet, services) : null;

        static Uri? AddressOf(JsonNode? node) =>
            node?.GetValueKind() == JsonValueKind.String
            && Uri.TryCreate((string)node!, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
                ? address
                : null;
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
