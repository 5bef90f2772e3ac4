using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus.FlatFormat;

namespace Masumi.Contracts.Tests.Escrow;

public sealed class EscrowParametersTests
{
    private static readonly EscrowContract V1 = KnownDeployments.PreprodV1.Contract;
    private static readonly EscrowContract V2 = KnownDeployments.PreprodV2.Contract;

    public static TheoryData<EscrowParameter, EscrowContract> Senseless =>
        new()
        {
            { EscrowParameter.RequiredAdmins, V1 with { RequiredAdmins = 0 } },
            { EscrowParameter.RequiredAdmins, V1 with { RequiredAdmins = -1 } },
            { EscrowParameter.RequiredAdmins, V2 with { RequiredAdmins = 0 } },
            { EscrowParameter.RequiredAdmins, V2 with { RequiredAdmins = 4 } },
            { EscrowParameter.Admins, V2 with { Admins = [] } },
            { EscrowParameter.Admins, V1 with { Admins = [.. Enumerable.Repeat(V1.Admins[0], 51)] } },
            { EscrowParameter.Cooldown, V1 with { Cooldown = TimeSpan.FromMilliseconds(-1) } },
            { EscrowParameter.Cooldown, V2 with { Cooldown = TimeSpan.FromTicks(1) } },
            { EscrowParameter.Cooldown, V2 with { Cooldown = EscrowParameters.MostCooldown + TimeSpan.FromMilliseconds(1) } },
            { EscrowParameter.FeePermille, V1 with { FeePermille = -1 } },
            { EscrowParameter.FeePermille, V1 with { FeePermille = 1001 } },
            { EscrowParameter.FeePermille, V2 with { FeePermille = 1 } },
            { EscrowParameter.FeeAddress, V1 with { FeeAddress = null } },
            { EscrowParameter.FeeAddress, V1 with { FeeAddress = Address.Reward(NetworkId.Testnet, Credential.Key(V1.Admins[0])) } },
            { EscrowParameter.FeeAddress, V2 with { FeeAddress = V1.FeeAddress } },
        };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Senseless))]
    public void Parameters_that_hold_nothing_are_named_and_never_applied(EscrowParameter parameter, EscrowContract contract)
    {
        Assert.Equal(parameter, Assert.Single(EscrowParameters.Refusals(contract)).Parameter);
        Assert.Contains($"{parameter}: ", Assert.Throws<ArgumentException>(() => contract.Parameters()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EscrowScript.Of(contract));
        Assert.Throws<ArgumentException>(() => ContractCatalog.Parameters(ContractKind.Escrow, contract));
    }

    [Fact]
    public void What_is_deployed_and_what_is_at_a_limit_is_allowed()
    {
        Assert.All(KnownDeployments.All, d => Assert.Empty(EscrowParameters.Refusals(d.Contract, d.NetworkId)));
        EscrowContract[] limits =
        [
            V1 with
            {
                RequiredAdmins = 3,
                FeePermille = 1000,
                Cooldown = EscrowParameters.MostCooldown,
            },
            V1 with
            {
                RequiredAdmins = 1,
                FeePermille = 0,
                Cooldown = TimeSpan.Zero,
            },
            // Weight: one key twice.
            V2 with
            {
                RequiredAdmins = 2,
                Admins = [V2.Admins[0], V2.Admins[0]],
            },
        ];
        Assert.All(limits, c => Assert.Empty(EscrowParameters.Refusals(c)));
    }

    [Fact]
    public void The_fee_goes_to_the_contracts_network() =>
        Assert.Equal(EscrowParameter.FeeAddress, Assert.Single(EscrowParameters.Refusals(V1, NetworkId.Mainnet)).Parameter);

    [Fact]
    public void All_that_is_wrong_is_said()
    {
        var contract = V1 with { RequiredAdmins = 0, Cooldown = TimeSpan.FromSeconds(-1), FeePermille = 2000, FeeAddress = null };
        Assert.Equal(4, EscrowParameters.Refusals(contract).Length);
    }

    [Fact]
    public void Parameters_are_read_back_from_a_script_in_every_form_it_may_have()
    {
        foreach (var contract in new[] { V1 with { FeePermille = 30, RequiredAdmins = 1 }, V2 with { Cooldown = TimeSpan.FromSeconds(1) } })
        {
            var program = ContractCatalog.Own.Single(c => c.Family == contract.Family && c.Kind == ContractKind.Escrow).Program;
            var bare = program.ToScript(ScriptLanguage.PlutusV3);
            Assert.Null(AppliedParameters.Escrow(bare, contract.Family, NetworkId.Testnet));
            var file = new ScriptFile(bare, null);
            foreach (var form in new[] { ScriptForm.Applied, ScriptForm.AppliedAndReencoded })
            {
                var script = file.Of(form, contract.Parameters());
                var read = AppliedParameters.Escrow(script, contract.Family, NetworkId.Testnet)!;
                Assert.Equal(contract.Parameters(), read.Parameters());
                Assert.Equal(EscrowScript.AddressOf(script, NetworkId.Testnet), read.Address);
                var other = contract.Family == EscrowFamily.V1 ? EscrowFamily.V2 : EscrowFamily.V1;
                Assert.Throws<FormatException>(() => AppliedParameters.Escrow(script, other, NetworkId.Testnet));
            }
        }
    }

    [Fact]
    public void A_script_with_its_parameters_is_not_applied_once_more()
    {
        foreach (var contract in new[] { V1, V2 })
        {
            var applied = new ScriptFile(EscrowScript.Of(contract), null);
            Assert.Equal(applied.Script, applied.Resolve(contract.Family, contract.Parameters(), null));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_no_contract_has_is_not_read(int which)
    {
        var good = V2.Parameters();
        ImmutableArray<PlutusData> bad = which switch
        {
            0 => good.SetItem(0, PlutusData.B(new byte[1])),
            1 => good.SetItem(1, PlutusData.L(PlutusData.B(new byte[27]))),
            _ => good.RemoveAt(2),
        };
        Assert.Throws<FormatException>(() => EscrowParameters.Read(bad, EscrowFamily.V2, NetworkId.Testnet));
        var huge = good.SetItem(0, PlutusData.I(System.Numerics.BigInteger.Pow(2, 70))).SetItem(2, PlutusData.I(System.Numerics.BigInteger.Pow(2, 70)));
        Assert.Equal(2, EscrowParameters.Refusals(EscrowParameters.Read(huge, EscrowFamily.V2, NetworkId.Testnet)).Length);
    }
}
