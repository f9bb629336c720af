using Forecast.Core.Numerics;

namespace Forecast.Models.Arima;

/// <summary>Where the searches begin: candidates are judged by their exact likelihood, and the best ones are followed.</summary>
internal static class ArimaStarts
{
    private const ulong ScreeningSeed = 20;
    private const double Apart = 0.3;

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

        if (transform.HasFixed)
            candidates.Add(new double[transform.Count]);
        else
            candidates.AddRange(Patterns(sample.Options));
        var coefficients = new double[sample.ArmaCount];
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

    /// <summary>
    /// The likeliest of many random points, no two of them near each other. Partial autocorrelations are uniform in (-0.95, 0.95);
    /// the points are the same in every fit.
    /// </summary>
    public static List<double[]> Screen(ArimaLikelihood likelihood, ArimaTransform transform, int points, int wanted)
    {
        var random = new RandomSource(ScreeningSeed);
        var coefficients = new double[likelihood.Sample.ArmaCount];
        var ranked = Enumerable.Range(0, points)
            .Select(_ =>
            {
                var u = new double[transform.Count];
                for (var i = 0; i < u.Length; i++)
                    u[i] = Math.Atanh(0.95 * ((2 * random.NextDouble()) - 1));
                transform.ToCoefficients(u, coefficients);
                return (U: u, Value: likelihood.Profile(coefficients));
            })
            .Where(c => double.IsFinite(c.Value))
            .OrderByDescending(c => c.Value);
        var chosen = new List<double[]>();
        foreach (var (u, _) in ranked)
        {
            if (chosen.Count == wanted)
                break;
            if (chosen.TrueForAll(c => Distance(c, u) > Apart))
                chosen.Add(u);
        }

        return chosen;
    }

    /// <summary>Largest difference of two points' partial autocorrelations.</summary>
    public static double Distance(double[] a, double[] b)
    {
        var distance = 0.0;
        for (var i = 0; i < a.Length; i++)
            distance = Math.Max(distance, Math.Abs(Math.Tanh(a[i]) - Math.Tanh(b[i])));
        return distance;
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
