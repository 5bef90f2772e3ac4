using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.CertificateWorld;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>DELEG: accounts are registered, unregistered and delegated; deposits are paid and come back.</summary>
public sealed class StakeCertificateTests
{
    private const long Ada2 = 2_000_000;

    private static readonly DRep Abstain = new DRep.AlwaysAbstain();
    private static readonly DRep BobAsDRep = new DRep.ByCredential(BobsStake);

    [Fact]
    public void Registering_pays_the_deposit_and_makes_an_account()
    {
        var state = Valid(At(11).Apply(Ada2, Register(AlicesStake, KeyDeposit)));

        Assert.Equal(new StakeAccount(KeyDeposit, Lovelace.Zero), state.Certs.Accounts[AlicesStake]);
    }

    [Fact]
    public void The_deposit_must_be_paid() =>
        Only(At(11).Apply(0, Register(AlicesStake, KeyDeposit)), "ValueNotConservedUTxO", "Coin 2000000000", "Coin 2002000000");

    [Theory]
    [InlineData(10, "IncorrectDepositDELEG")]
    [InlineData(11, "DepositIncorrectDELEG")]
    public void A_registration_names_the_deposit_of_the_parameters(int version, string predicate) =>
        Only(At(version).Apply(Ada2, Register(AlicesStake, new Lovelace(1))), predicate, "Coin 1", "Coin 2000000");

    [Fact]
    public void Only_the_oldest_kind_of_registration_needs_no_signature()
    {
        Valid(At(11).Apply(Body(Ada2, Register(AlicesStake))));
        Only(At(11).Apply(Body(Ada2, Register(AlicesStake, KeyDeposit))), "MissingVKeyWitnessesUTXOW");
        Only(At(11, CertState.Empty.Registered(AlicesStake)).Apply(Body(-Ada2, Unregister(AlicesStake))), "MissingVKeyWitnessesUTXOW");
    }

    [Fact]
    public void What_is_registered_cannot_be_registered_again() =>
        Only(
            At(11, CertState.Empty.Registered(AlicesStake)).Apply(Ada2, Register(AlicesStake)),
            "StakeKeyRegisteredDELEG",
            $"KeyHash {Alice.Stake.KeyHash}",
            "a credential not registered yet"
        );

    [Fact]
    public void Unregistering_gives_back_what_was_paid_then()
    {
        var world = At(11, CertState.Empty.Registered(AlicesStake, deposit: 5_000_000));

        Assert.Empty(Valid(world.Apply(-5_000_000, Unregister(AlicesStake))).Certs.Accounts);
        Assert.Empty(Valid(world.Apply(-5_000_000, Unregister(AlicesStake, Lovelace.FromAda(5)))).Certs.Accounts);
    }

    [Theory]
    [InlineData(10, "IncorrectDepositDELEG")]
    [InlineData(11, "RefundIncorrectDELEG")]
    public void Unregistering_names_the_refund_that_is_due(int version, string predicate) =>
        Only(At(version, CertState.Empty.Registered(AlicesStake)).Apply(-Ada2, Unregister(AlicesStake, new Lovelace(7))), predicate, "Coin 7", "Coin 2000000");

    [Fact]
    public void What_is_not_registered_cannot_be_unregistered() =>
        Only(At(11).Apply(0, Unregister(AlicesStake)), "StakeKeyNotRegisteredDELEG", $"KeyHash {Alice.Stake.KeyHash}", "a registered credential");

    [Fact]
    public void An_account_with_rewards_stays() =>
        Only(
            At(11, CertState.Empty.Registered(AlicesStake, rewards: 3)).Apply(-Ada2, Unregister(AlicesStake)),
            "StakeKeyHasNonZeroAccountBalanceDELEG",
            "Coin 3",
            "Coin 0"
        );

    [Fact]
    public void Rewards_can_be_withdrawn_and_the_account_unregistered_at_once()
    {
        var world = At(11, CertState.Empty.Registered(AlicesStake, rewards: 3_000_000, drep: Abstain));
        var body = Body(-5_000_000, Unregister(AlicesStake)) with { Withdrawals = [new(AlicesAccount, Lovelace.FromAda(3))] };

        Assert.Empty(Valid(world.Apply(body, signers: Everyone)).Certs.Accounts);
    }

    [Fact]
    public void A_delegation_changes_what_it_names_and_nothing_else()
    {
        var certs = CertState.Empty.Registered(AlicesStake, rewards: 9).WithPool(Pool).WithDRep(BobsStake);

        Assert.Equal(new StakeAccount(KeyDeposit, new Lovelace(9), Pool), After(Delegate(AlicesStake, Pool)));
        Assert.Equal(new StakeAccount(KeyDeposit, new Lovelace(9), null, Abstain), After(Delegate(AlicesStake, Abstain)));
        Assert.Equal(new StakeAccount(KeyDeposit, new Lovelace(9), Pool, BobAsDRep), After(Delegate(AlicesStake, Pool, BobAsDRep)));
        Assert.Equal(
            new StakeAccount(KeyDeposit, new Lovelace(9), Pool, Abstain),
            After(Delegate(AlicesStake, Pool, BobAsDRep), Delegate(AlicesStake, Abstain))
        );

        StakeAccount After(params Certificate[] certificates) => Valid(At(11, certs).Apply(0, certificates)).Certs.Accounts[AlicesStake];
    }

    [Fact]
    public void Registering_can_delegate_at_once()
    {
        var world = At(11, CertState.Empty.WithPool(Pool).WithDRep(BobsStake));

        Assert.Equal(new StakeAccount(KeyDeposit, Lovelace.Zero, Pool), After(RegisterDelegating(AlicesStake, Pool)));
        Assert.Equal(new StakeAccount(KeyDeposit, Lovelace.Zero, null, BobAsDRep), After(RegisterDelegating(AlicesStake, BobAsDRep)));
        Assert.Equal(new StakeAccount(KeyDeposit, Lovelace.Zero, Pool, BobAsDRep), After(RegisterDelegating(AlicesStake, Pool, BobAsDRep)));

        StakeAccount After(Certificate certificate) => Valid(world.Apply(Ada2, certificate)).Certs.Accounts[AlicesStake];
    }

    [Fact]
    public void Only_what_is_registered_delegates() =>
        Only(At(11).Apply(0, Delegate(AlicesStake, Abstain)), "StakeKeyNotRegisteredDELEG", $"KeyHash {Alice.Stake.KeyHash}", "a registered credential");

    [Fact]
    public void Stake_is_delegated_to_registered_pools() =>
        Only(
            At(11, CertState.Empty.Registered(AlicesStake).WithPool(Pool)).Apply(0, Delegate(AlicesStake, UnknownPool)),
            "DelegateeStakePoolNotRegisteredDELEG",
            $"KeyHash {UnknownPool}",
            "a registered pool"
        );

    [Fact]
    public void Votes_are_delegated_to_registered_representatives_since_protocol_version_10()
    {
        var certs = CertState.Empty.Registered(AlicesStake);

        Only(At(10, certs).Apply(0, Delegate(AlicesStake, BobAsDRep)), "DelegateeDRepNotRegisteredDELEG", $"KeyHash {Bob.Stake.KeyHash}", "a registered DRep");
        Valid(At(9, certs).Apply(0, Delegate(AlicesStake, BobAsDRep)));
    }

    [Fact]
    public void Certificates_are_judged_in_their_order()
    {
        var world = At(11, CertState.Empty.Registered(AlicesStake));
        var delegation = Delegate(AlicesStake, Abstain);

        Valid(world.Apply(-Ada2, delegation, Unregister(AlicesStake)));
        Only(world.Apply(-Ada2, Unregister(AlicesStake), delegation), "StakeKeyNotRegisteredDELEG");
        Valid(world.Apply(0, Unregister(AlicesStake), Register(AlicesStake), delegation));
    }

    [Fact]
    public void What_is_registered_and_unregistered_in_one_transaction_costs_nothing() =>
        Assert.Empty(Valid(At(11).Apply(0, Register(AlicesStake), Unregister(AlicesStake))).Certs.Accounts);

    [Fact]
    public void A_native_script_must_agree_to_the_certificates_of_its_credential()
    {
        var world = At(11, CertState.Empty.Registered(Credential.Script(AliceMustSign.Hash)));
        var body = Body(0, Delegate(Credential.Script(AliceMustSign.Hash), Abstain));
        var witnesses = new WitnessSet { Scripts = [AliceMustSign] };

        Valid(world.Apply(body, witnesses));
        Only(world.Apply(body), "MissingScriptWitnessesUTXOW", $"{AliceMustSign.Hash}", $"[{AliceMustSign.Hash}]");
    }

    [Fact]
    public void A_Plutus_script_is_run_for_the_certificates_of_its_credential()
    {
        var world = At(11, CertState.Empty.Registered(Contract));
        var body = Body(0, Register(AlicesStake), Delegate(Contract, Abstain), Unregister(AlicesStake)) with { Collateral = [World.Collateral.Input] };
        var witnesses = new WitnessSet { Scripts = [Accepts], Redeemers = [RedeemerFor(RedeemerTag.Cert, 1)] };

        Assert.Equal(Abstain, Valid(Apply(witnesses)).Certs.Accounts[Contract].DRep);
        Only(Apply(witnesses with { Redeemers = [] }), "MissingRedeemers", "cert:1", "[cert:1]");

        ApplyResult Apply(WitnessSet given) =>
            world.Apply(body with { ScriptDataHash = world.DataHash(given, ScriptLanguage.PlutusV3) }, given, signers: Everyone);
    }

    [Fact]
    public void The_oldest_registration_of_a_script_needs_neither_script_nor_redeemer() =>
        Assert.Contains(Contract, Valid(At(11).Apply(Ada2, Register(Contract))).Certs.Accounts.Keys);
}
