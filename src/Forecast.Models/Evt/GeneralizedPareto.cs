namespace Forecast.Models.Evt;

/// <summary>
/// The generalised Pareto law of excesses over a high threshold (Pickands 1975): P(X above x) = (1 + xi x / beta)^(-1/xi), exp(-x / beta) where xi = 0.
/// </summary>
/// <param name="Shape">xi: above 0 for tails of a power, below 0 for tails that end.</param>
/// <param name="Scale">beta, positive.</param>
public sealed record GeneralizedPareto(double Shape, double Scale)
{
    private const double LeastShape = -0.5;

    /// <summary>P(X above x), for x of at least 0.</summary>
    public double Survival(double x)
    {
        if (Math.Abs(Shape) < 1e-9) return Math.Exp(-x / Scale);
        var inside = 1 + (Shape * x / Scale);
        return inside > 0 ? Math.Pow(inside, -1 / Shape) : 0;
    }

    /// <summary>x with P(X above x) = p.</summary>
    public double Excess(double p) => Math.Abs(Shape) < 1e-9 ? -Scale * Math.Log(p) : Scale / Shape * (Math.Pow(p, -Shape) - 1);

    /// <summary>E[X | X above x] = (x + beta) / (1 - xi), the mean excess; infinite from xi = 1 on.</summary>
    public double MeanAbove(double x) => Shape < 1 ? (x + Scale) / (1 - Shape) : double.PositiveInfinity;

    public double LogLikelihood(ReadOnlySpan<double> excesses)
    {
        double sum = 0;
        foreach (var x in excesses)
        {
            if (Math.Abs(Shape) < 1e-9)
            {
                sum += x / Scale;
                continue;
            }

            var inside = 1 + (Shape * x / Scale);
            if (!(inside > 0)) return double.NegativeInfinity;
            sum += (1 + (1 / Shape)) * Math.Log(inside);
        }

        return (-excesses.Length * Math.Log(Scale)) - sum;
    }

    /// <summary>
    /// Maximum likelihood. With theta = xi / beta the shape follows from the mean of ln(1 + theta x), so that one number is left to search for (Grimshaw
    /// 1993): on a grid that is finer near 0, then by golden section between the neighbours of the best.
    /// </summary>
    /// <remarks>The shape is held above -0.5, below which the likelihood has no usual maximum (Smith 1985).</remarks>
    /// <param name="excesses">Positive, at least one.</param>
    public static GeneralizedPareto Fit(ReadOnlySpan<double> excesses)
    {
        var x = excesses.ToArray();
        if (x.Length == 0) throw new ArgumentException("no excess", nameof(excesses));
        double mean = x.Average(), largest = x.Max();
        var exponential = new GeneralizedPareto(0, mean);
        var (best, value) = (exponential, exponential.LogLikelihood(x));
        double[] grid = [.. Enumerable.Range(1, 60).Select(i => -(1 - Math.Pow(0.8, i)) / largest).Reverse(), .. Enumerable.Range(0, 80).Select(i => 1e-4 * Math.Pow(1.2, i) / mean)];
        Array.Sort(grid);
        var at = -1;
        for (var i = 0; i < grid.Length; i++)
        {
            var candidate = Of(x, grid[i]);
            var own = candidate.LogLikelihood(x);
            if (!(own > value)) continue;
            (best, value, at) = (candidate, own, i);
        }

        if (at < 0) return best;
        double low = grid[Math.Max(0, at - 1)], high = grid[Math.Min(grid.Length - 1, at + 1)];
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var step = 0; step < 80; step++)
        {
            double left = high - (ratio * (high - low)), right = low + (ratio * (high - low));
            if (Of(x, left).LogLikelihood(x) > Of(x, right).LogLikelihood(x)) high = right;
            else low = left;
        }

        var refined = Of(x, 0.5 * (low + high));
        return refined.LogLikelihood(x) > value ? refined : best;
    }

    private static GeneralizedPareto Of(double[] x, double theta)
    {
        double shape = 0;
        foreach (var v in x) shape += Math.Log(1 + (theta * v)) / x.Length;
        if (Math.Abs(shape) < 1e-9) return new GeneralizedPareto(0, x.Average());
        return shape < LeastShape ? new GeneralizedPareto(LeastShape, LeastShape / theta) : new GeneralizedPareto(shape, shape / theta);
    }
}
