using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain;

// The network's own state: its tip, its slots, its parameters, each checked before it is believed.
public sealed partial class ProvidedChain
{
    /// <inheritdoc/>
    /// <remarks>
    /// Refused are a tip too far ahead of the local clock, one whose slot and time disagree, and one whose height jumps or falls without the same provider
    /// confirming the block by its hash. A tip that is behind is a warning.
    /// </remarks>
    public async Task<BlockPoint> GetTipAsync(CancellationToken cancellation)
    {
        var budget = _board.StartBudget();
        var (tip, line) = await AskTipAsync(_board.Lines, _state.Tip, budget, cancellation).ConfigureAwait(false);
        return (await PassOverAsync(tip, line, budget, cancellation).ConfigureAwait(false)).Point;
    }

    /// <inheritdoc/>
    /// <remarks>Parameters outside the bounds are refused, with their name, value and what is allowed.</remarks>
    public async Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        if (_state.Parameters is { } cached && now < cached.ReadAt + _options.ParametersLifetime && cached.Found.Epoch >= TipEpoch())
        {
            return cached.Found.Parameters;
        }

        var fresh = await _board
            .AskAsync(
                _board.Lines,
                CallKind.Parameters,
                async (line, c) => Checked(line.Name, await line.Provider.GetParametersAsync(c).ConfigureAwait(false)),
                _priority,
                _board.StartBudget(),
                cancellation
            )
            .ConfigureAwait(false);
        SayUnfamiliar(fresh.Parameters);
        _state.Parameters = new CachedParameters(fresh, now);
        return fresh.Parameters;
    }

    /// <inheritdoc/>
    /// <remarks>Checked once against the tip: a wrong mapping would move every deadline.</remarks>
    public async Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation)
    {
        if (_state.Slots is { } known)
        {
            return known;
        }

        var slots = _options.Slots ?? await GenesisSlotsAsync(cancellation).ConfigureAwait(false);
        var budget = _board.StartBudget();
        await AskTipAsync(_board.Lines, _state.Tip, budget, cancellation, slots: slots).ConfigureAwait(false);
        return _state.Slots = slots;
    }

    /// <summary>The network's magic as the first provider's genesis says it; null when it does not.</summary>
    public async Task<long?> FindNetworkMagicAsync(CancellationToken cancellation) =>
        (await _board.AskAsync(CallKind.Genesis, (p, c) => p.GetGenesisAsync(c), _priority, cancellation).ConfigureAwait(false)).Magic;

    private Task<SlotConfig> GenesisSlotsAsync(CancellationToken cancellation) =>
        _board.AskAsync(
            _board.Lines,
            CallKind.Genesis,
            async (line, c) =>
                (await line.Provider.GetGenesisAsync(c).ConfigureAwait(false)).Slots
                ?? throw new ChainUnavailableException($"{line.Name} answered nonsense: a genesis without slots.") { Trouble = ProviderTrouble.Nonsense },
            _priority,
            _board.StartBudget(),
            cancellation
        );

    // The tip of the first provider that has one that can be believed.
    private async Task<(BlockHeader Tip, ProviderLine Line)> AskTipAsync(
        ImmutableArray<ProviderLine> among,
        BlockPoint? newest,
        CallBudget budget,
        CancellationToken cancellation,
        SlotConfig? slots = null
    )
    {
        var (tip, line) = await _board
            .AskAsync(
                among,
                CallKind.Tip,
                async (line, c) => (await CheckedTipAsync(line, newest, slots, c).ConfigureAwait(false), line),
                _priority,
                budget,
                cancellation
            )
            .ConfigureAwait(false);
        Accept(tip, line);
        return (tip, line);
    }

    // A provider that answers and stands still is not down, and would hold up everything: the others go first until it has caught up.
    private async Task<BlockHeader> PassOverAsync(BlockHeader tip, ProviderLine line, CallBudget budget, CancellationToken cancellation)
    {
        if (!HasSeveralProviders || !(IsBehind(tip.Point) || _board.Lines.Any(l => l.Stands)) || !_state.MayCompare(_time))
        {
            return tip;
        }

        var tips = new List<(BlockHeader Tip, ProviderLine Line)> { (tip, line) };
        foreach (var other in _board.Lines.Where(l => l != line && l.Wait == TimeSpan.Zero))
        {
            try
            {
                tips.Add(
                    await _board
                        .AskAsync(
                            [other],
                            CallKind.Tip,
                            async (l, c) => (await CheckedTipAsync(l, _state.Tip, null, c).ConfigureAwait(false), l),
                            _priority,
                            budget.Share(2),
                            cancellation
                        )
                        .ConfigureAwait(false)
                );
            }
            catch (ChainUnavailableException e)
            {
                _log.LogDebug("{Provider} shows no tip to compare: {Error}", other.Name, e.Message);
            }
        }

        if (tips.TrueForAll(t => IsBehind(t.Tip.Point)))
        {
            return tip;
        }

        foreach (var (shown, by) in tips)
        {
            var stands = IsBehind(shown.Point);
            if (stands && !by.Stands)
            {
                _log.LogWarning("{Provider} shows no block after {Time:O}, another does: it is asked last until it has caught up", by.Name, shown.Point.Time);
            }

            by.Stands = stands;
        }

        var (first, who) = tips.First(t => !IsBehind(t.Tip.Point));
        Accept(first, who);
        return first;
    }

    private async Task<BlockHeader> CheckedTipAsync(ProviderLine line, BlockPoint? newest, SlotConfig? slots, CancellationToken cancellation)
    {
        var tip = await line.Provider.GetTipAsync(cancellation).ConfigureAwait(false);
        var point = tip.Point;
        DateTimeOffset? now = _options.IsDevnet ? null : _time.GetUtcNow();
        if (TipBounds.Refuse(point, now, slots ?? KnownSlots, _options.Tip) is { } refusal)
        {
            throw new ChainUnavailableException($"{line.Name} answered nonsense: {refusal}.") { Trouble = ProviderTrouble.Nonsense };
        }

        if (newest is not null && IsSame(newest, point))
        {
            return tip;
        }

        if (newest is null || TipBounds.IsAbrupt(tip, newest, now, _options.Tip))
        {
            // A wrong height would be remembered: every right one after it would look like a rollback, and every lock as deep as it need be.
            var again = await line.Provider.FindBlockAsync(point.Hash, cancellation).ConfigureAwait(false);
            if (again is null || again.Point.Height != point.Height || again.Point.Slot != point.Slot)
            {
                throw new ChainUnavailableException(
                    $"{line.Name} answered nonsense: its newest block {point.Hash} has the height {point.Height}, asked again {again?.Point.Height.ToString(CultureInfo.InvariantCulture) ?? "it is not there"}."
                )
                {
                    Trouble = ProviderTrouble.Nonsense,
                };
            }
        }

        return tip;
    }

    private void Accept(BlockHeader tip, ProviderLine line)
    {
        line.Accepted(tip.Point);
        _state.Tip = tip.Point;
        var isAhead = !_options.IsDevnet && tip.Point.Time > _time.GetUtcNow() + _options.Tip.AheadWarning;
        var isBehind = IsBehind(tip.Point);
        bool saysAhead,
            saysBehind;
        lock (_state.Gate)
        {
            _state.TipEpoch = tip.Epoch ?? _state.TipEpoch;
            (saysAhead, saysBehind) = (isAhead && !_state.SaidAhead, isBehind && !_state.SaidBehind);
            (_state.SaidAhead, _state.SaidBehind) = (isAhead, isBehind);
        }

        if (saysAhead)
        {
            _log.LogWarning("The newest block, of {Time:O}, is ahead of the local clock: is that one right?", tip.Point.Time);
        }

        if (saysBehind)
        {
            _log.LogWarning("The newest block is of {Time:O}: the chain, or its provider, is behind", tip.Point.Time);
        }
    }

    private bool IsBehind(BlockPoint tip) => !_options.IsDevnet && tip.Time < _time.GetUtcNow() - _options.Tip.BehindWarning;

    private long TipEpoch()
    {
        lock (_state.Gate)
        {
            return _state.TipEpoch;
        }
    }

    private EpochParameters Checked(string provider, EpochParameters fresh)
    {
        var refusals = ParameterBounds.Refuse(fresh.Parameters, ProtocolParameters.Mainnet, _options.Parameters);
        if (!refusals.IsEmpty)
        {
            var text = string.Join("; ", refusals);
            _log.LogError("The protocol parameters of {Provider} are not believed: {Refusals}", provider, text);
            throw new ChainUnavailableException($"{provider}: protocol parameters that are not believed: {text}.") { Trouble = ProviderTrouble.Nonsense };
        }

        return fresh;
    }

    // Once per change.
    private void SayUnfamiliar(ProtocolParameters parameters)
    {
        var text = string.Join("; ", ParameterBounds.Unfamiliar(parameters, ProtocolParameters.Mainnet));
        bool says;
        lock (_state.Gate)
        {
            says = text.Length > 0 && text != _state.Unfamiliar;
            _state.Unfamiliar = text;
        }

        if (says)
        {
            _log.LogError("The network has what this program does not know: {What}", text);
        }
    }
}
