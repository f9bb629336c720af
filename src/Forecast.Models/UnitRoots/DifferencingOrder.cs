using Forecast.Models.Arima;
using Forecast.Models.Stl;

namespace Forecast.Models.UnitRoots;

/// <summary>Which unit-root test decides on d.</summary>
public enum UnitRootTest
{
    Kpss,
    Adf,
    Pp,
}

/// <summary>Which test decides on D.</summary>
public enum SeasonalRootTest
{
    /// <summary>Seasonal strength of the STL decomposition above 0.64 (Wang, Smith and Hyndman 2006).</summary>
    Strength,

    /// <summary><see cref="OcsbTest"/>.</summary>
    Ocsb,
}

/// <summary>
/// How often a series is to be differenced: until the test no longer finds a unit root (Hyndman and Khandakar 2008, section 3.1;
/// R's <c>ndiffs</c> and <c>nsdiffs</c>).
/// </summary>
public static class DifferencingOrder
{
    private const double StrengthLimit = 0.64;

    /// <summary>d; missing observations are left out as if the others followed each other.</summary>
    /// <param name="x">Observations, NaN = missing.</param>
    /// <param name="test">The test, at its default lags.</param>
    /// <param name="max">Largest d.</param>
    /// <param name="alpha">Level, from 0.01 to 0.10.</param>
    /// <param name="aroundTrend">Whether the tests allow for a trend.</param>
    public static int Plain(ReadOnlySpan<double> x, UnitRootTest test = UnitRootTest.Kpss, int max = 2, double alpha = 0.05, bool aroundTrend = false)
    {
        double[] observed = [.. x.ToArray().Where(v => !double.IsNaN(v))];
        var scale = Scale(observed);
        var d = 0;
        while (d < max && !IsConstant(observed, scale) && HasRoot(observed, test, alpha, aroundTrend))
        {
            observed = LagPolynomial.Difference(observed, 1, 0, 1);
            d++;
        }

        return d;
    }

    /// <summary>D for a season of m observations; 0 when the series is not longer than two seasons.</summary>
    /// <param name="x">Observations, NaN = missing.</param>
    /// <param name="period">m, at least 2.</param>
    /// <param name="test">The test.</param>
    /// <param name="max">Largest D.</param>
    public static int Seasonal(ReadOnlySpan<double> x, int period, SeasonalRootTest test = SeasonalRootTest.Strength, int max = 1)
    {
        var series = x.ToArray();
        var scale = Scale(series);
        var order = 0;
        while (order < max && series.Length > 2 * period && !IsConstant(series, scale) && HasSeasonalRoot(series, period, test))
        {
            series = LagPolynomial.Difference(series, 0, 1, period);
            order++;
        }

        return order;
    }

    /// <summary>True when the observations do not differ, up to rounding of values as large as <paramref name="scale"/>.</summary>
    internal static bool IsConstant(ReadOnlySpan<double> x, double scale)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var v in x)
        {
            if (double.IsNaN(v))
                continue;
            low = Math.Min(low, v);
            high = Math.Max(high, v);
        }

        return !(high - low > Math.Max(1.5e-8 * Math.Max(Math.Abs(low), Math.Abs(high)), 1e-13 * scale));
    }

    internal static double Scale(ReadOnlySpan<double> x)
    {
        var scale = 0.0;
        foreach (var v in x)
            scale = double.IsNaN(v) ? scale : Math.Max(scale, Math.Abs(v));
        return scale;
    }

    private static bool HasRoot(double[] x, UnitRootTest test, double alpha, bool aroundTrend) => test switch
    {
        // The truncation lag of R's ndiffs: shorter than the customary one, so that strong autocorrelation counts as a root.
        UnitRootTest.Kpss => KpssTest.Of(x, aroundTrend, (int)(3 * Math.Sqrt(x.Length) / 13)) is { } kpss && kpss.PValue < alpha,
        UnitRootTest.Adf => DickeyFullerTest.Of(x, aroundTrend ? Deterministic.Trend : Deterministic.Constant, 1) is { } adf && adf.PValue > alpha,
        _ => PhillipsPerronTest.Of(x, aroundTrend) is { } pp && pp.PValue > alpha,
    };

    private static bool HasSeasonalRoot(double[] x, int period, SeasonalRootTest test)
    {
        if (test == SeasonalRootTest.Ocsb)
            return OcsbTest.Of(x, period) is { HasSeasonalRoot: true };
        var filled = SeasonalBridge.Fill(x, period);
        return filled.Length > 2 * period && StlDecomposition.Of(filled, new StlSettings { Period = period }).SeasonalStrength > StrengthLimit;
    }
}
