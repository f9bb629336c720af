using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Models.Arima;

/// <summary>Between a fit and the seam of Core: what is kept of a fit, and how it forecasts from any history. Serves fixed and chosen orders alike.</summary>
internal static class ArimaSeam
{
    /// <summary>What is kept of a fit.</summary>
    public static ArimaParameters ToParameters(ArimaFit fit, IReadOnlyList<string> regressors, SeriesView history) => new()
    {
        Period = fit.Sample.Period,
        Regressors = regressors,
        Names = fit.Names,
        Coefficients = fit.Coefficients,
        StdErrorsOnDemand = fit.StandardErrors,
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

    /// <summary>The law of the next steps.</summary>
    public static PredictiveDistribution Predict(ArimaOptions options, ArimaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        var (sample, state, offset) = Filter(options, parameters, history);
        var columns = RegressorColumns.Ahead(history, future, parameters.Regressors, horizon);
        var ahead = ArimaProjection.Of(state, sample.FutureColumns(columns, horizon, offset), horizon);
        var sigma = Math.Sqrt(options.Variance == ArimaVariance.DegreesOfFreedom ? parameters.Sigma2Df : parameters.Sigma2Ml);
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
            marginals[h] = LocationScaleMarginal.Normal(ahead.Mean[h], sigma * Math.Sqrt(ahead.UnitVariance[h]));
        var pathSeed = Seeds.Derive(seed, "arima", history.Id);
        var factor = new Lazy<double[]>(ahead.Factor);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => GaussianPaths.Draw(ahead.Mean, factor.Value, sigma, count, pathSeed));
    }

    /// <summary>What <c>forecast fit</c> prints.</summary>
    public static FitSummary Summarize(ArimaOptions options, ArimaParameters parameters, SeriesView history)
    {
        var errors = parameters.Names.Zip(parameters.StdErrors).Where(p => double.IsFinite(p.Second)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        var residuals = Filter(options, parameters, history).State.Residuals;
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
                ["sigma2"] = options.Variance == ArimaVariance.DegreesOfFreedom ? parameters.Sigma2Df : parameters.Sigma2Ml,
                ["sigma2_ml"] = parameters.Sigma2Ml,
                ["sigma2_df"] = parameters.Sigma2Df,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = residuals, ["fitted"] = Fitted(history.Target, residuals) },
            Converged = parameters.Converged,
            Notes = Notes(options, parameters),
            Observations = parameters.Observations,
        };
    }

    /// <summary>Observation less standardised residual, as R's <c>fitted</c>.</summary>
    private static double[] Fitted(ReadOnlySpan<double> values, double[] residuals)
    {
        var fitted = new double[residuals.Length];
        for (var t = 0; t < fitted.Length; t++)
            fitted[t] = values[t] - residuals[t];
        return fitted;
    }

    private static string[] Notes(ArimaOptions options, ArimaParameters parameters) => parameters.Coefficients.Count > options.Fixed.Count && parameters.StdErrors.All(double.IsNaN)
        ? [parameters.Reason, "no standard errors: the likelihood is not strictly concave at the estimates (an optimum on the boundary)"]
        : [parameters.Reason];

    private static (ArimaSample Sample, ArimaState State, long Offset) Filter(ArimaOptions options, ArimaParameters parameters, SeriesView history)
    {
        var offset = history.Length == 0 ? 0 : DriftOffset(options, parameters, history);
        var (values, regressors) = RegressorColumns.Of(history, parameters.Regressors);
        var sample = ArimaSample.Create(history.Id, values, options with { Period = parameters.Period }, parameters.Period, regressors, offset);
        sample.RequireStart();
        double[] coefficients = [.. parameters.Coefficients];
        var state = ArimaState.AtEnd(sample, coefficients.AsSpan(0, sample.ArmaCount), coefficients[sample.ArmaCount..]);
        return (sample, state, offset);
    }

    /// <summary>
    /// Steps from the first training row to the first row of this history, so that a trend goes on where it was estimated when
    /// the window rolls on. Counted by frequency and calendar.
    /// </summary>
    private static long DriftOffset(ArimaOptions options, ArimaParameters parameters, SeriesView history)
    {
        var origin = Instant.FromUnixTimeTicks(parameters.Origin);
        var first = history.Times[0];
        if (!options.IncludeDrift || first == origin)
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
