namespace Forecast.Models.Arima;

/// <summary>Where the searches begin: candidates are judged by their exact likelihood, and the best ones are followed.</summary>
internal static class ArimaStarts
{
    /// <summary>
    /// Up to <paramref name="wanted"/> unconstrained starting points, best first; one for pure autoregressions and single coefficients.
    /// <paramref name="warm"/> is one more candidate, in coefficients.
    /// </summary>
    public static List<double[]> Choose(ArimaSample sample, ArimaLikelihood likelihood, ArimaTransform transform, int wanted, double[]? warm = null)
    {
        var candidates = new List<double[]>();
        var series = Residual(likelihood);
        if (HannanRissanen.Estimate(series, sample.Options, sample.Period) is { } regression)
        {
            var u = new double[transform.Count];
            transform.FromCoefficients(regression, u);
            candidates.Add(u);
        }

        if (warm is not null)
        {
            var u = new double[transform.Count];
            transform.FromCoefficients(warm, u);
            candidates.Add(u);
        }

        candidates.AddRange(Patterns(sample.Options));
        var coefficients = new double[transform.Count];
        var ranked = candidates
            .Select(u =>
            {
                transform.ToCoefficients(u, coefficients);
                return (U: u, Value: likelihood.Profile(coefficients));
            })
            .Where(c => double.IsFinite(c.Value))
            .OrderByDescending(c => c.Value)
            .Select(c => c.U)
            .ToList();
        // Only moving averages make the likelihood crooked: a pure autoregression is all but a regression.
        var limit = transform.Count == 1 || sample.Options.Order.Ma + sample.Options.Seasonal.Ma == 0 ? 1 : wanted;
        return ranked.Count > limit ? ranked[..limit] : ranked;
    }

    /// <summary>Zero, and the four sign patterns of moderate first coefficients.</summary>
    private static IEnumerable<double[]> Patterns(ArimaOptions options)
    {
        var count = options.Order.Ar + options.Order.Ma + options.Seasonal.Ar + options.Seasonal.Ma;
        yield return new double[count];
        foreach (var (ar, ma) in new[] { (0.5, -0.3), (-0.5, 0.3), (0.5, 0.5), (-0.5, -0.5) })
        {
            var u = new double[count];
            Set(u, 0, options.Order.Ar, ar);
            Set(u, options.Order.Ar, options.Order.Ma, -ma);
            Set(u, options.Order.Ar + options.Order.Ma, options.Seasonal.Ar, 0.3);
            Set(u, options.Order.Ar + options.Order.Ma + options.Seasonal.Ar, options.Seasonal.Ma, 0.5);
            yield return u;
        }
    }

    private static void Set(double[] u, int start, int length, double value)
    {
        if (length > 0)
            u[start] = Math.Atanh(value);
    }

    /// <summary>The data less their least-squares regression, gaps bridged by straight lines and differenced.</summary>
    private static double[] Residual(ArimaLikelihood likelihood)
    {
        var sample = likelihood.Sample;
        likelihood.Profile(new double[sample.ArmaCount]);
        var y = sample.WithoutRegression(likelihood.Beta).AsSpan(sample.First, sample.Last - sample.First + 1).ToArray();
        ArimaSample.Bridge(y);
        return LagPolynomial.Difference(y, sample.Options.Order.Differences, sample.Options.Seasonal.Differences, sample.Period);
    }
}
