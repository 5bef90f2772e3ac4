using System.Collections.Immutable;
using Masumi.Cardano.Addresses;

namespace Masumi.Chain.Blockfrost;

// To be superseded with the provider.
public sealed partial class BlockfrostChain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation)
    {
        var tip = await ReadTipAsync(cancellation).ConfigureAwait(false);
        var rows = ImmutableArray.CreateBuilder<ListedTransaction>();
        await foreach (
            var row in ListAddressAsync(address.ToString(), new Range(fromHeight, tip.Point.Height, null, new FollowMemory.Pass(tip.Point.Hash)), cancellation)
                .ConfigureAwait(false)
        )
        {
            rows.Add(new ListedTransaction(row.TxId, row.Height, row.Index));
        }

        return rows.ToImmutable();
    }
}
