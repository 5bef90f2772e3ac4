using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus.FlatFormat;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>Where a source's script comes from: a file, the chain, our compiler; and how transactions carry it.</summary>
public sealed class ContractScriptTests
{
    private const string Result = "2222222222222222222222222222222222222222222222222222222222222222";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static OwnContract Own(EscrowFamily family) => ContractCatalog.Own.Single(c => c.Family == family && c.Kind == ContractKind.Escrow);

    // A script that nobody compiles here: ours in another encoding, as an operator's file would hold somebody else's.
    private static (EscrowContract Contract, Script Script) FromFile(byte[] file, EscrowFamily family)
    {
        var parameters = ContractCatalog.DefaultInstance(family, NetworkId.Testnet) with { RequiredAdmins = 1 };
        var read = ScriptFile.Read(file, ContractKind.Escrow);
        var script = read.Resolve(family, parameters.Parameters(), read.Of(ScriptForm.AppliedAndReencoded, parameters.Parameters()).Hash);
        Assert.NotEqual(EscrowScript.Of(parameters).Hash, script.Hash);
        return (parameters with { Address = EscrowScript.AddressOf(script, NetworkId.Testnet) }, script);
    }

    private static byte[] FileOf(EscrowFamily family, bool isBlueprint) =>
        Encoding.UTF8.GetBytes(
            isBlueprint ? Own(family).Blueprint : Convert.ToHexStringLower(Own(family).Program.ToScript(ScriptLanguage.PlutusV3).Bytes.Span)
        );

    [Theory]
    [InlineData(EscrowFamily.V2, true)]
    [InlineData(EscrowFamily.V2, false)]
    [InlineData(EscrowFamily.V1, true)]
    public async Task The_whole_life_of_an_escrow_runs_on_a_script_from_a_file(EscrowFamily family, bool isBlueprint)
    {
        var (contract, script) = FromFile(FileOf(family, isBlueprint), family);
        await using var world = await SettlementWorld.CreateAsync(escrow: contract);
        await world.Buyer.Store.Scripts.PutAsync(script, Stop);
        await world.Seller.Store.Scripts.PutAsync(script, Stop);

        var paid = await world.LockAsync();
        await world.Seller.WantAsync(paid, Intent.SubmitResult, Result);
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(paid)).Projection.State);
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(paid)).Projection.State);

        var refunded = await world.LockAsync();
        await world.Buyer.WantAsync(refunded, Intent.RequestRefund);
        await world.SettleAsync();
        Assert.Equal(OnChainState.RefundRequested, (await world.Seller.DealAsync(refunded)).Projection.State);
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Seller.DealAsync(refunded)).Projection.State);
        Assert.Equal(script, world.Seller.Chain.Handed.SelectMany(t => t.Witnesses.Scripts).Distinct().Single());
    }

    [Fact]
    public async Task Bytes_that_only_the_chain_has_are_fetched_by_hash_and_outlive_the_process()
    {
        var (contract, script) = FromFile(FileOf(EscrowFamily.V2, true), EscrowFamily.V2);
        await using var world = await SettlementWorld.CreateAsync(escrow: contract);
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();

        // Nobody has the script: the source stands still, and nothing is lost.
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).Projection.State);
        Assert.Equal("chain", (await world.Seller.DealAsync(identifier)).Problem?.Code);
        world.Publish(script);
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).Projection.State);
        Assert.Equal(script, await world.Seller.Store.Scripts.FindAsync(script.Hash, Stop));
        Assert.Null(await world.Buyer.Store.Scripts.FindAsync(script.Hash, Stop));
    }

    [Fact]
    public async Task A_reference_script_that_is_known_makes_transactions_smaller_and_cheaper_while_it_stands()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var attached = await SubmitAsync(world);
        Assert.Equal([ContractCatalog.DefaultEscrow(EscrowFamily.V2)], attached.Witnesses.Scripts);

        var reference = world.Publish(ContractCatalog.DefaultEscrow(EscrowFamily.V2));
        await world.Seller.Store.Scripts.PutReferenceAsync(reference, Stop);
        var referenced = await SubmitAsync(world);
        Assert.Empty(referenced.Witnesses.Scripts);
        Assert.Equal([reference.Input], referenced.Body.ReferenceInputs);
        Assert.InRange(
            attached.Size - referenced.Size,
            ContractCatalog.DefaultEscrow(EscrowFamily.V2).Bytes.Length - 100,
            ContractCatalog.DefaultEscrow(EscrowFamily.V2).Bytes.Length + 100
        );

        // 44 lovelace a byte in the transaction, 15 a byte referenced.
        Assert.InRange((attached.Body.Fee - referenced.Body.Fee).Amount, 100_000, 44L * ContractCatalog.DefaultEscrow(EscrowFamily.V2).Bytes.Length);

        // Its owner takes the ADA back.
        var wallet = world.Seller.Wallet.Address;
        var plan = new TransactionPlan
        {
            Inputs = [reference],
            ChangeAddress = wallet,
            Signers = [world.Seller.Keys.Payment],
        };
        var spent = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new Plutus.PlutusEvaluator()));
        Assert.IsType<Devnet.DevnetSubmission.Accepted>(world.Devnet.Submit(spent.Transaction));
        world.Devnet.Mine();
        Assert.Equal([ContractCatalog.DefaultEscrow(EscrowFamily.V2)], (await SubmitAsync(world)).Witnesses.Scripts);
    }

    [Fact]
    public async Task Only_an_output_with_a_script_is_a_reference()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var plain = new Utxo(new TxInput(default, 0), new TxOutput(world.Seller.Wallet.Address, Value.Of(Lovelace.FromAda(5))));
        await Assert.ThrowsAsync<ArgumentException>(() => world.Seller.Store.Scripts.PutReferenceAsync(plain, Stop));
        Assert.Null(await world.Seller.Store.Scripts.FindReferenceAsync(ContractCatalog.DefaultEscrow(EscrowFamily.V2).Hash, Stop));
    }

    private static async Task<Transaction> SubmitAsync(SettlementWorld world)
    {
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        var deal = await world.Seller.DealAsync(identifier);
        Assert.True(deal.Projection.State == OnChainState.ResultSubmitted, $"{deal.Projection.State} {deal.Problem}");
        return world.Seller.Chain.Handed.Last(t => t.Witnesses.Redeemers.Any());
    }
}
