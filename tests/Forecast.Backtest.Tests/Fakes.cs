using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Backtest.Tests;

/// <summary>What a fake was shown.</summary>
internal sealed record Shown(string Call, Instant Cutoff, int Rows, Instant FirstRow, int Horizon, ulong Seed, IReadOnlyList<string> Series);

/// <summary>
/// An honest model: mean = last value, plus noise from the seed so that a wrong seed shows; spread = that of the fit's differences.
/// It writes down all that it is shown.
/// </summary>
internal class LastValue(FitScope scope = FitScope.Local) : IForecaster
{
    public List<Shown> Log { get; } = [];

    public string Name => "last";

    public FitScope Scope => scope;

    public virtual PretrainingExposure Exposure => PretrainingExposure.Clean;

    public virtual IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        Write("fit", history, task.Horizon, context.Seed);
        var spread = history.Series.ToDictionary(s => s.Id, s => Spread(s.Target));
        return new Fitted(this, spread, history, context.Seed);
    }

    public IFittedForecaster Load(ModelArchive archive) => throw new NotSupportedException();

    protected virtual IMarginal Law(string series, double mean, double sd, int h) => LocationScaleMarginal.Normal(mean, sd * Math.Sqrt(h));

    protected virtual int Repairs => 0;

    protected virtual void BeforePredict(PanelView history)
    {
    }

    private void Write(string call, PanelView view, int horizon, ulong seed) =>
        Log.Add(new Shown(call, view.Cutoff, view.Series[0].Length, view.Series[0].Times[0], horizon, seed, [.. view.Series.Select(s => s.Id)]));

    private static double Spread(ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (var t = 1; t < y.Length; t++) sum += double.IsNaN(y[t] - y[t - 1]) ? 0 : Math.Abs(y[t] - y[t - 1]);
        return (sum / Math.Max(1, y.Length - 1)) + 1e-3;
    }

    private sealed class Fitted(LastValue model, IReadOnlyDictionary<string, double> spread, PanelView history, ulong fitSeed) : IFittedForecaster
    {
        public IReadOnlyDictionary<string, FitSummary> Summaries => spread.ToDictionary(
            s => s.Key, s => new FitSummary { Parameters = new Dictionary<string, double> { ["spread"] = s.Value } });

        public IFittedForecaster Condition(PanelView newHistory) => new Fitted(model, spread, newHistory, fitSeed);

        public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
        {
            model.Write("predict", history, horizon, seed);
            model.BeforePredict(history);
            var noise = 1e-6 * (new RandomSource(seed).NextNormal() + new RandomSource(fitSeed).NextNormal());
            var laws = new Dictionary<string, PredictiveDistribution>();
            var failures = new Dictionary<string, ForecastException>();
            foreach (var series in history.Series)
            {
                var last = series.Target.ToArray().Last(v => !double.IsNaN(v));
                if (!spread.TryGetValue(series.Id, out var sd)) failures[series.Id] = new ForecastException("series-not-fitted", $"series '{series.Id}' was not there at the fit", series: series.Id);
                else laws[series.Id] = new PredictiveDistribution(series.FutureTimes(horizon), [.. Enumerable.Range(1, horizon).Select(h => model.Law(series.Id, last + noise, sd, h))], repairs: model.Repairs);
            }

            return new PanelPrediction(laws, failures);
        }

        public void Save(ModelArchive archive) => throw new NotSupportedException();
    }
}

/// <summary>A law that knows its quantiles only between two levels, and neither CDF nor CRPS.</summary>
internal sealed class CentreOnly(IMarginal inner, double lowest, double highest) : IMarginal
{
    public double Mean => inner.Mean;

    public double Variance => double.NaN;

    public bool TryQuantile(double level, out double value) => inner.TryQuantile(level, out value) && level >= lowest && level <= highest;

    public bool TryCdf(double x, out double probability)
    {
        probability = double.NaN;
        return false;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        value = double.NaN;
        return false;
    }

    public bool TryCrps(double actual, out double score)
    {
        score = double.NaN;
        return false;
    }
}
