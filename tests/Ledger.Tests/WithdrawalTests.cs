using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.CertificateWorld;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>Withdrawals: all of it, from registered accounts, by those who may.</summary>
public sealed class WithdrawalTests
{
    private static readonly DRep Abstain = new DRep.AlwaysAbstain();

    [Fact]
    public void A_withdrawal_is_consumed_and_empties_the_account()
    {
        var state = Valid(Withdraw(At(11, Rewards(7_000_000)), AlicesAccount, 7_000_000));

        Assert.Equal(Lovelace.Zero, state.Certs.Accounts[AlicesStake].Rewards);
    }

    [Fact]
    public void Nothing_can_be_withdrawn_from_an_account_without_rewards() => Valid(Withdraw(At(11, Rewards(0)), AlicesAccount, 0));

    [Theory]
    [InlineData(10, "WithdrawalsNotInRewardsCERTS", LedgerRule.Certs)]
    [InlineData(11, "ConwayIncompleteWithdrawals", LedgerRule.Ledger)]
    public void All_is_withdrawn_or_nothing(int version, string predicate, LedgerRule rule)
    {
        var result = Withdraw(At(version, Rewards(7_000_000)), AlicesAccount, 6_999_999);

        Only(result, predicate, $"{AlicesAccount}: Coin 6999999", $"{AlicesAccount}: Coin 7000000");
        Assert.Equal(rule, Failures(result)[0].Rule);
    }

    [Theory]
    [InlineData(9, "WithdrawalsNotInRewardsCERTS", "not registered")]
    [InlineData(11, "ConwayWithdrawalsMissingAccounts", "registered accounts of this network")]
    public void The_account_is_registered(int version, string predicate, string expected)
    {
        var account = Address.Reward(NetworkId.Testnet, Credential.Script(AliceMustSign.Hash));
        var body = Body(0) with { Withdrawals = [new(account, Lovelace.Zero)] };

        var failure = Only(At(version).Apply(body, new WitnessSet { Scripts = [AliceMustSign] }), predicate);

        Assert.Equal($"{account}: Coin 0", failure.Supplied);
        Assert.EndsWith(expected, failure.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(11, false)]
    public void A_key_withdraws_only_with_its_vote_delegated_since_protocol_version_10(int version, bool accepted)
    {
        var result = Withdraw(At(version, CertState.Empty.Registered(AlicesStake)), AlicesAccount, 0);

        if (accepted)
        {
            Valid(result);
        }
        else
        {
            Only(result, "ConwayWdrlNotDelegatedToDRep", $"KeyHash {Alice.Stake.KeyHash}", "accounts delegated to a DRep");
        }
    }

    [Fact]
    public void A_vote_delegated_in_the_same_transaction_comes_too_late() =>
        Only(
            At(11, CertState.Empty.Registered(AlicesStake))
                .Apply(Body(0, Delegate(AlicesStake, Abstain)) with { Withdrawals = [new(AlicesAccount, Lovelace.Zero)] }, signers: Everyone),
            "ConwayWdrlNotDelegatedToDRep"
        );

    [Fact]
    public void The_key_of_the_account_signs() =>
        Only(
            At(11, Rewards(0)).Apply(Body(0) with { Withdrawals = [new(AlicesAccount, Lovelace.Zero)] }),
            "MissingVKeyWitnessesUTXOW",
            $"KeyHash {Alice.Stake.KeyHash}",
            string.Join(", ", new[] { Alice.Payment.KeyHash, Alice.Stake.KeyHash }.Order().Select(h => $"KeyHash {h}"))
        );

    [Fact]
    public void WrongNetworkWithdrawal()
    {
        var abroad = Address.Reward(NetworkId.Mainnet, AlicesStake);

        var failures = Failures(Withdraw(At(11, Rewards(0)), abroad, 0));

        Assert.Equal(["ConwayWithdrawalsMissingAccounts", "WrongNetworkWithdrawal"], failures.Select(f => f.Predicate));
        Assert.Equal(($"{abroad}", "Testnet"), (failures[1].Supplied, failures[1].Expected));
    }

    [Fact]
    public void Script_accounts_need_no_delegation_but_their_script_and_are_counted_before_key_accounts()
    {
        var world = At(11, Rewards(0).Registered(Contract, rewards: 5_000_000));
        var body = Body(-5_000_000) with
        {
            // The key account stands first in the bytes; the redeemer's index does not count it.
            Withdrawals = [new(AlicesAccount, Lovelace.Zero), new(Address.Reward(NetworkId.Testnet, Contract), Lovelace.FromAda(5))],
            Collateral = [World.Collateral.Input],
        };
        var witnesses = new WitnessSet { Scripts = [Accepts], Redeemers = [RedeemerFor(RedeemerTag.Reward, 0)] };

        Valid(Apply(witnesses));
        All(Apply(witnesses with { Redeemers = [RedeemerFor(RedeemerTag.Reward, 1)] }), "ExtraRedeemers", "MissingRedeemers");

        ApplyResult Apply(WitnessSet given) =>
            world.Apply(body with { ScriptDataHash = world.DataHash(given, ScriptLanguage.PlutusV3) }, given, signers: Everyone);
    }

    [Fact]
    public void A_transaction_whose_scripts_fail_neither_withdraws_nor_registers_and_is_not_judged_for_it()
    {
        var world = At(11, Rewards(7_000_000));
        world = world with { State = world.State with { Utxos = world.State.Utxos.Add(LockedToFail.Input, LockedToFail.Output) } };
        var body = Body(-20_000_000 - 7_000_000 + 2_000_000, Register(BobsStake), Delegate(Contract, Abstain)) with
        {
            Withdrawals = [new(AlicesAccount, Lovelace.FromAda(7))],
            Collateral = [World.Collateral.Input],
        };
        body = body with { Inputs = [LockedToFail.Input, .. body.Inputs] };
        var witnesses = new WitnessSet { Scripts = [Refuses, Accepts], Redeemers = [RedeemerFor(RedeemerTag.Spend, 0), RedeemerFor(RedeemerTag.Cert, 1)] };
        body = body with { ScriptDataHash = world.DataHash(witnesses, ScriptLanguage.PlutusV3) };

        // Contract is not registered, so the delegation would be refused.
        Assert.Contains(Failures(world.Apply(body, witnesses, signers: Everyone)), f => f.Predicate == "StakeKeyNotRegisteredDELEG");
        var state = Valid(world.Apply(body, witnesses, isValid: false, signers: Everyone));

        Assert.Equal(world.State.Certs, state.Certs);
        Assert.Equal(Lovelace.FromAda(5), state.FeePot);
    }

    private static CertState Rewards(long rewards) => CertState.Empty.Registered(AlicesStake, rewards, Abstain);

    private static ApplyResult Withdraw(World world, Address account, long amount) =>
        world.Apply(Body(-amount) with { Withdrawals = [new(account, new Lovelace(amount))] }, signers: Everyone);
}
