using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>A script input: what is spent, with which redeemer, by which script.</summary>
/// <param name="Utxo">The output at the script address (inline datum, or <paramref name="Datum"/> given).</param>
/// <param name="Redeemer">The redeemer data.</param>
/// <param name="Script">Attached to the witnesses; null when a reference input or input carries it.</param>
/// <param name="Datum">Witness datum for an output with a datum hash.</param>
public sealed record ScriptInput(Utxo Utxo, PlutusData Redeemer, Script? Script = null, Datum? Datum = null);

/// <summary>Minting or burning under one policy.</summary>
/// <param name="Policy">The policy id.</param>
/// <param name="Assets">Name and quantity, negative to burn.</param>
/// <param name="Redeemer">Null for a native script policy.</param>
/// <param name="Script">Attached to the witnesses; null when referenced.</param>
public sealed record MintAction(PolicyId Policy, ImmutableArray<KeyValuePair<AssetName, long>> Assets, PlutusData? Redeemer, Script? Script = null);

/// <summary>
/// Everything a transaction should do. <see cref="TransactionBuilder.Build"/> adds wallet inputs, collateral, change, fee, script data hash
/// and redeemer pointers.
/// </summary>
public sealed record TransactionPlan
{
    /// <summary>Wallet outputs that must be spent (all are key-locked).</summary>
    public ImmutableArray<Utxo> Inputs { get; init; } = [];

    /// <summary>Wallet outputs that may be spent to cover the rest and to serve as collateral (all are key-locked).</summary>
    public ImmutableArray<Utxo> Available { get; init; } = [];

    /// <summary>Script outputs to spend.</summary>
    public ImmutableArray<ScriptInput> ScriptInputs { get; init; } = [];

    /// <summary>Minting and burning.</summary>
    public ImmutableArray<MintAction> Mints { get; init; } = [];

    /// <summary>Outputs in order; the change comes after them.</summary>
    public ImmutableArray<TxOutput> Outputs { get; init; } = [];

    /// <summary>Reference inputs with their outputs.</summary>
    public ImmutableArray<Utxo> ReferenceInputs { get; init; } = [];

    /// <summary>Key hashes a script will look for.</summary>
    public ImmutableArray<KeyHash> RequiredSigners { get; init; } = [];

    /// <summary>Inclusive lower bound.</summary>
    public Slot? InvalidBefore { get; init; }

    /// <summary>Exclusive upper bound.</summary>
    public Slot? InvalidHereafter { get; init; }

    /// <summary>Metadata and auxiliary scripts.</summary>
    public AuxiliaryData? AuxiliaryData { get; init; }

    /// <summary>Where change, and the collateral return, go.</summary>
    public required Address ChangeAddress { get; init; }

    /// <summary>Keys that sign at the end; for size, every key needed is counted even if it is not here.</summary>
    public ImmutableArray<SigningKey> Signers { get; init; } = [];

    /// <summary>Wallet outputs to prefer as collateral; when empty, chosen from <see cref="Available"/> and <see cref="Inputs"/>.</summary>
    public ImmutableArray<Utxo> Collateral { get; init; } = [];

    /// <summary>
    /// How it is written. In the <see cref="TransactionForm.Shortest"/> form, few coins without tokens come first, change and collateral return go to the
    /// enterprise form of <see cref="ChangeAddress"/> (its owner must look there too), and neither is made for less than <see cref="MostUnreturned"/> and
    /// <see cref="MostAtStake"/>.
    /// </summary>
    public TransactionForm Form { get; init; }

    /// <summary>In the shortest form: so much may be left to the fee rather than take an output for change.</summary>
    public Lovelace MostUnreturned { get; init; } = Lovelace.FromAda(1);

    /// <summary>In the shortest form: a coin of at most this is put up whole as collateral, without a return. It is lost when the scripts fail.</summary>
    public Lovelace MostAtStake { get; init; } = Lovelace.FromAda(10);

    /// <summary>Extra execution units in percent on top of the evaluated ones (0: exact).</summary>
    public int ExUnitsMarginPercent { get; init; }
}
