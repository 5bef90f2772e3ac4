using Masumi.Cardano.Scripts;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Registry.V2;

/// <summary>The registry's minting rules (spec registry.md 4.2 and 5.2), with the names of its worked example.</summary>
public class RegistryV2PolicyTests
{
    private const string Root = "cd144960c7d0af304933602b49b674791e12a0bed5cac97fcda035ab";
    private const string Transaction = "b9b1c0beac59bf30494c4d7e02d4eca37e902f4f5394568fa2b676575a58f506";

    private static PlutusData Context(int redeemer, params (string Name, long Quantity)[] tokens) =>
        Context(C((ulong)redeemer), C(0, Ledger.Bytes(0x67)), tokens);

    private static PlutusData Context(PlutusData redeemer, PlutusData info, params (string Name, long Quantity)[] tokens)
    {
        var own = Ledger.Entry(Ledger.Bytes(0x67), M([.. tokens.Select(t => Ledger.Entry(Ledger.Hex(t.Name), I(t.Quantity)))]));
        var others = Ledger.Entry(Ledger.Bytes(0x10), M(Ledger.Entry(Ledger.Hex("01"), I(7))));
        return Ledger.Context(
            info,
            redeemer,
            [
                Ledger.Input(Ledger.Reference(0x42), Ledger.Output(Parties.SellerAddress, new Amount(10_000_000))),
                Ledger.Input(C(0, Ledger.Hex(Transaction), I(1)), Ledger.Output(Parties.SellerAddress, new Amount(10_000_000))),
            ],
            [Ledger.Output(Parties.SellerAddress, new Amount(15_000_000))],
            mint: M(others, own)
        );
    }

    /// <summary>A token is burned, with another purpose than it should be.</summary>
    internal static PlutusData Burning(ulong purpose, byte policy = 0x67) => Context(C(2), C(purpose, Ledger.Bytes(policy)), ($"10{Root}000000", -1));

    /// <summary>An update of tokens of one root, given by nonce, version and quantity.</summary>
    internal static PlutusData Updating(params (string Nonce, int Version, long Quantity)[] tokens) =>
        Context(1, [.. tokens.Select(t => ($"{t.Nonce}{Root}{t.Version:x6}", t.Quantity))]);

    [Fact]
    public void A_token_named_after_a_spent_input_is_minted() => Contract.RegistryAccepts(Context(0, ($"10{Root}000000", 1)));

    [Fact]
    public void Several_tokens_share_an_input_by_their_nonces() =>
        Contract.RegistryAccepts(Context(0, ($"10{Root}000000", 1), ($"11{Root}000000", 1), ($"ff{Root}000000", 1)));

    [Fact]
    public void A_root_of_an_input_that_is_not_spent_is_rejected() =>
        Contract.RegistryRejects("Mint: every token is well named", Context(0, ("106cbf035d37905678151f08be3d7db03aa2c335c1842b7bba9bba304d000000", 1)));

    [Fact]
    public void Every_token_of_a_mint_is_checked() =>
        Contract.RegistryRejects(
            "Mint: every token is well named",
            Context(0, ($"10{Root}000000", 1), ("116cbf035d37905678151f08be3d7db03aa2c335c1842b7bba9bba304d000000", 1))
        );

    [Fact]
    public void Two_of_one_token_are_rejected() => Contract.RegistryRejects("Mint: one of each", Context(0, ($"10{Root}000000", 2)));

    [Fact]
    public void Mint_and_burn_do_not_mix() => Contract.RegistryRejects("Mint: one of each", Context(0, ($"10{Root}000000", 1), ($"11{Root}000000", -1)));

    [Theory]
    [InlineData("0000")]
    [InlineData("00000000")]
    public void A_name_of_another_length_is_rejected(string version) => Contract.RegistryRejects("Mint: 32 bytes", Context(0, ($"10{Root}{version}", 1)));

    [Fact]
    public void A_nonce_that_looks_like_a_label_is_rejected() =>
        Contract.RegistryRejects("Mint: the nonce is no CIP-67 label", Context(0, ($"0f{Root}000000", 1)));

    [Fact]
    public void A_new_token_has_version_zero() => Contract.RegistryRejects("Mint: version 0", Context(0, ($"10{Root}000001", 1)));

    [Theory]
    [InlineData("000000", "000001")]
    [InlineData("00ffff", "010000")]
    public void An_update_burns_one_version_and_mints_the_next(string from, string to) =>
        Contract.RegistryAccepts(Context(1, ($"10{Root}{from}", -1), ($"10{Root}{to}", 1)));

    [Fact]
    public void Several_tokens_are_updated_at_once() =>
        Contract.RegistryAccepts(Context(1, ($"10{Root}000000", -1), ($"10{Root}000001", 1), ($"11{Root}000007", -1), ($"11{Root}000008", 1)));

    [Theory]
    [InlineData("000000", "000000")]
    [InlineData("000000", "000002")]
    [InlineData("000001", "000000")]
    public void An_update_does_not_skip_or_repeat_a_version(string from, string to) =>
        Contract.RegistryRejects("Update: every burned token has its successor", Context(1, ($"10{Root}{from}", -1), ($"10{Root}{to}", 1)));

    [Fact]
    public void The_last_version_has_no_successor() => Contract.RegistryRejects("", Context(1, ($"10{Root}ffffff", -1), ($"10{Root}000000", 1)));

    [Fact]
    public void An_update_keeps_nonce_and_root()
    {
        const string rule = "Update: every burned token has its successor";
        Contract.RegistryRejects(rule, Context(1, ($"10{Root}000000", -1), ($"11{Root}000001", 1)));
        Contract.RegistryRejects(rule, Context(1, ($"10{Root}000000", -1), ("106cbf035d37905678151f08be3d7db03aa2c335c1842b7bba9bba304d000001", 1)));
    }

    [Fact]
    public void An_update_mints_as_many_as_it_burns()
    {
        const string rule = "Update: as many minted as burned";
        Contract.RegistryRejects(rule, Context(1, ($"10{Root}000001", 1)));
        Contract.RegistryRejects(rule, Context(1, ($"10{Root}000000", -1)));
        Contract.RegistryRejects(rule, Context(1, ($"10{Root}000000", -1), ($"10{Root}000001", 1), ($"10{Root}000002", 1)));
    }

    [Fact]
    public void An_update_handles_single_tokens_only() =>
        Contract.RegistryRejects("Update: only one minted or one burned of each", Context(1, ($"10{Root}000000", -2), ($"10{Root}000001", 2)));

    [Fact]
    public void A_burned_name_of_another_length_is_rejected() =>
        Contract.RegistryRejects("Update: 32 bytes", Context(1, ($"10{Root}0000", -1), ($"10{Root}000001", 1)));

    [Fact]
    public void Burning_needs_no_name() => Contract.RegistryAccepts(Context(2, ("01", -1), ($"10{Root}000000", -1)));

    [Fact]
    public void Burning_mints_nothing()
    {
        Contract.RegistryRejects("Burn: one of each is burned", Context(2, ($"10{Root}000000", -1), ($"11{Root}000000", 1)));
        Contract.RegistryRejects("Burn: one of each is burned", Context(2, ($"10{Root}000000", -2)));
    }

    [Fact]
    public void An_unknown_action_is_rejected() => Contract.RegistryRejects("known action", Context(3, ($"10{Root}000000", -1)));

    [Fact]
    public void An_action_with_an_argument_is_rejected() =>
        Contract.RegistryRejects("actions have no arguments", Context(C(2, I(0)), C(0, Ledger.Bytes(0x67)), ($"10{Root}000000", -1)));

    [Fact]
    public void The_policy_serves_no_other_purpose() =>
        Contract.RegistryRejects("this script only guards a mint", Context(C(2), C(1, Ledger.Reference(0x42), Ledger.None), ($"10{Root}000000", -1)));
}
