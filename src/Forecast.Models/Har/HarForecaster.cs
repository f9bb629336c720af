using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Har;

/// <summary>
/// Heterogeneous autoregression of a realised measure (Corsi 2009) by least squares, iterated for later steps: an AR(w) whose weights
/// φ_i = Σ_{k: i ≤ w_k} b_k / w_k fall in steps. Normal errors: Var(y_{T+h}) = σ² Σ_{j&lt;h} ψ_j².
/// </summary>
/// <example><c>har(1,5,22)</c>; with <c>{log: true}</c> of the logarithm, which keeps forecasts positive.</example>
/// <remarks>
/// A missing value inside a series is replaced by its own one-step forecast, and rows that touch one are left out of the regression;
/// at the end of a series missing values are forecast over.
/// </remarks>
public sealed class HarForecaster : LocalForecaster<HarParameters>
{
    private readonly HarOptions _options;

    /// <param name="options">The windows.</param>
    public HarForecaster(HarOptions options) => _options = (options ?? throw new ArgumentNullException(nameof(options))).Validated();

    /// <inheritdoc/>
    public override string Name => _options.ModelString;

    private int Longest => _options.Windows[^1];

    /// <inheritdoc/>
    protected override HarParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        return HarRegression.Fit(Checked(history), _options.Windows, history.Id);
    }

    /// <inheritdoc/>
    protected override PredictiveDistribution PredictSeries(HarParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var observed = Checked(history).TrimEnd(double.NaN);
        var gap = history.Length - observed.Length;
        if (observed.Length < Longest)
            throw new ForecastException("series-too-short", $"series '{history.Id}': a forecast needs the last {Longest} values, there are {observed.Length}", series: history.Id);
        var phi = Weights(parameters);
        double[] past = [.. Filled(parameters, phi, observed).Values[^Longest..], .. new double[gap + horizon]];
        var psi = new double[gap + horizon];
        var marginals = new IMarginal[horizon];
        double variance = 0;
        for (var k = 0; k < gap + horizon; k++)
        {
            past[Longest + k] = Next(parameters, phi, past.AsSpan(0, Longest + k));
            psi[k] = k == 0 ? 1 : 0;
            for (var i = 1; i <= Math.Min(k, Longest); i++) psi[k] += phi[i - 1] * psi[k - i];
            variance += psi[k] * psi[k];
            if (k >= gap) marginals[k - gap] = LocationScaleMarginal.Normal(past[Longest + k], parameters.Sigma * Math.Sqrt(variance));
        }

        var ownSeed = Seeds.Derive(seed, history.Id);
        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, count => Paths(parameters, phi, past, gap, horizon, count, ownSeed));
    }

    /// <inheritdoc/>
    protected override FitSummary Summarize(HarParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var target = Checked(history);
        var fitted = Filled(parameters, Weights(parameters), target).Fitted;
        var residuals = new double[fitted.Length];
        for (var t = 0; t < fitted.Length; t++) residuals[t] = target[t] - fitted[t];
        var n = parameters.Observations;
        var count = parameters.Coefficients.Length + 1;
        var likelihood = -0.5 * n * (Math.Log(2 * Math.PI * parameters.MeanSquare) + 1);
        return new FitSummary
        {
            Parameters = Named(parameters.Coefficients),
            StdErrors = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal)
            {
                ["hessian"] = Named(parameters.StdErrors),
                ["robust"] = Named(parameters.RobustErrors),
            },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["loglik"] = likelihood,
                ["aic"] = -2 * likelihood + 2 * count,
                ["bic"] = -2 * likelihood + count * Math.Log(n),
                ["sigma2"] = parameters.Sigma * parameters.Sigma,
                ["r2"] = parameters.RSquared,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["fitted"] = fitted, ["residuals"] = residuals },
            Observations = n,
        };
    }

    private static ReadOnlySpan<double> Checked(SeriesView history)
    {
        var target = history.Target;
        var infinite = target.IndexOfAny(double.PositiveInfinity, double.NegativeInfinity);
        return infinite < 0
            ? target
            : throw new ForecastException("value-infinite", $"series '{history.Id}' row {infinite}: infinite value; leave the field empty if it is missing", series: history.Id, index: infinite);
    }

    private static double Next(HarParameters parameters, double[] phi, ReadOnlySpan<double> past)
    {
        var next = parameters.Coefficients[0];
        for (var i = 1; i <= phi.Length; i++) next += phi[i - 1] * past[^i];
        return next;
    }

    private static SamplePaths Paths(HarParameters parameters, double[] phi, double[] past, int gap, int horizon, int count, ulong seed)
    {
        var random = new RandomSource(seed);
        var values = new double[checked(count * horizon)];
        var path = (double[])past.Clone();
        for (var p = 0; p < count; p++)
        {
            for (var k = 0; k < gap + horizon; k++)
            {
                path[phi.Length + k] = Next(parameters, phi, path.AsSpan(0, phi.Length + k)) + parameters.Sigma * random.NextNormal();
                if (k >= gap) values[p * horizon + k - gap] = path[phi.Length + k];
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }

    /// <summary>φ_1..φ_w of the same model as an autoregression.</summary>
    private double[] Weights(HarParameters parameters)
    {
        var phi = new double[Longest];
        for (var k = 0; k < _options.Windows.Count; k++)
            for (var i = 0; i < _options.Windows[k]; i++) phi[i] += parameters.Coefficients[k + 1] / _options.Windows[k];
        return phi;
    }

    /// <summary>The series with missing values replaced, and its one-step forecasts (NaN where the past is too short).</summary>
    private (double[] Values, double[] Fitted) Filled(HarParameters parameters, double[] phi, ReadOnlySpan<double> target)
    {
        double[] values = target.ToArray(), fitted = new double[target.Length];
        for (var t = 0; t < values.Length; t++)
        {
            fitted[t] = t < Longest ? double.NaN : Next(parameters, phi, values.AsSpan(t - Longest, Longest));
            if (double.IsNaN(values[t])) values[t] = t < Longest ? parameters.Mean : fitted[t];
        }

        return (values, fitted);
    }

    private Dictionary<string, double> Named(double[] values)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal) { ["intercept"] = values[0] };
        for (var k = 0; k < _options.Windows.Count; k++) named[$"mean{_options.Windows[k]}"] = values[k + 1];
        return named;
    }
}
