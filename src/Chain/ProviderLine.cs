using Microsoft.Extensions.Logging;

namespace Masumi.Chain;

/// <summary>One provider with all that stands between it and a question: limit of calls, circuit, time limit, counting.</summary>
internal sealed class ProviderLine(ProviderSetup setup, ProvidedChainOptions options, CallCounts counts, TimeProvider time, ILogger log)
{
    private readonly CallBucket _bucket = new(setup.CallsPerSecond, setup.Burst, time);
    private readonly Circuit _circuit = new(options, time);
    private volatile BlockPoint? _lastTip;
    private volatile bool _stands;
    private volatile bool _isRightNetwork = options.RefuseNetwork is null;

    public IChainProvider Provider => setup.Provider;

    public string Name => setup.Provider.Name;

    public TimeSpan Wait => _circuit.Wait;

    public ProviderHealth Health => _circuit.Health(Name, counts.Of(Name), _lastTip);

    /// <summary>True while its newest block is old and another provider's is not.</summary>
    public bool Stands
    {
        get => _stands;
        set => _stands = value;
    }

    public void Accepted(BlockPoint tip) => _lastTip = tip;

    /// <summary>Why it is not asked.</summary>
    public ChainUnavailableException NotAsked() =>
        new($"{Name} is not asked for another {_circuit.Wait.TotalSeconds:0} s: {_circuit.LastError}") { Trouble = ProviderTrouble.NotAsked };

    /// <summary>The time for a question was over before it was put.</summary>
    public ChainUnavailableException NoTime() => new($"{Name}: the time for the whole answer was over before its end") { Trouble = ProviderTrouble.NoAnswer };

    /// <summary>Puts one question, once. Throws <see cref="ChainUnavailableException"/>.</summary>
    public async Task<T> AskAsync<T>(
        CallKind kind,
        Func<IChainProvider, CancellationToken, Task<T>> question,
        CallPriority priority,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        if (!_circuit.TryEnter(out var isProbe))
        {
            throw NotAsked();
        }

        try
        {
            var start = time.GetTimestamp();
            if (!await _bucket.WaitAsync(priority, Cost(kind), limit, cancellation).ConfigureAwait(false))
            {
                throw new ChainUnavailableException($"{Name}: our own limit of {setup.CallsPerSecond} calls a second is reached")
                {
                    Trouble = ProviderTrouble.NotAsked,
                };
            }

            using var timeout = new CancellationTokenSource(Positive(limit - time.GetElapsedTime(start)), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
            return await AnswerAsync(kind, question, limit, either.Token, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _circuit.Leave(isProbe);
        }
    }

    private async Task<T> AnswerAsync<T>(
        CallKind kind,
        Func<IChainProvider, CancellationToken, Task<T>> question,
        TimeSpan limit,
        CancellationToken either,
        CancellationToken cancellation
    )
    {
        try
        {
            if (!_isRightNetwork && kind is not CallKind.Genesis)
            {
                await CheckNetworkAsync(either).ConfigureAwait(false);
            }

            var answer = await question(setup.Provider, either).ConfigureAwait(false);
            if (answer is SubmitResult.Unknown { Trouble: { } trouble } unknown)
            {
                // Cancelled by its caller, it says nothing about the provider.
                if (!cancellation.IsCancellationRequested)
                {
                    Failed(kind, trouble, unknown.RetryAfter, trouble is ProviderTrouble.NoAnswer && either.IsCancellationRequested, unknown.Reason);
                }

                return answer;
            }

            Answered(kind);
            return answer;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            var error = $"{Name}: no answer within {limit.TotalSeconds:0.###} s";
            Failed(kind, ProviderTrouble.NoAnswer, null, wasSilent: true, error);
            throw new ChainUnavailableException(error, e) { Trouble = ProviderTrouble.NoAnswer };
        }
        catch (ChainUnavailableException e) when (e.Trouble is ProviderTrouble.Undecodable)
        {
            Answered(kind);
            throw;
        }
        catch (ChainUnavailableException e)
        {
            Failed(kind, e.Trouble, e.RetryAfter, wasSilent: false, e.Message);
            throw;
        }
    }

    private async Task CheckNetworkAsync(CancellationToken cancellation)
    {
        var genesis = await setup.Provider.GetGenesisAsync(cancellation).ConfigureAwait(false);
        Answered(CallKind.Genesis);
        _isRightNetwork = options.RefuseNetwork?.Invoke(genesis.Magic) is { } refusal
            ? throw new ChainUnavailableException($"{Name}: {refusal}") { Trouble = ProviderTrouble.Refused }
            : true;
    }

    private void Answered(CallKind kind)
    {
        counts.Add(Name, kind, null);
        if (_circuit.Answered(kind))
        {
            log.LogInformation("The chain provider {Provider} answers again", Name);
        }
    }

    private void Failed(CallKind kind, ProviderTrouble trouble, TimeSpan? retryAfter, bool wasSilent, string error)
    {
        counts.Add(Name, kind, trouble);

        // Nonsense is refused where it is told; who tells it can be reached.
        if (trouble is not ProviderTrouble.Nonsense && _circuit.Failed(kind, trouble, retryAfter, wasSilent, error) is { } pause)
        {
            log.LogError("The chain provider {Provider} is left alone for {Seconds:0} s: {Error}", Name, pause.TotalSeconds, error);
        }
    }

    // A transaction and its place are two calls; so are an asset's history and the transaction in it.
    private static int Cost(CallKind kind) => kind is CallKind.Transaction or CallKind.Metadata ? 2 : 1;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);
}
