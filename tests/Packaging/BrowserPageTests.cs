using System.Text;
using System.Threading.Channels;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Packaging.Tests;

/// <summary>The client inside a browser, as WebAssembly, beside a node that the page did not come from.</summary>
[Collection(Builds.Name)]
public sealed class BrowserPageTests : IDisposable
{
    private const string AdminKey = "masumi-payment-admin-0123456789abcdef";

    // From the start of a browser to what the page says in the end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-page-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_page_in_a_browser_asks_a_node_of_what_use_a_key_is()
    {
        var browser = Environment.GetEnvironmentVariable("CHROMIUM") ?? Commands.Find("chromium", "chromium-browser", "google-chrome");
        Assert.SkipWhen(browser is null, "There is no chromium.");
        await Commands.RunAsync(
            "dotnet",
            Path.Combine(Commands.Root, "tests", "Packaging", "BrowserPage"),
            ["publish", "-c", "Release", "-v", "q", "--output", Path.Combine(_folder, "page")]
        );
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);
        await using var node = await PaymentNode.StartAsync(
            new PaymentNodeOptions
            {
                Database = DatabaseSettings.InFile(Path.Combine(_folder, "node.db")),
                Secret = "a secret of this test's own",
                AdminKey = AdminKey,
                Chain = new ChainSettings { Url = new Uri(devnet.BaseUrl, "api/v0") },
            },
            NullLoggerFactory.Instance,
            Stop
        );
        var seen = Channel.CreateUnbounded<string>();
        await using var server = await LocalServer.StartAsync(app => ServePage(app, seen.Writer), Stop);

        var answer = await LookAsync(browser, server.BaseUrl, AdminKey, node.BaseUrl, seen.Reader);
        Assert.Equal("*****cdef is active: True, may pay: True, on Mainnet and Preprod", answer);
        answer = await LookAsync(browser, server.BaseUrl, "not-a-key-of-this-node", node.BaseUrl, seen.Reader);
        Assert.StartsWith("refused: ", answer);
    }

    private void ServePage(WebApplication app, ChannelWriter<string> seen)
    {
        var files = new PhysicalFileProvider(Path.Combine(_folder, "page", "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(
            new StaticFileOptions
            {
                FileProvider = files,
                ContentTypeProvider = new FileExtensionContentTypeProvider(),
                ServeUnknownFileTypes = true,
            }
        );
        app.MapPost(
            "/seen",
            async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                await seen.WriteAsync(await reader.ReadToEndAsync());
            }
        );
    }

    /// <summary>Opens the page; what it shows when it no longer waits for the node.</summary>
    private async Task<string> LookAsync(string browser, Uri page, string key, Uri node, ChannelReader<string> seen)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        using var process = Commands.Start(
            browser,
            _folder,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--remote-debugging-port=0",
            "--enable-logging=stderr",
            $"--user-data-dir={Path.Combine(_folder, "profile")}",
            $"{page}#{key}@{new Uri(node, "api/v1")}"
        );
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) => log.AppendLine(line.Data);
        process.OutputDataReceived += (_, line) => log.AppendLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var shown = "nothing";
        try
        {
            while (shown is "nothing" or "" or "asking")
            {
                shown = await seen.ReadAsync(limit.Token);
            }

            return shown;
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            Assert.Fail($"The page shows {shown} after {Patience}. The browser said:\n{log}");
            throw;
        }
        finally
        {
            Commands.End(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
