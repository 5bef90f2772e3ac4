using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Blockfrost;

// Pages of lists.
public sealed partial class BlockfrostProvider
{
    /// <inheritdoc/>
    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long from, long to, int page, CancellationToken cancellation) =>
        PageAsync(
            $"/addresses/{address}/transactions",
            page,
            string.Create(CultureInfo.InvariantCulture, $"&order=asc&from={from}&to={to}"),
            BlockfrostJson.Listed,
            cancellation
        );

    /// <inheritdoc/>
    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(AssetId asset, int page, CancellationToken cancellation) =>
        PageAsync($"/assets/{asset}/transactions", page, "&order=desc", BlockfrostJson.Listed, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<(AssetId Asset, Int128 Supply)>> ListAssetsAsync(PolicyId policy, int page, CancellationToken cancellation) =>
        PageAsync(
            $"/assets/policy/{policy}",
            page,
            "",
            row =>
                AssetId.Parse(row.Text("asset")) is var asset && asset.Policy == policy
                    ? (asset, row.Quantity())
                    : throw new FormatException($"asset {asset}, of another policy"),
            cancellation
        );

    /// <inheritdoc/>
    public async Task<ImmutableArray<Utxo>> ListUtxosAsync(Address address, int page, CancellationToken cancellation)
    {
        var text = address.ToString();
        var path = $"/addresses/{text}/utxos";
        var rows = await PageAsync(path, page, "", row => UnspentRow(row, address, text), cancellation).ConfigureAwait(false);
        var scripts = new Dictionary<ScriptHash, Script>();
        foreach (var some in rows.Where(r => r.Script is not null).DistinctBy(r => r.Script).Chunk(ReadAhead))
        {
            foreach (var script in await Task.WhenAll(some.Select(r => ReadScriptAsync(path, r.Input, r.Script!.Value, cancellation))).ConfigureAwait(false))
            {
                scripts[script.Hash] = script;
            }
        }

        return [.. rows.Select(r => new Utxo(r.Input, r.Script is { } hash ? r.Output with { ReferenceScript = scripts[hash] } : r.Output))];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<(Address Address, long Quantity)>> ListHoldersAsync(AssetId asset, int page, CancellationToken cancellation) =>
        PageAsync($"/assets/{asset}/addresses", page, "", row => (Address.Parse(row.Text("address")), row.Number("quantity")), cancellation);

    /// <inheritdoc/>
    public async Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation)
    {
        var path = $"/assets/{asset}/history";
        for (var page = 1; page <= MaxPages; page++)
        {
            var rows = await PageAsync(path, page, "&order=desc", row => (row.TransactionId("tx_hash"), row.Text("action")), cancellation)
                .ConfigureAwait(false);
            if (rows.Where(r => r.Item2 == "minted").Select(r => (TransactionId?)r.Item1).FirstOrDefault() is { } id)
            {
                var transaction =
                    await DecodedAsync(ReadTransactionAsync(id, cancellation)).ConfigureAwait(false) ?? throw Nonsense(path, $"{id} is listed but not found");
                return transaction.Transaction.Body.Mint[asset] > 0
                    ? transaction.Transaction.AuxiliaryData
                    : throw Nonsense(path, $"{id} does not mint {asset}");
            }

            if (rows.Length < RowsPerPage)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>A script that an output carries is taken from its transaction, once: coins that strangers send may all carry one.</summary>
    private async Task<Script> ReadScriptAsync(string path, TxInput input, ScriptHash hash, CancellationToken cancellation)
    {
        if (_scripts.TryGetValue(hash, out var known))
        {
            return known;
        }

        var outputs = await ListOutputsAsync(input.TxId, cancellation).ConfigureAwait(false);
        return outputs.FirstOrDefault(o => o.Input == input)?.Output.ReferenceScript is { } script && script.Hash == hash
            ? Remember(script)
            : throw Nonsense(path, $"{input} is listed with script {hash}, which its transaction has not");
    }

    /// <summary>One page of a list; empty when the API does not know the subject.</summary>
    private async Task<ImmutableArray<T>> PageAsync<T>(string path, int page, string query, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var full = string.Create(CultureInfo.InvariantCulture, $"{path}?count={RowsPerPage}&page={page}{query}");
        return await _http.GetAsync(full, cancellation).ConfigureAwait(false) is { } json ? Understand(full, () => json.Rows(read)) : [];
    }

    private static (TxInput Input, TxOutput Output, ScriptHash? Script) UnspentRow(JsonElement row, Address address, string text)
    {
        if (row.Text("address") != text)
        {
            throw new FormatException($"an output at {row.Text("address")}");
        }

        return (
            new TxInput(row.TransactionId("tx_hash"), checked((ushort)row.Number("output_index"))),
            new TxOutput(address, BlockfrostJson.Amount(row.GetProperty("amount")), BlockfrostJson.Datum(row)),
            row.TextOrNull("reference_script_hash") is { } hash ? ScriptHash.Parse(hash) : null
        );
    }
}
