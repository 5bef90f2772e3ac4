using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>/blocks/{latest, hash or height}.</summary>
internal static class BlockEndpoints
{
    public static ApiResponse Get(DevnetChain chain, string hashOrHeight)
    {
        var view = chain.View;
        return Find(view, hashOrHeight, out var refusal) is { } block ? ApiResponse.Ok(Show(block, view, chain)) : refusal;
    }

    public static ApiResponse Transactions(DevnetChain chain, string hashOrHeight, ApiRequest request)
    {
        var block = Find(chain.View, hashOrHeight, out var refusal);
        return block is null ? refusal : Paging.List(request, block.Transactions, t => $"{t.Id}");
    }

    private static LedgerBlock? Find(DevnetView view, string hashOrHeight, out ApiResponse refusal)
    {
        refusal = ApiResponse.NotFound();
        if (hashOrHeight == "latest")
        {
            return view.Tip;
        }

        if (Hash32.TryParse(hashOrHeight, out var hash))
        {
            return view.Index.Blocks.GetValueOrDefault(hash);
        }

        if (long.TryParse(hashOrHeight, NumberStyles.None, CultureInfo.InvariantCulture, out var height))
        {
            return height < view.Chain.Blocks.Count ? view.Chain.Blocks[(int)height].Block : null;
        }

        refusal = ApiResponse.BadRequest("Missing, out of range or malformed hash_or_number.");
        return null;
    }

    private static JsonObject Show(LedgerBlock block, DevnetView view, DevnetChain chain)
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
            ["next_block"] = block.Height < view.Tip.Height ? $"{view.Chain.Blocks[(int)block.Height + 1].Block.Hash}" : null,
            ["confirmations"] = view.Tip.Height - block.Height,
        };
    }
}
