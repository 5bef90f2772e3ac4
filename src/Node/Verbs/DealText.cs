using System.Text.Json.Nodes;
using Masumi.Settlement.Attempts;

namespace Masumi.Node.Verbs;

/// <summary>The desk's answers in words, a line each.</summary>
internal static class DealText
{
    public static IEnumerable<string> List(JsonObject answer)
    {
        var rows = answer["deals"]!.AsArray();
        return rows.Count == 0 ? ["none"] : rows.SelectMany(d => Row(d!));
    }

    public static IEnumerable<string> Show(JsonObject deal)
    {
        foreach (var line in Row(deal))
        {
            yield return line;
        }

        yield return "";
        foreach (var (title, name) in new[] { ("terms", "terms"), ("wishes", "wishes"), ("chain", "chain"), ("contract", "contract"), ("wallet", "wallet") })
        {
            foreach (var line in Section(title, deal[name]))
            {
                yield return line;
            }
        }

        yield return $"identifier {deal["identifier"]}";
        yield return "transactions";
        foreach (var attempt in deal["attempts"]!.AsArray())
        {
            yield return $"  {Attempt(attempt!)}";
        }

        yield return "history, newest first";
        foreach (var entry in deal["history"]!.AsArray())
        {
            yield return $"  {entry!["at"]} {entry["action"]}{(entry["txId"] is { } tx ? $" {tx}" : "")}{(entry["errorNote"] is { } note ? $": {note}" : "")}";
        }
    }

    public static IEnumerable<string> Why(JsonObject why)
    {
        foreach (var line in Row(why).Take(1))
        {
            yield return line;
        }

        if (why["engineWaits"] is { } waits)
        {
            yield return $"the engine does not run yet: {waits}";
        }

        if (why["engineFails"] is { } fails)
        {
            yield return $"engine:   nothing of this comes while it is so: {fails}";
        }

        yield return $"next:     {why["step"]}{(why["at"] is { } at ? $"; looked at again {at}" : "")}";
        foreach (var wait in why["waitsFor"]!.AsArray())
        {
            yield return $"waits:    {wait}";
        }

        if (why["problem"] is { } problem)
        {
            yield return $"problem:  {problem["code"]}: {problem["note"]}";
        }

        if (why["short"] is { } money)
        {
            yield return $"short of: {money["missing"]}{(money["fund"] is { } address ? $"; fund {address}" : "")}";
        }

        foreach (var attempt in why["standing"]!.AsArray())
        {
            // What a provider said of the one under way has been said above.
            yield return $"stands:   {Attempt(attempt!, withAnswer: !Same(attempt!["txId"], why["underWay"]?["txId"]))}";
        }

        var exits = why["exits"]!.AsArray();
        if (exits.Count > 0)
        {
            yield return (bool)why["needsPerson"]! ? "only a person can go on:" : "what you can do:";
        }

        foreach (var exit in exits)
        {
            yield return $"  {exit!["what"]}{(exit["before"] is { } before ? $", before {before}" : "")}:";
            yield return $"    {exit["command"]}";
        }

        if (why["futuresNote"] is { } note)
        {
            yield return $"futures:  {note}";
        }

        if (why["futures"] is not null)
        {
            yield return "what can still happen, played with the contract itself:";
        }

        foreach (var line in why["futures"] is JsonObject futures ? Futures(futures, 1) : [])
        {
            yield return line;
        }
    }

    public static IEnumerable<string> Recovered(JsonObject answer)
    {
        var problem = answer["deal"]!["problem"];
        yield return Looked(answer["looked"]!) + (problem is null ? "" : $"; what stands in its way still does: {problem["code"]}");
        var (before, after) = (answer["before"]!, answer["deal"]!);
        if ((bool)answer["triedAgain"]!)
        {
            yield return $"tried again what had stood in its way: {before["trouble"]?["note"]}";
        }

        foreach (var attempt in answer["newAttempts"]!.AsArray())
        {
            yield return $"made {Attempt(attempt!)}";
        }

        yield return Same(before["state"], after["state"]) && Same(before["nextAction"], after["nextAction"])
            ? "nothing about it has changed"
            : $"before: {before["state"] ?? "no lock"}, {before["nextAction"]}; now: {after["state"] ?? "no lock"}, {after["nextAction"]}";
        yield return "";
        foreach (var line in Why(answer["why"]!.AsObject()))
        {
            yield return line;
        }
    }

    public static IEnumerable<string> Verdict(JsonObject answer)
    {
        var until = answer["untilSlot"] is { } slot ? $" until slot {slot}{(answer["until"] is { } time ? $" ({time})" : "")}" : "";
        yield return $"{answer["verdict"]}{until} (tip: block {answer["tipBlock"]}, slot {answer["tipSlot"]})";
        foreach (var reason in answer["reasons"]!.AsArray())
        {
            yield return $"  {reason}";
        }

        yield return $"  {Attempt(answer["attempt"]!)}";
    }

    public static string Looked(JsonNode looked) =>
        (bool)looked["isClean"]!
            ? "nothing had been missed"
            : $"found {looked["missed"]} at the contract that had been missed, {looked["gone"]} that are gone, {looked["found"]} of ours in blocks, "
                + $"{looked["foreign"]} of our wallets that were not known"
                + (Some(looked["unlisted"]) ? $"; the provider's lists lack {looked["unlisted"]} that are there" : "")
                + (Some(looked["unfound"]) ? $"; they name {looked["unfound"]} that it does not have" : "")
                + ((bool?)looked["wasOvertaken"] == true ? "; another process went on meanwhile: it is looked again" : "");

    private static bool Some(JsonNode? count) => count is not null && (int)count > 0;

    public static string Attempt(JsonNode attempt, bool withAnswer = true) =>
        $"{attempt["txId"]} {attempt["kind"]} {StateWords(attempt)}"
        + (attempt["takenBy"] is { } by ? $", an input taken by {by}" : "")
        + (withAnswer && attempt["answer"] is { } answer ? $"; last answer: {answer}" : "");

    /// <summary>One in a list, with its time and whom it serves.</summary>
    public static string AttemptRow(JsonNode attempt) =>
        $"{attempt["createdAt"]} {Attempt(attempt)}"
        + (attempt["serves"]!.AsArray() is { Count: > 0 } serves ? $", for {string.Join(", ", serves.Select(s => $"{s!["id"]}"))}" : "");

    private static string StateWords(JsonNode attempt)
    {
        var valid = $"valid until {(attempt["validUntil"] is { } time ? $"{time} (slot {attempt["validUntilSlot"]})" : $"slot {attempt["validUntilSlot"]}")}";
        return (string?)attempt["state"] switch
        {
            nameof(AttemptState.Stored) => $"not sent yet, {valid}",
            nameof(AttemptState.Offered) => $"sent and not taken yet, {valid}",
            nameof(AttemptState.Pending) => $"taken by a provider, {valid}",
            nameof(AttemptState.InBlock) => $"in block {attempt["block"]}",
            nameof(AttemptState.Final) => $"in block {attempt["block"]} for good",
            nameof(AttemptState.Failed) => $"failed in block {attempt["block"]}",
            nameof(AttemptState.Expired) => $"expired, was {valid}",
            nameof(AttemptState.Conflicted) => $"overtaken, was {valid}",
            var other => $"{other}, {valid}",
        };
    }

    public static string Event(JsonNode happened) =>
        $"{happened["seq"]} {happened["at"]} {happened["entity"]} {happened["id"]} {happened["kind"]} {happened["payload"]?.ToJsonString()}";

    private static IEnumerable<string> Row(JsonNode deal)
    {
        yield return $"{deal["id"]} {deal["side"]} {deal["family"]} {deal["funds"]} {deal["state"] ?? "no lock"}, {deal["nextAction"]}"
            + (deal["nextAt"] is { } at ? $" at {at}" : "")
            + (deal["agent"] is { } agent ? $" ({agent})" : "");
        if (deal["underWay"] is { } under)
        {
            yield return $"  under way: {under["action"]} {under["txId"]}";
        }

        if (deal["problem"] is { } problem)
        {
            yield return $"  problem: {problem["code"]}: {problem["note"]}";
        }
    }

    private static IEnumerable<string> Section(string title, JsonNode? node)
    {
        if (node is not JsonObject fields)
        {
            yield break;
        }

        yield return title;
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                yield return $"  {name}: {(value is JsonValue ? value.ToString() : value.ToJsonString())}";
            }
        }
    }

    // The step, then who has what where a branch ends.
    private static IEnumerable<string> Futures(JsonNode future, int depth)
    {
        var indent = new string(' ', depth * 2);
        var when = future["at"] is { } at ? $", {at}" : "";
        var before = future["before"] is { } last ? $" (must be made before {last})" : "";
        var admins = future["adminsFrom"] is { } from ? $" (from {from} on the admins may be faster)" : "";
        var refused = (bool?)future["offered"] == false ? " (the contract takes it, but this node has no request for it)" : "";
        yield return $"{indent}{future["what"]}{when}{before}{admins}{refused}";
        if (future["end"] is JsonObject end)
        {
            yield return $"{indent}  {End(end)}: {Holdings(future["has"]!)}";
        }

        foreach (var line in future["next"]!.AsArray().SelectMany(n => Futures(n!, depth + 1)))
        {
            yield return line;
        }
    }

    private static string End(JsonObject end) =>
        (string?)end["kind"] switch
        {
            "paid" => "paid",
            "admins" => $"{end["votes"]} of the admins may divide it from {end["from"]}",
            "nobody" => $"stands still ({end["why"]})",
            _ => "not played any further",
        };

    private static string Holdings(JsonNode has) =>
        string.Join(
            ", ",
            new[] { ("buyer", "buyer"), ("seller", "seller"), ("fee wallet", "feeWallet"), ("still in escrow", "escrow"), ("network fees", "networkFees") }
                .Select(p => (p.Item1, Amount: has[p.Item2]!.ToString()))
                .Where(p => p.Amount != "0 ADA")
                .Select(p => $"{p.Item1} {(p.Amount.StartsWith('-') || p.Item1 is "still in escrow" or "network fees" ? "" : "+")}{p.Amount}")
        );

    private static bool Same(JsonNode? one, JsonNode? other) => one?.ToString() == other?.ToString();
}
