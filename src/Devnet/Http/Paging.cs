using System.Text.Json.Nodes;

namespace Masumi.Devnet.Http;

/// <summary>Which part of a list is wanted: <c>count</c> 1 to 100, <c>page</c> from 1, <c>order</c> asc or desc.</summary>
internal sealed record Paging(int Count, int Page, bool Descending)
{
    private const int MaxPage = 21_474_836;

    /// <summary>A page of a list that is given oldest first. Beyond the end: empty, not an error.</summary>
    public static ApiResponse List<T>(ApiRequest request, IReadOnlyList<T> oldestFirst, Func<T, JsonNode> show)
    {
        if (TryRead(request, out var refusal) is not { } paging)
        {
            return ApiResponse.BadRequest(refusal);
        }

        var page = new JsonArray();
        var first = (long)(paging.Page - 1) * paging.Count;
        for (var i = first; i < Math.Min(first + paging.Count, oldestFirst.Count); i++)
        {
            page.Add(show(oldestFirst[(int)(paging.Descending ? oldestFirst.Count - 1 - i : i)]));
        }

        return ApiResponse.Ok(page);
    }

    /// <summary>
    /// A page of the numbers below <paramref name="end"/>, counted from there down to <paramref name="start"/>; within the page they
    /// ascend. This is how lists of what came before something are given.
    /// </summary>
    public static ApiResponse Before(ApiRequest request, long start, long end, Func<long, JsonNode> show)
    {
        if (TryRead(request, out var refusal) is not { } paging)
        {
            return ApiResponse.BadRequest(refusal);
        }

        var page = new JsonArray();
        var last = end - ((long)(paging.Page - 1) * paging.Count);
        for (var i = Math.Max(start, last - paging.Count); i < last; i++)
        {
            page.Add(show(i));
        }

        return ApiResponse.Ok(page);
    }

    /// <summary>A page of the numbers from <paramref name="start"/> to below <paramref name="end"/>, ascending.</summary>
    public static ApiResponse Range(ApiRequest request, long start, long end, Func<long, JsonNode> show)
    {
        if (TryRead(request, out var refusal) is not { } paging)
        {
            return ApiResponse.BadRequest(refusal);
        }

        var page = new JsonArray();
        var first = start + ((long)(paging.Page - 1) * paging.Count);
        for (var i = first; i < Math.Min(first + paging.Count, end); i++)
        {
            page.Add(show(i));
        }

        return ApiResponse.Ok(page);
    }

    /// <summary>Null, with the reason, when a parameter is no good.</summary>
    public static Paging? TryRead(ApiRequest request, out string refusal)
    {
        refusal = "";
        if (!TryNumber(request, "count", 100, 100, out var count, ref refusal) || !TryNumber(request, "page", 1, MaxPage, out var page, ref refusal))
        {
            return null;
        }

        var order = request.Query.GetValueOrDefault("order", "asc");
        if (order is not ("asc" or "desc"))
        {
            refusal = "querystring/order must be equal to one of the allowed values";
            return null;
        }

        return new Paging(count, page, order == "desc");
    }

    private static bool TryNumber(ApiRequest request, string name, int otherwise, int max, out int number, ref string refusal)
    {
        number = otherwise;
        if (!request.Query.TryGetValue(name, out var text))
        {
            return true;
        }

        if (!Digits.TryRead(text, out number))
        {
            refusal = $"querystring/{name} must be integer";
            return false;
        }

        if (number < 1 || number > max)
        {
            refusal = number < 1 ? $"querystring/{name} must be >= 1" : $"querystring/{name} must be <= {max}";
            return false;
        }

        return true;
    }
}
