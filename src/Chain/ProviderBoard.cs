using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain;

/// <summary>The providers in the order they are asked: the first that is healthy, then the next, then again, for as long as a call may take.</summary>
internal sealed class ProviderBoard(ImmutableArray<ProviderLine> lines, ProvidedChainOptions options, TimeProvider time, Random random, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    // A pause so short is waited for instead of failing.
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();

    /// <summary>In the order they are asked: as they were given, those that stand still last.</summary>
    public ImmutableArray<ProviderLine> Lines => lines.Any(l => l.Stands) ? [.. lines.OrderBy(l => l.Stands)] : lines;

    /// <summary>One question to whoever answers it.</summary>
    public Task<T> AskAsync<T>(
        CallKind kind,
        Func<IChainProvider, CancellationToken, Task<T>> question,
        CallPriority priority,
        CancellationToken cancellation
    ) => AskAsync(Lines, kind, (line, cancel) => question(line.Provider, cancel), priority, StartBudget(), cancellation);

    /// <summary>Several questions to one provider, since another one's view may differ; to the next one from the beginning when it does not answer.</summary>
    public async Task<T> WithOneAsync<T>(Func<Conversation, Task<T>> talk, CallPriority priority)
    {
        var budget = new CallBudget(time, options.ListBudget);
        var failures = new List<ChainUnavailableException>();
        var ordered = Lines;
        for (var i = 0; i < ordered.Length; i++)
        {
            try
            {
                return await talk(new Conversation(this, ordered[i], priority, budget.Share(ordered.Length - i))).ConfigureAwait(false);
            }
            catch (ChainUnavailableException e)
            {
                failures.Add(e);
            }
        }

        throw Together(failures);
    }

    /// <summary>A question to one of some providers, within a budget.</summary>
    public async Task<T> AskAsync<T>(
        ImmutableArray<ProviderLine> among,
        CallKind kind,
        Func<ProviderLine, CancellationToken, Task<T>> question,
        CallPriority priority,
        CallBudget budget,
        CancellationToken cancellation
    )
    {
        // Whoever talks to one of several goes on with another instead of insisting.
        var attempts = among.Length < lines.Length ? Math.Min(2, options.MaxAttempts) : options.MaxAttempts;
        for (var attempt = 1; ; attempt++)
        {
            var ready = among.Where(l => l.Wait == TimeSpan.Zero).ToList();
            var failures = new List<ChainUnavailableException>();
            for (var i = 0; i < ready.Count && budget.Left > TimeSpan.Zero; i++)
            {
                var (line, limit) = (ready[i], budget.Left / (ready.Count - i));
                limit = ready.Count > 1 && line.Health.State != ProviderState.Closed && limit > options.ProbeLimit ? options.ProbeLimit : limit;
                try
                {
                    return await line.AskAsync(kind, (_, cancel) => question(line, cancel), priority, limit, cancellation).ConfigureAwait(false);
                }
                catch (ChainUnavailableException e) when (e.Trouble is not ProviderTrouble.Undecodable)
                {
                    failures.Add(e);
                }
            }

            if (failures.Count == 0)
            {
                failures.AddRange(among.Select(l => ready.Count > 0 ? l.NoTime() : l.NotAsked()));
            }

            if (DelayBefore(attempt, attempts, among, ready.Count > 0, failures) is not { } delay || delay >= budget.Left)
            {
                throw Together(failures);
            }

            log.LogDebug("Asking again in {Delay}: {Error}", delay, failures[0].Message);
            await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
        }
    }

    public CallBudget StartBudget() => new(time, options.CallBudget);

    /// <summary>Several failures as one.</summary>
    public static ChainUnavailableException Together(IReadOnlyList<ChainUnavailableException> failures) =>
        failures is [var only]
            ? only
            : new ChainUnavailableException(string.Join("; ", failures.Select(f => f.Message.TrimEnd('.'))), failures[0]) { Trouble = failures[0].Trouble };

    // Null: asking again would not help.
    private TimeSpan? DelayBefore(int attempt, int attempts, ImmutableArray<ProviderLine> among, bool wasAsked, List<ChainUnavailableException> failures)
    {
        if (attempt >= attempts)
        {
            return null;
        }

        var pause = among.Min(l => l.Wait);
        if (!wasAsked || pause > TimeSpan.Zero)
        {
            return pause <= ShortPause && among.Length == lines.Length ? pause + TimeSpan.FromMilliseconds(1) : null;
        }

        return failures.Any(f => f.Trouble is ProviderTrouble.NoAnswer or ProviderTrouble.Failing or ProviderTrouble.Limited) ? Spread(attempt) : null;
    }

    private TimeSpan Spread(int attempt)
    {
        var limit = FirstDelay * Math.Pow(2, attempt - 1);
        double part;
        lock (_lock)
        {
            part = random.NextDouble();
        }

        // At least half: an immediate repetition would hardly find the server better.
        return (limit < LongestDelay ? limit : LongestDelay) * (0.5 + (part / 2));
    }
}

/// <summary>How long a call may still take.</summary>
internal sealed class CallBudget(TimeProvider time, TimeSpan limit)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Left => limit - time.GetElapsedTime(_start);

    /// <summary>An equal part of what is left.</summary>
    public CallBudget Share(int parts) => new(time, Left / parts);

    /// <summary>The shorter of two.</summary>
    public CallBudget Within(CallBudget? other) => other is not null && other.Left < Left ? other : this;
}

/// <summary>Questions to one provider.</summary>
/// <param name="board">All providers.</param>
/// <param name="line">The one.</param>
/// <param name="priority">How urgent it is.</param>
/// <param name="whole">How long all questions may take together, each as long as a call may; null: for ever.</param>
internal sealed class Conversation(ProviderBoard board, ProviderLine line, CallPriority priority, CallBudget? whole)
{
    public ProviderLine Line => line;

    public string Name => line.Name;

    /// <summary>How long the next question may take.</summary>
    public CallBudget Budget => board.StartBudget().Share(board.Lines.Length > 1 ? 2 : 1).Within(whole);

    public int PageSize => line.Provider.PageSize;

    public Task<T> AskAsync<T>(CallKind kind, Func<IChainProvider, CancellationToken, Task<T>> question, CancellationToken cancellation) =>
        board.AskAsync([line], kind, (asked, cancel) => question(asked.Provider, cancel), priority, Budget, cancellation);

    public ChainUnavailableException Nonsense(string what) => new($"{Name} answered nonsense: {what}.") { Trouble = ProviderTrouble.Nonsense };
}
