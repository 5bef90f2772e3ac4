using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
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
        var utxos = ImmutableArray.CreateBuilder<Utxo>(rows.Length);
        foreach (var (input, output) in rows)
        {
            utxos.Add(new Utxo(input, output ?? await ReadScriptedAsync(path, input, address, cancellation).ConfigureAwait(false)));
        }

        return utxos.ToImmutable();
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

    /// <summary>An output with a reference script is taken from its transaction, which has the script.</summary>
    private async Task<TxOutput> ReadScriptedAsync(string path, TxInput input, Address address, CancellationToken cancellation)
    {
        var outputs = await ListOutputsAsync(input.TxId, cancellation).ConfigureAwait(false);
        return outputs.FirstOrDefault(o => o.Input == input) is not { } utxo ? throw Nonsense(path, $"{input} is listed but its transaction is not found")
            : utxo.Output.Address == address ? utxo.Output
            : throw Nonsense(path, $"{input} is not at this address");
    }

    /// <summary>One page of a list; empty when the API does not know the subject.</summary>
    private async Task<ImmutableArray<T>> PageAsync<T>(string path, int page, string query, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var full = string.Create(CultureInfo.InvariantCulture, $"{path}?count={RowsPerPage}&page={page}{query}");
        return await _http.GetAsync(full, cancellation).ConfigureAwait(false) is { } json ? Understand(full, () => json.Rows(read)) : [];
    }

    private static (TxInput Input, TxOutput? Output) UnspentRow(JsonElement row, Address address, string text)
    {
        if (row.Text("address") != text)
        {
            throw new FormatException($"an output at {row.Text("address")}");
        }

        var input = new TxInput(row.TransactionId("tx_hash"), checked((ushort)row.Number("output_index")));
        return (
            input,
            row.TextOrNull("reference_script_hash") is null
                ? new TxOutput(address, BlockfrostJson.Amount(row.GetProperty("amount")), BlockfrostJson.Datum(row))
                : null
        );
    }
}
