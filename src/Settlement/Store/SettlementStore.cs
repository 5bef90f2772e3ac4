using System.Data.Common;
using Dapper;
using Masumi.Storage;

namespace Masumi.Settlement;

/// <summary>
/// Everything durable of the engine, on either store. Each public method is one database transaction; none of them calls out.
/// </summary>
public sealed partial class SettlementStore
{
    private readonly IDatabase _database;
    private readonly TimeProvider _time;

    static SettlementStore()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    /// <summary>A store on an opened database whose settlement migrations have run.</summary>
    public SettlementStore(IDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>The numbered migrations of this module.</summary>
    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("settlement", typeof(SettlementStore).Assembly);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private static Task<int> Execute(DbConnection c, DbTransaction t, string sql, object? args = null) => c.ExecuteAsync(sql, args, t);

    private static async Task AppendOutbox(DbConnection c, DbTransaction t, string entity, string id, string kind, string payload, DateTimeOffset at) =>
        await Execute(
            c,
            t,
            "INSERT INTO outbox (seq, entity, entity_id, kind, payload, at) "
                + "SELECT COALESCE(MAX(seq), 0) + 1, @entity, @id, @kind, @payload, @at FROM outbox",
            new
            {
                entity,
                id,
                kind,
                payload,
                at = at.ToUnixTimeMilliseconds(),
            }
        );
}
