using Masumi.Cardano.Addresses;

namespace Masumi.Ledger.State;

/// <summary>Which rule set of the Conway ledger refused, in the order they run (spec cardano.md 6).</summary>
public enum LedgerRule
{
    /// <summary>Checks only the mempool makes.</summary>
    Mempool,

    /// <summary>Checks on the transaction as a whole.</summary>
    Ledger,

    /// <summary>Withdrawals, up to protocol version 10.</summary>
    Certs,

    /// <summary>Certificates of stake credentials.</summary>
    Deleg,

    /// <summary>Certificates of stake pools.</summary>
    Pool,

    /// <summary>Certificates of representatives and of the committee.</summary>
    GovCert,

    /// <summary>Witnesses, scripts, datums, metadata.</summary>
    Utxow,

    /// <summary>Inputs, outputs, value, fee, collateral, limits.</summary>
    Utxo,

    /// <summary>Phase 2: running the scripts.</summary>
    Utxos,
}

/// <summary>One reason why the ledger refuses a transaction. Data, never an exception.</summary>
/// <param name="Rule">The rule set.</param>
/// <param name="Predicate">The node's name of the broken rule, for example <c>FeeTooSmallUTxO</c>.</param>
/// <param name="Supplied">What the transaction has.</param>
/// <param name="Expected">What the ledger demands; null only for what the mempool says.</param>
public sealed record LedgerFailure(LedgerRule Rule, string Predicate, string Supplied, string? Expected = null)
{
    /// <summary>
    /// The predicate this ledger uses for what it does not implement. Such a transaction may be fine on a public network.
    /// </summary>
    public const string OutsideScopePredicate = "OutsideLedgerScope";

    /// <summary>What else the node says; null mostly.</summary>
    public string? Detail { get; init; }

    internal static string Show(Credential credential) => $"{(credential.IsKey ? "KeyHash" : "ScriptHash")} {credential.Hash}";

    /// <summary>True when the node's own text says what is wrong and not what would be right.</summary>
    public bool SaysSuppliedOnly { get; init; }

    /// <summary>A failure of which the node says only the supplied part.</summary>
    internal static LedgerFailure Of(LedgerRule rule, string predicate, string supplied, string required) =>
        new(rule, predicate, supplied, required) { SaysSuppliedOnly = true };

    /// <summary>Nested like the node's own text, for example <c>ConwayUtxowFailure (UtxoFailure (FeeTooSmallUTxO ..))</c>.</summary>
    public override string ToString()
    {
        var inner =
            Expected is null || SaysSuppliedOnly
                ? $"{Predicate} ({Supplied})"
                : $"{Predicate} (Mismatch {{mismatchSupplied = {Supplied}, mismatchExpected = {Expected}}})";
        inner = Detail is null ? inner : $"{inner} ({Detail})";
        return Rule switch
        {
            LedgerRule.Mempool => $"ConwayMempoolFailure \"{Supplied}\"",
            LedgerRule.Ledger => inner,
            LedgerRule.Certs => $"ConwayCertsFailure ({inner})",
            LedgerRule.Deleg => $"ConwayCertsFailure (CertFailure (DelegFailure ({inner})))",
            LedgerRule.Pool => $"ConwayCertsFailure (CertFailure (PoolFailure ({inner})))",
            LedgerRule.GovCert => $"ConwayCertsFailure (CertFailure (GovCertFailure ({inner})))",
            LedgerRule.Utxow => $"ConwayUtxowFailure ({inner})",
            LedgerRule.Utxo => $"ConwayUtxowFailure (UtxoFailure ({inner}))",
            _ => $"ConwayUtxowFailure (UtxoFailure (UtxosFailure ({inner})))",
        };
    }
}
