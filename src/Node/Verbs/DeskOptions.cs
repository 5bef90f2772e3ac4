using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Node.Control;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Storage;

namespace Masumi.Node.Verbs;

/// <summary>
/// What every verb for operators has: which node is meant, by its settings or by its database, and <c>--json</c>. Questions go to the engine that runs there.
/// </summary>
internal sealed class DeskOptions(string verb)
{
    private const int Failed = 1;
    private const int Unusable = 2;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Option<string?> _config = new("--config") { Description = "The node's settings, as 'masumi node' takes them; only 'database' is read." };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "The node's database instead: a file or a PostgreSQL connection string. Without either: MASUMI__DATABASE.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document." };

    /// <summary>Adds them to a verb.</summary>
    public Command AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_database);
        command.Add(_json);
        return command;
    }

    /// <summary>Asks one question and prints the answer.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="words">The answer in words.</param>
    /// <param name="code">With what the verb ends; 0 when null.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<int> AskAsync(
        ParseResult parsed,
        JsonObject question,
        Func<JsonObject, IEnumerable<string>> words,
        Func<JsonObject, int>? code,
        CancellationToken cancellation
    ) =>
        TalkAsync(
            parsed,
            async (desk, isJson) =>
            {
                var answer = await desk.AskAsync(question, cancellation);
                if (isJson)
                {
                    Console.WriteLine(answer.ToJsonString(Indented));
                }
                else
                {
                    foreach (var note in new[] { answer["engine"], answer["waitsFor"] is null ? answer["engineFails"] : null }.Where(n => n is not null))
                    {
                        await Console.Error.WriteLineAsync($"masumi {verb}: {note}");
                    }

                    foreach (var line in words(answer))
                    {
                        Console.WriteLine(line);
                    }
                }

                return code?.Invoke(answer) ?? 0;
            },
            cancellation
        );

    /// <summary>Speaks to the engine, or to the database where none runs. What goes wrong is one line on standard error.</summary>
    public async Task<int> TalkAsync(ParseResult parsed, Func<Desk, bool, Task<int>> talk, CancellationToken cancellation)
    {
        try
        {
            await using var desk = await Desk.OpenAsync(Read(parsed), PaymentNode.Migrations, TimeProvider.System, cancellation);
            return await talk(desk, parsed.GetValue(_json));
        }
        catch (SettingsException e)
        {
            foreach (var problem in e.Problems)
            {
                await Console.Error.WriteLineAsync($"masumi {verb}: {problem}");
            }

            return Unusable;
        }
        catch (DeskRefusal e)
        {
            await Console.Error.WriteLineAsync($"masumi {verb}: {e.Message}");
            return e.Code;
        }
        catch (Exception e) when (e is StorageUnavailableException or MigrationException or IOException)
        {
            await Console.Error.WriteLineAsync($"masumi {verb}: {e.Message.TrimEnd('.')}");
            return Failed;
        }
    }

    private DatabaseSettings Read(ParseResult parsed)
    {
        List<KeyValuePair<string, string>> typed = parsed.GetValue(_database) is { } database ? [KeyValuePair.Create("database", database)] : [];

        // Where the database is named, everything else of the settings says nothing about it.
        var file = typed.Count > 0 ? null : parsed.GetValue(_config);
        var text = file switch
        {
            null => SettingsText.Read(
                null,
                "settings",
                path => HexFile.ReadAll(path),
                SettingsOptions.Variables().Where(v => typed.Count == 0 || !IsDatabase(v.Key)),
                typed
            ),
            "-" => SettingsText.Read(HexFile.ReadAll("-"), "standard input", path => HexFile.ReadAll(path), SettingsOptions.Variables(), typed),
            _ => SettingsText.Read(SettingsOptions.ReadFile(file), file, path => HexFile.ReadAll(path), SettingsOptions.Variables(), typed),
        };
        var reader = new SettingsReader(text);
        var settings = DatabaseSettings.Read(reader, "database");
        SettingsException.ThrowIfAny(reader.Problems);
        return settings!;
    }

    private static bool IsDatabase(string variable) => variable.StartsWith("MASUMI__DATABASE", StringComparison.OrdinalIgnoreCase);
}
