using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What rows tell of an escrow's life, on both sides (findings A1, A4, R2, R3).</summary>
public sealed class DealRowTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private static readonly string Hash = new('b', 64);
    private static readonly string[] Sides = ["purchase", "payment"];

    [Fact]
    public async Task Both_parties_see_every_transaction_of_a_dispute_with_the_states_it_moved_the_escrow_between()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "payment/submit-result", identifier, Hash);
        await world.BothAsync(identifier, "ResultSubmitted");
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "Disputed");
        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        await world.ActAsync("POST", "payment/authorize-refund", identifier);
        await world.BothAsync(identifier, "RefundWithdrawn");
        (string? Before, string? After, string Act, string By)[] life =
        [
            (null, "FundsLocked", "Lock", "Buyer"),
            ("FundsLocked", "ResultSubmitted", "SubmitResult", "Seller"),
            ("ResultSubmitted", "Disputed", "RequestRefund", "Buyer"),
            ("Disputed", "RefundAuthorized", "AuthorizeRefund", "Seller"),
            ("RefundAuthorized", "RefundWithdrawn", "WithdrawRefund", "Buyer"),
        ];
        foreach (var side in Sides)
        {
            var row = await RowAsync(side, identifier);
            JsonNode[] all = [row["CurrentTransaction"]!, .. row["TransactionHistory"]!.AsArray().Select(t => t!)];
            Assert.Equal(
                life.Reverse(),
                all.Select(t => ((string?)t["previousOnChainState"], (string?)t["newOnChainState"], (string)t["action"]!, (string)t["by"]!))
            );
            Assert.Equal(5, all.Select(t => (string)t["txHash"]!).Distinct().Count());
            Assert.All(
                all,
                t =>
                {
                    Assert.Equal("Confirmed", (string?)t["status"]);
                    Assert.True(long.Parse((string)t["fees"]!, CultureInfo.InvariantCulture) > 150_000);
                    Assert.True((long)t["blockHeight"]! > 0);
                    Assert.True((long)t["blockTime"]! > 0);
                    Assert.True((long)t["confirmations"]! >= 0);
                }
            );
            Assert.Empty(row["WithdrawnForSeller"]!.AsArray());
            var locked = PriceOf(row) + Lovelace((string?)row["collateralReturnLovelace"]);
            Assert.Equal(locked, Lovelace((string?)row["WithdrawnForBuyer"]![0]!["amount"]));
        }
    }

    [Fact]
    public async Task A_collected_price_is_told_as_the_sellers_and_what_comes_back_as_the_buyers()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "payment/submit-result", identifier, Hash);
        await world.BothAsync(identifier, "ResultSubmitted");
        world.Devnet.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "Withdrawn");
        foreach (var side in Sides)
        {
            var row = await RowAsync(side, identifier);
            Assert.Equal(PriceOf(row), Lovelace((string?)row["WithdrawnForSeller"]![0]!["amount"]));
            var back = Lovelace((string?)row["collateralReturnLovelace"]);
            Assert.Equal(back, row["WithdrawnForBuyer"]!.AsArray().Sum(a => Lovelace((string?)a!["amount"])));
        }
    }

    [Fact]
    public async Task Histories_do_not_begin_with_what_the_row_shows_already()
    {
        var identifier = await world.LockAsync();
        var purchase = await RowAsync("purchase", identifier);
        Assert.Equal("WaitingForExternalAction", (string?)purchase["NextAction"]!["requestedAction"]);
        Assert.Equal(["FundsLockingInitiated", "FundsLockingRequested"], purchase["ActionHistory"]!.AsArray().Select(a => (string)a!["requestedAction"]!));
        Assert.Empty(purchase["TransactionHistory"]!.AsArray());
        var ids = purchase["ActionHistory"]!.AsArray().Select(a => (string)a!["id"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_row_is_found_by_its_id_its_identifier_its_agent_its_hashes_its_price_and_its_wallet()
    {
        var identifier = await world.LockAsync();
        var row = await RowAsync("purchase", identifier);
        var id = (string)row["id"]!;
        Assert.Equal(identifier, (string?)(await world.CallAsync("GET", $"purchase/{id}")).Data["blockchainIdentifier"]);
        await world.RefusedAsync("GET", $"payment/{id}", null, 404, "Payment not found");
        await world.RefusedAsync("GET", "purchase/nothing", null, 404, "Purchase not found");
        var list = $"purchase?network={PaymentWorld.Network}&filterPaymentSourceType=Web3CardanoV2&limit=100";
        Assert.Equal(id, Assert.Single(await IdsAsync($"{list}&filterBlockchainIdentifier={identifier}")));
        Assert.Contains(id, await IdsAsync($"{list}&filterAgentIdentifier={world.Agent}"));
        Assert.Empty(await IdsAsync($"{list}&filterAgentIdentifier={new string('0', 64)}"));
        var price = (PriceOf(row) / 1_000_000m).ToString(CultureInfo.InvariantCulture);
        foreach (
            var search in new[]
            {
                (string)row["inputHash"]!,
                ((string)row["CurrentTransaction"]!["txHash"]!)[..20],
                ((string)row["SmartContractWallet"]!["walletAddress"]!)[20..40],
                price,
            }
        )
        {
            Assert.Contains(id, await IdsAsync($"{list}&searchQuery={search}"));
        }

        Assert.DoesNotContain(id, await IdsAsync($"{list}&searchQuery=9{price}."));
        Assert.DoesNotContain(id, await IdsAsync($"{list}&searchQuery={new string('c', 64)}"));
    }

    [Fact]
    public async Task An_explanation_says_what_happened_what_comes_next_and_what_can_be_called_until_when()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "payment/submit-result", identifier, Hash);
        await world.BothAsync(identifier, "ResultSubmitted");
        var purchase = await RowAsync("purchase", identifier);
        var told = (await world.CallAsync("GET", $"purchase/{(string)purchase["id"]!}/explain")).Data;
        Assert.Equal("ResultSubmitted", (string?)told["onChainState"]);
        Assert.Equal(["Lock", "SubmitResult"], told["Happened"]!.AsArray().Select(h => (string)h!["action"]!));
        Assert.Equal(("Withdraw", "Seller"), ((string?)told["Next"]!["action"], (string?)told["Next"]!["by"]));
        Assert.Equal("dispute_too_late", (string?)told["Risks"]![0]!["code"]);
        var call = Assert.Single(told["Calls"]!.AsArray())!;
        Assert.Equal(("requestRefund", "POST", "/purchase/request-refund"), ((string?)call["name"], (string?)call["verb"], (string?)call["path"]));
        var unlock = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string)purchase["unlockTime"]!, CultureInfo.InvariantCulture));
        Assert.Equal(
            unlock.AddSeconds(-18).ToUnixTimeSeconds(),
            DateTimeOffset.Parse((string)call["until"]!, CultureInfo.InvariantCulture).ToUnixTimeSeconds()
        );

        var payment = await RowAsync("payment", identifier);
        told = (await world.CallAsync("GET", $"payment/{(string)payment["id"]!}/explain")).Data;
        Assert.Empty(told["Calls"]!.AsArray());
        Assert.Equal("Withdraw", (string?)told["Next"]!["action"]);
        await world.RefusedAsync("GET", "payment/nothing/explain", null, 404, "Payment not found");
    }

    private async Task<JsonNode> RowAsync(string side, string identifier) =>
        (
            await world.CallAsync(
                "POST",
                $"{side}/resolve-blockchain-identifier",
                new JsonObject
                {
                    ["network"] = PaymentWorld.Network,
                    ["blockchainIdentifier"] = identifier,
                    ["includeHistory"] = "true",
                }
            )
        ).Data;

    private async Task<string[]> IdsAsync(string path) => [.. (await world.CallAsync("GET", path)).Data["Purchases"]!.AsArray().Select(r => (string)r!["id"]!)];

    private static long PriceOf(JsonNode row) => Lovelace((string?)(row["PaidFunds"] ?? row["RequestedFunds"])![0]!["amount"]);

    private static long Lovelace(string? amount) => long.Parse(amount ?? "0", CultureInfo.InvariantCulture);
}
