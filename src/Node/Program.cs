using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Masumi.Chain;
using Masumi.Node.Verbs;
using Masumi.Storage;

const int Failed = 1;
const int Unusable = 2;

(string Name, Func<Command> Create)[] verbs =
[
    ("demo", DemoVerb.Create),
    ("up", UpVerb.Create),
    ("advance", AdvanceVerb.Create),
    ("devnet", DevnetVerb.Create),
    ("node", NodeVerb.Create),
    ("registry", RegistryVerb.Create),
    ("deals", DealsVerb.Create),
    ("attempts", AttemptsVerb.Create),
    ("reconcile", ReconcileVerb.Create),
    ("events", EventsVerb.Create),
    ("uplc", UplcVerb.Create),
    ("tx", TxVerb.Create),
    ("contracts", ContractsVerb.Create),
    ("dispute", DisputeVerb.Create),
];
string[] words = args switch
{
    [] => ["--help"],
    ["help", .. var verb] => [.. verb, "--help"],
    _ => args,
};

// Describing a verb may cost (one compiles every contract for its name): the one that is asked for is described alone.
var asked = verbs.Where(v => v.Name == words[0]).ToList();
var root = new RootCommand("Masumi: AI agents that buy and sell work from each other, paid through escrow on Cardano.");
foreach (var (_, create) in asked is [] ? [.. verbs] : asked)
{
    root.Add(create());
}

// Ctrl+C, SIGTERM, a closed terminal and SIGQUIT end the verb, whatever servers it started; a second one ends the process.
using var stop = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    if (!stop.IsCancellationRequested)
    {
        signal.Cancel = true;
        _ = stop.CancelAsync();
    }
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
try
{
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    var parsed = root.Parse(words);
    if (parsed.Action is ParseErrorAction)
    {
        // Standard output belongs to what was asked for: somebody may redirect it into the file of the next step.
        await Console.Error.WriteLineAsync(Refusal(parsed));
        return Unusable;
    }

    return await parsed.InvokeAsync(configuration, stop.Token);
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception e) when (Cause(e) is { } cause)
{
    // What an operator can do something about is one line; anything else is a bug and shows where.
    await Console.Error.WriteLineAsync("masumi: " + cause);
    return Failed;
}

// The library writes of its own types, and lists on lines of their own.
static string Refusal(ParseResult parsed)
{
    var verb = "masumi";
    for (var command = parsed.CommandResult; command.Parent is CommandResult parent; command = parent)
    {
        verb = verb.Insert("masumi".Length, " " + command.Command.Name);
    }

    var reasons = parsed.Errors.Select(e => AsExpectedType().Replace(Spaces().Replace(e.Message, " ").Trim(), "")).Distinct();
    return $"{verb}: {string.Join(' ', reasons)} ('{verb} --help' tells more)";
}

static string? Cause(Exception e) =>
    e switch
    {
        IOException or UnauthorizedAccessException or ChainUnavailableException or StorageUnavailableException or CommitUnknownException => e.Message,
        _ => null,
    };

/// <summary>The program.</summary>
internal static partial class Program
{
    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Spaces();

    [GeneratedRegex(" as expected type '[^']*'", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex AsExpectedType();
}
