using Forecast.Models.Numerics;

namespace Forecast.Models.Garch;

/// <summary>Standard errors of the estimates, in the order of the parameters; NaN for a parameter on its bound.</summary>
/// <param name="Hessian">From the inverse of A = -d²L/dθdθ'.</param>
/// <param name="OuterProduct">From the inverse of B = Σ_t s_t s_t' (Berndt, Hall, Hall and Hausman 1974).</param>
/// <param name="Robust">From A⁻¹ B A⁻¹ (Bollerslev and Wooldridge 1992).</param>
public sealed record GarchStandardErrors(double[] Hessian, double[] OuterProduct, double[] Robust)
{
    /// <summary>Computes all three at θ.</summary>
    /// <param name="specification">Orders and distribution.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="theta">Parameters in the units of the sample.</param>
    /// <param name="onBound">Parameters to hold fixed; empty = none.</param>
    /// <remarks>Where A or B cannot be inverted (a flat or kinked likelihood) the kinds that need it are NaN.</remarks>
    public static GarchStandardErrors Compute(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, ReadOnlySpan<bool> onBound)
    {
        var k = specification.Count;
        double[] gradient = new double[k], hessian = new double[k * k], outer = new double[k * k];
        new GarchDerivatives(specification, sample).Evaluate(theta, gradient, hessian, outer);
        return From(hessian, outer, k, onBound);
    }

    /// <summary>All three from second derivatives and outer products of scores (k × k, by rows).</summary>
    internal static GarchStandardErrors From(ReadOnlySpan<double> hessian, ReadOnlySpan<double> outer, int k, ReadOnlySpan<bool> onBound)
    {
        var free = new List<int>();
        for (var i = 0; i < k; i++)
            if (onBound.IsEmpty || !onBound[i]) free.Add(i);

        var m = free.Count;
        double[] a = new double[m * m], b = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                a[i * m + j] = -hessian[free[i] * k + free[j]];
                b[i * m + j] = outer[free[i] * k + free[j]];
            }
        }

        var hasA = SymmetricMatrix.TryInvert(a, m, out var inverse);
        var hasB = SymmetricMatrix.TryInvert(b, m, out var outerInverse);
        var result = new GarchStandardErrors(Missing(k), Missing(k), Missing(k));
        for (var i = 0; i < m; i++)
        {
            if (hasA) result.Hessian[free[i]] = Math.Sqrt(inverse[i * m + i]);
            if (hasB) result.OuterProduct[free[i]] = Math.Sqrt(outerInverse[i * m + i]);
            if (hasA) result.Robust[free[i]] = Math.Sqrt(Quadratic(inverse, b, i, m));
        }

        return result;
    }

    private static double[] Missing(int k)
    {
        var row = new double[k];
        Array.Fill(row, double.NaN);
        return row;
    }

    private static double Quadratic(double[] inverse, double[] b, int row, int m)
    {
        double sum = 0;
        for (var i = 0; i < m; i++)
            for (var j = 0; j < m; j++) sum += inverse[row * m + i] * b[i * m + j] * inverse[row * m + j];
        return sum;
    }
}
