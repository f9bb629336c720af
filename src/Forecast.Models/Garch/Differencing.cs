using Forecast.Core;

namespace Forecast.Models.Garch;

/// <summary>Differences of order d and their undoing. A difference with a missing end is missing.</summary>
internal static class Differencing
{
    /// <summary>(1 - B)^d x, d values shorter.</summary>
    public static double[] Apply(ReadOnlySpan<double> x, int d)
    {
        var w = x.ToArray();
        for (var k = 0; k < d; k++)
        {
            if (w.Length == 0) break;
            var next = new double[w.Length - 1];
            for (var t = 0; t < next.Length; t++) next[t] = w[t + 1] - w[t];
            w = next;
        }

        return w;
    }

    /// <summary>The last value of (1 - B)^j x for j = 0..d-1: what undoing starts from.</summary>
    /// <exception cref="ForecastException">One of the last d values is missing.</exception>
    public static double[] Levels(ReadOnlySpan<double> x, int d, string series)
    {
        var levels = new double[d];
        for (var j = 0; j < d; j++)
        {
            var w = Apply(x, j);
            levels[j] = w.Length > 0 ? w[^1] : double.NaN;
            if (double.IsNaN(levels[j]))
                throw new ForecastException("level-missing", $"series '{series}': undoing {d} differences needs the last {d} values without a gap", series: series);
        }

        return levels;
    }

    /// <summary>Adds one step: turns a d-th difference into the next level and moves <paramref name="levels"/> on.</summary>
    public static double Step(double difference, Span<double> levels)
    {
        for (var j = levels.Length - 1; j >= 0; j--) difference = levels[j] += difference;
        return difference;
    }
}
