using Forecast.Core;

namespace Forecast.Models.Theta;

/// <summary>A theta model at its estimates, or at a given alpha (and theta).</summary>
public sealed class ThetaFit
{
    private readonly ThetaSeries _series;
    private readonly ThetaState _end;
    private readonly ThetaOptimum _optimum;

    private ThetaFit(ThetaSeries series, ThetaOptions options, ThetaOptimum optimum, int rows)
    {
        (_series, Options, _optimum) = (series, options, optimum);
        var state = options.Method == ThetaMethod.Standard
            ? new ThetaState(optimum.Alpha, 0, optimum.Level, 0, 0)
            : options.IsDynamic
                ? new ThetaState(optimum.Alpha, optimum.Weight, optimum.Level)
                : new ThetaState(optimum.Alpha, optimum.Weight, optimum.Level, series.Intercept, series.Slope);
        double[] fitted = new double[rows], residuals = new double[rows];
        fitted.AsSpan(series.Length).Fill(double.NaN);
        residuals.AsSpan(series.Length).Fill(double.NaN);
        var (squares, judged) = (0.0, 0);
        for (var t = 0; t < series.Length; t++)
        {
            var mean = state.Mean();
            var error = series.Values[t] - mean;
            fitted[t] = series.Seasoned(mean, t);
            residuals[t] = double.IsNaN(error) ? double.NaN : series.Seasoned(series.Values[t], t) - fitted[t];
            state.Move(double.IsNaN(error) ? mean : series.Values[t], series.Filled[t]);
            if (double.IsNaN(error)) continue;
            Observations++;
            if (t < options.FirstJudged) continue;
            squares += error * error;
            judged++;
        }

        _end = state;
        (Fitted, Residuals) = (fitted, residuals);
        SumOfSquares = squares;
        Sigma2 = squares / Math.Max(1, judged - (options.IsOptimised ? 3 : 2));
    }

    public ThetaOptions Options { get; }

    public double Alpha => _optimum.Alpha;

    /// <summary>2 in the standard and dynamic models; a million stands for a straight line.</summary>
    public double Theta => Options.Method == ThetaMethod.Standard ? 2 : 1 / (1 - _optimum.Weight);

    /// <summary>l_0 of the adjusted series.</summary>
    public double Level => _optimum.Level;

    /// <summary>Half the slope of the line through the adjusted series: what the standard model adds a step.</summary>
    public double Drift => _series.Slope / 2;

    /// <summary>Whether the series was seasonally adjusted.</summary>
    public bool IsSeasonal => _series.Figure.Length > 0;

    /// <summary>Sum of squared one-step errors of the adjusted series (of its exponential smoothing, in the standard model).</summary>
    public double SumOfSquares { get; }

    /// <summary>That over the number of errors less that of parameters, 2, or 3 where theta is estimated.</summary>
    public double Sigma2 { get; }

    public int Observations { get; }

    /// <summary>One-step fits in the data's unit, as R has them (in the standard model without drift).</summary>
    public IReadOnlyList<double> Fitted { get; }

    public IReadOnlyList<double> Residuals { get; }

    internal double Weight => _optimum.Weight;

    /// <summary>Rows from the last observation to the end of the data.</summary>
    internal int Gap => Fitted.Count - _series.Length;

    /// <summary>Estimates the model.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">The model.</param>
    /// <param name="period">m, 1 for none.</param>
    /// <exception cref="ForecastException">Data that do not suit it: too short, infinite, all missing.</exception>
    public static ThetaFit Estimate(string series, ReadOnlySpan<double> values, ThetaOptions options, int period)
    {
        ArgumentNullException.ThrowIfNull(options);
        var adjusted = ThetaSeries.Of(series, values, period, options.Seasonal);
        return new ThetaFit(adjusted, options, ThetaEstimator.Fit(adjusted, options), values.Length);
    }

    /// <summary>The model at given parameters; season, line and first level follow from the data.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">The model.</param>
    /// <param name="period">m, 1 for none.</param>
    /// <param name="alpha">Smoothing parameter.</param>
    /// <param name="theta">Theta; not used by the standard model.</param>
    /// <exception cref="ForecastException">Data that do not suit it.</exception>
    public static ThetaFit At(string series, ReadOnlySpan<double> values, ThetaOptions options, int period, double alpha, double theta = 2)
    {
        ArgumentNullException.ThrowIfNull(options);
        var adjusted = ThetaSeries.Of(series, values, period, options.Seasonal);
        var weight = options.Method == ThetaMethod.Standard ? 0 : 1 - (1 / theta);
        return new ThetaFit(adjusted, options, ThetaEstimator.At(adjusted, options, alpha, weight), values.Length);
    }

    /// <summary>Point forecasts of the steps after the last observation, in the data's unit.</summary>
    public double[] Point(int horizon)
    {
        var point = new double[horizon];
        var (n, state) = (_series.Length, _end);
        var reach = (1 - Math.Pow(1 - Alpha, n)) / Alpha;
        for (var h = 0; h < horizon; h++)
        {
            var mean = Options.Method == ThetaMethod.Standard ? _end.Level + (Drift * (h + reach)) : state.Mean();
            point[h] = _series.Seasoned(mean, n + h);
            state.Move(mean);
        }

        return point;
    }

    /// <summary>
    /// Standard deviations sigma sqrt(1 + (h - 1) alpha^2): exact for a fixed line, not known in closed form (null) for a dynamic one. In
    /// the standard model they are those of the adjusted series, as in R; otherwise they follow the season.
    /// </summary>
    public double[]? Deviation(int horizon)
    {
        if (Options.IsDynamic) return null;
        var deviation = new double[horizon];
        for (var h = 0; h < horizon; h++)
            deviation[h] = Math.Sqrt(Sigma2 * (1 + (h * Alpha * Alpha))) * Spread(h);
        return deviation;
    }

    /// <summary>One future of the dynamic models, or one around the point forecasts of the others.</summary>
    /// <param name="point">Point forecasts.</param>
    /// <param name="errors">One-step errors of the adjusted series; overwritten by the future.</param>
    internal void Follow(ReadOnlySpan<double> point, Span<double> errors)
    {
        var (n, state, carried) = (_series.Length, _end, 0.0);
        for (var h = 0; h < errors.Length; h++)
        {
            var error = errors[h];
            if (Options.IsDynamic)
            {
                var value = state.Mean() + error;
                state.Move(value);
                errors[h] = _series.Seasoned(value, n + h);
                continue;
            }

            errors[h] = point[h] + (Spread(h) * (error + carried));
            carried += Alpha * error;
        }
    }

    private double Spread(int step) => Options.Method == ThetaMethod.Standard ? 1 : _series.SpreadAt(_series.Length + step);
}
