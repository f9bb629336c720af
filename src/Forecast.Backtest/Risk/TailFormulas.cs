using Forecast.Core.Distributions;

namespace Forecast.Backtest.Risk;

/// <summary>VaR and ES, positive losses, of laws that have them in closed form.</summary>
public static class TailFormulas
{
    /// <summary>X = mean + sd Z with Z standard: VaR = -(mean + sd q_p), ES = -(mean + sd E[Z | Z at most q_p]).</summary>
    public static (double ValueAtRisk, double Shortfall) LocationScale(double mean, double sd, IStandardDistribution standard, double alpha)
    {
        ArgumentNullException.ThrowIfNull(standard);
        RiskSeries.CheckTail(alpha);
        return (-(mean + (sd * standard.Quantile(alpha))), -(mean + (sd * standard.LowerTailMean(alpha))));
    }

    /// <summary>
    /// A mixture of normals: the quantile q of sum w_i Phi((q - m_i)/s_i) = p by Newton's method kept within a bracket, and
    /// ES = -sum w_i [m_i Phi(z_i) - s_i phi(z_i)] / p, z_i = (q - m_i)/s_i.
    /// </summary>
    public static (double ValueAtRisk, double Shortfall) NormalMixture(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> sds, double alpha)
    {
        RiskSeries.CheckTail(alpha);
        var z = NormalDistribution.Quantile(alpha);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (var i = 0; i < weights.Length; i++)
        {
            low = Math.Min(low, means[i] + (sds[i] * z));
            high = Math.Max(high, means[i] + (sds[i] * z));
        }

        // The quantile of a mixture lies between those of its parts.
        var q = 0.5 * (low + high);
        for (var step = 0; step < 200 && high > low; step++)
        {
            double probability = 0, density = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                probability += weights[i] * NormalDistribution.Cdf((q - means[i]) / sds[i]);
                density += weights[i] * NormalDistribution.Density((q - means[i]) / sds[i]) / sds[i];
            }

            if (probability < alpha) low = q;
            else high = q;
            var next = q - ((probability - alpha) / density);
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            if (Math.Abs(next - q) <= 1e-15 * Math.Max(Math.Abs(q), sds.ToArray().Min())) break;
            q = next;
        }

        double below = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var at = (q - means[i]) / sds[i];
            below += weights[i] * ((means[i] * NormalDistribution.Cdf(at)) - (sds[i] * NormalDistribution.Density(at)));
        }

        return (-q, -below / alpha);
    }

    /// <summary>
    /// VaR by Cornish and Fisher's expansion: z + (z^2-1) S/6 + (z^3-3z) K/24 - (2z^3-5z) S^2/36 in place of the normal quantile z, with
    /// skewness S and excess kurtosis K. It is no quantile of any law where it does not ascend in p, so there is no ES to go with it.
    /// </summary>
    public static double CornishFisher(double mean, double sd, double skewness, double excessKurtosis, double alpha)
    {
        RiskSeries.CheckTail(alpha);
        var z = NormalDistribution.Quantile(alpha);
        var adjusted = z + (((z * z) - 1) * skewness / 6) + (((z * z * z) - (3 * z)) * excessKurtosis / 24) - (((2 * z * z * z) - (5 * z)) * skewness * skewness / 36);
        return -(mean + (sd * adjusted));
    }

    /// <summary>Of a sample: VaR by the type-7 quantile, ES by the mean of the values at or below it.</summary>
    public static (double ValueAtRisk, double Shortfall) Sample(ReadOnlySpan<double> values, double alpha)
    {
        RiskSeries.CheckTail(alpha);
        var sorted = Sorted(values);
        var position = alpha * (sorted.Length - 1);
        var below = (int)position;
        var q = below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
        return (-q, -sorted.Where(v => v <= q).Average());
    }

    /// <summary>Of a sample: VaR by the ceil(n p)-th smallest value, ES by the mean of that and those below.</summary>
    public static (double ValueAtRisk, double Shortfall) OrderStatistic(ReadOnlySpan<double> values, double alpha)
    {
        RiskSeries.CheckTail(alpha);
        var sorted = Sorted(values);
        var rank = Math.Max(1, (int)Math.Ceiling((sorted.Length * alpha) - 1e-9));
        return (-sorted[rank - 1], -sorted.Take(rank).Average());
    }

    /// <summary>
    /// VaR of a sample with weights l^(age-1) (1-l)/(1-l^n) that fade with age (Boudoukh, Richardson and Whitelaw 1998): the smallest
    /// value whose cumulative weight reaches p.
    /// </summary>
    /// <param name="values">Oldest first.</param>
    /// <param name="lambda">l in (0, 1).</param>
    /// <param name="alpha">p.</param>
    public static double AgeWeighted(ReadOnlySpan<double> values, double lambda, double alpha)
    {
        RiskSeries.CheckTail(alpha);
        if (!(lambda is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "the weights fade for 0 < lambda < 1");
        if (values.Length == 0) throw new ArgumentException("no values", nameof(values));
        var n = values.Length;
        var ranked = values.ToArray().Select((v, i) => (Value: v, Weight: Math.Pow(lambda, n - 1 - i) * (1 - lambda) / (1 - Math.Pow(lambda, n)))).OrderBy(p => p.Value).ToArray();
        double sum = 0;
        foreach (var (value, weight) in ranked)
        {
            sum += weight;
            if (sum >= alpha) return -value;
        }

        return -ranked[^1].Value;
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        if (values.Length == 0) throw new ArgumentException("no values", nameof(values));
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
