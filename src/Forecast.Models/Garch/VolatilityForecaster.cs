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
    private readonly bool _historical;

    /// <param name="specification">Orders and distribution.</param>
    /// <param name="difference">Differences taken first, d.</param>
    /// <param name="paths">Simulated futures behind quantiles beyond the first step.</param>
    /// <param name="historical">Whether future innovations are drawn from the residuals instead of the fitted distribution.</param>
    protected VolatilityForecaster(GarchSpecification specification, int difference, int paths, bool historical = false)
    {
        _specification = specification;
        _difference = difference;
        _paths = paths;
        _historical = historical;
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
        var path = GarchRecursion.Filter(_specification, Sample(observed, history.Id), parameters.Values, parameters.Presample, parameters.PresampleNews);

        // IGARCH forecasts as the GARCH that it is.
        var (specification, theta) = (_specification.Unrestricted, _specification.Expand(parameters.Values));
        var law = Law(specification, theta, path, history.Id);
        var projection = new GarchProjection(specification, theta, path, levels, law);
        var total = gap + horizon;
        double[] mean = projection.Mean(total), variance = projection.Variance(total);
        CheckFinite(mean, variance, history.Id);

        var ownSeed = Seeds.Derive(seed, history.Id);
        var quick = specification.Family == VarianceFamily.Garch ? new GarchPaths(specification, theta, path, levels, law) : null;
        double[][] Simulate(int count) => quick?.Simulate(count, gap, horizon, ownSeed) ?? BySteps(projection.Simulate(count, total, ownSeed), count, gap, horizon);
        var shared = new Lazy<double[][]>(() => Simulate(_paths));
        var marginals = new IMarginal[horizon];
        for (var k = 0; k < horizon; k++)
        {
            var step = k;
            marginals[k] = gap + k == 0
                ? law.Marginal(mean[0], Math.Sqrt(variance[0]))
                : new SimulatedMarginal(mean[gap + k], variance[gap + k], () => shared.Value[step]);
        }

        return new PredictiveDistribution(times, marginals, count => ByPath(Simulate(count), count));
    }

    /// <inheritdoc/>
    protected override FitSummary Summarize(GarchParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        return GarchSummary.Of(_specification, parameters, Sample(history.Target, history.Id), history.Target, _difference);
    }

    /// <summary>Where future innovations come from: the fitted distribution, or the residuals.</summary>
    /// <param name="specification">Of the forecasts.</param>
    /// <param name="theta">Its parameters.</param>
    /// <param name="path">The history filtered at them.</param>
    /// <param name="series">For errors.</param>
    protected virtual FutureLaw Law(GarchSpecification specification, double[] theta, GarchPath path, string series)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return _historical ? FutureLaw.OfResiduals(path, series) : FutureLaw.Of(specification.CreateInnovation(theta));
    }

    private static void CheckFinite(double[] mean, double[] variance, string series)
    {
        for (var k = 0; k < mean.Length; k++)
        {
            // NaN: the law beyond the first step has no variance, as EGARCH's with Student's t.
            if (double.IsFinite(mean[k]) && ((double.IsFinite(variance[k]) && variance[k] > 0) || (k > 0 && double.IsNaN(variance[k])))) continue;
            throw new ForecastException(
                "forecast-not-finite", $"series '{series}': the variance forecast leaves the range of a double at step {k + 1}; the estimated variance is explosive, ask for a shorter horizon", series: series);
        }
    }

    private static double[][] BySteps(double[] paths, int count, int gap, int horizon)
    {
        var steps = new double[horizon][];
        for (var k = 0; k < horizon; k++)
        {
            var step = steps[k] = new double[count];
            for (var p = 0; p < count; p++) step[p] = paths[p * (gap + horizon) + gap + k];
        }

        return steps;
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
