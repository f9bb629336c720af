using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Forecast.Core;
using Microsoft.Data.Sqlite;

namespace Forecast.Store.Database;

/// <summary>
/// A SQLite file. Write-ahead log, so that readers never wait for the writer; one writer at a time, who takes the lock when the
/// transaction begins and so never has to give up half-way.
/// </summary>
/// <remarks>
/// <c>synchronous=FULL</c>: the log is flushed at each commit. NORMAL would already survive a killed process, since the operating
/// system holds what was written, but loses the last commits when the power goes. A block of a back-test costs seconds to
/// minutes of computing and its flush well under ten milliseconds, so what was reported as done stays done.
/// </remarks>
internal sealed class SqliteDatabase : StoreDatabase
{
    private readonly string _connectionString;
    private readonly string _pragmas;
    private readonly SemaphoreSlim _writer = new(1, 1);

    public SqliteDatabase(string path, TimeSpan busyTimeout)
    {
        Location = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Location,
            Mode = SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = 1, // seconds that the driver polls on top of SQLite's own, finer waiting
        }.ToString();
        _pragmas = string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={(long)busyTimeout.TotalMilliseconds}; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;");
    }

    public override string Location { get; }

    public override string In(string column, string parameter) => $"{column} IN (SELECT value FROM json_each(@{parameter}))";

    public override object List(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    public override Task<IReadOnlyList<string>> TablesAsync(StoreSession session) =>
        session.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'");

    public override Task BulkInsertAsync(StoreSession session, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        using var insert = new SqliteRows((SqliteConnection)session.Connection, $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})");
        foreach (var row in rows)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            insert.Insert(row);
        }

        return Task.CompletedTask;
    }

    /// <exception cref="ForecastException">The file's folder cannot be made.</exception>
    public void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ForecastException("store-cannot-open", $"the store at {Location} cannot be opened: {e.Message}", "store", inner: e);
        }
    }

    /// <summary>Switches the file to the write-ahead log, which it then remembers.</summary>
    /// <exception cref="ForecastException">The file cannot be written, or lies where such a log cannot work.</exception>
    public async Task UseWriteAheadLogAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            var mode = (string?)await command.ExecuteScalarAsync(cancellation);
            if (!string.Equals(mode, "wal", StringComparison.OrdinalIgnoreCase))
                throw new ForecastException("store-unsuitable", $"the store at {Location} cannot use a write-ahead log (journal mode {mode}); use a local disk that can be written", "store");
        }
        catch (DbException e)
        {
            throw Translate(e);
        }
    }

    /// <summary>Writes what is committed now into a new file, while others go on reading and writing.</summary>
    public async Task CopyAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO @path";
            command.Parameters.Add(new SqliteParameter("@path", path));
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (DbException e)
        {
            throw Translate(e);
        }
    }

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connectionString)) SqliteConnection.ClearPool(connection);
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = _pragmas;
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    protected override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation) =>
        connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);

    protected override async Task<IDisposable?> EnterWriteAsync(CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        return new Turn(_writer);
    }

    // Result codes: sqlite.org/rescode.html.
    protected override ForecastException Translate(DbException error)
    {
        var (code, advice) = (error as SqliteException)?.SqliteErrorCode switch
        {
            5 or 6 => ("store-busy", "another process held it for too long"),
            8 => ("store-read-only", "it cannot be written; check the rights of the file and its folder"),
            10 or 13 => ("store-disk", "the disk failed or is full"),
            11 => ("store-corrupt", "the file is damaged; restore a copy"),
            14 => ("store-cannot-open", "it cannot be opened; check path and rights"),
            19 => ("store-conflict", "the rows contradict rows that are there"),
            26 => ("store-corrupt", "the file is no SQLite database"),
            _ => ("store-failed", "the database refused"),
        };
        return new ForecastException(code, $"the store at {Location}: {advice} ({error.Message})", "store", inner: error);
    }

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}
