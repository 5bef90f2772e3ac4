using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>A script the transaction needs: for what, and which.</summary>
internal readonly record struct NeededScript(RedeemerPointer Pointer, ScriptHash Hash, TxOutput? Spent);

/// <summary>A transaction with everything the rules look up, resolved once.</summary>
internal sealed class RuleContext
{
    private readonly Lazy<int> _referenceScriptBytes;

    public RuleContext(Transaction transaction, LedgerState state, LedgerEnvironment environment)
    {
        Transaction = transaction;
        State = state;
        Environment = environment;
        Certificates = LedgerCertificate.ReadAll(transaction.Body);
        SortedInputs = [.. transaction.Body.Inputs.Order()];
        Spent = Resolve(SortedInputs);
        Referenced = Resolve(transaction.Body.ReferenceInputs);
        Collateral = Resolve(transaction.Body.Collateral);
        foreach (var script in transaction.Witnesses.Scripts)
        {
            WitnessScripts[script.Hash] = script;
        }

        foreach (var output in Spent.Values.Concat(Referenced.Values))
        {
            if (output.ReferenceScript is { } script)
            {
                ReferenceScripts[script.Hash] = script;
            }
        }

        Needed = [.. FindNeeded()];
        TotalUnits = SumUnits(transaction.Witnesses.Redeemers);
        _referenceScriptBytes = new Lazy<int>(() => Fees.ReferenceScriptBytes(SpentAndReferenced.Values));
    }

    public Transaction Transaction { get; }

    public TransactionBody Body => Transaction.Body;

    public WitnessSet Witnesses => Transaction.Witnesses;

    public LedgerState State { get; }

    public LedgerEnvironment Environment { get; }

    public ProtocolParameters Parameters => Environment.Parameters;

    /// <summary>The certificates in order.</summary>
    public ImmutableArray<LedgerCertificate> Certificates { get; }

    /// <summary>Spent inputs in ledger order: redeemer pointers count these.</summary>
    public TxInput[] SortedInputs { get; }

    /// <summary>The spent outputs that exist.</summary>
    public Dictionary<TxInput, TxOutput> Spent { get; }

    /// <summary>The reference outputs that exist.</summary>
    public Dictionary<TxInput, TxOutput> Referenced { get; }

    /// <summary>The collateral outputs that exist.</summary>
    public Dictionary<TxInput, TxOutput> Collateral { get; }

    /// <summary>Spent and reference outputs, each once.</summary>
    public Dictionary<TxInput, TxOutput> SpentAndReferenced
    {
        get
        {
            var all = new Dictionary<TxInput, TxOutput>(Spent);
            foreach (var (input, output) in Referenced)
            {
                all[input] = output;
            }

            return all;
        }
    }

    public Dictionary<ScriptHash, Script> WitnessScripts { get; } = [];

    /// <summary>Scripts that spent and reference inputs carry. Collateral provides none.</summary>
    public Dictionary<ScriptHash, Script> ReferenceScripts { get; } = [];

    /// <summary>Scripts by purpose, in pointer order.</summary>
    public NeededScript[] Needed { get; }

    /// <summary>All redeemers' units, capped at what 64 bits hold.</summary>
    public ExUnits TotalUnits { get; }

    /// <summary>Bytes of reference scripts (spec cardano.md 5.2).</summary>
    public int ReferenceScriptBytes => _referenceScriptBytes.Value;

    /// <summary>Outputs and, last, the collateral return.</summary>
    public IEnumerable<TxOutput> AllOutputs => Body.CollateralReturn is { } change ? Body.Outputs.Append(change) : Body.Outputs;

    public Script? FindScript(ScriptHash hash) => WitnessScripts.GetValueOrDefault(hash) ?? ReferenceScripts.GetValueOrDefault(hash);

    /// <summary>Needed scripts that are Plutus scripts and at hand.</summary>
    public IEnumerable<(NeededScript Need, Script Script)> NeededPlutus =>
        from need in Needed
        let script = FindScript(need.Hash)
        where script is { Language: not ScriptLanguage.Native }
        select (need, script);

    private Dictionary<TxInput, TxOutput> Resolve(IEnumerable<TxInput> inputs)
    {
        var found = new Dictionary<TxInput, TxOutput>();
        foreach (var input in inputs)
        {
            if (State.Find(input) is { } output)
            {
                found[input] = output;
            }
        }

        return found;
    }

    // Spent inputs, mint policies, certificates, withdrawals; the purposes left are governance's, which Scope refuses.
    private IEnumerable<NeededScript> FindNeeded()
    {
        for (var i = 0; i < SortedInputs.Length; i++)
        {
            if (Spent.TryGetValue(SortedInputs[i], out var output) && output.Address.Payment?.AsScript is { } script)
            {
                yield return new NeededScript(new RedeemerPointer(RedeemerTag.Spend, i), script, output);
            }
        }

        var index = 0;
        foreach (var policy in Body.Mint.Assets.Keys.Select(a => a.Policy).Distinct())
        {
            yield return new NeededScript(new RedeemerPointer(RedeemerTag.Mint, index++), policy.ToScriptHash(), null);
        }

        for (var i = 0; i < Certificates.Length; i++)
        {
            if (Certificates[i].Author?.AsScript is { } author)
            {
                yield return new NeededScript(new RedeemerPointer(RedeemerTag.Cert, i), author, null);
            }
        }

        // Ledger order of accounts: scripts before keys, so that the scripts' indexes are their own.
        index = 0;
        foreach (
            var script in Body.Withdrawals.Select(w => w.Key).Where(a => a.Stake is { IsScript: true }).OrderBy(a => a.Network).ThenBy(a => a.Stake!.Value.Hash)
        )
        {
            yield return new NeededScript(new RedeemerPointer(RedeemerTag.Reward, index++), script.Stake!.Value.AsScript!.Value, null);
        }
    }

    private static ExUnits SumUnits(IEnumerable<Redeemer> redeemers)
    {
        Int128 memory = 0;
        Int128 steps = 0;
        foreach (var redeemer in redeemers)
        {
            memory += redeemer.Units.Memory;
            steps += redeemer.Units.Steps;
        }

        return new ExUnits((long)Int128.Min(memory, long.MaxValue), (long)Int128.Min(steps, long.MaxValue));
    }
}
