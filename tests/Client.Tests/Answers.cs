using System.Net;
using System.Text;

namespace Masumi.Client.Tests;

/// <summary>Answers every request with one JSON text and keeps the last body sent.</summary>
internal sealed class Answers(string json) : HttpMessageHandler
{
    public string? Sent { get; private set; }

    public string? Path { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Path = request.RequestUri!.PathAndQuery;
        Sent = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
