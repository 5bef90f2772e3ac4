using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests.Stores;

// Lists, counts and searches are the databases' work: both find the same rows.
public sealed class RegistrationQueryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Registrations_are_found_by_what_their_entries_say(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await EnterAsync(world, "a", Entry("Storyteller", "100% true_ish", "Seer", new AgentPricing.Fixed([new WrittenAmount("", 1_500_000)])));
        await EnterAsync(world, "b", Entry("Weather", "Tells rain", "rain", new AgentPricing.Free()));
        await EnterAsync(world, "c", Entry("Chess", "Plays", "game", new AgentPricing.Dynamic()));
        await EnterAsync(
            world,
            "d",
            Convert.ToHexStringLower(AgentMetadataWriter.Write(new InboxMetadata("MasumiInboxV2", "Help", null, "help-desk")).ToCbor()),
            RegistrationKind.Inbox
        );
        await FoundAsync(world, Agents(), "c", "b", "a");
        await FoundAsync(world, Agents() with { Kind = RegistrationKind.Inbox }, "d");
        await FoundAsync(world, Agents() with { Kind = RegistrationKind.Inbox, Search = "HELP-d" }, "d");
        await FoundAsync(world, Agents() with { Sources = [] });
        await FoundAsync(world, Agents() with { Wallets = ["wallet"] }, "c", "b", "a");
        await FoundAsync(world, Agents() with { Wallets = [] });
        await FoundAsync(world, Agents() with { States = [RegistrationState.RegistrationRequested] }, "c", "b", "a");
        await FoundAsync(world, Agents() with { States = [RegistrationState.UpdateFailed] });
        await FoundAsync(world, Agents() with { Search = "TELL" }, "b", "a");
        await FoundAsync(world, Agents() with { Search = "%" }, "a");
        await FoundAsync(world, Agents() with { Search = "e_i" }, "a");
        await FoundAsync(world, Agents() with { Search = "\\" });
        await FoundAsync(world, Agents() with { Search = "SEER" }, "a");
        await FoundAsync(world, Agents() with { Search = "see" });
        await FoundAsync(world, Agents() with { Search = "fr" }, "b");
        await FoundAsync(world, Agents() with { Search = "dynamic" }, "c");
        await FoundAsync(world, Agents() with { Search = "registration req" }, "c", "b", "a");
        foreach (
            var (text, finds) in new[]
            {
                ("1.", true),
                ("1.5", true),
                ("1.50000000", true),
                ("01.5", true),
                ("1.51", false),
                ("1.50000001", false),
                ("2.", false),
            }
        )
        {
            await FoundAsync(world, Agents() with { Search = text }, finds ? ["a"] : []);
        }

        await FoundAsync(world, Agents() with { Search = new string('9', 40) + ".1" });
        await FoundAsync(world, Agents() with { Paid = new PaidWhere("addr_one", [], []) }, "c", "b", "a");
        await FoundAsync(world, Agents() with { Paid = new PaidWhere("addr_two", [], []) });
        await FoundAsync(world, Agents() with { Paid = new PaidWhere("addr_two", ["source"], []) }, "c", "b", "a");
        await FoundAsync(world, Agents() with { Paid = new PaidWhere(null, [], ["Mainnet", "Preprod"]) }, "c", "b", "a");
        await FoundAsync(world, Agents() with { Paid = new PaidWhere(null, [], ["Mainnet"]) });

        // Pages begin where the one before ended; changes come in their order.
        await PageAsync(world, Agents() with { Limit = 2 }, "c", "b");
        await PageAsync(world, Agents() with { Limit = 2, Cursor = "b" }, "b", "a");
        await PageAsync(world, Agents() with { Cursor = "nobody" });
        await PageAsync(world, Agents() with { ChangedSince = StoreWorld.Start.AddSeconds(1) }, "b", "c");
        await PageAsync(world, Agents() with { ChangedSince = StoreWorld.Start.AddSeconds(1), Cursor = "c" }, "c");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_registration_is_found_by_changes_with_its_entry_and_goes_with_it(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await EnterAsync(world, "a", Entry("Storyteller", "Tells", "seer", new AgentPricing.Fixed([new WrittenAmount("", 1_500_000)])));
        var changed = Entry("Historian", "Knows", "past", new AgentPricing.Fixed([new WrittenAmount("", 7_000_000)]));
        await world.Store.Registrations.ChangeAsync("a", r => r.Saying(changed) with { State = RegistrationState.RegistrationFailed }, StoreWorld.Start, Stop);
        foreach (var (text, finds) in new[] { ("story", false), ("histor", true), ("seer", false), ("past", true), ("1.5", false), ("7.", true) })
        {
            await FoundAsync(world, Agents() with { Search = text }, finds ? ["a"] : []);
        }

        Assert.False(await world.Store.Registrations.DeleteAsync("a", RegistrationState.DeregistrationConfirmed, StoreWorld.Start, Stop));
        Assert.True(await world.Store.Registrations.DeleteAsync("a", RegistrationState.RegistrationFailed, StoreWorld.Start, Stop));
        Assert.False(await world.Store.Registrations.DeleteAsync("a", RegistrationState.RegistrationFailed, StoreWorld.Start, Stop));
        await FoundAsync(world, Agents());
        Assert.Empty(await world.Store.Chain.ListUnexplainedAsync(["source"], 10, Stop));
    }

    private static RegistrationQuery Agents() => new(RegistrationKind.Agent) { Sources = ["source"], Limit = 100 };

    private static async Task FoundAsync(StoreWorld world, RegistrationQuery query, params string[] ids)
    {
        await PageAsync(world, query, ids);
        Assert.Equal(ids.Length, await world.Store.Registrations.CountAsync(query, Stop));
    }

    private static async Task PageAsync(StoreWorld world, RegistrationQuery query, params string[] ids) =>
        Assert.Equal(ids, (await world.Store.Registrations.ReportAsync(query, Stop)).Select(r => r.Registration.Id));

    private static Task<Registration> EnterAsync(StoreWorld world, string id, string entry, RegistrationKind kind = RegistrationKind.Agent) =>
        world.Store.Registrations.InsertAsync(
            new Registration
            {
                Id = id,
                Kind = kind,
                SourceId = "source",
                WalletId = "wallet",
                State = RegistrationState.RegistrationRequested,
                Name = id,
                Entry = entry,
            },
            StoreWorld.Start.AddSeconds(id[0] - 'a'),
            Stop
        );

    private static string Entry(string name, string description, string tag, AgentPricing pricing) =>
        Convert.ToHexStringLower(
            AgentMetadataWriter
                .Write(
                    new AgentMetadata
                    {
                        MetadataVersion = 2,
                        Name = name,
                        Description = description,
                        ApiBaseUrl = "https://example.org",
                        Author = new AgentAuthor("Ada"),
                        Tags = [tag],
                        PaymentSources = [new PaymentSourceEntry.Cardano(Network.Preprod, PaymentSourceType.Web3CardanoV2, "addr_one", pricing)],
                    }
                )
                .ToCbor()
        );
}
