using System.Collections.Immutable;
using Masumi.Cardano.Addresses;

namespace Masumi.Chain.Blockfrost;

// Looking again at what was followed.
public sealed partial class BlockfrostChain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation)
    {
        var tip = await ReadConfirmedTipAsync(cancellation).ConfigureAwait(false);
        var range = new Range(fromHeight, tip.Point.Height, null, new FollowMemory.Pass(tip.Point.Hash));
        var listed = ImmutableArray.CreateBuilder<ListedTransaction>();
        await foreach (var row in ListAddressAsync(address.ToString(), range, cancellation).ConfigureAwait(false))
        {
            listed.Add(new ListedTransaction(row.TxId, row.Height, row.Index));
        }

        return listed.ToImmutable();
    }
}
