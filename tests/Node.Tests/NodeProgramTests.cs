using System.Diagnostics;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary><c>masumi node</c> as a program: where its settings come from, and what it says of those that are wrong.</summary>
public sealed class NodeProgramTests : NodeOnDevnet
{
    [Fact]
    public async Task Settings_in_the_environment_stand_over_the_file_and_are_named_when_they_are_wrong()
    {
        var (code, _, error) = await RunWithAsync(
            new()
            {
                ["MASUMI__LISTEN"] = "nowhere",
                ["MASUMI__SOURCES__0__WALLETS__0__ROLE"] = "Buying",
                ["MASUMI__NONSENSE"] = "s3cret",
            },
            Good().ToJsonString()
        );
        Assert.Equal(2, code);
        Assert.Equal(
            ["masumi node: listen: an address", "masumi node: sources[0].wallets[0].role: Selling, Purchasing", "masumi node: 'NONSENSE': no setting"],
            error.TrimEnd().Split('\n').Select(l => string.Join(' ', l.Split(' ').Take(5)).TrimEnd(','))
        );
        Assert.Contains("(from MASUMI__SOURCES__0__WALLETS__0__ROLE in the environment)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        (code, _, error) = await RunWithAsync([], null);
        Assert.Equal(2, code);
        Assert.Equal(["network", "chain.url", "database", "secret", "adminKey", "sources"], error.TrimEnd().Split('\n').Select(l => l.Split(": ")[1]));

        static async Task<(int Code, string Output, string Error)> RunWithAsync(Dictionary<string, string> environment, string? config)
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "node"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            if (config is not null)
            {
                start.ArgumentList.Add("--config");
                start.ArgumentList.Add("-");
            }

            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            using var ends = new EndsWithTest(process);
            await process.StandardInput.WriteAsync(config ?? "");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(Stop);
            var error = process.StandardError.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            return (process.ExitCode, await output, await error);
        }
    }

    [Fact]
    public async Task The_program_says_every_mistake_in_a_line_of_its_own_and_ends_with_2()
    {
        var json = Good(j => (j["listen"], j["network"], j["adminKey"]) = (70_000, "Foo", "abcd"));
        var (code, output, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node", "--config", "-");
        Assert.Equal((2, ""), (code, output));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal(["masumi node: network", "masumi node: adminKey", "masumi node: listen"], lines.Select(l => string.Join(':', l.Split(':')[..2])));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_file_of_settings_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var path = Path.Combine(Folder, "settings.json");
        await System.IO.File.WriteAllTextAsync(path, Good(j => j["listen"] = -1).ToJsonString(), Stop);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", path);
        Assert.Equal(2, code);
        Assert.Contains($"{path} has mode 0644", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", path);
        Assert.Equal(2, code);
        Assert.StartsWith("masumi node: listen: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", Path.Combine(Folder, "nowhere"));
        Assert.Equal(2, code);
        Assert.Contains("nowhere", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
