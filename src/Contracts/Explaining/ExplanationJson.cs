using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry.Common;

namespace Masumi.Contracts.Explaining;

/// <summary>An explanation as data. Quantities are texts, as everywhere on our wires; <c>lovelace</c> is ADA's unit.</summary>
public static class ExplanationJson
{
    /// <summary>The whole of it.</summary>
    public static JsonObject Of(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var transaction = explanation.Transaction;
        return new JsonObject
        {
            ["transaction"] = $"{transaction.Id}",
            ["verdict"] = explanation.Verdict.ToString().ToLowerInvariant(),
            ["sizeBytes"] = transaction.Bytes.Length,
            ["fee"] = $"{transaction.Body.Fee}",
            ["validFrom"] = Bound(explanation.From),
            ["validUntil"] = Bound(explanation.Until),
            ["inputs"] = Outputs(explanation.Inputs),
            ["referenceInputs"] = Outputs(explanation.ReferenceInputs),
            ["outputs"] = Outputs(explanation.Outputs),
            ["acts"] = Array(explanation.Acts, a => Act(a, happens: transaction.IsValid)),
            ["signers"] = Array(
                explanation.Signers,
                s => new JsonObject
                {
                    ["keyHash"] = $"{s.Key}",
                    ["required"] = s.IsRequired,
                    ["signature"] = s.Signature.ToString().ToLowerInvariant(),
                    ["roles"] = Array(s.Roles, r => JsonValue.Create(r)),
                }
            ),
            ["scripts"] = Array(explanation.Scripts, Script),
            ["notJudged"] = explanation.NotJudged,
            ["open"] = explanation.Verdict == ExplainedVerdict.Unknown ? explanation.Open : null,
            ["refusals"] = Array(explanation.Refusals, r => JsonValue.Create(r)),
            ["notes"] = Array(explanation.Notes, n => JsonValue.Create(n)),
            ["ledgerRefusals"] = explanation.LedgerRefusals is { } refusals ? Array(refusals, r => JsonValue.Create(r)) : null,
        };
    }

    // What a transaction that fails asks for does not happen: then there is neither a state after it nor a gain.
    private static JsonObject Act(ExplainedAct act, bool happens)
    {
        var json = Act(act);
        json["happens"] = happens;
        foreach (var name in happens ? [] : (string[])["after", "payouts", "gains", "settlement"])
        {
            json.Remove(name);
        }

        return json;
    }

    private static JsonObject Act(ExplainedAct act)
    {
        var json = new JsonObject
        {
            ["contract"] = act.Contract.Name,
            ["scriptHash"] = $"{act.Contract.Script}",
            ["family"] = $"{act.Contract.Instance.Family}",
        };
        switch (act)
        {
            case ExplainedAct.Locks locks:
                json["kind"] = "lock";
                json["mayGoOn"] = locks.MayGoOn;
                json["after"] = State(locks.At, locks.Datum, locks.Value);
                break;
            case ExplainedAct.Moves moves:
                json["kind"] = "move";
                json["action"] = $"{moves.Action}";
                json["before"] = State(moves.Spent, moves.Old, moves.OldValue);
                json["after"] = State(moves.At, moves.New, moves.NewValue);
                break;
            case ExplainedAct.Ends ends:
                json["kind"] = "end";
                json["action"] = $"{ends.Action}";
                json["before"] = State(ends.Spent, ends.Old, ends.OldValue);
                json["settlement"] = ends.Settlement is { } settlement
                    ? new JsonObject
                    {
                        ["buyer"] = Amounts(settlement.Buyer),
                        ["seller"] = Amounts(settlement.Seller),
                        ["rest"] = settlement.Rest is { } rest ? Amounts(rest) : null,
                        ["votes"] = settlement.Votes,
                        ["required"] = settlement.Required,
                        ["places"] = settlement.Places,
                    }
                    : null;
                json["payouts"] = Outputs(ends.Payouts);
                json["gains"] = new JsonObject(ends.Gains.Select(g => KeyValuePair.Create(g.Key, (JsonNode?)Amounts(g.Value))));
                break;
            case ExplainedAct.Registers registers:
                json["kind"] = "registry";
                json["action"] = registers.Action is { } action ? RegistryRedeemer.Label(action) : null;
                json["agents"] = Array(
                    registers.Agents,
                    a => new JsonObject
                    {
                        ["agentIdentifier"] = $"{a.Token}",
                        ["quantity"] = a.Quantity.ToString(CultureInfo.InvariantCulture),
                        ["name"] = a.Name,
                    }
                );
                break;
            case ExplainedAct.Odd odd:
                json["kind"] = "odd";
                json["at"] = $"{odd.At}";
                json["reason"] = odd.Reason;
                break;
        }

        return json;
    }

    private static JsonObject State(TxInput at, EscrowDatum datum, Value value) =>
        new()
        {
            ["at"] = $"{at}",
            ["state"] = $"{datum.State}",
            ["amounts"] = Amounts(value),
            ["buyer"] = $"{datum.Buyer}",
            ["buyerReturnAddress"] = datum.BuyerReturn?.ToString(),
            ["seller"] = $"{datum.Seller}",
            ["sellerReturnAddress"] = datum.SellerReturn?.ToString(),
            ["collateralReturnLovelace"] = $"{datum.CollateralReturn}",
            ["inputHash"] = $"{datum.InputHash}",
            ["resultHash"] = $"{datum.ResultHash}",
            ["payByTime"] = Milliseconds(datum.Deadlines.PayBy),
            ["submitResultTime"] = Milliseconds(datum.Deadlines.SubmitResult),
            ["unlockTime"] = Milliseconds(datum.Deadlines.Unlock),
            ["externalDisputeUnlockTime"] = Milliseconds(datum.Deadlines.ExternalDisputeUnlock),
        };

    private static JsonObject Script(ScriptJudgement script) =>
        new()
        {
            ["pointer"] = $"{script.Pointer}",
            ["scriptHash"] = $"{script.Script}",
            ["contract"] = script.Contract,
            ["accepts"] = script.Failure is null,
            ["used"] = Units(script.Used),
            ["declared"] = Units(script.Declared),
            ["failure"] = script.Failure,
            ["rule"] = script.Rule,
            ["compared"] = Array(script.Compared, Values),
            ["also"] = Array(script.Also, Values),
            ["logs"] = Array(script.Logs, l => JsonValue.Create(l)),
        };

    private static JsonObject Values(ComparedValues values) =>
        new()
        {
            ["rule"] = values.Rule,
            ["supplied"] = values.Supplied,
            ["required"] = values.Required,
        };

    private static JsonObject Units(ExUnits units) => new() { ["memory"] = units.Memory, ["steps"] = units.Steps };

    private static JsonArray Outputs(IEnumerable<ExplainedOutput> outputs) =>
        Array(
            outputs,
            o => new JsonObject
            {
                ["at"] = $"{o.At}",
                ["known"] = o.Output is not null,
                ["address"] = o.Output?.Address.ToString(),
                ["whose"] = o.Whose,
                ["amounts"] = o.Output is { } known ? Amounts(known.Value) : null,
            }
        );

    private static JsonArray Amounts(Value value) =>
        Array(
            value
                .Assets.Select(a => (Unit: $"{a.Key}", Quantity: a.Value.ToString(CultureInfo.InvariantCulture)))
                .Prepend((Unit: "lovelace", Quantity: $"{value.Coin}")),
            a => new JsonObject { ["unit"] = a.Unit, ["quantity"] = a.Quantity }
        );

    private static JsonObject? Bound(ExplainedBound? bound) =>
        bound is null
            ? null
            : new JsonObject
            {
                ["slot"] = bound.Written,
                ["time"] = bound.Time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            };

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> make) => new([.. items.Select(make)]);
}
