using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Models.Training;

namespace Forecast.Models.LinearAr;

/// <summary>Estimates of one regression, of a series or of a panel.</summary>
/// <param name="Lookback">L.</param>
/// <param name="Horizon">H.</param>
/// <param name="Ridge">Penalty in use.</param>
/// <param name="Coefficients">[L + 1, H] row by row; the last row is the constant. In units of the window.</param>
/// <param name="Residuals">For each step the residuals of the later span in units of the window, ascending.</param>
/// <param name="Windows">Windows that the coefficients rest on.</param>
/// <param name="MeanAbsoluteError">Of the later span, in units of the series' scale, before the refit on all windows.</param>
/// <param name="Notes">What the reader of the fit should know.</param>
public sealed record LinearArParameters(int Lookback, int Horizon, double Ridge, double[] Coefficients, double[][] Residuals, int Windows, double MeanAbsoluteError, IReadOnlyList<string> Notes);

/// <summary>
/// Fits on the earlier span for each penalty, takes the one with the least mean absolute error on the later span, keeps that span's
/// residuals for the quantiles, and refits the coefficients on both spans.
/// </summary>
internal sealed class LinearArEstimator
{
    private readonly IReadOnlyList<SeriesView> _series;
    private readonly LinearArOptions _options;
    private readonly double[][] _values;
    private readonly double[] _scales;
    private readonly double[] _deviations;
    private readonly int _lookback;
    private readonly int _horizon;

    private LinearArEstimator(IReadOnlyList<SeriesView> series, int lookback, int horizon, LinearArOptions options)
    {
        _series = series;
        _options = options;
        _lookback = lookback;
        _horizon = horizon;
        _values = [.. series.Select(s => Training.Lookback.Filled(s.Target, s.Id))];
        _scales = [.. series.Select(s => SeriesScale.Of(s.Target, s.Frequency.SeasonalPeriod))];
        _deviations = [.. _values.Select(v => WindowRegression.Moments(v).Sd)];
    }

    /// <exception cref="ForecastException">No series has a complete window, or none that moves.</exception>
    public static LinearArParameters Estimate(IReadOnlyList<SeriesView> series, int lookback, int horizon, LinearArOptions options, CancellationToken cancellation) =>
        new LinearArEstimator(series, lookback, horizon, options).Run(cancellation);

    /// <summary>
    /// Where a network's linear part begins: the panel's coefficients, and a series' own where they did better on its validation windows.
    /// </summary>
    /// <param name="series">The panel.</param>
    /// <param name="split">Windows that the coefficients rest on, and windows that choose the penalties.</param>
    /// <param name="lookback">L.</param>
    /// <param name="horizon">H.</param>
    /// <param name="all">Whether the coefficients are then solved again on all windows, at the same choices.</param>
    /// <param name="cancellation">Asked before each regression.</param>
    public static LinearStart Start(IReadOnlyList<SeriesView> series, WindowSplit split, int lookback, int horizon, bool all, CancellationToken cancellation)
    {
        var estimator = new LinearArEstimator(series, lookback, horizon, new LinearArOptions());
        var early = estimator.Collect(split.Training, cancellation);
        if (early.Count == 0) return estimator.IsStill ? new LinearStart(estimator.Nothing(), new double[series.Count][]) : throw estimator.NoWindow();
        var later = estimator.Spread(split.Validation, LinearArOptions.MaxResiduals).ToArray();
        if (later.Length == 0) return new LinearStart(early.Solve(LinearArOptions.Grid[^2]), new double[series.Count][]);

        var shared = estimator.Best(early, later, cancellation);
        var own = new double[series.Count][];
        for (var s = 0; s < own.Length; s++)
        {
            if (estimator.Own(split, s, shared.Coefficients, cancellation) is not { } found) continue;
            own[s] = all ? estimator.Collect([Joined(split, s)], cancellation).Solve(found.Ridge) : found.Coefficients;
        }

        return new LinearStart(all ? estimator.Collect([.. Enumerable.Range(0, series.Count).Select(s => Joined(split, s))], cancellation).Solve(shared.Ridge) : shared.Coefficients, own);
    }

    private static WindowRange Joined(WindowSplit split, int s) => split.Training[s] with { Last = Math.Max(split.Training[s].Last, split.Validation[s].Last) };

    /// <summary>A series' own regression if it beats the panel's on the later windows; null otherwise, or where windows are few.</summary>
    private (double Ridge, double[] Coefficients)? Own(WindowSplit split, int s, double[] shared, CancellationToken cancellation)
    {
        var later = Spread([split.Validation[s]], LinearArOptions.MaxOwnValidation).ToArray();
        if (later.Length == 0) return null;
        var early = Collect([split.Training[s]], cancellation);
        if (early.Count <= _lookback) return null;
        var best = Best(early, later, cancellation);
        return best.Error < MeanAbsoluteError(shared, later) ? (best.Ridge, best.Coefficients) : null;
    }

    private LinearArParameters Run(CancellationToken cancellation)
    {
        var split = WindowSplit.ByTime(_series, _lookback, _horizon, _options.Validation);
        var early = Collect(split.Training, cancellation);
        if (early.Count == 0) return IsStill ? Still() : throw NoWindow();
        var later = Spread(split.Validation, LinearArOptions.MaxResiduals).ToArray();
        if (later.Length == 0) return InSample(early, split);

        var (ridge, error, coefficients) = Best(early, later, cancellation);
        var residuals = Residuals(coefficients, later);
        var all = Collect([.. split.Training.Select((r, i) => r with { Last = Math.Max(r.Last, split.Validation[i].Last) })], cancellation);
        return new LinearArParameters(_lookback, _horizon, ridge, all.Solve(ridge), residuals, all.Count, error, []);
    }

    /// <summary>Long enough series of which none ever moves: there is nothing to learn, and their levels are the answer.</summary>
    private bool IsStill => Array.TrueForAll(_deviations, d => d == 0) && _series.Max(s => s.Length) >= _lookback + _horizon;

    private double[] Nothing() => new double[(_lookback + 1) * _horizon];

    private LinearArParameters Still() => new(_lookback, _horizon, _options.Ridge ?? LinearArOptions.Grid[0], Nothing(), [.. Enumerable.Repeat<double[]>([], _horizon)], 0, 0,
        ["no row of the history differs from another: the level goes on"]);

    private (double Ridge, double Error, double[] Coefficients) Best(WindowRegression early, (int Series, int Origin)[] later, CancellationToken cancellation)
    {
        IReadOnlyList<double> grid = _options.Ridge is { } given ? [given] : LinearArOptions.Grid;
        var best = (Ridge: grid[0], Error: double.PositiveInfinity, Coefficients: Array.Empty<double>());
        foreach (var ridge in grid)
        {
            cancellation.ThrowIfCancellationRequested();
            var tried = early.Solve(ridge);
            var error = MeanAbsoluteError(tried, later);
            if (error < best.Error) best = (ridge, error, tried);
        }

        return best;
    }

    /// <summary>Too few rows for two spans: the residuals are those of the fit, and narrower than they should be.</summary>
    private LinearArParameters InSample(WindowRegression fit, WindowSplit split)
    {
        var ridge = _options.Ridge ?? LinearArOptions.Grid[^2];
        var coefficients = fit.Solve(ridge);
        var windows = Spread(split.Training, LinearArOptions.MaxResiduals).ToArray();
        return new LinearArParameters(_lookback, _horizon, ridge, coefficients, Residuals(coefficients, windows), fit.Count, MeanAbsoluteError(coefficients, windows),
            ["the history is too short for a later span: the quantiles rest on residuals of the fit itself and are too narrow"]);
    }

    private WindowRegression Collect(IReadOnlyList<WindowRange> ranges, CancellationToken cancellation)
    {
        var regression = new WindowRegression(_lookback, _horizon);
        var series = -1;
        foreach (var (s, origin) in Spread(ranges, LinearArOptions.MaxWindows))
        {
            if (s != series) cancellation.ThrowIfCancellationRequested();
            series = s;
            regression.Add(Inputs(s, origin), Targets(s, origin), _deviations[s]);
        }

        return regression;
    }

    /// <summary>Usable windows, every k-th so that there are at most <paramref name="most"/>.</summary>
    private IEnumerable<(int Series, int Origin)> Spread(IReadOnlyList<WindowRange> ranges, int most)
    {
        var every = Math.Max(1, (ranges.Sum(r => (long)r.Count) + most - 1) / most);
        long number = 0;
        foreach (var range in ranges)
        {
            for (var origin = range.First; origin <= range.Last; origin++)
            {
                if (number++ % every == 0 && Usable(range.Series, origin)) yield return (range.Series, origin);
            }
        }
    }

    private bool Usable(int s, int origin)
    {
        foreach (var target in Targets(s, origin))
        {
            if (double.IsNaN(target)) return false;
        }

        return WindowRegression.Moments(Inputs(s, origin)).Sd > Training.Lookback.Flat * _deviations[s];
    }

    private double MeanAbsoluteError(double[] coefficients, (int Series, int Origin)[] windows)
    {
        var forecast = new double[_horizon];
        double sum = 0;
        foreach (var (s, origin) in windows)
        {
            var (mean, sd) = Forecast(coefficients, s, origin, forecast);
            var targets = Targets(s, origin);
            for (var h = 0; h < _horizon; h++) sum += Math.Abs(targets[h] - mean - (sd * forecast[h])) / _scales[s];
        }

        return sum / windows.Length / _horizon;
    }

    private double[][] Residuals(double[] coefficients, (int Series, int Origin)[] windows)
    {
        var residuals = Enumerable.Range(0, _horizon).Select(_ => new double[windows.Length]).ToArray();
        var forecast = new double[_horizon];
        for (var w = 0; w < windows.Length; w++)
        {
            var (s, origin) = windows[w];
            var (mean, sd) = Forecast(coefficients, s, origin, forecast);
            var targets = Targets(s, origin);
            for (var h = 0; h < _horizon; h++) residuals[h][w] = ((targets[h] - mean) / sd) - forecast[h];
        }

        foreach (var step in residuals) Array.Sort(step);
        return residuals;
    }

    private (double Mean, double Sd) Forecast(double[] coefficients, int s, int origin, double[] forecast)
    {
        var inputs = Inputs(s, origin);
        var moments = WindowRegression.Moments(inputs);
        WindowRegression.Predict(coefficients, inputs, moments.Mean, moments.Sd, forecast);
        return moments;
    }

    private ReadOnlySpan<double> Inputs(int s, int origin) => _values[s].AsSpan(origin - _lookback + 1, _lookback);

    private ReadOnlySpan<double> Targets(int s, int origin) => _series[s].Target.Slice(origin + 1, _horizon);

    private ForecastException NoWindow()
    {
        var longest = _series.MaxBy(s => s.Length)!;
        return longest.Length < _lookback + _horizon
            ? Training.Lookback.TooShort(longest, _lookback, _horizon)
            : new ForecastException("no-window", $"series '{longest.Id}' has no window of {_lookback} + {_horizon} rows whose targets are all observed and whose look-back moves", "lookback", longest.Id);
    }
}
