using System.Data.Common;
using Dapper;

namespace Forecast.Store.Database;

/// <summary>An open transaction, and Dapper on it.</summary>
internal sealed class StoreSession(StoreDatabase database, DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
{
    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    public CancellationToken Cancellation => cancellation;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? values = null) =>
        (await connection.QueryAsync<T>(Command(sql, values))).AsList();

    public Task<T?> FirstAsync<T>(string sql, object? values = null) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, values));

    /// <returns>Rows changed.</returns>
    public Task<int> ExecuteAsync(string sql, object? values = null) => connection.ExecuteAsync(Command(sql, values));

    /// <inheritdoc cref="StoreDatabase.LockAsync"/>
    public Task LockAsync(string thing) => database.LockAsync(this, thing);

    public Task BulkInsertAsync(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows) =>
        database.BulkInsertAsync(this, table, columns, rows);

    private CommandDefinition Command(string sql, object? values) => new(sql, values, transaction, cancellationToken: cancellation);
}
