using Forecast.Core;
using Forecast.Models.Ets;

namespace Forecast.Models.Ces;

/// <summary>Complex exponential smoothing at its estimates, or at given parameters.</summary>
public sealed class CesFit
{
    private readonly CesFilter _end;
    private readonly EtsSample _sample;

    private CesFit(EtsSample sample, CesPoint point, int period, CesFilter start)
    {
        (_sample, Point, Period) = (sample, point, period);
        _end = start.Clone();
        var y = sample.Values;
        double[] fitted = new double[y.Length], residuals = new double[y.Length];
        fitted.AsSpan(sample.Last + 1).Fill(double.NaN);
        residuals.AsSpan(sample.Last + 1).Fill(double.NaN);
        var squares = 0.0;
        for (var t = 0; t <= sample.Last; t++)
        {
            var mean = _end.Mean(t);
            var error = y[t] - mean;
            (fitted[t], residuals[t]) = (mean * sample.Scale, error * sample.Scale);
            if (!double.IsNaN(error)) squares += error * error;
            _end.Move(t, double.IsNaN(error) ? 0 : error);
        }

        (Fitted, Residuals) = (fitted, residuals);
        SumOfSquares = squares * sample.Scale * sample.Scale;
        ParameterCount = CountOf(point.Seasonality, period);
        Sigma2 = SumOfSquares / Math.Max(1, sample.Observed - ParameterCount + 1);
        Start = start;
    }

    public CesSeasonality Seasonality => Point.Seasonality;

    /// <summary>a0 + i a1 of level and potential (of the season in the simple form).</summary>
    public (double Real, double Imaginary) A => (Point.A0, Point.A1);

    /// <summary>b0 + i b1 of the full season; b0 of the partial one.</summary>
    public (double Real, double Imaginary) B => (Point.B0, Point.B1);

    public int Period { get; }

    public double SumOfSquares { get; }

    /// <summary>Sum of squared one-step errors over the observations less the estimated numbers (the variance itself not counted).</summary>
    public double Sigma2 { get; }

    /// <summary>Smoothing parameters, states before the first row, and the variance.</summary>
    public int ParameterCount { get; }

    public int Observations => _sample.Observed;

    /// <summary>-n/2 (ln (2 pi SSE / n) + 1); where nothing is left to explain, as if SSE / n were 1e-24 times the values' size squared or so.</summary>
    public double LogLikelihood => -0.5 * Observations * (Math.Log(2 * Math.PI * Math.Max(SumOfSquares / Observations, EtsObjective.ExactMeanSquare * _sample.Scale * _sample.Scale)) + 1);

    public double Aic => (-2 * LogLikelihood) + (2 * ParameterCount);

    /// <summary>+infinity where there are too few observations for the correction.</summary>
    public double Aicc => Observations - ParameterCount - 1 <= 0
        ? double.PositiveInfinity
        : Aic + (2.0 * ParameterCount * (ParameterCount + 1) / (Observations - ParameterCount - 1));

    public double Bic => (-2 * LogLikelihood) + (ParameterCount * Math.Log(Observations));

    public IReadOnlyList<double> Fitted { get; }

    public IReadOnlyList<double> Residuals { get; }

    /// <summary>Whether the search came to rest.</summary>
    public bool Converged { get; private init; } = true;

    internal CesPoint Point { get; }

    internal CesFilter Start { get; }

    /// <summary>Whether nothing was left to explain.</summary>
    internal bool IsExact => SumOfSquares <= EtsObjective.ExactMeanSquare * Observations * _sample.Scale * _sample.Scale;

    /// <summary>Rows from the last observation to the end of the data.</summary>
    internal int Gap => _sample.Values.Length - _sample.Last - 1;

    /// <summary>Estimates one form.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="seasonality">The form.</param>
    /// <param name="period">m.</param>
    /// <param name="cancellation">Stops between starting points.</param>
    /// <exception cref="ForecastException">Data that do not suit it: too short, infinite, all missing.</exception>
    public static CesFit Estimate(string series, ReadOnlySpan<double> values, CesSeasonality seasonality, int period, CancellationToken cancellation = default)
    {
        var sample = EtsSample.Of(series, values);
        Check(sample, seasonality, period);
        var (point, converged) = new CesEstimator(sample, seasonality, period).Fit(cancellation)
            ?? throw new ForecastException("ces-infeasible", $"series '{series}': no stable parameters of ces{{seasonality: {seasonality.ToString().ToLowerInvariant()}}} give finite errors", "model", series);
        return new CesFit(sample, point, period, FirstStates(sample, point, period)) { Converged = converged };
    }

    /// <summary>The model at given smoothing parameters; states before the first row by least squares.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="seasonality">The form.</param>
    /// <param name="period">m.</param>
    /// <param name="parameters">a0, a1, and b0 (partial) or b0, b1 (full).</param>
    /// <exception cref="ForecastException">Data that do not suit it.</exception>
    public static CesFit At(string series, ReadOnlySpan<double> values, CesSeasonality seasonality, int period, ReadOnlySpan<double> parameters)
    {
        var sample = EtsSample.Of(series, values);
        Check(sample, seasonality, period);
        var point = CesPoint.Of(seasonality, parameters);
        return new CesFit(sample, point, period, FirstStates(sample, point, period));
    }

    /// <summary>Smoothing parameters, first states and the variance: 5, 3 + 2 m, 5 + m, 7 + m.</summary>
    public static int CountOf(CesSeasonality seasonality, int period) => seasonality switch
    {
        CesSeasonality.None => 5,
        CesSeasonality.Simple => 3 + (2 * period),
        CesSeasonality.Partial => 5 + period,
        _ => 7 + period,
    };

    /// <summary>Whether a form has enough rows: two seasons, and more observations than estimated numbers.</summary>
    internal static bool Suits(EtsSample sample, CesSeasonality seasonality, int period) =>
        sample.Observed >= 4 && (seasonality == CesSeasonality.None || (period > 1 && sample.Last + 1 >= 2 * period && sample.Observed > CountOf(seasonality, period)));

    /// <summary>Point forecasts of the steps after the last observation.</summary>
    public double[] Forecast(int horizon)
    {
        var filter = _end.Clone();
        var point = new double[horizon];
        for (var h = 0; h < horizon; h++)
        {
            point[h] = filter.Mean(_sample.Last + 1 + h) * _sample.Scale;
            filter.Move(_sample.Last + 1 + h, 0);
        }

        return point;
    }

    /// <summary>Adds an error to each step of a future; the values of the steps replace the errors.</summary>
    internal void Follow(CesFilter filter, Span<double> errors)
    {
        filter.CopyFrom(_end);
        for (var h = 0; h < errors.Length; h++)
        {
            var t = _sample.Last + 1 + h;
            var error = errors[h] / _sample.Scale;
            errors[h] = (filter.Mean(t) + error) * _sample.Scale;
            filter.Move(t, error);
        }
    }

    private static CesFilter FirstStates(EtsSample sample, CesPoint point, int period)
    {
        var states = new CesStart(sample, point.Seasonality, period);
        states.Refine(point);
        states.Best(point, out var start);
        return start;
    }

    internal CesFilter Blank() => new(Point, Period);

    private static void Check(EtsSample sample, CesSeasonality seasonality, int period)
    {
        if (Suits(sample, seasonality, period)) return;
        var needs = seasonality == CesSeasonality.None ? "4 observations" : $"a period of at least 2, two of them, and more than {CountOf(seasonality, period)} observations";
        throw new ForecastException("series-too-short", $"series '{sample.Series}' has {sample.Observed} observations and period {period}; ces{{seasonality: {seasonality.ToString().ToLowerInvariant()}}} needs {needs}", "data", sample.Series);
    }
}
