using System.Data.Common;
using Forecast.Core;

namespace Forecast.Store.Database;

/// <summary>
/// One database behind the stores: connections, transactions, bulk writing and the few places where dialects differ. The stores
/// are written once, against this.
/// </summary>
internal abstract class StoreDatabase : IAsyncDisposable
{
    /// <summary>What people know the database by: a file, or a host and name.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// A condition that a column is among values given by <see cref="List"/> under the parameter's name: one text for any number of values.
    /// </summary>
    public abstract string In(string column, string parameter);

    /// <summary>Values for <see cref="In"/>.</summary>
    public abstract object List(IEnumerable<string> values);

    /// <summary>Names of the tables of the schema in use.</summary>
    public abstract Task<IReadOnlyList<string>> TablesAsync(StoreSession session);

    /// <summary>Writes many rows of one table, as fast as the database can.</summary>
    /// <param name="session">An open write transaction.</param>
    /// <param name="table">Table name.</param>
    /// <param name="columns">Column names.</param>
    /// <param name="rows">Values in the order of the columns.</param>
    public abstract Task BulkInsertAsync(StoreSession session, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows);

    /// <summary>Reads, all statements seeing the same state of the database.</summary>
    public async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(cancellation);
            await using var snapshot = await BeginSnapshotAsync(connection, cancellation);
            var result = await work(new StoreSession(this, connection, snapshot, cancellation));
            await snapshot.CommitAsync(cancellation);
            return result;
        }
        catch (DbException e)
        {
            throw Translate(e);
        }
    }

    /// <summary>Writes in one transaction: all of it, or nothing.</summary>
    public async Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            using var turn = await EnterWriteAsync(cancellation);
            await using var connection = await OpenAsync(cancellation);
            await using var transaction = await BeginWriteAsync(connection, cancellation);
            var result = await work(new StoreSession(this, connection, transaction, cancellation));
            await transaction.CommitAsync(cancellation);
            return result;
        }
        catch (DbException e)
        {
            throw Translate(e);
        }
    }

    public Task WriteAsync(Func<StoreSession, Task> work, CancellationToken cancellation) => WriteAsync(
        async session =>
        {
            await work(session);
            return true;
        },
        cancellation);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    protected abstract ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation);

    protected abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Waits for the right to write, where the database has room for one writer only.</summary>
    protected abstract Task<IDisposable?> EnterWriteAsync(CancellationToken cancellation);

    /// <summary>The database's error in the caller's terms.</summary>
    protected abstract ForecastException Translate(DbException error);
}
