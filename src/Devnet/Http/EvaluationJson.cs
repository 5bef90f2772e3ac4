using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Http;

/// <summary>Script evaluations in the two forms of Ogmios. Version 5 reports failures as results.</summary>
internal static class EvaluationJson
{
    public static JsonNode Version5(TransactionEvaluation? evaluation, ImmutableArray<TxInput> unknown, ImmutableArray<RedeemerProblem> problems)
    {
        JsonObject result;
        if (evaluation is null)
        {
            result = Failure("UnknownInputs", References(unknown, "txId"));
        }
        else if (!problems.IsEmpty)
        {
            var failures = new JsonObject();
            foreach (var problem in problems)
            {
                var pointer = Pointer5(problem.Pointer);
                failures[pointer] = new JsonArray(
                    problem.IsExtraneous
                        ? new JsonObject { ["extraRedeemers"] = new JsonArray(pointer) }
                        : new JsonObject
                        {
                            ["missingRequiredScripts"] = new JsonObject { ["missing"] = new JsonArray(pointer), ["resolved"] = new JsonObject() },
                        }
                );
            }

            result = Failure("ScriptFailures", failures);
        }
        else if (evaluation.ContextFailure is { } reason)
        {
            result = Failure("CannotCreateEvaluationContext", new JsonObject { ["reason"] = reason });
        }
        else if (!evaluation.Succeeded)
        {
            var failures = new JsonObject();
            foreach (var execution in evaluation.Executions.Where(e => e.Failure is not null))
            {
                failures[Pointer5(execution.Pointer)] = new JsonArray(
                    new JsonObject
                    {
                        ["validatorFailed"] = new JsonObject { ["error"] = execution.Failure, ["traces"] = Logs(execution) },
                    }
                );
            }

            result = Failure("ScriptFailures", failures);
        }
        else
        {
            var budgets = new JsonObject();
            foreach (var execution in evaluation.Executions)
            {
                budgets[Pointer5(execution.Pointer)] = new JsonObject { ["memory"] = execution.Units.Memory, ["steps"] = execution.Units.Steps };
            }

            result = new JsonObject { ["EvaluationResult"] = budgets };
        }

        return new JsonObject
        {
            ["type"] = "jsonwsp/response",
            ["version"] = "1.0",
            ["servicename"] = "ogmios",
            ["methodname"] = "EvaluateTx",
            ["result"] = result,
            ["reflection"] = new JsonObject { ["id"] = "devnet" },
        };

        static JsonObject Failure(string kind, JsonNode detail) => new() { ["EvaluationFailure"] = new JsonObject { [kind] = detail } };
    }

    public static JsonNode Version6(TransactionEvaluation? evaluation, ImmutableArray<TxInput> unknown, ImmutableArray<RedeemerProblem> problems)
    {
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["method"] = "evaluateTransaction",
            ["id"] = null,
        };
        if (evaluation is null)
        {
            answer["error"] = Error(
                3117,
                "The transaction contains unknown UTxO references as inputs.",
                "unknownOutputReferences",
                References(unknown, "transaction")
            );
        }
        else if (!problems.IsEmpty)
        {
            answer["error"] = ScriptFailures([
                .. problems.Select(p =>
                    p.IsExtraneous
                        ? (p.Pointer, 3110, "Extraneous (non-required) redeemers found in the transaction.", (JsonNode)Named("extraneousRedeemers", p.Pointer))
                        : (p.Pointer, 3011, "Some scripts are missing.", Named("missingScripts", p.Pointer))
                ),
            ]);
        }
        else if (evaluation.ContextFailure is { } reason)
        {
            answer["error"] = Error(3004, "Unable to create the evaluation context from the given transaction.", "reason", reason);
        }
        else if (!evaluation.Succeeded)
        {
            var failures = evaluation.Executions.Where(e => e.Failure is not null);
            answer["error"] = ScriptFailures([
                .. failures.Select(e =>
                    (
                        e.Pointer,
                        3012,
                        "Some of the scripts failed to evaluate to a positive outcome.",
                        (JsonNode)new JsonObject { ["validationError"] = e.Failure, ["traces"] = Logs(e) }
                    )
                ),
            ]);
        }
        else
        {
            answer["result"] = new JsonArray([
                .. evaluation.Executions.Select(e => new JsonObject
                {
                    ["validator"] = Pointer6(e.Pointer),
                    ["budget"] = new JsonObject { ["memory"] = e.Units.Memory, ["cpu"] = e.Units.Steps },
                }),
            ]);
        }

        return answer;

        static JsonObject Error(int code, string message, string field, JsonNode detail) =>
            new()
            {
                ["code"] = code,
                ["message"] = message,
                ["data"] = new JsonObject { [field] = detail },
            };
    }

    private static JsonObject ScriptFailures(IEnumerable<(RedeemerPointer Pointer, int Code, string Message, JsonNode Data)> failures) =>
        new()
        {
            ["code"] = 3010,
            ["message"] = "Some scripts of the transactions terminated with error(s).",
            ["data"] = new JsonArray([
                .. failures.Select(f => new JsonObject
                {
                    ["validator"] = Pointer6(f.Pointer),
                    ["error"] = new JsonObject
                    {
                        ["code"] = f.Code,
                        ["message"] = f.Message,
                        ["data"] = f.Data,
                    },
                }),
            ]),
        };

    private static JsonObject Named(string name, RedeemerPointer pointer) => new() { [name] = new JsonArray(Pointer6(pointer)) };

    private static JsonArray Logs(ScriptExecution execution) => new([.. execution.Logs.Select(l => JsonValue.Create(l))]);

    private static JsonArray References(ImmutableArray<TxInput> inputs, string id) =>
        new([
            .. inputs.Select(i =>
                id == "txId"
                    ? new JsonObject { ["txId"] = $"{i.TxId}", ["index"] = i.Index }
                    : new JsonObject
                    {
                        ["transaction"] = new JsonObject { ["id"] = $"{i.TxId}" },
                        ["index"] = i.Index,
                    }
            ),
        ]);

    private static string Pointer5(RedeemerPointer pointer) =>
        $"{pointer.Tag switch { RedeemerTag.Cert => "certificate", RedeemerTag.Reward => "withdrawal", _ => pointer.Tag.ToString().ToLowerInvariant() }}:{pointer.Index}";

    private static JsonObject Pointer6(RedeemerPointer pointer) =>
        new()
        {
            ["purpose"] = pointer.Tag switch
            {
                RedeemerTag.Cert => "publish",
                RedeemerTag.Reward => "withdraw",
                _ => pointer.Tag.ToString().ToLowerInvariant(),
            },
            ["index"] = pointer.Index,
        };
}
