using Forecast.Core.Numerics;

namespace Forecast.Models.Ssa;

/// <summary>
/// The eigenvectors of the largest eigenvalues of a symmetric matrix: Householder reduction to a tridiagonal one, bisection on its
/// Sturm sequence, inverse iteration (Golub and Van Loan 2013, sections 8.3.1, 8.4.1, 8.2.2). The few leading ones cost about a
/// quarter of a full decomposition.
/// </summary>
internal sealed class SymmetricEigen
{
    private const double Epsilon = 2.220446049250313e-16;
    private readonly int _n;
    private readonly double _norm;
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private readonly double[][] _reflectors;
    private readonly ShiftedTridiagonal _solver;
    private readonly double[] _eigenvalues;

    /// <param name="a">n x n, row by row; overwritten.</param>
    /// <param name="n">Order.</param>
    /// <param name="count">Vectors wanted, at most n.</param>
    public SymmetricEigen(double[] a, int n, int count)
    {
        _n = n;
        (_diagonal, _beside) = (new double[n], new double[n]);
        _reflectors = Tridiagonalise(a, n, _diagonal, _beside);
        for (var i = 0; i < n; i++) _norm = Math.Max(_norm, Math.Abs(_diagonal[i]) + Math.Abs(_beside[i]) + (i > 0 ? Math.Abs(_beside[i - 1]) : 0));
        _solver = new ShiftedTridiagonal(_diagonal, _beside, n, Math.Max(_norm * Epsilon, 1e-300));
        _eigenvalues = new double[count];
        Vectors = new double[count][];
        var random = new RandomSource(1);
        for (var k = 0; k < count; k++)
        {
            _eigenvalues[k] = Eigenvalue(k);
            _solver.Factor(_eigenvalues[k]);
            var x = new double[n];
            for (var i = 0; i < n; i++) x[i] = random.NextDouble() - 0.5;
            for (var round = 0; round < 4; round++)
            {
                Orthonormalise(x, Vectors, k);
                if (round < 3) _solver.Solve(x);
            }

            Vectors[k] = x;
        }

        foreach (var x in Vectors)
        {
            for (var k = _reflectors.Length - 1; k >= 0; k--) Reflect(k, x);
        }
    }

    /// <summary>Orthonormal vectors, that of the largest eigenvalue first.</summary>
    public double[][] Vectors { get; }

    /// <summary>
    /// (A - lambda_k I)^-1 r for a residual r that was found more exactly than A itself: what to subtract from the k-th vector. Only the part
    /// of it that lies outside the vectors means something.
    /// </summary>
    public double[] Correction(int k, double[] residual)
    {
        var x = (double[])residual.Clone();
        for (var i = 0; i < _reflectors.Length; i++) Reflect(i, x);
        _solver.Factor(_eigenvalues[k]);
        var scale = _solver.Solve(x);
        for (var i = _reflectors.Length - 1; i >= 0; i--) Reflect(i, x);
        for (var i = 0; i < _n; i++) x[i] *= scale;
        return x;
    }

    /// <summary>Takes the first vectors out of x and gives it length 1; twice, since once leaves what cancellation hid.</summary>
    public static void Orthonormalise(double[] x, double[][] vectors, int count)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            for (var j = 0; j < count; j++) VectorMath.Add(x, -VectorMath.Dot(vectors[j], x), vectors[j]);
            var length = Math.Sqrt(VectorMath.Dot(x, x));
            for (var i = 0; i < x.Length; i++) x[i] /= length;
        }
    }

    /// <summary>Householder reflectors H_k = I - v v' with T = H .. A .. H; the diagonals of T are filled in.</summary>
    private static double[][] Tridiagonalise(double[] a, int n, double[] diagonal, double[] beside)
    {
        var reflectors = new double[Math.Max(0, n - 2)][];
        var product = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            var m = n - k - 1;
            var v = a.AsSpan((k * n) + k + 1, m).ToArray();
            var length = Math.Sqrt(VectorMath.Dot(v, v));
            var tail = length == 0 ? 0 : VectorMath.Dot(v.AsSpan(1), v.AsSpan(1));
            diagonal[k] = a[(k * n) + k];
            beside[k] = v[0];
            reflectors[k] = [];
            if (tail == 0) continue;

            // v scaled so that H = I - v v'.
            var head = v[0] < 0 ? -length : length;
            beside[k] = -head;
            var scale = Math.Sqrt(1 / ((length * length) + (length * Math.Abs(v[0]))));
            v[0] += head;
            for (var i = 0; i < m; i++) v[i] *= scale;
            reflectors[k] = v;
            var p = product.AsSpan(0, m);
            for (var i = 0; i < m; i++) p[i] = VectorMath.Dot(v, a.AsSpan(((k + 1 + i) * n) + k + 1, m));
            VectorMath.Add(p, -0.5 * VectorMath.Dot(v, p), v);
            for (var i = 0; i < m; i++)
            {
                var row = a.AsSpan(((k + 1 + i) * n) + k + 1, m);
                VectorMath.Add(row, -v[i], p);
                VectorMath.Add(row, -p[i], v);
            }
        }

        for (var k = Math.Max(0, n - 2); k < n; k++) diagonal[k] = a[(k * n) + k];
        if (n > 1) beside[n - 2] = a[((n - 2) * n) + n - 1];
        return reflectors;
    }

    /// <summary>The <paramref name="k"/>-th largest eigenvalue (from 0) by bisection.</summary>
    private double Eigenvalue(int k)
    {
        var norm = _norm;
        double low = -norm * (1 + (4 * Epsilon)), high = norm * (1 + (4 * Epsilon));
        while (true)
        {
            var middle = 0.5 * (low + high);
            if (!(middle > low && middle < high) || high - low <= Epsilon * norm) return middle;
            var below = 0;
            var q = 1.0;
            for (var i = 0; i < _n; i++)
            {
                q = _diagonal[i] - middle - (i == 0 ? 0 : _beside[i - 1] * _beside[i - 1] / q);
                if (q == 0) q = -Math.Max(Epsilon * norm, 1e-300);
                if (q < 0) below++;
            }

            if (below <= _n - 1 - k) low = middle;
            else high = middle;
        }
    }

    private void Reflect(int k, double[] x)
    {
        var v = _reflectors[k];
        if (v.Length == 0) return;
        var tail = x.AsSpan(k + 1);
        VectorMath.Add(tail, -VectorMath.Dot(v, tail), v);
    }

    /// <summary>T - shift I by Gaussian elimination with row exchanges; pivots of 0 become rounding-sized.</summary>
    private sealed class ShiftedTridiagonal(double[] diagonal, double[] beside, int n, double smallest)
    {
        private readonly double[] _pivot = new double[n];
        private readonly double[] _first = new double[n];
        private readonly double[] _second = new double[n];
        private readonly double[] _factor = new double[n];
        private readonly bool[] _swapped = new bool[n];

        public void Factor(double shift)
        {
            double a = diagonal[0] - shift, b = beside[0];
            for (var i = 0; i < n - 1; i++)
            {
                double below = beside[i], d = diagonal[i + 1] - shift, e = i + 1 < n - 1 ? beside[i + 1] : 0;
                _swapped[i] = Math.Abs(below) > Math.Abs(a);
                if (_swapped[i])
                {
                    (_pivot[i], _first[i], _second[i]) = (below, d, e);
                    _factor[i] = a / below;
                    (a, b) = (b - (_factor[i] * d), -_factor[i] * e);
                }
                else
                {
                    if (a == 0) a = smallest;
                    (_pivot[i], _first[i], _second[i]) = (a, b, 0);
                    _factor[i] = below / a;
                    (a, b) = (d - (_factor[i] * b), e);
                }
            }

            _pivot[n - 1] = Math.Abs(a) < smallest ? smallest : a;
        }

        /// <summary>Solves up to the factor that is returned: growth is without bound where the shift is an eigenvalue to the last digit.</summary>
        public double Solve(double[] x)
        {
            for (var i = 0; i < n - 1; i++)
            {
                if (_swapped[i]) (x[i], x[i + 1]) = (x[i + 1], x[i]);
                x[i + 1] -= _factor[i] * x[i];
            }

            var largest = 0.0;
            for (var i = n - 1; i >= 0; i--)
            {
                if (i + 1 < n) x[i] -= _first[i] * x[i + 1];
                if (i + 2 < n) x[i] -= _second[i] * x[i + 2];
                x[i] /= _pivot[i];
                largest = Math.Max(largest, Math.Abs(x[i]));
            }

            if (largest == 0) return 0;
            for (var i = 0; i < n; i++) x[i] /= largest;
            return largest;
        }
    }
}
