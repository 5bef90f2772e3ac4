using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>Rules about low balances, and funding wallets that top up by them, on the real chain (spec payment-service-api.md 6.4 and 6.12).</summary>
public sealed class TopUpTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string Rules = "wallet/low-balance";
    private const string Funds = "fund-wallet";

    [Fact]
    public async Task A_rule_tells_how_a_balance_stands_and_a_change_makes_it_look_again()
    {
        var wallet = await WalletAsync("Purchasing");
        var made = (await world.CallAsync("POST", Rules, Rule(wallet, "1000000"))).Data;
        Assert.Equal(("Healthy", "1000000", false), ((string?)made["status"], (string?)made["thresholdAmount"], (bool)made["topupEnabled"]!));
        Assert.NotNull(made["lastKnownAmount"]);
        Assert.Equal(("Purchasing", "Preprod", wallet), ((string?)made["walletType"], (string?)made["network"], (string?)made["walletId"]));
        var id = (string)made["id"]!;
        await world.RefusedAsync("POST", Rules, Rule(wallet, "5"), 409, "Low balance rule for this wallet and asset already exists");
        var spelled = Rule(wallet, "5");
        spelled["assetUnit"] = "LOVELACE";
        await world.RefusedAsync("POST", Rules, spelled, 409, "Low balance rule for this wallet and asset already exists");

        var changed = (await world.CallAsync("PATCH", Rules, new JsonObject { ["ruleId"] = id, ["thresholdAmount"] = "9000000000000000" })).Data;
        Assert.Equal("Unknown", (string?)changed["status"]);
        var low = await RowAsync(id, r => (string?)r["status"] == "Low");
        Assert.NotNull(low["lastAlertedAt"]);
        var told = (await world.Store.Events.ListAsync(0, 1000, TestContext.Current.CancellationToken)).Where(e =>
            e.Kind == "LowBalance" && e.EntityId == wallet
        );
        Assert.Single(told);
        var summary = (await world.CallAsync("GET", "wallet/list?walletType=Purchasing")).Data["Wallets"]![0]!["LowBalanceSummary"]!;
        Assert.Equal((true, 1), ((bool)summary["isLow"]!, (int)summary["lowRuleCount"]!));
        Assert.Single((await world.CallAsync("GET", $"{Rules}?onlyLow=true&walletId={wallet}")).Data["Rules"]!.AsArray());

        await world.CallAsync("PATCH", Rules, new JsonObject { ["ruleId"] = id, ["enabled"] = false });
        Assert.Empty((await world.CallAsync("GET", $"{Rules}?walletId={wallet}")).Data["Rules"]!.AsArray());
        Assert.Single((await world.CallAsync("GET", $"{Rules}?walletId={wallet}&includeDisabled=true")).Data["Rules"]!.AsArray());
        Assert.Single((await world.CallAsync("GET", $"wallet?walletType=Purchasing&id={wallet}")).Data["LowBalanceRules"]!.AsArray());
        var gone = (await world.CallAsync("DELETE", Rules, new JsonObject { ["ruleId"] = id })).Data;
        Assert.Equal(id, (string?)gone["ruleId"]);
        Assert.NotNull(gone["deletedAt"]);
        await world.RefusedAsync("DELETE", Rules, new JsonObject { ["ruleId"] = id }, 404, "Low balance rule not found");
    }

    [Fact]
    public async Task A_rule_that_cannot_be_is_refused()
    {
        var wallet = await WalletAsync("Selling");
        await world.RefusedAsync("POST", Rules, Rule("nobody", "1"), 404, "Wallet not found");
        await world.RefusedAsync("POST", Rules, Rule(wallet, "1", topUp: null), 400, "topupAmount is required when topupEnabled is true");
        await world.RefusedAsync("POST", Rules, Rule(wallet, "1", "4999999"), 400, "ADA topupAmount must be at least 5000000 lovelace");
        await world.RefusedAsync("PATCH", Rules, new JsonObject { ["ruleId"] = "nobody", ["enabled"] = true }, 404, "Low balance rule not found");
        foreach (var unit in new[] { "", "ada", new string('a', 55), new string('a', 57), new string('a', 122) })
        {
            var body = Rule(wallet, "1");
            body["assetUnit"] = unit;
            Assert.Equal(400, (await world.CallAsync("POST", Rules, body)).Status);
        }

        foreach (var amount in new[] { "-1", "1.5", "", "99999999999999999999" })
        {
            Assert.Equal(400, (await world.CallAsync("POST", Rules, Rule(wallet, amount))).Status);
        }

        var token = Rule(wallet, "1");
        token["assetUnit"] = world.Agent;
        token["topupAmount"] = "7";
        var made = (await world.CallAsync("POST", Rules, token)).Data;
        Assert.Equal(("Healthy", null), ((string?)made["status"], made["topupAmount"]));
        var id = (string)made["id"]!;
        await world.RefusedAsync("PATCH", Rules, new JsonObject { ["ruleId"] = id }, 400, "No low balance rule changes requested");
        await world.RefusedAsync(
            "PATCH",
            Rules,
            new JsonObject { ["ruleId"] = id, ["topupEnabled"] = true },
            400,
            "topupAmount is required when topupEnabled is true"
        );
        await world.CallAsync("DELETE", Rules, new JsonObject { ["ruleId"] = id });
    }

    [Fact]
    public async Task A_funding_wallet_tops_up_once_what_is_low_and_cannot_go_while_it_has_money()
    {
        var wallet = await WalletAsync("Selling");
        var source = (string)(await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]![0]!["id"]!;
        var generated = (await world.CallAsync("POST", "wallet", new JsonObject { ["network"] = "Preprod" })).Data;
        var words = (string)generated["walletMnemonic"]!;
        var fund = new JsonObject
        {
            ["paymentSourceId"] = source,
            ["walletMnemonic"] = $"  {words.Replace(" ", "  ", StringComparison.Ordinal)} ",
            ["batchWindowMs"] = 1000,
            ["note"] = "treasury",
        };
        var made = (await world.CallAsync("POST", Funds, fund)).Data;
        var (id, address) = ((string)made["id"]!, (string)made["walletAddress"]!);
        Assert.Equal((string?)generated["walletAddress"], address);
        Assert.Equal(1000, (int)made["FundDistributionConfig"]!["batchWindowMs"]!);
        await world.RefusedAsync("POST", Funds, fund.DeepClone(), 409, "This wallet is already registered.");
        await world.RefusedAsync("POST", Rules, Rule(id, "1", "5000000"), 400, "Funding wallets cannot be configured as auto top-up targets");
        Assert.IsType<DevnetFunding.Paid>(world.Devnet.Fund(Address.Parse(address), Value.Of(Lovelace.FromAda(100))));
        await world.SettleAsync();
        await world.RefusedAsync("DELETE", Funds, new JsonObject { ["id"] = id }, 409, "Fund wallet still holds funds");

        var before = await LovelaceAsync(world.SellerAddressOf(EscrowFamily.V2));
        var rule = (await world.CallAsync("POST", Rules, Rule(wallet, "510000000", "50000000"))).Data;
        Assert.Equal(("Low", null), ((string?)rule["status"], rule["lastAlertedAt"]));
        await world.CallAsync("POST", "fund-distribution/trigger", new JsonObject());
        var done = await PaymentWorld.UntilAsync(
            async () =>
            {
                world.Devnet.Advance(TimeSpan.FromSeconds(2));
                return (await world.CallAsync("GET", $"fund-distribution?paymentSourceId={source}")).Data["FundDistributions"]!.AsArray().FirstOrDefault()
                    ?? new JsonObject();
            },
            d => (string?)d["status"] == "Confirmed",
            "top-up"
        );
        Assert.Equal(
            (id, wallet, "lovelace", "50000000"),
            ((string?)done["fundWalletId"], (string?)done["targetWalletId"], (string?)done["assetUnit"], (string?)done["amount"])
        );
        Assert.NotNull((string?)done["txHash"]);
        await RowAsync((string)rule["id"]!, r => (string?)r["status"] == "Healthy");
        Assert.Equal(before + 50_000_000, await LovelaceAsync(world.SellerAddressOf(EscrowFamily.V2)));
        Assert.Single((await world.CallAsync("GET", $"fund-distribution?fundWalletId={id}&status=Confirmed")).Data["FundDistributions"]!.AsArray());
        Assert.Empty((await world.CallAsync("GET", "fund-distribution?status=Failed")).Data["FundDistributions"]!.AsArray());

        var updated = (await world.CallAsync("PATCH", Funds, new JsonObject { ["id"] = id, ["enabled"] = false })).Data;
        Assert.Equal((false, 1000), ((bool)updated["FundDistributionConfig"]!["enabled"]!, (int)updated["FundDistributionConfig"]!["batchWindowMs"]!));
        var listed = Assert.Single((await world.CallAsync("GET", $"{Funds}?paymentSourceId={source}")).Data["FundWallets"]!.AsArray())!;
        Assert.Equal((id, "treasury", 0), ((string?)listed["id"], (string?)listed["note"], (int)listed["pendingRequestCount"]!));
        var mnemonic = (await world.CallAsync("GET", $"wallet?walletType=Funding&id={id}&includeSecret=true")).Data["Secret"]!["mnemonic"]!;
        Assert.Equal(words, (string?)mnemonic);
        var remove = new JsonObject { ["id"] = source, ["RemoveSellingWallets"] = new JsonArray(new JsonObject { ["id"] = id }) };
        await world.RefusedAsync(
            "PATCH",
            "payment-source-extended",
            remove,
            400,
            "Fund wallets cannot be removed via the payment source. Use the fund wallet DELETE endpoint."
        );
        Assert.Equal(id, (string?)(await world.CallAsync("DELETE", Funds, new JsonObject { ["id"] = id, ["force"] = true })).Data["id"]);
        await world.RefusedAsync("DELETE", Funds, new JsonObject { ["id"] = id }, 404, "Fund wallet not found");
        await world.CallAsync("DELETE", Rules, new JsonObject { ["ruleId"] = (string)rule["id"]! });
    }

    [Fact]
    public async Task A_funding_wallet_that_cannot_be_is_refused()
    {
        var source = (string)(await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]![0]!["id"]!;
        await world.RefusedAsync("GET", Funds, null, 400, "Either id or paymentSourceId must be provided");
        var body = new JsonObject { ["paymentSourceId"] = "nobody", ["walletMnemonic"] = "abandon" };
        await world.RefusedAsync("POST", Funds, body.DeepClone(), 404, "Payment source not found");
        body["paymentSourceId"] = source;
        await world.RefusedAsync("POST", Funds, body, 400, "Invalid mnemonic phrase");
        await world.RefusedAsync("PATCH", Funds, new JsonObject { ["id"] = "nobody" }, 400, "No fund wallet changes requested");
        await world.RefusedAsync("PATCH", Funds, new JsonObject { ["id"] = "nobody", ["enabled"] = true }, 404, "Fund wallet not found");
    }

    private static JsonObject Rule(string wallet, string threshold, string? topUp = "none")
    {
        var body = new JsonObject
        {
            ["walletId"] = wallet,
            ["assetUnit"] = "lovelace",
            ["thresholdAmount"] = threshold,
        };
        if (topUp != "none")
        {
            body["topupEnabled"] = true;
        }

        if (topUp is not (null or "none"))
        {
            body["topupAmount"] = topUp;
        }

        return body;
    }

    private async Task<string> WalletAsync(string type) => (string)(await world.CallAsync("GET", $"wallet/list?walletType={type}")).Data["Wallets"]![0]!["id"]!;

    private Task<JsonNode> RowAsync(string id, Func<JsonNode, bool> done) =>
        PaymentWorld.UntilAsync(
            async () =>
            {
                world.Devnet.Advance(TimeSpan.FromSeconds(61));
                return (await world.CallAsync("GET", $"{Rules}?includeDisabled=true")).Data["Rules"]!.AsArray().Single(r => (string)r!["id"]! == id)!;
            },
            done,
            "rule"
        );

    private async Task<long> LovelaceAsync(string address) =>
        (await world.CallAsync("GET", $"balance?network=Preprod&address={address}")).Data["Balance"]!
            .AsArray()
            .Where(b => (string)b!["unit"]! == "lovelace")
            .Sum(b => (long)b!["quantity"]!);
}
