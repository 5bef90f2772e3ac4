using System.Globalization;
using System.Text.Json;
using Masumi.Agents;
using Masumi.Protocol;

namespace Masumi.Node.Market;

/// <summary>An agent to try things with: counts what is in a text. Asked to be lazy, it delivers nothing, as a bad agent would.</summary>
/// <param name="What">What it counts.</param>
/// <param name="Price">What a job costs.</param>
/// <param name="Count">How it counts.</param>
internal sealed record SampleAgent(string What, UnitAmount Price, Func<string, int> Count)
{
    public static SampleAgent Words { get; } =
        new("word", Protocol.Tokens.Price.Usdm(5).On(Network.Preprod), text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    public static SampleAgent Letters { get; } = new("letter", Protocol.Tokens.Price.Ada(25).On(Network.Preprod), text => text.Count(char.IsLetter));

    /// <summary>As <see cref="Letters"/>, for a price in tUSDM.</summary>
    public static SampleAgent LettersForDollars { get; } = Letters with { Price = Protocol.Tokens.Price.Usdm(2).On(Network.Preprod) };

    /// <summary>What its callers send.</summary>
    public static JsonElement InputSchema { get; } =
        JsonElement.Parse("""{"input_data":[{"id":"text","type":"string","name":"Text","data":{"description":"What is counted"}}]}""");

    public string Name => $"{char.ToUpperInvariant(What[0])}{What[1..]} counter";

    public Task<string?> WorkAsync(JobContext job, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (job.Input.TryGetProperty("lazy", out var lazy) && lazy.ValueKind == JsonValueKind.True)
        {
            return Task.FromResult<string?>(null);
        }

        var text = job.Input.TryGetProperty("text", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        return Task.FromResult<string?>(string.Create(CultureInfo.InvariantCulture, $"{Count(text)} {What}s: {text}"));
    }
}
