using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Node.Control;

/// <summary>What the desk answers, as JSON: verbs print it as it is, or in words.</summary>
internal static class DeskJson
{
    // A deal that was tried for months has no more to say.
    private const int MostHistory = 200;

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject Row(Deal deal) =>
        new()
        {
            ["id"] = deal.Id,
            ["side"] = deal.Side.ToString().ToLowerInvariant(),
            ["source"] = deal.SourceId,
            ["family"] = deal.Family.ToString(),
            ["agent"] = deal.AgentName,
            ["funds"] = ValueText.Of(deal.Terms.Funds),
            ["state"] = Text(deal.OnChainState),
            ["nextAction"] = Word.Text(deal.NextAction),
            ["nextAt"] = Time(deal.NextAt),
            ["underWay"] = deal.UnderWay is { } u ? new JsonObject { ["action"] = u.Action.ToString(), ["txId"] = u.TxId.ToString() } : null,
            ["problem"] = deal.Problem is { } p
                ? new JsonObject
                {
                    ["code"] = p.Code,
                    ["type"] = Text(p.Type),
                    ["note"] = p.Note,
                    ["needsPerson"] = p.NeedsManual,
                }
                : null,
            ["trouble"] = deal.Trouble is { } t
                ? new JsonObject
                {
                    ["kind"] = t.Kind.ToString(),
                    ["note"] = t.Note,
                    ["tries"] = t.Tries,
                    ["since"] = Time(t.Since),
                    ["retryAt"] = Time(t.RetryAt),
                }
                : null,
            ["createdAt"] = Time(deal.CreatedAt),
            ["updatedAt"] = Time(deal.UpdatedAt),
        };

    public static JsonObject Report(DealReport report, BlockPoint? tip)
    {
        var (deal, json) = (report.Deal, Row(report.Deal));
        var (terms, chain) = (deal.Terms, deal.Projection);
        json["identifier"] = terms.Identifier.ToString();
        json["terms"] = new JsonObject
        {
            ["agentIdentifier"] = terms.AgentIdentifier.ToString(),
            ["pricing"] = Word.Text(terms.Pricing),
            ["amounts"] = new JsonArray([
                .. Amounts
                    .ToList(terms.Funds)
                    .Select(a => (JsonNode)new JsonObject { ["unit"] = a.Unit, ["amount"] = a.Quantity.ToString(CultureInfo.InvariantCulture) }),
            ]),
            ["inputHash"] = terms.InputHash.ToString(),
            ["payByTime"] = Time(terms.Deadlines.PayBy),
            ["submitResultTime"] = Time(terms.Deadlines.SubmitResult),
            ["unlockTime"] = Time(terms.Deadlines.Unlock),
            ["externalDisputeUnlockTime"] = Time(terms.Deadlines.ExternalDisputeUnlock),
            ["sellerAddress"] = terms.SellerAddress.ToString(),
            ["sellerReturnAddress"] = terms.SellerReturnAddress?.ToString(),
            ["buyerReturnAddress"] = terms.BuyerReturnAddress?.ToString(),
        };
        json["wishes"] = new JsonObject
        {
            ["refund"] = deal.Wishes.Refund.ToString(),
            ["result"] = deal.Wishes.Result?.ToString(),
            ["agreesToRefund"] = deal.Wishes.AgreesToRefund,
        };
        json["chain"] = new JsonObject
        {
            ["state"] = Text(chain.State),
            ["escrow"] = chain.Escrow?.ToString(),
            ["transaction"] = chain.CurrentTransaction?.ToString(),
            ["resultHash"] = chain.ResultHash,
            ["buyerAddress"] = chain.BuyerAddress?.ToString(),
            ["collateralReturn"] = chain.CollateralReturn?.ToString(),
            ["sellerCooldown"] = chain.SellerCooldown > DateTimeOffset.UnixEpoch ? Time(chain.SellerCooldown) : null,
            ["buyerCooldown"] = chain.BuyerCooldown > DateTimeOffset.UnixEpoch ? Time(chain.BuyerCooldown) : null,
            ["buyerFees"] = chain.BuyerFees.ToString(),
            ["sellerFees"] = chain.SellerFees.ToString(),
            ["strange"] = chain.Strange,
            ["secondLock"] = chain.SecondLock?.ToString(),
        };
        json["contract"] = Source(report.Source);
        json["wallet"] = report.Wallet is { } wallet ? new JsonObject { ["id"] = wallet.Id, ["address"] = wallet.Address.ToString() } : null;
        json["attempts"] = new JsonArray([.. report.Attempts.Take(MostHistory).Select(a => (JsonNode)Attempt(a, tip))]);
        json["history"] = new JsonArray([.. report.History.Take(MostHistory).Select(h => (JsonNode)History(h))]);
        return json;
    }

    public static JsonObject Source(PaymentSource source) =>
        new()
        {
            ["id"] = source.Id,
            ["network"] = Word.Text(source.Network),
            ["family"] = source.Family.ToString(),
            ["address"] = source.ContractAddress.ToString(),
            ["requiredAdmins"] = source.RequiredAdmins,
            ["admins"] = source.Admins.Length,
            ["disabled"] = source.DisabledAt is not null,
        };

    public static JsonObject Attempt(Attempt attempt, BlockPoint? tip = null) =>
        new()
        {
            ["id"] = attempt.Id,
            ["txId"] = attempt.TxId.ToString(),
            ["kind"] = attempt.Kind,
            ["state"] = attempt.State.ToString(),
            ["fee"] = attempt.Fee.ToString(),
            ["validUntilSlot"] = attempt.InvalidHereafter.Number,
            ["validUntil"] = AttemptVerdict.TimeOf(attempt.InvalidHereafter, tip) is { } end ? Time(end) : null,
            ["block"] = attempt.Height,
            ["answer"] = attempt.Answer,
            ["refusals"] = attempt.Refusals,
            ["takenBy"] = attempt.TakenBy?.ToString(),
            ["serves"] = new JsonArray([.. attempt.Subjects.Select(s => (JsonNode)new JsonObject { ["id"] = s.SubjectId, ["action"] = s.Action })]),
            ["createdAt"] = Time(attempt.CreatedAt),
            ["updatedAt"] = Time(attempt.UpdatedAt),
        };

    public static JsonObject Why(DealReport report, DealDiagnosis why, BlockPoint? tip)
    {
        var json = Row(report.Deal);
        json["step"] = why.Step;
        json["action"] = why.Action.ToString();
        json["at"] = Time(why.At);
        json["waitsFor"] = new JsonArray([.. why.WaitsFor.Select(w => (JsonNode)w)]);
        json["short"] = why.Funds is { } money ? new JsonObject { ["missing"] = money.Missing, ["fund"] = money.At } : null;
        json["holdUntil"] = Time(why.HoldUntil);
        json["standing"] = new JsonArray([.. why.Standing.Select(a => (JsonNode)Attempt(a, tip))]);
        json["needsPerson"] = why.NeedsPerson;
        json["exits"] = new JsonArray([
            .. why.Exits.Select(e =>
                (JsonNode)
                    new JsonObject
                    {
                        ["what"] = e.What,
                        ["command"] = e.Command,
                        ["before"] = Time(e.Before),
                    }
            ),
        ]);
        return json;
    }

    public static JsonObject Looked(LookedAgain looked) =>
        new()
        {
            ["missed"] = looked.Missed,
            ["gone"] = looked.Gone,
            ["found"] = looked.Found,
            ["foreign"] = looked.Foreign,
            ["unlisted"] = looked.Unlisted,
            ["unfound"] = looked.Unfound,
            ["wasOvertaken"] = looked.WasOvertaken,
            ["isClean"] = looked.IsClean,
        };

    public static JsonObject Verdict(AttemptVerdict verdict) =>
        new()
        {
            ["verdict"] = verdict.Fate.ToString().ToLowerInvariant(),
            ["untilSlot"] = verdict.Until?.Number,
            ["until"] = verdict.Until is { } until && AttemptVerdict.TimeOf(until, verdict.Tip) is { } at ? Time(at) : null,
            ["tipSlot"] = verdict.Tip.Slot.Number,
            ["tipBlock"] = verdict.Tip.Height,
            ["reasons"] = new JsonArray([.. verdict.Reasons.Select(r => (JsonNode)r)]),
            ["providers"] = new JsonArray([
                .. verdict.Words.Select(w =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = w.Provider,
                            ["block"] = w.Found?.Block.Height,
                            ["noAnswer"] = w.NoAnswer,
                        }
                ),
            ]),
            ["inputs"] = new JsonArray([
                .. verdict.Inputs.Select(i =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["input"] = i.Input.ToString(),
                            ["standing"] = i.Standing.ToString(),
                            ["spentBy"] = i.SpentBy?.ToString(),
                            ["block"] = i.Block?.Height,
                        }
                ),
            ]),
            ["attempt"] = Attempt(verdict.Attempt, verdict.Tip),
        };

    public static JsonObject Event(OutboxEvent happened) =>
        new()
        {
            ["seq"] = happened.Seq,
            ["at"] = Time(happened.At),
            ["entity"] = happened.Entity,
            ["id"] = happened.EntityId,
            ["revision"] = happened.Revision,
            ["kind"] = happened.Kind,
            ["payload"] = JsonNode.Parse(happened.Payload),
        };

    private static JsonObject History(ActionHistoryEntry entry) =>
        new()
        {
            ["at"] = Time(entry.At),
            ["action"] = Word.Text(entry.Action),
            ["txId"] = entry.TxId,
            ["resultHash"] = entry.ResultHash?.ToString(),
            ["errorType"] = Text(entry.ErrorType),
            ["errorNote"] = entry.ErrorNote,
        };

    private static string? Time(DateTimeOffset? time) => time is { } known ? Time(known) : null;

    private static string? Text<T>(T? word)
        where T : struct, Enum => word is { } known ? Word.Text(known) : null;
}
