using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet;

/// <summary>A transaction that is to be put into words, and what the devnet knows around it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Outputs">What it spends and refers to, as far as the chain has or had it.</param>
/// <param name="Scripts">The scripts at its addresses, as far as the chain has seen them.</param>
/// <param name="Parameters">By which its scripts run.</param>
/// <param name="Slots">When its slots are.</param>
public sealed record TransactionQuestion(
    Transaction Transaction,
    IReadOnlyDictionary<TxInput, TxOutput> Outputs,
    ImmutableArray<Script> Scripts,
    ProtocolParameters Parameters,
    SlotConfig Slots
);

/// <summary>What somebody who knows the contracts on this chain says of a transaction, in lines; what belongs to a line is indented below it.</summary>
/// <param name="Does">What it does.</param>
/// <param name="Refusals">The rules by which its scripts refuse it; empty when none does.</param>
public sealed record TransactionWords(ImmutableArray<string> Does, ImmutableArray<string> Refusals);
