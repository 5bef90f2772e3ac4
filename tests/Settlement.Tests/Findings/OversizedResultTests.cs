using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>
/// H1: a "result" that is no hash, as large as a seller gets it onto the chain, at a contract that takes it as the deployed ones do: the contract of these tests
/// takes everything, and only the model of the deployed rules and the ledger's bounds are left.
/// </summary>
public sealed class OversizedResultTests
{
    // (lam _ (con unit ())), Plutus V3.
    private static readonly Script TakesAll = new(ScriptLanguage.PlutusV3, Convert.FromHexString("450101002499"));

    // The same, and 5,000 bytes that it never looks at.
    private static readonly Script Large = UplcText
        .Parse($"(program 1.1.0 [(lam c (lam x (con unit ()))) (con bytestring #{new string('0', 10_000)})])")
        .ToScript(ScriptLanguage.PlutusV3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public async Task The_largest_result_a_seller_gets_onto_the_chain_is_a_problem_an_event_and_a_line_of_the_log_and_can_be_disputed(EscrowFamily family)
    {
        var contract = ContractCatalog.DefaultInstance(family, NetworkId.Testnet) with { Address = EscrowScript.AddressOf(TakesAll, NetworkId.Testnet) };
        await using var world = await SettlementWorld.CreateAsync(escrow: contract);
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            await node.Store.Scripts.PutAsync(TakesAll, Stop);
        }

        var identifier = await world.LockAsync(20);
        var deal = await world.Buyer.DealAsync(identifier);
        var escrow = new Utxo(deal.Projection.Escrow!.Value, world.Devnet.State.Find(deal.Projection.Escrow.Value)!);
        var (largest, tooLarge) = (10_000, 17_000);
        while (tooLarge - largest > 1)
        {
            var middle = (largest + tooLarge) / 2;
            (largest, tooLarge) = Submit(world, escrow, middle) is BuildResult.Built ? (middle, tooLarge) : (largest, middle);
        }

        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(Assert.IsType<BuildResult.Built>(Submit(world, escrow, largest)).Transaction));
        await world.SettleAsync(1);
        var buyer = await world.Buyer.DealAsync(identifier);
        Assert.Equal((OnChainState.ResultSubmitted, "result_is_no_hash"), (buyer.OnChainState, buyer.Problem?.Code));
        var told = Assert.Single(await world.Buyer.Store.Events.ListAsync(0, 1000, Stop), e => e.Kind == "ResultIsNoHash");
        Assert.Equal((buyer.Id, $$"""{"bytes":{{largest}}}"""), (told.EntityId, told.Payload));
        Assert.Contains(world.Buyer.Lines, line => line.Contains($"has {largest} bytes and is no hash", StringComparison.Ordinal));

        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync(6);
        buyer = await world.Buyer.DealAsync(identifier);
        Assert.True(buyer.OnChainState == OnChainState.Disputed, $"{largest}: {buyer.OnChainState}, {buyer.Problem}, {buyer.Trouble}");

        // Nothing of what it paid with is out of sight: all of it can be spent again.
        var home = world.Devnet.State.Utxos.Where(u => world.Buyer.Wallet.Owns(u.Value.Address)).Select(u => u.Value.Value.Coin.Amount).Sum();
        var left = await world.AgreeAsync((home / 1_000_000) - 4);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(left));
    }

    // Its dispute does not fit with the script in it, and no wallet publishes anything.
    [Fact]
    public async Task What_fits_only_by_a_published_script_is_disputed_by_the_one_at_another_wallet_of_the_source()
    {
        await using var world = await WithLargeScriptAsync(publishes: false);
        var other = await AddBuyerAsync(world);
        var reference = world.Publish(Large, other.Address);
        var identifier = await world.LockAsync(20);
        Assert.Equal(world.Buyer.Wallet.Id, (await world.Buyer.DealAsync(identifier)).WalletId);
        Assert.Equal([reference.Input], await DisputeAsync(world, identifier, reference));
    }

    // The wallet that disputes has paid nearly all it had.
    [Fact]
    public async Task What_fits_only_by_a_published_script_has_it_published_by_whichever_wallet_of_the_source_can_spare_the_deposit()
    {
        await using var world = await WithLargeScriptAsync(publishes: true);
        var identifier = await world.LockAsync(960);
        var other = await AddBuyerAsync(world);
        world.Fund(other.Address, 500);
        var named = Assert.Single(await DisputeAsync(world, identifier, world.Publish(Large)));
        var published = world.Devnet.State.Find(named)!;
        Assert.Equal((other.Address, Large), (published.Address, published.ReferenceScript));
        Assert.Single(world.Buyer.Chain.Handed.DistinctBy(t => t.Id), t => t.Body.Outputs.Any(o => o.ReferenceScript is not null));
    }

    private static async Task<SettlementWorld> WithLargeScriptAsync(bool publishes)
    {
        var contract = ContractCatalog.DefaultInstance(EscrowFamily.V2, NetworkId.Testnet) with { Address = EscrowScript.AddressOf(Large, NetworkId.Testnet) };
        var world = await SettlementWorld.CreateAsync(
            options: new SettlementOptions { LockWindow = TimeSpan.Zero, PublishScripts = publishes },
            escrow: contract
        );
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            await node.Store.Scripts.PutAsync(Large, Stop);
        }

        return world;
    }

    private static async Task<HotWallet> AddBuyerAsync(SettlementWorld world)
    {
        var wallet = world.Buyer.Seal("other", world.Buyer.Source, WalletRole.Purchasing, Mnemonic.FromEntropy(SHA256.HashData([71])));
        Assert.True(await world.Buyer.Store.Wallets.AddAsync(wallet, Stop));
        return wallet;
    }

    // A result of 13,000 bytes, by a reference of the seller's; then what the buyer's dispute refers to.
    private static async Task<ImmutableArray<TxInput>> DisputeAsync(SettlementWorld world, string identifier, Utxo reference)
    {
        var at = (await world.Buyer.DealAsync(identifier)).Projection.Escrow!.Value;
        var result = Assert.IsType<BuildResult.Built>(Submit(world, new Utxo(at, world.Devnet.State.Find(at)!), 13_000, reference));
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(result.Transaction));
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync(6);
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.True(deal.OnChainState == OnChainState.Disputed, $"{deal.OnChainState}, {deal.Problem}, {deal.Trouble}");
        return (await world.Buyer.AttemptsAsync(identifier))[0].Transaction!.Body.ReferenceInputs;
    }

    private static BuildResult Submit(SettlementWorld world, Utxo escrow, int bytes, Utxo? reference = null)
    {
        var script = reference is null ? TakesAll : null;
        var transactions = new EscrowTransactions(world.Escrow, script, world.Devnet.Parameters, world.Devnet.Slots) { Form = TransactionForm.Shortest };
        var now = world.Devnet.Slots.TimeOf(world.Devnet.CurrentSlot);
        var leg = Assert.IsType<LegResult.Ready>(transactions.SubmitResult(escrow, ResultHash.From(new byte[32]), now)).Leg;
        var datum = leg.NewDatum! with { ResultHash = new ByteString(Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray()) };
        var output = new TxOutput(
            world.Escrow.Address,
            leg.Outputs[0].Value + Value.Of(Lovelace.FromAda(98)),
            new TxDatum.Inline(Datum.Shortest(datum.ToData()))
        );
        ImmutableArray<Utxo> coins =
        [
            .. world.Devnet.State.Utxos.Where(u => u.Value.Address == world.Seller.Wallet.Address).Select(u => new Utxo(u.Key, u.Value)),
        ];
        var plan = new TransactionPlan
        {
            ChangeAddress = world.Seller.Wallet.Address,
            Available = coins,
            Signers = [world.Seller.Keys.Payment],
            Form = TransactionForm.Shortest,
            ReferenceInputs = reference is null ? [] : [reference],
        };
        return TransactionBuilder.Build(
            EscrowPieces.Of(leg with { Outputs = [output], NewDatum = datum }).AddTo(plan),
            world.Devnet.Parameters,
            world.Devnet.Slots,
            new PlutusEvaluator()
        );
    }
}
