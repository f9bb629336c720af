using System.Globalization;
using System.Text;
using Forecast.Core;
using Npgsql;

namespace Forecast.Store.Database;

/// <summary>Reads the answer to a query of somebody else's Postgres as CSV.</summary>
public static class PostgresQuery
{
    private const int Seconds = 300;

    /// <summary>
    /// Runs a query inside a transaction that can only read, as a part of a larger SELECT, so that it can be nothing but a query; what else its
    /// role may do is the operator's to say.
    /// </summary>
    /// <param name="address">As <see cref="ForecastStores"/> reads it.</param>
    /// <param name="query">A SELECT; its columns' names become the header.</param>
    /// <param name="content">Gets the CSV.</param>
    /// <param name="mostBytes">Bytes at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>ingest-query</c>, <c>ingest-failed</c>, <c>data-too-large</c>.</exception>
    public static async Task WriteCsvAsync(string address, string query, Stream content, long mostBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(content);
        if (query.Contains(';', StringComparison.Ordinal)) throw new ForecastException("ingest-query", "a query is one SELECT without ';'", "query");
        try
        {
            await using var source = NpgsqlDataSource.Create(ForecastStores.ConnectionString(address));
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var only = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, transaction)) await only.ExecuteNonQueryAsync(cancellation);
            await using var command = new NpgsqlCommand($"SELECT * FROM (\n{query}\n) AS asked", connection, transaction) { CommandTimeout = Seconds };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await using var text = new StreamWriter(content, new UTF8Encoding(false), leaveOpen: true);
            await text.WriteLineAsync(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => Quoted(reader.GetName(i)))).AsMemory(), cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                await text.WriteLineAsync(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Quoted(Text(reader.GetValue(i))))).AsMemory(), cancellation);
                if (content.Length > mostBytes) throw new ForecastException("data-too-large", $"the answer to the query has more than {mostBytes} bytes", "query");
            }
        }
        catch (PostgresException e)
        {
            throw new ForecastException("ingest-query", $"the database refuses the query: {e.MessageText}", "query", inner: e);
        }
        catch (NpgsqlException e)
        {
            throw new ForecastException("ingest-failed", "the database does not answer", "from", inner: e);
        }
    }

    private static string Text(object value) => value switch
    {
        DateTime { Kind: DateTimeKind.Utc } time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
