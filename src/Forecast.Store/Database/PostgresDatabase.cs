using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;
using Forecast.Core;
using Npgsql;
using NpgsqlTypes;

namespace Forecast.Store.Database;

/// <summary>A Postgres database: pooled connections, statements prepared by themselves, binary COPY for rows in bulk.</summary>
/// <remarks>
/// Writers run side by side at READ COMMITTED: every statement that changes a row states in its condition what it expects the row to be,
/// and what is counted up is held by an advisory lock. Readers see one snapshot (REPEATABLE READ). Texts compare byte by byte (collation C),
/// as in SQLite, so that pages and hashes do not depend on the server's language.
/// </remarks>
internal sealed partial class PostgresDatabase : StoreDatabase
{
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;

    public PostgresDatabase(string connectionString, TimeSpan statementTimeout)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new ForecastException("store-cannot-open", $"the connection to Postgres is not of the form Host=...;Database=...;Username=...: {e.Message}", "store", inner: e);
        }

        builder.CommandTimeout = (int)Math.Ceiling(statementTimeout.TotalSeconds);
        builder.ApplicationName ??= "forecast";
        builder.Options ??= "-c idle_in_transaction_session_timeout=10000"; // a process that stands still must not hold the rows of a whole run
        if (builder.MaxAutoPrepare == 0) builder.MaxAutoPrepare = 100;
        _source = NpgsqlDataSource.Create(builder);
        _schema = builder.SearchPath ?? "";
        Location = $"postgres://{builder.Host}:{builder.Port}/{builder.Database}{(_schema.Length > 0 ? $"?schema={_schema}" : "")}";
    }

    /// <summary>Host, port, database and schema: never the password.</summary>
    public override string Location { get; }

    public override string In(string column, string parameter) => $"{column} = ANY (@{parameter})";

    public override object List(IEnumerable<string> values) => values.ToArray();

    /// <remarks>The work table of forecasts gets its hash partitions here: SQLite has none, and the columns are the same.</remarks>
    public override string Schema(string sql) => Predictions().Replace(TextColumn().Replace(sql, "${name} text COLLATE \"C\" ${rest}"), PartitionedPredictions);

    public override Task LockAsync(StoreSession session, string thing) =>
        session.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended(@thing, 0))", new { thing = $"forecast/{_schema}/{thing}" });

    public override Task<IReadOnlyList<string>> TablesAsync(StoreSession session) =>
        session.QueryAsync<string>("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()");

    public override async Task BulkInsertAsync(StoreSession session, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var connection = (NpgsqlConnection)session.Connection;
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)", session.Cancellation);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(session.Cancellation);
            foreach (var value in row) await WriteAsync(writer, value, session.Cancellation);
        }

        await writer.CompleteAsync(session.Cancellation);
    }

    /// <summary>Looks whether the server answers and the schema can be used.</summary>
    /// <exception cref="ForecastException"><c>store-cannot-open</c>, <c>store-unsuitable</c>.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var (encoding, schema) = await ReadAsync(
            async session => (await session.FirstAsync<string>("SHOW server_encoding"), await session.FirstAsync<string?>("SELECT current_schema()")), cancellation);
        if (encoding is not "UTF8") throw new ForecastException("store-unsuitable", $"the database at {Location} has the encoding {encoding}; the store needs UTF8", "store");
        if (schema is null) throw new ForecastException("store-unsuitable", $"the schema of {Location} does not exist; create it first", "store");
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellation) => await _source.OpenConnectionAsync(cancellation);

    protected override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellation) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);

    protected override Task<IDisposable?> EnterWriteAsync(CancellationToken cancellation) => Task.FromResult<IDisposable?>(null);

    protected override bool LostTie(DbException error) => error.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    protected override ForecastException Translate(DbException error)
    {
        var (code, advice) = error.SqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => ("store-busy", "others held the rows for too long"),
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => ("store-busy", "the server takes no more work now"),
            PostgresErrorCodes.ReadOnlySqlTransaction => ("store-read-only", "the server is a copy that cannot be written"),
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError => ("store-disk", "the disk failed or is full"),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege =>
                ("store-cannot-open", "it cannot be opened; check name, user and rights"),
            { } state when state.StartsWith("23", StringComparison.Ordinal) => ("store-conflict", "the rows contradict rows that are there"),
            { } state when state.StartsWith("XX", StringComparison.Ordinal) => ("store-corrupt", "the database is damaged; restore a copy"),
            null => ("store-cannot-open", "the server does not answer"),
            _ => ("store-failed", "the database refused"),
        };
        return new ForecastException(code, $"the store at {Location}: {advice} ({error.Message})", "store", inner: error);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter writer, object? value, CancellationToken cancellation) => value switch
    {
        null => writer.WriteNullAsync(cancellation),
        string text => writer.WriteAsync(text, NpgsqlDbType.Text, cancellation),
        long number => writer.WriteAsync(number, NpgsqlDbType.Bigint, cancellation),
        int number => writer.WriteAsync((long)number, NpgsqlDbType.Bigint, cancellation),
        double number => writer.WriteAsync(number, NpgsqlDbType.Double, cancellation),
        byte[] block => writer.WriteAsync(block, NpgsqlDbType.Bytea, cancellation),
        _ => throw new ArgumentException($"no column of the store holds a {value.GetType().Name}", nameof(value)),
    };

    // Sixteen, fixed: rows of one run stay together, vacuum and index work is split, and no later change of the number moves rows.
    private static string PartitionedPredictions(Match table) =>
        $"{table.Groups["table"].Value} PARTITION BY HASH (run_id);\n" +
        string.Concat(Enumerable.Range(0, 16).Select(i => $"CREATE TABLE predictions_{i:00} PARTITION OF predictions FOR VALUES WITH (MODULUS 16, REMAINDER {i});\n"));

    [GeneratedRegex(@"(?<name>^\s+\w+|ADD COLUMN \w+)\s+text\s+(?<rest>(NOT )?NULL)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TextColumn();

    [GeneratedRegex(@"(?<table>CREATE TABLE predictions \(.*?\n\));", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Predictions();
}
