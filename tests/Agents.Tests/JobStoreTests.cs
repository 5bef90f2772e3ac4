using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Agents.Tests;

public sealed class JobStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-jobs-").FullName;

    private string File => Path.Combine(_folder, "data", "jobs.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_file_and_its_folder_are_made_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        using (new JobStore(File)) { }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData("0644", UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData("0640", UnixFileMode.GroupRead)]
    [InlineData("0602", UnixFileMode.OtherWrite)]
    [InlineData("0620", UnixFileMode.GroupWrite)]
    public void A_file_that_others_may_use_is_refused_in_one_line_and_left_as_it_is(string mode, UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "{\"torn");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        var refusal = Assert.Throws<IOException>(() => new JobStore(File)).Message;
        Assert.Contains($"{File} has mode {mode}", refusal, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{File}'", refusal, StringComparison.Ordinal);
        Assert.Equal("{\"torn", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_copy_of_the_file_has_every_job_that_was_saved()
    {
        using var jobs = new JobStore(File);
        foreach (var id in new[] { "a", "b", "c" })
        {
            jobs.Save(Job(id));
        }

        // Before the stop and after it.
        Assert.Equal(3, InCopy("before"));
        jobs.Dispose();
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Equal(3, InCopy("after"));
    }

    private int InCopy(string name)
    {
        var copy = Path.Combine(_folder, name);
        System.IO.File.Copy(File, copy);
        using var jobs = new JobStore(copy);
        return jobs.Open().Count;
    }

    private static Job Job(string id) =>
        new(
            id,
            BuyerNonce.Parse("3f1c9a0b7d2e4f60"),
            JsonDocument.Parse("{}").RootElement,
            InputHash.Parse(new string('a', 64)),
            BlockchainIdentifier.Parse("abcd"),
            new Deadlines(Now, Now.AddHours(1), Now.AddHours(2), Now.AddHours(3)),
            null,
            [],
            JobState.AwaitingPayment,
            0,
            null,
            null,
            null,
            Now
        );
}
