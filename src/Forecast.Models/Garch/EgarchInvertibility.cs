namespace Forecast.Models.Garch;

/// <summary>
/// Whether EGARCH's filter of orders (1,1) forgets where it began: the mean of ln |d ln h_{t+1} / d ln h_t| along the sample,
/// d ln h_{t+1} / d ln h_t = beta - ½ (alpha |z_t| + gamma z_t), is negative (Straumann and Mikosch 2006; Wintenberger 2013).
/// </summary>
/// <remarks>
/// With an alpha well below 0 a variance that is a little too small makes the next one smaller still. Such a filter is chaotic: its
/// likelihood has a peak beside every point, and short samples can have one far above any regular optimum. No bound of the search,
/// since other software has none; a fit says where it stands.
/// </remarks>
internal static class EgarchInvertibility
{
    /// <summary>Keeps the logarithm of a slope of 0 finite.</summary>
    private const double LeastSlope = 1e-6;

    /// <summary>Whether the condition is looked at: with more lags it is not.</summary>
    public static bool Applies(GarchSpecification specification) => specification is { Family: VarianceFamily.Egarch, ArchOrder: 1, GarchOrder: 1 };

    /// <summary>The mean of the logarithms over the sample; a missing value has no news and the slope beta.</summary>
    /// <param name="specification">An EGARCH of orders (1,1).</param>
    /// <param name="sample">Its sample.</param>
    /// <param name="theta">Its parameters.</param>
    /// <param name="path">The sample filtered at them.</param>
    public static double Exponent(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, GarchPath path)
    {
        double alpha = theta[specification.AlphaIndex], beta = theta[specification.BetaIndex], gamma = theta[specification.GammaIndex];
        var product = new LogProduct();
        for (var t = 0; t < sample.Length; t++)
        {
            var z = double.IsNaN(sample.Values[t]) ? 0 : path.Residual[t] / Math.Sqrt(path.Variance[t]);
            product.Add(Math.Abs(beta - 0.5 * (alpha * Math.Abs(z) + gamma * z)) + LeastSlope);
        }

        return product.Total / sample.Length;
    }
}
