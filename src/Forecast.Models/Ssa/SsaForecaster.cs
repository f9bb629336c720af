using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Ssa;

/// <summary>Estimates of <see cref="SsaForecaster"/>.</summary>
/// <param name="Window">L.</param>
/// <param name="Basis">The signal's r orthonormal vectors of length L.</param>
/// <param name="SingularValues">The leading ones, in the data's unit.</param>
/// <param name="Shares">Each squared over the sum of squares.</param>
/// <param name="Variances">Of the forecast errors of steps 1 ..; later steps grow as <see cref="SsaErrors"/> says.</param>
/// <param name="Period">Season by which gaps are bridged.</param>
/// <param name="Observations">Rows of the training window that were observed.</param>
/// <param name="Converged">Whether the filling of gaps came to rest.</param>
/// <param name="Chosen">Whether window or rank were chosen from the data.</param>
public sealed record SsaParameters(int Window, double[][] Basis, double[] SingularValues, double[] Shares, double[] Variances, int Period, int Observations, bool Converged, bool Chosen);

/// <summary>
/// Singular spectrum analysis behind the seam of Core. Conditioning keeps the signal space and the errors' variances and projects the
/// history that is given.
/// </summary>
public sealed class SsaForecaster : LocalForecaster<SsaParameters>
{
    private const int Told = 12;
    private readonly SsaOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public SsaForecaster(SsaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override SsaParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        var period = _options.Period ?? history.Frequency.SeasonalPeriod;
        var (window, rank) = SsaSelection.Choose(history.Id, SsaSample.Of(history.Id, history.Target, period), _options, period, task.Horizon);
        var fit = SsaFit.Of(history.Id, history.Target, window, rank, Told, period);
        var variances = fit.Variances(Math.Max(task.Horizon, window));
        return new SsaParameters(
            window, [.. fit.Space.Basis], [.. fit.SingularValues], [.. fit.Shares], variances, period, fit.Observed, fit.Converged, _options.Window is null || _options.Rank is null);
    }

    protected override PredictiveDistribution PredictSeries(SsaParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var space = new SignalSpace(parameters.Basis, parameters.Window);
        var sample = Filled(parameters, space, history);
        var gap = history.Length - sample.First - sample.Values.Length;
        var point = SsaFit.Continue(space, sample.Values, gap + horizon, _options.Method);
        var variances = SsaErrors.Extended(space, parameters.Variances, gap + horizon);
        double[] mean = new double[horizon], deviation = new double[horizon];
        var marginals = new IMarginal[horizon];
        for (var h = 0; h < horizon; h++)
        {
            (mean[h], deviation[h]) = (point[gap + h] * sample.Scale, Math.Sqrt(variances[gap + h]));
            if (!double.IsFinite(mean[h]) || !double.IsFinite(deviation[h]))
                throw new ForecastException("forecast-not-finite", $"series '{history.Id}': the recurrence of {Name} leaves the range of a double at step {h + 1}; ask for a shorter horizon or a lower rank", "horizon", history.Id);
            marginals[h] = LocationScaleMarginal.Normal(mean[h], deviation[h]);
        }

        var ownSeed = Seeds.Derive(seed, "ssa", history.Id);
        return new PredictiveDistribution(times, marginals, count => Draw(mean, deviation, Math.Sqrt(parameters.Variances[0]), count, ownSeed));
    }

    protected override FitSummary Summarize(SsaParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var space = new SignalSpace(parameters.Basis, parameters.Window);
        var sample = Filled(parameters, space, history);
        var signal = space.Project(sample.Values);
        double[] fitted = new double[history.Length], residuals = new double[history.Length];
        fitted.AsSpan().Fill(double.NaN);
        for (var t = 0; t < signal.Length; t++) fitted[sample.First + t] = signal[t] * sample.Scale;
        for (var t = 0; t < residuals.Length; t++) residuals[t] = history.Target[t] - fitted[t];
        var named = new Dictionary<string, double>(StringComparer.Ordinal) { ["window"] = parameters.Window, ["rank"] = space.Rank };
        for (var k = 0; k < parameters.SingularValues.Length; k++) named[$"singular{k + 1}"] = parameters.SingularValues[k];
        return new FitSummary
        {
            Parameters = named,
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["sigma2"] = parameters.Variances[0],
                ["signal_share"] = parameters.Shares.Take(space.Rank).Sum(),
                ["verticality"] = space.Verticality,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = residuals, ["fitted"] = fitted },
            Converged = parameters.Converged,
            Notes = [parameters.Chosen ? "window and rank by the errors of forecasts inside the training window" : "window and rank as given", "fitted is the reconstruction, which knows the rows after it"],
            Observations = parameters.Observations,
        };
    }

    private static SsaSample Filled(SsaParameters parameters, SignalSpace space, SeriesView history)
    {
        var sample = SsaSample.Of(history.Id, history.Target, parameters.Period);
        SsaFit.Check(history.Id, sample, parameters.Window, 1);
        sample.Fill(y => space.Project(y));
        return sample;
    }

    /// <summary>Noise of the first step's variance in every step, and a random walk that adds what the variance grows by.</summary>
    private static SamplePaths Draw(double[] mean, double[] deviation, double noise, int count, ulong seed)
    {
        var random = new RandomSource(seed);
        var horizon = mean.Length;
        var values = new double[count * horizon];
        var steps = new double[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var before = h == 0 ? noise : deviation[h - 1];
            steps[h] = Math.Sqrt(Math.Max(0, (deviation[h] - before) * (deviation[h] + before)));
        }

        for (var path = 0; path < count; path++)
        {
            var walk = 0.0;
            for (var h = 0; h < horizon; h++)
            {
                walk += steps[h] * random.NextNormal();
                values[(path * horizon) + h] = mean[h] + walk + (noise * random.NextNormal());
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
