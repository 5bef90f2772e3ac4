using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain;

// Lists of transactions, page by page, in chain order.
public sealed partial class ProvidedChain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation)
    {
        var failures = new List<ChainUnavailableException>();
        foreach (var line in _board.Lines)
        {
            try
            {
                return await ListToTipAsync(new Conversation(_board, line, _priority, null), address, fromHeight, cancellation).ConfigureAwait(false);
            }
            catch (ChainUnavailableException e)
            {
                failures.Add(e);
            }
        }

        throw ProviderBoard.Together(failures);
    }

    private async Task<ImmutableArray<ListedTransaction>> ListToTipAsync(Conversation talk, Address address, long from, CancellationToken cancellation)
    {
        var (tip, _) = await AskTipAsync([talk.Line], _state.Tip, talk.Budget, cancellation).ConfigureAwait(false);
        var rows = ImmutableArray.CreateBuilder<ListedTransaction>();
        await foreach (var row in ListAddressAsync(talk, address, Math.Max(0, from), tip.Point.Height, cancellation).ConfigureAwait(false))
        {
            rows.Add(row);
        }

        return rows.ToImmutable();
    }

    private static async IAsyncEnumerable<ListedTransaction> ListAddressAsync(
        Conversation talk,
        Address address,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (from > to)
        {
            yield break;
        }

        var last = new ListedTransaction(default, -1, -1);
        for (var page = 1; page <= MaxPages; page++)
        {
            var number = page;
            var rows = await talk.AskAsync(CallKind.AddressList, (p, c) => p.ListTransactionsAsync(address, from, to, number, c), cancellation)
                .ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (row.Height < last.Height || (row.Height == last.Height && row.Index < last.Index))
                {
                    throw talk.Nonsense($"{row.TxId} is listed after {last.TxId}, which is later in the chain");
                }

                // Rows that moved on to the next page while the list grew.
                var isAgain = row == last;
                last = row;
                if (!isAgain && row.Height >= from && row.Height <= to)
                {
                    yield return row;
                }
            }

            if (rows.Length < talk.PageSize)
            {
                yield break;
            }
        }

        throw TooLong(talk, $"the transactions of {address}");
    }

    private static async IAsyncEnumerable<ListedTransaction> ListPolicyAsync(
        Conversation talk,
        PolicyId policy,
        Range range,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var page = 1; ; page++)
        {
            var number = page;
            var rows = await talk.AskAsync(CallKind.PolicyList, (p, c) => p.ListAssetsAsync(policy, number, c), cancellation).ConfigureAwait(false);
            foreach (var (asset, supply) in rows)
            {
                range.Now.Supplies[asset] = supply;
            }

            if (rows.Length < talk.PageSize)
            {
                break;
            }

            if (page == MaxPages)
            {
                throw TooLong(talk, $"the assets of {policy}");
            }
        }

        var found = new HashSet<ListedTransaction>();
        foreach (var (asset, supply) in range.Now.Supplies)
        {
            if (supply == 0 && range.Before is { } before && before.Supplies.TryGetValue(asset, out var then) && then == 0)
            {
                continue;
            }

            await AddAsync(talk, asset, range, found, cancellation).ConfigureAwait(false);
        }

        foreach (var row in found.OrderBy(r => r.Height).ThenBy(r => r.Index))
        {
            yield return row;
        }
    }

    private static async Task AddAsync(Conversation talk, AssetId asset, Range range, HashSet<ListedTransaction> found, CancellationToken cancellation)
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var number = page;
            var rows = await talk.AskAsync(CallKind.AssetList, (p, c) => p.ListTransactionsAsync(asset, number, c), cancellation).ConfigureAwait(false);
            found.UnionWith(rows.TakeWhile(r => r.Height >= range.From).Where(r => r.Height <= range.To));
            if (rows.Length < talk.PageSize || rows.Any(r => r.Height < range.From))
            {
                return;
            }
        }

        throw TooLong(talk, $"the transactions of {asset}");
    }
}
