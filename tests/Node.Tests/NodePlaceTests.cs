using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>Where a node is started, and by which name its files are called, changes nothing about where it listens and whose database it is.</summary>
public sealed class NodePlaceTests : NodeOnDevnet
{
    [Fact]
    public async Task A_node_listens_only_where_its_settings_say()
    {
        var (fromFile, fromVariable, fromUrls) = (WebServer.FreePort(), WebServer.FreePort(), WebServer.FreePort());
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(Folder, "appsettings.json"),
            """{"Kestrel":{"Endpoints":{"Http":{"Url":"http://127.0.0.1:PORT"}}}}""".Replace("PORT", $"{fromFile}", StringComparison.Ordinal),
            Stop
        );
        await System.IO.File.WriteAllTextAsync(Path.Combine(Folder, "appsettings.Production.json"), "{ broken", Stop);
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "node", "--config", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        };
        start.Environment["Kestrel__Endpoints__Other__Url"] = $"http://127.0.0.1:{fromVariable}";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{fromUrls}";
        using var process = Process.Start(start)!;
        using var ends = new EndsWithTest(process);
        await process.StandardInput.WriteAsync(Good().ToJsonString());
        process.StandardInput.Close();
        string? line;
        while ((line = await process.StandardOutput.ReadLineAsync(Stop)) is not null && !line.StartsWith("ready ", StringComparison.Ordinal)) { }

        Assert.NotNull(line);
        Assert.True(await AnswersAsync(new Uri(line["ready ".Length..]).Port));
        foreach (var port in (int[])[fromFile, fromVariable, fromUrls])
        {
            Assert.False(await AnswersAsync(port), $"It listens on {port} too.");
        }
    }

    [Fact]
    public async Task A_link_to_a_database_is_the_database()
    {
        await using (await StartAsync(Good())) { }

        var link = Path.Combine(Folder, "elsewhere", "link.db");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        try
        {
            System.IO.File.CreateSymbolicLink(link, File);
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("This user may not make links.");
        }

        await using (await StartAsync(Good(j => j["database"] = link)))
        {
            var second = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Good()));
            Assert.StartsWith("database: another node is running on ", Assert.Single(second.Problems).ToString(), StringComparison.Ordinal);
        }

        Assert.Equal([File], Directory.GetFiles(Folder));
        Assert.Equal([link], Directory.GetFiles(Path.GetDirectoryName(link)!));
    }

    [Fact]
    public async Task A_wallet_that_is_missing_in_the_settings_is_named_and_the_others_are_right()
    {
        var both = Good();
        var wallets = both["sources"]![0]!["wallets"]!.AsArray();
        var purchasing = wallets[0]!.DeepClone();
        purchasing["role"] = "Purchasing";
        wallets.Add(purchasing);
        await using (await StartAsync(both)) { }

        var refused = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Good()));
        var line = Assert.Single(refused.Problems).ToString();
        Assert.StartsWith("sources[0].wallets: the database has the Purchasing wallet at ", line, StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
