namespace Masumi.Protocol.Wire;

/// <summary>How every operation may say no.</summary>
public static class CommonRefusals
{
    /// <summary>The request is not of the operation's shape; the message lists all issues.</summary>
    public static RefusalKind InvalidInput { get; } = new(400, "invalid_input", "{issues}", "Correct what is listed and send it again; nothing was changed.");

    /// <summary>The body is no JSON.</summary>
    public static RefusalKind MalformedJson { get; } = new(400, "malformed_json", "Malformed JSON{place}");

    /// <summary>The request could not be read off the wire.</summary>
    public static RefusalKind Unreadable { get; } = new(400, "unreadable_request", "The request could not be read");

    /// <summary>The body is not called JSON.</summary>
    public static RefusalKind NotJson { get; } = new(415, "not_json", "The body must be JSON (Content-Type: application/json)");

    /// <summary>The body is too long.</summary>
    public static RefusalKind TooLarge { get; } = new(413, "too_large", "request entity too large");

    /// <summary>There is no such path.</summary>
    public static RefusalKind NoSuchPath { get; } = new(404, "no_such_path", "Can not {method} {path}", "The operations are listed at /docs.");

    /// <summary>The path knows other verbs.</summary>
    public static RefusalKind WrongVerb { get; } = new(405, "wrong_verb", "{method} is not allowed");

    /// <summary>Too many requests with one key.</summary>
    public static RefusalKind TooMany { get; } = new(429, "too_many_requests", "Too many requests", "Wait for as long as Retry-After says.");

    /// <summary>Something failed that is no fault of the caller's. Whether anything was changed is not known.</summary>
    public static RefusalKind Failed { get; } =
        new(500, "failed", "Internal Server Error", "Look at what stands now before asking again; the log says what failed.");
}
