using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Masumi.Api;
using Masumi.Payments.Deals;
using Masumi.Protocol;

namespace Masumi.Payments.Keys;

/// <summary>API keys over HTTP (spec payment-service-api.md 6.3).</summary>
internal sealed partial class KeyEndpoints(PaymentsContext context)
{
    public static Task<ApiResult> StatusAsync(ApiRequest<ApiKey> http) => Task.FromResult(ApiResult.Ok(http.Caller.ToJson()));

    public async Task<ApiResult> ListAsync(ApiRequest<ApiKey> http)
    {
        var take = http.Input.Integer("take", 10, 1, 100, coerce: true);
        var cursor = http.Input.OptionalText("cursorId", 0, 550);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var keys = await context.Keys.ListAsync(cursor, take, http.Cancellation);
        return ApiResult.Ok(new JsonObject { ["ApiKeys"] = new JsonArray([.. keys.Select(k => (JsonNode)k.ToJson())]) });
    }

    public async Task<ApiResult> CreateAsync(ApiRequest<ApiKey> http)
    {
        var input = http.Input;
        var permission = input.OptionalChoice("permission", "Read", "ReadAndPay", "Admin") ?? "Read";
        var read = input.OptionalBoolean("canRead");
        var pay = input.OptionalBoolean("canPay");
        var admin = input.OptionalBoolean("canAdmin");
        var flags = read is not null || pay is not null || admin is not null;
        var isAdmin = flags ? admin ?? false : permission == "Admin";

        // The reference's default of "true" makes admin keys impossible without saying otherwise; an admin's default here is "false".
        var limited = input.TextFlag("usageLimited", fallback: !isAdmin);
        var networks = input.OptionalTexts("NetworkLimit", 0, 3) ?? DealInput.Networks;
        for (var i = 0; i < networks.Count; i++)
        {
            if (!DealInput.Networks.Contains(networks[i]))
            {
                input.Issue($"NetworkLimit[{i}]", "Invalid option: expected one of \"Preprod\"|\"Mainnet\"");
            }
        }

        if (input.TextFlag("walletScopeEnabled"))
        {
            // Ignoring it would make a key that may do more than was asked for.
            input.Issue("walletScopeEnabled", "Wallet scopes are not supported by this node");
        }

        var credits = Credits(input);

        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (isAdmin && limited)
        {
            return ApiResult.BadRequest("Admin API keys cannot have usage limits");
        }

        var token = (isAdmin ? "masumi-payment-admin-" : "masumi-payment-") + context.Ids.Next()[1..];
        var key = new ApiKey
        {
            Id = context.Ids.Next(),
            Mask = "*****" + token[^4..],
            CanRead = flags ? read ?? true : true,
            CanPay = flags ? pay ?? false : permission is "ReadAndPay" or "Admin",
            CanAdmin = isAdmin,
            UsageLimited = limited,
            Networks = [.. networks.Distinct().Select(Word.Parse<Network>)],
            IsActive = true,
            Credits = credits,
        };
        await context.Keys.AddAsync(key, token, http.Cancellation);
        var row = key.ToJson();
        row["token"] = token;
        return ApiResult.Ok(row);
    }

    public async Task<ApiResult> DeleteAsync(ApiRequest<ApiKey> http)
    {
        var id = http.Input.Text("id", 1, 150);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        return await context.Keys.RevokeAsync(id, http.Cancellation) is { } revoked ? ApiResult.Ok(revoked.ToJson()) : ApiResult.NotFound("API key not found");
    }

    // Several entries of one unit are one credit; lovelace is the empty unit, as purchases are debited.
    private static ImmutableArray<KeyValuePair<string, long>> Credits(RequestInput input)
    {
        if (!input.Has("UsageCredits"))
        {
            input.Issue("UsageCredits", $"Invalid input: expected array, received {(input.IsPresent("UsageCredits") ? "null" : "undefined")}");
        }

        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var credit in input.OptionalObjects("UsageCredits", 0, 25) ?? [])
        {
            var unit = credit.Text("unit", 0, 150);
            var text = credit.Text("amount", 1, 25);
            if (Unit.TryParse(unit, out var known))
            {
                unit = known.ToString();
            }
            else if (EvmUnit().IsMatch(unit))
            {
                unit = unit.ToLowerInvariant();
            }
            else
            {
                credit.Issue("unit", "Invalid unit: lovelace, policy id and asset name in hex, or eip155:<chain id>:0x<address>, is needed");
                continue;
            }

            var sum = sums.GetValueOrDefault(unit);
            if (Digits.TryReadSigned<long>(text, out var amount) && amount >= 0 && long.MaxValue - sum >= amount)
            {
                sums[unit] = sum + amount;
            }
            else if (text.Length > 0)
            {
                credit.Issue("amount", "Invalid amount");
            }
        }

        return [.. sums];
    }

    // A token of another chain, as credits name it (spec since-0.28.md 4).
    [GeneratedRegex(@"\Aeip155:[0-9]+:0x[0-9a-fA-F]{40}\z", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex EvmUnit();
}
