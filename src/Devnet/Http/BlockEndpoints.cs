using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>/blocks/{latest, hash or height}, and by slot.</summary>
internal static class BlockEndpoints
{
    public static ApiResponse Get(ChainReader chain, string hashOrHeight)
    {
        var view = chain.View;
        return With(view, hashOrHeight, block => ApiResponse.Ok(Show(block, view, chain)));
    }

    public static ApiResponse AtSlot(ChainReader chain, string slot) =>
        TryNumber(slot, out var number) ? At(chain, number) : ApiResponse.BadRequest("Missing, out of range or malformed slot_number.");

    public static ApiResponse AtEpochSlot(ChainReader chain, string epoch, string slot)
    {
        if (!TryNumber(epoch, out var epochNumber))
        {
            return EpochEndpoints.Malformed;
        }

        if (!TryNumber(slot, out var slotNumber))
        {
            return ApiResponse.BadRequest("Missing, out of range or malformed slot_number.");
        }

        var length = chain.Options.EpochLength;
        return slotNumber < length ? At(chain, (epochNumber * length) + slotNumber) : ApiResponse.NotFound();
    }

    public static ApiResponse Next(ChainReader chain, string hashOrHeight, ApiRequest request)
    {
        var view = chain.View;
        return With(view, hashOrHeight, b => Paging.Range(request, b.Height + 1, view.Tip.Height + 1, h => Show(view.BlockAt(h), view, chain)));
    }

    public static ApiResponse Previous(ChainReader chain, string hashOrHeight, ApiRequest request)
    {
        var view = chain.View;
        return With(view, hashOrHeight, b => Paging.Before(request, 0, b.Height, h => Show(view.BlockAt(h), view, chain)));
    }

    public static ApiResponse Transactions(ChainReader chain, string hashOrHeight, ApiRequest request) =>
        With(chain.View, hashOrHeight, block => Paging.List(request, block.Transactions, t => $"{t.Id}"));

    public static ApiResponse TransactionsCbor(ChainReader chain, string hashOrHeight, ApiRequest request) =>
        With(
            chain.View,
            hashOrHeight,
            block => Paging.List(request, block.Transactions, t => new JsonObject { ["tx_hash"] = $"{t.Id}", ["cbor"] = Json.Hex(t.Bytes) })
        );

    /// <summary>The addresses something happened at, in their own order, with the transactions in the order of the block.</summary>
    public static ApiResponse Addresses(ChainReader chain, string hashOrHeight, ApiRequest request)
    {
        var view = chain.View;
        return With(
            view,
            hashOrHeight,
            block =>
            {
                var touched = block
                    .Transactions.SelectMany(t =>
                    {
                        var effects = TransactionEffects.Of(t);
                        var outputs = effects.Spent.Select(i => view.Index.Outputs[i].Utxo.Output).Concat(effects.Created.Select(c => c.Output));
                        return outputs.Select(o => $"{o.Address}").Distinct().Select(a => (Address: a, t.Id));
                    })
                    .GroupBy(t => t.Address, t => t.Id)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .ToArray();
                return Paging.List(
                    request,
                    touched,
                    g => new JsonObject { ["address"] = g.Key, ["transactions"] = new JsonArray([.. g.Select(id => new JsonObject { ["tx_hash"] = $"{id}" })]) }
                );
            }
        );
    }

    private static bool TryNumber(string text, out long number) => Digits.TryRead(text, out number) && number <= int.MaxValue;

    private static ApiResponse At(ChainReader chain, long slot)
    {
        var view = chain.View;
        var height = view.FirstHeightFrom(slot);
        return height <= view.Tip.Height && view.BlockAt(height).Slot.Number == slot
            ? ApiResponse.Ok(Show(view.BlockAt(height), view, chain))
            : ApiResponse.NotFound();
    }

    private static ApiResponse With(DevnetView view, string hashOrHeight, Func<LedgerBlock, ApiResponse> answer)
    {
        if (hashOrHeight == "latest")
        {
            return answer(view.Tip);
        }

        if (Hash32.TryParse(hashOrHeight, out var hash))
        {
            return view.Index.Blocks.TryGetValue(hash, out var block) ? answer(block) : ApiResponse.NotFound();
        }

        if (Digits.TryRead<long>(hashOrHeight, out var height))
        {
            return height <= view.Tip.Height ? answer(view.BlockAt(height)) : ApiResponse.NotFound();
        }

        return ApiResponse.BadRequest("Missing, out of range or malformed hash_or_number.");
    }

    private static JsonObject Show(LedgerBlock block, DevnetView view, ChainReader chain)
    {
        var records = block.Transactions.Select(t => view.Index.Transactions[t.Id]).ToArray();
        var outputs = block.Transactions.SelectMany(t => TransactionEffects.Of(t).Created).Select(c => c.Output);
        return new JsonObject
        {
            ["time"] = Json.Time(block, chain.Slots),
            ["height"] = block.Height,
            ["hash"] = $"{block.Hash}",
            ["slot"] = block.Slot.Number,
            ["epoch"] = block.Slot.Number / chain.Options.EpochLength,
            ["epoch_slot"] = block.Slot.Number % chain.Options.EpochLength,
            ["slot_leader"] = "devnet",
            ["size"] = block.Size,
            ["tx_count"] = records.Length,
            ["output"] = records.Length == 0 ? null : Json.Lovelace(outputs),
            ["fees"] = records.Length == 0 ? null : Json.Text(records.Sum(r => r.Fee.Amount)),
            ["block_vrf"] = null,
            ["op_cert"] = null,
            ["op_cert_counter"] = null,
            ["previous_block"] = block.Previous is { } previous ? $"{previous}" : null,
            ["next_block"] = block.Height < view.Tip.Height ? $"{view.BlockAt(block.Height + 1).Hash}" : null,
            ["confirmations"] = view.Tip.Height - block.Height,
        };
    }
}
