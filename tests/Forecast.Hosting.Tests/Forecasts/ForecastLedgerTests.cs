using System.Collections.Concurrent;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Tests.Backtests;
using Forecast.Hosting.Tests.Data;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Lineage;
using NodaTime;

namespace Forecast.Hosting.Tests.Forecasts;

/// <summary>Every forecast that is given out leads back to what it was made from.</summary>
public sealed class ForecastLedgerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forecast_leads_to_its_fit_its_data_its_seed_and_the_build()
    {
        await using var home = await Home.OpenAsync();
        var (older, newer) = (Data(100), Data(103));
        var fitted = One(home.Service.Forecast(Request(older), Cancel));
        var conditioned = One(home.Service.Forecast(Request(newer), Cancel));
        conditioned.Origin.ShouldBe(FitOrigin.Conditioned);

        var trace = await home.Ledger.TraceAsync(home.Store, conditioned.Id!, Cancel);
        (trace.Model, trace.Series, trace.Cutoff, trace.DataHash, trace.Seed, trace.Engine).ShouldBe(("mean", "y", newer.Series[0].Times[^1], newer.DataHash, 7UL, EngineVersion.Current));
        (trace.FitCutoff, trace.ModelVersion!.DataHash).ShouldBe((older.Series[0].Times[^1], older.DataHash));
        var first = await home.Ledger.TraceAsync(home.Store, fitted.Id!, Cancel);
        (first.DataHash, first.ModelVersion).ShouldBe((older.DataHash, trace.ModelVersion));

        using var saved = new MemoryStream(await home.Store.Lineage.ArchiveAsync(trace.ModelVersion.Id, Cancel));
        var again = ModelCatalogue.Default.Create("mean").Load(ModelArchive.Open(saved)).Condition(newer.AsOf(newer.Series[0].Times[^1])).Predict(KnownFuture.None, 2, 1)["y"];
        again.Mean(2).ShouldBe(conditioned.Distribution.Mean(2));
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_store_is_away_or_when_the_server_stops()
    {
        var refusals = 0;
        var home = await Home.OpenAsync(method => method == nameof(ILineageStore.RecordBatchAsync) && Interlocked.Increment(ref refusals) == 1);
        var panel = Data(60);
        string[] ids = [.. Enumerable.Range(0, 12_000).Select(_ => One(home.Service.Forecast(Request(panel), Cancel)).Id!)];
        await home.StopAsync();
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Length);
        foreach (var id in (string[])[ids[0], ids[5_000], ids[^1]]) (await home.Store.Lineage.TraceAsync(id, Cancel)).ForecastId.ShouldBe(id);
        home.Told.ShouldHaveSingleItem().ShouldContain("wait to be recorded");
        await home.DisposeAsync();
    }

    [Fact]
    public async Task A_forecast_that_could_not_be_recorded_is_not_given_out()
    {
        await using var home = await Home.OpenAsync(_ => true, capacity: 3);
        for (var i = 0; i < 2; i++) One(home.Service.Forecast(Request(Data(60)), Cancel)).Id.ShouldNotBeNull();
        var refused = home.Service.Forecast(Request(Data(60)), Cancel);
        refused.Failures["y"].Code.ShouldBe("store-busy");
    }

    [Fact]
    public async Task An_id_that_nobody_gave_out_is_unknown()
    {
        await using var home = await Home.OpenAsync();
        (await Should.ThrowAsync<ForecastException>(() => home.Ledger.TraceAsync(home.Store, "nothing", Cancel))).Code.ShouldBe("forecast-unknown");
    }

    private static SeriesForecast One(ForecastAnswer answer) => answer.Forecasts.Values.ShouldHaveSingleItem();

    private static ForecastRequest Request(Panel panel) => new() { Model = "mean", Panel = panel, Task = new ForecastTask(2, [0.1, 0.9]), Seed = 7 };

    private static Panel Data(int rows)
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        Instant[] times = [.. values.Select((_, t) => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(t))];
        return new Panel([TimeSeries.Univariate("y", Frequency.Daily, times, values)]);
    }

    /// <summary>A ledger at work, on a store of its own.</summary>
    private sealed class Home : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly CancellationTokenSource _stop = new();
        private Task _writing = Task.CompletedTask;

        public SqliteForecastStore Store { get; private set; } = null!;

        public ForecastLedger Ledger { get; private set; } = null!;

        public ForecastService Service { get; private set; } = null!;

        public ConcurrentQueue<string> Told { get; } = new();

        public static async Task<Home> OpenAsync(Func<string, bool>? fails = null, int capacity = 100_000)
        {
            var home = new Home();
            home.Store = await SqliteForecastStore.OpenAsync(Path.Combine(home._folder.Path, "forecast.db"), cancellation: Cancel);
            home.Ledger = new ForecastLedger(FailingStore<ILineageStore>.Around(home.Store.Lineage, fails ?? (_ => false)), (what, _) => home.Told.Enqueue(what), capacity);
            home.Service = new ForecastService(ModelCatalogue.Default, new FitCache(), home.Ledger);

            // A ledger that is to overflow is not emptied.
            if (capacity > 10) home._writing = Task.Run(() => home.Ledger.RunAsync(home._stop.Token), Cancel);
            return home;
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _writing;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await Store.DisposeAsync();
            _stop.Dispose();
            _folder.Dispose();
        }
    }
}
