using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.Escrow.Common;
using Masumi.Tests;

namespace Masumi.Acceptance.Killing;

/// <summary>Whether each job ended once and right: on chain, in both wallets, and in the words of both nodes. What is not right is a line each.</summary>
internal sealed class Verdict(Trade trade, JobClients clients, IReadOnlyList<Job> jobs)
{
    private static readonly Lovelace Price = Lovelace.FromAda(25);
    private readonly List<string> _wrong = [];

    /// <summary>What is wrong.</summary>
    /// <param name="book">The chain.</param>
    /// <param name="buyer">What the buyer had before the first job.</param>
    /// <param name="seller">What the seller had then.</param>
    public async Task<IReadOnlyList<string>> ReachAsync(ChainBook book, Lovelace buyer, Lovelace seller)
    {
        OnChain(book);
        Money(book, buyer, seller);
        foreach (var job in jobs)
        {
            await ShownAsync(job, "purchase");
            await ShownAsync(job, "payment");
        }

        await NothingWaitsAsync("buyer", trade.Buyer, "purchase");
        await NothingWaitsAsync("seller", trade.Seller, "payment");
        return _wrong;
    }

    private void OnChain(ChainBook book)
    {
        foreach (var job in jobs)
        {
            var entry = book.Entries.GetValueOrDefault(job.Identifier!) ?? new Entry();
            var (action, party) = job.IsSellers ? (EscrowAction.Withdraw, "seller") : (EscrowAction.WithdrawRefund, "buyer");
            Check(
                entry is { Locks.Count: 1 }
                    && entry.Actions is [.., var last]
                    && last == action
                    && entry.Actions.Count(a => a == action) == 1
                    && entry.EndedBy == party,
                $"{job} on chain: {entry}"
            );
        }

        var bought = jobs.Select(j => j.Identifier).ToHashSet();
        _wrong.AddRange(book.Entries.Where(e => !bought.Contains(e.Key)).Select(e => $"nobody bought {e.Key[..24]}…: {e.Value}"));
        _wrong.AddRange(book.Strange);
        var left = trade.Devnet.Chain.Now.UtxosAt(Trade.Escrow).ToList();
        Check(left.Count == 0, $"left in escrow: {string.Join(", ", left.Select(u => $"{u.Input} {u.Output.Value}"))}");
    }

    // Prices are all that changes hands, fees apart.
    private void Money(ChainBook book, Lovelace buyer, Lovelace seller)
    {
        var earned = new Lovelace(Price.Amount * jobs.Count(j => j.IsSellers));
        var (buyerHas, sellerHas) = (ChainBook.Balance(trade, Trade.BuyersWallet), ChainBook.Balance(trade, Trade.SellersWallet));
        Check(buyerHas == buyer - earned - book.BuyersFees, $"the buyer had {buyer}, pays {earned} and fees {book.BuyersFees}, and has {buyerHas}");
        Check(sellerHas == seller + earned - book.SellersFees, $"the seller had {seller}, earns {earned}, pays fees {book.SellersFees}, and has {sellerHas}");
    }

    private async Task ShownAsync(Job job, string side)
    {
        var row = await clients.RowAsync(side, job.Identifier!);
        Check(
            row is not null
                && JobClients.State(row) == job.End
                && (string?)row["NextAction"]!["requestedAction"] == "None"
                && row["NextAction"]!["errorType"] is null
                && row["NextAction"]!["errorNote"] is null,
            $"{job} as {side}: {(row is null ? "not there" : $"{row["onChainState"]} {row["NextAction"]!.ToJsonString()}")}"
        );
    }

    // Offers that nobody bought are there too, and are nobody's business.
    private async Task NothingWaitsAsync(string name, TradingNode node, string side)
    {
        Check(node.IsRunning, $"the {name}'s node ended by itself");
        var manual = $"{side}/count?network=Preprod&filterPaymentSourceType=Web3CardanoV2&filterNeedsManualAction=true";
        var waiting = (int)(await node.CallAsync(HttpMethod.Get, manual)).Data["total"]!;
        Check(waiting == 0, $"{waiting} deals of the {name} wait for a person");
        var (code, output, error) = await ProcessRun.RunAsync(
            "masumi.dll",
            "",
            "deals",
            "list",
            "--stuck",
            "--limit",
            "100",
            "--json",
            "--database",
            node.Database
        );
        var stuck = code == 0 ? JsonNode.Parse(output)!["deals"]!.AsArray() : [error];
        _wrong.AddRange(stuck.Select(d => $"stuck at the {name}: {d!.ToJsonString()}"));
        if (side == "purchase")
        {
            var total = (int)(await node.CallAsync(HttpMethod.Get, "purchase/count?network=Preprod&filterPaymentSourceType=Web3CardanoV2")).Data["total"]!;
            Check(total == jobs.Count, $"the buyer has {total} purchases and bought {jobs.Count}");
        }
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            _wrong.Add(otherwise);
        }
    }
}
