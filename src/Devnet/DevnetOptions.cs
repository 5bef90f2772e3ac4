using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet;

/// <summary>When the devnet makes blocks.</summary>
public enum BlockProduction
{
    /// <summary>One block for every accepted transaction, at once.</summary>
    PerTransaction,

    /// <summary>One block every <see cref="DevnetOptions.BlockInterval"/>, empty or not.</summary>
    Interval,

    /// <summary>Only when asked.</summary>
    OnDemand,
}

/// <summary>Money that exists from the first block on.</summary>
/// <param name="Address">Whose; any testnet address.</param>
/// <param name="Value">ADA and assets of any policy: genesis is bound by no rule.</param>
public sealed record GenesisAccount(Address Address, Value Value);

/// <summary>How a devnet is set up. The defaults give a working one.</summary>
public sealed record DevnetOptions
{
    /// <summary>
    /// The mnemonic of the default faucet, known to everybody (it is the default wallet of other development networks too).
    /// </summary>
    public const string PublicFaucetMnemonic =
        "test test test test test test test test test test test test test test test test test test test test test test test sauce";

    /// <summary>The wall clock behind the devnet's own clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>When slot 0 starts. Default: the time of creation, whole seconds.</summary>
    public DateTimeOffset? GenesisTime { get; init; }

    /// <summary>Default 42.</summary>
    public int NetworkMagic { get; init; } = 42;

    /// <summary>Slots (seconds) of an epoch. Default 432,000, as on the public networks.</summary>
    public int EpochLength { get; init; } = 432_000;

    /// <summary>When blocks are made. Default: one per transaction.</summary>
    public BlockProduction Production { get; init; } = BlockProduction.PerTransaction;

    /// <summary>For <see cref="BlockProduction.Interval"/>; at least a second, the length of a slot. Default one second.</summary>
    public TimeSpan BlockInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Accounts funded in the first block.</summary>
    public ImmutableArray<GenesisAccount> Accounts { get; init; } = [];

    /// <summary>Wallets funded in the first block, whose mnemonics the devnet tells everybody (see <see cref="DevnetAccounts"/>). Default: none.</summary>
    public ImmutableArray<DevnetAccount> Wallets { get; init; } = [];

    /// <summary>
    /// What the faucet starts with besides its ADA, so that it can give assets whose policy it cannot mint; of each at most 2^63-1. Default: ten billion
    /// tUSDM, in the unit that Preprod's has.
    /// </summary>
    public ImmutableArray<KeyValuePair<AssetId, Int128>> FaucetAssets { get; init; } = [DevnetTokens.OfTUsdm(10_000_000_000)];

    /// <summary>Whose money the faucet gives. Default <see cref="PublicFaucetMnemonic"/>.</summary>
    public string FaucetMnemonic { get; init; } = PublicFaucetMnemonic;

    /// <summary>Most transactions waiting for a block; beyond, submissions are turned away. Default 10,000.</summary>
    public int MempoolCapacity { get; init; } = 10_000;

    /// <summary>Most bytes of transactions waiting for a block. Default 4 MiB, some 45 full blocks; a node's own limit is two.</summary>
    public int MempoolBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Where blocks and the clock are kept, to go on from there the next time; what waits in the mempool and snapshots are not. Default:
    /// nowhere. One devnet at a time uses a directory.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// How many earlier moments of the chain are kept to be looked at (<see cref="DevnetChain.Earlier"/>). Default: up to 32, fewer while blocks are large; each
    /// keeps alive what was spent since, some kilobytes for every transaction.
    /// </summary>
    public int? KeptMoments { get; init; }

    /// <summary>Protocol parameters at the start; <see cref="DevnetChain.ChangeParameters"/> changes them. Default: mainnet's.</summary>
    public ProtocolParameters Parameters { get; init; } = ProtocolParameters.Mainnet;

    /// <summary>
    /// Says what a transaction does to who knows its contracts, for the page and for the answer to one whose scripts refuse. It must not throw and is asked by
    /// several threads. Default: nobody, and nothing is said.
    /// </summary>
    public Func<TransactionQuestion, TransactionWords>? Explain { get; init; }

    /// <summary>What runs Plutus scripts. Default: the evaluator of Masumi.Plutus.</summary>
    public IScriptEvaluator? Evaluator { get; init; }
}
