using Forecast.Backtest.Wrappers;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;

namespace Forecast.Backtest.Tests.Wrappers;

/// <summary>Simulated series, and the usual way through a forecaster.</summary>
internal static class WrapperData
{
    public static readonly ForecastTask ThreeSteps = new(3, [0.1, 0.5, 0.9]);

    public static FitContext Context => new(Seed: 1) { Cancellation = TestContext.Current.CancellationToken };

    public static IForecaster Model(string text) => PlatformCatalogue.All.Create(text);

    public static double[] Simulate(int count, ulong seed, Func<int, double, double, double> next)
    {
        var random = new RandomSource(seed);
        var (values, last) = (new double[count], 0.0);
        for (var t = 0; t < count; t++) values[t] = last = next(t, last, random.NextNormal());
        return values;
    }

    public static double[] Noise(int count, ulong seed) => Simulate(count, seed, (_, _, e) => 10 + e);

    /// <summary>Skewed noise: exponential, whose law a symmetric model gets wrong.</summary>
    public static double[] Skewed(int count, ulong seed)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, count).Select(_ => -Math.Log(random.NextDouble()))];
    }

    /// <summary>Noise with the law of the cube of a normal variable.</summary>
    public static double[] HeavyTailed(int count, ulong seed) => Simulate(count, seed, (_, _, e) => e * e * e);

    public static Panel Panel(params (string Id, double[] Values)[] series) =>
        new([.. series.Select(s => TimeSeries.Univariate(s.Id, Frequency.Daily, TestData.Days(s.Values.Length), s.Values))]);

    public static PanelView View(params double[] values) => Panel(("y", values)).AsOf(TestData.Day(values.Length - 1));

    public static IFittedForecaster Fit(string model, double[] values, ForecastTask? task = null) => Model(model).Fit(View(values), task ?? ThreeSteps, Context);

    public static PredictiveDistribution Law(string model, double[] values, ForecastTask? task = null) =>
        Fit(model, values, task).Predict(KnownFuture.None, (task ?? ThreeSteps).Horizon, seed: 7)["y"];

    public static double Q(this PredictiveDistribution law, int h, double level) =>
        law.TryQuantile(h, level, out var value) ? value : throw new InvalidOperationException($"no quantile at {level}");

    /// <summary>Means and quantiles of all steps, for comparison to the bit.</summary>
    public static double[] Numbers(this PredictiveDistribution law) =>
        [.. Enumerable.Range(1, law.Horizon).SelectMany(h => new[] { law.Mean(h), law.Q(h, 0.1), law.Q(h, 0.5), law.Q(h, 0.9) })];

    /// <summary>Saves to bytes and loads again.</summary>
    public static IFittedForecaster Reload(string model, IFittedForecaster fitted)
    {
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        return Model(model).Load(ModelArchive.Open(stream));
    }
}
