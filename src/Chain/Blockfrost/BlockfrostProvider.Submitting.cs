using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Blockfrost;

// Submission: three answers, and doubt is never a refusal.
public sealed partial class BlockfrostProvider
{
    /// <inheritdoc/>
    /// <remarks>
    /// One attempt: whether to send the same bytes again is the caller's decision. A refusal is checked against the chain and the mempool, since a
    /// transaction that is already there is refused too (its inputs are spent, by itself).
    /// </remarks>
    public async Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        HttpAnswer answer;
        try
        {
            answer = await _http.PostCborAsync("/tx/submit", transaction.Bytes, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new SubmitResult.Unknown("cancelled while waiting for the answer") { Trouble = ProviderTrouble.NoAnswer };
        }

        return answer.Status switch
        {
            200 => Acknowledged(transaction.Id, answer),
            400 => await RefusedOrKnownAsync(transaction.Id, answer.Describe(), cancellation).ConfigureAwait(false),
            _ => new SubmitResult.Unknown(answer.Explain()) { Trouble = answer.Trouble, RetryAfter = answer.Pause },
        };
    }

    private static SubmitResult Acknowledged(TransactionId expected, HttpAnswer answer)
    {
        try
        {
            var json = JsonElement.Parse(answer.Body);
            if (json.ValueKind == JsonValueKind.String && TransactionId.TryParse(json.GetString(), out var id) && id == expected)
            {
                return new SubmitResult.Accepted(id);
            }
        }
        catch (JsonException)
        {
            // Falls through: a success that does not name the transaction proves nothing.
        }

        return new SubmitResult.Unknown($"accepted, but the answer does not name the transaction: {answer.Describe()}") { Trouble = ProviderTrouble.Nonsense };
    }

    private async Task<SubmitResult> RefusedOrKnownAsync(TransactionId txId, string reason, CancellationToken cancellation)
    {
        try
        {
            return await ExistsAsync($"/txs/{txId}", cancellation).ConfigureAwait(false) || await IsInMempoolAsync(txId, cancellation).ConfigureAwait(false)
                ? new SubmitResult.Accepted(txId)
                : new SubmitResult.Refused(reason);
        }
        catch (Exception e) when (e is ChainUnavailableException or OperationCanceledException)
        {
            return new SubmitResult.Unknown($"refused ({reason}), but whether it is on chain already could not be found out: {e.Message}");
        }
    }
}
