using System.CommandLine;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi node</c>: a payment node as a process of its own, with a registry in it when its settings say so. Settings are in a file, the environment or on
/// the command line. Whatever is wrong with them is one line each on standard error, and nothing has been changed.
/// </summary>
internal static class NodeVerb
{
    public static Command Create()
    {
        var settings = new SettingsOptions();
        var command = settings.AddTo(
            new Command(
                "node",
                "A payment node: payment service, engine, and a registry if its settings name one. 'masumi node init' writes its settings (docs/node.md)."
            )
        );
        command.SetAction(
            (parsed, cancellation) =>
                ServiceRun.RunAsync("node", async loggers => await StartAsync(NodeSettings.Read(settings.Read(parsed)), loggers, cancellation), cancellation)
        );
        command.Add(NodeInitVerb.Create());
        return command;
    }

    private static async Task<IReadOnlyList<IAsyncDisposable>> StartAsync(NodeSettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        await CheckAsync(settings, cancellation);
        var node = await PaymentNode.StartAsync(PaymentNodeOptions.Of(settings), loggers, cancellation);
        RegistryNode? registry = null;
        try
        {
            if (settings.Registry is { } beside)
            {
                registry = await RegistryNode.StartAsync(RegistryNodeOptions.Of(beside), loggers, node.Chain, cancellation);
            }
        }
        catch
        {
            await FailedStart.PutAwayAsync(node.DisposeAsync());
            throw;
        }

        await ServiceRun.WarnAsync("node", settings.Listen.Concat(settings.Registry?.Listen ?? []));
        foreach (var source in settings.Sources)
        {
            Console.WriteLine(ContractSetup.WhoSettles(source.Contract.Contract));
        }

        if (registry is not null)
        {
            Console.WriteLine($"registry {registry.BaseUrl}");
        }

        Console.WriteLine($"ready {node.BaseUrl}");

        // The registry asks the chain through the node's connection, so it ends first.
        return registry is null ? [node] : [registry, node];
    }

    // Both before either begins: what is wrong with one leaves nothing of the other.
    private static async Task CheckAsync(NodeSettings settings, CancellationToken cancellation)
    {
        if (settings.Registry is not { } registry)
        {
            return;
        }

        var problems = new List<SettingProblem>();
        var places = settings.Listen.Select(l => ("listen", l)).Concat(registry.Listen.Select(l => ("registry.listen", l)));
        foreach (
            var check in new[]
            {
                PaymentNode.CheckAsync(PaymentNodeOptions.Of(settings), cancellation),
                RegistryCheck.ExistingAsync(RegistryNodeOptions.Of(registry), TimeProvider.System, "registry.", cancellation),
            }
        )
        {
            try
            {
                await check;
            }
            catch (SettingsException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        SettingsException.ThrowIfAny(problems.Count > 0 ? problems : WebServer.Refusals(places));
    }
}
