using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Ledger.State;

/// <summary>To whom an account delegates its vote.</summary>
public abstract record DRep
{
    private DRep() { }

    /// <summary>A registered representative.</summary>
    public sealed record ByCredential(Credential Credential) : DRep;

    /// <summary>Always abstains.</summary>
    public sealed record AlwaysAbstain : DRep;

    /// <summary>Always votes for no confidence.</summary>
    public sealed record AlwaysNoConfidence : DRep;
}

/// <summary>A registered stake credential.</summary>
/// <param name="Deposit">Given back when it is unregistered.</param>
/// <param name="Rewards">What can be withdrawn, all or nothing.</param>
/// <param name="Pool">The pool it delegates its stake to.</param>
/// <param name="DRep">To whom it delegates its vote.</param>
public sealed record StakeAccount(Lovelace Deposit, Lovelace Rewards, Hash28? Pool = null, DRep? DRep = null);

/// <summary>What a registration certificate says about a pool, as far as the ledger needs it again.</summary>
/// <param name="VrfKey">The hash of its VRF key.</param>
/// <param name="RewardAccount">Where its deposit goes when it retires.</param>
public sealed record StakePoolParameters(Hash32 VrfKey, Credential RewardAccount);

/// <summary>A registered stake pool.</summary>
/// <param name="Deposit">Given back when it retires.</param>
/// <param name="Current">In force; null when a state from elsewhere names the pool only.</param>
/// <param name="Future">From the next epoch on; null without a change.</param>
/// <param name="RetiringEpoch">The first epoch without it; null when it stays.</param>
public sealed record StakePool(Lovelace Deposit, StakePoolParameters? Current, StakePoolParameters? Future = null, long? RetiringEpoch = null);

/// <summary>What is known of a cold credential of the constitutional committee.</summary>
/// <param name="IsMember">True for a member now; a resignation is remembered of others too.</param>
/// <param name="Hot">The hot credential it authorised.</param>
/// <param name="HasResigned">True after its resignation.</param>
public sealed record CommitteeMember(bool IsMember, Credential? Hot = null, bool HasResigned = false);

/// <summary>What certificates and withdrawals change: accounts, pools, representatives, committee. Immutable.</summary>
public sealed record CertState
{
    /// <summary>Nothing registered.</summary>
    public static CertState Empty { get; } = new();

    /// <summary>Registered stake credentials.</summary>
    public ImmutableDictionary<Credential, StakeAccount> Accounts { get; init; } = ImmutableDictionary<Credential, StakeAccount>.Empty;

    /// <summary>Registered pools by operator key.</summary>
    public ImmutableDictionary<Hash28, StakePool> Pools { get; init; } = ImmutableDictionary<Hash28, StakePool>.Empty;

    /// <summary>Registered representatives with their deposits.</summary>
    public ImmutableDictionary<Credential, Lovelace> DReps { get; init; } = ImmutableDictionary<Credential, Lovelace>.Empty;

    /// <summary>The constitutional committee by cold credential.</summary>
    public ImmutableDictionary<Credential, CommitteeMember> Committee { get; init; } = ImmutableDictionary<Credential, CommitteeMember>.Empty;

    /// <summary>True when some later epoch changes something: a pool retires or changes.</summary>
    internal bool ChangesAfter(long epoch) => Pools.Values.Any(p => p.Future is not null || p.RetiringEpoch > epoch);

    /// <summary>The state after a transaction that was found valid: withdrawals first, then the certificates in order. Nothing is checked here.</summary>
    public CertState After(TransactionBody body, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(parameters);
        return LedgerCertificate.ReadAll(body).Aggregate(Withdraw(body), (state, certificate) => state.After(certificate, parameters));
    }

    internal CertState Withdraw(TransactionBody body)
    {
        if (body.Withdrawals.IsEmpty)
        {
            return this;
        }

        var accounts = Accounts.ToBuilder();
        foreach (var (address, _) in body.Withdrawals)
        {
            if (address.Stake is { } credential && accounts.TryGetValue(credential, out var account))
            {
                accounts[credential] = account with { Rewards = Lovelace.Zero };
            }
        }

        return this with
        {
            Accounts = accounts.ToImmutable(),
        };
    }

    internal CertState After(LedgerCertificate certificate, ProtocolParameters parameters) =>
        certificate switch
        {
            LedgerCertificate.Register c => this with
            {
                Accounts = Accounts.SetItem(c.Account, new StakeAccount(parameters.KeyDeposit, Lovelace.Zero, c.To?.Pool, c.To?.DRep)),
            },
            LedgerCertificate.Unregister c => this with { Accounts = Accounts.Remove(c.Account) },
            LedgerCertificate.Delegate c => Accounts.TryGetValue(c.Account, out var account)
                ? this with
                {
                    Accounts = Accounts.SetItem(c.Account, account with { Pool = c.To.Pool ?? account.Pool, DRep = c.To.DRep ?? account.DRep }),
                }
                : this,
            LedgerCertificate.RegisterPool c => this with { Pools = Pools.SetItem(c.Pool, Register(c, parameters)) },
            LedgerCertificate.RetirePool c => Pools.TryGetValue(c.Pool, out var pool)
                ? this with
                {
                    Pools = Pools.SetItem(c.Pool, pool with { RetiringEpoch = (long)ulong.Min(c.Epoch, long.MaxValue) }),
                }
                : this,
            LedgerCertificate.RegisterDRep c => this with { DReps = DReps.SetItem(c.DRep, parameters.DRepDeposit) },
            LedgerCertificate.UnregisterDRep c => WithoutDRep(c.DRep),
            LedgerCertificate.UpdateDRep => this,
            LedgerCertificate.AuthorizeHot c => this with
            {
                Committee = Committee.SetItem(c.Cold, (Committee.GetValueOrDefault(c.Cold) ?? new CommitteeMember(false)) with { Hot = c.Hot }),
            },
            LedgerCertificate.ResignCold c => this with
            {
                Committee = Committee.SetItem(
                    c.Cold,
                    (Committee.GetValueOrDefault(c.Cold) ?? new CommitteeMember(false)) with
                    {
                        Hot = null,
                        HasResigned = true,
                    }
                ),
            },
            _ => throw new InvalidOperationException("An unknown certificate case."),
        };

    // A pool that is registered already changes at the next epoch, and stays if it was about to retire.
    private StakePool Register(LedgerCertificate.RegisterPool certificate, ProtocolParameters parameters) =>
        Pools.TryGetValue(certificate.Pool, out var pool)
            ? pool with
            {
                Future = certificate.Parameters,
                RetiringEpoch = null,
            }
            : new StakePool(parameters.PoolDeposit, certificate.Parameters);

    private CertState WithoutDRep(Credential drep)
    {
        var delegation = new DRep.ByCredential(drep);
        return this with
        {
            DReps = DReps.Remove(drep),
            Accounts = Accounts.SetItems(
                Accounts.Where(a => delegation.Equals(a.Value.DRep)).Select(a => KeyValuePair.Create(a.Key, a.Value with { DRep = null }))
            ),
        };
    }
}
