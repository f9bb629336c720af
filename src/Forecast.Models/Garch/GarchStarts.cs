using Forecast.Models.Arima;

namespace Forecast.Models.Garch;

/// <summary>
/// Starting points for a sample of unit variance: a small grid over the variance parameters with the unconditional variance held
/// at the sample's (variance targeting, Francq, Horváth and Zakoïan 2011), times a few ARMA starts, ranked by likelihood.
/// </summary>
internal static class GarchStarts
{
    /// <summary>Start of the shape: 6 degrees of freedom, exponent 1.3; typical of daily returns.</summary>
    private static double Shape(GarchSpecification spec) => spec.Innovation == Innovations.InnovationKind.Ged ? 1.3 : 6;

    /// <summary>Candidates, best first.</summary>
    public static IReadOnlyList<double[]> Ranked(GarchSpecification spec, GarchSample sample, GarchLikelihood likelihood)
    {
        var candidates = new List<(double Value, double[] Theta)>();
        var best = new double[spec.Count];
        foreach (var mean in MeanStarts(spec, sample))
        {
            // The first mean start goes over the whole grid, the others take its best variance.
            if (candidates.Count > 0)
            {
                var theta = (double[])best.Clone();
                mean.CopyTo(theta.AsSpan());
                Rank(candidates, theta, likelihood);
                continue;
            }

            double[][] grid = [.. VarianceStarts.Of(spec, Shape(spec)).Select(variance => (double[])[.. mean, .. variance])];
            var values = new double[grid.Length];
            likelihood.Values(grid, values);
            for (var i = 0; i < grid.Length; i++)
                if (double.IsFinite(values[i])) candidates.Add((values[i], grid[i]));

            if (candidates.Count > 0) best = candidates.MaxBy(c => c.Value).Theta;
        }

        return [.. candidates.OrderByDescending(c => c.Value).Select(c => c.Theta)];
    }

    /// <summary>Starts for when those of the grid have all run against an edge of the domain: less persistent variances, about the best one's mean.</summary>
    public static IEnumerable<double[]> Further(GarchSpecification spec, double[]? best)
    {
        if (best is null) yield break;
        foreach (var variance in VarianceStarts.Further(spec, Shape(spec))) yield return [.. best[..spec.MeanCount], .. variance];
    }

    /// <summary>Starts for a short sample: the two best of the grid, and variances that hear little of the news, about the best one's mean.</summary>
    public static IEnumerable<double[]> Short(GarchSpecification spec, IReadOnlyList<double[]> ranked)
    {
        foreach (var start in ranked.Take(2)) yield return start;
        if (ranked.Count == 0) yield break;
        foreach (var variance in VarianceStarts.WeakNews(spec, Shape(spec))) yield return [.. ranked[0][..spec.MeanCount], .. variance];
    }

    private static void Rank(List<(double Value, double[] Theta)> candidates, double[] theta, GarchLikelihood likelihood)
    {
        var value = likelihood.Value(theta);
        if (double.IsFinite(value)) candidates.Add((value, theta));
    }

    private static IEnumerable<double[]> MeanStarts(GarchSpecification spec, GarchSample sample)
    {
        var plain = new double[spec.MeanCount];
        var mu = spec.HasMean ? sample.Mean() : 0;
        if (spec.HasMean) plain[0] = mu;
        if (spec.ArOrder + spec.MaOrder > 0 && Regression(spec, sample, mu) is { } regression)
        {
            var start = (double[])plain.Clone();
            regression.CopyTo(start, spec.ArIndex);
            yield return start;
        }

        yield return plain;
        if (spec.ArOrder == 0 || spec.MaOrder == 0) yield break;
        foreach (var root in (double[])[-0.7, -0.3, 0.3, 0.7])
        {
            // A near-cancelling pair on each side of zero: such likelihoods often have several ridges.
            var start = (double[])plain.Clone();
            start[spec.ArIndex] = root;
            start[spec.MaIndex] = -root + 0.05 * Math.Sign(root);
            yield return start;
        }
    }

    /// <summary>Hannan and Rissanen's regressions, missing values at the mean; null when they fail or their result is unstable.</summary>
    private static double[]? Regression(GarchSpecification spec, GarchSample sample, double mu)
    {
        var y = new double[sample.Length];
        for (var t = 0; t < y.Length; t++) y[t] = double.IsNaN(sample.Values[t]) ? 0 : sample.Values[t] - mu;
        if (HannanRissanen.Estimate(y, new ArimaOptions { Order = new(spec.ArOrder, 0, spec.MaOrder) }, 1) is not { } estimate) return null;
        var minusMa = estimate.AsSpan(spec.ArOrder).ToArray();
        for (var j = 0; j < minusMa.Length; j++) minusMa[j] = -minusMa[j];
        return PartialAutocorrelation.TryFromCoefficients(estimate.AsSpan(0, spec.ArOrder), new double[spec.ArOrder])
            && PartialAutocorrelation.TryFromCoefficients(minusMa, new double[spec.MaOrder]) ? estimate : null;
    }
}
