using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Payments.Deals;

/// <summary>Lists, counts, diffs and look-ups of deals (spec payment-service-api.md 1.7, 6.1).</summary>
internal sealed class DealQueries(PaymentsContext context, DealSide side)
{
    private string Key => side == DealSide.Payment ? "Payments" : "Purchases";

    public async Task<ApiResult> ListAsync(ApiRequest<ApiKey> http)
    {
        var history = http.Input.TextFlag("includeHistory");
        var (query, hidden, refusal) = await ReadAsync(http, list: true, hasDefault: true);
        if (refusal is not null)
        {
            return refusal;
        }

        var data = await RowsAsync(query!, history, http.Cancellation);
        await NoteHiddenAsync(data, query!, hidden, http.Cancellation);
        return ApiResult.Ok(data);
    }

    public async Task<ApiResult> CountAsync(ApiRequest<ApiKey> http)
    {
        var (query, hidden, refusal) = await ReadAsync(http, list: false, hasDefault: true);
        if (refusal is not null)
        {
            return refusal;
        }

        var data = new JsonObject { ["total"] = await context.Deals.CountAsync(query!, http.Cancellation) };
        await NoteHiddenAsync(data, query!, hidden, http.Cancellation);
        return ApiResult.Ok(data);
    }

    public Func<ApiRequest<ApiKey>, Task<ApiResult>> Diff(DiffStamp stamp) =>
        async http =>
        {
            var since = http.Input.OptionalDate("lastUpdate") ?? DateTimeOffset.UnixEpoch;
            var history = http.Input.TextFlag("includeHistory");
            var (query, _, refusal) = await ReadAsync(http, list: true, hasDefault: false);
            if (refusal is not null)
            {
                return refusal;
            }

            query = query! with { ChangedSince = since, Stamp = stamp, Search = null, State = null, NeedsManual = false };
            return ApiResult.Ok(await RowsAsync(query, history, http.Cancellation));
        };

    public async Task<ApiResult> ResolveAsync(ApiRequest<ApiKey> http)
    {
        var network = DealInput.ReadNetwork(http.Input);
        var identifier = http.Input.Text("blockchainIdentifier", 1, BlockchainIdentifier.MaxLength);
        var contract = http.Input.OptionalText("filterSmartContractAddress", 0, 250, nullable: true);
        var history = http.Input.TextFlag("includeHistory");
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = (await context.SourcesAsync(network, http.Cancellation)).Where(s => contract is null || s.ContractAddress.ToString() == contract);
        var found = await context.Deals.FindAsync(side, [.. sources.Select(s => s.Id)], identifier, http.Cancellation);
        return found is null
            ? ApiResult.NotFound(side == DealSide.Payment ? "Payment not found" : "Purchase not found")
            : ApiResult.Ok(await context.RowAsync(found, history, http.Cancellation));
    }

    private async Task<(DealQuery? Query, ImmutableArray<string> Hidden, ApiResult? Refusal)> ReadAsync(ApiRequest<ApiKey> http, bool list, bool hasDefault)
    {
        var input = http.Input;
        var network = DealInput.ReadNetwork(input);
        var type = DealInput.OptionalSourceType(input, "filterPaymentSourceType");
        var contract = input.OptionalText("filterSmartContractAddress", 0, 250);
        var state = list ? input.OptionalChoice("filterOnChainState", [.. Word.All<OnChainState>()]) : null;
        var query = new DealQuery(side)
        {
            NeedsManual = input.TextFlag("filterNeedsManualAction"),
            State = Word.TryParse<OnChainState>(state, out var known) ? known : null,
            Search = list ? input.OptionalText("searchQuery", 0, 250) : null,
            Cursor = list ? input.OptionalText("cursorId", 0, 250) : null,
            Limit = list ? input.Integer("limit", 10, 1, 100, coerce: true) : 1,
        };
        if (input.Refusal is { } invalid)
        {
            return (null, [], invalid);
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return (null, [], refusedNetwork);
        }

        var sources = ListedSources.Of(await context.SourcesAsync(network, http.Cancellation), type, contract, hasDefault);
        return (query with { Sources = sources.Shown }, sources.Hidden, null);
    }

    private async Task NoteHiddenAsync(JsonObject data, DealQuery query, ImmutableArray<string> hidden, CancellationToken cancellation)
    {
        if (!hidden.IsEmpty)
        {
            ListedSources.Note(data, await context.Deals.CountAsync(query with { Sources = hidden }, cancellation));
        }
    }

    private async Task<JsonObject> RowsAsync(DealQuery query, bool history, CancellationToken cancellation)
    {
        var rows = new JsonArray();
        foreach (var report in await context.Deals.ReportAsync(query, history, cancellation))
        {
            rows.Add((JsonNode)context.Row(report, history));
        }

        return new JsonObject { [Key] = rows };
    }
}
