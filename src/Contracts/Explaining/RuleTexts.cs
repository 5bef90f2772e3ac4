using System.Collections.Immutable;
using Masumi.Contracts.Escrow.Common;
using static Masumi.Contracts.Escrow.Common.EscrowRule;

namespace Masumi.Contracts.Explaining;

/// <summary>
/// Which rules of the model off chain a rule of our validators is: the text says which one refused, the model what was compared. A test holds every text of
/// the contracts against this.
/// </summary>
internal static class RuleTexts
{
    private static readonly Dictionary<string, ImmutableArray<EscrowRule>> Rules = new(StringComparer.Ordinal)
    {
        ["the buyer signs"] = [Signer],
        ["the seller signs"] = [Signer],
        ["after the buyer's cooldown"] = [StartAfter],
        ["after the seller's cooldown"] = [StartAfter],
        ["after the unlock time"] = [StartAfter],
        ["after the submit time"] = [StartAfter],
        ["after the dispute unlock time"] = [StartAfter],
        ["before the unlock time"] = [EndBefore],
        ["before the submit time, or a correction before the dispute unlock time"] = [EndBefore],
        ["a result submitted, or disputed"] = [State],
        ["funds locked, result submitted or disputed"] = [State],
        ["nothing authorized yet"] = [State],
        ["refund requested or disputed"] = [State],
        ["a result was submitted"] = [State],
        ["funds locked or refund requested"] = [State],
        ["disputed"] = [State],
        ["authorized, or a result after the unlock time"] = [State, StartAfter],
        ["authorized, or no result by the submit time"] = [State, StartAfter],
        ["there is a result"] = [ResultPresent],
        ["there is no result"] = [ResultAbsent],
        ["the result is a hash of 32 bytes"] = [NewResult],
        ["the escrow holds the collateral"] = [CollateralCovered],
        ["the collateral return is not negative"] = [CollateralRange, OutputForm],
        ["the buyer's side gets the collateral"] = [Payout],
        ["the buyer gets the collateral"] = [Payout],
        ["the seller's return address gets the rest"] = [Payout],
        ["the buyer's return address gets everything"] = [Payout],
        ["the fee address gets its part of every asset"] = [Payout],
        ["the buyer's side gets its amount"] = [Payout],
        ["the seller's side gets its amount"] = [Payout],
        ["the escrow ends"] = [NoContinuation],
        ["enough admins signed"] = [AdminVotes],
        ["enough admins sign"] = [AdminVotes],
        ["someone must sign"] = [AdminVotes],
        ["the buyer's amount is canonical"] = [EscrowRule.Action, AdminVotes],
        ["the seller's amount is canonical"] = [EscrowRule.Action, AdminVotes],
        ["the reference signature is long enough"] = [SignatureLength],
        ["the validity range has an end"] = [FiniteUpper],
        ["one escrow is spent"] = [SingleInput],
        ["at most one escrow is created"] = [OutputCount],
        ["inline datum"] = [OutputForm, Continuation],
        ["no reference script"] = [OutputForm],
        ["escrows spent together differ in their reference signatures"] = [UniqueSignature],
        ["escrows created together differ in their reference signatures"] = [UniqueSignature],
        ["escrows spent together have inline datums"] = [UniqueSignature, OutputForm],
        ["known action"] = [EscrowRule.Action],
        ["actions have no arguments"] = [EscrowRule.Action],
        ["this action has no arguments"] = [EscrowRule.Action],
        ["no ADA is taken out"] = [ValuePreserved],
        ["no token is taken out or put in"] = [ValuePreserved],
        ["nothing else in the datum changes"] = [Continuation],
        ["the new cooldown is long enough"] = [Continuation],
        ["the escrow goes on"] = [Continuation],
        ["the escrow stays at its address"] = [Continuation],
    };

    // The ledger sees to these: nothing a transaction has can break them.
    private static readonly ImmutableArray<string> Sure = ["this script only guards outputs", "the spent output is an input", "the first escrow"];

    // Rules about the form of a datum or of a settlement's arguments are named by what they look into.
    private static readonly Dictionary<string, ImmutableArray<EscrowRule>> Prefixes = new(StringComparer.Ordinal)
    {
        ["datum"] = [OutputForm, State],
        ["address"] = [OutputForm],
        ["credential"] = [OutputForm],
        ["stake credential"] = [OutputForm],
        ["stake pointer"] = [OutputForm],
        ["option"] = [OutputForm],
        ["none"] = [OutputForm],
        ["settlement"] = [EscrowRule.Action, AdminVotes, SignatureCount],
        ["signature"] = [EscrowRule.Action, AdminVotes],
    };

    /// <summary>The model's rules that a text stands for; null for a text of no escrow.</summary>
    public static ImmutableArray<EscrowRule>? RulesOf(string text)
    {
        var parts = text.Split(": ", 2);
        return parts.Length == 2 && Prefixes.TryGetValue(parts[0], out var byPrefix) ? byPrefix
            : Rules.TryGetValue(parts[^1], out var rules) ? rules
            : Sure.Contains(text, StringComparer.Ordinal) ? []
            : null;
    }
}
