using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Tests.Stores;

// Searches are the databases' work: both find the same rows.
public sealed class DealSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Deals_are_found_by_parts_of_hashes_by_parties_and_by_the_beginning_of_a_price(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await EnterAsync(world, 1, d => d with { InputHash = InputHash.Parse(new string('b', 64)), Funds = Value.Of(new Lovelace(1_512_345)) });
        await EnterAsync(world, 2, d => d with { Funds = Value.Of(new Lovelace(500_000)) });
        await EnterAsync(world, 3, d => d with { Funds = Value.Of(Lovelace.FromAda(2), AssetId.Parse(new string('c', 56) + "01"), 15_000_000_000) });

        await FoundAsync(world, new string('b', 64), 1);
        await FoundAsync(world, new string('B', 12), 1);
        await FoundAsync(world, new string('b', 7));
        await FoundAsync(world, new string('a', 64), 3, 2);
        var seller = StoreWorld.Purchase(1).Terms.SellerAddress;
        await FoundAsync(world, seller.ToString(), 3, 2, 1);
        await FoundAsync(world, seller.Payment!.Value.Hash.ToString(), 3, 2, 1);
        await FoundAsync(world, "1.5", 1);
        await FoundAsync(world, "1.512345", 1);
        await FoundAsync(world, "1.6");
        await FoundAsync(world, "0.5", 2);
        await FoundAsync(world, "0.", 2);
        await FoundAsync(world, "0.000000");
        await FoundAsync(world, "15000.", 3);
        await FoundAsync(world, "2.", 3);
        await FoundAsync(world, "99999999999999999999.");
        await FoundAsync(world, "deal-000", 3, 2, 1);
        await FoundAsync(world, "%");
        await FoundAsync(world, "_______");
        await FoundAsync(world, new string('0', 64));
    }

    private static async Task EnterAsync(StoreWorld world, int number, Func<DealTerms, DealTerms> terms)
    {
        var deal = StoreWorld.Purchase(number);
        await world.Store.Deals.InsertAsync(deal with { Terms = terms(deal.Terms) }, null, StoreWorld.Start, Stop);
    }

    private static async Task FoundAsync(StoreWorld world, string search, params int[] numbers)
    {
        var query = new DealQuery(DealSide.Purchase) { Sources = ["source"], Search = search };
        Assert.Equal(numbers.Select(n => StoreWorld.Purchase(n).Id), (await world.Store.Deals.ListAsync(query, Stop)).Select(d => d.Id));
        Assert.Equal(numbers.Length, await world.Store.Deals.CountAsync(query, Stop));
    }
}
