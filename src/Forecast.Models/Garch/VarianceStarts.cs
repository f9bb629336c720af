namespace Forecast.Models.Garch;

/// <summary>The grid of starts for the parameters of variance and distribution, in a sample of unit variance.</summary>
internal static class VarianceStarts
{
    private static readonly double[] ArchShares = [0.05, 0.15];
    private static readonly double[] Persistences = [0.80, 0.95, 0.99];
    private static readonly double[] PureArchShares = [0.2, 0.5, 0.8];
    private static readonly (double Phi, double D, double Beta)[] Fractional = [(0.2, 0.4, 0.5), (0.3, 0.5, 0.7), (0.05, 0.3, 0.25), (0.2, 0.75, 0.85)];
    private static readonly (double Alpha, double Gamma, double Beta)[] Logarithmic = [(0.1, -0.05, 0.98), (0.2, -0.05, 0.95), (0.3, 0, 0.9), (0.2, -0.15, 0.8)];

    private static readonly (double Alpha, double Gamma, double Beta)[] LessPersistent = [(0.2, 0, 0.5), (0.2, -0.1, 0.2), (0.1, 0, -0.5), (0.05, -0.1, 0.7)];

    private static readonly (double Alpha, double Beta)[] Weak = [(0.02, 0.7), (0.02, 0), (0.005, 0.2), (0.005, 0.7), (0.005, 0.9), (0.005, 0.985)];

    /// <summary>Vectors from omega to the end.</summary>
    public static IEnumerable<double[]> Of(GarchSpecification spec, double shape) => Complete(spec, Variance(spec), shape);

    /// <summary>EGARCH: more of them, from variances that soon return to their mean.</summary>
    public static IEnumerable<double[]> Further(GarchSpecification spec, double shape) =>
        Complete(spec, LessPersistent.Select(p => Egarch(spec, p.Alpha, p.Gamma, p.Beta)), shape);

    /// <summary>GARCH(1,1): little news with any memory, where the hills are that searches from the grid miss in short samples.</summary>
    public static IEnumerable<double[]> WeakNews(GarchSpecification spec, double shape) =>
        Complete(spec, Weak.Select(p => Linear(spec, p.Alpha, p.Alpha + p.Beta, firstLagOnly: false)), shape);

    private static IEnumerable<double[]> Complete(GarchSpecification spec, IEnumerable<double[]> variances, double shape)
    {
        foreach (var start in variances)
        {
            if (spec.HasSkew) start[spec.SkewIndex - spec.OmegaIndex] = 1;
            if (spec.HasShape) start[^1] = shape;
            yield return start;
        }
    }

    private static IEnumerable<double[]> Variance(GarchSpecification spec) => spec.Family switch
    {
        VarianceFamily.Egarch => Logarithmic.Select(p => Egarch(spec, p.Alpha, p.Gamma, p.Beta)),
        VarianceFamily.Figarch => Fractional.Select(p => Figarch(spec, p.Phi, p.D, p.Beta)),
        _ => Linear(spec),
    };

    private static IEnumerable<double[]> Linear(GarchSpecification spec)
    {
        if (spec.GarchOrder == 0)
        {
            foreach (var share in PureArchShares) yield return Linear(spec, share, share, firstLagOnly: false);
            yield break;
        }

        foreach (var share in ArchShares)
        {
            foreach (var persistence in Persistences)
            {
                if (spec.Family == VarianceFamily.Igarch && persistence < Persistences[^1]) continue;
                yield return Linear(spec, share, persistence, firstLagOnly: false);
                if (spec.ArchOrder > 1 || spec.GarchOrder > 1) yield return Linear(spec, share, persistence, firstLagOnly: true);
            }
        }
    }

    /// <summary>Omega 1 less the persistence; of an asymmetric share half goes to alpha and, falling on one side only, twice that to gamma.</summary>
    private static double[] Linear(GarchSpecification spec, double share, double persistence, bool firstLagOnly)
    {
        var start = new double[spec.Count - spec.MeanCount];
        var at = -spec.OmegaIndex;
        start[0] = 1 - persistence;
        var alpha = start.AsSpan(at + spec.AlphaIndex, spec.ArchOrder);
        Spread(alpha, share, firstLagOnly);
        Spread(start.AsSpan(at + spec.BetaIndex, spec.BetaCount), spec.Family == VarianceFamily.Igarch ? 0.5 * (1 - share) : persistence - share, firstLagOnly);
        if (spec.Family == VarianceFamily.Gjr)
        {
            for (var i = 0; i < spec.ArchOrder; i++)
            {
                start[at + spec.GammaIndex + i] = alpha[i];
                alpha[i] *= 0.5;
            }
        }

        if (spec.Family != VarianceFamily.Aparch) return start;

        // Near delta = 1.5 the mean of |z|^delta is 0.86.
        start[at + spec.DeltaIndex] = 1.5;
        start.AsSpan(at + spec.GammaIndex, spec.ArchOrder).Fill(0.1);
        for (var i = 0; i < spec.ArchOrder; i++) alpha[i] /= 0.86;
        return start;
    }

    private static double[] Egarch(GarchSpecification spec, double alpha, double gamma, double beta)
    {
        var start = new double[spec.Count - spec.MeanCount];
        var at = -spec.OmegaIndex;

        // The logarithm of a variance with mean 1 has a mean a little below 0.
        start[0] = -0.2 * (1 - beta);
        Spread(start.AsSpan(at + spec.AlphaIndex, spec.ArchOrder), alpha, firstLagOnly: false);
        Spread(start.AsSpan(at + spec.BetaIndex, spec.BetaCount), beta, firstLagOnly: false);
        Spread(start.AsSpan(at + spec.GammaIndex, spec.ArchOrder), gamma, firstLagOnly: false);
        return start;
    }

    private static double[] Figarch(GarchSpecification spec, double phi, double d, double beta)
    {
        var start = new double[spec.Count - spec.MeanCount];
        var at = -spec.OmegaIndex;
        if (spec.ArchOrder > 0) start[at + spec.AlphaIndex] = phi;
        start[at + spec.MemoryIndex] = d;
        if (spec.GarchOrder > 0) start[at + spec.BetaIndex] = beta;

        // What the weights leave of 1, so that the variance starts at the sample's.
        double[] theta = [.. new double[spec.MeanCount], .. start];
        start[0] = Math.Max(1e-4, (1 - (spec.GarchOrder > 0 ? beta : 0)) * (1 - FigarchWeights.At(spec, theta).Beyond(0)));
        return start;
    }

    private static void Spread(Span<double> block, double total, bool firstLagOnly)
    {
        // "First lag only" leaves the others a little above their bound so that the gradient decides.
        for (var i = 0; i < block.Length; i++)
            block[i] = firstLagOnly && block.Length > 1 ? total * (i == 0 ? 0.9 : 0.1 / (block.Length - 1)) : total / block.Length;
    }
}
