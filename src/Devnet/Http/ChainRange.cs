using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>The inclusive bounds of a transaction list, <c>from</c> and <c>to</c>: each <c>height</c> or <c>height:index</c>.</summary>
internal sealed record ChainRange((long Height, int? Index)? From, (long Height, int? Index)? To)
{
    public static ApiResponse Malformed => ApiResponse.BadRequest("Invalid (malformed or out of range) from/to parameter(s).");

    /// <summary>Null when a bound is malformed.</summary>
    public static ChainRange? TryRead(ApiRequest request) =>
        TryRead(request, "from", out var from) && TryRead(request, "to", out var to) ? new ChainRange(from, to) : null;

    /// <summary>The part of a list, given oldest first, that lies within.</summary>
    public IReadOnlyList<TransactionRecord> Of(IReadOnlyList<TransactionRecord> transactions) =>
        From is null && To is null ? transactions : [.. transactions.Where(Contains)];

    /// <summary>True when the transaction lies within.</summary>
    public bool Contains(TransactionRecord t) =>
        !(From is { } from && (t.Block.Height < from.Height || (t.Block.Height == from.Height && t.Index < from.Index)))
        && !(To is { } to && (t.Block.Height > to.Height || (t.Block.Height == to.Height && t.Index > to.Index)));

    private static bool TryRead(ApiRequest request, string name, out (long Height, int? Index)? bound)
    {
        bound = null;
        if (!request.Query.TryGetValue(name, out var text))
        {
            return true;
        }

        var parts = text.Split(':', 3);
        var index = 0;
        if (parts.Length > 2 || !Digits.TryRead<long>(parts[0], out var height) || (parts.Length == 2 && !Digits.TryRead(parts[1], out index)))
        {
            return false;
        }

        bound = (height, parts.Length == 2 ? index : null);
        return true;
    }
}
