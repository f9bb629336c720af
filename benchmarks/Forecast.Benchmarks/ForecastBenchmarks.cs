using BenchmarkDotNet.Attributes;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Benchmarks;

/// <summary>What a server does for a series that it has fitted before: set the parameters on one row more, forecast ten steps, read three quantiles of each.</summary>
[MemoryDiagnoser]
public class ForecastBenchmarks
{
    private static readonly double[] Levels = [0.05, 0.5, 0.95];
    private IFittedForecaster _fitted = null!;
    private PanelView _newest = null!;

    [Params("seasonal-naive", "mean", "garch(1,1)", "garch(1,1)-t", "arima-garch")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void Fit()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 501).Select(_ => random.NextDouble() + random.NextDouble() - 1)];
        Instant[] times = [.. values.Select((_, t) => Instant.FromUnixTimeSeconds(t))];
        var panel = new Panel([TimeSeries.Univariate("returns", Frequency.Index, times, values)]);
        _newest = panel.AsOf(times[^1]);
        _fitted = ModelCatalogue.Default.Create(Model).Fit(panel.AsOf(times[^2]), new ForecastTask(10, Levels), new FitContext(1));
    }

    [Benchmark(Description = "condition, 10 steps, 3 levels")]
    public double Forecast()
    {
        var law = _fitted.Condition(_newest).Predict(KnownFuture.None, 10, 1)["returns"];
        double sum = 0;
        for (var h = 1; h <= law.Horizon; h++)
        {
            foreach (var level in Levels) sum += law.Quantile(h, level, Model);
        }

        return sum;
    }
}
