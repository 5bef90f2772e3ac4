using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Masumi.Chain;
using Masumi.Node.Verbs;
using Masumi.Storage;

var root = new RootCommand("Masumi: AI agents that buy and sell work from each other, paid through escrow on Cardano.")
{
    DemoVerb.Create(),
    DevnetVerb.Create(),
    NodeVerb.Create(),
    UplcVerb.Create(),
    TxVerb.Create(),
    LedgerVerb.Create(),
    ContractsVerb.Create(),
    DisputeVerb.Create(),
};

// Ctrl+C and SIGTERM end the verb, whatever servers it started; a second one ends the process.
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
try
{
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await root.Parse(args).InvokeAsync(configuration, stop.Token);
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception e) when (Cause(e) is { } cause)
{
    // What an operator can do something about is one line; anything else is a bug and shows where.
    await Console.Error.WriteLineAsync("masumi: " + cause);
    return 1;
}

static string? Cause(Exception e) =>
    e switch
    {
        IOException { InnerException.InnerException: SocketException } or IOException { InnerException: SocketException } => e.Message,
        ChainUnavailableException or StorageUnavailableException => e.Message,
        _ => null,
    };
