using Forecast.Core;

namespace Forecast.Models.Arima;

/// <summary>
/// A regression with ARIMA errors at its estimates (or at given coefficients), with everything that R's <c>arima</c> and
/// <c>forecast::Arima</c> report. Names and signs are R's: ar1.. ma1.. sar1.. sma1.. intercept drift and regressors by name.
/// </summary>
public sealed class ArimaFit
{
    private readonly ArimaSample _sample;

    private ArimaFit(ArimaSample sample, ArimaLikelihood likelihood, double[] coefficients, double[] beta, double logLikelihood)
    {
        _sample = sample;
        Coefficients = [.. coefficients, .. beta];
        Names = [.. ArmaNames(sample.Options), .. sample.RegressorNames];
        LogLikelihood = logLikelihood;
        Sigma2Ml = likelihood.SumOfSquares / likelihood.Count;
        EffectiveObservations = likelihood.Count;
        ParameterCount = sample.ParameterCount;
        State = ArimaState.AtEnd(sample, coefficients, beta);
        var squares = 0.0;
        foreach (var e in State.Residuals)
            squares += double.IsNaN(e) ? 0 : e * e;
        Sigma2Df = squares / (EffectiveObservations - ParameterCount + 1);
    }

    public ArimaOptions Options => _sample.Options;

    /// <summary>Names of <see cref="Coefficients"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>ARMA coefficients, then regression coefficients.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>Exact log-likelihood; observations that the diffuse start uses up are left out.</summary>
    public double LogLikelihood { get; }

    /// <summary>Maximum-likelihood innovation variance S / n*.</summary>
    public double Sigma2Ml { get; }

    /// <summary>Sum of squared <see cref="Residuals"/> / (n* - k + 1), k counting sigma2, as R's forecast package has it.</summary>
    public double Sigma2Df { get; }

    /// <summary>k: estimated coefficients and sigma2.</summary>
    public int ParameterCount { get; }

    /// <summary>n*: observations not missing, less d + D m.</summary>
    public int EffectiveObservations { get; }

    /// <summary>-2 l + 2 k.</summary>
    public double Aic => (-2 * LogLikelihood) + (2 * ParameterCount);

    /// <summary>AIC + 2 k (k + 1) / (n* - k - 1); +infinity when n* is k + 1.</summary>
    public double Aicc => EffectiveObservations - ParameterCount - 1 <= 0
        ? double.PositiveInfinity
        : Aic + (2.0 * ParameterCount * (ParameterCount + 1) / (EffectiveObservations - ParameterCount - 1));

    /// <summary>-2 l + k ln n*.</summary>
    public double Bic => (-2 * LogLikelihood) + (ParameterCount * Math.Log(EffectiveObservations));

    /// <summary>
    /// One residual a row, v_t / sqrt(F_t), NaN where missing. The first d + D m are those of a start with variance 10^6
    /// instead of an infinite one, as in R.
    /// </summary>
    public IReadOnlyList<double> Residuals => State.Residuals;

    /// <summary>Whether the search met a tolerance; true when nothing was searched.</summary>
    public bool Converged { get; private init; } = true;

    /// <summary>How the search ended.</summary>
    public string Reason { get; private init; } = "fixed coefficients";

    internal ArimaState State { get; }

    internal ArimaSample Sample => _sample;

    /// <summary>The innovation variance that forecasts use.</summary>
    public double ForecastVariance => Options.Variance == ArimaVariance.DegreesOfFreedom ? Sigma2Df : Sigma2Ml;

    /// <summary>Estimates the model.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">The model.</param>
    /// <param name="regressors">Named regressors as long as <paramref name="values"/>, or null.</param>
    /// <param name="cancellation">Stops between iterations.</param>
    /// <exception cref="ForecastException">
    /// Options or data that cannot be used: too short for the model, all missing, without variation, infinite values,
    /// dependent regressors.
    /// </exception>
    public static ArimaFit Estimate(string series, double[] values, ArimaOptions options, ArimaRegressors? regressors = null, CancellationToken cancellation = default)
    {
        var sample = SampleOf(series, values, options, regressors);
        sample.RequireEnough();
        var estimator = new ArimaEstimator(sample);
        return From(estimator, estimator.Maximise(cancellation));
    }

    /// <summary>Estimates the model, also from given ARMA coefficients.</summary>
    internal static ArimaFit EstimateFrom(string series, double[] values, ArimaOptions options, ArimaRegressors regressors, double[] warm, CancellationToken cancellation)
    {
        var sample = SampleOf(series, values, options, regressors);
        sample.RequireEnough();
        var estimator = new ArimaEstimator(sample);
        return From(estimator, estimator.Maximise(cancellation, warm));
    }

    /// <summary>The model at given ARMA coefficients, regression coefficients and sigma2 at their maximum.</summary>
    internal static ArimaFit Profiled(string series, double[] values, ArimaOptions options, double[] coefficients, ArimaRegressors regressors)
    {
        var sample = SampleOf(series, values, options, regressors);
        return From(new ArimaEstimator(sample), new ArimaOptimum(coefficients, double.NaN, 0, Converged: true, "local optimum away from the unit circle"));
    }

    /// <summary>The model at given coefficients (ar, ma, sar, sma, then regression coefficients); sigma2 is concentrated out.</summary>
    /// <exception cref="ForecastException">As for <see cref="Estimate"/>, or coefficients that are not stationary.</exception>
    public static ArimaFit At(string series, double[] values, ArimaOptions options, ReadOnlySpan<double> coefficients, ArimaRegressors? regressors = null)
    {
        var sample = SampleOf(series, values, options, regressors);
        sample.RequireEnough();
        var count = sample.ArmaCount + sample.Columns.Length;
        if (coefficients.Length != count)
            throw new ForecastException("arima-coefficients", $"{options} has {count} coefficients, {coefficients.Length} were given", "coefficients", series);
        var likelihood = new ArimaLikelihood(sample);
        var arma = coefficients[..sample.ArmaCount].ToArray();
        var beta = coefficients[sample.ArmaCount..].ToArray();
        var loglik = likelihood.At(arma, beta);
        return double.IsFinite(loglik)
            ? new ArimaFit(sample, likelihood, arma, beta, loglik)
            : throw new ForecastException("arima-coefficients", $"series '{series}': the likelihood of {options} is not finite at the given coefficients (not stationary, or no variation)", "coefficients", series);
    }

    /// <summary>
    /// Standard errors from the inverse Hessian of -l in the coefficients, sigma2 concentrated out, by central differences;
    /// NaN throughout when the Hessian is not positive definite (an optimum on the boundary).
    /// </summary>
    public double[] StandardErrors() => ArimaStandardErrors.Compute(_sample, [.. Coefficients]);

    /// <summary>Mean and variance of the next steps.</summary>
    /// <param name="horizon">Steps ahead, at least 1.</param>
    /// <param name="future">The regressors of those steps, in the fit's order.</param>
    /// <exception cref="ForecastException">Regressors that are absent or of another length.</exception>
    public ArimaProjection Project(int horizon, ArimaRegressors? future = null) =>
        ArimaProjection.Of(State, _sample.FutureColumns(future ?? ArimaRegressors.None, horizon, driftOffset: 0), horizon);

    internal static string[] ArmaNames(ArimaOptions options) =>
    [
        .. Enumerable.Range(1, options.Order.Ar).Select(i => $"ar{i}"),
        .. Enumerable.Range(1, options.Order.Ma).Select(i => $"ma{i}"),
        .. Enumerable.Range(1, options.Seasonal.Ar).Select(i => $"sar{i}"),
        .. Enumerable.Range(1, options.Seasonal.Ma).Select(i => $"sma{i}"),
    ];

    private static ArimaFit From(ArimaEstimator estimator, ArimaOptimum optimum)
    {
        var loglik = estimator.Likelihood.Profile(optimum.Coefficients);
        return new ArimaFit(estimator.Likelihood.Sample, estimator.Likelihood, optimum.Coefficients, (double[])estimator.Likelihood.Beta.Clone(), loglik)
        {
            Converged = optimum.Converged,
            Reason = optimum.Reason,
        };
    }

    private static ArimaSample SampleOf(string series, double[] values, ArimaOptions options, ArimaRegressors? regressors)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        if (options.IsSeasonal && options.Period is null)
            throw new ForecastException("arima-option-invalid", $"{options.Seasonal} needs a period", "period", series);
        return ArimaSample.Create(series, values, options, options.IsSeasonal ? options.Period!.Value : 1, regressors ?? ArimaRegressors.None);
    }
}
