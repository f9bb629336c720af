using Forecast.Core.Numerics;

namespace Forecast.Models.Caviar;

/// <summary>
/// Least quantile loss. The loss has corners and many valleys, so derivatives help little: random points over the equation's box, then from each of the best five
/// the simplex method of Nelder and Mead (1965), begun anew until it stands still (Engle and Manganelli 2004 go about it alike).
/// </summary>
internal static class CaviarSearch
{
    private const int Descents = 5;
    private const int Rounds = 4;

    public static double[] Fit(CaviarEquation equation, double[] r, double start, int starts, ulong seed, CancellationToken cancellation)
    {
        var random = new RandomSource(seed);
        var box = equation.Box;
        var points = new (double Loss, double[] B)[starts];
        for (var i = 0; i < starts; i++)
        {
            double[] b = [.. box.Select(x => x.Low + ((x.High - x.Low) * random.NextDouble()))];
            points[i] = (equation.Loss(r, b, start), b);
        }

        var best = (Loss: double.PositiveInfinity, B: points[0].B);
        foreach (var point in points.OrderBy(p => p.Loss).Take(Descents))
        {
            cancellation.ThrowIfCancellationRequested();
            var at = point;
            for (var round = 0; round < Rounds; round++)
            {
                var next = NelderMead(b => equation.Loss(r, b, start), at.B);
                var gain = at.Loss - next.Loss;
                if (next.Loss < at.Loss) at = next;
                if (!(gain > 1e-9 * Math.Abs(at.Loss))) break;
            }

            if (at.Loss < best.Loss) best = at;
        }

        return best.B;
    }

    private static (double Loss, double[] B) NelderMead(Func<double[], double> f, double[] from)
    {
        var n = from.Length;
        var simplex = new (double Loss, double[] B)[n + 1];
        simplex[0] = (f(from), from);
        for (var i = 0; i < n; i++)
        {
            var b = (double[])from.Clone();
            b[i] += Math.Abs(b[i]) > 1e-3 ? 0.1 * b[i] : 0.01;
            simplex[i + 1] = (f(b), b);
        }

        for (var step = 0; step < 200 * n; step++)
        {
            Array.Sort(simplex, (x, y) => x.Loss.CompareTo(y.Loss));
            if (simplex[n].Loss - simplex[0].Loss <= 1e-10 * Math.Abs(simplex[0].Loss)) break;
            var centre = new double[n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) centre[j] += simplex[i].B[j] / n;
            var worst = simplex[n];
            var reflected = Try(1);
            if (reflected.Loss < simplex[0].Loss)
            {
                var expanded = Try(2);
                simplex[n] = expanded.Loss < reflected.Loss ? expanded : reflected;
            }
            else if (reflected.Loss < simplex[n - 1].Loss)
            {
                simplex[n] = reflected;
            }
            else
            {
                var contracted = reflected.Loss < worst.Loss ? Try(0.5) : Try(-0.5);
                if (contracted.Loss < Math.Min(reflected.Loss, worst.Loss)) simplex[n] = contracted;
                else Shrink();
            }

            (double Loss, double[] B) Try(double factor)
            {
                var b = new double[n];
                for (var j = 0; j < n; j++) b[j] = centre[j] + (factor * (centre[j] - worst.B[j]));
                return (f(b), b);
            }
        }

        Array.Sort(simplex, (x, y) => x.Loss.CompareTo(y.Loss));
        return simplex[0];

        void Shrink()
        {
            for (var i = 1; i <= n; i++)
            {
                var b = new double[n];
                for (var j = 0; j < n; j++) b[j] = 0.5 * (simplex[0].B[j] + simplex[i].B[j]);
                simplex[i] = (f(b), b);
            }
        }
    }
}
