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

    private async IAsyncEnumerable<ListedTransaction> ListAddressAsync(
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

        var pages = PagesAsync(
            talk,
            CallKind.AddressList,
            $"the transactions of {address}",
            (p, page, c) => p.ListTransactionsAsync(address, from, to, page, c),
            InOrder(talk, newestFirst: false),
            cancellation
        );
        var start = _time.GetTimestamp();
        await foreach (var row in pages.ConfigureAwait(false))
        {
            if (row.Height > to)
            {
                yield break;
            }

            if (row.Height >= from)
            {
                yield return row;
                start = _time.GetTimestamp();
            }
            else if (_time.GetElapsedTime(start) > _options.ListBudget)
            {
                throw talk.Nonsense($"the transactions of {address} are listed from height {row.Height} although asked for from {from}");
            }
        }
    }

    private static async IAsyncEnumerable<ListedTransaction> ListPolicyAsync(
        Conversation talk,
        PolicyId policy,
        Range range,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var assets = PagesAsync(
            talk,
            CallKind.PolicyList,
            $"the assets of {policy}",
            (p, page, c) => p.ListAssetsAsync(policy, page, c),
            r => range.Now.Supplies.TryAdd(r.Asset, r.Supply),
            cancellation
        );
        await foreach (var _ in assets.ConfigureAwait(false)) { }

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
        var pages = PagesAsync(
            talk,
            CallKind.AssetList,
            $"the transactions of {asset}",
            (p, page, c) => p.ListTransactionsAsync(asset, page, c),
            InOrder(talk, newestFirst: true),
            cancellation
        );
        await foreach (var row in pages.ConfigureAwait(false))
        {
            if (row.Height < range.From)
            {
                return;
            }

            if (row.Height <= range.To)
            {
                found.Add(row);
            }
        }
    }

    // Whether a row was not listed yet; then it must be further in the list's order. Rows move on to the next page while a list grows.
    private static Func<ListedTransaction, bool> InOrder(Conversation talk, bool newestFirst)
    {
        var seen = new HashSet<ListedTransaction>();
        ListedTransaction? last = null;
        return row =>
        {
            if (!seen.Add(row))
            {
                return false;
            }

            if (last is { } before && (row.Height, row.Index).CompareTo((before.Height, before.Index)) is var order && (newestFirst ? order > 0 : order < 0))
            {
                throw talk.Nonsense($"{row.TxId} is listed after {before.TxId}, which is {(newestFirst ? "earlier" : "later")} in the chain");
            }

            last = row;
            return true;
        };
    }
}
