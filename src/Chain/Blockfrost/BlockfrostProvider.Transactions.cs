using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Blockfrost;

// Reading transactions, verified against the id they are asked by.
public sealed partial class BlockfrostProvider
{
    /// <inheritdoc/>
    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        DecodedAsync(FindIncludedAsync(txId, cancellation));

    private async Task<ChainTransaction?> FindIncludedAsync(TransactionId txId, CancellationToken cancellation)
    {
        var path = $"/txs/{txId}";
        if (await _http.GetAsync(path, cancellation).ConfigureAwait(false) is not { } json)
        {
            return null;
        }

        var (block, index, isValid) = Understand(
            path,
            () => json.TransactionId("hash") == txId ? BlockfrostJson.Inclusion(json) : throw new FormatException($"another transaction, {json.Text("hash")}")
        );
        if (await ReadTransactionAsync(txId, cancellation).ConfigureAwait(false) is not { } entry)
        {
            throw Nonsense($"{path}/cbor", "not found, although the transaction is");
        }

        if (!isValid && entry.Transaction.Witnesses.Redeemers.IsEmpty)
        {
            throw Nonsense(path, "failed scripts of a transaction that runs none");
        }

        // The flag in the bytes is not signed; the block's own verdict is what moved the money.
        if (entry.IsValid != isValid && _transactions.Find(txId) is not null)
        {
            _transactions.Add(entry with { IsValid = isValid });
        }

        return new ChainTransaction(entry.Transaction, block, index, isValid);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A transaction read before is not asked for again, so outputs may be told although their transaction has been rolled back meanwhile; what is unspent now is
    /// the business of <see cref="ListUtxosAsync"/>.
    /// </remarks>
    public async Task<ImmutableArray<Utxo>> ListOutputsAsync(TransactionId txId, CancellationToken cancellation)
    {
        TransactionCache.Entry? entry;
        try
        {
            entry = await ReadTransactionAsync(txId, cancellation).ConfigureAwait(false);
        }
        catch (UndecodableTransactionException)
        {
            return await ReadOutputRowsAsync(txId, cancellation).ConfigureAwait(false);
        }

        if (entry is null)
        {
            return [];
        }

        var body = entry.Transaction.Body;
        if (entry.IsValid)
        {
            return [.. body.Outputs.Select((output, index) => new Utxo(new TxInput(txId, index), output))];
        }

        // Babbage: the collateral return takes the index after the last regular output.
        return body.CollateralReturn is { } change ? [new Utxo(new TxInput(txId, body.Outputs.Length), change)] : [];
    }

    /// <summary>For transactions of earlier eras, whose bytes today's decoder refuses: the API's own reading of the outputs.</summary>
    private async Task<ImmutableArray<Utxo>> ReadOutputRowsAsync(TransactionId txId, CancellationToken cancellation)
    {
        var valid = await ReadAsync($"/txs/{txId}", cancellation).ConfigureAwait(false);
        var isValid = Understand($"/txs/{txId}", () => BlockfrostJson.Inclusion(valid).IsValid);
        var path = $"/txs/{txId}/utxos";
        var json = await ReadAsync(path, cancellation).ConfigureAwait(false);
        var outputs = ImmutableArray.CreateBuilder<Utxo>();
        foreach (var row in Understand(path, () => json.GetProperty("outputs").Rows(r => r)))
        {
            var (isReturn, index, scriptHash) = Understand(
                path,
                () => (row.GetProperty("collateral").GetBoolean(), checked((ushort)row.Number("output_index")), row.TextOrNull("reference_script_hash"))
            );
            if (isReturn == isValid)
            {
                continue;
            }

            var script = scriptHash is null
                ? null
                : await FindScriptAsync(Understand(path, () => ScriptHash.Parse(scriptHash)), cancellation).ConfigureAwait(false);
            var output = Understand(
                path,
                () => new TxOutput(Address.Parse(row.Text("address")), BlockfrostJson.Amount(row.GetProperty("amount")), BlockfrostJson.Datum(row), script)
            );
            outputs.Add(new Utxo(new TxInput(txId, index), output));
        }

        return outputs.ToImmutable();
    }

    private async Task<TransactionCache.Entry?> ReadTransactionAsync(TransactionId txId, CancellationToken cancellation)
    {
        if (_transactions.Find(txId) is { } known)
        {
            return known;
        }

        var path = $"/txs/{txId}/cbor";
        if (await _http.GetAsync(path, cancellation).ConfigureAwait(false) is not { } json)
        {
            return null;
        }

        var bytes = Understand(path, () => json.Hex("cbor"));
        Transaction transaction;
        try
        {
            transaction = Transaction.FromCbor(bytes);
        }
        catch (CborFormatException e) when (HashesTo(txId, bytes))
        {
            throw new UndecodableTransactionException(txId, e);
        }
        catch (CborFormatException e)
        {
            throw new ChainUnavailableException($"{_options.BaseUrl.Authority}{path} answered nonsense: {e.Message}", e) { Trouble = ProviderTrouble.Nonsense };
        }

        if (transaction.Id != txId)
        {
            throw Nonsense(path, $"transaction {transaction.Id}");
        }

        // The id says nothing of the witnesses: what no node would have taken is not remembered, so that the next answer can be the right one.
        var entry = new TransactionCache.Entry(transaction, transaction.IsValid);
        if (IsSigned(transaction))
        {
            _transactions.Add(entry);
        }

        return entry;
    }

    private static bool IsSigned(Transaction transaction)
    {
        var id = transaction.Id.ToArray();
        return transaction.Witnesses.VKeys.All(w => Ed25519.Verify(w.PublicKey.Span, id, w.Signature.Span));
    }

    private static async Task<T> DecodedAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (UndecodableTransactionException e)
        {
            throw new ChainUnavailableException(e.Message, e) { Trouble = ProviderTrouble.Undecodable };
        }
    }

    /// <summary>
    /// True when the first element of the array that the bytes are, whatever it holds, is the body with this id. Bytes that end too early are an answer that was
    /// cut off, not a transaction.
    /// </summary>
    private static bool HashesTo(TransactionId txId, byte[] bytes)
    {
        try
        {
            var whole = new CborReader(bytes, CborConformanceMode.Lax);
            whole.SkipValue();
            var reader = new CborReader(bytes, CborConformanceMode.Lax);
            reader.ReadStartArray();
            return whole.BytesRemaining == 0 && Blake2b.Hash256(reader.ReadEncodedValue().Span) == txId.Hash;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The genuine bytes of a transaction, which our decoder does not understand.</summary>
    private sealed class UndecodableTransactionException(TransactionId txId, Exception inner)
        : Exception($"Transaction {txId} cannot be decoded: {inner.Message}", inner);
}
