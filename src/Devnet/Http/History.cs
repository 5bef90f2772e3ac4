using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>What happened at several addresses together, as if they were one: those of a payment credential or of an account.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Addresses">The addresses, in the order of their first appearance on chain.</param>
/// <param name="Record">Transactions and outputs, in chain order.</param>
internal sealed record History(string Name, ImmutableArray<Address> Addresses, AddressRecord Record)
{
    /// <summary>
    /// Reads a path segment: an address, or a payment credential as <c>addr_vkh</c> or <c>script</c>. Clients write either prefix for
    /// either kind of credential, so only the hash counts. False when it is malformed; a null history when it was never seen.
    /// </summary>
    public static bool TryFind(ChainIndex index, string text, out History? history)
    {
        history = null;
        if (Address.TryParse(text, out var address))
        {
            if (address.Network != DevnetChain.Network || address.IsReward)
            {
                return false;
            }

            history = index.Addresses.TryGetValue(address, out var record) ? new History(text, [address], record) : null;
            return true;
        }

        if (!Bech32.TryDecode(text, out var prefix, out var bytes) || prefix is not ("addr_vkh" or "script") || bytes.Length != Hash28.Size)
        {
            return false;
        }

        var hash = new Hash28(bytes);
        history = Merge(text, index, a => a.Payment?.Hash == hash);
        return true;
    }

    /// <summary>The addresses that delegate to an account; null when there are none.</summary>
    public static History? OfAccount(ChainIndex index, Address account) => Merge($"{account}", index, a => a.Stake == account.Stake);

    /// <summary>All that ever came in and went out.</summary>
    public (JsonArray Received, JsonArray Sent) Totals(ChainIndex index)
    {
        var own = Addresses.ToHashSet();
        var received = new List<TxOutput>();
        var sent = new List<TxOutput>();
        foreach (var transaction in Record.Transactions)
        {
            var effects = TransactionEffects.Of(transaction.Transaction);
            received.AddRange(effects.Created.Select(c => c.Output).Where(o => own.Contains(o.Address)));
            sent.AddRange(effects.Spent.Select(i => index.Outputs[i].Utxo.Output).Where(o => own.Contains(o.Address)));
        }

        return (Json.AmountOf(received), Json.AmountOf(sent));
    }

    private static History? Merge(string name, ChainIndex index, Func<Address, bool> belongs)
    {
        var found = index
            .Addresses.Where(a => belongs(a.Key))
            .OrderBy(a => Place(a.Value.Transactions[0]))
            .ThenBy(a => $"{a.Key}", StringComparer.Ordinal)
            .ToArray();
        if (found.Length == 0)
        {
            return null;
        }

        var transactions = found.SelectMany(a => a.Value.Transactions).DistinctBy(t => t.Transaction.Id).OrderBy(Place);
        var utxos = found.SelectMany(a => a.Value.Utxos);
        return new History(name, [.. found.Select(a => a.Key)], new AddressRecord([.. transactions], utxos.ToImmutableSortedDictionary()));
    }

    private static (long Height, int Index) Place(TransactionRecord transaction) => (transaction.Block.Height, transaction.Index);
}
