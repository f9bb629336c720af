using System.Data.Common;
using Forecast.Core;

namespace Forecast.Store.Database;

/// <summary>
/// One database behind the stores: connections, transactions, bulk writing and the few places where dialects differ. The stores
/// are written once, against this.
/// </summary>
internal abstract class StoreDatabase : IAsyncDisposable
{
    private const int MostAttempts = 8;

    /// <summary>What people know the database by: a file, or a host and name.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// A condition that a column is among values given by <see cref="List"/> under the parameter's name: one text for any number of values.
    /// </summary>
    public abstract string In(string column, string parameter);

    /// <summary>Values for <see cref="In"/>.</summary>
    public abstract object List(IEnumerable<string> values);

    /// <summary>The schema's statements as this database takes them; the same for most of them.</summary>
    public virtual string Schema(string sql) => sql;

    /// <summary>
    /// Holds every other writer that names the same thing back until the transaction ends. For what is read, counted up and written in
    /// one transaction; a database with one writer has nothing to do.
    /// </summary>
    public virtual Task LockAsync(StoreSession session, string thing) => Task.CompletedTask;

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

    /// <summary>
    /// Writes in one transaction: all of it, or nothing. The work is done again from its start when the database breaks a tie between writers
    /// against it, so it must change nothing but the database.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
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
            catch (DbException e) when (attempt < MostAttempts && LostTie(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(attempt * (5 + Random.Shared.Next(20))), cancellation);
            }
            catch (DbException e)
            {
                throw Translate(e);
            }
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

    /// <summary>True when the transaction was undone only because others ran beside it, so that it can simply be done again.</summary>
    protected virtual bool LostTie(DbException error) => false;

    /// <summary>The database's error in the caller's terms.</summary>
    protected abstract ForecastException Translate(DbException error);
}
