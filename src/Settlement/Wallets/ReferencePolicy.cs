using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Wallets;

/// <summary>
/// When a contract's script is published, so that transactions name it instead of containing it (decision 10): when that pays for itself within thirty days, or
/// when a dispute fits in no other way and is worth it. The deposit comes back when it is reclaimed and is no cost. Pure.
/// </summary>
public static class ReferencePolicy
{
    /// <summary>So long a time's volume must pay for it.</summary>
    public static TimeSpan Volume { get; } = TimeSpan.FromDays(30);

    // What a reference input adds to a transaction, and what a transaction with one input and change takes.
    private const int InputBytes = 42;
    private const int BareBytes = 300;

    /// <summary>What a transaction costs less with the script referenced.</summary>
    public static Lovelace Saves(Script script, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Lovelace.Max(Lovelace.Zero, Fee(parameters, BareBytes + script.Bytes.Length, 0) - Fee(parameters, BareBytes + InputBytes, script.Bytes.Length));
    }

    /// <summary>What publishing it costs, and reclaiming it one day.</summary>
    public static Lovelace Costs(Script script, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Fee(parameters, BareBytes + script.Bytes.Length, 0) + Fee(parameters, BareBytes, script.Bytes.Length);
    }

    /// <summary>Whether so many uses pay for it.</summary>
    public static bool PaysForItself(Script script, long uses, ProtocolParameters parameters) =>
        (Int128)uses * Saves(script, parameters).Amount >= Costs(script, parameters).Amount;

    /// <summary>Whether a dispute about so much is worth it: at least twice the cost.</summary>
    public static bool IsWorth(Value price, Script script, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price.Coin.Exact >= 2 * Costs(script, parameters).Exact || !price.IsAdaOnly;
    }

    /// <summary>Whether a wallet can spare the deposit: it keeps as much again, and what it pays from.</summary>
    public static bool CanSpare(Value total, Lovelace deposit)
    {
        ArgumentNullException.ThrowIfNull(total);
        return total.Coin >= deposit + deposit + CoinPolicy.LeastToSplit;
    }

    private static Lovelace Fee(ProtocolParameters parameters, int bytes, int referenced) => Fees.MinFee(parameters, bytes, default, referenced);
}
