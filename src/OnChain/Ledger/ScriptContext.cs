using Masumi.OnChain.Language;

namespace Masumi.OnChain.Ledger;

/// <summary>What a Plutus V3 script is given (spec cardano.md 7.5): transaction, redeemer, purpose.</summary>
internal sealed class ScriptContext : Data;

/// <summary>The transaction (16 fields in V3).</summary>
internal sealed class TxInfo : Data;

/// <summary>Why the script runs: minting C0[policy], spending C1[output reference, optional datum], and four more.</summary>
internal sealed class ScriptInfo : Data;

/// <summary>A transaction id and an output index.</summary>
internal sealed class OutputReference : Data;

/// <summary>A spent output with its reference.</summary>
internal sealed class OnChainInput : Data;

/// <summary>An output.</summary>
internal sealed class OnChainOutput : Data;

/// <summary>None C0, hash C1[hash], inline C2[data].</summary>
internal sealed class OutputDatum : Data;

/// <summary>A payment credential and an optional stake credential.</summary>
internal sealed class OnChainAddress : Data;

/// <summary>Key C0[hash] or script C1[hash].</summary>
internal sealed class OnChainCredential : Data;

/// <summary>By credential C0[credential] or by pointer C1[slot, transaction, certificate].</summary>
internal sealed class StakeReference : Data;

/// <summary>The validity range: lower and upper bound.</summary>
internal sealed class TimeRange : Data;

/// <summary>A bound: a point and whether it is included.</summary>
internal sealed class Bound : Data;

/// <summary>Minus infinity C0, a time in POSIX milliseconds C1[time], plus infinity C2.</summary>
internal sealed class BoundPoint : Data;
