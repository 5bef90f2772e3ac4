using System.Data;
using System.Globalization;
using Dapper;
using Masumi.Cardano;

namespace Masumi.Storage;

/// <summary>
/// How values stand in columns, the same in both stores: hashes as TEXT (hex), lovelace as BIGINT, times as BIGINT (Unix milliseconds),
/// truth as BIGINT (0 or 1). Columns in snake_case fill members in PascalCase.
/// </summary>
internal static class DapperTypes
{
    private static readonly Lazy<bool> Registered = new(Register);

    public static void EnsureRegistered() => _ = Registered.Value;

    private static bool Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;

        // Dapper's own mapping of these two would win over a handler otherwise, and the stores disagree about them.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.RemoveTypeMap(typeof(bool));
        SqlMapper.RemoveTypeMap(typeof(bool?));
        SqlMapper.AddTypeHandler(new Number<DateTimeOffset>(t => t.ToUnixTimeMilliseconds(), DateTimeOffset.FromUnixTimeMilliseconds));
        SqlMapper.AddTypeHandler(new Number<bool>(b => b ? 1 : 0, n => n != 0));
        SqlMapper.AddTypeHandler(new Number<Lovelace>(l => l.Amount, n => new Lovelace(n)));
        SqlMapper.AddTypeHandler(new Number<Slot>(s => s.Number, n => new Slot(n)));
        SqlMapper.AddTypeHandler(new Text<Hash28>(h => h.ToString(), Hash28.Parse));
        SqlMapper.AddTypeHandler(new Text<KeyHash>(h => h.ToString(), KeyHash.Parse));
        SqlMapper.AddTypeHandler(new Text<ScriptHash>(h => h.ToString(), ScriptHash.Parse));
        SqlMapper.AddTypeHandler(new Text<PolicyId>(h => h.ToString(), PolicyId.Parse));
        SqlMapper.AddTypeHandler(new Text<Hash32>(h => h.ToString(), Hash32.Parse));
        SqlMapper.AddTypeHandler(new Text<TransactionId>(h => h.ToString(), TransactionId.Parse));
        SqlMapper.AddTypeHandler(new Text<DatumHash>(h => h.ToString(), DatumHash.Parse));
        return true;
    }

    private sealed class Number<T>(Func<T, long> write, Func<long, T> read) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value is null ? DBNull.Value : write(value);
        }

        public override T Parse(object value) => read(Convert.ToInt64(value, CultureInfo.InvariantCulture));
    }

    private sealed class Text<T>(Func<T, string> write, Func<string, T> read) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value is null ? DBNull.Value : write(value);
        }

        public override T Parse(object value) => read((string)value);
    }
}
