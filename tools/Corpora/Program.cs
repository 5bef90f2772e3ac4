using System.CommandLine;
using Masumi.Corpora.Verbs;

// What only the makers run: corpora of others held against our Plutus machine and our ledger. './masumi' hands these verbs over.
const int Unusable = 2;

var root = new RootCommand("Masumi: corpora of other projects held against our Plutus machine and our ledger.")
{
    new Command("uplc", "Untyped Plutus Core.") { UplcConformance.Create(), UplcBench.Create() },
    new Command("ledger", "The ledger's rules.") { LedgerFixtures.Create() },
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"masumi: {string.Join(' ', parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")))}");
    return Unusable;
}

try
{
    return await parsed.InvokeAsync();
}
catch (OperationCanceledException)
{
    return 130;
}
