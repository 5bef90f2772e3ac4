using System.Diagnostics;

namespace Masumi.Tests;

/// <summary>A program as its users run it: a process, its arguments, its exit code and what it prints.</summary>
internal static class ProcessRun
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Runs an assembly that lies beside the tests to its end, in the folder for temporary files.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string assembly, string input, params string[] arguments)
    {
        using var process = Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = process.StandardError.ReadToEndAsync(Stop);
        try
        {
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(2), Stop);
        }
        catch (Exception)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a program with its three streams in our hands.</summary>
    public static Process Start(string file, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            }
        )!;
}

/// <summary>Ends a program, and what it started, when a test does, however it does.</summary>
internal sealed class EndsWithTest(Process process) : IDisposable
{
    public void Dispose()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or was disposed of.
        }
    }
}
