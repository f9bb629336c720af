using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Ets;

/// <summary>
/// Room for <see cref="EtsTangent{TError,TTrend,TSeason}"/>: a row holds one derivative for each variable of the search, padded
/// with zeros to whole vectors, so that one instruction moves four of them on.
/// </summary>
/// <param name="length">Longest sample.</param>
/// <param name="period">Longest season.</param>
/// <param name="count">Most variables.</param>
internal sealed class EtsTangents(int length, int period, int count)
{
    private readonly double[] _smoothing = new double[4 * Padded(count)];
    private readonly double[] _states = new double[2 * Padded(count)];
    private readonly double[] _seasons = new double[(length + period) * Padded(count)];
    private readonly double[] _residuals = new double[length * Padded(count)];
    private int _width;

    /// <summary>d alpha / dx; what stands in the rows before a pass says how the variables make the parameters and first states.</summary>
    public Span<double> Alpha => Row(_smoothing, 0);

    public Span<double> Beta => Row(_smoothing, 1);

    public Span<double> Gamma => Row(_smoothing, 2);

    public Span<double> Phi => Row(_smoothing, 3);

    public Span<double> Level => Row(_states, 0);

    public Span<double> Slope => Row(_states, 1);

    /// <summary>Entries of a row: the variables, padded to a multiple of four.</summary>
    public int Width => _width;

    /// <summary>Derivatives of the residuals of all rows by all variables, row by row.</summary>
    public ReadOnlySpan<double> Residuals(int rows) => _residuals.AsSpan(0, rows * _width);

    /// <summary>Of the season that stands in entry t of <see cref="EtsTrace.Season"/>.</summary>
    public Span<double> Season(int t) => Row(_seasons, t);

    /// <summary>Clears everything that a pass reads, for so many variables.</summary>
    public void Reset(int variables, int seasons)
    {
        _width = Padded(variables);
        _smoothing.AsSpan(0, 4 * _width).Clear();
        _states.AsSpan(0, 2 * _width).Clear();
        _seasons.AsSpan(0, seasons * _width).Clear();
    }

    internal Span<Vector256<double>> Seasons => MemoryMarshal.Cast<double, Vector256<double>>(_seasons.AsSpan());

    internal Span<Vector256<double>> Rows => MemoryMarshal.Cast<double, Vector256<double>>(_residuals.AsSpan());

    internal static Span<Vector256<double>> Wide(Span<double> row) => MemoryMarshal.Cast<double, Vector256<double>>(row);

    private static int Padded(int count) => (count + 3) & ~3;

    private Span<double> Row(double[] rows, int index) => rows.AsSpan(index * _width, _width);
}

/// <summary>
/// Derivatives of all residuals by all variables of the search, carried forward beside the recursion of <see cref="EtsKernel"/>
/// after a pass of it: what Gauss and Newton's curvature needs, for the price of a few passes instead of one a variable. A test
/// holds it against differences of the residuals.
/// </summary>
internal static class EtsTangent<TError, TTrend, TSeason>
    where TError : struct, IEtsError
    where TTrend : struct, IEtsTrend
    where TSeason : struct, IEtsSeason
{
    /// <param name="y">The sample of the pass.</param>
    /// <param name="period">m, 0 without a season.</param>
    /// <param name="point">The point of the pass.</param>
    /// <param name="trace">Its trace.</param>
    /// <param name="tangents">Derivatives of parameters and first states; receives those of the residuals, 0 where y is missing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ReadOnlySpan<double> y, int period, in EtsPoint point, EtsTrace trace, EtsTangents tangents)
    {
        var width = tangents.Width / Vector256<double>.Count;
        double alpha = point.Alpha, beta = point.Beta, gamma = point.Gamma, phi = point.Phi;
        var byAlpha = EtsTangents.Wide(tangents.Alpha);
        var byBeta = EtsTangents.Wide(tangents.Beta);
        var byGamma = EtsTangents.Wide(tangents.Gamma);
        var byPhi = EtsTangents.Wide(tangents.Phi);
        var level = EtsTangents.Wide(tangents.Level);
        var slope = EtsTangents.Wide(tangents.Slope);
        var seasons = tangents.Seasons;
        var rows = tangents.Rows;
        for (var t = 0; t < y.Length; t++)
        {
            double l = trace.Level[t], growth = 1, growthBySlope = 1, growthByPhi = 0, s = 1;
            if (TTrend.Exists)
            {
                var b = trace.Slope[t];
                growth = trace.Growth[t];
                growthBySlope = !TTrend.Damped ? 1 : TTrend.Multiplies ? phi * growth / b : phi;
                growthByPhi = !TTrend.Damped ? 0 : TTrend.Multiplies ? growth * Math.Log(b) : b;
            }

            var q = !TTrend.Exists ? l : TTrend.Multiplies ? l * growth : l + growth;
            if (TSeason.Exists) s = trace.Season[t];
            double value = y[t], mu = trace.Mean[t], shock = trace.Shock[t];
            var seen = !double.IsNaN(value);
            var error = seen ? value - mu : 0;
            var residualByMean = !seen ? 0 : TError.Multiplies ? -value / (mu * mu) : -1;
            double shockBySeason = seen && TSeason.Multiplies ? -value / (s * s) : 0, shockByBase = seen ? -1 : 0;
            double slopeByShock = TTrend.Multiplies ? beta / l : beta, slopeByBeta = TTrend.Multiplies ? shock / l : shock;
            var slopeByLevel = TTrend.Multiplies ? -beta * shock / (l * l) : 0;
            var seasonByBase = seen && TSeason.Multiplies ? -gamma * value / (q * q) : 0;
            var seasonByGamma = !seen ? 0 : TSeason.Multiplies ? (value / q) - s : error;
            var seasonKept = TSeason.Multiplies && seen ? 1 - gamma : 1;
            var row = rows.Slice(t * width, width);
            var old = TSeason.Exists ? seasons.Slice(t * width, width) : default;
            var next = TSeason.Exists ? seasons.Slice((t + period) * width, width) : default;
            for (var v = 0; v < width; v++)
            {
                var dl = level[v];
                Vector256<double> dq, dg = default, ds = default;
                if (!TTrend.Exists)
                {
                    dq = dl;
                }
                else
                {
                    dg = TTrend.Damped ? (slope[v] * growthBySlope) + (byPhi[v] * growthByPhi) : slope[v];
                    dq = TTrend.Multiplies ? (dl * growth) + (dg * l) : dl + dg;
                }

                if (TSeason.Exists) ds = old[v];
                var dmu = TSeason.Multiplies ? (dq * s) + (ds * q) : TSeason.Exists ? dq + ds : dq;
                row[v] = dmu * residualByMean;
                var dv = TSeason.Multiplies ? (ds * shockBySeason) + (dq * shockByBase) : dmu * shockByBase;
                if (TTrend.Exists)
                {
                    var db = dg + (dv * slopeByShock) + (byBeta[v] * slopeByBeta);
                    slope[v] = TTrend.Multiplies ? db + (dl * slopeByLevel) : db;
                }

                if (TSeason.Multiplies) next[v] = (ds * seasonKept) + (dq * seasonByBase) + (byGamma[v] * seasonByGamma);
                else if (TSeason.Exists) next[v] = ds + (dv * gamma) + (byGamma[v] * seasonByGamma);
                level[v] = dq + (dv * alpha) + (byAlpha[v] * shock);
            }
        }
    }
}
