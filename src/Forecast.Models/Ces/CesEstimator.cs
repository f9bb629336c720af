using Forecast.Models.Ets;

namespace Forecast.Models.Ces;

/// <summary>Least squares over the smoothing parameters within the region where first states are forgotten.</summary>
internal sealed class CesEstimator(EtsSample sample, CesSeasonality seasonality, int period)
{
    /// <summary>Of values around 1: what is below it is rounding.</summary>
    private const double Exact = EtsObjective.ExactMeanSquare;
    private const double Tolerance = 1e-7;
    private const int Followed = 3;

    /// <summary>A second simplex, smaller, where the first one ended: a flat one may have stopped early.</summary>
    private const int Rounds = 2;

    /// <summary>Simplices where seasons have a figure: before each but the first it is solved for at the point reached.</summary>
    private const int RoundsWithFigure = 4;
    private const int MaxEvaluations = 600;

    /// <summary>The stable region lies within these bounds: its circles reach from 0 to 2.</summary>
    private static readonly double[] Low = [1e-3, 1e-3, 0, 1e-3];
    private static readonly double[] High = [2.5, 2.5, 2.5, 2.5];

    private readonly CesStart _start = new(sample, seasonality, period);

    /// <summary>The best stable point, or null where none gives finite errors.</summary>
    public (CesPoint Point, bool Converged)? Fit(CancellationToken cancellation)
    {
        (double[] X, double Value, bool Converged)? best = null;
        foreach (var start in Promising())
        {
            cancellation.ThrowIfCancellationRequested();
            var x = (double[])start.X.Clone();
            var (value, converged) = (start.Value, true);
            _start.Reset();
            for (var round = 0; round < (_start.HasFigure ? RoundsWithFigure : Rounds) && !IsExact(value); round++)
            {
                if (round > 0) _start.Refine(CesPoint.Of(seasonality, x));
                (value, converged) = Simplex.Minimise(At, x, 0.1 / (1 + (9 * round)), Tolerance, MaxEvaluations);
            }

            if (best is null || value < best.Value.Value) best = (x, value, converged);
            if (IsExact(value)) break;
        }

        return best is { } found ? (CesPoint.Of(seasonality, found.X), found.Converged) : null;
    }

    /// <summary>
    /// The best starts; with a figure the best of each seasonal parameter, since the figure of the decomposition favours those that
    /// hardly change it, whatever the data.
    /// </summary>
    private (double[] X, double Value)[] Promising()
    {
        var starts = Starts().Select(x => (X: x, Value: At(x))).Where(s => double.IsFinite(s.Value)).OrderBy(s => s.Value).ToArray();
        return _start.HasFigure ? [.. starts.DistinctBy(s => s.X[2])] : starts[..Math.Min(Followed, starts.Length)];
    }

    /// <summary>n/2 ln of the sum of squares, +infinity where the point is not stable.</summary>
    private double At(double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!(x[i] >= Low[i] && x[i] <= High[i])) return double.PositiveInfinity;
        }

        var point = CesPoint.Of(seasonality, x);
        if (!point.IsStable(period)) return double.PositiveInfinity;
        var squares = _start.Best(point, out _);
        return double.IsFinite(squares) ? 0.5 * sample.Observed * Math.Log(Math.Max(squares, Exact * sample.Observed)) : double.PositiveInfinity;
    }

    private bool IsExact(double value) => value <= 0.5 * sample.Observed * Math.Log(Exact * sample.Observed * 1.0001);

    private IEnumerable<double[]> Starts()
    {
        foreach (var a0 in (double[])[0.3, 0.7, 1.0, 1.3, 1.7])
        {
            foreach (var a1 in (double[])[0.6, 0.9, 1.0, 1.1])
            {
                switch (seasonality)
                {
                    case CesSeasonality.Partial:
                        foreach (var b in (double[])[0.01, 0.1, 0.4, 0.9]) yield return [a0, a1, b];
                        break;
                    case CesSeasonality.Full:
                        foreach (var b in (double[])[0.1, 0.6, 1.3]) yield return [a0, a1, b, 1.0];
                        break;
                    default:
                        yield return [a0, a1];
                        break;
                }
            }
        }
    }
}
