using Masumi.Protocol.Wire;

namespace Masumi.Http;

/// <summary>What a use case answers: the operation's answer, or a refusal, which may show what exists already.</summary>
/// <typeparam name="TAnswer">The operation's answer.</typeparam>
public sealed class Reply<TAnswer>
    where TAnswer : class
{
    private Reply(TAnswer? answer, Refusal? refusal, (string Id, TAnswer Row)? existing)
    {
        Answer = answer;
        Refusal = refusal;
        Existing = existing;
    }

    /// <summary>The answer; null for a refusal.</summary>
    public TAnswer? Answer { get; }

    /// <summary>The refusal; null for an answer.</summary>
    public Refusal? Refusal { get; }

    /// <summary>What was made before by the same request, beside a refusal.</summary>
    public (string Id, TAnswer Row)? Existing { get; }

    /// <summary>An answer.</summary>
    public static implicit operator Reply<TAnswer>(TAnswer answer) => new(answer, null, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Reply<TAnswer>(Refusal refusal) => new(null, refusal, null);

    /// <summary>A refusal without values.</summary>
    public static implicit operator Reply<TAnswer>(RefusalKind kind) => new(null, kind.With(), null);

    internal static Reply<TAnswer> Of(Refusal refusal, string id, TAnswer row) => new(null, refusal, (id, row));
}

/// <summary>Answers that a conversion does not make.</summary>
public static class Reply
{
    /// <summary>A refusal that shows what was made before by the same request (spec payment-service-api.md 1.4).</summary>
    public static Reply<TAnswer> Exists<TAnswer>(Refusal refusal, string id, TAnswer row)
        where TAnswer : class => Reply<TAnswer>.Of(refusal, id, row);
}
