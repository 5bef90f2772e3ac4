using System.Globalization;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V2;

namespace Masumi.Contracts.Explaining;

/// <summary>An explanation in lines for people.</summary>
public static class ExplanationText
{
    // Beyond, outputs are counted and not shown.
    private const int MostOutputs = 40;

    // Whoever registered an agent chose its name, and a script what it logs.
    private const int MostOfName = 120;

    /// <summary>Everything: what it is, spends, creates, does, who signed, what the scripts say, and the verdict last.</summary>
    public static IEnumerable<string> Lines(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return All(explanation).Select(line => PlainText.Of(line));
    }

    private static IEnumerable<string> All(Explanation explanation)
    {
        var transaction = explanation.Transaction;
        yield return $"transaction {transaction.Id}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {transaction.Bytes.Length} bytes, fee {ValueText.Of(Value.Of(transaction.Body.Fee))}, valid {Bound(explanation.From, "from the beginning")} until {Bound(explanation.Until, "for ever")}"
        );
        if (!transaction.IsValid)
        {
            yield return "  it says of itself that its scripts fail: if they do, only its collateral is taken, and nothing else moves";
        }

        foreach (
            var line in Outputs(transaction.IsValid ? "spends" : "would spend", explanation.Inputs).Concat(Outputs("refers to", explanation.ReferenceInputs))
        )
        {
            yield return line;
        }

        foreach (
            var line in Outputs(transaction.IsValid ? "creates" : "would create", explanation.Outputs).Concat(Does(explanation)).Concat(Signers(explanation))
        )
        {
            yield return line;
        }

        foreach (var line in explanation.Scripts.SelectMany(Judged).Concat(Verdict(explanation)))
        {
            yield return line;
        }
    }

    /// <summary>What it does at contracts that are known; one line for each act and, indented, its particulars.</summary>
    public static IEnumerable<string> Does(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var lines =
            explanation.Acts.IsEmpty ? ["does nothing at a contract that is known here"]
            : explanation.Transaction.IsValid ? explanation.Acts.SelectMany(Act)
            // What such a transaction asks for does not happen.
            : explanation.Acts.Select(Asked).Prepend("does nothing: by its own word its scripts fail, so at most its collateral is taken");
        return lines.Select(line => PlainText.Of(line));
    }

    /// <summary>Why it is refused: the rules, with what they compared, and those of the ledger. Empty when nothing refuses.</summary>
    public static IEnumerable<string> Refusals(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation
            .Scripts.Where(s => s.Failure is not null)
            .SelectMany(Judged)
            .Concat(explanation.Refusals.Select(r => $"the ledger: {r}"))
            .Select(line => PlainText.Of(line));
    }

    private static string Asked(ExplainedAct act) =>
        act switch
        {
            ExplainedAct.Locks locks => $"  asked for, in vain: a new escrow at {locks.Contract.Name} ({locks.Contract.Instance.Family})",
            ExplainedAct.Moves moves => $"  asked for, in vain: {moves.Action} on the escrow {moves.Spent}, which stays {moves.Old.State}",
            ExplainedAct.Ends ends => $"  asked for, in vain: {ends.Action} of the escrow {ends.Spent}, which stays {ends.Old.State}",
            ExplainedAct.Registers registers =>
                $"  asked for, in vain: {(registers.Action is { } action ? RegistryRedeemer.Label(action) : "a mint")} at {registers.Contract.Name}",
            _ => $"  asked for, in vain: something at {act.Contract.Name}",
        };

    private static IEnumerable<string> Act(ExplainedAct act) =>
        act switch
        {
            ExplainedAct.Locks locks =>
            [
                $"{(locks.MayGoOn ? "locks, or carries on," : "locks")} an escrow at {locks.Contract.Name} ({locks.Contract.Instance.Family}): {locks.Datum.State}",
                $"  {locks.At}: {ValueText.Of(locks.Value)}",
                .. Parties(locks.Datum),
                $"  input hash {locks.Datum.InputHash}",
                $"  agent {Shown(locks.Datum.AgentIdentifier)}; pay by {Time(locks.Datum.Deadlines.PayBy)}, result by {Time(locks.Datum.Deadlines.SubmitResult)}",
                $"  unlocks {Time(locks.Datum.Deadlines.Unlock)}, disputes unlock {Time(locks.Datum.Deadlines.ExternalDisputeUnlock)}",
            ],
            ExplainedAct.Moves moves =>
            [
                $"{moves.Action} on an escrow at {moves.Contract.Name} ({moves.Contract.Instance.Family}): {moves.Old.State} -> {moves.New.State}",
                $"  {moves.Spent}: {ValueText.Of(moves.OldValue)} -> {moves.At}: {ValueText.Of(moves.NewValue)}",
                .. Parties(moves.Old),
                $"  result hash {Shown(moves.Old.ResultHash)} -> {Shown(moves.New.ResultHash)}",
            ],
            ExplainedAct.Ends ends =>
            [
                $"{ends.Action} of an escrow at {ends.Contract.Name} ({ends.Contract.Instance.Family}): {ends.Old.State} -> ended",
                $"  {ends.Spent}: {ValueText.Of(ends.OldValue)}",
                .. Parties(ends.Old, ends.Action != EscrowAction.WithdrawDisputed),
                $"  result hash {Shown(ends.Old.ResultHash)}",
                .. Settled(ends),
                .. ends.Payouts.Select(p => $"  pays {ValueText.Of(p.Output!.Value)} to {Owner(p)}, tagged with the escrow"),
                .. ends.Gains.Select(g => $"  in all, the {g.Key} gains {ValueText.Of(g.Value)}"),
            ],
            ExplainedAct.Registers registers =>
            [
                $"{(registers.Action is { } action ? RegistryRedeemer.Label(action) : "mints")} at {registers.Contract.Name}",
                .. registers.Agents.Select(a => Agent(a, registers.Contract.Instance.Family)),
            ],
            ExplainedAct.Odd odd => [$"{odd.Contract.Name}: {odd.Reason}", $"  {odd.At}"],
            _ => [],
        };

    private static IEnumerable<string> Settled(ExplainedAct.Ends ends)
    {
        if (ends.Settlement is not { } settlement)
        {
            yield break;
        }

        yield return $"  signed for the buyer: at least {ValueText.Of(settlement.Buyer)}";
        yield return $"  signed for the seller: at least {ValueText.Of(settlement.Seller)}";
        yield return settlement.Rest is not { } rest ? "  the amounts are beyond all there can be"
        : rest.IsZero ? "  nothing is left over"
        : rest.IsNonNegative ? $"  signed for nobody: {ValueText.Of(rest)}, which whoever submits it may take"
        : $"  more is signed than the escrow holds; what it holds less what is signed: {ValueText.Of(rest)}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {settlement.Votes} of {settlement.Places} places of the admin list signed, {settlement.Required} required"
        );
    }

    private static string Agent(ExplainedAgent agent, EscrowFamily family)
    {
        // Only names of V2 have versions; one of V1 may look like one.
        var version =
            family == EscrowFamily.V2 && AgentNameV2.Of(agent.Token.Name) is { Version: > 0 and var number }
                ? string.Create(CultureInfo.InvariantCulture, $", version {number}")
                : "";
        var what =
            agent.Quantity == 1 ? "mints"
            : agent.Quantity == -1 ? "burns"
            : string.Create(CultureInfo.InvariantCulture, $"mints {agent.Quantity} of");
        return $"  {what} agent {(agent.Name is { } name ? $"\"{PlainText.Of(name, MostOfName)}\" " : "")}{agent.Token}{version}";
    }

    private static IEnumerable<string> Parties(EscrowDatum datum, bool collateralGoesBack = true)
    {
        yield return $"  buyer {datum.Buyer}{(datum.BuyerReturn is { } buyer ? $", paid at {buyer}" : "")}";
        yield return $"  seller {datum.Seller}{(datum.SellerReturn is { } seller ? $", paid at {seller}" : "")}";
        if (collateralGoesBack)
        {
            yield return $"  collateral {ValueText.Of(Value.Of(datum.CollateralReturn))} goes back to the buyer";
        }
    }

    private static IEnumerable<string> Outputs(string what, IReadOnlyCollection<ExplainedOutput> outputs)
    {
        if (outputs.Count == 0)
        {
            yield break;
        }

        yield return what;
        foreach (var output in outputs.Take(MostOutputs))
        {
            yield return $"  {output.At}  "
                + (output.Output is { } known ? $"{ValueText.Of(known.Value)} of {Owner(output)}" : "unknown here")
                + (output.Output?.ReferenceScript is { } script ? $", with the script {script.Hash}" : "");
        }

        if (outputs.Count > MostOutputs)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  and {outputs.Count - MostOutputs} more");
        }
    }

    private static string Owner(ExplainedOutput output) => output.Whose is { } whose ? $"{whose} {output.Output!.Address}" : $"{output.Output!.Address}";

    private static IEnumerable<string> Signers(Explanation explanation)
    {
        if (!explanation.Signers.IsEmpty)
        {
            yield return "signed by";
        }

        foreach (var signer in explanation.Signers)
        {
            var state = signer.Signature switch
            {
                SignatureState.Verifies => "its signature verifies",
                SignatureState.Wrong => "its signature does NOT verify",
                _ => "its signature is MISSING",
            };
            yield return $"  {signer.Key}  {(signer.Roles.IsEmpty ? "" : string.Join(" and ", signer.Roles) + ", ")}{(signer.IsRequired ? "required" : "not required")}, {state}";
        }
    }

    private static IEnumerable<string> Judged(ScriptJudgement script)
    {
        var name = $"{script.Pointer} {script.Contract ?? "script"} {script.Script}";
        if (script.Failure is not { } failure)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} accepts with {script.Used.Memory} memory, {script.Used.Steps} steps");
            yield break;
        }

        yield return script.Rule is { } rule ? $"{name} REFUSES by the rule \"{rule}\"" : $"{name} REFUSES: {failure}";
        foreach (var values in script.Compared)
        {
            yield return $"  {values.Rule}: {values.Supplied}; required: {values.Required}";
        }

        foreach (var values in script.Also)
        {
            yield return $"  also {values.Rule}: {values.Supplied}; required: {values.Required}";
        }

        foreach (var log in script.Logs.Take(MostOutputs))
        {
            yield return $"  trace: {PlainText.Of(log, MostOfName)}";
        }
    }

    private static IEnumerable<string> Verdict(Explanation explanation)
    {
        foreach (var refusal in explanation.Refusals)
        {
            yield return $"the ledger: {refusal}";
        }

        if (explanation.NotJudged is { } reason)
        {
            yield return $"not judged: {reason}";
        }

        foreach (var note in explanation.Notes)
        {
            yield return $"note: {note}";
        }

        yield return explanation.Verdict switch
        {
            ExplainedVerdict.Accepted => "accepted: nothing refuses it",
            ExplainedVerdict.Refused => "REFUSED",
            ExplainedVerdict.Failed => "FAILED: the ledger takes it as one whose scripts fail: only its collateral is taken, nothing else moves",
            _ => $"verdict unknown: {explanation.Open}",
        };
    }

    private static string Bound(ExplainedBound? bound, string none) =>
        bound is null ? none
        : bound.Time is { } time ? $"{Time(time)} (slot {bound.Slot})"
        : string.Create(CultureInfo.InvariantCulture, $"slot {bound.Written}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Shown(ByteString bytes) => bytes.IsEmpty ? "none" : $"{bytes}";
}
