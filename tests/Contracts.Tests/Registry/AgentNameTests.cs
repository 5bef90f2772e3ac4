using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;

namespace Masumi.Contracts.Tests.Registry;

public sealed class AgentNameTests
{
    private const string Policy = "7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f77";
    private static readonly TransactionId TxId = TransactionId.Parse("b9b1c0beac59bf30494c4d7e02d4eca37e902f4f5394568fa2b676575a58f506");

    [Theory]
    [InlineData(1, "ad47fe351db6feb95018eac9b119435b45322568e1992279805360b9b045c249")]
    [InlineData(0, "2124886cfb50dc36be937f1bc6cd6d5b9c88c10a5c3ec36b9b1efcf2682586a9")]
    [InlineData(5, "0987923101c4bc5a2f4ea564cfe8f44613fc9c20cdfbdcf5da7b22748dd416e1")]
    public void V1_names_hash_the_spent_output_with_a_big_endian_index(int index, string name)
    {
        Assert.Equal(name, AgentNameV1.Of(new TxInput(TxId, index)).ToString());
    }

    [Theory]
    [InlineData(1, "cd144960c7d0af304933602b49b674791e12a0bed5cac97fcda035ab")]
    [InlineData(0, "6cbf035d37905678151f08be3d7db03aa2c335c1842b7bba9bba304d")]
    [InlineData(5, "062a63efdf48b8c5b966d2159a3716d4739d5e217c007a9f8dad8f66")]
    public void V2_names_carry_nonce_root_and_version(int index, string root)
    {
        var seed = new TxInput(TxId, index);
        Assert.Equal($"10{root}000000", AgentNameV2.New(seed).ToAssetName().ToString());
        Assert.Equal($"11{root}000000", AgentNameV2.New(seed, 1).ToAssetName().ToString());
        Assert.Equal($"ff{root}000000", AgentNameV2.New(seed, AgentNameV2.NamesPerSeed - 1).ToAssetName().ToString());
        Assert.Equal($"10{root}000001", AgentNameV2.New(seed).Next()!.ToAssetName().ToString());
    }

    [Fact]
    public void Versions_carry_over_and_end()
    {
        var name = new AgentNameV2(0x10, Hash28.Parse(Policy), 0xffff);
        Assert.Equal($"10{Policy}010000", name.Next()!.ToAssetName().ToString());
        Assert.Null((name with { Version = AgentNameV2.LastVersion }).Next());
        Assert.Equal(name, AgentNameV2.Of(name.ToAssetName()));
    }

    [Fact]
    public void Names_the_v2_policy_cannot_have_minted_are_no_v2_names()
    {
        Assert.Null(AgentNameV2.Of(AssetName.FromHex("0f" + Policy + "000000")));
        Assert.Null(AgentNameV2.Of(AssetName.FromHex("10")));
        Assert.Throws<ArgumentOutOfRangeException>(() => AgentNameV2.New(new TxInput(TxId, 0), AgentNameV2.NamesPerSeed));
    }

    [Fact]
    public void V1_burns_with_the_bytes_v2_updates_with()
    {
        static string Hex(RegistryAction action, EscrowFamily family) => Convert.ToHexStringLower(RegistryRedeemer.Of(action, family).ToCbor());
        Assert.Equal("d87980", Hex(RegistryAction.Mint, EscrowFamily.V1));
        Assert.Equal("d87980", Hex(RegistryAction.Mint, EscrowFamily.V2));
        Assert.Equal("d87a80", Hex(RegistryAction.Burn, EscrowFamily.V1));
        Assert.Equal("d87a80", Hex(RegistryAction.Update, EscrowFamily.V2));
        Assert.Equal("d87b80", Hex(RegistryAction.Burn, EscrowFamily.V2));
        Assert.Throws<ArgumentException>(() => RegistryRedeemer.Of(RegistryAction.Update, EscrowFamily.V1));
    }
}
