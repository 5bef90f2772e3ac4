using Masumi.Cardano;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>DELEG: registering, unregistering and delegating stake credentials.</summary>
internal static class StakeCertificates
{
    private const int BootstrapPhase = 9;

    public static void Check(RuleContext tx, CertState state, LedgerCertificate certificate, ICollection<LedgerFailure> failures)
    {
        switch (certificate)
        {
            case LedgerCertificate.Register c:
                CheckRegistration(c);
                break;
            case LedgerCertificate.Unregister c:
                CheckUnregistration(c);
                break;
            case LedgerCertificate.Delegate c:
                CheckDelegatee(c.To);
                if (!state.Accounts.ContainsKey(c.Account))
                {
                    Fail("StakeKeyNotRegisteredDELEG", LedgerFailure.Show(c.Account), "a registered credential");
                }

                break;
        }

        void CheckRegistration(LedgerCertificate.Register c)
        {
            if (c.Deposit is { } deposit && deposit != tx.Parameters.KeyDeposit)
            {
                failures.Add(WrongDeposit(tx, "DepositIncorrectDELEG", deposit, tx.Parameters.KeyDeposit));
            }

            if (state.Accounts.ContainsKey(c.Account))
            {
                Fail("StakeKeyRegisteredDELEG", LedgerFailure.Show(c.Account), "a credential not registered yet");
            }

            if (c.To is { } delegatee)
            {
                CheckDelegatee(delegatee);
            }
        }

        void CheckUnregistration(LedgerCertificate.Unregister c)
        {
            if (!state.Accounts.TryGetValue(c.Account, out var account))
            {
                Fail("StakeKeyNotRegisteredDELEG", LedgerFailure.Show(c.Account), "a registered credential");
                return;
            }

            if (c.Refund is { } refund && refund != account.Deposit)
            {
                failures.Add(WrongDeposit(tx, "RefundIncorrectDELEG", refund, account.Deposit));
            }

            if (account.Rewards != Lovelace.Zero)
            {
                Fail("StakeKeyHasNonZeroAccountBalanceDELEG", $"Coin {account.Rewards}", "Coin 0");
            }
        }

        void CheckDelegatee(Delegatee to)
        {
            if (to.Pool is { } pool && !state.Pools.ContainsKey(pool))
            {
                Fail("DelegateeStakePoolNotRegisteredDELEG", $"KeyHash {pool}", "a registered pool");
            }

            if (to.DRep is DRep.ByCredential { Credential: var drep } && tx.Parameters.ProtocolMajor > BootstrapPhase && !state.DReps.ContainsKey(drep))
            {
                Fail("DelegateeDRepNotRegisteredDELEG", LedgerFailure.Show(drep), "a registered DRep");
            }
        }

        void Fail(string predicate, string supplied, string required) => failures.Add(LedgerFailure.Of(LedgerRule.Deleg, predicate, supplied, required));
    }

    // Before protocol version 11 both have one name, and the node does not say what was right.
    private static LedgerFailure WrongDeposit(RuleContext tx, string predicate, Lovelace supplied, Lovelace expected) =>
        tx.Parameters.ProtocolMajor >= 11
            ? new LedgerFailure(LedgerRule.Deleg, predicate, $"Coin {supplied}", $"Coin {expected}")
            : LedgerFailure.Of(LedgerRule.Deleg, "IncorrectDepositDELEG", $"Coin {supplied}", $"Coin {expected}");
}
