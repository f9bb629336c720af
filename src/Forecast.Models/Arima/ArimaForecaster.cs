using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Models.Arima;

/// <summary>
/// ARIMA with fixed orders behind the seam of Core. Conditioning filters the new history at the estimated parameters; the
/// law of step h is normal, jointly over steps, without parameter uncertainty.
/// </summary>
public sealed class ArimaForecaster : LocalForecaster<ArimaParameters>
{
    private readonly ArimaOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public ArimaForecaster(ArimaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override ArimaParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var period = PeriodOf(history);
        var names = RegressorNames(history);
        var fit = ArimaFit.Estimate(history.Id, history.Target.ToArray(), _options with { Period = period }, Regressors(history, names), context.Cancellation);
        return new ArimaParameters
        {
            Period = period,
            Regressors = names,
            Names = fit.Names,
            Coefficients = fit.Coefficients,
            StdErrors = fit.StandardErrors(),
            Sigma2Ml = fit.Sigma2Ml,
            Sigma2Df = fit.Sigma2Df,
            LogLikelihood = fit.LogLikelihood,
            Aic = fit.Aic,
            Aicc = fit.Aicc,
            Bic = fit.Bic,
            Observations = fit.Sample.Observed,
            Converged = fit.Converged,
            Reason = fit.Reason,
            Origin = history.Times[0].ToUnixTimeTicks(),
        };
    }

    protected override PredictiveDistribution PredictSeries(ArimaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(future);
        var (sample, state, offset) = Filter(parameters, history);
        var columns = new ArimaRegressors(parameters.Regressors, [.. parameters.Regressors.Select(name => future.Require(name, horizon, history.Id).ToArray())]);
        var ahead = ArimaProjection.Of(state, sample.FutureColumns(columns, horizon, offset), horizon);
        var sigma = Math.Sqrt(_options.Variance == ArimaVariance.DegreesOfFreedom ? parameters.Sigma2Df : parameters.Sigma2Ml);
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
            marginals[h] = LocationScaleMarginal.Normal(ahead.Mean[h], sigma * Math.Sqrt(ahead.UnitVariance[h]));
        var pathSeed = Seeds.Derive(seed, "arima", history.Id);
        var factor = new Lazy<double[]>(ahead.Factor);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => GaussianPaths.Draw(ahead.Mean, factor.Value, sigma, count, pathSeed));
    }

    protected override FitSummary Summarize(ArimaParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var errors = parameters.Names.Zip(parameters.StdErrors).Where(p => double.IsFinite(p.Second)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        return new FitSummary
        {
            Parameters = parameters.Names.Zip(parameters.Coefficients).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal),
            StdErrors = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal) { ["hessian"] = errors },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["loglik"] = parameters.LogLikelihood,
                ["aic"] = parameters.Aic,
                ["aicc"] = parameters.Aicc,
                ["bic"] = parameters.Bic,
                ["sigma2"] = _options.Variance == ArimaVariance.DegreesOfFreedom ? parameters.Sigma2Df : parameters.Sigma2Ml,
                ["sigma2_ml"] = parameters.Sigma2Ml,
                ["sigma2_df"] = parameters.Sigma2Df,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = Filter(parameters, history).State.Residuals },
            Converged = parameters.Converged,
            Notes = Notes(parameters),
            Observations = parameters.Observations,
        };
    }

    private static string[] Notes(ArimaParameters parameters) => parameters.Coefficients.Count > 0 && parameters.StdErrors.All(double.IsNaN)
        ? [parameters.Reason, "no standard errors: the likelihood is not strictly concave at the estimates (an optimum on the boundary)"]
        : [parameters.Reason];

    private (ArimaSample Sample, ArimaState State, long Offset) Filter(ArimaParameters parameters, SeriesView history)
    {
        var offset = history.Length == 0 ? 0 : DriftOffset(parameters, history);
        var sample = ArimaSample.Create(history.Id, history.Target.ToArray(), _options with { Period = parameters.Period }, parameters.Period, Regressors(history, parameters.Regressors), offset);
        sample.RequireStart();
        double[] coefficients = [.. parameters.Coefficients];
        var state = ArimaState.AtEnd(sample, coefficients.AsSpan(0, sample.ArmaCount), coefficients[sample.ArmaCount..]);
        return (sample, state, offset);
    }

    private int PeriodOf(SeriesView history)
    {
        if (!_options.IsSeasonal)
            return 1;
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        return period >= 2
            ? period
            : throw new ForecastException("arima-option-invalid", $"series '{history.Id}': frequency {history.Frequency} has no usual season; write the period, as in arima{_options.Order}{_options.Seasonal}[12]", "period", history.Id);
    }

    private string[] RegressorNames(SeriesView history) =>
    [
        .. _options.Regressors.SelectMany(name => string.Equals(name, ArimaOptions.AllRegressors, StringComparison.Ordinal)
            ? history.ColumnsOf(ColumnRole.FutureCovariate)
            : [name]),
    ];

    private static ArimaRegressors Regressors(SeriesView history, IReadOnlyList<string> names)
    {
        var known = history.ColumnsOf(ColumnRole.FutureCovariate).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(n => !known.Contains(n)) is { } other)
            throw new ForecastException("column-unknown", $"series '{history.Id}' has no known-future covariate '{other}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known))}", other, history.Id);
        return new ArimaRegressors(names, [.. names.Select(name => history.Values(name).ToArray())]);
    }

    /// <summary>
    /// Steps from the first training row to the first row of this history, so that a trend goes on where it was estimated when
    /// the window rolls on. Counted by frequency and calendar.
    /// </summary>
    private long DriftOffset(ArimaParameters parameters, SeriesView history)
    {
        var origin = Instant.FromUnixTimeTicks(parameters.Origin);
        var first = history.Times[0];
        if (!_options.IncludeDrift || first == origin)
            return 0;
        return first > origin ? Steps(origin, first, history) : -Steps(first, origin, history);
    }

    /// <summary>The least k with from + k steps at or after to, by doubling and bisection.</summary>
    private static int Steps(Instant from, Instant to, SeriesView history)
    {
        var high = 1;
        while (history.Frequency.Add(from, high, history.Calendar) < to)
            high *= 2;
        var low = high / 2;
        while (low + 1 < high)
        {
            var middle = (low + high) / 2;
            if (history.Frequency.Add(from, middle, history.Calendar) < to)
                low = middle;
            else
                high = middle;
        }

        return high;
    }
}
