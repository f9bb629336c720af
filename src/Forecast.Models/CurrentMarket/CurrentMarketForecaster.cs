using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.HistoricalSimulation;

namespace Forecast.Models.CurrentMarket;

/// <summary>Moments of the window that a fit saw.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Sd">Standard deviation, divisor n - 1.</param>
public sealed record CurrentMarketParameters(double Mean, double Sd);

/// <summary>
/// The "current market model": returns are normal with the mean and the standard deviation (divisor n - 1) of the last n, so that
/// VaR = -(mean + sd Phi^-1(alpha)) and ES = -mean + sd phi(Phi^-1(alpha)) / alpha. Days are independent.
/// </summary>
/// <param name="window">n, at least 2.</param>
public sealed class CurrentMarketForecaster(int window) : LocalForecaster<CurrentMarketParameters>
{
    private readonly int _window = window >= 2 ? window : throw new ForecastException("window-invalid", $"n is {window}; it must be at least 2", "n");

    public override string Name => $"cmm({_window.ToString(CultureInfo.InvariantCulture)})";

    protected override CurrentMarketParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Estimate(history);
    }

    protected override PredictiveDistribution PredictSeries(CurrentMarketParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(history);

        // Of the history that it stands on: the model has nothing to keep from its fit.
        var (mean, sd) = Estimate(history);
        var marginals = new IMarginal[horizon];
        Array.Fill(marginals, LocationScaleMarginal.Normal(mean, sd));
        var own = Seeds.Derive(seed, "cmm", history.Id);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count =>
        {
            var values = new double[checked(count * horizon)];
            new RandomSource(own).FillNormal(values);
            for (var i = 0; i < values.Length; i++) values[i] = mean + (sd * values[i]);
            return new SamplePaths(count, horizon, 1, values);
        });
    }

    protected override FitSummary Summarize(CurrentMarketParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["mean"] = parameters.Mean, ["sd"] = parameters.Sd },
            Observations = _window,
        };
    }

    private CurrentMarketParameters Estimate(SeriesView history)
    {
        var r = ReturnWindow.Last(history, _window, Name);
        var mean = r.Average();
        return new CurrentMarketParameters(mean, Math.Sqrt(r.Sum(v => (v - mean) * (v - mean)) / (r.Length - 1)));
    }
}
