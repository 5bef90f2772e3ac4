using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Masumi.Node.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A node that is stopped, however, leaves one complete file.</summary>
public sealed class NodeStopTests : NodeOnDevnet
{
    // Half a request, as somebody who wants to keep a node from ending would send it.
    [Fact]
    public async Task Half_a_request_does_not_keep_a_node_from_ending()
    {
        var node = await StartAsync(Good());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.BaseUrl.Port, Stop);
        await client.GetStream().WriteAsync("GET /api/v1/health HTTP/1.1\r\nHost: x"u8.ToArray(), Stop);
        await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Equal([File], Directory.GetFiles(Folder));
    }

    // With and without another process that has the file open: the file itself is complete.
    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    [InlineData("-HUP")]
    [InlineData("-QUIT")]
    public async Task A_signal_leaves_one_complete_file(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals.");
            return;
        }

        using var process = ProgramTests.StartListening("node", "--config", "-");
        try
        {
            await process.StandardInput.WriteAsync(Good().ToJsonString());
            process.StandardInput.Close();
            Assert.Contains("disputes are settled by the holder of this key alone", await process.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);
            var ready = await process.StandardOutput.ReadLineAsync(Stop);
            Assert.StartsWith("ready ", ready, StringComparison.Ordinal);
            var url = new Uri(ready!["ready ".Length..]);
            for (var i = 0; i < 5; i++)
            {
                await KeyAsync(url, "Read");
            }

            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal([File], Directory.GetFiles(Folder));
        var copy = Path.Combine(Folder, "copy.db");
        System.IO.File.Copy(File, copy);
        await using var node = await StartAsync(Good(j => j["database"] = copy));
        var keys = await CallAsync(node, HttpMethod.Get, "api-key?take=100", TestSettings.AdminKey, null);
        Assert.Equal(6, keys["ApiKeys"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_node_that_does_not_come_up_leaves_one_complete_file_too()
    {
        await using (await StartAsync(Good())) { }

        // Between the check and the start somebody takes the port.
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            PaymentNode.StartAsync(PaymentNodeOptions.Of(TestSettings.Read(Good())), NullLoggerFactory.Instance, ended.Token)
        );
        Assert.Equal([File], Directory.GetFiles(Folder));
    }
}
