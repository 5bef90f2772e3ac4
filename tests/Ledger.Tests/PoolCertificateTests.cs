using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Ledger.State;
using static Masumi.Ledger.Tests.CertificateWorld;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>POOL, and what becomes of pools where an epoch ends.</summary>
public sealed class PoolCertificateTests
{
    private const long Ada500 = 500_000_000;

    private static readonly Hash32 OtherVrf = new([.. Enumerable.Repeat((byte)8, 32)]);

    [Fact]
    public void Registering_a_pool_pays_its_deposit()
    {
        var state = Valid(At(11).Apply(Ada500, RegisterPool(Pool)));

        Assert.Equal(new StakePool(PoolDeposit, new StakePoolParameters(Vrf, AlicesStake)), state.Certs.Pools[Pool]);
    }

    [Fact]
    public void Operator_and_owners_sign()
    {
        var body = Body(Ada500, RegisterPool(Pool, owner: Bob.Stake.KeyHash));

        Valid(At(11).Apply(body, signers: [Alice.Payment, Bob.Stake]));
        Only(
            At(11).Apply(body),
            "MissingVKeyWitnessesUTXOW",
            $"KeyHash {Bob.Stake.KeyHash}",
            string.Join(", ", new[] { Alice.Payment.KeyHash, Bob.Stake.KeyHash }.Order().Select(h => $"KeyHash {h}"))
        );
    }

    [Fact]
    public void A_change_is_free_comes_into_force_with_the_next_epoch_and_calls_off_a_retirement()
    {
        var state = Valid(At(11, CertState.Empty.WithPool(Pool)).Apply(0, RetirePool(Pool, 11), RegisterPool(Pool, OtherVrf)));

        var changed = new StakePoolParameters(OtherVrf, AlicesStake);
        Assert.Equal(new StakePool(PoolDeposit, new StakePoolParameters(Vrf, AlicesStake), changed), state.Certs.Pools[Pool]);
        Assert.Equal(new StakePool(PoolDeposit, changed), state.AtEpoch(11).Certs.Pools[Pool]);
        Assert.Equal(new StakePool(PoolDeposit, changed), state.AtEpoch(99).Certs.Pools[Pool]);
    }

    [Fact]
    public void The_least_cost_is_a_parameter()
    {
        Valid(At(11).Apply(Ada500, RegisterPool(Pool, cost: 170_000_000)));
        Only(At(11).Apply(Ada500, RegisterPool(Pool, cost: 169_999_999)), "StakePoolCostTooLowPOOL", "Coin 169999999", "Coin 170000000");
    }

    [Fact]
    public void The_reward_account_is_on_this_network() =>
        Only(At(11).Apply(Ada500, RegisterPool(Pool, network: NetworkId.Mainnet)), "WrongNetworkPOOL", "Mainnet", "Testnet");

    [Fact]
    public void The_hash_of_the_metadata_has_at_most_32_bytes() =>
        Only(At(11).Apply(Ada500, RegisterPool(Pool, metadataHashSize: 33)), "PoolMedataHashTooBig", "33 bytes", "32 bytes");

    [Fact]
    public void No_two_pools_share_a_VRF_key_since_protocol_version_11()
    {
        var certs = CertState.Empty.WithPool(Pool);

        Only(At(11, certs).Apply(Ada500, RegisterPool(UnknownPool)), "VRFKeyHashAlreadyRegistered", $"{Vrf}", "a VRF key no pool has");
        Valid(At(11, certs).Apply(Ada500, RegisterPool(UnknownPool, OtherVrf)));
        Valid(At(11, certs).Apply(0, RegisterPool(Pool)));
        Valid(At(10, certs).Apply(Ada500, RegisterPool(UnknownPool)));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [InlineData(28, true)]
    [InlineData(29, false)]
    public void A_retirement_is_announced_for_the_next_18_epochs(int epoch, bool accepted)
    {
        var result = At(11, CertState.Empty.WithPool(Pool)).Apply(0, RetirePool(Pool, epoch));

        if (accepted)
        {
            Assert.Equal(epoch, Valid(result).Certs.Pools[Pool].RetiringEpoch);
        }
        else
        {
            Only(result, "StakePoolRetirementWrongEpochPOOL", $"EpochNo {epoch}", "later than EpochNo 10, at latest EpochNo 28");
        }
    }

    [Fact]
    public void Only_registered_pools_retire() =>
        Only(At(11).Apply(0, RetirePool(Pool, 11)), "StakePoolNotRegisteredOnKeyPOOL", $"KeyHash {Pool}", "a registered pool");

    [Fact]
    public void A_retired_pool_gives_its_deposit_to_its_reward_account_and_loses_its_delegators()
    {
        var certs = CertState.Empty.WithPool(Pool).Registered(AlicesStake, rewards: 1).Registered(BobsStake);
        var state = Valid(At(11, certs).Apply(0, Delegate(BobsStake, Pool), RetirePool(Pool, 12)));

        Assert.Contains(Pool, state.AtEpoch(11).Certs.Pools.Keys);
        var retired = state.AtEpoch(12);
        Assert.Empty(retired.Certs.Pools);
        Assert.Equal(new Lovelace(500_000_001), retired.Certs.Accounts[AlicesStake].Rewards);
        Assert.Null(retired.Certs.Accounts[BobsStake].Pool);
        Assert.Equal(Lovelace.Zero, retired.Treasury);
    }

    [Fact]
    public void Without_that_account_the_deposit_goes_to_the_treasury_as_donations_do()
    {
        var state = Valid(At(11, CertState.Empty.WithPool(Pool)).Apply(Body(1_000_000, RetirePool(Pool, 11)) with { Donation = Lovelace.FromAda(1) }));

        Assert.Equal(Lovelace.Zero, state.Treasury);
        Assert.Equal(Lovelace.FromAda(501), state.AtEpoch(11).Treasury);
        Assert.Equal(Lovelace.Zero, state.AtEpoch(11).Donations);
        Assert.Equal(Lovelace.FromAda(501), state.AtEpoch(1_000_000_000).Treasury);
    }
}
