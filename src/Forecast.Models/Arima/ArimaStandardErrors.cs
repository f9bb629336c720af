using Forecast.Models.Numerics;

namespace Forecast.Models.Arima;

/// <summary>
/// Standard errors sqrt(diag(H^-1)), H the Hessian of -l(coefficients, beta) with sigma2 concentrated out, in the natural
/// coefficients, by central differences (Box, Jenkins and Reinsel 2008, section 7.2.4; R differentiates numerically too).
/// </summary>
internal static class ArimaStandardErrors
{
    private const double Step = 1e-4;
    private const int Attempts = 6;

    public static double[] Compute(ArimaSample sample, double[] coefficients)
    {
        var arma = sample.ArmaCount;
        double[] given = [.. sample.FixedArma, .. sample.FixedBeta];
        int[] free = [.. Enumerable.Range(0, given.Length).Where(i => double.IsNaN(given[i]))];
        var n = free.Length;
        var likelihood = new ArimaLikelihood(sample);
        var unit = Units(likelihood, coefficients, arma, sample.FixedBeta);
        var point = (double[])coefficients.Clone();
        var errors = new double[coefficients.Length];
        Array.Fill(errors, double.NaN);
        var step = Step;
        for (var attempt = 0; attempt < Attempts; attempt++, step /= 4)
        {
            var hessian = NumericalDerivatives.Hessian(MinusLogLikelihood, new double[n], step, richardson: false);
            if (!Array.TrueForAll(hessian, double.IsFinite))
                continue; // a neighbour lies beyond the stationary region: step less far
            if (!SymmetricMatrix.TryInvert(hessian, n, out var covariance))
                return errors;
            for (var i = 0; i < n; i++)
                errors[free[i]] = Math.Sqrt(covariance[(i * n) + i]) * unit[free[i]];
            return errors;
        }

        return errors;

        double MinusLogLikelihood(ReadOnlySpan<double> offset)
        {
            for (var i = 0; i < n; i++)
                point[free[i]] = coefficients[free[i]] + (offset[i] * unit[free[i]]);
            return -likelihood.At(point.AsSpan(0, arma), point.AsSpan(arma));
        }
    }

    /// <summary>
    /// Lengths in which the differences are taken: 1 for ARMA coefficients, sqrt(S) / |whitened x_j| for a regressor, so that
    /// its second derivative is about n whatever its unit.
    /// </summary>
    private static double[] Units(ArimaLikelihood likelihood, double[] coefficients, int arma, double[] fixedBeta)
    {
        var unit = new double[coefficients.Length];
        Array.Fill(unit, 1);
        likelihood.At(coefficients.AsSpan(0, arma), coefficients.AsSpan(arma));
        for (var j = arma; j < unit.Length; j++)
            unit[j] = !double.IsNaN(fixedBeta[j - arma]) ? 1 : Math.Sqrt(likelihood.SumOfSquares) / likelihood.WhitenedNorm(j - arma);
        return unit;
    }
}
