using System.Diagnostics;

namespace Masumi.Architecture.Tests;

/// <summary>What was committed before: at the merge base with <c>origin/main</c>, and on that branch itself at the parent.</summary>
internal static class History
{
    /// <summary>The text of a file then; empty when it was not there yet, null when nobody can say.</summary>
    public static string? Before(string path) =>
        Git("rev-parse", "HEAD")?.Trim() is not { } head ? null
        : (Git("merge-base", "HEAD", "origin/main")?.Trim() is { } fork && fork != head ? fork : Git("rev-parse", "--verify", "HEAD~1")?.Trim())
            is not { } commit
            ? null
        : Git("show", $"{commit}:{path}") ?? "";

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo("git", arguments)
                {
                    WorkingDirectory = Checkout.Root,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git here.
            return null;
        }
    }
}
