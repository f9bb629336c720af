using System.Text;
using Forecast.Core;
using Forecast.Store.Database;
using Forecast.Store.Tests.Support;
using Forecast.Tests.Servers;

namespace Forecast.Store.Tests;

/// <summary>Answers of somebody's database as CSV.</summary>
public sealed class PostgresQueryTests
{
    [Fact]
    public async Task A_query_becomes_a_CSV() => (await AskAsync("""
        SELECT d AS date, v AS "a,b", t FROM (VALUES (DATE '2024-01-01', 1.5::float8, 'x'), (DATE '2024-01-02', NULL, 'say "y"')) AS q (d, v, t) -- and no more
        """)).ShouldBe("date,\"a,b\",t\n2024-01-01,1.5,x\n2024-01-02,,\"say \"\"y\"\"\"\n");

    [Fact]
    public async Task Instants_are_written_in_UTC() =>
        (await AskAsync("SELECT TIMESTAMPTZ '2024-01-01 06:30:00+01' AS at, TIMESTAMP '2024-01-01 00:00:00' AS day")).ShouldBe("at,day\n2024-01-01T05:30:00Z,2024-01-01\n");

    [Theory]
    [InlineData("SELECT 1; DROP TABLE schema_migrations")]
    [InlineData("DELETE FROM schema_migrations RETURNING 1")]
    [InlineData("WITH gone AS (DELETE FROM schema_migrations RETURNING 1) SELECT * FROM gone")]
    [InlineData("SELECT 1) AS asked, lateral (SELECT setval('x', 1)")]
    [InlineData("SELEC 1")]
    public async Task What_is_no_query_is_refused(string query) => (await Should.ThrowAsync<ForecastException>(() => AskAsync(query))).Code.ShouldBe("ingest-query");

    [Fact]
    public async Task A_server_that_is_not_there_is_told() =>
        (await Should.ThrowAsync<ForecastException>(() => PostgresQuery.WriteCsvAsync("postgres://me@127.0.0.1:1/none", "SELECT 1", Stream.Null, 100, TempStore.Cancellation))).Code.ShouldBe("ingest-failed");

    private static async Task<string> AskAsync(string query)
    {
        using var content = new MemoryStream();
        await PostgresQuery.WriteCsvAsync((await PostgresServer.GetAsync()).Address, query, content, 10_000, TempStore.Cancellation);
        return Encoding.UTF8.GetString(content.ToArray());
    }
}
