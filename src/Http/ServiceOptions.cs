using System.Text.Json;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Masumi.Http;

/// <summary>Who calls, or why he may not.</summary>
/// <typeparam name="TCaller">What a key stands for.</typeparam>
/// <param name="Caller">Who calls; null with a refusal.</param>
/// <param name="Refusal">Why he may not; null with a caller.</param>
public readonly record struct Authenticated<TCaller>(TCaller? Caller, Refusal? Refusal)
    where TCaller : class;

/// <summary>What a service does its own way.</summary>
/// <typeparam name="TCaller">What a key stands for.</typeparam>
public sealed record ServiceOptions<TCaller>
    where TCaller : class
{
    /// <summary>For example <c>/api/v1</c>.</summary>
    public required string BasePath { get; init; }

    /// <summary>How issues of requests are said.</summary>
    public required IssueWords Words { get; init; }

    /// <summary>Who calls. Asked before a request is judged.</summary>
    public required Func<HttpContext, Access, ValueTask<Authenticated<TCaller>>> Authenticate { get; init; }

    /// <summary>The id by which a caller's requests are counted; null for one whose are not.</summary>
    public Func<TCaller, string?> CountedAs { get; init; } = _ => null;

    /// <summary>A request in the names that operations declare, where it has others; or why it cannot be read so. Neither for one that is as declared.</summary>
    public Func<Operation, JsonElement, (JsonElement? Input, Refusal? Refusal)> Rewrite { get; init; } = (_, _) => (null, null);

    /// <summary>How many requests a caller has.</summary>
    public RequestRates Rates { get; init; } = new();

    /// <summary>True: another verb on a known path is 405 with <c>Allow</c>; false: 404.</summary>
    public bool SaysWrongVerb { get; init; } = true;

    /// <summary>The longest body in bytes.</summary>
    public int LongestBody { get; init; } = 100 * 1024;

    /// <summary>What is answered when something fails that the service has words for; null: an internal error.</summary>
    public Func<Exception, Refusal?> Explain { get; init; } = _ => null;

    /// <summary>Headers on every answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers on every answer whose value is asked for when the answer is ready, refusals and failures included.</summary>
    public IReadOnlyDictionary<string, Func<string>> LiveHeaders { get; init; } = new Dictionary<string, Func<string>>();
}

/// <summary>How many requests a key has (decision 16). What is not used up is kept up to the burst.</summary>
public sealed record RequestRates
{
    /// <summary>A second, of operations that cost chain calls, signatures or rows.</summary>
    public int CostlyPerSecond { get; init; } = 10;

    /// <summary>At once, of those.</summary>
    public int CostlyBurst { get; init; } = 100;

    /// <summary>A second, of reads.</summary>
    public int ReadsPerSecond { get; init; } = 200;

    /// <summary>At once, of those.</summary>
    public int ReadsBurst { get; init; } = 2000;
}
