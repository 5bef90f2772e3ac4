using System.Globalization;
using System.Text.Json;
using Masumi.Agents;

namespace Masumi.Node.Demo;

/// <summary>The demo's agent: counts the words of a text. Asked to be lazy, it delivers nothing, as a bad agent would.</summary>
internal static class SampleAgent
{
    public static Task<string?> WorkAsync(JobContext job, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (job.Input.TryGetProperty("lazy", out var lazy) && lazy.ValueKind == JsonValueKind.True)
        {
            return Task.FromResult<string?>(null);
        }

        var text = job.Input.TryGetProperty("text", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return Task.FromResult<string?>(string.Create(CultureInfo.InvariantCulture, $"{words} words: {text}"));
    }
}
