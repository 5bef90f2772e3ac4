using System.CommandLine;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi registry</c>: a registry service as a process of its own; its settings as those of <c>masumi node</c>.</summary>
internal static class RegistryVerb
{
    public static Command Create()
    {
        var settings = new SettingsOptions();
        var command = settings.AddTo(
            new Command("registry", "A registry service of its own: {network, chain {url, key}, database, adminKey, listen, policies} (docs/node.md).")
        );
        command.SetAction(
            (parsed, cancellation) =>
                ServiceRun.RunAsync(
                    "registry",
                    async loggers =>
                    {
                        var read = RegistrySettings.Read(settings.Read(parsed));
                        var registry = await RegistryNode.StartAsync(RegistryNodeOptions.Of(read), loggers, shared: null, cancellation);
                        await ServiceRun.WarnAsync("registry", read.Listen);
                        Console.WriteLine($"ready {registry.BaseUrl}");
                        return [registry];
                    },
                    cancellation
                )
        );
        return command;
    }
}
