namespace Forecast.Models.Caviar;

/// <summary>The quantile recursion of one level and one step ahead, on returns divided by their deviation.</summary>
/// <param name="form">Equation.</param>
/// <param name="level">Level of the quantile.</param>
/// <param name="step">h: the return that q_t looks at is that of h days before, so that it is known h days ahead.</param>
internal sealed class CaviarEquation(CaviarForm form, double level, int step)
{
    private const double Steepness = 10;
    private const double Runaway = 1e6;

    /// <summary>How many numbers are estimated.</summary>
    public int Count => form switch { CaviarForm.Adaptive => 1, CaviarForm.AsymmetricSlope => 4, _ => 3 };

    /// <summary>Quantiles of each row and, last, of as many rows after the last as steps ahead are asked for; the first ones are the start.</summary>
    /// <returns>False where the recursion runs away.</returns>
    public bool Run(ReadOnlySpan<double> r, ReadOnlySpan<double> b, double start, Span<double> q)
    {
        var last = start;
        for (var t = 0; t < q.Length; t++)
        {
            var seen = t - step;
            if (seen >= 0 && seen < r.Length) last = Next(last, r[seen], b);
            if (!(Math.Abs(last) < Runaway)) return false;
            q[t] = last;
        }

        return true;
    }

    /// <summary>Mean quantile loss of the rows that have a quantile of their own.</summary>
    public double Loss(ReadOnlySpan<double> r, ReadOnlySpan<double> b, double start)
    {
        double last = start, sum = 0;
        for (var t = step; t < r.Length; t++)
        {
            last = Next(last, r[t - step], b);
            if (!(Math.Abs(last) < Runaway)) return double.PositiveInfinity;
            var miss = r[t] - last;
            sum += miss * (level - (miss < 0 ? 1 : 0));
        }

        return sum / (r.Length - step);
    }

    private double Next(double q, double r, ReadOnlySpan<double> b) => form switch
    {
        CaviarForm.SymmetricAbsoluteValue => b[0] + (b[1] * q) + (b[2] * Math.Abs(r)),
        CaviarForm.AsymmetricSlope => b[0] + (b[1] * q) + (r > 0 ? b[2] * r : -b[3] * r),
        CaviarForm.IndirectGarch => (level < 0.5 ? -1 : 1) * Math.Sqrt(Math.Max(0, b[0] + (b[1] * q * q) + (b[2] * r * r))),
        _ => q - (b[0] * ((1 / (1 + Math.Exp(Steepness * (r - q)))) - level)),
    };

    /// <summary>Where the random search looks: the range of each number.</summary>
    public (double Low, double High)[] Box => form switch
    {
        CaviarForm.SymmetricAbsoluteValue => [(-0.5, 0.5), (0, 1), (-1, 1)],
        CaviarForm.AsymmetricSlope => [(-0.5, 0.5), (0, 1), (-1, 1), (-1, 1)],
        CaviarForm.IndirectGarch => [(0, 1), (0, 1), (0, 2)],
        _ => [(-2, 2)],
    };
}
