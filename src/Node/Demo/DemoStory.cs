using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Client;
using Masumi.Node.Market;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Demo;

/// <summary>The story, through the public APIs only (see README).</summary>
internal sealed class DemoStory(DemoWorld world, DemoReport report, CancellationToken cancellation)
{
    private const Network Network = DemoWorld.Network;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What each party should end with, as far as the story tells: its prices and the fees of its transactions.
    private readonly Dictionary<string, Value> _prices = new() { ["seller"] = Value.Zero, ["buyer"] = Value.Zero };
    private readonly Dictionary<string, Lovelace> _fees = new() { ["seller"] = Lovelace.Zero, ["buyer"] = Lovelace.Zero };
    private int _nonce = 0x10;
    private Offered _words = null!;
    private Offered _letters = null!;

    public async Task PlayAsync()
    {
        var faucet = await world.Devnet.FaucetAsync(cancellation);
        var total = await world.Devnet.BalanceAsync(faucet, cancellation);
        report.Title("The parties");
        await world.Devnet.FundAsync(world.SellerWallet, ["100 ada"], cancellation);
        await world.Devnet.FundAsync(world.BuyerWallet, ["400 ada", "20 tusdm"], cancellation);
        await StepAsync("seller", $"node at {world.Seller.BaseUrl} with 100 ADA");
        await StepAsync("buyer", $"node at {world.Buyer.BaseUrl} with 400 ADA and 20 tUSDM");
        var before = await BalancesAsync(faucet);

        await RegisterAsync();
        await DiscoverAsync();
        await PaidAndDeliveredAsync();
        await RefundedAfterDeadlineAsync();
        await RefundAgreedAsync();
        await DisputedAndReleasedAsync();

        report.Title("The money");
        var after = await BalancesAsync(faucet);
        var rows = before.Zip(after, (b, a) => (b.Who, b.Amount, a.Amount)).ToList();
        report.Balances(rows, await world.Devnet.AllFeesAsync(cancellation), total);
        foreach (var (who, start, end) in rows.Where(r => _prices.ContainsKey(r.Who)))
        {
            report.Account(who, start, _prices[who], _fees[who], end);
        }

        var tied = await world.Devnet.TiedAsync(world.SellerWallet, cancellation);
        report.Note(
            "seller",
            $"of this {DemoReport.Number(tied.Coin)} lie with tokens, which no output holds without ADA; what lies with a registry token comes back when that is burned"
        );
        var failed = await world.Devnet.FailedScriptsAsync(cancellation);
        report.Check(failed == 0, "no transaction's scripts failed on chain, so no collateral was taken from anybody");
        report.Check(after.Single(a => a.Who == "escrow contract").Amount.IsZero, "nothing is left in escrow");
    }

    private async Task RegisterAsync()
    {
        report.Title("1  The seller registers two agents, one priced in tUSDM and one in ADA");
        _words = await RegisterAsync(SampleAgent.Words, world.AgentUrls[0]);
        _letters = await RegisterAsync(SampleAgent.Letters, world.AgentUrls[1]);
    }

    private async Task<Offered> RegisterAsync(SampleAgent agent, Uri url)
    {
        var wallet = (await world.SellerClient.ListWalletsAsync(cancellation)).Single(w => Text(w, "type") == "Selling");
        var registration = await world.SellerClient.RegisterAgentAsync(
            new JsonObject
            {
                ["sellingWalletVkey"] = Text(wallet, "walletVkey"),
                ["name"] = agent.Name,
                ["description"] = $"Counts the {agent.What}s of a text.",
                ["apiBaseUrl"] = url.AbsoluteUri.TrimEnd('/'),
                ["Tags"] = new JsonArray("demo", "text"),
                ["ExampleOutputs"] = new JsonArray(),
                ["Capability"] = new JsonObject { ["name"] = $"{agent.What}-count", ["version"] = "1.0.0" },
                ["Author"] = new JsonObject { ["name"] = "Ada" },
                ["supportedPaymentSources"] = new JsonArray(
                    new JsonObject
                    {
                        ["chain"] = "Cardano",
                        ["network"] = Word.Text(Network),
                        ["paymentSourceType"] = "Web3CardanoV2",
                        ["address"] = world.Contract.Contract.Address.ToString(),
                        ["pricing"] = new JsonObject
                        {
                            ["pricingType"] = "Fixed",
                            ["fixed"] = new JsonArray(new JsonObject { ["asset"] = agent.Price.Unit.ToString(), ["amount"] = agent.Price.AmountText }),
                        },
                    }
                ),
            },
            cancellation
        );
        var id = Text(registration, "id");
        var confirmed = await UntilAsync(
            "the registry token is minted",
            async () => (await world.SellerClient.ListRegistrationsAsync(cancellation)).Single(r => Text(r, "id") == id),
            r => Text(r, "state") == "RegistrationConfirmed",
            r => $"{Text(r, "state")} {Text(r, "error")}"
        );
        var identifier = AgentIdentifier.Parse(Text(confirmed, "agentIdentifier"));
        await StepAsync(
            "seller",
            $"mints the {agent.Name.ToLowerInvariant()}'s registry token {identifier.ToString()[..12]}…{identifier.ToString()[^8..]}",
            await FactsAsync(Text(confirmed.GetProperty("CurrentTransaction"), "txHash"))
        );
        await world.StartAgentAsync(agent, identifier, url, cancellation);
        await StepAsync("agent", $"serves at {url}, {AmountText.Format(agent.Price, Network)} a job");
        return new Offered(agent, identifier, url);
    }

    private async Task DiscoverAsync()
    {
        report.Title("2  The buyer finds them");
        foreach (var agent in new[] { _words, _letters })
        {
            var entry = await UntilAsync(
                "the registry service finds the agent on chain",
                async () =>
                    (await world.RegistryClient.RegistryEntriesAsync(Network, 50, cancellation)).FirstOrDefault(e =>
                        Text(e, "agentIdentifier") == agent.Identifier.ToString()
                    ),
                e => e.ValueKind == JsonValueKind.Object,
                _ => "not listed"
            );
            await StepAsync("registry", $"lists \"{Text(entry, "name")}\" as {Text(entry, "status")}");
            var information = await world.RegistryClient.PaymentInformationAsync(agent.Identifier, cancellation);
            var price = information?.FixedPrice?.Single();
            await StepAsync("buyer", $"reads endpoint {information?.ApiBaseUrl} and price {(price is null ? "none" : AmountText.Format(price, Network))}");
            report.Check(price == agent.Sample.Price, "the price is the one registered");
        }
    }

    private async Task PaidAndDeliveredAsync()
    {
        report.Title("3  A job, paid in tUSDM and delivered");
        var job = await HireAsync(_words, "To be, or not to be, that is the question", lazy: false);
        var delivered = await UntilAsync("the result", () => StatusAsync(job), s => s.Status.Known == JobStatus.Completed, s => s.Status.Text);
        var purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.ResultSubmitted);
        await StepAsync("agent", $"delivers \"{delivered.Result}\" and commits its hash on chain", await FactsAsync(purchase));
        report.Check(
            Mip004.MatchResult(purchase.ResultHash!, job.Nonce, delivered.Result!) is not null,
            $"the result's hash is the one on chain ({purchase.ResultHashText![..16]}…)"
        );
        var added = await LockedAsync(purchase) - job.Locked;
        if (!added.IsZero)
        {
            report.Note(
                "seller",
                $"added {DemoReport.Number(added.Coin)} for it: with the result the escrow's output takes more bytes; they come back with the price"
            );
        }

        await AdvanceAsync(TimeSpan.FromHours(8) + TimeSpan.FromMinutes(30), "past the unlock time");
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.Withdrawn);
        Settle(job);
        await StepAsync("seller", "collects", await FactsAsync(purchase));
    }

    private async Task RefundedAfterDeadlineAsync()
    {
        report.Title("4  A job that delivers nothing, refunded after the deadline");
        var job = await HireAsync(_letters, "…", lazy: true);
        await world.BuyerClient.RequestRefundAsync(job.Offer.BlockchainIdentifier, cancellation);
        var purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundRequested);
        await StepAsync("buyer", "asks for a refund", await FactsAsync(purchase));
        await AdvanceAsync(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(15), "past the deadline for the result");
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundWithdrawn);
        await StepAsync("buyer", "collects the refund", await FactsAsync(purchase));
    }

    private async Task RefundAgreedAsync()
    {
        report.Title("5  A job whose seller agrees to a refund");
        var job = await HireAsync(_letters, "…", lazy: true);
        await CallAsync(
            world.Buyer,
            world.BuyerKey,
            HttpMethod.Patch,
            "purchase",
            new JsonObject { ["network"] = Word.Text(Network), ["blockchainIdentifier"] = job.Offer.BlockchainIdentifier.ToString() }
        );
        var purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundRequested);
        await StepAsync("buyer", "asks for a refund (PATCH /purchase, the older name)", await FactsAsync(purchase));
        await UntilPaymentStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundRequested);
        await world.SellerClient.AuthorizeRefundAsync(job.Offer.BlockchainIdentifier, cancellation);
        var payment = await UntilPaymentStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundAuthorized, OnChainState.RefundWithdrawn);
        await StepAsync("seller", "agrees to it", await FactsAsync(payment, OnChainState.RefundAuthorized, world.Seller, world.SellerKey, "payment"));
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.RefundWithdrawn);
        await StepAsync("buyer", "collects the refund at once", await FactsAsync(purchase));
    }

    private async Task DisputedAndReleasedAsync()
    {
        report.Title("6  A job that is disputed, then released");
        var job = await HireAsync(_letters, "All the world's a stage", lazy: false);
        var purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.ResultSubmitted);
        await StepAsync("agent", "delivers and commits the result's hash on chain", await FactsAsync(purchase));
        await world.BuyerClient.RequestRefundAsync(job.Offer.BlockchainIdentifier, cancellation);
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.Disputed);
        await StepAsync("buyer", "disputes the result", await FactsAsync(purchase));
        await AdvanceAsync(TimeSpan.FromMinutes(30), "past the buyer's cooldown");
        await world.BuyerClient.CancelRefundRequestAsync(job.Offer.BlockchainIdentifier, cancellation);
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.WithdrawAuthorized, OnChainState.Withdrawn);
        var release = await FactsAsync(purchase, OnChainState.WithdrawAuthorized, world.Buyer, world.BuyerKey, "purchase");
        await StepAsync("buyer", "relents and releases the money", release);
        purchase = await UntilStateAsync(job.Offer.BlockchainIdentifier, OnChainState.Withdrawn);
        Settle(job);
        await StepAsync("seller", "collects", await FactsAsync(purchase));
    }

    // Prices are all that changes hands in the end, fees apart.
    private void Settle(Hired job)
    {
        var (unit, amount) = (job.Of.Sample.Price.Unit, job.Of.Sample.Price.Amount);
        var price = unit.IsAda ? Value.Of(new Lovelace(amount)) : Value.Of(Lovelace.Zero, AssetId.Parse(unit.ToString()), amount);
        _prices["seller"] += price;
        _prices["buyer"] -= price;
    }

    private async Task<Hired> HireAsync(Offered hired, string text, bool lazy)
    {
        var nonce = BuyerNonce.Parse($"{_nonce++:x2}{0x0123456789abcdefUL:x16}");
        var input = new JsonObject { ["text"] = text, ["lazy"] = lazy };
        var agent = new AgentClient(world.Http, hired.Url, TimeProvider.System);
        var offer = await agent.StartJobAsync(nonce, JsonSerializer.Deserialize<JsonElement>(input), cancellation);
        var inputHash = Mip004.InputHash(nonce, input.ToJsonString())!;
        await StepAsync("agent", $"offers job {offer.JobId[..8]}…, to be paid by {offer.Deadlines.PayBy:u}");
        report.Check(offer.InputHash == inputHash && offer.AgentIdentifier == hired.Identifier, "the offer is for this input and this agent");
        await world.BuyerClient.CreatePurchaseAsync(
            new PurchaseRequest(
                offer.BlockchainIdentifier,
                offer.AgentIdentifier,
                offer.SellerVkey,
                nonce,
                inputHash,
                offer.Deadlines,
                SupportedPaymentSourceIndex: offer.SupportedPaymentSourceIndex,
                SellerReturnAddress: offer.SellerReturnAddress
            ),
            cancellation
        );
        await UntilStateAsync(offer.BlockchainIdentifier, OnChainState.FundsLocked, OnChainState.ResultSubmitted);
        await UntilPaymentStateAsync(offer.BlockchainIdentifier, OnChainState.FundsLocked, OnChainState.ResultSubmitted);
        var row = await HistoryAsync(world.Buyer, world.BuyerKey, "purchase", offer.BlockchainIdentifier);
        // The oldest; the current one is not part of the history.
        var lockTx = (string)(row["TransactionHistory"]!.AsArray().LastOrDefault() ?? row["CurrentTransaction"])!["txHash"]!;
        await StepAsync(
            "buyer",
            $"locks {AmountText.Format(hired.Sample.Price, Network)} (lovelace on top for min-ADA, which come back: {row["collateralReturnLovelace"]}); both nodes see it",
            await FactsAsync(lockTx)
        );
        return new Hired(hired, agent, offer, nonce, await world.Devnet.PaidAsync(lockTx, world.Contract.Contract.Address, cancellation));
    }

    private Task<Value> LockedAsync(DealRow row) =>
        world.Devnet.PaidAsync(Text(row.Raw.GetProperty("CurrentTransaction"), "txHash"), world.Contract.Contract.Address, cancellation);

    private Task<JsonNode> HistoryAsync(StoryNode node, string key, string side, BlockchainIdentifier identifier) =>
        CallAsync(
            node,
            key,
            HttpMethod.Post,
            $"{side}/resolve-blockchain-identifier",
            new JsonObject
            {
                ["network"] = Word.Text(Network),
                ["blockchainIdentifier"] = identifier.ToString(),
                ["includeHistory"] = "true",
            }
        );

    private sealed record Offered(SampleAgent Sample, AgentIdentifier Identifier, Uri Url);

    private sealed record Hired(Offered Of, AgentClient Agent, StartedJob Offer, BuyerNonce Nonce, Value Locked);

    private Task<JobProgress> StatusAsync(Hired job) => job.Agent.StatusAsync(job.Offer.JobId, cancellation);

    // What the typed client has no word for, over the same public API.
    private async Task<JsonNode> CallAsync(StoryNode node, string key, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, new Uri(node.BaseUrl, "api/v1/" + path)) { Content = JsonContent.Create(body) };
        request.Headers.Add("token", key);
        using var response = await world.Http.SendAsync(request, cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
        return answer["data"] ?? throw new InvalidOperationException($"{path}: {answer.ToJsonString()}");
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";

    private Task<DealRow> UntilStateAsync(BlockchainIdentifier deal, params OnChainState[] states) =>
        UntilAsync(
            $"the buyer's node sees {states[0]}",
            async () => await world.BuyerClient.ResolvePurchaseAsync(deal, cancellation) ?? throw new InvalidOperationException("The purchase is gone."),
            p => p.OnChainState?.Known is { } state && states.Contains(state),
            p => $"{p.OnChainState} / {p.RequestedAction} {p.ErrorNote}"
        );

    private Task<DealRow> UntilPaymentStateAsync(BlockchainIdentifier deal, params OnChainState[] states) =>
        UntilAsync(
            $"the seller's node sees {states[0]}",
            async () => await world.SellerClient.ResolvePaymentAsync(deal, cancellation) ?? throw new InvalidOperationException("The payment is gone."),
            p => p.OnChainState?.Known is { } state && states.Contains(state),
            p => $"{p.OnChainState} / {p.RequestedAction} {p.ErrorNote}"
        );

    private async Task<T> UntilAsync<T>(string what, Func<Task<T>> ask, Func<T, bool> done, Func<T, string> describe)
    {
        report.Progress($"waiting: {what}");
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (done(answer))
            {
                report.Clear();
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"After {Patience.TotalSeconds:0} s still waiting: {what}; now {describe(answer)}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }

    // Between any two steps a node may die; the story must not notice.
    private async Task StepAsync(string who, string what, TransactionFacts? tx = null)
    {
        report.Step(who, what, tx);
        if (tx is not null)
        {
            _fees[who == "agent" ? "seller" : who] += tx.Fee;
        }

        await world.CrashAsync(cancellation);
    }

    private async Task AdvanceAsync(TimeSpan by, string why)
    {
        await world.Devnet.AdvanceAsync(by, cancellation);
        await StepAsync("devnet", $"moves its clock by {by.TotalHours:0.##} h, {why}");
    }

    private Task<TransactionFacts> FactsAsync(DealRow row) => FactsAsync(Text(row.Raw.GetProperty("CurrentTransaction"), "txHash"));

    // The other side may have acted already; then the transaction that led to the state is the newest of the earlier ones.
    private async Task<TransactionFacts> FactsAsync(DealRow row, OnChainState state, StoryNode node, string key, string side) =>
        row.OnChainState?.Known == state
            ? await FactsAsync(row)
            : await FactsAsync((string)(await HistoryAsync(node, key, side, row.BlockchainIdentifier!))["TransactionHistory"]![0]!["txHash"]!);

    private Task<TransactionFacts> FactsAsync(string id) => world.Devnet.TransactionAsync(id, cancellation);

    private async Task<List<(string Who, Value Amount)>> BalancesAsync(Address faucet) =>
        [
            ("faucet", await world.Devnet.BalanceAsync(faucet, cancellation)),
            ("seller", await world.Devnet.BalanceAsync(world.SellerWallet, cancellation)),
            ("buyer", await world.Devnet.BalanceAsync(world.BuyerWallet, cancellation)),
            ("escrow contract", await world.Devnet.BalanceAsync(world.Contract.Contract.Address, cancellation)),
        ];
}
