using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>Why a transaction could not be built; data, not an exception.</summary>
public abstract record BuildFailure
{
    private BuildFailure() { }

    /// <summary>The wallet cannot cover what is needed; <paramref name="Missing"/> holds the shortfall per asset.</summary>
    public sealed record InsufficientFunds(Value Missing) : BuildFailure;

    /// <summary>No key-locked outputs that make up the collateral needed.</summary>
    public sealed record NoCollateral(Lovelace Needed, Lovelace Available) : BuildFailure;

    /// <summary>An output holds less ADA than the ledger demands.</summary>
    public sealed record OutputTooSmall(int OutputIndex, Lovelace Supplied, Lovelace Required) : BuildFailure;

    /// <summary>An output's value takes more bytes than maxValueSize.</summary>
    public sealed record OutputTooBig(int OutputIndex, int Supplied, int Limit) : BuildFailure;

    /// <summary>A script refused, or its context could not be built.</summary>
    public sealed record ScriptFailed(TransactionEvaluation Evaluation) : BuildFailure;

    /// <summary>More bytes than maxTxSize.</summary>
    public sealed record TooLarge(int Supplied, int Limit) : BuildFailure;

    /// <summary>More execution units than one transaction may use.</summary>
    public sealed record TooManyExUnits(ExUnits Supplied, ExUnits Limit) : BuildFailure;
}

/// <summary>A balanced transaction, or why there is none.</summary>
public abstract record BuildResult
{
    private BuildResult() { }

    /// <summary>Balanced to the lovelace; unsigned unless signing keys were given.</summary>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Evaluation">What its scripts did and used.</param>
    /// <param name="ChangeIndex">The output index of the change, or null when nothing was left over.</param>
    public sealed record Built(Transaction Transaction, TransactionEvaluation Evaluation, int? ChangeIndex) : BuildResult;

    /// <summary>Nothing was built.</summary>
    public sealed record Failed(BuildFailure Reason) : BuildResult;
}
