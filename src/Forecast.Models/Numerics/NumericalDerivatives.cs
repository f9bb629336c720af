namespace Forecast.Models.Numerics;

/// <summary>
/// Derivatives by central differences. Steps are h_i = relativeStep * max(|x_i|, typical_i), with typical_i = 1 where
/// the caller states nothing. Truncation is O(h^2), or O(h^4) with one Richardson extrapolation
/// D = (4 D(h/2) - D(h)) / 3 (Press et al. 2007, section 5.7).
/// </summary>
public static class NumericalDerivatives
{
    /// <summary>Step that balances truncation and rounding of a first derivative from values: eps^(1/3).</summary>
    public const double FirstOrderStep = 6.055454452393343e-06;

    /// <summary>Step that balances truncation and rounding of a second derivative from values: eps^(1/4).</summary>
    public const double SecondOrderStep = 1.220703125e-04;

    /// <summary>Turns a function of values alone into one with a central-difference gradient (2n + 1 evaluations a call).</summary>
    /// <param name="f">The function.</param>
    /// <param name="typical">Typical sizes, length n, or null for 1.</param>
    /// <returns>An objective that keeps work arrays of its own: not for use by several threads at once.</returns>
    public static GradientObjective WithGradient(ScalarObjective f, IReadOnlyList<double>? typical = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, gradient) =>
        {
            var value = f(x);
            if (double.IsFinite(value))
                Gradient(f, x, gradient, FirstOrderStep, typical);
            return value;
        };
    }

    /// <summary>Central-difference gradient; one-sided where one neighbour is not finite, NaN where both are not.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, length n.</param>
    /// <param name="gradient">Receives the n derivatives.</param>
    /// <param name="relativeStep">Step relative to max(|x_i|, typical_i).</param>
    /// <param name="typical">Typical sizes, or null for 1.</param>
    public static void Gradient(
        ScalarObjective f, ReadOnlySpan<double> x, Span<double> gradient, double relativeStep = FirstOrderStep, IReadOnlyList<double>? typical = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        var centre = double.NaN;
        var point = x.ToArray();
        for (var i = 0; i < point.Length; i++)
        {
            var h = Step(x[i], relativeStep, typical, i);
            point[i] = x[i] + h;
            var above = f(point);
            point[i] = x[i] - h;
            var below = f(point);
            point[i] = x[i];
            if (double.IsFinite(above) && double.IsFinite(below))
            {
                gradient[i] = (above - below) / (2 * h);
                continue;
            }

            if (double.IsNaN(centre))
                centre = f(point);
            gradient[i] = double.IsFinite(above) ? (above - centre) / h : double.IsFinite(below) ? (centre - below) / h : double.NaN;
        }
    }

    /// <summary>
    /// Hessian from values: H_ii = (f(+h) - 2 f + f(-h)) / h^2 and
    /// H_ij = (f(+,+) - f(+,-) - f(-,+) + f(-,-)) / (4 h_i h_j), each extrapolated once unless told otherwise.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, length n.</param>
    /// <param name="relativeStep">Step relative to max(|x_i|, typical_i); with extrapolation about 1e-3 is best.</param>
    /// <param name="typical">Typical sizes, or null for 1.</param>
    /// <param name="richardson">Whether to extrapolate (twice the evaluations).</param>
    /// <returns>The symmetric n x n matrix, row by row; entries are NaN where f was not finite.</returns>
    public static double[] Hessian(
        ScalarObjective f, ReadOnlySpan<double> x, double relativeStep = 1e-3, IReadOnlyList<double>? typical = null, bool richardson = true)
    {
        ArgumentNullException.ThrowIfNull(f);
        var coarse = HessianOnce(f, x, relativeStep, typical);
        return richardson ? Extrapolate(coarse, HessianOnce(f, x, relativeStep / 2, typical)) : coarse;
    }

    /// <summary>
    /// Hessian from gradients: column j is (g(x + h_j) - g(x - h_j)) / (2 h_j); the result is symmetrised.
    /// </summary>
    /// <param name="f">Value and gradient.</param>
    /// <param name="x">The point, length n.</param>
    /// <param name="relativeStep">Step relative to max(|x_i|, typical_i); about eps^(1/3) when the gradient is analytic.</param>
    /// <param name="typical">Typical sizes, or null for 1.</param>
    /// <param name="richardson">Whether to extrapolate (twice the evaluations); then about 1e-3 is best.</param>
    /// <returns>The symmetric n x n matrix, row by row; entries are NaN where f was not finite.</returns>
    public static double[] HessianFromGradient(
        GradientObjective f, ReadOnlySpan<double> x, double relativeStep = FirstOrderStep, IReadOnlyList<double>? typical = null, bool richardson = false)
    {
        ArgumentNullException.ThrowIfNull(f);
        var coarse = JacobianOnce(f, x, relativeStep, typical);
        return richardson ? Extrapolate(coarse, JacobianOnce(f, x, relativeStep / 2, typical)) : coarse;
    }

    private static double[] HessianOnce(ScalarObjective f, ReadOnlySpan<double> x, double relativeStep, IReadOnlyList<double>? typical)
    {
        var n = x.Length;
        var hessian = new double[n * n];
        var point = x.ToArray();
        var centre = f(point);
        for (var i = 0; i < n; i++)
        {
            var hi = Step(x[i], relativeStep, typical, i);
            point[i] = x[i] + hi;
            var above = f(point);
            point[i] = x[i] - hi;
            var below = f(point);
            hessian[(i * n) + i] = (above - (2 * centre) + below) / (hi * hi);
            for (var j = 0; j < i; j++)
            {
                var hj = Step(x[j], relativeStep, typical, j);
                var sum = 0.0;
                foreach (var (si, sj) in Corners)
                {
                    point[i] = x[i] + (si * hi);
                    point[j] = x[j] + (sj * hj);
                    sum += si * sj * f(point);
                }

                point[j] = x[j];
                hessian[(i * n) + j] = hessian[(j * n) + i] = sum / (4 * hi * hj);
            }

            point[i] = x[i];
        }

        return hessian;
    }

    private static readonly (int I, int J)[] Corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)];

    private static double[] JacobianOnce(GradientObjective f, ReadOnlySpan<double> x, double relativeStep, IReadOnlyList<double>? typical)
    {
        var n = x.Length;
        var jacobian = new double[n * n];
        var point = x.ToArray();
        var above = new double[n];
        var below = new double[n];
        for (var j = 0; j < n; j++)
        {
            var h = Step(x[j], relativeStep, typical, j);
            point[j] = x[j] + h;
            var upper = f(point, above);
            point[j] = x[j] - h;
            var lower = f(point, below);
            point[j] = x[j];
            var usable = double.IsFinite(upper) && double.IsFinite(lower);
            for (var i = 0; i < n; i++)
                jacobian[(i * n) + j] = usable ? (above[i] - below[i]) / (2 * h) : double.NaN;
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
                jacobian[(i * n) + j] = jacobian[(j * n) + i] = 0.5 * (jacobian[(i * n) + j] + jacobian[(j * n) + i]);
        }

        return jacobian;
    }

    private static double[] Extrapolate(double[] coarse, double[] fine)
    {
        for (var i = 0; i < fine.Length; i++)
            fine[i] = ((4 * fine[i]) - coarse[i]) / 3;
        return fine;
    }

    /// <summary>A step whose end point x + h is exactly representable.</summary>
    private static double Step(double x, double relativeStep, IReadOnlyList<double>? typical, int i)
    {
        var h = relativeStep * Math.Max(Math.Abs(x), typical?[i] ?? 1);
        return x + h - x;
    }
}
