using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.LinearAr;

/// <summary>From coefficients and a history to the law of the next steps, and to what <c>forecast fit</c> prints.</summary>
internal static class LinearArLaw
{
    /// <summary>
    /// Step h has the law of mean + sd (x B_h + e), e drawn from the residuals of the later span. A look-back that does not move
    /// gives the point mass at its level.
    /// </summary>
    /// <exception cref="ForecastException">A longer horizon than was fitted, fewer rows than the look-back, or rows that move after a fit on rows that never did.</exception>
    public static PredictiveDistribution Of(LinearArParameters parameters, SeriesView history, int horizon)
    {
        if (horizon > parameters.Horizon)
            throw new ForecastException("horizon-too-long", $"linear-ar was fitted for {parameters.Horizon} steps and cannot give {horizon}: it has coefficients of its own for each step; fit it again", "horizon", history.Id);
        if (history.Length < parameters.Lookback) throw Training.Lookback.TooShort(history, parameters.Lookback, 0);
        var values = Training.Lookback.Filled(history.Target, history.Id);
        var inputs = values.AsSpan()[^parameters.Lookback..];
        var (mean, sd) = WindowRegression.Moments(inputs);
        var flat = !(sd > Training.Lookback.Flat * WindowRegression.Moments(values).Sd);
        if (!flat && parameters.Windows == 0) throw Training.Lookback.NeverMoved(history.Id);
        var forecast = new double[parameters.Horizon];
        if (!flat) WindowRegression.Predict(parameters.Coefficients, inputs, mean, sd, forecast);
        var laws = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var point = flat ? mean : mean + (sd * forecast[h]);
            laws[h] = flat
                ? LocationScaleMarginal.Normal(point, 0)
                : new EmpiricalMarginal(Array.ConvertAll(parameters.Residuals[h], r => point + (sd * r)), point, Variance(parameters.Residuals[h]) * sd * sd);
        }

        return new PredictiveDistribution(history.FutureTimes(horizon), laws);
    }

    public static FitSummary Summary(LinearArParameters parameters, int observations) => new()
    {
        Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["lookback"] = parameters.Lookback,
            ["ridge"] = parameters.Ridge,
        },
        Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["validation_mae_scaled"] = parameters.MeanAbsoluteError },
        Notes = [.. parameters.Notes, $"{parameters.Horizon} regressions on {parameters.Windows} windows"],
        Observations = observations,
    };

    public static int Observed(SeriesView history)
    {
        var observed = 0;
        foreach (var v in history.Target) observed += double.IsNaN(v) ? 0 : 1;
        return observed;
    }

    /// <summary>Mean square of the residuals: they have a mean of their own only by chance.</summary>
    private static double Variance(double[] residuals) => residuals.Sum(r => r * r) / residuals.Length;
}
