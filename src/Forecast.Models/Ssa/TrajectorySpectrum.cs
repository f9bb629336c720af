using MathNet.Numerics.LinearAlgebra.Double;

namespace Forecast.Models.Ssa;

/// <summary>The leading singular triples of a trajectory matrix X = sum s_k u_k v_k', the largest first.</summary>
/// <param name="Values">s_k.</param>
/// <param name="Left">u_k, each of length L.</param>
/// <param name="Factors">s_k v_k = X'u_k, each of length K.</param>
/// <param name="Total">sum of all s_k^2, the squared Frobenius norm of X.</param>
internal sealed record TrajectorySpectrum(double[] Values, double[][] Left, double[][] Factors, double Total)
{
    /// <summary>
    /// By the eigenvectors of the lag covariance C, which are right to about eps s_1^2 / (s_k^2 - s_j^2) only, since C squares the
    /// condition of X. Residuals X X'u - s^2 u, found by X itself, correct what they have of the directions that are left out; rotations
    /// among the factors X'u_k (one-sided Jacobi, Hestenes 1958, a sweep or two from there) then give vectors and singular values to
    /// working precision.
    /// </summary>
    /// <param name="y">Values without gaps.</param>
    /// <param name="window">L.</param>
    /// <param name="count">Triples wanted; fewer where L or K is less.</param>
    public static TrajectorySpectrum Of(ReadOnlySpan<double> y, int window, int count)
    {
        count = Math.Min(count, Math.Min(window, y.Length - window + 1));
        var covariance = LagCovariance.Of(y, window);
        var total = 0.0;
        for (var i = 0; i < window; i++) total += covariance[(i * window) + i];
        var eigen = new SymmetricEigen(covariance, window, count);
        var vectors = eigen.Vectors;
        var factors = new double[count][];
        for (var k = 0; k < count; k++) factors[k] = Factor(y, vectors[k]);
        if (count < window && Refine(y, eigen, factors))
        {
            for (var k = 0; k < count; k++) factors[k] = Factor(y, vectors[k]);
        }

        Orthogonalise(factors, vectors);
        return Sorted(factors, vectors, total);
    }

    /// <summary>The singular value decomposition of X itself: the plain reference.</summary>
    /// <param name="y">Values without gaps.</param>
    /// <param name="window">L.</param>
    /// <param name="count">Triples wanted.</param>
    public static TrajectorySpectrum Plain(ReadOnlySpan<double> y, int window, int count)
    {
        var k = y.Length - window + 1;
        count = Math.Min(count, Math.Min(window, k));
        var x = new DenseMatrix(window, k);
        for (var i = 0; i < window; i++)
        {
            for (var j = 0; j < k; j++) x[i, j] = y[i + j];
        }

        var svd = x.Svd();
        var vectors = Enumerable.Range(0, count).Select(i => svd.U.Column(i).ToArray()).ToArray();
        var values = new double[vectors.Length][];
        for (var i = 0; i < count; i++) values[i] = Factor(y, vectors[i]);
        return new TrajectorySpectrum(svd.S.SubVector(0, count).ToArray(), vectors, values, svd.S.DotProduct(svd.S));
    }

    /// <summary>How many of the triples are more than rounding: s_k above max(L, K) eps s_1 times 8.</summary>
    public int NumericalRank
    {
        get
        {
            if (Values.Length == 0 || !(Values[0] > 0)) return 0;
            var floor = 8 * (double.BitIncrement(1) - 1) * Math.Max(Left[0].Length, Factors[0].Length) * Values[0];
            return Values.Count(s => s > floor);
        }
    }

    /// <summary>X'u.</summary>
    public static double[] Factor(ReadOnlySpan<double> y, ReadOnlySpan<double> u)
    {
        var factor = new double[y.Length - u.Length + 1];
        for (var i = 0; i < u.Length; i++) VectorMath.Add(factor, u[i], y.Slice(i, factor.Length));
        return factor;
    }

    /// <summary>One step of iterative refinement, for vectors whose singular values stand clear of the rounding of C.</summary>
    private static bool Refine(ReadOnlySpan<double> y, SymmetricEigen eigen, double[][] factors)
    {
        const double clear = 1e-12;
        const double plausible = 1e-4;
        var vectors = eigen.Vectors;
        var corrections = new double[]?[vectors.Length];
        var largest = VectorMath.Dot(factors[0], factors[0]);
        for (var k = 0; k < vectors.Length; k++)
        {
            var square = VectorMath.Dot(factors[k], factors[k]);
            if (!(square > clear * largest)) continue;
            var residual = new double[vectors[k].Length];
            for (var i = 0; i < residual.Length; i++) residual[i] = VectorMath.Dot(y.Slice(i, factors[k].Length), factors[k]);
            VectorMath.Add(residual, -square, vectors[k]);
            Leave(residual, vectors);
            var correction = eigen.Correction(k, residual);
            Leave(correction, vectors);
            if (VectorMath.Dot(correction, correction) < plausible * plausible) corrections[k] = correction;
        }

        for (var k = 0; k < vectors.Length; k++)
        {
            if (corrections[k] is { } correction) VectorMath.Add(vectors[k], -1, correction);
        }

        for (var k = 0; k < vectors.Length; k++) SymmetricEigen.Orthonormalise(vectors[k], vectors, k);
        return Array.Exists(corrections, c => c is not null);
    }

    /// <summary>The part of x that is orthogonal to the vectors.</summary>
    private static void Leave(double[] x, double[][] vectors)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var u in vectors) VectorMath.Add(x, -VectorMath.Dot(u, x), u);
        }
    }

    private static void Orthogonalise(double[][] factors, double[][] vectors)
    {
        const double tolerance = 1e-15;
        const int sweeps = 30;
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < factors.Length - 1; p++)
            {
                for (var q = p + 1; q < factors.Length; q++)
                {
                    double a = VectorMath.Dot(factors[p], factors[p]), b = VectorMath.Dot(factors[q], factors[q]), c = VectorMath.Dot(factors[p], factors[q]);
                    if (Math.Abs(c) <= tolerance * factors[p].Length * Math.Sqrt(a * b) || c == 0) continue;
                    var zeta = (b - a) / (2 * c);
                    var t = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    var cosine = 1 / Math.Sqrt(1 + (t * t));
                    VectorMath.Rotate(factors[p], factors[q], cosine, cosine * t);
                    VectorMath.Rotate(vectors[p], vectors[q], cosine, cosine * t);
                    rotated = true;
                }
            }

            if (!rotated) return;
        }
    }

    private static TrajectorySpectrum Sorted(double[][] factors, double[][] vectors, double total)
    {
        var values = Array.ConvertAll(factors, f => Math.Sqrt(VectorMath.Dot(f, f)));
        var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
        return new TrajectorySpectrum([.. order.Select(i => values[i])], [.. order.Select(i => vectors[i])], [.. order.Select(i => factors[i])], total);
    }
}
