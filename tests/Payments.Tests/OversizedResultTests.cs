using System.Collections.Immutable;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>
/// A seller that goes past its node and submits a "result" that is no hash, so large that the buyer's next transaction would not fit (docs/contracts.md, "When a
/// result is too large").
/// </summary>
public abstract class OversizedResultStory(PaymentWorld world)
{
    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(11_000)]
    public async Task A_result_that_is_no_hash_is_refused_by_our_contract_and_its_model_and_a_hash_can_be_disputed(int bytes)
    {
        var identifier = await world.LockAsync();
        var seller = new PartyOnChain(world, world.SellerKeys);
        var escrow = seller.Escrow(identifier);

        var refused = Assert.IsType<DevnetSubmission.Refused>(seller.Send(seller.Result(escrow, bytes, isSure: true)));
        Assert.Equal(["ValidationTagMismatch"], refused.Failures.Select(f => f.Predicate));
        Assert.Equal(escrow, seller.Escrow(identifier));
        Assert.Equal([EscrowRule.NewResult], Model(escrow, bytes).Select(r => r.Rule));

        // Of the very same make with 32 bytes, the contract and the model have nothing against it; the honest one goes through the node.
        Assert.IsType<BuildResult.Built>(seller.Result(escrow, 32));
        Assert.Empty(Model(escrow, 32));
        var hash = new string('b', 64);
        Assert.Equal(200, (await world.ActAsync("POST", "payment/submit-result", identifier, hash)).Status);
        await world.BothAsync(identifier, "ResultSubmitted");
        Assert.Equal(200, (await world.ActAsync("POST", "purchase/request-refund", identifier)).Status);
        await world.BothAsync(identifier, "Disputed");
        Assert.Equal(hash, (string?)(await world.ActAsync("POST", "purchase/resolve-blockchain-identifier", identifier)).Data["resultHash"]);
    }

    private ImmutableArray<RuleRefusal> Model(Utxo escrow, int bytes)
    {
        Assert.True(EscrowDatum.TryRead(escrow.Output, world.Contract.Family, out var datum, out _));
        var now = world.Devnet.Clock.GetUtcNow();
        var verdict = EscrowRules.Check(
            EscrowAction.SubmitResult,
            datum,
            new EscrowSpend
            {
                Contract = world.Contract with { Rules = EscrowRuleSet.Ours },
                Escrow = escrow.Input,
                Value = escrow.Output.Value,
                Signers = new HashSet<Cardano.KeyHash> { world.SellerKeys.Payment.KeyHash },
                Lower = now.AddMinutes(-1).ToUnixTimeMilliseconds(),
                Upper = now.AddMinutes(1).ToUnixTimeMilliseconds(),
                NewResultHash = new ByteString(new byte[bytes]),
            }
        );
        return verdict is EscrowVerdict.Refused refused ? refused.Refusals : [];
    }
}

/// <inheritdoc/>
public sealed class OversizedResultV1Tests(FirstGenerationWorld world) : OversizedResultStory(world), IClassFixture<FirstGenerationWorld>;

/// <inheritdoc/>
public sealed class OversizedResultV2Tests(PaymentWorld world) : OversizedResultStory(world), IClassFixture<PaymentWorld>;

/// <summary>The same under the deployed rules, which take it; skipped where their bytes are not at hand.</summary>
public abstract class OversizedResultDeployedStory(DeployedWorld world)
{
    [Fact]
    public async Task A_result_that_is_no_hash_is_followed_read_and_disputed_over_http()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        var (identifier, seller) = (await world.LockAsync(), new PartyOnChain(world, world.SellerKeys));
        Assert.IsType<DevnetSubmission.Accepted>(seller.Send(seller.Result(seller.Escrow(identifier), 3_000)));
        await SeenAsync(identifier, seller);
        Assert.Equal(200, (await world.ActAsync("POST", "purchase/request-refund", identifier)).Status);
        await world.BothAsync(identifier, "Disputed");

        // The seller thinks better of it: what clears the result, or ends the escrow, is as small as ever.
        Assert.Equal(200, (await world.ActAsync("POST", "payment/authorize-refund", identifier)).Status);
        world.Devnet.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "RefundWithdrawn");
    }

    [Fact]
    public async Task The_largest_result_that_a_seller_gets_onto_the_chain_can_be_disputed()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        var identifier = await world.LockAsync();
        var (seller, buyer) = (new PartyOnChain(world, world.SellerKeys), new PartyOnChain(world, world.BuyerKeys));
        var escrow = seller.Escrow(identifier);
        var (largest, tooLarge) = (14_000, 16_000);
        while (tooLarge - largest > 1)
        {
            var middle = (largest + tooLarge) / 2;
            (largest, tooLarge) = seller.Result(escrow, middle) is BuildResult.Built ? (middle, tooLarge) : (largest, middle);
        }

        // The lock of these tests has no token, and so a few bytes more than the table's.
        Assert.InRange(largest, 14_700, 15_200);
        Assert.IsType<DevnetSubmission.Accepted>(seller.Send(seller.Result(escrow, largest)));
        await SeenAsync(identifier, seller);
        Assert.IsType<DevnetSubmission.Accepted>(buyer.Send(buyer.Dispute(buyer.Escrow(identifier))));
        await world.BothAsync(identifier, "Disputed");
    }

    private async Task SeenAsync(string identifier, PartyOnChain party)
    {
        await world.BothAsync(identifier, "ResultSubmitted");
        var onChain = party.Datum(party.Escrow(identifier)).ResultHash.ToString();
        foreach (var side in (string[])["purchase", "payment"])
        {
            Assert.Equal(onChain, (string?)(await world.ActAsync("POST", $"{side}/resolve-blockchain-identifier", identifier)).Data["resultHash"]);
        }
    }
}

/// <inheritdoc/>
public sealed class OversizedResultDeployedV1Tests(DeployedV1World world) : OversizedResultDeployedStory(world), IClassFixture<DeployedV1World>;

/// <inheritdoc/>
public sealed class OversizedResultDeployedV2Tests(DeployedV2World world) : OversizedResultDeployedStory(world), IClassFixture<DeployedV2World>;
