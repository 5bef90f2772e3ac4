using System.Net;
using System.Text;

namespace Masumi.Client.Tests;

/// <summary>Answers every request with a JSON text, by its path, and keeps what was sent.</summary>
internal sealed class Answers(Func<string, string> answer) : HttpMessageHandler
{
    public Answers(string json)
        : this(_ => json) { }

    /// <summary>The last body.</summary>
    public string? Sent { get; private set; }

    /// <summary>The last path, with its query.</summary>
    public string? Path => Paths.LastOrDefault();

    /// <summary>All paths, with their queries.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>How it answers.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>What the service says in its header that the chain's time is.</summary>
    public string? ChainTime { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Paths.Add(request.RequestUri!.PathAndQuery);
        Sent = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var json = answer(request.RequestUri.PathAndQuery);
        var response = new HttpResponseMessage(Status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (ChainTime is not null)
        {
            response.Headers.Add("X-Masumi-Chain-Time", ChainTime);
        }

        return response;
    }
}
