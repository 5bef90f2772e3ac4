using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Storage;
using Masumi.Tests;

namespace Masumi.Bench.Settlement;

/// <summary>A devnet with mainnet's parameters whose blocks are made on demand, and a clock that stands still between them.</summary>
internal sealed class BenchWorld : IAsyncDisposable
{
    private readonly DevnetServer _server;
    private int _jobs;

    private BenchWorld(DevnetServer server, TimeProvider time)
    {
        _server = server;
        Time = time;
    }

    public DevnetChain Chain => _server.Chain;

    public Uri Url => _server.BaseUrl;

    public TimeProvider Time { get; }

    /// <summary>A world; <paramref name="stands"/> when its time is moved by hand alone.</summary>
    public static async Task<BenchWorld> StartAsync(bool stands = true)
    {
        TimeProvider time = stands ? new ManualTime() : TimeProvider.System;
        return new BenchWorld(await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.OnDemand, Time = time }), time);
    }

    public Task<BenchNode> NodeAsync(IDatabase database, SettlementOptions options, params WalletRole[] roles) =>
        BenchNode.OpenAsync(database, Url, new WallClock(Chain.Clock), Time, options, roles);

    public Job Agree(long ada = 5) => Job.Of(++_jobs, Chain.Clock.GetUtcNow(), ada);

    public void Fund(Address address, long ada, int coins = 1)
    {
        for (var i = 0; i < coins; i++)
        {
            if (Chain.Fund(address, Value.Of(Lovelace.FromAda(ada))) is not DevnetFunding.Paid)
            {
                throw new InvalidOperationException("The faucet does not pay.");
            }
        }
    }

    /// <summary>How many locks of ours each block from a height on has.</summary>
    public List<int> LocksFrom(long height) =>
        [
            .. Chain
                .Blocks.Where(b => b.Height >= height)
                .Select(b =>
                    b.Transactions.Where(t => !t.Witnesses.Redeemers.Any()).Sum(t => t.Body.Outputs.Count(o => o.Address == BenchNode.Contract.Address))
                ),
        ];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class WallClock(TimeProvider devnet) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => devnet.GetUtcNow();
    }
}
