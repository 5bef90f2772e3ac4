using System.Diagnostics;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>Trouble with a service's database is one line that names the setting, and costs nothing that was committed.</summary>
public sealed class NodeDatabaseTests : NodeOnDevnet
{
    [Fact]
    public async Task A_refused_start_leaves_the_files_of_a_killed_node_as_they_are()
    {
        using (var node = await StartAsync("node", Good()))
        {
            node.Kill();
            await node.WaitForExitAsync(Stop);
        }

        var before = Files();

        // The database, its log and the log's index, and the lock that nobody holds any more.
        Assert.Equal(4, before.Count);
        var other = Good();
        other["secret"] = "another secret of the operator";
        Assert.StartsWith("masumi node: secret: ", await RefusalAsync("node", other), StringComparison.Ordinal);
        Assert.Equal(before, Files());

        using var again = await StartAsync("node", Good());
        Assert.Equal((0, ""), await StopAsync(again));
        Assert.Equal([File], Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("node")]
    [InlineData("registry")]
    public async Task Another_programs_file_is_refused_and_left_as_it_is(string verb)
    {
        await using (var foreign = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await foreign.OpenAsync(Stop);
            await using var command = foreign.CreateCommand();
            command.CommandText = "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)";
            await command.ExecuteNonQueryAsync(Stop);
        }

        OwnersAlone(File);
        var before = Files();
        Assert.Equal(
            $"masumi {verb}: database: The database holds the tables of another program",
            await RefusalAsync(verb, verb == "node" ? Good() : Registry())
        );
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("node")]
    [InlineData("registry")]
    public async Task A_link_to_nothing_is_refused_and_not_followed(string verb)
    {
        System.IO.File.CreateSymbolicLink(File, Path.Combine(Folder, "nothing.db"));
        var refusal = await RefusalAsync(verb, verb == "node" ? Good() : Registry());
        Assert.StartsWith($"masumi {verb}: database: ", refusal, StringComparison.Ordinal);
        Assert.Contains("nothing.db", refusal, StringComparison.Ordinal);
        Assert.Equal([File], Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_stop_on_a_full_disk_says_which_files_belong_together_and_nothing_is_lost()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("A limit on the size of files stands in for a full disk, and only Linux sets one for another process.");
            return;
        }

        using (var node = await StartAsync("node", Good()))
        {
            using (var limit = Process.Start("prlimit", ["--pid", $"{node.Id}", "--fsize=1024"]))
            {
                await limit.WaitForExitAsync(Stop);
                Assert.Equal(0, limit.ExitCode);
            }

            var (code, error) = await StopAsync(node);
            Assert.Equal(1, code);
            var last = error.TrimEnd().Split('\n')[^1];
            Assert.StartsWith($"masumi node: database: The file '{File}' is not complete by itself", last, StringComparison.Ordinal);
            Assert.EndsWith($"what was committed is in it and in '{File}-wal'; copy both", last, StringComparison.Ordinal);
        }

        using var again = await StartAsync("node", Good());
        Assert.Equal((0, ""), await StopAsync(again));
        Assert.Equal([File], Directory.GetFiles(Folder));
    }

    private static void OwnersAlone(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private JsonObject Registry() =>
        new()
        {
            ["network"] = "Devnet",
            ["chain"] = new JsonObject { ["url"] = ChainUrl },
            ["database"] = File,
            ["adminKey"] = "a-key-of-the-registry",
            ["listen"] = "127.0.0.1:0",
            ["policies"] = new JsonArray(new string('1', 56)),
        };

    private static async Task<string> RefusalAsync(string verb, JsonObject settings)
    {
        var (code, output, error) = await ProgramTests.RunAsync(settings.ToJsonString(), verb, "--config", "-");
        Assert.Equal((2, ""), (code, output));
        return Assert.Single(error.TrimEnd().Split('\n'));
    }

    // Ready; what goes beyond a limit on the size of files is an error to it and no end.
    private static async Task<Process> StartAsync(string verb, JsonObject settings)
    {
        string[] run = ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), verb, "--config", "-"];
        var process = OperatingSystem.IsLinux() ? ProcessRun.Start("env", ["--ignore-signal=XFSZ", .. run]) : ProcessRun.Start(run[0], run[1..]);
        await process.StandardInput.WriteAsync(settings.ToJsonString());
        process.StandardInput.Close();
        string line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(Stop) ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Stop));
        } while (!line.StartsWith("ready ", StringComparison.Ordinal));

        return process;
    }

    private static async Task<(int Code, string Error)> StopAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
        return (process.ExitCode, error);
    }
}
