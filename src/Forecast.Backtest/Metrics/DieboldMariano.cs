using Forecast.Core.Distributions;
using MathNet.Numerics;

namespace Forecast.Backtest.Metrics;

/// <summary>Weights of the autocovariances in a long-run variance.</summary>
public enum LongRunKernel
{
    /// <summary>All weights 1: the variance of an MA(h - 1) loss difference; may come out negative.</summary>
    Rectangular,

    /// <summary>1 - k/h: never negative (Newey and West 1987).</summary>
    Bartlett,
}

/// <summary>Outcome of a Diebold-Mariano test.</summary>
/// <param name="MeanDifference">Mean loss of the first minus that of the second; positive: the first is the worse.</param>
/// <param name="Statistic">Mean difference over its standard error.</param>
/// <param name="Corrected">The statistic times the small-sample factor of Harvey, Leybourne and Newbold.</param>
/// <param name="PValue">Two-sided, Student t with n - 1 degrees of freedom of <paramref name="Corrected"/>.</param>
/// <param name="PGreater">Against "the first is the worse".</param>
/// <param name="PLess">Against "the second is the worse".</param>
/// <param name="PNormal">Two-sided, normal law of <paramref name="Statistic"/>.</param>
/// <param name="Count">Pairs n.</param>
/// <param name="Note">Why there is no statistic, or empty.</param>
public sealed record DieboldMarianoResult(double MeanDifference, double Statistic, double Corrected, double PValue, double PGreater, double PLess, double PNormal, int Count, string Note = "");

/// <summary>
/// Test that two forecasts have the same expected loss (Diebold and Mariano 1995): d / sqrt(V/n) with V = g_0 + 2 sum_(k=1)^(h-1) w_k g_k
/// over the autocovariances g_k (divisor n) of the loss differences, and the factor sqrt((n + 1 - 2h + h(h-1)/n)/n) of Harvey,
/// Leybourne and Newbold (1997).
/// </summary>
public static class DieboldMariano
{
    /// <summary>Loss |e|^<paramref name="power"/> of two series of errors of the same outcomes.</summary>
    public static DieboldMarianoResult OfErrors(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int horizon, double power = 2, LongRunKernel kernel = LongRunKernel.Rectangular)
    {
        if (first.Length != second.Length) throw new ArgumentException($"{first.Length} and {second.Length} errors are no pairs", nameof(second));
        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++) differences[i] = Loss(first[i], power) - Loss(second[i], power);
        return OfDifferences(differences, horizon, kernel);
    }

    /// <summary>The test on loss differences (first minus second) in time order.</summary>
    /// <param name="differences">Loss differences; NaN (a missing outcome) is left out.</param>
    /// <param name="horizon">h: forecasts overlap over h - 1 places.</param>
    /// <param name="kernel">Weights of the autocovariances.</param>
    /// <returns>NaN with a note where there are fewer than two pairs, h is not below n, or the variance is not positive.</returns>
    public static DieboldMarianoResult OfDifferences(ReadOnlySpan<double> differences, int horizon, LongRunKernel kernel = LongRunKernel.Rectangular)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        double[] d = [.. differences.ToArray().Where(x => !double.IsNaN(x))];
        var n = d.Length;
        var mean = n == 0 ? double.NaN : d.Average();
        if (n < 2) return Undefined(mean, n, "fewer than two pairs of forecasts");
        if (horizon >= n) return Undefined(mean, n, $"{n} pairs are too few for forecasts that overlap over {horizon - 1}");
        var variance = LongRunVariance(d, mean, horizon, kernel) / n;
        if (!(variance > 0)) return Undefined(mean, n, Array.TrueForAll(d, x => x == d[0]) ? "the loss difference never changes" : "the long-run variance is not positive; use the Bartlett kernel");
        var statistic = mean / Math.Sqrt(variance);
        double h = horizon;
        var corrected = statistic * Math.Sqrt((n + 1 - (2 * h) + (h * (h - 1) / n)) / n);
        var tail = StudentTail(Math.Abs(corrected), n - 1);
        var (greater, less) = corrected > 0 ? (tail, 1 - tail) : (1 - tail, tail);
        return new DieboldMarianoResult(mean, statistic, corrected, 2 * tail, greater, less, 2 * NormalDistribution.Cdf(-Math.Abs(statistic)), n);
    }

    private static double Loss(double error, double power) => Math.Pow(Math.Abs(error), power);

    private static double LongRunVariance(double[] d, double mean, int horizon, LongRunKernel kernel)
    {
        var variance = Autocovariance(d, mean, 0);
        for (var k = 1; k < horizon; k++)
            variance += 2 * (kernel == LongRunKernel.Bartlett ? 1 - ((double)k / horizon) : 1) * Autocovariance(d, mean, k);
        return variance;
    }

    private static double Autocovariance(double[] d, double mean, int lag)
    {
        double sum = 0;
        for (var t = lag; t < d.Length; t++) sum += (d[t] - mean) * (d[t - lag] - mean);
        return sum / d.Length;
    }

    /// <summary>P(T above t) for t at least 0 = I_(v/(v+t^2))(v/2, 1/2) / 2.</summary>
    private static double StudentTail(double t, int degrees) => 0.5 * SpecialFunctions.BetaRegularized(0.5 * degrees, 0.5, degrees / (degrees + (t * t)));

    private static DieboldMarianoResult Undefined(double mean, int n, string note) =>
        new(mean, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, n, note);
}
