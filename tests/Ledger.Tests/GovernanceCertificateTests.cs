using Masumi.Cardano;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.CertificateWorld;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>GOVCERT: representatives and the committee's keys.</summary>
public sealed class GovernanceCertificateTests
{
    private const long Ada500 = 500_000_000;

    private static readonly string Bobs = $"KeyHash {Bob.Stake.KeyHash}";

    [Fact]
    public void A_representative_pays_a_deposit_and_gets_it_back()
    {
        var registered = Valid(At(11).Apply(Ada500, RegisterDRep(BobsStake, DRepDeposit)));
        Assert.Equal(DRepDeposit, registered.Certs.DReps[BobsStake]);

        Assert.Empty(Valid(At(11, registered.Certs).Apply(-Ada500, UnregisterDRep(BobsStake, DRepDeposit))).Certs.DReps);
    }

    [Fact]
    public void The_deposit_of_a_representative_is_a_parameter() =>
        Only(At(11).Apply(Ada500, RegisterDRep(BobsStake, new Lovelace(1))), "ConwayDRepIncorrectDeposit", "Coin 1", "Coin 500000000");

    [Fact]
    public void A_representative_registers_once() =>
        Only(
            At(11, CertState.Empty.WithDRep(BobsStake)).Apply(Ada500, RegisterDRep(BobsStake, DRepDeposit)),
            "ConwayDRepAlreadyRegistered",
            Bobs,
            "a DRep not registered yet"
        );

    [Fact]
    public void The_refund_is_the_deposit_paid() =>
        Only(
            At(11, CertState.Empty.WithDRep(BobsStake)).Apply(-Ada500, UnregisterDRep(BobsStake, new Lovelace(3))),
            "ConwayDRepIncorrectRefund",
            "Coin 3",
            "Coin 500000000"
        );

    [Fact]
    public void Who_is_no_representative_can_neither_stop_nor_change()
    {
        Only(At(11).Apply(0, UnregisterDRep(BobsStake, DRepDeposit)), "ConwayDRepNotRegistered", Bobs, "a registered DRep");
        Only(At(11).Apply(0, UpdateDRep(BobsStake)), "ConwayDRepNotRegistered", Bobs, "a registered DRep");
        Valid(At(11, CertState.Empty.WithDRep(BobsStake)).Apply(0, UpdateDRep(BobsStake)));
    }

    [Fact]
    public void A_representative_that_stops_leaves_no_delegation_behind()
    {
        var certs = CertState.Empty.WithDRep(BobsStake).Registered(AlicesStake, drep: new DRep.ByCredential(BobsStake));

        Assert.Null(Valid(At(11, certs).Apply(-Ada500, UnregisterDRep(BobsStake, DRepDeposit))).Certs.Accounts[AlicesStake].DRep);
    }

    [Fact]
    public void A_representative_signs_for_itself() => Only(At(11).Apply(Body(Ada500, RegisterDRep(BobsStake, DRepDeposit))), "MissingVKeyWitnessesUTXOW");

    [Fact]
    public void A_committee_member_authorises_a_hot_key_changes_it_and_resigns_for_good()
    {
        var world = At(11, CertState.Empty.WithMember(BobsStake));

        var hot = Valid(world.Apply(0, AuthorizeHot(BobsStake, AlicesStake), AuthorizeHot(BobsStake, Contract)));
        Assert.Equal(new CommitteeMember(true, Contract), hot.Certs.Committee[BobsStake]);
        var resigned = Valid(world.Apply(0, ResignCold(BobsStake)));
        Assert.Equal(new CommitteeMember(true, HasResigned: true), resigned.Certs.Committee[BobsStake]);
        foreach (var certificate in new[] { AuthorizeHot(BobsStake, AlicesStake), ResignCold(BobsStake) })
        {
            Only(At(11, resigned.Certs).Apply(0, certificate), "ConwayCommitteeHasPreviouslyResigned", Bobs, "a member that has not resigned");
        }
    }

    [Fact]
    public void Only_members_of_the_committee_have_hot_keys()
    {
        Only(At(11).Apply(0, AuthorizeHot(BobsStake, AlicesStake)), "ConwayCommitteeIsUnknown", Bobs, "a member of the committee");
        Only(At(11).Apply(0, ResignCold(BobsStake)), "ConwayCommitteeIsUnknown", Bobs, "a member of the committee");
    }
}
