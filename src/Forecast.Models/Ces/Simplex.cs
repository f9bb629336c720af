namespace Forecast.Models.Ces;

/// <summary>
/// The simplex search of Nelder and Mead (1965). It needs no derivatives and slides along the curved edge of the stable region, where
/// the best point often lies and where a search along lines gets stuck.
/// </summary>
internal static class Simplex
{
    /// <param name="f">The function; +infinity where there is no value.</param>
    /// <param name="x">A start with a value; receives the best point.</param>
    /// <param name="size">Length of the first edges.</param>
    /// <param name="tolerance">Stops when values and points of the simplex differ by less.</param>
    /// <param name="maxEvaluations">Values allowed.</param>
    /// <returns>f at the best point, and whether the simplex shrank to it.</returns>
    public static (double Value, bool Converged) Minimise(Func<double[], double> f, double[] x, double size, double tolerance, int maxEvaluations)
    {
        var n = x.Length;
        var points = new (double[] X, double Value)[n + 1];
        for (var i = 0; i <= n; i++)
        {
            var corner = (double[])x.Clone();
            if (i > 0) corner[i - 1] += size;
            points[i] = (corner, f(corner));
        }

        var used = n + 1;
        while (used < maxEvaluations)
        {
            Array.Sort(points, (a, b) => a.Value.CompareTo(b.Value));
            if (points[n].Value - points[0].Value < tolerance && Spread(points) < tolerance)
            {
                points[0].X.CopyTo(x, 0);
                return (points[0].Value, true);
            }

            var worst = points[n];
            var reflected = Try(points, worst.X, -1);
            if (reflected.Value < points[0].Value)
            {
                var expanded = Try(points, worst.X, -2);
                points[n] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < points[n - 1].Value)
            {
                points[n] = reflected;
            }
            else
            {
                var contracted = Try(points, worst.X, reflected.Value < worst.Value ? -0.5 : 0.5);
                if (contracted.Value < Math.Min(worst.Value, reflected.Value)) points[n] = contracted;
                else Shrink(points);
            }
        }

        var best = points.MinBy(p => p.Value);
        best.X.CopyTo(x, 0);
        return (best.Value, false);

        (double[] X, double Value) Try((double[] X, double Value)[] simplex, double[] from, double factor)
        {
            var candidate = new double[n];
            for (var j = 0; j < n; j++)
            {
                var centre = 0.0;
                for (var i = 0; i < n; i++) centre += simplex[i].X[j] / n;
                candidate[j] = centre + (factor * (from[j] - centre));
            }

            used++;
            return (candidate, f(candidate));
        }

        void Shrink((double[] X, double Value)[] simplex)
        {
            for (var i = 1; i <= n; i++)
            {
                for (var j = 0; j < n; j++) simplex[i].X[j] = simplex[0].X[j] + (0.5 * (simplex[i].X[j] - simplex[0].X[j]));
                simplex[i].Value = f(simplex[i].X);
                used++;
            }
        }
    }

    private static double Spread((double[] X, double Value)[] points)
    {
        var spread = 0.0;
        for (var i = 1; i < points.Length; i++)
        {
            for (var j = 0; j < points[0].X.Length; j++) spread = Math.Max(spread, Math.Abs(points[i].X[j] - points[0].X[j]));
        }

        return spread;
    }
}
