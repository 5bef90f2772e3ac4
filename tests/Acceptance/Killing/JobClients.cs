using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Acceptance.Killing;

/// <summary>
/// Buyer's and seller's programs, each at its own node. A call that was answered is not made again; one whose outcome is unknown, as the node was killed over it, is made
/// again with the same words until it is answered or the row shows that it was taken.
/// </summary>
internal sealed class JobClients(Trade trade, CancellationToken stop)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly Decision Deliver = new("payment", "submit-result", "SubmitResult", [FundsLocked, RefundRequested], []);
    private static readonly Decision AskBack = new("purchase", "request-refund", "SetRefundRequested", [FundsLocked], [RefundRequested]);
    private static readonly Decision Dispute = AskBack with { Ready = [ResultSubmitted], Taken = [] };
    private static readonly Decision AskBackOrDispute = AskBack with { Ready = [FundsLocked, ResultSubmitted] };
    private static readonly Decision Agree = new("payment", "authorize-refund", "AuthorizeRefund", [RefundRequested, Disputed], []);
    private static readonly Decision Release = new("purchase", "cancel-refund-request", "AuthorizeWithdrawal", [Disputed], []);

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    /// <summary>How often each call was answered how.</summary>
    public IEnumerable<string> Answers => _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}: {a.Value}");

    /// <summary>What the two do with a job, until the rest is the nodes' own doing.</summary>
    public async Task PlayAsync(Job job)
    {
        await BuyAsync(job, await OfferAsync(job));
        await (
            job.Fate switch
            {
                Fate.Delivered => InOrderAsync(job, Deliver),
                Fate.NotDelivered => Task.CompletedTask,
                Fate.RefundAgreed => InOrderAsync(job, AskBack, Agree),
                Fate.RefundNotAgreed => InOrderAsync(job, AskBack),
                Fate.DisputedAndReleased => BothAndReleaseAsync(job),
                Fate.DisputedAndRefunded => InOrderAsync(job, Deliver, Dispute, Agree),
                var other => throw new InvalidOperationException($"{other}"),
            }
        );
    }

    /// <summary>A deal as a side shows it; null while its node does not answer or has none.</summary>
    public async Task<JsonNode?> RowAsync(string side, string identifier) =>
        await CallAsync(side, $"{side}/resolve-blockchain-identifier", identifier) is { Status: 200 } answer ? answer.Data : null;

    public static OnChainState? State(JsonNode row) => Word.TryParse<OnChainState>((string?)row["onChainState"], out var state) ? state : null;

    // Whose answer was lost stands in the seller's node, and is never paid: another is asked for.
    private async Task<JsonObject> OfferAsync(Job job)
    {
        while (true)
        {
            var now = trade.Devnet.Chain.Clock.GetUtcNow();
            try
            {
                var offer = await trade.OfferAsync(deadlines: new(now.AddHours(3), now.AddHours(4), now.AddHours(6), now.AddHours(12)));
                Note("POST payment 200");
                job.Identifier = (string)offer["blockchainIdentifier"]!;
                return offer;
            }
            catch (Exception e) when (IsNoAnswer(e) || e is InvalidOperationException)
            {
                Note($"POST payment {(e is InvalidOperationException ? e.Message : "no answer")}");
                await Task.Delay(Pause, stop);
            }
        }
    }

    private async Task BuyAsync(Job job, JsonObject offer)
    {
        while (await CallAsync("purchase", "purchase", offer) is not { Status: 200 or 409 })
        {
            await Task.Delay(Pause, stop);
        }

        job.IsBought = true;
    }

    private async Task BothAndReleaseAsync(Job job)
    {
        await Task.WhenAll(InOrderAsync(job, Deliver), InOrderAsync(job, AskBackOrDispute));
        await InOrderAsync(job, Release);
    }

    private async Task InOrderAsync(Job job, params Decision[] decisions)
    {
        foreach (var decision in decisions)
        {
            await DecideAsync(job, decision);
        }
    }

    private async Task DecideAsync(Job job, Decision decision)
    {
        while (true)
        {
            if (await RowAsync(decision.Side, job.Identifier!) is { } row)
            {
                var (state, next) = (State(row), (string)row["NextAction"]!["requestedAction"]!);
                if (decision.IsTaken(state, next))
                {
                    return;
                }

                if (
                    state is { } known
                    && decision.Ready.Contains(known)
                    && next == "WaitingForExternalAction"
                    && await CallAsync(decision.Side, $"{decision.Side}/{decision.Path}", job.Identifier!, decision == Deliver ? Result : null)
                        is { Status: 200 }
                )
                {
                    return;
                }
            }

            await Task.Delay(Pause, stop);
        }
    }

    private static string Result { get; } = new('b', 64);

    private Task<NodeAnswer?> CallAsync(string side, string path, string identifier, string? result = null)
    {
        var body = new JsonObject { ["network"] = "Preprod", ["blockchainIdentifier"] = identifier };
        if (result is not null)
        {
            body["submitResultHash"] = result;
        }

        return CallAsync(side, path, body);
    }

    // Null when nobody answered.
    private async Task<NodeAnswer?> CallAsync(string side, string path, JsonObject body)
    {
        try
        {
            var answer = await (side == "purchase" ? trade.Buyer : trade.Seller).CallAsync(HttpMethod.Post, path, body);
            Note($"POST {path} {answer.Status}{(answer.Status is 200 or 409 ? "" : $" {answer.Body?["error"]?["message"]}")}");
            return answer;
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            Note($"POST {path} no answer");
            return null;
        }
    }

    private bool IsNoAnswer(Exception e) => e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested);

    private void Note(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);

    /// <summary>Something that a deal's owner decides, by a call that some states allow.</summary>
    /// <param name="Side">Whose decision.</param>
    /// <param name="Path">The call.</param>
    /// <param name="Action">How the row's next action begins once it was taken.</param>
    /// <param name="Ready">The states in which it is made.</param>
    /// <param name="Taken">States that it leads to, besides those that come later than all of these.</param>
    private sealed record Decision(string Side, string Path, string Action, OnChainState[] Ready, OnChainState[] Taken)
    {
        /// <summary>Whether it was taken, or can be taken no more.</summary>
        public bool IsTaken(OnChainState? state, string next) =>
            next.StartsWith(Action, StringComparison.Ordinal)
            || (state is { } known && !Ready.Contains(known) && (Taken.Contains(known) || Rank(known) > Ready.Max(Rank)));

        // How far a deal is: nothing leads back but a fork.
        private static int Rank(OnChainState state) =>
            state switch
            {
                FundsLocked => 0,
                RefundRequested or ResultSubmitted => 1,
                Disputed => 2,
                WithdrawAuthorized or RefundAuthorized => 3,
                _ => 4,
            };
    }
}
