using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Masumi.Bench.Settlement;

/// <summary>
/// Makes a database with many finished deals out of one in which the engine finished a few: every row that belongs to one of those, in every table, again under
/// new ids, identifiers and transactions, spread over the year before. What retention takes away is not made.
/// </summary>
internal sealed class FinishedDeals
{
    private const int Batch = 20_000;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    // What belongs to a deal, and by which of its values it is found.
    private static readonly (string Table, string Where)[] Parts =
    [
        ("deal", "id = @id"),
        ("escrow_step", "identifier_hash = @hash"),
        ("attempt", "id IN (SELECT attempt_id FROM attempt_subject WHERE subject_id = @id)"),
        ("attempt_subject", "subject_id = @id"),
        ("action_history", "deal_id = @id"),
        ("outbox", "entity_id = @id"),
    ];

    private readonly SqliteConnection _connection;
    private readonly Random _random = new(1);
    private readonly Dictionary<string, SqliteCommand> _inserts = [];

    private FinishedDeals(SqliteConnection connection) => _connection = connection;

    /// <summary>Multiplies the finished deals of a database file that nobody has open.</summary>
    /// <param name="file">The file.</param>
    /// <param name="count">How many are made.</param>
    /// <param name="now">The newest ones are of this time.</param>
    /// <param name="eventsKept">How long events are kept.</param>
    public static void Make(string file, int count, DateTimeOffset now, TimeSpan eventsKept)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA foreign_keys=OFF");
        new FinishedDeals(connection).Run(count, now, eventsKept);
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Run(int count, DateTimeOffset now, TimeSpan eventsKept)
    {
        var templates = Templates();
        var step = TimeSpan.FromDays(365) / count;
        for (var made = 0; made < count; )
        {
            Execute(_connection, "BEGIN");
            for (var i = 0; i < Batch && made < count; i++, made++)
            {
                var at = now - (step * (count - made));
                Copy(templates[made % templates.Count], at, keepsEvents: now - at < eventsKept);
            }

            Execute(_connection, "COMMIT");
        }
    }

    private List<Dictionary<string, List<Dictionary<string, object?>>>> Templates() =>
        [
            .. Read("SELECT id, identifier_hash FROM deal WHERE next_at IS NULL ORDER BY id", [])
                .Select(deal =>
                    Parts.ToDictionary(
                        p => p.Table,
                        p => Read($"SELECT * FROM {p.Table} WHERE {p.Where}", new() { ["@id"] = deal["id"], ["@hash"] = deal["identifier_hash"] })
                    )
                ),
        ];

    private void Copy(Dictionary<string, List<Dictionary<string, object?>>> template, DateTimeOffset at, bool keepsEvents)
    {
        var deal = template["deal"][0];
        var identifier = new byte[((byte[])deal["identifier"]!).Length];
        _random.NextBytes(identifier);
        var later = at.ToUnixTimeMilliseconds() - (long)deal["created_at"]!;
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var hashes = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Convert.ToHexString((byte[])deal["identifier"]!)] = identifier,
            [Convert.ToHexString((byte[])deal["identifier_hash"]!)] = SHA256.HashData(Encoding.UTF8.GetBytes(Convert.ToHexStringLower(identifier))),
        };
        foreach (var (table, rows) in template)
        {
            if (table == "outbox" && !keepsEvents)
            {
                continue;
            }

            foreach (var row in rows)
            {
                Insert(table, row.Where(c => c.Key is not "seq" || table != "outbox").ToDictionary(c => c.Key, c => Anew(c.Key, c.Value)));
            }
        }

        object? Anew(string column, object? value) =>
            (column, value) switch
            {
                ("id" or "deal_id" or "attempt_id" or "subject_id" or "entity_id", string id) => ids.TryGetValue(id, out var known)
                    ? known
                    : ids[id] = NewId(at),
                (_, byte[] bytes) when hashes.TryGetValue(Convert.ToHexString(bytes), out var known) => known,
                ("tx_id", byte[] bytes) => hashes[Convert.ToHexString(bytes)] = Bytes(bytes.Length),
                ("spent_ref", byte[] bytes) => hashes.TryGetValue(Convert.ToHexString(bytes.AsSpan(0, 32)), out var known)
                    ? (byte[])[.. known, .. bytes.AsSpan(32)]
                    : bytes,
                ("current_tx", string hex) => Convert.ToHexStringLower(
                    hashes.TryGetValue(hex.ToUpperInvariant(), out var known) ? known : hashes[hex.ToUpperInvariant()] = Bytes(32)
                ),
                (_, byte[] bytes) => bytes,
                (_, long ms) when column.EndsWith("_at", StringComparison.Ordinal) || column == "at" || column.EndsWith("_ms", StringComparison.Ordinal) => ms
                > 0
                    ? ms + later
                    : ms,
                _ => value,
            };
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    // As the node's own: by time, then chance.
    private string NewId(DateTimeOffset at)
    {
        var id = new char[25];
        id[0] = 'c';
        var stamp = at.ToUnixTimeMilliseconds();
        for (var i = 8; i >= 1; i--)
        {
            id[i] = Digits[(int)(stamp % 36)];
            stamp /= 36;
        }

        for (var i = 9; i < id.Length; i++)
        {
            id[i] = Digits[_random.Next(36)];
        }

        return new string(id);
    }

    private void Insert(string table, Dictionary<string, object?> row)
    {
        if (!_inserts.TryGetValue(table, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = $"INSERT INTO {table} ({string.Join(", ", row.Keys)}) VALUES ({string.Join(", ", row.Keys.Select(k => "@" + k))})";
            foreach (var column in row.Keys)
            {
                command.Parameters.Add(new SqliteParameter("@" + column, null));
            }

            _inserts[table] = command;
        }

        foreach (var (column, value) in row)
        {
            command.Parameters["@" + column].Value = value ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private List<Dictionary<string, object?>> Read(string sql, Dictionary<string, object?> args)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in args)
        {
            command.Parameters.AddWithValue(name, value);
        }

        var rows = new List<Dictionary<string, object?>>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        }

        return rows;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Bytes of every table and index of a file, largest first; pages of rows that overflow one are not counted.</summary>
    public static List<(string Name, long Bytes)> Sizes(string path)
    {
        var roots = new List<(string Name, long Page)>();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                roots.Add((reader.GetString(0), reader.GetInt64(1)));
            }
        }

        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[18];
        file.ReadExactly(header);
        var size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var told && told == 1 ? 65_536 : told;
        return [.. roots.Select(r => (r.Name, Pages(file, size, r.Page, Depth(file, size, r.Page)) * size)).OrderByDescending(r => r.Item2)];
    }

    // Of a B-tree (sqlite.org/fileformat2.html, 1.6): all leaves lie equally deep, so they need not be read to be counted.
    private static int Depth(FileStream file, int size, long page) => Children(file, size, page) is [var first, ..] ? 1 + Depth(file, size, first) : 0;

    private static long Pages(FileStream file, int size, long page, int depth) =>
        depth == 0 ? 1 : 1 + Children(file, size, page).Sum(c => Pages(file, size, c, depth - 1));

    private static List<long> Children(FileStream file, int size, long page)
    {
        var bytes = new byte[size];
        file.Position = (page - 1) * size;
        file.ReadExactly(bytes);
        var header = page == 1 ? 100 : 0;
        if (bytes[header] is not (2 or 5))
        {
            return [];
        }

        var children = new List<long>();
        var cells = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(header + 3));
        for (var i = 0; i < cells; i++)
        {
            var cell = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(header + 12 + (2 * i)));
            children.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(cell)));
        }

        children.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(header + 8)));
        return children;
    }

    /// <summary>A number with thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
