using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Registry.Keys;

namespace Masumi.Registry.Agents;

/// <summary>The agent queries (spec registry-service-api.md 3). They answer from the database; only payment information and health checks look outside.</summary>
internal sealed class AgentQueries(RegistryServices services, RegistryStore store, AgentProbe probe)
{
    private const int MostSearched = 120;
    private static readonly string[] Networks = [.. Word.All<Network>()];
    private static readonly string[] PaymentTypes =
    [
        Word.Text(PaymentSourceType.Web3CardanoV1),
        AgentEntry.NoPayment,
        Word.Text(PaymentSourceType.Web3CardanoV2),
    ];

    // No caller makes the registry ask an agent more often than this.
    private static readonly TimeSpan LeastBetweenChecks = TimeSpan.FromSeconds(30);

    public IReadOnlyList<ApiEndpoint<RegistryCaller>> Endpoints =>
        [
            new("POST", "/registry-entry", "user", "Agents by filter, newest first.", EntriesAsync),
            new("POST", "/registry-entry-search", "user", "Agents by words.", SearchAsync),
            new("POST", "/registry-diff", "user", "Agents whose status changed since a time.", DiffAsync),
            new("GET", "/payment-information", "user", "Endpoint, price and seller of one agent.", PaymentInformationAsync),
            new("GET", "/capability", "user", "What the agents that answer can do.", CapabilitiesAsync),
        ];

    private async Task<ApiResult> EntriesAsync(ApiRequest<RegistryCaller> http)
    {
        var input = http.Input;
        var query = ReadQuery(input);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        return await AnswerAsync(query, query.Filter.Matches, http.Cancellation);
    }

    private async Task<ApiResult> SearchAsync(ApiRequest<RegistryCaller> http)
    {
        var input = http.Input;
        var query = ReadQuery(input);
        var words = AgentFilter.Normal(input.Text("query"));
        if (input.Refusal is null && words.Length is 0 or > MostSearched)
        {
            input.Issue(
                "query",
                words.Length == 0 ? "String must contain at least 1 character(s)" : $"String must contain at most {MostSearched} character(s)"
            );
        }

        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        return await AnswerAsync(query, e => query.Filter.Matches(e) && AgentFilter.TextOf(e).Contains(words, StringComparison.Ordinal), http.Cancellation);
    }

    private async Task<ApiResult> DiffAsync(ApiRequest<RegistryCaller> http)
    {
        var input = http.Input;
        var network = ReadNetwork(input);
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var cursor = input.OptionalText("cursorId", 1, 75);
        var policy = input.OptionalText("policyId", 1, 250);
        var since = input.OptionalDate("statusUpdatedAfter");
        if (!input.IsPresent("statusUpdatedAfter"))
        {
            input.Issue("statusUpdatedAfter", "Required");
        }

        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        // Inclusive, so that a caller continues with the last row he has and misses none.
        var found = (await store.ListAsync(network, http.Cancellation, vanished: true))
            .Where(e => policy is null || e.PolicyId == policy)
            .Where(e => e.StatusUpdatedAt > since || (e.StatusUpdatedAt == since && (cursor is null || string.CompareOrdinal(e.Id, cursor) >= 0)))
            .OrderBy(e => e.StatusUpdatedAt)
            .ThenBy(e => e.Id, StringComparer.Ordinal);
        return Entries(found.Take(limit));
    }

    private async Task<ApiResult> PaymentInformationAsync(ApiRequest<RegistryCaller> http)
    {
        var identifier = http.Input.Text("agentIdentifier", 57, 250);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var entry = (await store.ListAsync(null, http.Cancellation)).FirstOrDefault(e => e.Agent.ToString() == identifier);
        if (entry is null)
        {
            return ApiResult.NotFound("Payment information not found");
        }

        try
        {
            // Asked of the chain now: who holds the token is who is paid.
            var holders = await services.Chain.GetHoldersAsync(entry.Agent.ToAsset(), http.Cancellation);
            if (holders.IsEmpty || holders[0].Address.Payment is not { } payment)
            {
                return ApiResult.NotFound("Payment information not found");
            }

            var row = entry.ToJson(forPayment: true);
            row["sellerWallet"] = new JsonObject { ["address"] = holders[0].Address.ToString(), ["vkey"] = payment.Hash.ToString() };
            return ApiResult.Ok(row);
        }
        catch (ChainUnavailableException)
        {
            return ApiResult.Refuse(502, "The chain could not be asked who holds the agent's token");
        }
    }

    private async Task<ApiResult> CapabilitiesAsync(ApiRequest<RegistryCaller> http)
    {
        var limit = http.Input.Integer("limit", 10, 1, 100, coerce: true);
        var cursor = http.Input.OptionalText("cursorId");
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var capabilities = (await store.ListAsync(null, http.Cancellation))
            .Where(e => e.Status == AgentStatus.Online)
            .Select(e => e.Metadata?.Capability)
            .OfType<Contracts.Registry.Common.AgentCapability>()
            .Distinct()
            .Select(c => (Id: RegistryStore.Id(c.Name, c.Version), c.Name, c.Version))
            .OrderBy(c => c.Name, StringComparer.Ordinal)
            .ThenByDescending(c => c.Id, StringComparer.Ordinal)
            .SkipWhile(c => cursor is not null && c.Id != cursor)
            .Take(limit)
            .Select(c =>
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = c.Id,
                        ["name"] = c.Name,
                        ["version"] = c.Version,
                    }
            );
        return ApiResult.Ok(new JsonObject { ["capabilities"] = new JsonArray([.. capabilities]) });
    }

    private static Network ReadNetwork(RequestInput input) => Word.Parse<Network>(input.Choice("network", Networks));

    private static List<AgentStatus> ReadStatuses(RequestInput? filter)
    {
        var statuses = new List<AgentStatus>();
        foreach (var text in filter?.OptionalChoices("status", 5, [.. Word.All<AgentStatus>()]) ?? [])
        {
            if (Word.TryParse<AgentStatus>(text, out var status))
            {
                statuses.Add(status);
            }
        }

        return statuses;
    }

    private static Query ReadQuery(RequestInput input)
    {
        var network = ReadNetwork(input);
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var cursor = input.OptionalText("cursorId", 1, 50);
        var checkedSince = input.OptionalDate("minHealthCheckDate");
        var filter = input.OptionalObject("filter");
        var capability = filter?.OptionalObject("capability");
        return new Query(
            network,
            limit,
            cursor,
            checkedSince,
            new AgentFilter
            {
                Statuses = ReadStatuses(filter) is { Count: > 0 } statuses ? statuses : [AgentStatus.Online],
                PaymentTypes = filter?.OptionalChoices("paymentTypes", 5, PaymentTypes) is { Count: > 0 } types ? types : null,
                PolicyId = filter?.OptionalText("policyId", 1, 250),
                Agent = filter?.OptionalText("assetIdentifier", 1, 250),
                Tags = filter?.OptionalTexts("tags", 0, 50, 1, 150),
                CapabilityName = capability?.Text("name", 1, 150),
                CapabilityVersion = capability?.OptionalText("version", 0, 150),
            }
        );
    }

    private async Task<ApiResult> AnswerAsync(Query query, Func<AgentEntry, bool> matches, CancellationToken cancellation)
    {
        if ((await store.ListSourcesAsync(cancellation)).All(s => s.Network != query.Network))
        {
            return ApiResult.NotFound("Network not found");
        }

        var page = await PageAsync();
        if (query.CheckedSince is { } since)
        {
            // The caller wants no older news than this. Those that turn out otherwise than asked for make room for others, unchecked.
            var latest = services.Time.GetUtcNow() - LeastBetweenChecks;
            var stale = page.Where(e => (e.LastUptimeCheck ?? DateTimeOffset.MinValue) < (since < latest ? since : latest)).ToList();
            if (stale.Count > 0)
            {
                await probe.CheckAsync(stale, counts: false, cancellation);
                page = await PageAsync();
            }
        }

        return Entries(page);

        // The cursor's row comes first again if it still matches; its place counts even if not, so that a caller who pages loses nothing when a status changes.
        async Task<List<AgentEntry>> PageAsync() =>
            [
                .. (await store.ListAsync(query.Network, cancellation))
                    .SkipWhile(e => query.Cursor is not null && e.Id != query.Cursor)
                    .Where(matches)
                    .Take(query.Limit),
            ];
    }

    private static ApiResult Entries(IEnumerable<AgentEntry> entries) =>
        ApiResult.Ok(new JsonObject { ["entries"] = new JsonArray([.. entries.Select(e => (JsonNode)e.ToJson())]) });

    private sealed record Query(Network Network, int Limit, string? Cursor, DateTimeOffset? CheckedSince, AgentFilter Filter);
}
