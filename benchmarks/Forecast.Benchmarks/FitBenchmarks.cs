using System.Globalization;
using BenchmarkDotNet.Attributes;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Benchmarks;

/// <summary>One maximum likelihood fit through the seam that every caller uses: from the panel's view to the estimates.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    private static readonly ForecastTask Task = new(1, ForecastTask.DefaultLevels);
    private readonly IForecaster _garch = ModelCatalogue.Default.Create("garch(1,1)");
    private readonly IForecaster _garchT = ModelCatalogue.Default.Create("garch(1,1)-t");
    private readonly IForecaster _airline = ModelCatalogue.Default.Create("arima(0,1,1)(0,1,1)[12]");
    private PanelView _returns = null!;
    private PanelView _passengers = null!;

    [GlobalSetup]
    public void Read()
    {
        _returns = View("dem2gbp.csv", 1, v => v);
        _passengers = View("air_passengers.csv", 1, Math.Log);
    }

    [Benchmark(Description = "garch(1,1) normal, dem2gbp")]
    public IFittedForecaster Garch() => _garch.Fit(_returns, Task, new FitContext(1));

    [Benchmark(Description = "garch(1,1) Student-t, dem2gbp")]
    public IFittedForecaster GarchStudent() => _garchT.Fit(_returns, Task, new FitContext(1));

    [Benchmark(Description = "arima(0,1,1)(0,1,1)[12], log air_passengers")]
    public IFittedForecaster Airline() => _airline.Fit(_passengers, Task, new FitContext(1));

    private static PanelView View(string file, int column, Func<double, double> map)
    {
        var values = File.ReadLines(Path.Combine(Datasets(), file)).Skip(1)
            .Select(l => map(double.Parse(l.Split(',')[column], CultureInfo.InvariantCulture))).ToArray();
        Instant[] times = [.. values.Select((_, t) => Instant.FromUnixTimeSeconds(t))];
        var panel = new Panel([TimeSeries.Univariate(file, Frequency.Index, times, values)]);
        return panel.AsOf(times[^1]);
    }

    private static string Datasets()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "datasets"))) return Path.Combine(folder.FullName, "datasets");
        }

        throw new DirectoryNotFoundException("no folder 'datasets' above the benchmark");
    }
}
