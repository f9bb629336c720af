using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Baselines;

/// <summary>Estimates of <see cref="MeanForecaster"/>.</summary>
/// <param name="Mean">Sample mean.</param>
/// <param name="Sd">Sample standard deviation, divisor n - 1.</param>
/// <param name="Observations">n.</param>
public sealed record MeanParameters(double Mean, double Sd, int Observations);

/// <summary>
/// The sample mean for every step. Its error over s sqrt(1 + 1/n) is Student t with n - 1 degrees of freedom, as in R's
/// <c>meanf</c> (the normal form of Hyndman and Athanasopoulos 2021, table 5.2, with s estimated). Missing values are left out.
/// </summary>
public sealed class MeanForecaster : LocalForecaster<MeanParameters>
{
    public override string Name => "mean";

    /// <exception cref="ForecastException">Fewer than two observations.</exception>
    internal static MeanParameters Estimate(ReadOnlySpan<double> y, string series)
    {
        var n = BaselineSeries.Observed(y);
        if (n < 2)
            throw new ForecastException("series-too-short", $"series '{series}' has {n} observation; the mean forecast needs at least 2", "data", series);
        var sum = 0.0;
        foreach (var v in y)
            sum += double.IsNaN(v) ? 0 : v;
        var mean = sum / n;
        var squares = 0.0;
        foreach (var v in y)
            squares += double.IsNaN(v) ? 0 : (v - mean) * (v - mean);
        return new MeanParameters(mean, Math.Sqrt(squares / (n - 1)), n);
    }

    protected override MeanParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Estimate(BaselineSeries.Checked(history), history.Id);
    }

    protected override PredictiveDistribution PredictSeries(MeanParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var n = parameters.Observations;
        var law = new StudentMarginal(parameters.Mean, parameters.Sd * Math.Sqrt(1 + (1.0 / n)), n - 1);
        var marginals = new IMarginal[horizon];
        Array.Fill(marginals, law);
        var pathSeed = Seeds.Derive(seed, Name, history.Id);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => Paths(parameters, horizon, count, pathSeed));
    }

    protected override FitSummary Summarize(MeanParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var residuals = history.Target.ToArray();
        for (var t = 0; t < residuals.Length; t++)
            residuals[t] -= parameters.Mean;
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["mean"] = parameters.Mean },
            StdErrors = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal)
            {
                ["hessian"] = new Dictionary<string, double>(StringComparer.Ordinal) { ["mean"] = parameters.Sd / Math.Sqrt(parameters.Observations) },
            },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["sigma2"] = parameters.Sd * parameters.Sd },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = residuals },
            Observations = parameters.Observations,
        };
    }

    /// <summary>
    /// Joint predictive law under the reference prior: all steps of a path share one draw of the scale (from chi-square with
    /// n - 1 degrees of freedom) and one of the mean.
    /// </summary>
    private static SamplePaths Paths(MeanParameters parameters, int horizon, int count, ulong seed)
    {
        var random = new RandomSource(seed);
        var freedom = parameters.Observations - 1;
        var values = new double[count * horizon];
        for (var path = 0; path < count; path++)
        {
            var scale = parameters.Sd * Math.Sqrt(freedom / (2 * MathNet.Numerics.SpecialFunctions.GammaLowerRegularizedInv(freedom / 2.0, random.NextDouble())));
            var mean = parameters.Mean + (scale * random.NextNormal() / Math.Sqrt(parameters.Observations));
            for (var h = 0; h < horizon; h++)
                values[(path * horizon) + h] = mean + (scale * random.NextNormal());
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
