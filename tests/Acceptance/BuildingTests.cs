using System.Diagnostics;

namespace Masumi.Acceptance;

/// <summary>The first command in a fresh checkout has to build: whoever waits sees at once that something happens, and what.</summary>
public sealed class BuildingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-first-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("demo")]
    [InlineData("up")]
    [InlineData("test")]
    public async Task There_is_a_line_before_the_compiler_has_said_a_word(string verb)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The script is for a Unix shell.");
            return;
        }

        File.Copy(Path.Combine(Checkout.Root, "masumi"), Path.Combine(_folder, "masumi"));
        Directory.CreateDirectory(Path.Combine(_folder, "src", "Node"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "src", "Node", "Masumi.Node.csproj"), "<Project />", Stop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Masumi.slnx"), "<Project Path=\"x\" />", Stop);

        // A compiler that says nothing until it is let go.
        var gate = Path.Combine(_folder, "go");
        var compiler = Path.Combine(_folder, "dotnet");
        await File.WriteAllTextAsync(
            compiler,
            $"#!/bin/sh\nif [ \"$1\" = --list-sdks ]; then echo '10.0.100 [/sdk]'; exit; fi\nwhile [ ! -e '{gate}' ]; do sleep 0.05; done\necho 'x.cs(1,1): error CS0001: the compiler of this test'\nexit 1\n",
            Stop
        );
        File.SetUnixFileMode(compiler, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", [Path.Combine(_folder, "masumi"), verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        Assert.StartsWith("building: ", await process.StandardError.ReadLineAsync(Stop), StringComparison.Ordinal);
        await File.WriteAllTextAsync(gate, "", Stop);
        var rest = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.Contains("the compiler of this test", rest, StringComparison.Ordinal);
        Assert.NotEqual(0, process.ExitCode);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(Stop));
    }
}
