using System.Collections.Immutable;
using System.Reflection;
using Masumi.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Masumi.Architecture.Tests;

/// <summary>A term of the contract language that becomes no part of a program does not compile.</summary>
public class MustBeUsedTests
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Append(Assembly.Load("Masumi.OnChain").Location)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Theory]
    [InlineData("NewCooldown(time);")]
    [InlineData("b.Let(NewCooldown(time));")]
    [InlineData("_ = NewCooldown(time);")]
    [InlineData("_ = time >= 0;")]
    [InlineData("b.Open(record);")]
    [InlineData("new Decoded<Data>([]);")]
    [InlineData("record.Fields.From(1);")]
    [InlineData("time?.Is(1);")]
    [InlineData("Function<Int, Bool>(x => x.Is(1));")]
    [InlineData("Later(() => NewCooldown(time));")]
    [InlineData("Later(() => { NewCooldown(time); });")]
    [InlineData("var cooldown = NewCooldown(time);")]
    [InlineData("Term<Int> cooldown; cooldown = NewCooldown(time);")]
    [InlineData("var (one, two) = (NewCooldown(time), 1);")]
    [InlineData("var (_, two) = (NewCooldown(time), 1); b.Run(time);")]
    [InlineData("Term<Int>[] all = [NewCooldown(time)];")]
    [InlineData("var isTerm = NewCooldown(time) is var never;")]
    public async Task A_term_that_is_thrown_away_is_refused(string statement) =>
        Assert.Equal([MustBeUsedAnalyzer.Id], (await DiagnosticsAsync(statement)).Select(d => d.Id));

    [Theory]
    [InlineData("b.Run(NewCooldown(time));")]
    [InlineData("b.Require(\"rule\", time >= 0);")]
    [InlineData("var cooldown = b.Let(NewCooldown(time)); b.Require(\"rule\", cooldown >= 0);")]
    [InlineData("var cooldown = time; Later(() => b.Run(cooldown));")]
    [InlineData("kept = NewCooldown(time);")]
    [InlineData("\"a text\".Trim();")]
    public async Task A_term_that_is_used_is_not(string statement) => Assert.Empty(await DiagnosticsAsync(statement));

    [Fact]
    public async Task It_is_an_error_without_any_setting() =>
        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(await DiagnosticsAsync("NewCooldown(time);")).Severity);

    [Fact]
    public void Whoever_writes_contracts_is_told()
    {
        string[] projects =
        [
            "src/OnChain/Masumi.OnChain.csproj",
            "src/Contracts/Masumi.Contracts.csproj",
            "tests/Contracts.Tests/Masumi.Contracts.Tests.csproj",
        ];
        Assert.All(projects, project => Assert.Contains("<WritesContracts>true</WritesContracts>", Checkout.Read(project), StringComparison.Ordinal));
        var others = Directory
            .EnumerateFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Checkout.Root, path).Replace('\\', '/'))
            .Except(projects)
            .Where(project => WritesContracts(Path.GetDirectoryName(Path.Combine(Checkout.Root, project))!));
        Assert.Empty(others);
    }

    private static bool WritesContracts(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Any(file => File.ReadLines(file).Any(line => line.StartsWith("using static Masumi.OnChain.Language.", StringComparison.Ordinal)));

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(string statement)
    {
        var source = $$"""
            #nullable enable
            using System;
            using Masumi.OnChain.Language;
            using static Masumi.OnChain.Language.Syntax;

            static class Contract
            {
                static Term<Int>? kept;

                static Term<Bool> Rule(Term<Int> time, Term<Data> record) => Do(b =>
                {
                    {{statement}}
                    return True;
                });

                static Term<Int> NewCooldown(Term<Int> time) => Do(b =>
                {
                    b.Require("long enough", time >= 0);
                    return kept ?? time;
                });

                static void Later(Action action) => action();
            }
            """;
        // The language is internal: a friend's name opens it.
        var compilation = CSharpCompilation.Create(
            "Masumi.Contracts",
            [CSharpSyntaxTree.ParseText(source, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest))],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return await compilation.WithAnalyzers([new MustBeUsedAnalyzer()]).GetAnalyzerDiagnosticsAsync();
    }
}
