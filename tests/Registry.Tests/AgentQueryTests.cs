using System.Text.Json.Nodes;
using Masumi.Contracts.Registry;
using Masumi.Protocol;

namespace Masumi.Registry.Tests;

public sealed class AgentQueryTests(PopulatedWorld populated) : IClassFixture<PopulatedWorld>
{
    private const string Everyone = """["Online","Offline","Invalid","Deregistered"]""";

    private RegistryWorld World => populated.World;

    [Theory]
    [InlineData("""{"network":"Preprod"}""", "Delta Beta Alpha")]
    [InlineData("""{"network":"Preprod","filter":{}}""", "Delta Beta Alpha")]
    [InlineData("""{"network":"Preprod","filter":{"status":[]}}""", "Delta Beta Alpha")]
    [InlineData("""{"network":"Preprod","filter":{"status":["Offline"]}}""", "Gamma")]
    [InlineData("""{"network":"Preprod","filter":{"status":["Deregistered"]}}""", "Delta Gone")]
    [InlineData("""{"network":"Preprod","filter":{"status":["Online","Offline"]}}""", "Delta Gamma Beta Alpha")]
    public async Task Agents_that_answer_are_listed_newest_first_unless_other_statuses_are_asked_for(string body, string names) =>
        Assert.Equal(names.Split(' ').Order(StringComparer.Ordinal), (await EntriesAsync(body)).Names.Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_newest_mint_comes_first()
    {
        Assert.Equal(
            [populated.DeltaTwo, populated.Delta, populated.Gone, populated.Mute, populated.Broken, populated.Gamma, populated.Beta, populated.Alpha],
            Identifiers(await World.EveryoneAsync())
        );
    }

    [Theory]
    [InlineData("""{"paymentTypes":["None"]}""", "Beta")]
    [InlineData("""{"paymentTypes":["Web3CardanoV2"]}""", "Alpha Delta")]
    [InlineData("""{"paymentTypes":["Web3CardanoV1"],"status":["Offline"]}""", "Gamma")]
    [InlineData("""{"paymentTypes":["Web3CardanoV1"]}""", "")]
    [InlineData("""{"paymentTypes":[]}""", "Alpha Beta Delta")]
    [InlineData("""{"tags":["alpha"]}""", "Alpha")]
    [InlineData("""{"tags":["alpha","beta","unheard"]}""", "Alpha Beta")]
    [InlineData("""{"tags":["Alpha"]}""", "")]
    [InlineData("""{"tags":[]}""", "")]
    [InlineData("""{"capability":{"name":"Alpha-skill"}}""", "Alpha")]
    [InlineData("""{"capability":{"name":"Alpha-skill","version":"1.0.0"}}""", "Alpha")]
    [InlineData("""{"capability":{"name":"Alpha-skill","version":"1.0"}}""", "")]
    [InlineData("""{"capability":{"name":"alpha-skill"}}""", "")]
    [InlineData("""{"policyId":"00"}""", "")]
    [InlineData("""{"assetIdentifier":"00"}""", "")]
    [InlineData("""{"name":"Alpha"}""", "Alpha Beta Delta")]
    [InlineData("""{"tags":["alpha"],"paymentTypes":["None"]}""", "")]
    public async Task Filters_must_all_hold_and_unknown_ones_do_nothing(string filter, string names) =>
        Assert.Equal(
            names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            (await EntriesAsync($$"""{"network":"Preprod","filter":{{filter}}}""")).Names.Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task An_agent_is_found_by_its_policy_and_by_its_identifier()
    {
        Assert.Equal(3, (await EntriesAsync($$"""{"network":"Preprod","filter":{"policyId":"{{RegistryScript.V2.Hash}}"} }""")).Entries.Count);
        Assert.Equal(["Alpha"], (await EntriesAsync($$"""{"network":"Preprod","filter":{"assetIdentifier":"{{populated.Alpha}}"} }""")).Names);
    }

    [Fact]
    public async Task Neither_an_inbox_nor_another_policys_token_of_the_same_name_is_an_agent()
    {
        var identifiers = Identifiers(await World.EveryoneAsync());
        Assert.DoesNotContain(populated.Inbox, identifiers);
        Assert.DoesNotContain(populated.Foreign, identifiers);
        Assert.Contains(populated.Alpha, identifiers);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_the_cursors_row_comes_first_again()
    {
        var all = Identifiers(await World.EveryoneAsync());
        var seen = new List<AgentIdentifier>();
        string? cursor = null;
        for (var page = 0; page < 20; page++)
        {
            var at = cursor is null ? "" : $"\"cursorId\":\"{cursor}\",";
            var answer = await EntriesAsync($$"""{"network":"Preprod",{{at}}"limit":3,"filter":{"status":{{Everyone}} } }""");
            var rows = Identifiers(answer);
            Assert.InRange(rows.Length, 1, 3);
            Assert.True(cursor is null || rows[0] == seen[^1]);
            seen.AddRange(cursor is null ? rows : rows[1..]);
            cursor = (string?)answer.Entries[^1]!["id"];
            if (rows.Length == 1)
            {
                break;
            }
        }

        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task Paging_goes_on_when_the_cursors_row_is_not_what_is_asked_for_any_more()
    {
        var offline = (string)(await EntriesAsync("""{"network":"Preprod","filter":{"status":["Offline"]}}""")).Entries.Single()!["id"]!;
        Assert.Equal(["Beta", "Alpha"], (await EntriesAsync($$"""{"network":"Preprod","cursorId":"{{offline}}"}""")).Names);
    }

    [Fact]
    public async Task An_unknown_cursor_is_an_empty_page()
    {
        Assert.Empty((await EntriesAsync("""{"network":"Preprod","cursorId":"nobody"}""")).Entries);
    }

    [Fact]
    public async Task A_limit_may_be_a_number_or_its_digits()
    {
        Assert.Single((await EntriesAsync("""{"network":"Preprod","limit":1}""")).Entries);
        Assert.Equal(2, (await EntriesAsync("""{"network":"Preprod","limit":"2"}""")).Entries.Count);
    }

    [Fact]
    public async Task An_entry_shows_all_there_is_to_know()
    {
        var entry = Of(await World.EveryoneAsync(), populated.Gamma);
        var id = (string)entry["id"]!;
        Assert.InRange(id.Length, 1, 50);
        var source = (string)entry["RegistrySource"]!["id"]!;
        var expected = $$"""
            {
              "id": "{{id}}", "createdAt": "{{Iso(populated.Seen)}}", "updatedAt": "{{Iso(populated.Probed)}}",
              "agentIdentifier": "{{populated.Gamma}}", "name": "Gamma", "description": "Gamma works.", "status": "Offline",
              "lastUptimeCheck": "{{Iso(populated.Probed)}}", "uptimeCount": 0, "uptimeCheckCount": 1,
              "apiBaseUrl": "{{World.About("Gamma").ApiBaseUrl}}", "authorName": "Ada", "authorOrganization": "Engines",
              "authorContactEmail": "ada@example.org", "authorContactOther": null,
              "image": "ipfs://QmXXW7tmBgpQpXoJMAMEXXFe9dyQcrLFKGuzxnHDnbKC7f", "privacyPolicy": "https://example.org/privacy",
              "termsAndCondition": "https://example.org/terms", "otherLegal": "secret clause", "tags": ["work", "gamma"],
              "paymentType": "Web3CardanoV1", "RegistrySource": { "id": "{{source}}", "policyId": "{{RegistryScript.V2.Hash}}", "url": null },
              "Capability": { "name": "Gamma-skill", "version": "1.0.0" },
              "AgentPricing": { "pricingType": "Fixed", "FixedPricing": { "Amounts": [
                { "amount": "1000000", "unit": "{{PopulatedWorld.Token}}", "symbol": "tUSDM", "decimals": 6 }, { "amount": "9223372036854775807", "unit": "", "symbol": "ADA", "decimals": 6 } ] } },
              "ExampleOutput": [{ "name": "Sample", "mimeType": "text/plain", "url": "https://example.org/sample.txt" }],
              "metadataVersion": 1, "statusUpdatedAt": "{{Iso(populated.Seen)}}"
            }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), entry), $"{expected}\n{entry}");
    }

    [Fact]
    public async Task A_version_2_entry_has_its_payment_sources_in_order_and_the_first_cardano_price()
    {
        var entries = await World.EveryoneAsync();
        var alpha = Of(entries, populated.Alpha);
        Assert.Equal(2, (int)alpha["metadataVersion"]!);
        Assert.Equal("2000000", (string?)alpha["AgentPricing"]!["FixedPricing"]!["Amounts"]!.AsArray().Single()!["amount"]);
        var source = alpha["supportedPaymentSources"]!.AsArray().Single()!;
        Assert.Equal(("Cardano", "Preprod", "Web3CardanoV2"), ((string?)source["chain"], (string?)source["network"], (string?)source["paymentSourceType"]));
        Assert.Equal(
            ("None", "Free"),
            ((string?)Of(entries, populated.Beta)["paymentType"], (string?)Of(entries, populated.Beta)["AgentPricing"]!["pricingType"])
        );
    }

    [Fact]
    public async Task Metadata_nobody_can_read_is_listed_as_invalid_and_never_asked()
    {
        var entries = await World.EveryoneAsync();
        foreach (var agent in new[] { populated.Broken, populated.Mute })
        {
            var entry = Of(entries, agent);
            Assert.Equal(("Invalid", "", ""), ((string?)entry["status"], (string?)entry["name"], (string?)entry["apiBaseUrl"]));
            Assert.Equal(0, (int)entry["uptimeCheckCount"]!);
            Assert.Null(entry["AgentPricing"]);
        }
    }

    [Fact]
    public async Task An_update_retires_the_old_identifier_and_lists_the_new_one()
    {
        var entries = await World.EveryoneAsync();
        Assert.Equal("Deregistered", (string?)Of(entries, populated.Delta)["status"]);
        Assert.Equal("Delta works.", (string?)Of(entries, populated.Delta)["description"]);
        Assert.Equal("Online", (string?)Of(entries, populated.DeltaTwo)["status"]);
        Assert.Equal("Works better_100%.", (string?)Of(entries, populated.DeltaTwo)["description"]);
        Assert.Null(Of(entries, populated.DeltaTwo)["Capability"]);
    }

    [Theory]
    [InlineData("alpha", "Alpha")]
    [InlineData("  ALPHA   works. ", "Alpha")]
    [InlineData("works", "Alpha Beta Delta")]
    [InlineData("Ada Engines", "Alpha Beta Delta")]
    [InlineData("beta-skill 1.0.0 work beta", "Beta")]
    [InlineData("better_100%", "Delta")]
    [InlineData("better%100", "")]
    [InlineData("a%a", "")]
    [InlineData("ada@example.org", "")]
    [InlineData("works alpha", "")]
    [InlineData("gamma", "")]
    public async Task A_search_is_for_one_run_of_words_among_agents_that_answer(string words, string names)
    {
        var body = new JsonObject { ["network"] = "Preprod", ["query"] = words };
        Assert.Equal(
            names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            (await World.CallAsync("POST", "registry-entry-search", body)).Names.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_search_filters_pages_and_finds_identifiers_and_addresses()
    {
        Assert.Equal(["Gamma"], (await SearchAsync("""{"network":"Preprod","query":"gamma","filter":{"status":["Offline"]}}""")).Names);
        Assert.Empty((await SearchAsync("""{"network":"Preprod","query":"secret clause","filter":{"status":["Offline"]}}""")).Names);
        Assert.Equal(["Alpha"], (await SearchAsync($$"""{"network":"Preprod","query":"{{populated.Alpha.ToString()[50..]}}"}""")).Names);
        Assert.Equal(["Beta"], (await SearchAsync($$"""{"network":"Preprod","query":"{{World.About("Beta").ApiBaseUrl}}"}""")).Names);
        var first = await SearchAsync("""{"network":"Preprod","query":"works","limit":2}""");
        Assert.Equal(["Delta", "Beta"], first.Names);
        Assert.Equal(
            ["Beta", "Alpha"],
            (await SearchAsync($$"""{"network":"Preprod","query":"works","cursorId":"{{(string?)first.Entries[^1]!["id"]}}"}""")).Names
        );
    }

    [Fact]
    public async Task A_diff_lists_every_status_in_the_order_of_change_and_continues_where_it_ended()
    {
        var since = Iso(populated.Seen);
        var seen = new List<AgentIdentifier>();
        var at = "";
        for (var page = 0; page < 20; page++)
        {
            var answer = await DiffAsync($$"""{"network":"Preprod","limit":3,{{at}}"statusUpdatedAfter":"{{since}}"}""");
            var fresh = Identifiers(answer).Except(seen).ToList();
            if (fresh.Count == 0)
            {
                break;
            }

            seen.AddRange(fresh);
            var last = answer.Entries[^1]!;
            (since, at) = ((string)last["statusUpdatedAt"]!, $"\"cursorId\":\"{(string)last["id"]!}\",");
        }

        Assert.Equal(8, seen.Count);
        Assert.Equal(
            new[] { populated.Alpha, populated.Beta, populated.DeltaTwo }.Select(a => a.ToString()).Order(StringComparer.Ordinal),
            seen.TakeLast(3).Select(a => a.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_diff_begins_with_the_time_it_is_given()
    {
        Assert.Equal(8, (await DiffAsync($$"""{"network":"Preprod","statusUpdatedAfter":"{{Iso(populated.Seen)}}"}""")).Entries.Count);
        Assert.Equal(3, (await DiffAsync($$"""{"network":"Preprod","statusUpdatedAfter":"{{Iso(populated.Seen.AddMilliseconds(1))}}"}""")).Entries.Count);
        Assert.Equal(3, (await DiffAsync($$"""{"network":"Preprod","statusUpdatedAfter":"{{Iso(populated.Probed)}}"}""")).Entries.Count);
        Assert.Empty((await DiffAsync($$"""{"network":"Preprod","statusUpdatedAfter":"{{Iso(populated.Probed.AddMilliseconds(1))}}"}""")).Entries);
        Assert.Equal(8, (await DiffAsync("""{"network":"Preprod","statusUpdatedAfter":"2020-01-01","cursorId":"zzz"}""")).Entries.Count);
        Assert.Empty((await DiffAsync("""{"network":"Preprod","statusUpdatedAfter":"2020-01-01","policyId":"00"}""")).Entries);
        Assert.Empty((await DiffAsync("""{"network":"Mainnet","statusUpdatedAfter":"2020-01-01"}""")).Entries);
    }

    [Fact]
    public async Task Capabilities_are_those_of_agents_that_answer()
    {
        var all = (await World.CallAsync("GET", "capability")).Data["capabilities"]!.AsArray();
        Assert.Equal(["Alpha-skill", "Beta-skill"], all.Select(c => (string?)c!["name"]));
        Assert.All(all, c => Assert.Equal("1.0.0", (string?)c!["version"]));
        Assert.Single((await World.CallAsync("GET", "capability?limit=1")).Data["capabilities"]!.AsArray());
        var rest = (await World.CallAsync("GET", $"capability?cursorId={(string?)all[1]!["id"]}")).Data["capabilities"]!.AsArray();
        Assert.Equal("Beta-skill", (string?)Assert.Single(rest)!["name"]);
    }

    [Fact]
    public async Task Payment_information_names_who_holds_the_token()
    {
        var alpha = (await World.CallAsync("GET", $"payment-information?agentIdentifier={populated.Alpha}")).Data;
        Assert.Equal(
            (RegistryWorld.Seller.ToString(), RegistryWorld.SellerKey.ToString()),
            ((string?)alpha["sellerWallet"]!["address"], (string?)alpha["sellerWallet"]!["vkey"])
        );
        var gamma = (await World.CallAsync("GET", $"payment-information/?agentIdentifier={populated.Gamma}")).Data;
        Assert.Equal("Offline", (string?)gamma["status"]);
        Assert.Equal(PopulatedWorld.Colleague.Payment!.Value.Hash.ToString(), (string?)gamma["sellerWallet"]!["vkey"]);
        Assert.Equal(["policyId", "url"], gamma["RegistrySource"]!.AsObject().Select(p => p.Key));
        Assert.False(gamma.AsObject().ContainsKey("statusUpdatedAt"));
        Assert.Equal((string?)Of(await World.EveryoneAsync(), populated.Gamma)["id"], (string?)gamma["id"]);
    }

    [Fact]
    public async Task There_is_no_payment_information_for_who_cannot_be_paid()
    {
        foreach (
            var unknown in new[]
            {
                populated.Gone.ToString(),
                populated.Delta.ToString(),
                populated.Foreign.ToString(),
                populated.Inbox.ToString(),
                $"{RegistryScript.V2.Hash}{new string('0', 64)}",
                $"{populated.Alpha}00",
                populated.Alpha.ToString().ToUpperInvariant(),
                new string('x', 57),
            }
        )
        {
            var answer = await World.CallAsync("GET", $"payment-information?agentIdentifier={unknown}");
            Assert.Equal((404, "Payment information not found"), (answer.Status, answer.Message));
        }
    }

    [Theory]
    [InlineData("POST", "registry-entry", "{}", "network: Required")]
    [InlineData("POST", "registry-entry", """{"network":"preprod"}""", "network: Invalid enum value. Expected 'Preprod' | 'Mainnet', received 'preprod'")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","limit":0}""", "limit: Number must be greater than or equal to 1")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","limit":51}""", "limit: Number must be less than or equal to 50")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","cursorId":""}""", "cursorId: String must contain at least 1 character(s)")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","cursorId":7}""", "cursorId: Expected string, received number")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","filter":"x"}""", "filter: Expected object, received string")]
    [InlineData(
        "POST",
        "registry-entry",
        """{"network":"Preprod","filter":{"status":["online"]}}""",
        "filter/status/0: Invalid enum value. Expected 'Online' | 'Offline' | 'Deregistered' | 'Invalid', received 'online'"
    )]
    [InlineData(
        "POST",
        "registry-entry",
        """{"network":"Preprod","filter":{"status":["Online","Online","Online","Online","Online","Online"]}}""",
        "filter/status: Array must contain at most 5 element(s)"
    )]
    [InlineData(
        "POST",
        "registry-entry",
        """{"network":"Preprod","filter":{"paymentTypes":["Cash"]}}""",
        "filter/paymentTypes/0: Invalid enum value. Expected 'Web3CardanoV1' | 'None' | 'Web3CardanoV2', received 'Cash'"
    )]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","filter":{"tags":[""]}}""", "filter/tags/0: String must contain at least 1 character(s)")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","filter":{"capability":{}}}""", "filter/capability/name: Required")]
    [InlineData("POST", "registry-entry", """{"network":"Preprod","minHealthCheckDate":"soon"}""", "minHealthCheckDate: Invalid date")]
    [InlineData(
        "POST",
        "registry-entry",
        """{"limit":0,"cursorId":""}""",
        "network: Required; limit: Number must be greater than or equal to 1; cursorId: String must contain at least 1 character(s)"
    )]
    [InlineData("POST", "registry-entry", "[]", "Expected object, received array")]
    [InlineData("POST", "registry-entry-search", """{"network":"Preprod"}""", "query: Required")]
    [InlineData("POST", "registry-entry-search", """{"network":"Preprod","query":"  "}""", "query: String must contain at least 1 character(s)")]
    [InlineData("POST", "registry-diff", """{"network":"Preprod"}""", "statusUpdatedAfter: Required")]
    [InlineData("POST", "registry-diff", """{"network":"Preprod","statusUpdatedAfter":"03/01/2026"}""", "statusUpdatedAfter: Invalid date")]
    [InlineData("GET", "payment-information", null, "agentIdentifier: Required")]
    [InlineData("GET", "payment-information?agentIdentifier=abc", null, "agentIdentifier: String must contain at least 57 character(s)")]
    [InlineData("GET", "capability?limit=101", null, "limit: Number must be less than or equal to 100")]
    public async Task Input_that_is_wrong_is_400_and_says_where(string verb, string path, string? body, string message)
    {
        var answer = await World.CallAsync(verb, path, body);
        Assert.Equal((400, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Queries_have_limits()
    {
        Assert.Equal(400, (await SearchAsync($$"""{"network":"Preprod","query":"{{new string('x', 121)}}"}""")).Status);
        Assert.Equal(200, (await SearchAsync($$"""{"network":"Preprod","query":"  {{new string('x', 120)}}  "}""")).Status);
        Assert.Equal(400, (await EntriesAsync($$"""{"network":"Preprod","cursorId":"{{new string('x', 51)}}"}""")).Status);
        Assert.Equal(400, (await DiffAsync($$"""{"network":"Preprod","statusUpdatedAfter":"2026-01-01","cursorId":"{{new string('x', 76)}}"}""")).Status);
        Assert.Equal(400, (await World.CallAsync("GET", $"payment-information?agentIdentifier={new string('a', 251)}")).Status);
        Assert.Equal(413, (await EntriesAsync($$"""{"network":"Preprod","more":"{{new string('x', 100 * 1024)}}"}""")).Status);
        Assert.Equal(400, (await EntriesAsync("""{"network":"Preprod" """)).Status);
        Assert.Equal(200, (await EntriesAsync("""{"network":"Preprod","more":{"of":["everything",1,null]}}""")).Status);
    }

    [Theory]
    [InlineData("registry-entry", """{"network":"Mainnet"}""")]
    [InlineData("registry-entry-search", """{"network":"Mainnet","query":"x"}""")]
    public async Task A_network_without_a_source_is_not_found(string path, string body)
    {
        var answer = await World.CallAsync("POST", path, body);
        Assert.Equal((404, "Network not found"), (answer.Status, answer.Message));
    }

    private Task<Answer> EntriesAsync(string body) => World.CallAsync("POST", "registry-entry", body);

    private Task<Answer> SearchAsync(string body) => World.CallAsync("POST", "registry-entry-search", body);

    private Task<Answer> DiffAsync(string body) => World.CallAsync("POST", "registry-diff", body);

    private static AgentIdentifier[] Identifiers(Answer answer) => [.. answer.Entries.Select(e => AgentIdentifier.Parse((string)e!["agentIdentifier"]!))];

    private static JsonNode Of(Answer answer, AgentIdentifier agent) => answer.Entries.Single(e => (string)e!["agentIdentifier"]! == agent.ToString())!;

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
