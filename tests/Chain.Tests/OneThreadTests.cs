using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Tests;

/// <summary>What stands above the providers awaits them and the time, nothing else: whoever completes those owns the order of everything.</summary>
public sealed class OneThreadTests
{
    [Fact]
    public void Following_choosing_waiting_and_giving_up_never_leave_the_thread_and_always_go_the_same_way()
    {
        var first = Run();
        Assert.Contains(first, line => line.Contains("failed", StringComparison.Ordinal));
        Assert.Contains(first, line => line.Contains("CaughtUp", StringComparison.Ordinal));
        Assert.Equal(first, Run());
    }

    private static List<string> Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var pump = new Pump();
            var providers = new[] { new PumpedProvider("a", pump), new PumpedProvider("b", pump) };
            using var chain = new ProvidedChain(
                providers.Select(p => new ProviderSetup(p) { CallsPerSecond = 2, Burst = 5 }),
                new ProvidedChainOptions { MaxAttempts = 3, IsDevnet = true },
                pump,
                new Random(7)
            );
            var all = Task.WhenAll(Enumerable.Range(0, 4).Select(i => WorkAsync(chain, pump, i)));
            pump.RunUntil(all);
            all.GetAwaiter().GetResult();
            return pump.Trace;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static async Task WorkAsync(ProvidedChain chain, Pump pump, int number)
    {
        IReadOnlyList<BlockPoint> known = [];
        for (var round = 0; round < 15; round++)
        {
            try
            {
                await foreach (var e in chain.With((CallPriority)(number % 2)).FollowAddressAsync(Sample.Alice, known, CancellationToken.None))
                {
                    pump.Note($"{number} {e.GetType().Name}");
                    known = e is ChainEvent.CaughtUp c ? [c.Tip] : known;
                }
            }
            catch (ChainUnavailableException e)
            {
                pump.Note($"{number} failed {e.Trouble}");
            }

            await Task.Delay(TimeSpan.FromSeconds(3), pump, CancellationToken.None);
        }
    }

    // One queue of what is to happen, by time and then in the order it was asked for; its own clock.
    private sealed class Pump : TimeProvider
    {
        private readonly PriorityQueue<Action, (long At, long Number)> _queue = new();
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private long _now;
        private long _number;

        public List<string> Trace { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix).AddTicks(_now);

        public void At(TimeSpan after, Action act) => _queue.Enqueue(act, (_now + Math.Max(0, after.Ticks), ++_number));

        public void Note(string what)
        {
            Assert.Equal(_thread, Environment.CurrentManagedThreadId);
            Trace.Add($"{_now} {what}");
        }

        public void RunUntil(Task done)
        {
            while (!done.IsCompleted)
            {
                Assert.True(_queue.TryDequeue(out var act, out var when), "Nothing is left to happen, and nobody is ready.");
                _now = when.At;
                act();
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(Pump pump, TimerCallback callback, object? state) : ITimer
        {
            private int _version;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var version = ++_version;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    pump.At(
                        dueTime,
                        () =>
                        {
                            if (version == _version)
                            {
                                callback(state);
                            }
                        }
                    );
                }

                return true;
            }

            public void Dispose() => _version++;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }

    // A block a second with one transaction; every question takes its time, some fail, some never end.
    private sealed class PumpedProvider(string name, Pump pump) : IChainProvider
    {
        private readonly Random _random = new(name[0]);

        public string Name => name;

        public int PageSize => 5;

        private long Height => (pump.GetTimestamp() / TimeSpan.TicksPerSecond) + 1;

        public Task<BlockHeader> GetTipAsync(CancellationToken cancellation) => AnswerAsync("tip", () => Block(Height), cancellation);

        public Task<BlockHeader?> FindBlockAsync(Hash32 hash, CancellationToken cancellation) =>
            AnswerAsync("block", () => Enumerable.Range(0, (int)Height + 1).Select(h => Block(h)).FirstOrDefault(b => b.Point.Hash == hash), cancellation);

        public Task<BlockHeader?> FindBlockAsync(long height, CancellationToken cancellation) =>
            AnswerAsync("block", () => height <= Height ? Block(height) : null, cancellation);

        public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long from, long to, int page, CancellationToken cancellation) =>
            AnswerAsync(
                $"list {from}-{to} {page}",
                () =>
                    Enumerable
                        .Range((int)from, (int)(to - from + 1))
                        .Skip((page - 1) * PageSize)
                        .Take(PageSize)
                        .Select(h => new ListedTransaction(Sample.Pay(h).Id, h, 0))
                        .ToImmutableArray(),
                cancellation
            );

        public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
            AnswerAsync(
                "transaction",
                () =>
                    Enumerable
                        .Range(0, (int)Height + 1)
                        .Select(h => new ChainTransaction(Sample.Pay(h), Block(h).Point, 0, true))
                        .FirstOrDefault(t => t.Transaction.Id == txId),
                cancellation
            );

        public Task<EpochParameters> GetParametersAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ChainGenesis> GetGenesisAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(AssetId asset, int page, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<ImmutableArray<(AssetId Asset, Int128 Supply)>> ListAssetsAsync(PolicyId policy, int page, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<ImmutableArray<Utxo>> ListUtxosAsync(Address address, int page, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<(Address Address, long Quantity)>> ListHoldersAsync(AssetId asset, int page, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> IsInMempoolAsync(TransactionId txId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<Utxo>> ListOutputsAsync(TransactionId txId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation) => throw new NotSupportedException();

        private static BlockHeader Block(long height) =>
            new(
                new BlockPoint(
                    height,
                    new Hash32(SHA256.HashData(BitConverter.GetBytes(height))),
                    new Slot(height),
                    DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix + height)
                ),
                null,
                null
            );

        private async Task<T> AnswerAsync<T>(string what, Func<T> answer, CancellationToken cancellation)
        {
            pump.Note($"{name} {what}");
            var done = new TaskCompletionSource();
            var fate = _random.Next(40);
            using var ending = cancellation.Register(() => done.TrySetCanceled(cancellation));
            if (fate != 0)
            {
                pump.At(TimeSpan.FromMilliseconds(_random.Next(5, 200)), () => done.TrySetResult());
            }

            await done.Task;
            pump.Note($"{name} {what} answers");
            return fate > 4 ? answer() : throw new ChainUnavailableException("down") { Trouble = ProviderTrouble.Failing };
        }
    }
}
