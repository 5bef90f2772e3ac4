using System.Text.Json.Nodes;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Operating;

namespace Masumi.Node.Control;

/// <summary>What can be asked only where an engine runs.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Chain">The chain as the engine sees it.</param>
/// <param name="Clock">Chain time.</param>
/// <param name="Options">How it behaves.</param>
/// <param name="Gate">Why it may not run yet.</param>
/// <param name="Recovery">Recovers deals.</param>
/// <param name="Proof">Judges attempts.</param>
/// <param name="Reconciliation">Looks again.</param>
/// <param name="Futures">Plays what can happen.</param>
internal sealed record EngineDesk(
    SettlementEngine Engine,
    IChain Chain,
    ChainClock Clock,
    SettlementOptions Options,
    EngineGate Gate,
    DealRecovery Recovery,
    AttemptProof Proof,
    Reconciliation Reconciliation,
    DealFutures Futures
);

/// <summary>
/// Answers operators' questions, the same whether they come through the socket of a running engine or from a verb that looks into a database on which none runs.
/// </summary>
/// <param name="inspection">Looks at deals.</param>
/// <param name="events">Reads the outbox.</param>
/// <param name="engine">The engine; null where none runs.</param>
/// <param name="place">Which database, for people.</param>
/// <param name="time">Local time, where no engine knows the chain's.</param>
internal sealed class OperatorDesk(DealInspection inspection, EventReading events, EngineDesk? engine, string place, TimeProvider time)
{
    private const int MostRows = 500;

    // A look takes its time; where no round comes to its end, waiting for it does not help.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private DateTimeOffset Now => engine?.Clock.GetUtcNow() ?? time.GetUtcNow();

    private BlockPoint? Tip => engine?.Clock.Tip;

    /// <summary>Answers. Throws <see cref="DeskRefusal"/>.</summary>
    public async Task<JsonObject> AnswerAsync(JsonObject question, CancellationToken cancellation)
    {
        var asked = new DeskQuestion(question);
        var answer = asked.Name switch
        {
            "deals.list" => await ListAsync(asked, cancellation),
            "deals.show" => DeskJson.Report(await ReportAsync(asked, cancellation), Tip),
            "deals.why" => await WhyAsync(asked, cancellation),
            "deals.recover" => await RecoverAsync(asked, cancellation),
            "attempts.list" => await AttemptsAsync(asked, cancellation),
            "attempts.prove-dead" => await ProveAsync(asked, cancellation),
            "reconcile" => await ReconcileAsync(asked, cancellation),
            "events" => await EventsAsync(asked, cancellation),
            var other => throw new DeskRefusal($"'{other}' is no question of an operator's") { Code = 2 },
        };
        answer["time"] = DeskJson.Time(Now);
        answer["engineFails"] = Fails();
        answer["engine"] = engine is null ? $"no engine runs on {place}: this is what the database holds" : null;
        return answer;
    }

    // Nothing that is said of what comes next comes while it is so.
    private string? Fails() =>
        engine?.Engine.State is { FailsSince: { } since } state
            ? $"the engine's rounds fail since {DeskJson.Time(since)}: {state.Because}; the last whole one "
                + (state.LastRound is { } last ? $"ended {DeskJson.Time(last)}" : "is yet to come")
        : engine is { Gate.Problem: null, Chain.Problem: { } problem } ? $"the chain is not available: {problem}"
        : null;

    private EngineDesk Running() => engine ?? throw new DeskRefusal($"no engine runs on {place}");

    // Where it does not run yet nothing would ever be answered.
    private EngineDesk Working() =>
        Running() is var running && running.Gate.Problem is { } problem ? throw new DeskRefusal($"the engine on {place} does not run yet: {problem}") : running;

    private async Task<JsonObject> ListAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var selection = new DealSelection(
            asked.Choice<DealSide>("side"),
            asked.Flag("stuck"),
            asked.Text("state") is { } state
                ? Word.TryParse<OnChainState>(state, out var word)
                    ? word
                    : throw DeskQuestion.Senseless("state", state, Word.All<OnChainState>())
                : null,
            asked.Limit(20, MostRows)
        )
        {
            EndedSince = time.GetUtcNow() - DealSelection.EndedListed,
            Lost = asked.Flag("lost"),
        };
        var deals = await inspection.ListAsync(selection, cancellation);
        return new JsonObject { ["deals"] = new JsonArray([.. deals.Select(d => (JsonNode)DeskJson.Row(d))]) };
    }

    private async Task<DealReport> ReportAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var named = asked.Needed("deal");
        return await inspection.FindAsync(named, cancellation) switch
        {
            [] => throw new DeskRefusal($"no deal has the id or the identifier '{Shorten(named)}'"),
            [var only] => await inspection.ReportAsync(only, cancellation),
            var several => throw new DeskRefusal(
                $"the identifier is that of {string.Join(" and ", several.Select(d => $"the {d.Side.ToString().ToLowerInvariant()} {d.Id}"))}; an id is needed"
            ),
        };
    }

    private async Task<JsonObject> WhyAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var report = await ReportAsync(asked, cancellation);
        var rules = (engine?.Options ?? new SettlementOptions()).Rules;
        var answer = DeskJson.Why(report, DealDiagnosis.Of(report, Now, rules, engine?.Engine.HoldsUntil, Tip), Tip);
        if (engine?.Gate.Problem is { } problem)
        {
            answer["engineWaits"] = problem;
        }

        if (asked.Flag("futures"))
        {
            var (future, note) = await FuturesAsync(report, cancellation);
            answer["futures"] = future is null ? null : FutureJson.Of(future, report.Deal.Side);
            answer["futuresNote"] = note;
        }

        return answer;
    }

    // Whatever keeps them from being played, the rest of the answer stands.
    private async Task<(Future? Future, string? Note)> FuturesAsync(DealReport report, CancellationToken cancellation)
    {
        if (engine is null)
        {
            return (null, $"no engine runs on {place}");
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await engine.Futures.GrowAsync(report, both.Token) is { } future ? (future, null) : (null, "there is no escrow of it on chain to play with");
        }
        catch (ChainUnavailableException e)
        {
            return (null, $"they cannot be played now: {e.Message.TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"they cannot be played now: the chain did not answer within {Patience.TotalSeconds} s");
        }
    }

    private async Task<T> LookAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var looking = look(ended.Token);
        for (var waited = Pause; await Task.WhenAny(looking, Task.Delay(Pause, time, CancellationToken.None)) != looking; waited += Pause)
        {
            if (waited >= Patience && Fails() is { } fails)
            {
                await ended.CancelAsync();
                await looking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                throw new DeskRefusal($"it cannot be looked now: {fails}");
            }
        }

        return await looking;
    }

    private async Task<JsonObject> RecoverAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var working = Working();
        var report = await ReportAsync(asked, cancellation);
        var recovered = await LookAsync(ended => working.Recovery.RecoverAsync(report.Deal, ended), cancellation);
        var answer = new JsonObject
        {
            ["deal"] = DeskJson.Row(recovered.After.Deal),
            ["before"] = DeskJson.Row(recovered.Before.Deal),
            ["looked"] = DeskJson.Looked(recovered.Looked),
            ["triedAgain"] = recovered.TriedAgain,
            ["newAttempts"] = new JsonArray([.. recovered.NewAttempts.Select(a => (JsonNode)DeskJson.Attempt(a, Tip))]),
        };
        answer["why"] = DeskJson.Why(recovered.After, DealDiagnosis.Of(recovered.After, Now, working.Options.Rules, working.Engine.HoldsUntil, Tip), Tip);
        return answer;
    }

    private async Task<JsonObject> AttemptsAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var attempts = await inspection.ListAttemptsAsync(asked.Flag("all"), asked.Limit(50, MostRows), cancellation);
        return new JsonObject { ["attempts"] = new JsonArray([.. attempts.Select(a => (JsonNode)DeskJson.Attempt(a, Tip))]) };
    }

    private async Task<JsonObject> ProveAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var working = Working();
        var named = asked.Needed("tx");
        var verdict =
            await working.Proof.ProveAsync(named.ToLowerInvariant(), cancellation)
            ?? throw new DeskRefusal($"this node made no transaction '{Shorten(named)}'");
        return DeskJson.Verdict(verdict);
    }

    private async Task<JsonObject> ReconcileAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var working = Working();
        var named = asked.Text("source");
        var sources = await working.Reconciliation.SourcesAsync(named, cancellation);
        if (sources.IsEmpty)
        {
            throw new DeskRefusal(named is null ? "this node has no source" : $"no source has the id or the contract address '{Shorten(named)}'");
        }

        var looked = await LookAsync(ended => working.Reconciliation.LookAsync(sources, ended), cancellation);
        return new JsonObject { ["sources"] = new JsonArray([.. sources.Select(s => (JsonNode)DeskJson.Source(s))]), ["looked"] = DeskJson.Looked(looked) };
    }

    private async Task<JsonObject> EventsAsync(DeskQuestion asked, CancellationToken cancellation)
    {
        var after = asked.Number("after") ?? Math.Max(0, await events.NewestAsync(cancellation) - EventReading.PageSize);
        var page = await events.AfterAsync(after, cancellation);
        return new JsonObject
        {
            ["events"] = new JsonArray([.. page.Select(e => (JsonNode)DeskJson.Event(e))]),
            ["next"] = page is [.., var last] ? last.Seq : after,
            ["more"] = page.Length == EventReading.PageSize,
        };
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
