using System.Text.Json.Nodes;
using Masumi.Node.Settings;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Stores;
using Masumi.Storage;

namespace Masumi.Node.Control;

/// <summary>
/// Where an operator's question goes: to the engine that runs on a database, or, where none does, into the database itself, to look.
/// </summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly ControlClient? _client;
    private readonly IDatabase? _database;
    private readonly OperatorDesk? _local;

    private Desk(ControlClient? client, IDatabase? database, OperatorDesk? local)
    {
        _client = client;
        _database = database;
        _local = local;
    }

    /// <summary>Finds the engine, or opens the database to look. Throws <see cref="DeskRefusal"/> when there is neither.</summary>
    /// <param name="settings">Which database.</param>
    /// <param name="tables">The tables it must have.</param>
    /// <param name="time">Local time.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public static async Task<Desk> OpenAsync(
        DatabaseSettings settings,
        IReadOnlyList<MigrationModule> tables,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (await ControlClient.TryConnectAsync(settings, time, cancellation) is { } client)
        {
            return new Desk(client, null, null);
        }

        var database = settings.OpenExisting(time) ?? throw new DeskRefusal($"there is no database at {settings}") { Code = 2 };
        try
        {
            if (!await database.IsCurrentAsync(tables, cancellation))
            {
                throw new DeskRefusal($"{settings} has no tables of this version; 'masumi node' brings them up to date");
            }

            var store = new SettlementStore(database);
            var local = new OperatorDesk(new DealInspection(store), new EventReading(store), null, settings.ToString(), time);
            return new Desk(null, database, local);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks. Throws <see cref="DeskRefusal"/> or <see cref="IOException"/>.</summary>
    public Task<JsonObject> AskAsync(JsonObject question, CancellationToken cancellation) =>
        _client is not null ? _client.AskAsync(question, cancellation) : _local!.AnswerAsync(question, cancellation);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
