using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;

namespace Masumi.Packaging.Tests;

/// <summary>The packages as those see them who install them. All are made once, with a version no other run has.</summary>
public sealed class PackageFolder : IAsyncLifetime
{
    /// <summary>Where the packages are.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("masumi-packages-").FullName;

    internal string Version { get; } = "0.1.0-test." + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>Where packages are unpacked for all who use them on this machine.</summary>
    internal string? Cache { get; set; }

    public async ValueTask InitializeAsync()
    {
        if (Commands.Find("bash") is { } bash)
        {
            await Commands.RunAsync(bash, Commands.Root, ["masumi", "pack", "--output", Folder, $"-p:PackageVersion={Version}"]);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var unpacked in Cache is null ? [] : Directory.GetDirectories(Cache, "masumi.*").Select(p => Path.Combine(p, Version)).Where(Directory.Exists))
        {
            Directory.Delete(unpacked, recursive: true);
        }

        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <inheritdoc cref="PackageFolder"/>
[Collection(Builds.Name)]
public sealed class PackageTests(PackageFolder packages) : IClassFixture<PackageFolder>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-console-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_library_that_people_install_is_packed_and_says_what_it_is()
    {
        NeedPackages();
        var libraries = Directory
            .GetFiles(Path.Combine(Commands.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p => File.ReadAllText(p).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(p => Path.GetFileNameWithoutExtension(p))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Contains("Masumi.Client", libraries);
        Assert.Equal(libraries, Directory.GetFiles(packages.Folder, "*.nupkg").Select(Name).Order(StringComparer.Ordinal));
        Assert.Equal(libraries, Directory.GetFiles(packages.Folder, "*.snupkg").Select(Name).Order(StringComparer.Ordinal));
        var descriptions = new HashSet<string>();
        foreach (var library in libraries)
        {
            using var archive = ZipFile.OpenRead(Path.Combine(packages.Folder, $"{library}.{packages.Version}.nupkg"));
            var files = archive.Entries.Select(e => e.FullName).ToList();
            Assert.Contains($"lib/net10.0/{library}.dll", files);
            Assert.Contains($"lib/net10.0/{library}.xml", files);
            var metadata = Metadata(archive);
            string? Said(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
            Assert.Equal("MIT", Said("license"));
            Assert.Contains(Said("readme"), files);
            Assert.Contains(Said("icon"), files);
            Assert.Contains("masumi", Said("tags"));
            Assert.True(descriptions.Add(Said("description")!), $"{library} describes itself as another does");
            Assert.NotEqual("Package Description", Said("description"));
            // What stands only in the checkout cannot be installed.
            Assert.All(
                metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => (string)e.Attribute("id")!),
                id => Assert.True(!id.StartsWith("Masumi.", StringComparison.Ordinal) || libraries.Contains(id), $"{library} needs {id}, which is no package")
            );
        }
    }

    [Fact]
    public async Task A_console_program_that_installs_the_client_gets_no_web_framework()
    {
        NeedPackages();
        var output = await BuildAndRunAsync(
            ["Masumi.Client"],
            """
            using Masumi.Client;
            using Masumi.Protocol;
            using Masumi.Protocol.Hashing;

            using var http = new HttpClient();
            var client = new PaymentServiceClient(http, new Uri("http://127.0.0.1/api/v1"), "key", Network.Preprod, TimeProvider.System);
            Console.WriteLine($"{client.Network} {Mip004.InputHash(BuyerNonce.Parse("0123456789abcdef"), "{\"b\":1,\"a\":[]}")}");
            """
        );
        Assert.Equal("Preprod " + Mip004.InputHash(BuyerNonce.Parse("0123456789abcdef"), """{"a":[],"b":1}"""), output.Trim());

        var graph = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "obj", "project.assets.json"), Stop))!;
        var resolved = graph["targets"]!.AsObject().SelectMany(t => t.Value!.AsObject()).ToList();
        Assert.Contains(resolved, p => p.Key == $"Masumi.Client/{packages.Version}");
        Assert.DoesNotContain(resolved, p => p.Key.StartsWith("Microsoft.AspNetCore", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(resolved, p => p.Value!["frameworkReferences"] is not null);
        var runtime = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "out", "Console.runtimeconfig.json"), Stop))!["runtimeOptions"]!;
        Assert.Equal("Microsoft.NETCore.App", (string)runtime["framework"]!["name"]!);
        Assert.Null(runtime["frameworks"]);
    }

    [Fact]
    public async Task A_console_program_that_installs_every_library_uses_them_all()
    {
        NeedPackages();
        var output = await BuildAndRunAsync(
            [.. Directory.GetFiles(packages.Folder, "*.nupkg").Select(Name)],
            """
            using Masumi.Agents;
            using Masumi.Cardano.Addresses;
            using Masumi.Cardano.Keys;
            using Masumi.Cardano.Parameters;
            using Masumi.Cardano.Scripts;
            using Masumi.Client;
            using Masumi.Protocol;
            using Masumi.Protocol.Hashing;
            using Masumi.Plutus;
            using Masumi.Plutus.FlatFormat;
            using Masumi.Plutus.Syntax;

            var address = WalletKeys.FromMnemonic(string.Join(' ', Enumerable.Repeat("abandon", 11)) + " about").BaseAddress(NetworkId.Testnet);
            Console.WriteLine(address);
            var script = UplcText.Parse("(program 1.1.0 [(lam x [(builtin addInteger) x (con integer 2)]) (con integer 40)])").ToScript(ScriptLanguage.PlutusV3);
            var parameters = ProtocolParameters.Mainnet;
            var language = script.Language;
            var outcome = Evaluator.Evaluate(
                UplcProgram.FromScript(script), language, parameters.ProtocolMajor, parameters.CostModels[language], parameters.MaxTxExUnits);
            Console.WriteLine(outcome.Result);
            Console.WriteLine(Mip004.InputHash(BuyerNonce.Parse("0123456789abcdef"), "{}"));
            Console.WriteLine(typeof(AgentRoutes).FullName);
            """
        );
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("addr_test1qq8ac7qqy0vtulyl7wntmsxc6wex80gvcyjy33qffrhm7s", lines[0]);
        Assert.Contains("42", lines[1]);
    }

    private void NeedPackages() => Assert.SkipWhen(Commands.Find("bash") is null, "There is no bash to run ./masumi with.");

    private static string Name(string package) => Path.GetFileName(package).Split(".0.1.0-")[0];

    private static XElement Metadata(ZipArchive archive)
    {
        using var stream = archive.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    /// <summary>An empty console project, far from the checkout, with some of the packages; what the program prints.</summary>
    private async Task<string> BuildAndRunAsync(IEnumerable<string> installed, string program)
    {
        var references = installed.Select(p => $"""<PackageReference Include="{p}" Version="{packages.Version}" />""");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "Console.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestoreAdditionalProjectSources>{packages.Folder}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", references)}
              </ItemGroup>
            </Project>
            """,
            Stop
        );
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), program, Stop);
        try
        {
            await Commands.RunAsync("dotnet", _folder, ["build", "-c", "Release", "-v", "q", "--output", "out"]);
        }
        finally
        {
            var assets = Path.Combine(_folder, "obj", "project.assets.json");
            if (File.Exists(assets))
            {
                packages.Cache = JsonNode.Parse(await File.ReadAllTextAsync(assets, Stop))!["packageFolders"]!.AsObject().First().Key;
            }
        }

        return await Commands.RunAsync("dotnet", _folder, ["exec", Path.Combine("out", "Console.dll")]);
    }
}
