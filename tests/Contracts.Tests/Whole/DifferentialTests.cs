using System.Globalization;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Our contracts and the deployed ones say the same about whole transactions, or differ in a row of <see cref="Differences"/>. The deployed scripts' bytes are
/// nobody's to commit: <c>MASUMI_DEPLOYED_ESCROW_V1</c> and <c>MASUMI_DEPLOYED_ESCROW_V2</c> name files with them (the public blueprints), without which this
/// is skipped. <c>MASUMI_MUTATIONS</c> sets how many transactions of a family, <c>MASUMI_MUTATION_SEED</c> repeats a run.
/// </summary>
public class DifferentialTests
{
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Ours_differs_from_the_deployed_contract_only_where_the_table_says_so(EscrowFamily family)
    {
        var variable = $"MASUMI_DEPLOYED_ESCROW_{family}".ToUpperInvariant();
        Assert.SkipWhen(Environment.GetEnvironmentVariable(variable) is not { Length: > 0 }, $"{variable} names no file with the deployed script.");

        var seed = Number("MASUMI_MUTATION_SEED") ?? Environment.TickCount;
        var count = Number("MASUMI_MUTATIONS") ?? 20_000;
        var random = new Random(seed);
        var subjects = WholeTransactions.Of(family).Select(w => (Whole: w, Mutations: Mutations.Of(w).Concat(OddMutations.Of(w)).ToList())).ToList();
        var contract = subjects[0].Whole.Contract;
        var ours = new Guard(Traced(contract));
        var deployed = new Guard(
            ScriptFile.Read(File.ReadAllBytes(Environment.GetEnvironmentVariable(variable)!), ContractKind.Escrow).Resolve(family, contract.Parameters(), null)
        );
        var (agreed, accepted, judged) = (0, 0, 0);
        var rows = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var unexplained = new List<string>();
        foreach (var (whole, mutations) in subjects)
        {
            foreach (var mutation in mutations)
            {
                Check(whole, [mutation]);
            }
        }

        while (judged < count)
        {
            var (whole, mutations) = subjects[judged % subjects.Count];
            Check(whole, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => mutations[random.Next(mutations.Count)])]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {judged} transactions, {accepted} accepted by both, {agreed} agreed")
        );
        foreach (var (row, times) in rows)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{times} {row}");
        }

        Assert.True(unexplained.Count == 0, $"seed {seed}: {unexplained.Count} of {judged}\n{string.Join("\n", unexplained.Take(20))}");
        Assert.InRange(accepted, judged / 20, judged * 19 / 20);

        void Check(WholeTransaction whole, Mutation[] mutations)
        {
            var draft = new Draft(whole);
            try
            {
                foreach (var mutation in mutations)
                {
                    mutation.Apply(draft, random);
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                // An earlier change took away what this one would change.
                return;
            }

            if (ours.Refusals(draft) is not { } own || deployed.Refusals(draft) is not { } theirs)
            {
                // The ledger would not have come to the scripts: nothing is judged.
                return;
            }

            judged++;
            if (own.IsEmpty == theirs.IsEmpty)
            {
                agreed++;
                accepted += own.IsEmpty ? 1 : 0;
                return;
            }

            if (Differences.RowOf(draft, own) is { } row && (!own.IsEmpty || deployed.Refusals(Differences.AsDisputed(draft)) is { IsEmpty: true }))
            {
                rows[row] = rows.GetValueOrDefault(row) + 1;
                return;
            }

            unexplained.Add(
                $"{whole.Name}, {string.Join(", ", mutations.Select(m => m.Name))}: "
                    + (
                        own.IsEmpty
                            ? $"ours accepts, deployed refuses: {string.Join("; ", theirs)}"
                            : $"deployed accepts, ours refuses: {string.Join("; ", own)}"
                    )
            );
        }
    }

    // With traces a refusal says which rule it was.
    private static Script Traced(EscrowContract contract) =>
        EscrowScript.Apply(EscrowScript.Program(contract.Family, new CompilerOptions(Traces: true)), contract).ToScript(ScriptLanguage.PlutusV3);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
