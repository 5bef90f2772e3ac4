using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>The parts of /txs that concern accounts and pools. Transactions whose scripts failed had no such effects.</summary>
internal static class CertificateEndpoints
{
    // Delegations count from the epoch after next.
    private const int ActiveAfter = 2;

    public static ApiResponse Stakes(ChainReader chain, string hash) =>
        Each(
            chain,
            hash,
            c => c.Registers || c.Deregisters,
            (certificate, index, _) =>
                new JsonObject
                {
                    ["cert_index"] = index,
                    ["address"] = Account(certificate),
                    ["registration"] = certificate.Registers,
                }
        );

    public static ApiResponse Delegations(ChainReader chain, string hash) =>
        Each(
            chain,
            hash,
            c => c is { Credential: not null, Pool: not null },
            (certificate, index, record) =>
                new JsonObject
                {
                    ["index"] = index,
                    ["cert_index"] = index,
                    ["address"] = Account(certificate),
                    ["pool_id"] = PoolId(certificate.Pool!.Value),
                    ["active_epoch"] = ActiveEpoch(record, chain),
                }
        );

    public static ApiResponse Withdrawals(ChainReader chain, string hash) =>
        TransactionEndpoints.With(
            chain,
            hash,
            (record, _) =>
                ApiResponse.Ok(
                    new JsonArray([.. WithdrawalsOf(record.Transaction).Select(w => new JsonObject { ["address"] = $"{w.Key}", ["amount"] = $"{w.Value}" })])
                )
        );

    public static ApiResponse PoolUpdates(ChainReader chain, string hash) =>
        Each(
            chain,
            hash,
            c => c.Terms is not null,
            (certificate, index, record) =>
            {
                var terms = certificate.Terms!;
                return new JsonObject
                {
                    ["cert_index"] = index,
                    ["pool_id"] = PoolId(certificate.Pool!.Value),
                    ["vrf_key"] = terms.VrfKey,
                    ["pledge"] = $"{terms.Pledge}",
                    ["margin_cost"] = terms.Margin,
                    ["fixed_cost"] = $"{terms.Cost}",
                    ["reward_account"] = terms.RewardAccount,
                    ["owners"] = terms.Owners,
                    ["metadata"] = terms.Metadata,
                    ["relays"] = terms.Relays,
                    ["active_epoch"] = ActiveEpoch(record, chain),
                };
            }
        );

    public static ApiResponse PoolRetirements(ChainReader chain, string hash) =>
        Each(
            chain,
            hash,
            c => c.Epoch is not null,
            (certificate, index, _) =>
                new JsonObject
                {
                    ["cert_index"] = index,
                    ["pool_id"] = PoolId(certificate.Pool!.Value),
                    ["retiring_epoch"] = certificate.Epoch,
                }
        );

    public static ApiResponse Nothing(ChainReader chain, string hash) => TransactionEndpoints.With(chain, hash, (_, _) => ApiResponse.Ok(new JsonArray()));

    /// <summary>The certificates that took effect.</summary>
    public static IEnumerable<CertificateContent> CertificatesOf(Transaction transaction) =>
        transaction.IsValid ? transaction.Body.Certificates.Select(CertificateContent.Read) : [];

    /// <summary>The withdrawals that took effect.</summary>
    public static IEnumerable<KeyValuePair<Address, Lovelace>> WithdrawalsOf(Transaction transaction) =>
        transaction.IsValid ? transaction.Body.Withdrawals : [];

    public static string PoolId(Hash28 pool) => Bech32.Encode("pool", pool.ToArray());

    /// <summary>When a delegation in a transaction begins to count.</summary>
    public static long ActiveEpoch(TransactionRecord record, ChainReader chain) => (record.Block.Slot.Number / chain.Options.EpochLength) + ActiveAfter;

    private static string Account(CertificateContent certificate) => $"{Address.Reward(DevnetChain.Network, certificate.Credential!.Value)}";

    private static ApiResponse Each(
        ChainReader chain,
        string hash,
        Func<CertificateContent, bool> wanted,
        Func<CertificateContent, int, TransactionRecord, JsonObject> show
    ) =>
        TransactionEndpoints.With(
            chain,
            hash,
            (record, _) =>
            {
                var certificates = CertificatesOf(record.Transaction).Select((c, i) => (Certificate: c, Index: i)).Where(c => wanted(c.Certificate));
                return ApiResponse.Ok(new JsonArray([.. certificates.Select(c => show(c.Certificate, c.Index, record))]));
            }
        );
}
