using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Masumi.Packaging.Tests;

/// <summary>The libraries in a program that is compiled ahead of time.</summary>
[Collection(Builds.Name)]
public sealed class AotProgramTests : IDisposable
{
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-aot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Client_and_Cardano_work_in_a_program_that_is_compiled_ahead_of_time()
    {
        Assert.SkipWhen(!OperatingSystem.IsWindows() && Commands.Find("clang", "gcc") is null, "Linking needs clang or gcc.");
        await Commands.RunAsync(
            "dotnet",
            Path.Combine(Commands.Root, "tests", "Packaging", "AotProgram"),
            ["publish", "-c", "Release", "-v", "q", "--output", _folder]
        );
        await using var server = await LocalServer.StartAsync(
            app =>
            {
                app.MapGet("/api/v1/api-key-status", (HttpRequest r) => Answer(200, KeyRow(r)));
                app.MapPost("/api/v1/purchase/request-refund", () => Answer(404, """{"status":"error","error":{"message":"Purchase not found"}}"""));
            },
            TestContext.Current.CancellationToken
        );
        var program = Path.Combine(_folder, "Masumi.AotProgram" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        Assert.False(File.Exists(Path.Combine(_folder, "Masumi.AotProgram.dll")));

        var output = await Commands.RunAsync(program, _folder, [new Uri(server.BaseUrl, "api/v1").ToString(), "key-1234", Words]);

        Assert.Equal(
            [
                "compiled ahead of time: True",
                $"address: {WalletKeys.FromMnemonic(Words).BaseAddress(NetworkId.Testnet)}",
                $"hash: {Blake2b.Hash256("masumi"u8)}",
                $"input: {Mip004.InputHash(BuyerNonce.Parse("0123456789abcdef"), """{"text":"hello"}""")}",
                "key: *****key-1234 may pay: True",
                "refusal: 404 Purchase not found",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
    }

    [Theory]
    [InlineData("Protocol")]
    [InlineData("Cardano")]
    [InlineData("Plutus")]
    [InlineData("OnChain")]
    [InlineData("Ledger")]
    [InlineData("Contracts")]
    [InlineData("Chain")]
    [InlineData("Client")]
    public async Task A_library_is_analyzed_for_trimming_and_compilation_ahead_of_time(string library)
    {
        var project = await File.ReadAllTextAsync(
            Path.Combine(Commands.Root, "src", library, $"Masumi.{library}.csproj"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("<IsAotCompatible>true</IsAotCompatible>", project);
    }

    private static string KeyRow(HttpRequest request) =>
        new JsonObject
        {
            ["status"] = "success",
            ["data"] = new JsonObject
            {
                ["token"] = "*****" + request.Headers["token"],
                ["status"] = "Active",
                ["canPay"] = true,
            },
        }.ToJsonString();

    private static IResult Answer(int status, string json) => Results.Text(json, "application/json", statusCode: status);
}

/// <summary>Tests that build in the same folders and so run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Builds
{
    public const string Name = "builds";
}
