namespace Forecast.Models.Garch;

/// <summary>
/// The recursions themselves: residuals, variances and log-likelihood of an ARMA-GARCH model at given parameters, for any
/// orders and with missing values.
/// </summary>
/// <remarks>
/// Before the sample y = 0 and e = 0 in the mean equation, and e² = h = m in the variance equation with m = mean(e²) at the
/// parameters themselves (Fiorentini, Calzolari and Panattoni 1996), unless m is given.
/// The asymmetric families and FIGARCH start as their <see cref="VarianceEquation"/> says.
/// A missing x_t adds nothing to the likelihood: y_t becomes its prediction, e_t = 0, and e_t² its expectation h_t.
/// </remarks>
public static class GarchRecursion
{
    /// <summary>Filters the sample.</summary>
    /// <param name="specification">Orders and distribution.</param>
    /// <param name="sample">Observations in any unit; variances come out in its square.</param>
    /// <param name="theta">Parameters in the order of <see cref="GarchSpecification.Names"/>.</param>
    /// <param name="presample">m; null takes mean(e²) of this sample.</param>
    /// <param name="news">APARCH: the means of the news terms that belong to m; null takes those of this sample.</param>
    public static GarchPath Filter(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, double? presample = null, double[]? news = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        var n = sample.Length;
        double[] y = new double[n], e = new double[n], h = new double[n], s = new double[n];
        var meanSquare = FilterMean(specification, sample, theta, y, e);
        var m = presample ?? meanSquare;
        news ??= VarianceEquation.PresampleNews(specification, sample, theta, e);
        var total = FilterVariance(specification, sample, theta, VarianceEquation.Create(specification, theta, m, news), e, h, s);
        return new GarchPath(y, e, h, s, m, total) { PresampleNews = news };
    }

    /// <summary>What a fit keeps of the time before its sample: m = mean(e²) at θ, and APARCH's means of the news terms.</summary>
    public static (double Square, double[] News) Presample(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        double[] y = new double[sample.Length], e = new double[sample.Length];
        var square = FilterMean(specification, sample, theta, y, e);
        return (square, VarianceEquation.PresampleNews(specification, sample, theta, e));
    }

    /// <summary>The log-likelihood alone; NaN where a variance is not positive and finite.</summary>
    /// <param name="specification">Orders and distribution.</param>
    /// <param name="sample">Observations.</param>
    /// <param name="theta">Parameters.</param>
    /// <param name="scratch">Four times the sample's length, so that repeated calls need not allocate; empty allocates.</param>
    public static double LogLikelihood(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, Span<double> scratch = default)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        var n = sample.Length;
        if (scratch.IsEmpty) scratch = new double[4 * n];
        Span<double> y = scratch[..n], e = scratch.Slice(n, n), h = scratch.Slice(2 * n, n), s = scratch.Slice(3 * n, n);
        var square = FilterMean(specification, sample, theta, y, e);
        var equation = VarianceEquation.Create(specification, theta, square, VarianceEquation.PresampleNews(specification, sample, theta, e));
        var total = FilterVariance(specification, sample, theta, equation, e, h, s);
        foreach (var v in h)
            if (!(v > 0 && v < double.MaxValue)) return double.NaN;
        return total;
    }

    private static double FilterVariance(
        GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, VarianceEquation equation, ReadOnlySpan<double> e, Span<double> h, Span<double> s)
    {
        var innovation = specification.CreateInnovation(theta);
        var logs = new LogProduct();
        double total = 0;
        for (var t = 0; t < h.Length; t++)
        {
            h[t] = equation.Next(e[..t], s[..t], h[..t]);
            if (double.IsNaN(sample.Values[t]))
            {
                s[t] = equation.MissingSquare(h[t]);
                continue;
            }

            s[t] = e[t] * e[t];
            total += innovation.LogDensity(e[t] / Math.Sqrt(h[t]));
            logs.Add(h[t]);
        }

        return total - 0.5 * logs.Total;
    }

    /// <summary>GARCH: h of the next step, given all squared inputs and variances up to now.</summary>
    public static double NextVariance(GarchSpecification specification, ReadOnlySpan<double> theta, ReadOnlySpan<double> squared, ReadOnlySpan<double> variance, double presample)
    {
        var t = squared.Length;
        var next = theta[specification.OmegaIndex];
        for (var i = 1; i <= specification.ArchOrder; i++) next += theta[specification.AlphaIndex + i - 1] * (t >= i ? squared[t - i] : presample);
        for (var j = 1; j <= specification.GarchOrder; j++) next += theta[specification.BetaIndex + j - 1] * (t >= j ? variance[t - j] : presample);
        return next;
    }

    /// <summary>Expected deviation of the next step, given all deviations and residuals up to now.</summary>
    public static double NextDeviation(GarchSpecification specification, ReadOnlySpan<double> theta, ReadOnlySpan<double> deviation, ReadOnlySpan<double> residual)
    {
        var t = deviation.Length;
        double next = 0;
        for (var i = 1; i <= Math.Min(specification.ArOrder, t); i++) next += theta[specification.ArIndex + i - 1] * deviation[t - i];
        for (var j = 1; j <= Math.Min(specification.MaOrder, t); j++) next += theta[specification.MaIndex + j - 1] * residual[t - j];
        return next;
    }

    /// <summary>Deviations y and residuals e of the mean equation; returns mean(e²).</summary>
    internal static double FilterMean(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, Span<double> y, Span<double> e)
    {
        var x = sample.Values;
        var mu = specification.Mean(theta);
        if (specification is { ArOrder: 0, MaOrder: 0 } && !sample.HasMissing)
        {
            for (var t = 0; t < x.Length; t++) e[t] = x[t] - mu;
            e[..x.Length].CopyTo(y);
            return Spans.Moments(x, mu).Squares / x.Length;
        }

        double sum = 0;
        for (var t = 0; t < x.Length; t++)
        {
            var expected = NextDeviation(specification, theta, y[..t], e[..t]);
            var missing = double.IsNaN(x[t]);
            y[t] = missing ? expected : x[t] - mu;
            e[t] = missing ? 0 : y[t] - expected;
            sum += e[t] * e[t];
        }

        return sum / sample.Observed;
    }
}
