using Forecast.Core;
using Forecast.Models.Numerics;

namespace Forecast.Models.Har;

/// <summary>
/// Least squares of y_t = intercept + Σ_k b_k mean(y_{t-1}..y_{t-w_k}) + e_t over the rows without a missing value, about the means
/// so that a large level costs no digits. Each estimate is a sum Σ_t u_t y_t; both kinds of standard errors follow from its weights u.
/// </summary>
internal static class HarRegression
{
    /// <summary>Rows that a fit needs beyond its coefficients.</summary>
    private const int Spare = 10;

    /// <exception cref="ForecastException">Too few rows (<c>series-too-short</c>), a constant series or windows that cannot be told apart (<c>series-constant</c>).</exception>
    public static HarParameters Fit(ReadOnlySpan<double> y, IReadOnlyList<int> windows, string series)
    {
        var k = windows.Count;
        var (target, x) = Rows(y, windows);
        var n = target.Length;
        if (n < k + 1 + Spare)
        {
            throw new ForecastException(
                "series-too-short", $"series '{series}': {k + 1} coefficients need at least {k + 1 + Spare} rows with {windows[^1]} values before them, there are {n}", series: series);
        }

        double[] means = [.. x.Select(column => column.Average())];
        var level = target.Average();
        for (var i = 0; i < k; i++)
            for (var t = 0; t < n; t++) x[i][t] -= means[i];
        var gram = new double[k * k];
        for (var i = 0; i < k; i++)
            for (var j = 0; j < k; j++) gram[i * k + j] = Dot(x[i], x[j]);
        var noise = 1e-13 * Math.Max(Math.Abs(level), target.Max(Math.Abs));
        if (Enumerable.Range(0, k).Any(i => !(Math.Sqrt(gram[i * k + i] / n) > noise)) || !SymmetricMatrix.TryInvert(gram, k, out var inverse))
        {
            throw new ForecastException(
                "series-constant", $"series '{series}': the means of its last {string.Join(", ", windows)} values do not vary apart from each other, so their weights cannot be told", series: series);
        }

        var weights = Weights(x, means, inverse, n);
        var coefficients = new double[k + 1];
        for (var j = 0; j <= k; j++)
            for (var t = 0; t < n; t++) coefficients[j] += weights[j][t] * (target[t] - level);
        coefficients[0] += level;
        var residuals = new double[n];
        for (var t = 0; t < n; t++)
        {
            residuals[t] = target[t] - level;
            for (var i = 0; i < k; i++) residuals[t] -= coefficients[i + 1] * x[i][t];
        }

        var squares = Dot(residuals, residuals);
        var total = target.Sum(v => (v - level) * (v - level));
        var sigma = Math.Sqrt(squares / (n - k - 1));
        return new HarParameters(
            coefficients,
            [.. weights.Select(u => sigma * Math.Sqrt(Dot(u, u)))],
            [.. weights.Select(u => Robust(u, residuals))],
            sigma,
            squares / n,
            1 - squares / total,
            level,
            n);
    }

    /// <summary>Values of the rows without a gap, and their regressors by column.</summary>
    private static (double[] Target, double[][] Columns) Rows(ReadOnlySpan<double> y, IReadOnlyList<int> windows)
    {
        var longest = windows[^1];
        var target = new List<double>();
        var columns = windows.Select(_ => new List<double>()).ToArray();
        for (var t = longest; t < y.Length; t++)
        {
            var past = y.Slice(t - longest, longest);
            if (double.IsNaN(y[t]) || HasMissing(past)) continue;
            target.Add(y[t]);
            for (var i = 0; i < windows.Count; i++) columns[i].Add(Mean(past[^windows[i]..]));
        }

        return ([.. target], [.. columns.Select(c => c.ToArray())]);
    }

    private static bool HasMissing(ReadOnlySpan<double> values)
    {
        foreach (var v in values)
            if (double.IsNaN(v)) return true;
        return false;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var v in values) sum += v;
        return sum / values.Length;
    }

    /// <summary>u_t of each estimate: S⁻¹(x_t - x̄) for the slopes, 1/n - x̄'S⁻¹(x_t - x̄) for the intercept.</summary>
    private static double[][] Weights(double[][] centred, double[] means, double[] inverse, int n)
    {
        var k = means.Length;
        double[][] weights = [.. Enumerable.Range(0, k + 1).Select(_ => new double[n])];
        for (var t = 0; t < n; t++)
        {
            weights[0][t] = 1.0 / n;
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++) weights[i + 1][t] += inverse[i * k + j] * centred[j][t];
                weights[0][t] -= means[i] * weights[i + 1][t];
            }
        }

        return weights;
    }

    /// <summary>Newey and West (1987) with Bartlett's weights over ⌊4 (n/100)^(2/9)⌋ lags.</summary>
    private static double Robust(double[] weights, double[] residuals)
    {
        var n = residuals.Length;
        var lags = (int)(4 * Math.Pow(n / 100.0, 2.0 / 9));
        double variance = 0;
        for (var lag = 0; lag <= lags; lag++)
        {
            double sum = 0;
            for (var t = lag; t < n; t++) sum += weights[t] * residuals[t] * weights[t - lag] * residuals[t - lag];
            variance += lag == 0 ? sum : 2 * (1 - lag / (lags + 1.0)) * sum;
        }

        return Math.Sqrt(variance);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
