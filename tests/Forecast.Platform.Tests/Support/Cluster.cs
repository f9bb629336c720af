using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Tests.Servers;
using Npgsql;

namespace Forecast.Platform.Tests.Support;

/// <summary>The platform as a team runs it: Postgres, RabbitMQ, a server that only coordinates, and workers, each a process of its own.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private const string Heartbeat = "?heartbeat=3";

    private readonly string _home = Directory.CreateTempSubdirectory("forecast-cluster-").FullName;
    private readonly int _port = Ports.Free();
    private readonly List<Member> _workers = [];
    private HttpClient _http = new();

    private Cluster(PostgresServer postgres, RabbitServer broker) => (Postgres, Broker) = (postgres, broker);

    public PostgresServer Postgres { get; }

    public RabbitServer Broker { get; }

    public ForecastProcess Server { get; private set; } = null!;

    public IReadOnlyList<Member> Workers => _workers;

    /// <param name="workers">How many worker processes.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Cluster> StartAsync(int workers, CancellationToken cancellation)
    {
        var postgres = PostgresServer.StartNewAsync(durable: true);
        var cluster = new Cluster(await postgres, await RabbitServer.StartNewAsync(cancellation));
        await cluster.StartServerAsync();
        for (var i = 0; i < workers; i++)
        {
            var gate = new BrokerGate(cluster.Broker.Port);
            cluster._workers.Add(new Member(gate, cluster.NewWorker(gate)));
        }

        await Task.WhenAll(cluster._workers.Select(w => w.Process.FirstError));
        return cluster;
    }

    public async Task StartServerAsync()
    {
        Server = Start(Broker.Port, "serve", "--port", Ports.Text(_port), "--workers", "0");
        var line = await Server.FirstOut;
        _http.Dispose();
        _http = new HttpClient { BaseAddress = new Uri(line.Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal))), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Puts a new process in the place of a worker that is gone.</summary>
    public async Task ReplaceAsync(Member worker)
    {
        await worker.Process.DisposeAsync();
        worker.Process = NewWorker(worker.Gate);
    }

    /// <summary>Asks for a back-test; the job's id.</summary>
    public async Task<string> SubmitAsync(string request)
    {
        using var answer = await _http.PostAsync(new Uri("/v1/backtests", UriKind.Relative), new StringContent(request, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, text);
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    public async Task CancelAsync(string job)
    {
        using var answer = await _http.DeleteAsync(new Uri($"/v1/jobs/{job}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    /// <summary>Waits until a job has ended; a server or store that is away meanwhile is waited for.</summary>
    public async Task<JsonNode> EndOfAsync(string job, TimeSpan within)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(100))
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(within, $"job {job} did not end\n{Server.Said}\n{string.Join('\n', _workers.Select(w => w.Process.Said))}");
            try
            {
                using var answer = await _http.GetAsync(new Uri($"/v1/jobs/{job}", UriKind.Relative));
                if (answer.StatusCode != HttpStatusCode.OK) continue;
                var now = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                if (now["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled") return now;
            }
            catch (HttpRequestException)
            {
                // It is being started again.
            }
        }
    }

    /// <summary>A number from the store, asked past the platform; null while it is away.</summary>
    public async Task<long?> CountAsync(string sql, params (string Name, object Value)[] values)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Postgres.ConnectionString());
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
            return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L, CultureInfo.InvariantCulture);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>Items that a worker process has begun and not ended.</summary>
    public Task<long?> InHandAsync(ForecastProcess worker) => CountAsync(
        "SELECT count(*) FROM work_items WHERE state = 'pending' AND worker LIKE @own", ("own", $"%/{worker.Id}/%"));

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> so, TimeSpan within, string what)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await so(); await Task.Delay(20))
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(within, $"{what}\n{Server.Said}\n{string.Join('\n', _workers.Select(w => w.Process.Said))}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var worker in _workers)
        {
            await worker.Process.DisposeAsync();
            await worker.Gate.DisposeAsync();
        }

        await Server.DisposeAsync();
        await Broker.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private ForecastProcess NewWorker(BrokerGate gate) => Start(gate.Port, "worker", "--queues", "cpu", "--device", "cpu");

    private ForecastProcess Start(int brokerPort, params string[] args) => ForecastProcess.Start(
        _home,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_STORE"] = Postgres.Address, ["FORECAST_BROKER"] = RabbitServer.AddressAt(brokerPort) + Heartbeat },
        args);

    /// <summary>A worker and the gate that it reaches the broker through.</summary>
    public sealed class Member(BrokerGate gate, ForecastProcess process)
    {
        public BrokerGate Gate => gate;

        public ForecastProcess Process { get; set; } = process;
    }
}
