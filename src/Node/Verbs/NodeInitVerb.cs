using System.CommandLine;
using System.Text;
using Masumi.Node.Settings;
using Masumi.Node.Setup;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi node init</c>: asks what a node must know and writes its settings.</summary>
internal static class NodeInitVerb
{
    private const int Unusable = 2;

    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The file to write.", DefaultValueFactory = _ => "masumi.json" };
        var command = new Command("init", "Asks what a node must know, tries the chain provider, makes or imports wallets, and writes the settings.")
        {
            config,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    Func<string?>? hidden = Console.IsInputRedirected ? null : ReadHidden;
                    await new NodeSetup(new Questions(Console.In, Console.Out, hidden)).RunAsync(parsed.GetValue(config)!, cancellation);
                    return 0;
                }
                catch (Exception e) when (e is FormatException or UnansweredException or SettingsException)
                {
                    await Console.Error.WriteLineAsync(
                        $"{(Console.IsInputRedirected ? "\n" : "")}masumi node init: {e.Message.TrimEnd('.')}; nothing was written"
                    );
                    return Unusable;
                }
            }
        );
        return command;
    }

    // Secrets are not shown to whoever looks over a shoulder.
    private static string? ReadHidden()
    {
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.WriteLine();
                    return text.ToString();
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && text.Length == 0:
                    return null;
                case ConsoleKey.Backspace:
                    text.Length = Math.Max(0, text.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        text.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
