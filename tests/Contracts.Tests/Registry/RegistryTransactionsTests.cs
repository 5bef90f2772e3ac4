using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.Contracts.Tests.Escrow;

namespace Masumi.Contracts.Tests.Registry;

public sealed class RegistryTransactionsTests
{
    private static readonly DateTimeOffset Now = Vectors.Deadlines.PayBy;
    private static readonly Utxo Seed = Scenes.Wallet(Vectors.Seller);

    private static RegistryTransactions Registry(EscrowFamily family) =>
        new(family, family == EscrowFamily.V2 ? Agents.V2Token.Policy : Agents.V1Token.Policy, null, Scenes.Parameters, Scenes.Slots);

    [Fact]
    public void Registering_names_agents_after_the_seed_and_funds_their_tokens()
    {
        var pieces = Registry(EscrowFamily.V2)
            .Register([new NewAgent(Agents.V2, Vectors.Seller), new NewAgent(Agents.V2, Vectors.Buyer, Lovelace.FromAda(9))], Seed, Vectors.SellerKeyHash, Now);
        Assert.Equal([Seed], pieces.Inputs);
        Assert.Equal([AgentNameV2.New(Seed.Input, 0).ToAssetName(), AgentNameV2.New(Seed.Input, 1).ToAssetName()], pieces.Agents.Select(a => a.ToAsset().Name));
        Assert.Equal([1L, 1L], pieces.Mint.Assets.Select(a => a.Value));
        Assert.Equal("d87980", Convert.ToHexStringLower(pieces.Mint.Redeemer!.ToCbor()));
        Assert.Equal(
            [
                new TxOutput(Vectors.Seller, Value.Of(Lovelace.FromAda(5), pieces.Agents[0].ToAsset(), 1)),
                new TxOutput(Vectors.Buyer, Value.Of(Lovelace.FromAda(9), pieces.Agents[1].ToAsset(), 1)),
            ],
            pieces.Outputs.ToArray()
        );
        Assert.All(pieces.Agents, a => Assert.IsType<MetadataReading.Agent>(AgentMetadataReader.Read(pieces.AuxiliaryData, a.ToAsset())));
        Assert.True(pieces.InvalidHereafter > Scenes.Slots.SlotAt(Now));
    }

    [Fact]
    public void V1_registers_one_agent_at_a_time_under_the_seeds_hash()
    {
        var pieces = Registry(EscrowFamily.V1).Register([new NewAgent(Agents.V1, Vectors.Seller)], Seed, Vectors.SellerKeyHash, Now);
        Assert.Equal(AgentNameV1.Of(Seed.Input), Assert.Single(pieces.Agents).ToAsset().Name);
        Assert.Throws<ArgumentException>(() =>
            Registry(EscrowFamily.V1)
                .Register([new NewAgent(Agents.V1, Vectors.Seller), new NewAgent(Agents.V1, Vectors.Seller)], Seed, Vectors.SellerKeyHash, Now)
        );
    }

    [Fact]
    public void Updating_burns_the_old_version_and_mints_the_next()
    {
        var old = Agents.V2Token.ToAgentIdentifier()!;
        var token = new Utxo(Scenes.At, new TxOutput(Vectors.Seller, Value.Of(Lovelace.FromAda(5), old.ToAsset(), 1)));
        var pieces = Registry(EscrowFamily.V2).Update([(old, token, new NewAgent(Agents.V2, Vectors.Seller))], Vectors.SellerKeyHash, Now);
        Assert.Equal("10cd144960c7d0af304933602b49b674791e12a0bed5cac97fcda035ab000001", pieces.Agents[0].ToAsset().Name.ToString());
        Assert.Equal([KeyValuePair.Create(pieces.Agents[0].ToAsset().Name, 1L), KeyValuePair.Create(old.ToAsset().Name, -1L)], pieces.Mint.Assets.ToArray());
        Assert.Equal("d87a80", Convert.ToHexStringLower(pieces.Mint.Redeemer!.ToCbor()));
        Assert.IsType<MetadataReading.Refused>(AgentMetadataReader.Read(pieces.AuxiliaryData, old.ToAsset()));
        Assert.IsType<MetadataReading.Agent>(AgentMetadataReader.Read(pieces.AuxiliaryData, pieces.Agents[0].ToAsset()));
    }

    [Theory]
    [InlineData(EscrowFamily.V1, "d87a80")]
    [InlineData(EscrowFamily.V2, "d87b80")]
    public void Retiring_burns_without_metadata_and_returns_the_ada(EscrowFamily family, string redeemer)
    {
        var agent = (family == EscrowFamily.V2 ? Agents.V2Token : Agents.V1Token).ToAgentIdentifier()!;
        var token = new Utxo(Scenes.At, new TxOutput(Vectors.Seller, Value.Of(Lovelace.FromAda(5), agent.ToAsset(), 1)));
        var pieces = Registry(family).Deregister([(agent, token)], Vectors.SellerKeyHash, Now);
        Assert.Equal([KeyValuePair.Create(agent.ToAsset().Name, -1L)], pieces.Mint.Assets.ToArray());
        Assert.Equal(redeemer, Convert.ToHexStringLower(pieces.Mint.Redeemer!.ToCbor()));
        Assert.Empty(pieces.Outputs);
        Assert.Equal([674UL], pieces.AuxiliaryData.Metadata.Keys);
        Assert.Throws<ArgumentException>(() => Registry(family).Deregister([(agent, Seed)], Vectors.SellerKeyHash, Now));
    }

    [Fact]
    public void Added_to_a_plan_the_seed_is_spent_once()
    {
        var pieces = Registry(EscrowFamily.V2).Register([new NewAgent(Agents.V2, Vectors.Seller)], Seed, Vectors.SellerKeyHash, Now);
        var plan = pieces.AddTo(new TransactionPlan { ChangeAddress = Vectors.Seller, Available = [Seed, Scenes.Wallet(Vectors.Seller, 3)] });
        Assert.Equal([Seed], plan.Inputs);
        Assert.Equal([3], plan.Available.Select(a => a.Input.Index));
        Assert.Equal([Vectors.SellerKeyHash], plan.RequiredSigners);
    }
}
