using Forecast.Core;
using Forecast.Models.Ets;
using Forecast.Models.Numerics;

namespace Forecast.Models.HoltWinters;

/// <summary>The method at its estimates (or at given parameters), with what R's <c>HoltWinters</c> reports.</summary>
public sealed class HoltWintersFit
{
    private HoltWintersFit(EtsSample sample, EtsPart seasonal, bool trend, int period, HoltWintersWeights weights)
    {
        (Seasonal, HasTrend, Period, Weights) = (seasonal, trend, period, weights);
        var start = HoltWintersStart.Of(sample.Filled, seasonal, trend, period);
        var filter = new HoltWintersFilter(weights, seasonal, trend, start, new double[start.Season.Length]);
        var y = sample.Values;
        double[] fitted = new double[y.Length], residuals = new double[y.Length];
        fitted.AsSpan(0, start.First).Fill(double.NaN);
        residuals.AsSpan(0, start.First).Fill(double.NaN);
        double squares = 0, sum = 0;
        var count = 0;
        for (var t = start.First; t <= sample.Last; t++)
        {
            var mean = filter.Mean();
            var error = y[t] - mean;
            fitted[t] = mean * sample.Scale;
            residuals[t] = error * sample.Scale;
            filter.Move(double.IsNaN(error) ? mean : y[t]);
            if (double.IsNaN(error)) continue;
            squares += error * error;
            sum += error;
            count++;
        }

        for (var t = sample.Last + 1; t < y.Length; t++) (fitted[t], residuals[t]) = (double.NaN, double.NaN);
        var square = sample.Scale * sample.Scale;
        SumOfSquares = squares * square;
        Sigma2 = Math.Max(0, squares - (sum * sum / count)) / (count - 1) * square;
        (Fitted, Residuals, Count) = (fitted, residuals, count);
        var seasonScale = seasonal == EtsPart.Additive ? sample.Scale : 1;
        End = new HoltWintersStart(0, filter.Level * sample.Scale, filter.Slope * sample.Scale, Array.ConvertAll(filter.NextSeason(), s => s * seasonScale));
    }

    public EtsPart Seasonal { get; }

    public bool HasTrend { get; }

    public int Period { get; }

    public double Alpha => Weights.Alpha;

    public double Beta => Weights.Beta;

    public double Gamma => Weights.Gamma;

    /// <summary>Sum of squared one-step errors from the first row that is forecast.</summary>
    public double SumOfSquares { get; }

    /// <summary>Sample variance of the one-step errors around their mean, as in R.</summary>
    public double Sigma2 { get; }

    /// <summary>One-step errors behind <see cref="SumOfSquares"/>.</summary>
    public int Count { get; }

    /// <summary>One-step forecasts; NaN for the rows of the start.</summary>
    public IReadOnlyList<double> Fitted { get; }

    public IReadOnlyList<double> Residuals { get; }

    public bool Converged { get; private init; } = true;

    /// <summary>R's coefficients: level a, slope b, and s1 .. sm of the next m rows.</summary>
    public IReadOnlyList<double> Coefficients => [End.Level, .. HasTrend ? (double[])[End.Slope] : [], .. End.Season];

    internal HoltWintersWeights Weights { get; }

    internal HoltWintersStart End { get; }

    /// <summary>The method at given parameters.</summary>
    /// <exception cref="ForecastException">Data that do not suit it.</exception>
    public static HoltWintersFit At(string series, ReadOnlySpan<double> values, HoltWintersOptions options, int period, double alpha, double beta, double gamma)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new HoltWintersFit(Checked(series, values, options, period), options.Seasonal, options.Trend, period, new HoltWintersWeights(alpha, beta, gamma));
    }

    /// <summary>
    /// Least sum of squared one-step errors over 0 to 1 for each parameter, from R's starting point (0.3, 0.1, 0.1): sums of squares have
    /// several minima here, and R's answer is the one that lies below its start.
    /// </summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">The model.</param>
    /// <param name="period">m.</param>
    /// <exception cref="ForecastException">Data that do not suit the method: too short, not positive, infinite, all missing.</exception>
    public static HoltWintersFit Estimate(string series, ReadOnlySpan<double> values, HoltWintersOptions options, int period)
    {
        ArgumentNullException.ThrowIfNull(options);
        var sample = Checked(series, values, options, period);
        var objective = new HoltWintersObjective(sample, options.Seasonal, options.Trend, period);
        Span<double> x = [0.3, 0.1, 0.1], low = [0, 0, 0], high = [1, options.Trend ? 1 : 0, options.Seasonal == EtsPart.None ? 0 : 1];
        for (var i = 1; i < 3; i++) x[i] = Math.Min(x[i], high[i]);
        var end = new BoxQuasiNewton(3).Minimise(objective, x, low, high, int.MaxValue, 1e-10, 500);
        return new HoltWintersFit(sample, options.Seasonal, options.Trend, period, new HoltWintersWeights(x[0], x[1], x[2])) { Converged = end.Converged || objective.IsExact };
    }

    private static EtsSample Checked(string series, ReadOnlySpan<double> values, HoltWintersOptions options, int period)
    {
        var sample = EtsSample.Of(series, values);
        var least = options.Seasonal == EtsPart.None ? 5 : Math.Max(2 * period, period + 5);
        if (options.Seasonal != EtsPart.None && period < 2)
            throw new ForecastException("holt-winters-option-invalid", $"series '{series}': a season needs a period of at least 2, as in holt-winters[12], or seasonal: none", "period", series);
        if (options.Seasonal == EtsPart.Multiplicative && !sample.IsPositive)
            throw new ForecastException("values-not-positive", $"series '{series}' has values of 0 or below; a multiplicative season needs positive ones", "seasonal", series);
        return sample.Observed >= least
            ? sample
            : throw new ForecastException("series-too-short", $"series '{series}' has {sample.Observed} observations; {options} with period {period} needs at least {least}", "data", series);
    }
}
