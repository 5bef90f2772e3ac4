using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>The watch over changes, as clients of the network's service switch it (spec payment-service-api.md 6.11).</summary>
public sealed class MonitoringTests(MonitoredWorld world) : IClassFixture<MonitoredWorld>
{
    [Fact]
    public async Task The_watch_runs_from_the_start_and_can_be_stopped_and_started_and_nothing_depends_on_it()
    {
        var status = (await world.CallAsync("GET", "monitoring")).Data["MonitoringStatus"]!;
        Assert.True((bool)status["isMonitoring"]!);
        var before = (long)status["Stats"]!["trackedEntities"]!;
        Assert.EndsWith(" MB", (string?)status["Stats"]!["MemoryUsage"]!["heapUsed"], StringComparison.Ordinal);
        await world.RefusedAsync("POST", "monitoring/start", new JsonObject(), 409, "Monitoring service is already running");
        await world.RefusedAsync(
            "POST",
            "monitoring/start",
            new JsonObject { ["intervalMs"] = 4999 },
            400,
            "intervalMs: Too small: expected number to be >=5000"
        );
        Assert.True((bool)(await world.CallAsync("POST", "monitoring/stop", new JsonObject())).Data["stopped"]!);
        await world.RefusedAsync("POST", "monitoring/stop", new JsonObject(), 400, "Monitoring service is not currently running");
        Assert.Null((await world.CallAsync("GET", "monitoring")).Data["MonitoringStatus"]!["Stats"]);

        // The engine goes on.
        await world.LockAsync();
        Assert.True((bool)(await world.CallAsync("POST", "monitoring/trigger-cycle", new JsonObject())).Data["triggered"]!);
        var started = (await world.CallAsync("POST", "monitoring/start", new JsonObject { ["intervalMs"] = 60000 })).Data;
        Assert.Equal("Monitoring service started with an interval of 60000 ms", (string?)started["message"]);
        status = (await world.CallAsync("GET", "monitoring")).Data["MonitoringStatus"]!;
        Assert.Equal(before + 2, (long)status["Stats"]!["trackedEntities"]!);
        var (_, payer) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        await world.RefusedAsync("GET", "monitoring", null, 401, "Unauthorized, admin access required", payer);
    }
}

/// <summary>A world of its own: others may watch theirs.</summary>
public sealed class MonitoredWorld : PaymentWorld;
