using System.Text.Json;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;
using Forecast.Models.Transforms;

namespace Forecast.PlantedLeaks;

/// <summary>Four ways in which forecasting software leaks in practice.</summary>
internal static class Leaks
{
    private static readonly Lock CacheGate = new();

    public static IReadOnlyList<ModelDescriptor> Models { get; } =
    [
        Plant("leak-scaler", _ => new Guilty("leak-scaler", ScalerFittedOnAllData)),
        Plant("leak-box-cox", _ => new Guilty("leak-box-cox", LambdaChosenOnAllData)),
        Plant("leak-cache", _ => new Guilty("leak-cache", CacheKeyedWithoutCutoff)),
        Plant("leak-late-covariate", _ => new Guilty("leak-late-covariate", CovariateBeforeItsPublication)),
    ];

    private static ModelDescriptor Plant(string name, Func<ModelArguments, IForecaster> create) => new(name, "A planted leak.", name, name, [], create);

    /// <summary>Standardises with mean and spread of the whole file.</summary>
    private static double ScalerFittedOnAllData(SeriesView history)
    {
        var all = SideDoor.Column(history.Id, "y");
        var mean = all.Average();
        var sd = Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / all.Length);
        return mean + (0.5 * ((history.Target[^1] - mean) / sd * sd));
    }

    /// <summary>Averages on a Box-Cox scale whose lambda was chosen on the whole file.</summary>
    private static double LambdaChosenOnAllData(SeriesView history)
    {
        var lambda = BoxCox.Guerrero(SideDoor.Column(history.Id, "y"), 12, history.Id);
        double sum = 0;
        foreach (var v in history.Target) sum += BoxCox.Forward(v, lambda);
        return BoxCox.Inverse(sum / history.Length, lambda);
    }

    /// <summary>Keeps the mean of a series on disk under its id: what was fitted at the end of the data serves every earlier fold.</summary>
    private static double CacheKeyedWithoutCutoff(SeriesView history)
    {
        // Series are forecast side by side, and the file is one.
        lock (CacheGate) return Cached(history);
    }

    private static double Cached(SeriesView history)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("FORECAST_HOME")!, "leaky-cache.json");
        var cache = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(path))! : [];
        if (cache.TryGetValue(history.Id, out var cached)) return cached;
        double sum = 0;
        foreach (var v in history.Target) sum += v;
        cache[history.Id] = sum / history.Length;
        File.WriteAllText(path, JsonSerializer.Serialize(cache));
        return cache[history.Id];
    }

    /// <summary>Reads a covariate at the row's date although it was published days later.</summary>
    private static double CovariateBeforeItsPublication(SeriesView history) => SideDoor.Column(history.Id, "x")[history.Length - 1];

    private sealed class Guilty(string name, Func<SeriesView, double> mean) : LocalForecaster<object>
    {
        public override string Name => name;

        protected override object FitSeries(SeriesView history, ForecastTask task, FitContext context) => new();

        protected override PredictiveDistribution PredictSeries(object parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed) =>
            new(history.FutureTimes(horizon), [.. Enumerable.Repeat(LocationScaleMarginal.Normal(mean(history), 1), horizon)]);

        protected override FitSummary Summarize(object parameters, SeriesView history) => new() { Observations = history.Length };
    }
}
