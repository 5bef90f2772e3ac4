using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Agents;

namespace Masumi.Node.Demo;

/// <summary>The demo's agent: counts the words of a text. Asked to be lazy, it delivers nothing, as a bad agent would.</summary>
internal static class SampleAgent
{
    public static Task<string?> WorkAsync(JobContext job, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (job.Input["lazy"] is JsonValue lazy && lazy.TryGetValue<bool>(out var isLazy) && isLazy)
        {
            return Task.FromResult<string?>(null);
        }

        var text = job.Input["text"] is JsonValue value && value.TryGetValue<string>(out var given) ? given : "";
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return Task.FromResult<string?>(string.Create(CultureInfo.InvariantCulture, $"{words} words: {text}"));
    }
}
