using System.Net;
using System.Net.Sockets;
using System.Text;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>The clock of a market is moved; what is no market, or answers as none does, is one line.</summary>
public sealed class AdvanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-advance-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"devnet":null,"services":[]}""")]
    [InlineData("""{"devnet":"http://127.0.0.1:1"}""")]
    [InlineData("""{"devnet":"http://127.0.0.1:1","services":[null]}""")]
    [InlineData("""{"devnet":"/tmp","services":[]}""")]
    [InlineData("""{"devnet":"http://127.0.0.1:1","devnet":"http://127.0.0.1:2","services":[]}""")]
    public async Task A_pointer_that_no_market_left_is_no_market(string content)
    {
        var markets = Path.Combine(_folder, "masumi", "markets");
        Directory.CreateDirectory(markets);
        await File.WriteAllTextAsync(Path.Combine(markets, $"{System.Environment.ProcessId}.json"), content, Stop);
        using var process = ProcessRun.Start(
            "env",
            [$"XDG_DATA_HOME={_folder}", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "advance", "1s"]
        );
        using var ends = new EndsWithTest(process);
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("no market runs here", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"time":null}""")]
    [InlineData("""{"time":7}""")]
    [InlineData("""{"time":"soon"}""")]
    public async Task What_answers_without_a_time_is_no_devnet(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync();
        var (code, output, error) = await ProgramTests.RunAsync("", "advance", "1s", "--url", $"http://{listener.LocalEndpoint}/");
        listener.Stop();
        await answering;
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("no devnet answers there", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Stop);
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Stop);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n{answer}"
                ),
                Stop
            );
        }
    }
}
