using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Contracts.Common;
using Masumi.Node.Settings;
using Masumi.Node.Typed;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Market;

/// <summary>What a market tells whoever started it: for people, for programs, and as variables of the clients there are.</summary>
internal static class MarketText
{
    /// <summary>An address without a slash at its end, so that paths can be put behind it.</summary>
    public static string Plain(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>Everything, in one object. Addresses are without an API path.</summary>
    public static JsonObject Json(LocalMarket market)
    {
        var plan = market.Plan;
        return new JsonObject
        {
            ["seller"] = Service(market.SellerUrl, plan.SellerKey),
            ["buyer"] = Service(market.BuyerUrl, plan.BuyerKey),
            ["registry"] = Service(market.RegistryUrl, plan.RegistryKey),
            ["devnet"] = new JsonObject { ["url"] = Plain(market.DevnetUrl) },
            ["agents"] = new JsonArray([.. market.Agents.Select(a => (JsonNode)Agent(a))]),
            ["wallets"] = new JsonArray([.. market.Wallets.Accounts.Select((a, i) => (JsonNode)Wallet(market, i))]),
            ["page"] = new JsonObject { ["url"] = Plain(market.PageUrl) },
            ["network"] = Word.Text(LocalMarket.Network),
        };

        static JsonObject Service(Uri url, string key) => new() { ["url"] = Plain(url), ["key"] = key };
    }

    /// <summary>Variables, in each client's own form.</summary>
    public static string Environment(LocalMarket market)
    {
        var plan = market.Plan;
        var (seller, buyer, registry) = (Plain(market.SellerUrl), Plain(market.BuyerUrl), Plain(market.RegistryUrl));
        var network = Word.Text(LocalMarket.Network);
        var v2 = market.Agents.FirstOrDefault(a => a.Family == EscrowFamily.V2);
        var v1 = market.Agents.FirstOrDefault(a => a.Family == EscrowFamily.V1);
        var vkey = MarketWallets.KeyOf(market.Wallets.Seller(EscrowFamily.V1)).ToString();
        var text = new StringBuilder();

        // Both know first-generation agents only.
        Group(
            "Python SDK (pip-masumi): an agent that sells through the seller's node",
            ("PAYMENT_SERVICE_URL", $"{seller}/api/v1"),
            ("PAYMENT_API_KEY", plan.SellerKey),
            ("AGENT_IDENTIFIER", v1?.Identifier.ToString()),
            ("SELLER_VKEY", vkey),
            ("NETWORK", network)
        );
        Group(
            "n8n node",
            ("MASUMI_PAYMENT_SERVICE_URL", $"{seller}/api/v1"),
            ("MASUMI_API_KEY", plan.SellerKey),
            ("MASUMI_AGENT_IDENTIFIER", v1?.Identifier.ToString()),
            ("MASUMI_SELLER_VKEY", vkey),
            ("MASUMI_NETWORK", network)
        );
        Group(
            "Masumi's command line: buys through the buyer's node",
            ("MASUMI_PAYMENT_URL", $"{buyer}/api/v1"),
            ("MASUMI_PAYMENT_TOKEN", plan.BuyerKey),
            ("MASUMI_REGISTRY_URL", $"{registry}/api/v1"),
            ("MASUMI_REGISTRY_TOKEN", plan.RegistryKey)
        );
        Group(
            "C# agents (samples/Summarizer): sells through the seller's node, V2",
            ("Agent__PaymentServiceUrl", $"{seller}/api/v1"),
            ("Agent__PaymentServiceKey", plan.SellerKey),
            ("Agent__AgentIdentifier", v2?.Identifier.ToString()),
            ("Agent__SellerVkey", MarketWallets.KeyOf(market.Wallets.Seller(EscrowFamily.V2)).ToString())
        );
        Group(
            "For requests by hand: the contracts, and the unit of tUSDM",
            ("MASUMI_ESCROW_V2", market.Wallets.Contract(EscrowFamily.V2).Contract.Address.ToString()),
            ("MASUMI_ESCROW_V1", market.Wallets.Contract(EscrowFamily.V1).Contract.Address.ToString()),
            ("TUSDM", Token.TUsdm.Unit.ToString())
        );
        return text.ToString();

        void Group(string title, params ReadOnlySpan<(string Name, string? Value)> variables)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {title}\n");
            foreach (var (name, value) in variables)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(value is null ? "# " : "")}export {name}={value ?? "..."}\n");
            }
        }
    }

    /// <summary>For people: where everything is, and what to do next.</summary>
    public static string Human(LocalMarket market)
    {
        var plan = market.Plan;
        var text = new StringBuilder();
        Line($"A market is up: {Plain(market.PageUrl)}   (Ctrl+C ends it)");
        Line("");
        Service("seller's node", market.SellerUrl, plan.SellerKey);
        Service("buyer's node", market.BuyerUrl, plan.BuyerKey);
        Service("registry", market.RegistryUrl, plan.RegistryKey);
        Line($"  devnet          {Plain(market.DevnetUrl)}   (Blockfrost's API at /api/v0)");
        foreach (var agent in market.Agents)
        {
            Line($"  agent           {Plain(agent.Url)}   {agent.Name}, {agent.Family}, {AmountText.Format(agent.Price, LocalMarket.Network)} a job");
            Line($"    identifier    {agent.Identifier}");
            Line($"    seller vkey   {agent.SellerVkey}");
        }

        Line("");
        Line(
            $"Wallets, each with {TypedAmounts.Show(market.Wallets.Accounts[0].Amount, LocalMarket.Network)} at the start. Their words are known: never use them on a public network."
        );
        for (var i = 0; i < market.Wallets.Accounts.Length; i++)
        {
            var account = market.Wallets.Accounts[i];
            Line($"  {MarketWallets.PurposeOf(i), -24}{account.Address}");
            Line($"  {"", -24}{account.Mnemonic}");
        }

        Line("");
        foreach (var family in new[] { EscrowFamily.V2, EscrowFamily.V1 })
        {
            Line(ContractSetup.WhoSettles(market.Wallets.Contract(family).Contract));
        }

        Line("");
        Line("To sell:    register your agent with POST /api/v1/registry at the seller's node, give it the variables that --env prints, see README 'Sell'.");
        Line(
            "To buy:     ask the registry for agents, start a job with POST /start_job at an agent, pay it with POST /api/v1/purchase at the buyer's node, see README 'Buy'."
        );
        Line("To operate: look at the pages above; './masumi advance 8h' moves the clock, and what is due then happens, see README 'Operate'.");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void Service(string name, Uri url, string key) => Line($"  {name, -16}{Plain(url)}   key {key}   ({Plain(url)}/docs)");
    }

    private static JsonObject Agent(MarketAgent agent) =>
        new()
        {
            ["url"] = Plain(agent.Url),
            ["agentIdentifier"] = agent.Identifier.ToString(),
            ["sellerVkey"] = agent.SellerVkey.ToString(),
            ["name"] = agent.Name,
            ["paymentSourceType"] = Word.Text(agent.Family.ToSourceType()),
            ["price"] = new JsonObject { ["amount"] = agent.Price.AmountText, ["unit"] = agent.Price.Unit.ToString() },
        };

    private static JsonObject Wallet(LocalMarket market, int index)
    {
        var account = market.Wallets.Accounts[index];
        return new JsonObject
        {
            ["purpose"] = MarketWallets.PurposeOf(index),
            ["address"] = account.Address.ToString(),
            ["vkey"] = MarketWallets.KeyOf(account).ToString(),
            ["mnemonic"] = account.Mnemonic,
        };
    }
}
