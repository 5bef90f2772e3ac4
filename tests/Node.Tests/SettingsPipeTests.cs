using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>What can be opened and read is read, also where it is no file on a disk: secrets come from pipes so that they never are in one.</summary>
public sealed class SettingsPipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-pipes-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_secret_may_come_from_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such paths.");
        using var pipe = Pipe(TestSettings.Secret + "\n");
        var json = TestSettings.Good(_folder);
        json.Remove("secret");
        json["secretFile"] = PathOf(pipe);
        Assert.Equal(TestSettings.Secret, TestSettings.Read(json).Secret);
    }

    [Fact]
    public async Task A_secret_may_come_from_a_named_pipe_whatever_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        var path = Path.Combine(_folder, "fifo");
        using (var make = Process.Start("mkfifo", ["-m", "644", path]))
        {
            await make.WaitForExitAsync(Stop);
        }

        // Opening waits for who reads.
        var writing = Task.Run(() => File.WriteAllText(path, TestSettings.Secret), Stop);
        var json = TestSettings.Good(_folder);
        json.Remove("secret");
        json["secretFile"] = path;
        Assert.Equal(TestSettings.Secret, TestSettings.Read(json).Secret);
        await writing.WaitAsync(TimeSpan.FromMinutes(1), Stop);
    }

    [Fact]
    public void What_has_no_end_is_not_read_to_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        var json = TestSettings.Good(_folder);
        json.Remove("secret");
        json["secretFile"] = "/dev/zero";
        Assert.Equal("secretFile: /dev/zero has more than 16777216 bytes", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))));
    }

    [Fact]
    public void A_link_leads_to_a_file_of_its_owners_or_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var (file, link) = (Path.Combine(_folder, "file"), Path.Combine(_folder, "link"));
        File.CreateSymbolicLink(link, file);
        var json = TestSettings.Good(_folder);
        json.Remove("secret");
        json["secretFile"] = link;
        Assert.Equal($"secretFile: {link} is a link to {file}, where there is nothing", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))));
        File.WriteAllText(file, TestSettings.Secret);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.StartsWith($"secretFile: {link} has mode 0604", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))), StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Equal(TestSettings.Secret, TestSettings.Read(json).Secret);
    }

    [Theory]
    [InlineData("node --config <(cat \"$1\")")]
    [InlineData("cat \"$1\" | masumi node --config /dev/stdin")]
    [InlineData("node --config /dev/fd/7 7< <(cat \"$1\")")]
    [InlineData("node --config <(grep -v '\"secret\"' \"$1\") --set secretFile=/dev/fd/7 7< <(echo 'correct horse battery staple')")]
    public async Task A_shell_hands_the_settings_over(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere there may be no bash.");

        // Read to its end: the one thing that is wrong with them is said.
        var file = Path.Combine(_folder, "settings.json");
        var json = TestSettings.Good(_folder);
        json["listen"] = -1;
        var text = json.ToJsonString()
            .Replace("\"secret\"", "\n\"secret\"", StringComparison.Ordinal)
            .Replace("\"adminKey\"", "\n\"adminKey\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text, Stop);
        var script =
            $"masumi() {{ dotnet exec '{Path.Combine(AppContext.BaseDirectory, "masumi.dll")}' \"$@\"; }}; {(line.StartsWith("node", StringComparison.Ordinal) ? "masumi " : "")}{line}";
        using var process = ProcessRun.Start("bash", "-c", script, "bash", file);
        using var ends = new EndsWithTest(process);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
        Assert.Equal((2, ""), (process.ExitCode, await output));
        Assert.StartsWith("masumi node: listen: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("adminKey")]
    [InlineData("chain.key")]
    [InlineData("database")]
    [InlineData("sources[0].wallets[0].mnemonic")]
    public void A_secret_where_its_file_belongs_is_not_shown(string path)
    {
        foreach (
            var secret in new[]
            {
                $"/{TestSettings.Mnemonic(1)}",
                $"./{TestSettings.Mnemonic(1)}",
                TestSettings.Mnemonic(1),
                $"/{new string('x', 300)} s3cret",
                "/s3cret/a",
            }
        )
        {
            var json = TestSettings.Good(_folder);
            var (parent, name) = TestSettings.Find(json, path);
            parent.Remove(name);
            parent[$"{name}File"] = secret;
            Assert.Matches($"^[^ ]*{name}File: what it names cannot be read: [a-z ]+$", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))));
        }
    }

    private static AnonymousPipeServerStream Pipe(string text)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle);
        writer.Write(Encoding.UTF8.GetBytes(text));
        return pipe;
    }

    private static string PathOf(AnonymousPipeServerStream pipe) => $"/dev/fd/{pipe.SafePipeHandle.DangerousGetHandle()}";
}
