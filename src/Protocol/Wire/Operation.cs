using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>Who may call an operation (spec payment-service-api.md 2.1). Each includes those before it.</summary>
public enum Access
{
    /// <summary>Anybody, without a key.</summary>
    Open,

    /// <summary>A key that may read.</summary>
    Read,

    /// <summary>A key that may pay.</summary>
    Pay,

    /// <summary>A key that may do everything.</summary>
    Admin,
}

/// <summary>One way in which an operation says no.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">For programs: lower case, words joined by <c>_</c>; never changes.</param>
/// <param name="Message">The sentence that clients of the network know; <c>{name}</c> stands for a value.</param>
/// <param name="Advice">What to do about it; null where the sentence says it.</param>
public sealed record RefusalKind(int Status, string Code, string Message, string? Advice = null)
{
    /// <summary>How the row that stands in the way is shown beside the sentence, as <c>id</c> and <c>object</c>; null where none is.</summary>
    public Shape? Row { get; init; }

    /// <summary>This refusal, with its values.</summary>
    public Refusal With(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var message = Message;
        foreach (var (name, value) in values)
        {
            message = message.Replace($"{{{name}}}", value ?? "none", StringComparison.Ordinal);
        }

        return new Refusal(this, message, [.. values]);
    }
}

/// <summary>A refusal of a request: data, not an exception.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Message">The sentence with its values.</param>
/// <param name="Values">The values, for programs.</param>
public sealed record Refusal(RefusalKind Kind, string Message, ImmutableArray<(string Name, string? Value)> Values);

/// <summary>
/// An operation of a service, declared once: from it come the route, the reading of requests, the answers' JSON, the OpenAPI document and the typed client.
/// </summary>
/// <param name="Verb">The HTTP verb.</param>
/// <param name="Path">Below the service's base path, without a slash at the end. <c>{name}</c> in it is a member of the request.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Name">Unique, camel case: for clients and tools.</param>
/// <param name="Tag">The group it stands in.</param>
/// <param name="Summary">One sentence.</param>
public abstract record Operation(string Verb, string Path, Access Access, string Name, string Tag, string Summary)
{
    /// <summary>More than one sentence; null where the summary says all.</summary>
    public string? Description { get; init; }

    /// <summary>Its own ways to say no, beside those of every operation.</summary>
    public ImmutableArray<RefusalKind> Refusals { get; init; } = [];

    /// <summary>True where the request is the query string: GET.</summary>
    public bool IsQuery => Verb == "GET";

    /// <summary>True where it costs chain calls, signatures or rows: everything but plain reads (decision 16).</summary>
    public bool IsCostly { get; init; } = Verb != "GET";

    /// <summary>True where the document calls the envelope's <c>status</c> a closed list of one word; clients made from the reference's have a type for it.</summary>
    public bool IsStatusClosed { get; init; }

    /// <summary>True where a member of the request stands in the path.</summary>
    public bool IsInPath(string member) => Path.Contains($"{{{member}}}", StringComparison.Ordinal);

    /// <summary>How a request stands in JSON or in the query string.</summary>
    public abstract Shape RequestShape { get; }

    /// <summary>How an answer stands in JSON, without its envelope.</summary>
    public abstract Shape AnswerShape { get; }

    /// <summary>An example of a request.</summary>
    public abstract JsonNode? RequestJson { get; }

    /// <summary>An example of an answer.</summary>
    public abstract JsonNode? AnswerJson { get; }
}

/// <summary>An operation with its types.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="Verb">The HTTP verb.</param>
/// <param name="Path">Below the service's base path, without a slash at the end.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Name">Unique, camel case: for clients and tools.</param>
/// <param name="Tag">The group it stands in.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Request">How a request stands in JSON or in the query string.</param>
/// <param name="Answer">How an answer stands in JSON, without its envelope.</param>
public sealed record Operation<TRequest, TAnswer>(
    string Verb,
    string Path,
    Access Access,
    string Name,
    string Tag,
    string Summary,
    RecordShape<TRequest> Request,
    Shape<TAnswer> Answer
) : Operation(Verb, Path, Access, Name, Tag, Summary)
    where TRequest : class
    where TAnswer : class
{
    /// <summary>An example of a request.</summary>
    public TRequest? RequestExample { get; init; }

    /// <summary>An example of an answer.</summary>
    public TAnswer? AnswerExample { get; init; }

    /// <inheritdoc/>
    public override Shape RequestShape => Request;

    /// <inheritdoc/>
    public override Shape AnswerShape => Answer;

    /// <inheritdoc/>
    public override JsonNode? RequestJson => RequestExample is { } example ? JsonNode.Parse(Request.ToJson(example)) : null;

    /// <inheritdoc/>
    public override JsonNode? AnswerJson => AnswerExample is { } example ? JsonNode.Parse(Answer.ToJson(example)) : null;
}

/// <summary>A request that says nothing.</summary>
public sealed record Nothing
{
    /// <summary>An object without members.</summary>
    public static RecordShape<Nothing> Shape { get; } = Shapes.Record<Nothing>(_ => new Nothing());
}
