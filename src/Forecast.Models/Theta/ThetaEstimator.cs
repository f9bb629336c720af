namespace Forecast.Models.Theta;

/// <summary>Parameters of a theta model.</summary>
/// <param name="Alpha">Smoothing parameter of the level.</param>
/// <param name="Weight">w = 1 - 1 / theta; 0 for the standard model, whose drift is added afterwards.</param>
/// <param name="Level">l_0.</param>
/// <param name="SumOfSquares">Sum of squared one-step errors.</param>
internal readonly record struct ThetaOptimum(double Alpha, double Weight, double Level, double SumOfSquares);

/// <summary>
/// Least squares over alpha, l_0 and (where theta is estimated) w. The forecast is linear in l_0 and w at a given alpha, so both
/// follow by regression and the search is over one number: a grid, then golden section around its best point.
/// </summary>
internal static class ThetaEstimator
{
    public const double LeastAlpha = 1e-4;
    public const double MostAlpha = 1 - LeastAlpha;
    private const int Cells = 40;

    /// <summary>Largest w: theta of a million is a straight line.</summary>
    private const double MostWeight = 1 - 1e-6;

    public static ThetaOptimum Fit(ThetaSeries series, ThetaOptions options)
    {
        Span<double> grid = stackalloc double[Cells + 1];
        Span<double> values = stackalloc double[Cells + 1];
        var best = 0;
        for (var i = 0; i <= Cells; i++)
        {
            // Squares put more points near 0, where slow levels differ most.
            var u = (double)i / Cells;
            grid[i] = LeastAlpha + ((MostAlpha - LeastAlpha) * u * u);
            values[i] = At(series, options, grid[i], null).SumOfSquares;
            if (values[i] < values[best]) best = i;
        }

        double low = grid[Math.Max(0, best - 1)], high = grid[Math.Min(Cells, best + 1)];
        var golden = (Math.Sqrt(5) - 1) / 2;
        double left = high - (golden * (high - low)), right = low + (golden * (high - low));
        double atLeft = At(series, options, left, null).SumOfSquares, atRight = At(series, options, right, null).SumOfSquares;
        while (high - low > 1e-9)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (golden * (high - low));
                atLeft = At(series, options, left, null).SumOfSquares;
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (golden * (high - low));
                atRight = At(series, options, right, null).SumOfSquares;
            }
        }

        var inside = At(series, options, 0.5 * (low + high), null);
        var edge = At(series, options, grid[best], null);
        return edge.SumOfSquares < inside.SumOfSquares ? edge : inside;
    }

    /// <summary>The best l_0 (and w, unless it is given) at an alpha.</summary>
    public static ThetaOptimum At(ThetaSeries series, ThetaOptions options, double alpha, double? given)
    {
        // Row by row: error = target - c l_0 - d w. A level that starts at 0 carries the rest; a gap hands w g on to the level.
        double level = 0, c = 1, d = 0, cc = 0, cd = 0, dd = 0, ct = 0, dt = 0, tt = 0;
        var standard = options.Method == ThetaMethod.Standard;
        var line = options.IsDynamic ? new ThetaState(alpha, 0, 0) : new ThetaState(alpha, 0, 0, series.Intercept, series.Slope);
        double[] y = series.Values, filled = series.Filled;
        for (var t = 0; t < y.Length; t++)
        {
            var lean = standard ? 0 : line.Lean();
            if (double.IsNaN(y[t]))
            {
                d += alpha * lean;
            }
            else
            {
                double target = y[t] - level, slope = d + lean;
                if (t >= options.FirstJudged)
                {
                    cc += c * c;
                    cd += c * slope;
                    dd += slope * slope;
                    ct += c * target;
                    dt += slope * target;
                    tt += target * target;
                }

                level += alpha * target;
                c *= 1 - alpha;
                d *= 1 - alpha;
            }

            if (!standard) line.Move(y[t], filled[t]);
        }

        var weight = given ?? (standard ? 0 : 0.5);
        if (given is null && options.IsOptimised)
        {
            var determinant = (cc * dd) - (cd * cd);
            if (determinant > 1e-12 * cc * dd) weight = Math.Clamp(((cc * dt) - (cd * ct)) / determinant, 0, MostWeight);
        }

        var first = (ct - (cd * weight)) / cc;
        var squares = tt + (first * first * cc) + (weight * weight * dd) + (2 * first * weight * cd) - (2 * first * ct) - (2 * weight * dt);
        return new ThetaOptimum(alpha, weight, first, Math.Max(0, squares));
    }
}
