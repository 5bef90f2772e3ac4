using Masumi.Devnet.Views;

namespace Masumi.Devnet.Http;

/// <summary>Every path the devnet answers. <see cref="Answer"/> follows Blockfrost's API (spec cardano.md 11).</summary>
internal static class Router
{
    public static ApiResponse Answer(ChainReader chain, RefusalLog refusals, ApiRequest request) =>
        request.Path switch
        {
            _ when request.Method == "POST" => Post(chain, refusals, request),
            _ when request.Method != "GET" => ApiResponse.InvalidPath(),
            ["blocks", .. var path] => Blocks(chain, path, request),
            ["epochs", .. var path] => Epochs(chain, path, request),
            ["addresses", .. var path] => Addresses(chain, path, request),
            ["accounts", .. var path] => Accounts(chain, path, request),
            ["txs", .. var path] => Transactions(chain, path),
            ["assets", .. var path] => Assets(chain, path, request),
            ["scripts", .. var path] => Scripts(chain, path, request),
            [] => NetworkEndpoints.Root(),
            ["health"] => NetworkEndpoints.Health(),
            ["health", "clock"] => NetworkEndpoints.Clock(chain),
            ["genesis"] => NetworkEndpoints.Genesis(chain),
            ["network"] => NetworkEndpoints.Supply(chain),
            ["network", "eras"] => NetworkEndpoints.Eras(chain),
            ["metadata", "txs", "labels"] => MetadataEndpoints.Labels(chain, request),
            ["metadata", "txs", "labels", var label] => MetadataEndpoints.Label(chain, label, request),
            ["metadata", "txs", "labels", var label, "cbor"] => MetadataEndpoints.LabelCbor(chain, label, request),
            ["mempool"] => MempoolEndpoints.All(chain, request),
            ["mempool", "addresses", var address] => MempoolEndpoints.OfAddress(chain, address, request),
            ["mempool", var hash] => MempoolEndpoints.Get(chain, hash),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Post(ChainReader chain, RefusalLog refusals, ApiRequest request) =>
        request.Path switch
        {
            ["tx", "submit"] => SubmitEndpoints.Submit(chain, refusals, request),
            ["utils", "txs", "evaluate"] => SubmitEndpoints.Evaluate(chain, request),
            ["utils", "txs", "evaluate", "utxos"] => SubmitEndpoints.EvaluateWithUtxos(chain, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Blocks(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            ["slot", var slot] => BlockEndpoints.AtSlot(chain, slot),
            ["epoch", var epoch, "slot", var slot] => BlockEndpoints.AtEpochSlot(chain, epoch, slot),
            [var block] => BlockEndpoints.Get(chain, block),
            [var block, "next"] => BlockEndpoints.Next(chain, block, request),
            [var block, "previous"] => BlockEndpoints.Previous(chain, block, request),
            [var block, "txs"] => BlockEndpoints.Transactions(chain, block, request),
            [var block, "txs", "cbor"] => BlockEndpoints.TransactionsCbor(chain, block, request),
            [var block, "addresses"] => BlockEndpoints.Addresses(chain, block, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Epochs(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            [var epoch] => EpochEndpoints.Get(chain, epoch),
            [var epoch, "parameters"] => EpochEndpoints.Parameters(chain, epoch),
            [var epoch, "next"] => EpochEndpoints.Next(chain, epoch, request),
            [var epoch, "previous"] => EpochEndpoints.Previous(chain, epoch, request),
            [var epoch, "blocks"] => EpochEndpoints.Blocks(chain, epoch, request),
            // There are no pools that could have stake or make blocks.
            [var epoch, "stakes"] => EpochEndpoints.Nothing(chain, epoch, request),
            [var epoch, "stakes" or "blocks", _] => EpochEndpoints.Nothing(chain, epoch, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Addresses(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            [var address] => AddressEndpoints.Get(chain, address),
            [var address, "extended"] => AddressEndpoints.Extended(chain, address),
            [var address, "total"] => AddressEndpoints.Total(chain, address),
            [var address, "utxos"] => AddressEndpoints.Utxos(chain, address, request),
            [var address, "utxos", var unit] => AddressEndpoints.UtxosOf(chain, address, unit, request),
            [var address, "transactions"] => AddressEndpoints.Transactions(chain, address, request),
            [var address, "txs"] => AddressEndpoints.TransactionHashes(chain, address, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Accounts(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            [var account] => AccountEndpoints.Get(chain, account),
            [var account, "addresses"] => AccountEndpoints.Addresses(chain, account, request),
            [var account, "addresses", "assets"] => AccountEndpoints.Assets(chain, account, request),
            [var account, "addresses", "total"] => AccountEndpoints.Total(chain, account),
            [var account, "utxos"] => AccountEndpoints.Utxos(chain, account, request),
            [var account, "transactions"] => AccountEndpoints.Transactions(chain, account, request),
            [var account, "registrations"] => AccountEndpoints.Registrations(chain, account, request),
            [var account, "delegations"] => AccountEndpoints.Delegations(chain, account, request),
            [var account, "withdrawals"] => AccountEndpoints.Withdrawals(chain, account, request),
            // No epoch ever pays rewards here, and the old kind of moving them is gone.
            [var account, "rewards" or "history" or "mirs"] => AccountEndpoints.Nothing(chain, account, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Transactions(ChainReader chain, string[] path) =>
        path switch
        {
            [var hash] => TransactionEndpoints.Get(chain, hash),
            [var hash, "utxos"] => TransactionEndpoints.Utxos(chain, hash),
            [var hash, "cbor"] => TransactionEndpoints.Cbor(chain, hash),
            [var hash, "metadata"] => TransactionEndpoints.Metadata(chain, hash),
            [var hash, "metadata", "cbor"] => TransactionEndpoints.MetadataCbor(chain, hash),
            [var hash, "redeemers"] => TransactionEndpoints.Redeemers(chain, hash),
            // Not in Blockfrost's API, where it takes the difference of inputs and outputs.
            [var hash, "mints"] => TransactionEndpoints.Mints(chain, hash),
            [var hash, "required_signers"] => TransactionEndpoints.RequiredSigners(chain, hash),
            [var hash, "stakes"] => CertificateEndpoints.Stakes(chain, hash),
            [var hash, "delegations"] => CertificateEndpoints.Delegations(chain, hash),
            [var hash, "withdrawals"] => CertificateEndpoints.Withdrawals(chain, hash),
            [var hash, "pool_updates"] => CertificateEndpoints.PoolUpdates(chain, hash),
            [var hash, "pool_retires"] => CertificateEndpoints.PoolRetirements(chain, hash),
            [var hash, "mirs"] => CertificateEndpoints.Nothing(chain, hash),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Assets(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            [] => AssetEndpoints.All(chain, request),
            ["policy", var policy] => AssetEndpoints.Policy(chain, policy, request),
            [var unit] => AssetEndpoints.Get(chain, unit),
            [var unit, "addresses"] => AssetEndpoints.Addresses(chain, unit, request),
            [var unit, "transactions"] => AssetEndpoints.Transactions(chain, unit, request),
            [var unit, "txs"] => AssetEndpoints.TransactionHashes(chain, unit, request),
            [var unit, "history"] => AssetEndpoints.History(chain, unit, request),
            [var unit, "utxos"] => AssetEndpoints.Utxos(chain, unit, request),
            _ => ApiResponse.InvalidPath(),
        };

    private static ApiResponse Scripts(ChainReader chain, string[] path, ApiRequest request) =>
        path switch
        {
            [] => ScriptEndpoints.All(chain, request),
            ["datum", var hash] => ScriptEndpoints.Datum(chain, hash),
            ["datum", var hash, "cbor"] => ScriptEndpoints.DatumCbor(chain, hash),
            [var hash] => ScriptEndpoints.Get(chain, hash),
            [var hash, "cbor"] => ScriptEndpoints.Cbor(chain, hash),
            [var hash, "json"] => ScriptEndpoints.NativeJson(chain, hash),
            [var hash, "redeemers"] => ScriptEndpoints.Redeemers(chain, hash, request),
            [var hash, "utxos"] => ScriptEndpoints.Utxos(chain, hash, request),
            _ => ApiResponse.InvalidPath(),
        };

    /// <summary>What is below <c>/devnet</c>. It tells the truth, whatever else the views of keys say.</summary>
    public static ApiResponse Controls(DevnetChain chain, DevnetViews views, RefusalLog refusals, ApiRequest request) =>
        (request.Method, request.Path[1..]) switch
        {
            ("GET", ["transactions", var hash]) => InspectionEndpoints.Transaction(new ChainReader(chain, chain.View), refusals, hash),
            ("GET", ["refusals"]) => InspectionEndpoints.Refusals(refusals),
            ("GET", ["views"]) => ViewEndpoints.All(views),
            ("POST", ["view"]) => ViewEndpoints.Set(views, request),
            _ => AdminEndpoints.Answer(chain, request),
        };
}
