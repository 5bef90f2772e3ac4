using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>POOL: registering, changing and retiring stake pools.</summary>
internal static class PoolCertificates
{
    private const int MaxMetadataHashSize = 32;

    public static void Check(RuleContext tx, CertState state, LedgerCertificate certificate, ICollection<LedgerFailure> failures)
    {
        switch (certificate)
        {
            case LedgerCertificate.RegisterPool c:
                CheckRegistration(c);
                break;
            case LedgerCertificate.RetirePool c:
                CheckRetirement(c);
                break;
        }

        void CheckRegistration(LedgerCertificate.RegisterPool c)
        {
            if (c.Network != tx.Environment.Network)
            {
                Fail("WrongNetworkPOOL", $"{c.Network}", $"{tx.Environment.Network}");
            }

            if (c.MetadataHashSize > MaxMetadataHashSize)
            {
                FailPlainly("PoolMedataHashTooBig", $"{c.MetadataHashSize} bytes", $"{MaxMetadataHashSize} bytes");
            }

            if (c.Cost < tx.Parameters.MinPoolCost)
            {
                Fail("StakePoolCostTooLowPOOL", $"Coin {c.Cost}", $"Coin {tx.Parameters.MinPoolCost}");
            }

            // From protocol version 11 on no two pools share a VRF key.
            var unchanged = state.Pools.GetValueOrDefault(c.Pool)?.Current?.VrfKey == c.Parameters.VrfKey;
            if (
                tx.Parameters.ProtocolMajor >= 11
                && !unchanged
                && state.Pools.Values.Any(p => p.Current?.VrfKey == c.Parameters.VrfKey || p.Future?.VrfKey == c.Parameters.VrfKey)
            )
            {
                FailPlainly("VRFKeyHashAlreadyRegistered", $"{c.Parameters.VrfKey}", "a VRF key no pool has");
            }
        }

        void CheckRetirement(LedgerCertificate.RetirePool c)
        {
            if (!state.Pools.ContainsKey(c.Pool))
            {
                FailPlainly("StakePoolNotRegisteredOnKeyPOOL", $"KeyHash {c.Pool}", "a registered pool");
            }

            var now = tx.State.Epoch;
            var last = now + tx.Parameters.PoolRetireMaxEpoch;
            if (c.Epoch <= (ulong)now || c.Epoch > (ulong)last)
            {
                Fail("StakePoolRetirementWrongEpochPOOL", $"EpochNo {c.Epoch}", $"later than EpochNo {now}, at latest EpochNo {last}");
            }
        }

        void Fail(string predicate, string supplied, string expected) => failures.Add(new LedgerFailure(LedgerRule.Pool, predicate, supplied, expected));

        void FailPlainly(string predicate, string supplied, string required) => failures.Add(LedgerFailure.Of(LedgerRule.Pool, predicate, supplied, required));
    }
}
