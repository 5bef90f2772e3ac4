using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Registry.V1;

/// <summary>The registry policy of the V1 rules (spec registry.md 4.1).</summary>
public class RegistryV1PolicyTests
{
    private static readonly PlutusData Policy = Ledger.Bytes(0x77);
    private static readonly PlutusData Spent = C(0, Ledger.Hex("b9b1c0beac59bf30494c4d7e02d4eca37e902f4f5394568fa2b676575a58f506"), I(1));

    // Spec registry.md 5.3.
    private const string Name = "ad47fe351db6feb95018eac9b119435b45322568e1992279805360b9b045c249";
    private const string NameOfIndex0 = "2124886cfb50dc36be937f1bc6cd6d5b9c88c10a5c3ec36b9b1efcf2682586a9";
    private const string LittleEndian = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";

    private static PlutusData Context(PlutusData redeemer, params (string Name, int Quantity)[] tokens)
    {
        var mint = M(
            Ledger.Entry(Ledger.Bytes(0x11), M(Ledger.Entry(Ledger.Hex("aa"), I(5)))),
            Ledger.Entry(Policy, M([.. tokens.Select(t => Ledger.Entry(Ledger.Hex(t.Name), I(t.Quantity)))]))
        );
        var output = Ledger.Output(Parties.SellerAddress, new Amount(5_000_000));
        return Ledger.Context(C(0, Policy), redeemer, [Ledger.Input(Ledger.Reference(0x22), output), Ledger.Input(Spent, output)], [output], mint: mint);
    }

    /// <summary>A token is burned, with another redeemer or purpose than it should be.</summary>
    internal static PlutusData Burning(PlutusData redeemer, ulong purpose = 0, byte policy = 0x77)
    {
        var context = (Constr)Context(redeemer, (Name, -1));
        return C(0, context.Fields[0], context.Fields[1], C(purpose, Ledger.Bytes(policy)));
    }

    private static void Accepts(PlutusData context) => Contract.RegistryAccepts(context, EscrowFamily.V1);

    private static void Rejects(string rule, PlutusData context) => Contract.RegistryRejects(rule, context, EscrowFamily.V1);

    [Fact]
    public void A_token_is_named_after_any_spent_output() => Accepts(Context(C(0), (Name, 1)));

    [Theory]
    [InlineData(NameOfIndex0)]
    [InlineData(LittleEndian)]
    [InlineData("")]
    [InlineData(Name + "00")]
    public void Another_name_is_rejected(string name) => Rejects("Mint: named after a spent output", Context(C(0), (name, 1)));

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void One_token_is_minted(int quantity) => Rejects("Mint: one of it", Context(C(0), (Name, quantity)));

    [Fact]
    public void A_transaction_has_one_token()
    {
        Rejects("one token", Context(C(0), (NameOfIndex0, 1), (Name, 1)));
        Rejects("one token", Context(C(1), (NameOfIndex0, -1), (Name, -1)));
        Rejects("one token", Context(C(0), (NameOfIndex0, -1), (Name, 1)));
    }

    [Fact]
    public void A_token_of_any_name_is_burned()
    {
        Accepts(Context(C(1), (Name, -1)));
        Accepts(Context(C(1), ("00", -1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-2)]
    public void One_token_is_burned(int quantity) => Rejects("Burn: one of it", Context(C(1), (Name, quantity)));

    [Fact]
    public void There_are_two_actions_without_arguments()
    {
        Rejects("known action", Context(C(2), (Name, 1)));
        Rejects("actions have no arguments", Context(C(0, I(1)), (Name, 1)));
    }

    [Fact]
    public void Other_purposes_are_refused()
    {
        var context = (Constr)Context(C(0), (Name, 1));
        Rejects("this script only guards a mint", C(0, context.Fields[0], context.Fields[1], C(1, Spent, Ledger.None)));
    }

    [Fact]
    public void Every_escrow_address_has_a_policy_of_its_own()
    {
        var testnet = RegistryScript.V1(KnownDeployments.PreprodV1.EscrowAddress);
        Assert.NotEqual(testnet.Hash, RegistryScript.V1(KnownDeployments.MainnetV1.EscrowAddress).Hash);
        Assert.Equal(testnet.Hash, RegistryScript.Of(EscrowFamily.V1, KnownDeployments.PreprodV1.EscrowAddress).Hash);
        Assert.Equal(RegistryScript.V2.Hash, RegistryScript.Of(EscrowFamily.V2, KnownDeployments.PreprodV1.EscrowAddress).Hash);
    }
}
