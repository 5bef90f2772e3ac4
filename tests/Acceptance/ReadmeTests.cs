using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Masumi.Acceptance;

/// <summary>What the README tells a newcomer to type works, as it stands there: each of its chapters is run as one script.</summary>
public sealed partial class ReadmeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Doors => [.. Chapters().Where(c => c.Script.Length > 0).Select(c => c.Title)];

    [Fact]
    public void There_are_three_doors() => Assert.Equal(["Sell", "Buy", "Operate"], Chapters().Where(c => c.Script.Length > 0).Select(c => c.Title));

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Its_commands_work(string title)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/usr/bin/curl"), "The commands are for a Unix shell with curl.");
        string[] made = ["market.env", "node.json", "node.db", "node-registry.db", "summarizer.jobs"];
        try
        {
            // Whatever the commands leave running ends with them.
            var script = $"set -euo pipefail\ntrap 'kill $(jobs -p); wait' EXIT\n{Chapters().Single(c => c.Title == title).Script}";
            var (code, output) = await RunAsync(script);
            Assert.True(code == 0, output);
            Assert.Contains(
                title switch
                {
                    // The result alone, on a line of its own: it is the Summarizer's, not another agent's.
                    "Sell" => "\nAgents sell work.\n",
                    "Buy" => "To be, or not to be",
                    _ => "chainTime",
                },
                output,
                StringComparison.Ordinal
            );
        }
        finally
        {
            foreach (var file in made)
            {
                File.Delete(Path.Combine(Checkout.Root, file));
            }
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-s"])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        var reading = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
            await reading.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            return (process.ExitCode, output.ToString());
        }
        catch (TimeoutException)
        {
            lock (output)
            {
                return (-1, $"not done within {Patience}\n{output}");
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync(Stop) is { } line)
            {
                lock (output)
                {
                    output.AppendLine(line);
                }
            }
        }
    }

    private static IEnumerable<(string Title, string Script)> Chapters()
    {
        foreach (var chapter in File.ReadAllText(Path.Combine(Checkout.Root, "README.md")).Split("\n## ").Skip(1))
        {
            yield return (chapter.Split('\n')[0], string.Concat(Blocks().Matches(chapter).Select(m => m.Groups["script"].Value)));
        }
    }

    [GeneratedRegex("^```sh test\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Blocks();
}
