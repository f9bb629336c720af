using System.Collections.Concurrent;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Tests.Leaks;

/// <summary>
/// Base of the planted leaks. Each is told whether to be honest: then it learns from the view, as it should; else it goes through the
/// side door to the whole panel, as a faulty implementation would.
/// </summary>
internal abstract class Planted(Panel sideDoor, bool honest) : LocalForecaster<Planted.Learned>
{
    public sealed record Learned(double A, double B);

    protected bool Honest => honest;

    protected Panel SideDoor => sideDoor;

    protected double[] All(SeriesView view) => honest ? view.Target.ToArray() : sideDoor[view.Id].Targets[0].Values.ToArray();

    protected static PredictiveDistribution Law(SeriesView history, int horizon, Func<int, double> mean, double sd) =>
        new(history.FutureTimes(horizon), [.. Enumerable.Range(1, horizon).Select(h => LocationScaleMarginal.Normal(mean(h), sd * Math.Sqrt(h)))]);

    protected static double Last(SeriesView history) => history.Target.ToArray().Last(v => !double.IsNaN(v));

    protected static (double Mean, double Sd) Moments(IEnumerable<double> values)
    {
        double[] seen = [.. values.Where(v => !double.IsNaN(v))];
        var mean = seen.Average();
        return (mean, Math.Sqrt(seen.Average(v => (v - mean) * (v - mean))) + 1e-6);
    }

    protected override FitSummary Summarize(Learned parameters, SeriesView history) => new();
}

/// <summary>Pulls back to the mean in standard units; leaks when mean and spread are those of all data.</summary>
internal sealed class ScalerOnAllData(Panel sideDoor, bool honest) : Planted(sideDoor, honest)
{
    public override string Name => "scaler";

    protected override Learned FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        var (mean, sd) = Moments(All(history));
        return new Learned(mean, sd);
    }

    protected override PredictiveDistribution PredictSeries(Learned parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        var z = (Last(history) - parameters.A) / parameters.B;
        return Law(history, horizon, h => parameters.A + (parameters.B * z * Math.Pow(0.9, h)), parameters.B);
    }
}

/// <summary>Naive in the Box-Cox scale; leaks when lambda is the one that makes all data most normal.</summary>
internal sealed class BoxCoxOnAllData(Panel sideDoor, bool honest) : Planted(sideDoor, honest)
{
    public override string Name => "box-cox";

    protected override Learned FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        double[] positive = [.. All(history).Where(v => v > 0)];
        var lambda = Enumerable.Range(-4, 13).Select(i => i / 4.0).MaxBy(l => LogLikelihood(positive, l));
        return new Learned(lambda, 0);
    }

    protected override PredictiveDistribution PredictSeries(Learned parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        double[] scaled = [.. history.Target.ToArray().Where(v => v > 0).Select(v => Transform(v, parameters.A))];
        var drift = (scaled[^1] - scaled[0]) / scaled.Length;
        return Law(history, horizon, h => Back(scaled[^1] + (h * drift), parameters.A), 1);
    }

    private static double LogLikelihood(double[] y, double lambda)
    {
        var (_, sd) = Moments(y.Select(v => Transform(v, lambda)));
        return (-y.Length * Math.Log(sd)) + ((lambda - 1) * y.Sum(Math.Log));
    }

    private static double Transform(double v, double lambda) => lambda == 0 ? Math.Log(v) : (Math.Pow(v, lambda) - 1) / lambda;

    private static double Back(double z, double lambda) => lambda == 0 ? Math.Exp(z) : Math.Pow(Math.Max(1e-9, (lambda * z) + 1), 1 / lambda);
}

/// <summary>Keeps the mean of a history for later use; leaks when the key lacks the cutoff.</summary>
internal sealed class CacheWithoutCutoff(bool honest) : LocalForecaster<string>
{
    private readonly ConcurrentDictionary<string, double> _means = new(StringComparer.Ordinal);

    public override string Name => "cached";

    protected override string FitSeries(SeriesView history, ForecastTask task, FitContext context) => history.Id;

    protected override PredictiveDistribution PredictSeries(string parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        var key = honest ? $"{history.Id} {history.Cutoff}" : history.Id;
        var values = history.Target.ToArray();
        var mean = _means.GetOrAdd(key, _ => values.Where(v => !double.IsNaN(v)).Average());
        return new PredictiveDistribution(history.FutureTimes(horizon), [.. Enumerable.Range(1, horizon).Select(_ => LocationScaleMarginal.Normal(mean, 1))]);
    }

    protected override FitSummary Summarize(string parameters, SeriesView history) => new();
}

/// <summary>Adds the newest value of the covariate x; leaks when it takes a value that is measured but not yet published.</summary>
internal sealed class LateCovariate(Panel sideDoor, bool honest) : Planted(sideDoor, honest)
{
    public override string Name => "covariate";

    protected override Learned FitSeries(SeriesView history, ForecastTask task, FitContext context) => new(0, 0);

    protected override PredictiveDistribution PredictSeries(Learned parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        double[] x = Honest ? history.Values("x").ToArray() : SideDoor[history.Id].Columns.Single(c => c.Name == "x").Values[..history.Length].ToArray();
        var newest = x.LastOrDefault(v => !double.IsNaN(v), 0);
        return Law(history, horizon, _ => Last(history) + (0.01 * newest), 1);
    }
}
