using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>How deals are found (spec payment-service-api.md 6.1; since-0.28.md 2.3; findings.md A6), and who sees them (2.4).</summary>
public sealed class DealSearchTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string All = $"?network={PaymentWorld.Network}&limit=100";

    [Fact]
    public async Task Deals_are_found_by_identifier_agent_hashes_wallets_amount_and_state()
    {
        var identifier = await world.LockAsync();
        var locked = (await world.ActAsync("POST", "payment/resolve-blockchain-identifier", identifier)).Data;
        var id = (string)locked["id"]!;
        var dynamic = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Dynamic" });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = dynamic;
        asked["inputHash"] = new string('d', 64);
        asked["RequestedFunds"] = new JsonArray(new JsonObject { ["unit"] = "", ["amount"] = "1512345" });
        var other = (string)(await world.CallAsync("POST", "payment", asked)).Data["id"]!;

        Assert.Equal([id], await IdsAsync($"&filterBlockchainIdentifier={identifier}"));
        Assert.Equal([other], await IdsAsync($"&filterAgentIdentifier={dynamic}"));
        Assert.Empty(await IdsAsync($"&filterAgentIdentifier={new string('0', 60)}"));
        Assert.Equal([other], await IdsAsync($"&searchQuery={new string('d', 64)}"));
        Assert.Equal([other], await IdsAsync($"&searchQuery={new string('D', 20)}"));
        Assert.Equal([other], await IdsAsync("&searchQuery=1.5"));
        Assert.Equal([other], await IdsAsync("&searchQuery=1.512"));
        Assert.Equal([other], await IdsAsync("&searchQuery=1."));
        Assert.DoesNotContain(other, await IdsAsync("&searchQuery=1.6"));
        Assert.Contains(id, await IdsAsync("&searchQuery=5."));
        Assert.Empty(await IdsAsync("&searchQuery=1.5000001"));
        Assert.Equal([id], await IdsAsync($"&searchQuery={(string)locked["CurrentTransaction"]!["txHash"]!}"));
        foreach (var buyer in new[] { world.BuyerAddressOf(EscrowFamily.V2), (string)locked["BuyerWallet"]!["walletVkey"]! })
        {
            Assert.Contains(id, await IdsAsync($"&searchQuery={buyer}"));
            Assert.DoesNotContain(other, await IdsAsync($"&searchQuery={buyer}"));
        }

        Assert.Contains(other, await IdsAsync($"&searchQuery={world.SellerAddressOf(EscrowFamily.V2)[..30]}"));
        Assert.Contains(id, await IdsAsync("&searchQuery=funds%20lock"));
        Assert.DoesNotContain(other, await IdsAsync("&searchQuery=funds%20lock"));
        Assert.Empty(await IdsAsync("&searchQuery=%25"));
    }

    [Fact]
    public async Task A_deal_is_shown_by_its_id_to_those_who_may_see_it_and_only_on_its_own_side()
    {
        var made = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data;
        var id = (string)made["id"]!;
        var row = (await world.CallAsync("GET", $"payment/{id}?includeHistory=true")).Data;
        Assert.Equal((string?)made["blockchainIdentifier"], (string?)row["blockchainIdentifier"]);
        Assert.NotNull(row["ActionHistory"]);
        await world.RefusedAsync("GET", $"purchase/{id}", null, 404, "Purchase not found");
        await world.RefusedAsync("GET", "payment/nobody", null, 404, "Payment not found");
        var (_, elsewhere) = await world.KeyAsync(new JsonObject { ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync("GET", $"payment/{id}", null, 401, "Unauthorized, network not allowed", elsewhere);
    }

    [Fact]
    public async Task A_key_with_a_scope_sees_and_decides_over_its_wallets_and_its_own_deals_alone()
    {
        var wallets = (await world.CallAsync("GET", "wallet/list?take=100")).Data["Wallets"]!.AsArray();
        var buys = (string)wallets.Single(w => (string?)w!["type"] == "Purchasing")!["id"]!;
        var (_, buyer) = await world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["walletScopeEnabled"] = "true",
                ["WalletScopeHotWalletIds"] = new JsonArray(buys),
            }
        );
        var offer = await world.OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        var payment = (await world.ActAsync("POST", "payment/resolve-blockchain-identifier", identifier)).Data;
        Assert.Equal(404, (await world.CallAsync("GET", $"payment/{(string)payment["id"]!}", key: buyer)).Status);
        Assert.Equal(0, (long)(await world.CallAsync("GET", $"payment/count{All}", key: buyer)).Data["total"]!);
        await world.RefusedAsync("POST", "payment", world.PaymentBody(), 404, "Not found", buyer);

        // Its own purchase is seen before a wallet is chosen.
        var purchase = (await world.CallAsync("POST", "purchase", offer, buyer)).Data;
        Assert.Equal(200, (await world.CallAsync("GET", $"purchase/{(string)purchase["id"]!}", key: buyer)).Status);
        await world.BothAsync(identifier, "FundsLocked");
        Assert.Equal(buys, (string?)(await world.CallAsync("GET", $"purchase/{(string)purchase["id"]!}", key: buyer)).Data["SmartContractWallet"]!["id"]);
        var submit = new JsonObject
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = identifier,
            ["submitResultHash"] = new string('e', 64),
        };
        await world.RefusedAsync("POST", "payment/submit-result", submit, 404, "Not found", buyer);

        var (_, nobody) = await world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["walletScopeEnabled"] = "true",
                ["WalletScopeHotWalletIds"] = new JsonArray(),
            }
        );
        await world.RefusedAsync("POST", "purchase", await world.OfferAsync(), 400, "The wallet scope of this API key is empty: no wallet may pay", nobody);

        // Nobody is let pay twice, and nobody is shown what is not his.
        var again = await world.CallAsync("POST", "purchase", offer.DeepClone(), nobody);
        Assert.Equal((409, "Purchase exists"), (again.Status, again.Message));
        Assert.Null(again.Body!["object"]);
    }

    [Fact]
    public async Task Money_goes_where_an_admin_says_or_to_the_nodes_own_wallets()
    {
        var (_, pays) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        var elsewhere = PaymentWorld.FeeWallet.ToString();
        var asked = world.PaymentBody();
        asked["sellerReturnAddress"] = elsewhere;
        await world.RefusedAsync("POST", "payment", asked, 400, "sellerReturnAddress: this key may not choose where money goes", pays);
        Assert.Equal(200, (await world.CallAsync("POST", "payment", asked.DeepClone())).Status);
        asked["sellerReturnAddress"] = world.SellerAddressOf(EscrowFamily.V2);
        Assert.Equal(200, (await world.CallAsync("POST", "payment", asked.DeepClone(), pays)).Status);

        var offer = await world.OfferAsync();
        offer["buyerReturnAddress"] = elsewhere;
        await world.RefusedAsync("POST", "purchase", offer, 400, "buyerReturnAddress: this key may not choose where money goes", pays);
        offer["buyerReturnAddress"] = world.BuyerAddressOf(EscrowFamily.V2);
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", offer.DeepClone(), pays)).Status);
        await world.BothAsync((string)offer["blockchainIdentifier"]!, "FundsLocked");
    }

    private async Task<List<string>> IdsAsync(string filter) =>
        [.. (await world.CallAsync("GET", $"payment{All}{filter}")).Data["Payments"]!.AsArray().Select(r => (string)r!["id"]!)];
}
