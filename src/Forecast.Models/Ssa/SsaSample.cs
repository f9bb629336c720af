using Forecast.Core;
using Forecast.Models.Ets;
using Forecast.Models.Stl;

namespace Forecast.Models.Ssa;

/// <summary>The rows from the first to the last observation, divided by a power of two near their size, gaps bridged.</summary>
internal sealed class SsaSample
{
    private SsaSample(double[] values, bool[] missing, double scale, int first, int observed) =>
        (Values, Missing, Scale, First, Observed) = (values, missing, scale, first, observed);

    /// <summary>y / <see cref="Scale"/>, without gaps.</summary>
    public double[] Values { get; }

    /// <summary>Which of them were not observed; empty where all were.</summary>
    public bool[] Missing { get; }

    public double Scale { get; }

    /// <summary>Row of the first observation.</summary>
    public int First { get; }

    public int Observed { get; }

    /// <exception cref="ForecastException">Nothing observed, or an infinite value.</exception>
    public static SsaSample Of(string series, ReadOnlySpan<double> y, int period)
    {
        var checkedSample = EtsSample.Of(series, y);
        var first = y.IndexOfAnyExcept(double.NaN);
        var rows = checkedSample.Values.AsSpan(first, checkedSample.Last - first + 1);
        bool[] missing = [];
        if (rows.Contains(double.NaN))
        {
            missing = new bool[rows.Length];
            for (var t = 0; t < rows.Length; t++) missing[t] = double.IsNaN(rows[t]);
        }

        return new SsaSample(SeasonalBridge.Fill(rows, Math.Max(1, period)), missing, checkedSample.Scale, first, checkedSample.Observed);
    }

    /// <summary>
    /// Replaces what was not observed by what the decomposition says there, decomposes again, and so on until nothing moves (Kondrashov
    /// and Ghil 2006; Golyandina and Osipov 2007).
    /// </summary>
    /// <param name="reconstruct">The signal of values without gaps.</param>
    /// <returns>Whether it came to rest within 100 rounds.</returns>
    public bool Fill(Func<double[], double[]> reconstruct)
    {
        if (Missing.Length == 0) return true;
        const int rounds = 100;
        const double rest = 1e-9;
        for (var round = 0; round < rounds; round++)
        {
            var signal = reconstruct(Values);
            var (moved, size) = (0.0, 0.0);
            for (var t = 0; t < Values.Length; t++)
            {
                size = Math.Max(size, Math.Abs(Values[t]));
                if (!Missing[t]) continue;
                moved = Math.Max(moved, Math.Abs(signal[t] - Values[t]));
                Values[t] = signal[t];
            }

            if (moved <= rest * size) return true;
        }

        return false;
    }
}
