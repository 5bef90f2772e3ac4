using Masumi.Chain;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Health;
using Masumi.Settlement.Engine;

namespace Masumi.Payments.Health;

/// <summary>Whether the service lives.</summary>
internal static class HealthEndpoints
{
    public static void Map(Service<ApiKey> service, ChainClock clock, IChain chain) =>
        service.Map(HealthOperations.Get, (_, _) => Task.FromResult<Reply<HealthRow>>(new HealthRow("ok", clock.GetUtcNow(), chain.Problem is null)));
}
