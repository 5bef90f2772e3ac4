using System.Collections.Immutable;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Deals;

/// <summary>From which amount on how many blocks must stand on a lock.</summary>
/// <param name="From">The least amount of the unit.</param>
/// <param name="Blocks">Blocks on top of the lock's own.</param>
public sealed record ConfirmationLevel(Int128 From, int Blocks);

/// <summary>
/// How many blocks must stand on a lock before a seller counts it, by what is at stake (decision 3): what a fork takes back, the seller has worked for in vain.
/// </summary>
public sealed record Confirmations
{
    /// <summary>1 below 100 ADA, 3 from there, 10 from 1,000.</summary>
    public static Confirmations Default { get; } = new() { Least = 1, Ada = [new(100_000_000, 3), new(1_000_000_000, 10)] };

    /// <summary>The same for every amount.</summary>
    public static Confirmations Always(int blocks) => new() { Least = blocks };

    /// <summary>For any amount.</summary>
    public int Least { get; init; }

    /// <summary>By lovelace.</summary>
    public ImmutableArray<ConfirmationLevel> Ada { get; init; } = [];

    /// <summary>By native asset; what one that is not named is worth nobody knows, and it takes the first level above the least.</summary>
    public ImmutableDictionary<AssetId, ImmutableArray<ConfirmationLevel>> Assets { get; init; } =
        ImmutableDictionary<AssetId, ImmutableArray<ConfirmationLevel>>.Empty;

    /// <summary>The most that any amount takes.</summary>
    public int Most => Ada.Concat(Assets.Values.SelectMany(l => l)).Select(l => l.Blocks).Append(Least).Max();

    /// <summary>How many blocks a lock of this price takes.</summary>
    public int Of(Value price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var blocks = Level(Ada, price.Coin.Amount);
        foreach (var (asset, quantity) in price.Assets)
        {
            blocks = Math.Max(
                blocks,
                Assets.TryGetValue(asset, out var levels) ? Level(levels, quantity)
                    : Ada.IsEmpty ? Least
                    : Ada[0].Blocks
            );
        }

        return blocks;
    }

    /// <summary>What a seller needs between the last moment of a lock and the result's deadline, besides the confirmations.</summary>
    public static TimeSpan Work { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a block takes in the mean on the public networks.</summary>
    public static TimeSpan BlockTime { get; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The latest time to pay that leaves a lock of this price its confirmations, and the seller ten minutes, before the result's deadline: who offers terms with
    /// a later one would be paid for work there is no time to do.
    /// </summary>
    public DateTimeOffset LatestPayBy(Value price, DateTimeOffset submitResult) => submitResult - Work - (BlockTime * Of(price));

    private int Level(ImmutableArray<ConfirmationLevel> levels, Int128 amount) => levels.Where(l => amount >= l.From).Select(l => l.Blocks).Append(Least).Max();
}
