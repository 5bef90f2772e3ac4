using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Payments.Keys;
using Masumi.Settlement.Books;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Payments.Wallets;

/// <summary>What works with wallets, sources and money that is no deal's works with.</summary>
internal sealed record MoneyContext(
    Holdings Holdings,
    BalanceBook Balances,
    Treasury Treasury,
    Keyring Keyring,
    KeyAuthentication Authentication,
    IChain Chain,
    ChainClock Clock,
    TimeProvider Time,
    IdSource Ids
)
{
    /// <summary>The wallets that are not removed, of sources that are not, oldest first.</summary>
    public async Task<ImmutableArray<HotWallet>> WalletsAsync(CancellationToken cancellation)
    {
        var sources = (await SourcesAsync(cancellation)).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        return [.. (await Holdings.ListWalletsAsync(cancellation)).Where(w => w.DeletedAt is null && sources.Contains(w.SourceId))];
    }

    /// <summary>The sources that are not removed, oldest first.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(CancellationToken cancellation) =>
        [.. (await Holdings.ListSourcesAsync(cancellation)).Where(s => s.RemovedAt is null)];

    /// <summary>A new wallet of a source from the words of its operator, between which blanks do not matter, sealed; null when they are no mnemonic.</summary>
    public HotWallet? Seal(PaymentSource source, WalletRole role, string words, Address? collection, string? note)
    {
        var mnemonic = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        try
        {
            return Keyring.Seal(Ids.Next(), source, role, mnemonic, collection, note, Time.GetUtcNow());
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A page of a list: newest first, starting with the row that the cursor names; none for a cursor that is no row's.</summary>
    public static IEnumerable<T> Page<T>(IEnumerable<T> newestFirst, string? cursor, long take, Func<T, string> id) =>
        (cursor is null ? newestFirst : newestFirst.SkipWhile(row => id(row) != cursor)).Take((int)take);
}
