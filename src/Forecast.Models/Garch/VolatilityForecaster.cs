using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Garch;

/// <summary>
/// The seam of all ARIMA-GARCH models: fits each series by joint maximum likelihood of its d-th difference.
/// </summary>
/// <remarks>
/// The first step's law is the innovation distribution moved and scaled, exactly. Later steps have exact mean and variance;
/// their quantiles come from simulated paths with the given seed. Missing values at the end of a series are forecast over: the
/// law of step k after g of them is that of step g + k after the last observation.
/// </remarks>
public abstract class VolatilityForecaster : LocalForecaster<GarchParameters>
{
    private readonly GarchSpecification _specification;
    private readonly int _difference;
    private readonly int _paths;

    /// <param name="specification">Orders and distribution.</param>
    /// <param name="difference">Differences taken first, d.</param>
    /// <param name="paths">Simulated futures behind quantiles beyond the first step.</param>
    protected VolatilityForecaster(GarchSpecification specification, int difference, int paths)
    {
        _specification = specification;
        _difference = difference;
        _paths = paths;
    }

    /// <inheritdoc/>
    protected override GarchParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var sample = Sample(history.Target, history.Id);
        return new GarchParameters(GarchEstimator.Fit(_specification, sample, history.Id, context.Cancellation), sample);
    }

    /// <inheritdoc/>
    protected override PredictiveDistribution PredictSeries(GarchParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var observed = history.Target.TrimEnd(double.NaN);
        var gap = history.Length - observed.Length;
        var levels = Differencing.Levels(observed, _difference, history.Id);
        var path = GarchRecursion.Filter(_specification, Sample(observed, history.Id), parameters.Values, parameters.Presample);
        var projection = new GarchProjection(_specification, parameters.Values, path, levels);
        var total = gap + horizon;
        double[] mean = projection.Mean(total), variance = projection.Variance(total);
        CheckFinite(mean, variance, history.Id);

        var ownSeed = Seeds.Derive(seed, history.Id);
        var simulation = new GarchPaths(_specification, parameters.Values, path, levels);
        var shared = new Lazy<double[][]>(() => simulation.Simulate(_paths, gap, horizon, ownSeed));
        var marginals = new IMarginal[horizon];
        for (var k = 0; k < horizon; k++)
        {
            var step = k;
            marginals[k] = gap + k == 0
                ? new LocationScaleMarginal(mean[0], Math.Sqrt(variance[0]), _specification.CreateInnovation(parameters.Values))
                : new SimulatedMarginal(mean[gap + k], variance[gap + k], () => shared.Value[step]);
        }

        return new PredictiveDistribution(times, marginals, count => ByPath(simulation.Simulate(count, gap, horizon, ownSeed), count));
    }

    /// <inheritdoc/>
    protected override FitSummary Summarize(GarchParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        return GarchSummary.Of(_specification, parameters, Sample(history.Target, history.Id), history.Target, _difference);
    }

    private static void CheckFinite(double[] mean, double[] variance, string series)
    {
        for (var k = 0; k < mean.Length; k++)
        {
            if (double.IsFinite(mean[k]) && double.IsFinite(variance[k]) && variance[k] > 0) continue;
            throw new ForecastException(
                "forecast-not-finite", $"series '{series}': the variance forecast leaves the range of a double at step {k + 1}; the estimated variance is explosive, ask for a shorter horizon", series: series);
        }
    }

    private static SamplePaths ByPath(double[][] steps, int count)
    {
        var values = new double[checked(count * steps.Length)];
        for (var k = 0; k < steps.Length; k++)
        {
            var step = steps[k];
            for (var p = 0; p < count; p++) values[(p * steps.Length) + k] = step[p];
        }

        return new SamplePaths(count, steps.Length, 1, values);
    }

    private GarchSample Sample(ReadOnlySpan<double> target, string series)
    {
        var infinite = target.IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
        if (infinite >= 0)
            throw new ForecastException("value-infinite", $"series '{series}' row {infinite}: infinite value; leave the field empty if it is missing", series: series, index: infinite);
        return new GarchSample(Differencing.Apply(target, _difference));
    }
}
