using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Log-likelihoods of GARCH(1,1) at eight points of the variance parameters with one mean and one shape, side by side in one pass
/// over a sample without gaps: the recursion waits for itself, so that eight take little longer than one.
/// </summary>
/// <remarks>Equal to <see cref="Garch11Kernel.Value"/> up to rounding; a test holds them together.</remarks>
internal static class Garch11Grid
{
    /// <summary>Points of a pass.</summary>
    public const int Points = 8;

    /// <summary>Factors between two looks at the exponent: of so many between the floor of omega and <see cref="Most"/> a double holds the product.</summary>
    private const int Factors = 8;

    /// <summary>Largest variance of a sample whose own is 1.</summary>
    private const double Most = 1e12;

    /// <summary>Whether the distribution has a term that needs no function call an observation.</summary>
    public static bool Serves(InnovationKind innovation) => innovation is InnovationKind.Normal or InnovationKind.StudentT;

    /// <param name="x">The sample.</param>
    /// <param name="mu">Mean.</param>
    /// <param name="omega">One a point.</param>
    /// <param name="alpha">One a point.</param>
    /// <param name="beta">One a point.</param>
    /// <param name="nu">Degrees of freedom, or 0 for normal innovations.</param>
    /// <param name="values">Receives the log-likelihoods, NaN where a variance is out of proportion to the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Values(ReadOnlySpan<double> x, double mu, ReadOnlySpan<double> omega, ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, double nu, Span<double> values)
    {
        Vector256<double> omega0 = Vector256.Create(omega), omega1 = Vector256.Create(omega[4..]);
        Vector256<double> alpha0 = Vector256.Create(alpha), alpha1 = Vector256.Create(alpha[4..]);
        Vector256<double> beta0 = Vector256.Create(beta), beta1 = Vector256.Create(beta[4..]);
        Products h0 = new(), h1 = new(), d0 = new(), d1 = new();
        Vector256<double> squares0 = default, squares1 = default, most0 = default, most1 = default;
        var isNormal = nu == 0;
        var w = Vector256.Create(nu - 2);
        var e2 = Vector256.Create(Spans.Moments(x, mu).Squares / x.Length);
        Vector256<double> v0 = e2, v1 = e2;
        for (var t = 0; t < x.Length; t++)
        {
            v0 = Vector256.FusedMultiplyAdd(beta0, v0, Vector256.FusedMultiplyAdd(alpha0, e2, omega0));
            v1 = Vector256.FusedMultiplyAdd(beta1, v1, Vector256.FusedMultiplyAdd(alpha1, e2, omega1));
            most0 = Vector256.Max(most0, v0);
            most1 = Vector256.Max(most1, v1);
            var e = x[t] - mu;
            e2 = Vector256.Create(e * e);
            h0.Product *= v0;
            h1.Product *= v1;
            if (isNormal)
            {
                squares0 += e2 / v0;
                squares1 += e2 / v1;
            }
            else
            {
                d0.Product *= Vector256.FusedMultiplyAdd(w, v0, e2);
                d1.Product *= Vector256.FusedMultiplyAdd(w, v1, e2);
            }

            if (t % Factors != Factors - 1) continue;
            h0.Normalise();
            h1.Normalise();
            if (isNormal) continue;
            d0.Normalise();
            d1.Normalise();
        }

        for (var i = 0; i < Points; i++)
        {
            var lane = i % 4;
            var logarithms = (i < 4 ? h0 : h1).Logarithm(lane);
            values[i] = !((i < 4 ? most0 : most1)[lane] < Most) ? double.NaN
                : isNormal ? NormalErrorKernel.Total(x.Length, logarithms, (i < 4 ? squares0 : squares1)[lane])
                : StudentErrorKernel.Total(x.Length, nu, logarithms, (i < 4 ? d0 : d1).Logarithm(lane));
        }
    }

    /// <summary>Four products side by side whose binary exponents are moved to counts now and then, as <see cref="LogProduct"/> does.</summary>
    private struct Products
    {
        private const double Ln2 = 0.69314718055994530942;
        private Vector256<long> _exponent;
        public Vector256<double> Product = Vector256<double>.One;

        public Products()
        {
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Normalise()
        {
            var bits = Product.AsInt64();
            _exponent += Vector256.ShiftRightLogical(bits, 52) - Vector256.Create(1023L);
            Product = ((bits & Vector256.Create((1L << 52) - 1)) | Vector256.Create(1023L << 52)).AsDouble();
        }

        public readonly double Logarithm(int lane) => _exponent[lane] * Ln2 + Math.Log(Product[lane]);
    }
}
