namespace Masumi.Devnet.Http;

/// <summary>Every path the devnet answers. The part before <c>/devnet</c> follows Blockfrost's API (spec cardano.md 11).</summary>
internal static class Router
{
    public static ApiResponse Answer(DevnetChain chain, ApiRequest request) =>
        (request.Method, request.Path) switch
        {
            ("GET", ["health"]) => NetworkEndpoints.Health(),
            ("GET", ["health", "clock"]) => NetworkEndpoints.Clock(chain),
            ("GET", ["genesis"]) => NetworkEndpoints.Genesis(chain),
            ("GET", ["epochs", "latest"]) => NetworkEndpoints.LatestEpoch(chain),
            ("GET", ["epochs", "latest", "parameters"]) => NetworkEndpoints.LatestParameters(chain),

            ("GET", ["blocks", var block]) => BlockEndpoints.Get(chain, block),
            ("GET", ["blocks", var block, "txs"]) => BlockEndpoints.Transactions(chain, block, request),

            ("GET", ["addresses", var address]) => AddressEndpoints.Get(chain, address),
            ("GET", ["addresses", var address, "utxos"]) => AddressEndpoints.Utxos(chain, address, request),
            ("GET", ["addresses", var address, "utxos", var unit]) => AddressEndpoints.UtxosOf(chain, address, unit, request),
            ("GET", ["addresses", var address, "transactions"]) => AddressEndpoints.Transactions(chain, address, request),

            ("GET", ["txs", var hash]) => TransactionEndpoints.Get(chain, hash),
            ("GET", ["txs", var hash, "utxos"]) => TransactionEndpoints.Utxos(chain, hash),
            ("GET", ["txs", var hash, "cbor"]) => TransactionEndpoints.Cbor(chain, hash),
            ("GET", ["txs", var hash, "metadata"]) => TransactionEndpoints.Metadata(chain, hash),
            ("GET", ["txs", var hash, "metadata", "cbor"]) => TransactionEndpoints.MetadataCbor(chain, hash),
            ("GET", ["txs", var hash, "redeemers"]) => TransactionEndpoints.Redeemers(chain, hash, request),

            ("GET", ["assets", "policy", var policy]) => AssetEndpoints.Policy(chain, policy, request),
            ("GET", ["assets", var unit]) => AssetEndpoints.Get(chain, unit),
            ("GET", ["assets", var unit, "addresses"]) => AssetEndpoints.Addresses(chain, unit, request),
            ("GET", ["assets", var unit, "transactions"]) => AssetEndpoints.Transactions(chain, unit, request),
            ("GET", ["assets", var unit, "history"]) => AssetEndpoints.History(chain, unit, request),

            ("GET", ["scripts", "datum", var hash]) => ScriptEndpoints.Datum(chain, hash),
            ("GET", ["scripts", "datum", var hash, "cbor"]) => ScriptEndpoints.DatumCbor(chain, hash),
            ("GET", ["scripts", var hash]) => ScriptEndpoints.Get(chain, hash),
            ("GET", ["scripts", var hash, "cbor"]) => ScriptEndpoints.Cbor(chain, hash),
            ("GET", ["scripts", var hash, "json"]) => ScriptEndpoints.NativeJson(chain, hash),

            ("GET", ["mempool"]) => MempoolEndpoints.All(chain, request),
            ("GET", ["mempool", var hash]) => MempoolEndpoints.Get(chain, hash),
            ("POST", ["tx", "submit"]) => SubmitEndpoints.Submit(chain, request),
            ("POST", ["utils", "txs", "evaluate"]) => SubmitEndpoints.Evaluate(chain, request),

            ("GET", ["devnet"]) => AdminEndpoints.Info(chain),
            ("GET", ["devnet", "clock"]) => AdminEndpoints.Clock(chain),
            ("POST", ["devnet", "fund"]) => AdminEndpoints.Fund(chain, request),
            ("POST", ["devnet", "mine"]) => AdminEndpoints.Mine(chain, request),
            ("POST", ["devnet", "advance"]) => AdminEndpoints.Advance(chain, request),
            ("POST", ["devnet", "rollback"]) => AdminEndpoints.Rollback(chain, request),

            _ => ApiResponse.NotFound(),
        };
}
