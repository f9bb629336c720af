using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Forecast.Store.Database;

/// <summary>
/// One prepared INSERT that takes row after row. The driver looks up each parameter by its name for every row, which costs more than the
/// insert itself; here values are bound by their place.
/// </summary>
internal sealed class SqliteRows : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open, inside the transaction that the rows belong to.</param>
    /// <param name="sql">The statement, a question mark a value.</param>
    public SqliteRows(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public void Insert(object?[] row)
    {
        for (var i = 0; i < row.Length; i++) Check(Bind(i + 1, row[i]));
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE) Check(result);
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        string text => raw.sqlite3_bind_text(_statement, place, text),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        double number => raw.sqlite3_bind_double(_statement, place, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0), // a null pointer would be NULL
        byte[] block => raw.sqlite3_bind_blob(_statement, place, block),
        _ => throw new ArgumentException($"no column of the store holds a {value.GetType().Name}", nameof(value)),
    };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
