using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Views;

/// <summary>How one call is answered.</summary>
internal sealed class Sight(DevnetChain chain, DevnetViews views, ImmutableArray<ViewLayer> layers)
{
    /// <summary>Not at all.</summary>
    public bool Hangs => layers.Any(l => l.Spec.Hangs);

    /// <summary>With this, whatever was asked.</summary>
    public (int Code, int? RetryAfter)? Status => layers.Select(l => l.Spec.Status).FirstOrDefault(s => s is not null);

    /// <summary>The chain as it is shown at a path.</summary>
    public ChainReader Look(string[] path)
    {
        var view = chain.Before(layers.Max(l => l.Spec.LateAt(path))).View;
        var hidden = layers.Aggregate(ImmutableHashSet<TransactionId>.Empty, (all, l) => all.Union(l.Spec.Hidden));
        ImmutableArray<KeyValuePair<string, string>> parameters = [.. layers.SelectMany(l => l.Spec.Parameters)];
        return new ChainReader(chain, HiddenTransaction.Without(view, hidden))
        {
            Hidden = hidden,
            Change = parameters.IsEmpty ? null : told => ParameterNames.With(told, parameters),
            Taker = Take,
        };
    }

    /// <summary>What is told instead of an answer.</summary>
    public JsonNode Alter(string[] path, ChainReader reader, JsonNode body)
    {
        switch (path, body)
        {
            case (["blocks", _], JsonObject block) when (string?)block["hash"] == $"{reader.Tip.Hash}":
                AlterTip(block, reader.Options.EpochLength);
                break;
            case (["txs", var hash, "cbor"], JsonObject answer):
                SpoilWitnesses(hash, answer);
                break;
            case (["blocks", _, "txs", "cbor"], JsonArray rows):
                foreach (var row in rows.OfType<JsonObject>())
                {
                    SpoilWitnesses((string?)row["tx_hash"], row);
                }

                break;
        }

        if (body is JsonArray list && layers.Any(l => l.Spec.HalfLists))
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (i % 2 == 1)
                {
                    list.RemoveAt(i);
                }
            }
        }

        return body;
    }

    private DevnetSubmission Take(Transaction transaction)
    {
        if (layers.Any(l => l.RefusesNextSubmission()))
        {
            return Refusal(transaction);
        }

        if (layers.Any(l => l.Spec.Swallows))
        {
            return new DevnetSubmission.Accepted(transaction.Id);
        }

        if (layers.Select(l => l.Spec.Delay).FirstOrDefault(d => d is not null) is { } delay)
        {
            views.SubmitLater(transaction, delay.By);
            return delay.Accepted ? new DevnetSubmission.Accepted(transaction.Id) : Refusal(transaction);
        }

        var answer = chain.Submit(transaction);
        return layers.Any(l => l.Spec.LosesAnswer) ? new DevnetSubmission.AnswerLost() : answer;
    }

    // What a node says whose mempool holds a rival. Its sender is told no more; the devnet's own list of refusals says whose doing it was.
    private static DevnetSubmission.Refused Refusal(Transaction transaction) =>
        new([
            new LedgerFailure(
                LedgerRule.Utxo,
                "BadInputsUTxO",
                string.Join(", ", transaction.Body.Inputs.Order()),
                "nothing: the view of an API key refused it"
            )
            {
                SaysSuppliedOnly = true,
            },
        ]);

    private void AlterTip(JsonObject block, int epochLength)
    {
        var seconds = layers.Sum(l => l.Spec.TipAhead);
        var height = layers.Sum(l => l.Spec.TipHeight);
        if (height != 0)
        {
            block["height"] = Math.Max(0, (long)block["height"]! + height);
        }

        if (seconds != 0)
        {
            var slot = Math.Max(0, (long)block["slot"]! + seconds);
            block["time"] = (long)block["time"]! + seconds;
            block["slot"] = slot;
            block["epoch"] = slot / epochLength;
            block["epoch_slot"] = slot % epochLength;
        }
    }

    private void SpoilWitnesses(string? hash, JsonObject answer)
    {
        if (!TransactionId.TryParse(hash, out var id) || !layers.Any(l => l.Spec.BadWitness.Contains(id)))
        {
            return;
        }

        var transaction = Transaction.FromCbor(Convert.FromHexString((string)answer["cbor"]!));
        var signatures = transaction.Witnesses.VKeys.Select(w => new VKeyWitness(w.PublicKey, new byte[w.Signature.Length]));
        answer["cbor"] = Convert.ToHexStringLower(transaction.WithVKeys(signatures).Bytes.Span);
    }
}
