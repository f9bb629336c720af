using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Models.Tests;

/// <summary>Small panels, and the usual way through a forecaster.</summary>
internal static class TestPanels
{
    public static readonly ForecastTask SixSteps = new(6, ForecastTask.DefaultLevels);

    public static FitContext Context => new(Seed: 1) { Cancellation = TestContext.Current.CancellationToken };

    /// <summary>Event times of a frequency from 2000-01-31 on (row numbers for the index).</summary>
    public static Instant[] Times(Frequency frequency, int count, int first = 0)
    {
        var start = frequency.IsIndex ? Instant.FromUnixTimeSeconds(0) : Instant.FromUtc(2000, 1, 31, 0, 0);
        return [.. Enumerable.Range(first, count).Select(t => frequency.Add(start, t, TradingCalendar.AlwaysOpen))];
    }

    public static PanelView View(Frequency frequency, params (string Id, double[] Values)[] series) =>
        new Panel([.. series.Select(s => TimeSeries.Univariate(s.Id, frequency, Times(frequency, s.Values.Length), s.Values))]).AsOf(Instant.MaxValue);

    public static PanelView View(params double[] values) => View(Frequency.Index, ("s", values));

    /// <summary>Fits one series without dates and predicts.</summary>
    public static PredictiveDistribution FitAndPredict(IForecaster model, double[] values, int horizon = 6) =>
        model.Fit(View(values), SixSteps, Context).Predict(KnownFuture.None, horizon, seed: 7)["s"];

    /// <summary>Saves to bytes and loads again.</summary>
    public static IFittedForecaster Reload(IForecaster model, IFittedForecaster fitted)
    {
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        return model.Load(ModelArchive.Open(stream));
    }

    public static double Sd(PredictiveDistribution law, int h) => Math.Sqrt(law.Marginal(h).Variance);
}
