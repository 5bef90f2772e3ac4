using System.Net;

namespace Masumi.Client;

/// <summary>A service answered with an error or with something that is not its protocol. Lost connections stay <see cref="HttpRequestException"/>.</summary>
public sealed class MasumiApiException : Exception
{
    /// <summary>A refusal with the service's own words.</summary>
    public MasumiApiException(HttpStatusCode status, string message, string body)
        : base(message)
    {
        Status = status;
        Body = body;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The answer's body, shortened to 4096 characters.</summary>
    public string Body { get; }

    /// <summary>True when the same request may succeed later: overload, or trouble on the service's side.</summary>
    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;
}
