using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet;

/// <summary>A funded wallet whose mnemonic everybody may know.</summary>
/// <param name="Mnemonic">Twelve words.</param>
/// <param name="Address">The base address of its first keys.</param>
/// <param name="Amount">What it starts with: the ADA in an output of its own, as collateral must be, and tokens in another, with 2 ADA of it.</param>
public sealed record DevnetAccount(string Mnemonic, Address Address, Value Amount);

/// <summary>Wallets made from a text, the same ones every time.</summary>
public static class DevnetAccounts
{
    /// <summary>The text the default wallets come from.</summary>
    public const string DefaultSeed = "masumi";

    /// <summary>What each starts with: a million ADA and a hundred thousand tUSDM.</summary>
    public static Value DefaultAmount { get; } = Value.Of(Lovelace.FromAda(1_000_000), [DevnetTokens.OfTUsdm(100_000)]);

    /// <summary>The first wallets of a seed. The entropy of number n, from 0, is the first half of blake2b-256 of "masumi devnet account", the seed, and n.</summary>
    public static ImmutableArray<DevnetAccount> Derive(string seed, int count, Value amount)
    {
        // Stretching a mnemonic takes some milliseconds each.
        var accounts = new DevnetAccount[count];
        Parallel.For(
            0,
            count,
            i =>
            {
                var entropy = Blake2b.Hash256(Encoding.UTF8.GetBytes($"masumi devnet account\n{seed}\n{i}")).ToArray().AsSpan(0, 16);
                var mnemonic = Mnemonic.FromEntropy(entropy);
                accounts[i] = new DevnetAccount(mnemonic, WalletKeys.FromMnemonic(mnemonic).BaseAddress(DevnetChain.Network), amount);
            }
        );
        return [.. accounts];
    }
}
